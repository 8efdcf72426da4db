/** The backend's inside, where it shows it: where the booking stands, timers, holds, outbox, money by party, verdicts. */
import * as api from "./api.js";
import { fill, h } from "./dom.js";
import { lifecycle } from "./lifecycle.js";
import { table } from "./money.js";
import { languageOfPage, zoneOf } from "./words.js";
import { customerOf, now, world } from "./world.js";

const ask = (path) => api.get(`/sim/backend/${path}`).catch(() => ({ available: false, reason: "no answer" }));
const itemsOf = (answer) => Array.isArray(answer.body?.items) ? answer.body.items : [];
const none = (text) => h("p", { class: "none" }, text);
const missing = (reason) => none(`Not available from this backend: ${reason}.`);
const sum = (one) => `${Number(one?.amount ?? 0).toLocaleString("en")} ${one?.currency ?? ""}`;
const words = (name) => String(name ?? "–").replaceAll("_", " ");

let states = null;
let shown = "";
let asked = 0;
let zone = zoneOf(languageOfPage);

/** Asks for the active customer's inside and puts it into `place`; what the appointment button needs is kept in the world. */
export async function showInside(place) {
  const who = customerOf(world.active);
  if (!who) return;
  const name = who.wa_id ? `phone=${encodeURIComponent(who.wa_id)}` : `user_id=${encodeURIComponent(who.user_id)}`;
  asked += 1;
  const number = asked;
  const [lead, reason] = await leadOf(name);
  const parts = lead ? await partsOf(lead) : [lead === undefined ? none("The backend knows nothing of this customer yet.") : missing(reason)];
  // Asked again meanwhile: the newer answer is the one to show.
  if (number !== asked) return;
  if (!lead) world.appointment = null;
  const told = parts.map((part) => part.outerHTML).join("");
  if (told !== shown || !place.childNodes.length) put(place, parts);
  shown = told;
  tick(place);
}

/** What the viewer has opened stays open. */
function put(place, parts) {
  const open = [...place.querySelectorAll("details[open]")].map((node) => node.dataset.key);
  fill(place, parts);
  for (const node of place.querySelectorAll("details")) node.open = open.includes(node.dataset.key);
}

/** The lead, `undefined` where there is none yet, `null` and why where the backend does not say. */
async function leadOf(name) {
  const found = await ask(`leads?${name}`);
  return found.available ? [itemsOf(found)[0]] : [null, found.reason];
}

async function partsOf(lead) {
  const insight = await ask(`leads/${encodeURIComponent(lead.id)}/insight`);
  if (!insight.available) return strange(lead);
  states ??= await ask("lifecycle");
  const inside = insight.body;
  zone = inside.timezone;
  world.appointment = inside.next_start;
  return [
    ...drawings(inside),
    facet("Timers", inside.timers.map((one) => [words(one.name), until(one.due_at)]), ["timer", "rings"], "No timer is set."),
    facet("Holds", inside.holds.map((one) => [one.start ? whenIs(one.start) : one.id, [one.provider, one.place].filter(Boolean).join(", ") || "–", one.state, one.state === "booked" ? "–" : until(one.expires_at)]), ["time", "who, where", "state", "runs out"], "Nothing is held or booked."),
    facet("Outbox", inside.outbox.map((one) => [words(one.kind), one.lane, one.status, String(one.attempts), (one.text ?? "").slice(0, 60)]), ["order", "lane", "status", "tries", "words"], "Nothing waits to be done."),
    ...inside.money.flatMap(moneyByParty),
    facet("Refused", inside.refusals.map((one) => [whenIs(one.at), `${words(one.from)} → ${words(one.target)}`, words(one.reason.rule), one.reason.fact, one.reason.fix, one.reason.who_can.join(", ") || "–"]), ["at", "step", "rule", "because", "how to mend it", "who can"], "Nothing was refused."),
  ];
}

function drawings(inside) {
  const known = states?.available ? states.body.states : [];
  const mode = `mode: ${inside.mode}`;
  if (!inside.bookings.length) return [h("p", {}, ["No booking yet.", mode].join(" ")), lifecycle({ table: known })];
  const [one, ...others] = inside.bookings;
  return [
    h("p", { class: "where" }, [one.reference, words(one.service), one.start && whenIs(one.start), `payment: ${words(one.payment_status)}`, mode].filter(Boolean).join(" · "), one.state === "PAYMENT_PENDING" ? [" · to be paid ", until(one.pay_by)] : ""),
    lifecycle({ state: one.state, been: one.been, waysOn: one.ways_on, table: known }),
    verdicts(one),
    others.length ? facet("Also open", others.map((more) => [more.reference, words(more.service), more.start ? whenIs(more.start) : "–", more.state]), ["reference", "what", "when", "state"]) : "",
  ].filter(Boolean);
}

