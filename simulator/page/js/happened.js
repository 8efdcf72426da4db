/** What happened: the backend's inside where it shows it, money, forms, every webhook out and call in. */
import * as api from "./api.js";
import { fill, h, iconButton, kept, place } from "./dom.js";
import { showInside, tick } from "./inside.js";
import { moneyOf } from "./money.js";
import { clockTime, languageOfPage } from "./words.js";
import { on, world } from "./world.js";

const SHOWN = 300;
/** Xendit and the backend have no feed: how often, in ms, they are asked whether anything is new. */
const EVERY = 2500;
let parts = {};
let filter = "";
let providers = [];
let waiting = null;

export function buildHappened(root) {
  parts = {
    inside: h("div", {}), money: h("div", {}), forms: h("ul", { class: "form-problems" }), log: h("ol", { class: "log", "aria-label": "Webhooks and calls" }),
  };
  const choose = h("select", { "aria-label": "Show", onchange: () => { filter = choose.value; showLog(); } },
    [["", "Everything"], ["webhook", "Webhooks to the backend"], ["call", "Calls of the backend"], ["form", "Form exchanges"], ["xendit", "Xendit"], ["bad", "Trouble only"]].map(([value, name]) => h("option", { value }, name)));
  fill(root,
    h("div", { class: "pane-head" }, h("h2", {}, "What happened"), iconButton("again", "Ask again", refresh)),
    h("div", { class: "happened" },
      section("The booking", parts.inside),
      section("Money at the provider", parts.money),
      section("Forms: what Meta or a phone would refuse", parts.forms),
      section(h("span", {}, "Webhooks and calls ", choose), parts.log)));
  on("journal", soon);
  on("form-problem", noteForm);
  on("active", refresh);
  on("clock", soon);
  on("paid-or-not", soon);
  setInterval(look, EVERY);
  setInterval(() => tick(parts.inside), 1000);
  on("reset", () => { parts.forms.replaceChildren(); providers = []; soon(); });
  fill(parts.forms, h("li", { class: "none" }, "Nothing so far."));
  refresh();
}

function section(title, content) {
  return h("details", { open: true, class: "section" }, h("summary", {}, title), content);
}

/** Many records come together: one look is enough for all. */
function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 250);
}

async function refresh() {
  await Promise.all([askProvider(), showInside(parts.inside)]);
  showLog();
}

/* ---- money and the provider ---- */

let known = "";
const turn = api.turns();

/** What happens by itself (a hold that runs out, money that settles) makes no call that could be heard. */
async function look() {
  if (document.visibilityState !== "visible") return;
  await Promise.all([lookAtProvider(), showInside(parts.inside)]);
}

async function lookAtProvider() {
  const { now, ...counts } = await api.get("/sim/xendit").catch(() => ({}));
  const found = JSON.stringify(counts);
  if (now && known && found !== known) {
    soon();
    // Once more for what was still on its way.
    setTimeout(soon, EVERY);
  }
  known = found;
}

