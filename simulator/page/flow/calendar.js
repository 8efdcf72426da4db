/** A month to choose days from, within its bounds: arrow keys move, Enter chooses. Days are `YYYY-MM-DD` throughout. */
import { h, iconButton } from "../js/dom.js";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const utc = (day) => new Date(`${day}T00:00:00Z`);
const iso = (date) => date.toISOString().slice(0, 10);
const plus = (day, count) => iso(new Date(utc(day).getTime() + count * 86400000));
const weekday = (day) => DAYS[(utc(day).getUTCDay() + 6) % 7];

/** A day as flows write it: `YYYY-MM-DD`, or milliseconds before version 5. */
export function asDay(value) {
  if (typeof value !== "string" && typeof value !== "number") return "";
  return /^\d{9,}$/.test(String(value)) ? iso(new Date(Number(value))) : String(value).slice(0, 10);
}

/** The days that can be chosen: `{min, max, closed, weekdays}`. */
export function bounds(props) {
  return {
    min: asDay(props["min-date"]), max: asDay(props["max-date"]),
    closed: new Set((props["unavailable-dates"] ?? []).map(asDay)), weekdays: new Set(props["include-days"] ?? DAYS),
  };
}

export function allows(limits, day) {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && (!limits.min || day >= limits.min) && (!limits.max || day <= limits.max)
    && !limits.closed.has(day) && limits.weekdays.has(weekday(day));
}

/** Why a range cannot be chosen, or nothing. */
export function rangeProblem(props, from, until) {
  const days = Math.round((utc(until).getTime() - utc(from).getTime()) / 86400000) + 1;
  if (props["min-days"] && days < props["min-days"]) return { fewest: props["min-days"] };
  if (props["max-days"] && days > props["max-days"]) return { most: props["max-days"] };
  return null;
}

/** A month grid; `chosen()` tells the chosen `[from, until]`, `pick(day)` is called with a day that may be chosen. */
export function monthGrid({ limits, chosen, pick, language, today, said }) {
  const start = chosen()[0] || (limits.min && limits.min > today ? limits.min : limits.max && limits.max < today ? limits.max : today);
  let focus = start;
  const root = h("div", { class: "calendar" });

  function draw(moveFocus = false) {
    const month = focus.slice(0, 7);
    const first = `${month}-01`;
    const lead = (utc(first).getUTCDay() + 6) % 7;
    const count = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
    const days = Array.from({ length: count }, (_, place) => plus(first, place));
    const title = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" }).format(utc(first));
    root.replaceChildren(
      h("div", { class: "calendar-head" },
        iconButton("back", said.previous, () => go(-1), { disabled: Boolean(limits.min) && first <= limits.min }),
        h("strong", { "aria-live": "polite" }, title),
        iconButton("next", said.next, () => go(1), { disabled: Boolean(limits.max) && days.at(-1) >= limits.max })),
      h("div", { class: "days", role: "grid", "aria-label": title, onkeydown: keys },
        h("div", { class: "week names", role: "row" }, DAYS.map((_, place) => h("span", { role: "columnheader" }, dayName(place)))),
        weeks([...Array(lead).fill(null), ...days]).map((week) => h("div", { class: "week", role: "row" }, week.map(cell)))));
    if (moveFocus) root.querySelector(`[data-day="${focus}"]`)?.focus();
  }

  const dayName = (place) => new Intl.DateTimeFormat(language, { weekday: "narrow", timeZone: "UTC" }).format(utc(plus("2024-01-01", place)));

  function cell(day) {
    if (!day) return h("span", { role: "gridcell" });
    const [from, until] = chosen();
    const picked = day === from || day === until;
    const within = from && until && day > from && day < until;
    const may = allows(limits, day);
    return h("button", {
      type: "button", role: "gridcell", class: `day-cell ${picked ? "picked" : ""} ${within ? "within" : ""}`, dataset: { day },
      tabIndex: day === focus ? 0 : -1, "aria-selected": String(Boolean(picked || within)), "aria-disabled": String(!may),
      "aria-label": new Intl.DateTimeFormat(language, { dateStyle: "full", timeZone: "UTC" }).format(utc(day)),
      onclick: () => { focus = day; if (may) pick(day); draw(true); },
    }, String(Number(day.slice(8))));
  }

  function go(months) {
    const date = utc(`${focus.slice(0, 7)}-01`);
    date.setUTCMonth(date.getUTCMonth() + months);
    focus = iso(date);
    draw();
  }

  function keys(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    if (!step) return;
    event.preventDefault();
    focus = plus(event.target.dataset?.day ?? focus, step);
    draw(true);
  }

  draw();
  return root;
}

const weeks = (cells) => Array.from({ length: Math.ceil(cells.length / 7) }, (_, place) => cells.slice(place * 7, place * 7 + 7));