function verdicts(booking) {
  const rows = booking.ways_on.filter((one) => one.target !== booking.state).map((one) => [words(one.target).toLowerCase(), one.allowed ? "yes" : "no",
    one.reasons.map((why) => why.fact).join("; ") || "–", one.reasons.map((why) => words(why.fix)).join("; ") || "–"]);
  return h("details", { class: "facet", dataset: { part: "verdicts", key: booking.reference } }, h("summary", {}, "May staff take it further?"),
    rows.length ? table("Verdicts", ["to", "allowed", "because", "how to mend it"], rows) : none("Nothing leads on from here."));
}

function facet(name, rows, heads, empty) {
  return h("div", { class: "facet", dataset: { part: name.toLowerCase() } }, rows.length ? table(name, heads, rows) : [h("strong", {}, `${name}: `), h("span", { class: "none" }, empty)]);
}

/** What everybody gets of one booking, and where it is. */
function moneyByParty(one) {
  const figures = Object.entries(one.money);
  const rows = one.payables.map((share) => [words(share.party), sum(share.amount), words(share.state).toLowerCase(), share.due_at ? whenIs(share.due_at) : "–",
    one.payouts.filter((out) => out.party === share.party).map((out) => words(out.status).toLowerCase()).join(", ") || "–"]);
  return [h("div", { class: "facet", dataset: { part: "money" } },
    table(`Money of ${one.booking}`, figures.map(([name]) => name), [figures.map(([, amount]) => sum(amount))]),
    rows.length ? table("By party", ["party", "share", "state", "due", "payout"], rows) : none("Nobody is owed anything yet."),
    one.refunds.length ? table("Given back", ["refund", "amount", "status"], one.refunds.map((back) => [back.id, sum(back.amount), words(back.status)])) : "")];
}

/* ---- a backend that is not ours ---- */

async function strange(lead) {
  const [whole, bookings] = await Promise.all([ask(`leads/${encodeURIComponent(lead.id)}`), ask(`bookings?lead=${encodeURIComponent(lead.id)}`)]);
  const found = itemsOf(bookings);
  const ahead = found.map((booking) => booking.start).filter((start) => start && new Date(start) > now());
  world.appointment = ahead.sort((a, b) => new Date(a).getTime() - new Date(b).getTime())[0] ?? null;
  const [first] = found;
  const known = { ...lead, ...whole.body };
  const been = (Array.isArray(first?.history) ? first.history : []).flatMap((step) => [step.from, step.to]).filter(Boolean);
  const line = [first?.reference, first?.payment_status && `payment: ${first.payment_status}`, known.mode && `mode: ${known.mode}`].filter(Boolean).join(" · ");
  return [h("p", { class: "where" }, line || "No booking yet."), lifecycle({ state: String(first?.state ?? known.state ?? "").toUpperCase(), been }),
    ...["timers", "holds", "outbox", "verdict"].map((part) => asItIs(part, known[part] ?? first?.[part]))];
}

function asItIs(name, value) {
  return h("div", { class: "facet" }, h("strong", {}, `${name}: `),
    value === undefined ? h("span", { class: "none" }, "not available from this backend") : h("pre", { tabIndex: 0 }, JSON.stringify(value, null, 1)));
}

/* ---- time ---- */

const whenIs = (moment) => new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: zone }).format(new Date(moment));

/** A moment to come, counted down by `tick`. */
const until = (moment) => h("time", { class: "until", datetime: moment, title: whenIs(moment) });

/** Counts every countdown on: what is over says so. */
export function tick(place) {
  for (const node of place.querySelectorAll("time.until")) {
    const seconds = Math.round((new Date(node.getAttribute("datetime")).getTime() - now().getTime()) / 1000);
    node.textContent = seconds <= 0 ? "now" : `in ${span(seconds)}`;
  }
}

function span(seconds) {
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return days ? `${days} d ${two(hours)}:${two(minutes)} h` : hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