async function askProvider() {
  const isNews = turn();
  try {
    const [books, invoices, payouts, refunds, callbacks, calls] = await Promise.all(["books", "invoices", "payouts", "refunds", "callbacks", "calls"].map((name) => api.get(`/sim/xendit/${name}`)));
    if (!isNews()) return;
    fill(parts.money, moneyOf(books, invoices, payouts, refunds));
    providers = [
      ...callbacks.map((one) => ({ at: one.at, way: "→", who: "Xendit", what: `${one.event} ${one.state}`, bad: one.tries.some((entry) => !/^2/.test(String(entry.outcome))), group: "xendit", detail: { tries: one.tries, body: parsed(one.body) } })),
      ...calls.map((one) => ({ at: one.at, way: "←", who: "Xendit", what: `${one.method} ${one.path} → ${one.status || "no answer"}`, bad: one.status >= 400 || !one.status, group: "xendit", detail: { ...one, body: parsed(one.body) } })),
    ];
  } catch (problem) {
    fill(parts.money, h("p", { class: "none" }, `Not available: ${problem.message}.`));
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/* ---- the log ---- */

const READ = {
  webhook: (one) => ({ way: "→", who: "WhatsApp", what: `${whatOf(one.body)} → ${one.status || one.answer}${one.attempt > 1 ? ` (try ${one.attempt})` : ""}`, bad: one.status !== 200, group: "webhook" }),
  call: (one) => ({ way: "←", who: "WhatsApp", what: `${one.method} ${one.path.replace(/^\/v[\d.]+\/\w+/, "…")} ${one.body?.type ?? one.body?.status ?? ""} → ${one.outcome} ${one.status || ""}${one.details ? `: ${one.details}` : ""}`, bad: one.status !== 200, group: "call" }),
  form: (one) => ({ way: "→", who: "Form", what: `${one.action} ${one.body?.screen ?? ""} → ${one.status || "no answer"}${one.answer?.screen ? ` ${one.answer.screen}` : ""}${one.alert ? ` ${one.alert}` : ""}${one.attempt > 1 ? ` (try ${one.attempt})` : ""}, ${Math.round(one.seconds * 1000)} ms`, bad: one.status !== 200 || Boolean(one.alert), group: "form" }),
  given_up: () => ({ way: "→", who: "WhatsApp", what: "given up after 7 days", bad: true, group: "webhook" }),
  dropped: () => ({ way: "→", who: "WhatsApp", what: "webhook dropped", bad: true, group: "webhook" }),
  raw: (one) => ({ way: "→", who: "Raw", what: `${one.bytes} bytes → ${one.status}`, bad: one.status !== 200, group: "webhook" }),
};

/** What a webhook tells, in a few words. */
function whatOf(body) {
  const values = (body?.entry ?? []).flatMap((entry) => (entry.changes ?? []).map((change) => [change.field, change.value]));
  return values.map(([field, value]) => [
    ...(value.messages ?? []).map((message) => `${message.type}${message.text?.body ? ` “${message.text.body.slice(0, 60)}”` : ""}`),
    ...(value.statuses ?? []).map((status) => `${status.status}${status.errors ? ` ${status.errors[0].code}: ${status.errors[0].error_data?.details ?? status.errors[0].title}` : ""}`),
    ...(value.messages || value.statuses ? [] : [field]),
  ].join(", ")).join("; ");
}

function showLog() {
  const records = world.journal.map((one) => {
    const read = (READ[one.kind] ?? ((other) => ({ way: "·", who: other.kind, what: "", group: other.kind })))(one);
    return { key: `j${one.seq}`, at: one.at, ...read, detail: one };
  });
  const all = [...records, ...providers.map((one) => ({ key: `x${one.at}${one.what}`, ...one }))]
    .filter((one) => !filter || one.group === filter || (filter === "bad" && one.bad))
    .sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, SHOWN);
  const open = new Set([...parts.log.querySelectorAll("details[open]")].map((node) => node.dataset.key));
  const stays = new Map([...parts.log.children].map((node) => [node.dataset.key, node]));
  place(parts.log, all.map((one) => kept(stays, JSON.stringify([one.key, one.what, one.detail.tries]), () => line(one, open.has(one.key)))));
  if (!all.length) fill(parts.log, h("li", { class: "none" }, "Nothing so far."));
}

function line(one, isOpen) {
  const body = h("div", {});
  const show = () => { if (!body.childNodes.length) body.append(h("pre", { tabIndex: 0 }, JSON.stringify(one.detail, null, 1))); };
  const details = h("details", { dataset: { key: one.key }, ontoggle: show, open: isOpen },
    h("summary", {}, h("time", {}, clockTime(one.at, languageOfPage)), h("span", { class: "way", "aria-label": one.way === "←" ? "call of the backend" : "to the backend" }, one.way), h("b", {}, one.who), h("span", {}, one.what)), body);
  return h("li", { class: one.bad ? "bad" : "" }, details);
}

function noteForm(problem) {
  parts.forms.querySelector(".none")?.remove();
  const where = [problem.form, problem.screen, problem.component].filter(Boolean).join(" · ");
  parts.forms.prepend(h("li", {}, h("time", {}, clockTime(problem.at, languageOfPage)), h("b", {}, ` ${where}`), problem.key ? h("code", {}, ` ${problem.key}`) : null, ` ${problem.text}`));
  while (parts.forms.children.length > 200) parts.forms.lastChild.remove();
}
