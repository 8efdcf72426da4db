/** A booking's life as a drawing: the way it takes, the ways it can end, the place where it is now. */
import { h } from "./dom.js";

const WAY = ["INQUIRY", "SERVICE_SELECTED", "SLOT_PROPOSED", "SLOT_CONFIRMED", "PAYMENT_PENDING", "PAID", "PENDING_CONFIRMATION", "CONFIRMED", "REMINDER_SENT", "CHECKED_IN", "CHECKED_OUT", "COMPLETED"];
const ENDS = ["RESCHEDULED", "CANCELLED", "NO_SHOW", "ABANDONED", "ERROR"];

/** The drawing for a booking, or for a lead that has none yet. */
export function lifecycle(booking, lead) {
  const state = String(booking?.state ?? lead?.state ?? "").toUpperCase();
  const been = new Set((Array.isArray(booking?.history) ? booking.history : []).flatMap((step) => [step.from, step.to]));
  const place = (name) => h("li", { class: `${name === state ? "current" : ""} ${been.has(name) ? "been" : ""}`, "aria-current": name === state ? "step" : undefined }, name);
  const others = state && !WAY.includes(state) && !ENDS.includes(state) ? [state] : [];
  return h("div", { class: "lifecycle" },
    h("p", {}, [booking?.reference, booking?.payment_status && `payment: ${booking.payment_status}`, lead?.mode && `mode: ${lead.mode}`].filter(Boolean).join(" · ") || "No booking yet."),
    h("ol", { "aria-label": "The way of a booking" }, WAY.map(place)),
    h("ol", { class: "ends", "aria-label": "Ways it can end" }, [...ENDS, ...others].map(place)));
}
