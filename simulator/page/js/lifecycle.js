/** A booking's life as a drawing: every state, the place where it is now lit, and the ways that lead on from there. */

const WAY = ["INQUIRY", "SERVICE_SELECTED", "SLOT_PROPOSED", "SLOT_CONFIRMED", "PAYMENT_PENDING", "PAID", "PENDING_CONFIRMATION", "CONFIRMED", "REMINDER_SENT", "CHECKED_IN", "CHECKED_OUT", "COMPLETED"];
const ENDS = ["RESCHEDULED", "CANCELLED", "NO_SHOW", "ABANDONED", "ERROR"];
const [WIDE, HIGH, GAP_X, GAP_Y, EDGE] = [164, 34, 20, 30, 4];
const COLUMNS = 4;
const WHOLE = COLUMNS * (WIDE + GAP_X) - GAP_X;

/** `{state, been: [names], waysOn: [{target, allowed}], table: [{name, next}]}`; without a table the usual states are drawn. */
export function lifecycle({ state = undefined, been = [], waysOn = [], table = [] }) {
  const known = table.length ? table.map((one) => one.name) : [...WAY, ...ENDS];
  const others = state && !known.includes(state) ? [state] : [];
  const ends = [...known.filter((name) => ENDS.includes(name)), ...others];
  const way = known.filter((name) => !ENDS.includes(name));
  const places = new Map([...snake(way), ...row(ends, Math.ceil(way.length / COLUMNS))]);
  const size = [EDGE * 2 + WHOLE, EDGE * 2 + Math.max(...[...places.values()].map(([, y]) => y)) + HIGH];
  const drawing = s("svg", { class: "lifecycle", viewBox: `0 0 ${size[0]} ${size[1]}`, role: "img", "aria-label": inWords(state, been, waysOn) });
  drawing.append(arrow("on"), arrow("off"));
  for (const [from, to] of steps(way)) drawing.append(s("path", { class: "step", d: between(places.get(from), places.get(to)) }));
  for (const one of waysOn) {
    if (places.has(state) && places.has(one.target) && one.target !== state) drawing.append(wayOn(places, state, one));
  }
  for (const [name, at] of places) drawing.append(place(name, at, { current: name === state, been: been.includes(name), end: ends.includes(name) }));
  return drawing;
}

/** The way as a snake, so that each step has its neighbour beside or below it. */
function snake(names) {
  return names.map((name, number) => {
    const line = Math.floor(number / COLUMNS);
    const column = line % 2 ? COLUMNS - 1 - (number % COLUMNS) : number % COLUMNS;
    return [name, [EDGE + column * (WIDE + GAP_X), top(line), WIDE]];
  });
}

/** The ends below in one row, as wide as there is room. */
function row(names, line) {
  const wide = (WHOLE + GAP_X) / names.length - GAP_X;
  return names.map((name, number) => [name, [EDGE + number * (wide + GAP_X), top(line), wide]]);
}

const top = (line) => EDGE + line * (HIGH + GAP_Y);
const steps = (names) => names.slice(1).map((name, number) => [names[number], name]);

function place(name, [x, y, wide], { current, been, end }) {
  const kinds = ["place", current && "current", been && "been", end && "end"].filter(Boolean).join(" ");
  const group = s("g", { class: kinds, ...(current ? { "aria-current": "step" } : {}) });
  group.append(
    s("rect", { x, y, width: wide, height: HIGH, rx: HIGH / 2 }),
    s("text", { x: x + wide / 2, y: y + HIGH / 2, "text-anchor": "middle", "dominant-baseline": "central" }, name));
  return group;
}

function wayOn(places, from, { target, allowed, reasons = [] }) {
  const kind = allowed ? "on" : "off";
  const line = s("path", { class: `way ${kind}`, d: between(places.get(from), places.get(target)), "marker-end": `url(#way-${kind})` });
  line.append(s("title", {}, allowed ? `may go to ${target}` : `${target}: ${reasons.map((one) => one.fact).join("; ")}`));
  return line;
}

/** From edge to edge of two places. */
function between([fromX, fromY, fromWide], [toX, toY, toWide]) {
  const [fromMiddle, toMiddle] = [fromX + fromWide / 2, toX + toWide / 2];
  if (fromY !== toY) {
    const [start, end] = toY > fromY ? [fromY + HIGH, toY] : [fromY, toY + HIGH];
    const bend = (end - start) / 2;
    return `M${fromMiddle} ${start}C${fromMiddle} ${start + bend} ${toMiddle} ${end - bend} ${toMiddle} ${end}`;
  }
  const [start, end] = toX > fromX ? [fromX + fromWide, toX] : [fromX, toX + toWide];
  if (Math.abs(start - end) <= GAP_X + 1) return `M${start} ${fromY + HIGH / 2}H${end}`;
  const [foot, dip] = [fromY + HIGH, fromY + HIGH + GAP_Y * 0.8];
  return `M${fromMiddle} ${foot}C${fromMiddle} ${dip} ${toMiddle} ${dip} ${toMiddle} ${foot}`;
}

function arrow(kind) {
  const marker = s("marker", { id: `way-${kind}`, class: `tip ${kind}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" });
  marker.append(s("path", { d: "M0 0L8 4L0 8z" }));
  return marker;
}

function inWords(state, been, waysOn) {
  if (!state) return "The way of a booking: none has begun yet.";
  const open = waysOn.filter((one) => one.allowed).map((one) => one.target);
  return [`The way of a booking: now ${state}.`, been.length ? `It has been ${been.join(", ")}.` : "", open.length ? `It may go to ${open.join(", ")}.` : ""].filter(Boolean).join(" ");
}

function s(tag, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text;
  return element;
}
