/** What the page knows of the world, kept up to date by the simulator's event feed and journal. */
import * as api from "./api.js";

const listeners = new Map();

/** Calls `listener` at each event of a kind. */
export function on(kind, listener) {
  if (!listeners.has(kind)) listeners.set(kind, new Set());
  listeners.get(kind).add(listener);
}

export function emit(kind, detail) {
  for (const listener of listeners.get(kind) ?? []) listener(detail);
}

export const world = {
  health: {},
  customers: [],
  active: "",
  ahead: 0,
  /** Journal records, oldest first. */
  journal: [],
  /** How the webhook with a customer's message fared: id → {state, reason}. */
  posted: new Map(),
};

/** World time: this machine's, plus what the clock was moved. */
export const now = () => new Date(Date.now() + world.ahead * 1000);

const languages = new Map(Object.entries(JSON.parse(localStorage.getItem("phone-languages") ?? "{}")));

export const customerOf = (id) => world.customers.find((one) => one.id === id);

/** Who is a customer and nothing else. */
export const isGuest = (id) => !customerOf(id)?.role;
export const guests = () => world.customers.filter((one) => !one.role);

/** Those who deliver, all or of one role, in the order in which the business has them. */
export const deliverers = (role = "") => world.customers.filter((one) => one.role && (!role || one.role === role));

/** The ids of customers begin again with each world; who delivers has the same number in every one. */
const nameOf = (id) => isGuest(id) ? id : customerOf(id).wa_id;

/** The language a customer's phone speaks. */
export const languageOf = (id) => languages.get(nameOf(id)) ?? (customerOf(id)?.language || localStorage.getItem("phone-language") || "en");

export function setLanguage(id, language) {
  languages.set(nameOf(id), language);
  localStorage.setItem("phone-languages", JSON.stringify(Object.fromEntries(languages)));
  if (isGuest(id)) localStorage.setItem("phone-language", language);
  emit("language", { customer: id });
}

const [turnOfCustomers, turnOfClock] = [api.turns(), api.turns()];

export async function loadCustomers() {
  const isNews = turnOfCustomers();
  const { items } = await api.get("/sim/customers");
  if (!isNews()) return;
  world.customers = items;
  if (!customerOf(world.active)) world.active = customerOf(sessionStorage.getItem("phone"))?.id ?? guests()[0]?.id ?? "";
  emit("customers");
}

/** Takes a customer's phone in hand; the page loaded again still has it. */
export function activate(id) {
  world.active = id;
  sessionStorage.setItem("phone", id);
  emit("customers");
  emit("active", { customer: id });
}

export async function loadClock() {
  const isNews = turnOfClock();
  const { ahead } = await api.get("/sim/clock");
  if (!isNews()) return;
  world.ahead = ahead;
  emit("clock");
}

const EVENTS = ["customer", "said", "bubble", "read", "typing", "reset", "ticks", "form"];

/** Follows the event feed; the browser resumes it by itself where it broke off. */
export async function follow() {
  const { last } = await api.get("/sim/events?after=999999999");
  const source = new EventSource(`/sim/events?after=${last}`);
  for (const kind of EVENTS) {
    source.addEventListener(kind, (event) => emit(kind, JSON.parse(event.data)));
  }
  source.onopen = () => emit("connection", { up: true });
  source.onerror = () => emit("connection", { up: false });
  followJournal();
}

async function followJournal() {
  let after = 0;
  for (;;) {
    try {
      const { items } = await api.get(`/sim/journal?after=${after}&wait=20`);
      after = items.at(-1)?.seq ?? after;
      if (items.length) noted(items);
    } catch {
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

function noted(items) {
  world.journal.push(...items);
  if (world.journal.length > 2000) world.journal.splice(0, world.journal.length - 2000);
  for (const record of items) {
    if (record.kind !== "webhook" && record.kind !== "given_up" && record.kind !== "dropped") continue;
    for (const id of record.ids ?? []) post(id, record);
  }
  emit("journal", items);
}

function post(id, record) {
  if (world.posted.get(id)?.state === "delivered") return;
  if (record.kind === "webhook" && record.status === 200) world.posted.set(id, { state: "delivered" });
  else if (record.kind === "dropped") world.posted.set(id, { state: "failed", reason: "the webhook was dropped" });
  else if (record.kind === "given_up") world.posted.set(id, { state: "failed", reason: "Meta gave up after 7 days" });
  else {
    const answer = record.status ? `answered ${record.status}` : `does not answer (${record.answer})`;
    world.posted.set(id, { state: "trouble", reason: `the backend ${answer}; try ${record.attempt}` });
  }
}

/** Forgets what was before a restart. */
export function forget() {
  world.journal.length = 0;
  world.posted.clear();
}
