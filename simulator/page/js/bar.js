/** The bar: time, trouble, language, restart, the whole world as a file, a form from a file. */
import * as api from "./api.js";
import { openPreview } from "../flow/open.js";
import { fill, h, toast } from "./dom.js";
import { tried } from "./people.js";
import { LANGUAGES, words, zoneOf } from "./words.js";
import { emit, languageOf, loadClock, now, on, setLanguage, world } from "./world.js";

const TROUBLES = [
  ["", "Next call…", null],
  ["error", "Next call is refused (131000)", { kind: "error", code: 131000 }],
  ["rate", "Next call: too fast (131056)", { kind: "error", code: 131056 }],
  ["reset", "Next call: connection reset", { kind: "reset_before" }],
  ["accept_reset", "Next call: sent, answer lost", { kind: "accept_reset" }],
  ["accept_500", "Next call: sent, but 500", { kind: "accept_500" }],
  ["accept_fail", "Next call: sent, then fails", { kind: "accept_fail", code: 131026 }],
  ["slow", "Next call takes 5 s", { kind: "slow", seconds: 5 }],
];

export function buildBar(root) {
  const clock = h("output", { class: "now", "aria-label": "World time" });
  const language = h("select", { "aria-label": "This phone's language", onchange: () => setLanguage(world.active, language.value) },
    LANGUAGES.map((code) => h("option", { value: code }, words(code).language)));
  fill(root,
    h("strong", { class: "brand" }, "The offline phone"),
    group("Time", clock, button("+30 min", () => move(1800)), button("+1 day", () => move(86400)), button("To the appointment", toAppointment), button("Now", resetClock)),
    group("Language", language),
    group("World", button("Restart", restart), button("Export", exportWorld), fileButton("Import", importWorld), fileButton("Form preview", preview)),
    group("Trouble", troubles(), toggles()));
  const show = () => {
    const local = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: zoneOf(languageOf(world.active)) });
    clock.textContent = local.format(now()) + (Math.abs(world.ahead) >= 60 ? ` (${spanOf(world.ahead)})` : "");
    language.value = languageOf(world.active);
  };
  show();
  setInterval(show, 10000);
  for (const kind of ["clock", "customers", "language", "active"]) on(kind, show);
}

const group = (name, ...content) => h("fieldset", { class: "group" }, h("legend", { class: "spoken" }, name), content);
const button = (name, act) => h("button", { type: "button", onclick: act }, name);

function fileButton(name, read) {
  const input = h("input", { type: "file", accept: "application/json,.json", class: "spoken", tabIndex: -1, "aria-label": name, onchange: async () => {
    const [file] = input.files;
    if (file) await readJson(file, read);
    input.value = "";
  } });
  return [button(name, () => input.click()), input];
}

async function readJson(file, read) {
  let found;
  try {
    found = JSON.parse(await file.text());
  } catch (problem) {
    emit("form-problem", { form: file.name, screen: "", component: "", text: `this file is no JSON: ${problem.message}`, at: now().toISOString() });
    toast(`${file.name} is no JSON: ${problem.message}`, "bad");
    return;
  }
  await read(found, file.name);
}

const preview = (json, name) => openPreview(name, json);

function spanOf(seconds) {
  const sign = seconds < 0 ? "−" : "+";
  const minutes = Math.round(Math.abs(seconds) / 60);
  const [days, rest] = [Math.floor(minutes / 1440), minutes % 1440];
  return `${sign}${days ? `${days} d ` : ""}${Math.floor(rest / 60)} h ${rest % 60} min`;
}

/* ---- time ---- */

/** The world's clock, Xendit's, and the backend's business time where it lets itself be moved: one call. */
async function moveTime(order) {
  const told = await tried(api.post("/sim/time", order));
  await loadClock();
  if (told && !told.backend.available) toast(`World time moved; the backend's own did not: ${told.backend.reason}`);
}

const move = (seconds) => moveTime({ move: seconds });
const resetClock = () => moveTime({ reset: true });

async function toAppointment() {
  const start = world.appointment;
  if (!start) return toast("No appointment is known: not available from this backend, or nothing is booked.");
  const seconds = Math.round((new Date(start).getTime() - now().getTime()) / 1000);
  return seconds > 0 ? move(seconds) : toast("The appointment has begun already.");
}

/* ---- trouble ---- */

function troubles() {
  const select = h("select", { "aria-label": "Trouble for the next call", onchange: async () => {
    const [, name, fault] = TROUBLES.find(([key]) => key === select.value);
    select.value = "";
    if (fault && await tried(api.post("/sim/faults", fault))) toast(name);
  } }, TROUBLES.map(([key, name]) => h("option", { value: key }, name)));
  return select;
}

/** Switches of the world: how each stands now, and what pressing it does. The last two are tick boxes of Xendit's dashboard. */
/** @type {[string, (world: any) => boolean, (on: boolean) => Promise<any>][]} */
const SWITCHES = [
  ["Every third slow", ({ manners }) => manners.slow_every > 0, (on) => manner({ slow_every: on ? 3 : 0 })],
  ["Webhooks twice", ({ manners }) => manners.messages?.copies > 1, (on) => both({ copies: on ? 2 : 1 })],
  ["In disorder", ({ manners }) => manners.messages?.order === "shuffled", (on) => both(on ? { order: "shuffled", delay: 1 } : { order: "fifo", delay: 0 })],
  ["Hold webhooks", ({ manners }) => manners.messages?.mode === "held", async (on) => {
    await both({ mode: on ? "held" : "on" });
    if (!on) await api.post("/sim/webhooks/release", { order: "shuffled" });
  }],
  ["Tell expiries", ({ habits }) => habits.expired_callbacks === true, (on) => api.post("/sim/xendit/habits", { expired_callbacks: on })],
  ["Tell late money", ({ habits }) => habits.late_callbacks === true, (on) => api.post("/sim/xendit/habits", { late_callbacks: on })],
];
const manner = (change) => api.patch("/sim/manners", change);
const both = (change) => manner({ messages: change, statuses: change });

function toggles() {
  const marks = SWITCHES.map(([name, , act]) => {
    const press = async () => {
      const on = mark.getAttribute("aria-pressed") !== "true";
      await tried(act(on));
      await show();
    };
    const mark = h("button", { type: "button", "aria-pressed": "false", onclick: press }, name);
    return mark;
  });
  const show = async () => {
    const [manners, money] = await Promise.all(["/sim/manners", "/sim/xendit"].map((path) => api.get(path).catch(() => ({}))));
    for (const [place, [, read]] of SWITCHES.entries()) marks[place].setAttribute("aria-pressed", String(read({ manners, habits: money.habits ?? {} })));
  };
  for (const kind of ["reset", "habits"]) on(kind, show);
  show();
  return marks;
}

/* ---- the world ---- */

/** Nobody and nothing, but the business keeps its key, its Flows and its templates. */
async function restart() {
  await tried(api.post("/sim/reset", { keep_account: true }));
  await tried(api.post("/sim/xendit/reset"));
  emit("habits");
  await resetClock();
}

async function exportWorld() {
  const text = JSON.stringify(await api.get("/sim/world"));
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: "world.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function importWorld(found) {
  if (!await tried(api.post("/sim/world", found))) return;
  // The world came back with its own time: the backend goes there too.
  const { now: then } = await api.get("/sim/clock");
  await tried(api.post("/sim/time", { to: then }));
  api.startOver();
}
