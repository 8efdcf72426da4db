/** The phone: its head, its chat, its composer. */
import * as api from "./api.js";
import { businessBubble, customerBubble, facts } from "./bubbles.js";
import { openLink } from "./checkout.js";
import { ask, fill, h, iconButton, menu, sheet, toast } from "./dom.js";
import { icon } from "./icons.js";
import { openForm } from "../flow/open.js";
import { askNewPhone, phoneMenu, tried } from "./people.js";
import { dayName, dayOf, words } from "./words.js";
import { activate, customerOf, languageOf, loadCustomers, now, on, world } from "./world.js";

const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const PLACES = [["Plaza Indonesia, Jakarta", -6.19303, 106.82179], ["Ubud, Bali", -8.5069, 115.26248], ["Quận 1, TP. Hồ Chí Minh", 10.77566, 106.70098]];

/** One customer's chat as loaded, and what waits on the phone without a connection. */
const chats = new Map();
let parts = {};
let quoting = null;
let locals = 0;

const chatOf = (id) => {
  if (!chats.has(id)) chats.set(id, { bubbles: [], said: [], outbox: [], unread: 0 });
  return chats.get(id);
};

export function buildPhone(root) {
  parts = {
    people: h("div", { class: "people", role: "group", "aria-label": "Phones" }),
    head: h("div", { class: "phone-head" }),
    thread: h("div", { class: "thread", role: "log", "aria-live": "polite", tabIndex: 0 }),
    fresh: h("button", { type: "button", class: "fresh", hidden: true, onclick: toEnd }),
    quote: h("div", { class: "quoting", hidden: true }),
    composer: h("form", { class: "composer" }),
  };
  fill(root, parts.people, h("div", { class: "phone-screen" }, parts.head, parts.thread, parts.fresh, parts.quote, parts.composer));
  buildComposer();
  keepEnd();
  for (const kind of ["said", "bubble", "read", "form"]) on(kind, ({ customer }) => refresh(customer));
  // The typing sign comes with a read mark, and ends by itself after 25 s.
  on("typing", async ({ customer }) => { await refresh(customer); setTimeout(loadCustomers, 25500); });
  on("customers", () => { showPeople(); showHead(); flush(); });
  on("clock", () => draw(world.active));
  on("language", () => { buildComposer(); showHead(); redraw(); });
  on("active", () => { quote(null); buildComposer(); redraw(); refresh(world.active); parts.text.focus(); });
  on("journal", () => draw(world.active));
  on("reset", () => { chats.clear(); redraw(); });
  document.addEventListener("visibilitychange", () => look());
  for (const one of world.customers) refresh(one.id);
}

async function refresh(id) {
  const chat = chatOf(id);
  try {
    const [bubbles, said] = await Promise.all([api.get(api.customer(id, "bubbles")), api.get(api.customer(id, "said"))]);
    chat.bubbles = bubbles.items;
    chat.said = said.items;
  } catch {
    return;
  }
  chat.unread = chat.bubbles.filter((bubble) => bubble.tick === "delivered").length;
  if (id === world.active) {
    draw(id);
    look();
    loadCustomers();
  } else {
    showPeople();
  }
}

/** Opening a chat reads it, as on any phone. */
async function look() {
  const chat = chatOf(world.active);
  if (!chat.unread || document.visibilityState !== "visible" || !customerOf(world.active)?.online) return;
  chat.unread = 0;
  await api.post(api.customer(world.active, "look")).catch(() => {});
}

function showPeople() {
  fill(parts.people,
    world.customers.map((one) => h("button", {
      type: "button", class: "person", "aria-pressed": String(one.id === world.active), dataset: { customer: one.id }, onclick: () => activate(one.id),
    }, one.name, one.online ? null : [" ", icon("off")], chatOf(one.id).unread && one.id !== world.active ? h("span", { class: "count" }, String(chatOf(one.id).unread)) : null)),
    iconButton("plus", "Open a second phone", askNewPhone, { class: "add" }));
}

function showHead() {
  const who = customerOf(world.active);
  if (!who) return;
  const said = words(languageOf(who.id));
  const state = !who.online ? said.noConnection : who.typing ? said.typing : said.online;
  const key = JSON.stringify([who, languageOf(who.id)]);
  if (parts.head.dataset.key === key) return;
  parts.head.dataset.key = key;
  parts.head.lang = languageOf(who.id);
  fill(parts.head,
    h("span", { class: "avatar" }, icon("shop")),
    h("div", { class: "phone-title" },
      h("strong", {}, world.health.verified_name || `+${world.health.display_phone_number ?? ""}`),
      h("span", { class: `state ${who.typing ? "typing" : ""}`, role: "status" }, state)),
    h("div", { class: "own", title: "This phone's own identity" },
      h("span", {}, who.phone_visible ? `+${who.wa_id}` : who.username ? `@${who.username}` : who.user_id),
      h("span", {}, who.window_open ? "" : "24 h window closed")),
    iconButton("more", said.menu, () => phoneMenu(who.id, (text) => say(text)), { class: "phone-menu" }));
}

/* ---- the chat ---- */

function timeline(chat) {
  const all = [...chat.bubbles, ...chat.said].sort((a, b) => a.monotonic - b.monotonic);
  return [...all, ...chat.outbox];
}

function contextOf(id, all) {
  const reactions = new Map();
  const edits = new Map();
  const removed = new Set();
  const react = (target, side, emoji) => {
    const found = new Map(reactions.get(target) ?? []);
    if (emoji) found.set(side, emoji);
    else found.delete(side);
    reactions.set(target, found);
  };
  for (const item of all) {
    if (item.kind === "reaction") react(item.reacts_to, "business", item.text);
    if (item.type === "reaction") react(item.detail.message_id, "customer", item.detail.emoji ?? "");
    if (item.type === "edit") edits.set(item.detail.original_message_id, item.text);
    if (item.type === "revoke") removed.add(item.detail.original_message_id);
  }
  return {
    language: languageOf(id), edits, removed, deeds,
    reactions: new Map([...reactions].map(([target, found]) => [target, [...found.values()]])),
    find: (wanted) => all.find((item) => item.id === wanted),
  };
}

const HIDDEN = new Set(["reaction", "edit", "revoke"]);

function redraw() {
  parts.thread.replaceChildren();
  draw(world.active, true);
}

function draw(id, atEnd = false) {
  if (id !== world.active) return;
  const chat = chatOf(id);
  const all = timeline(chat);
  const context = contextOf(id, all);
  const stays = new Map([...parts.thread.children].map((node) => [node.dataset.key, node]));
  const nearEnd = atEnd || isAtEnd();
  const nodes = [];
  let day = "";
  for (const item of all) {
    if (HIDDEN.has(item.kind ?? item.type)) continue;
    const at = item.received_at ?? item.said_at;
    if (dayOf(at, context.language) !== day) {
      day = dayOf(at, context.language);
      const name = dayName(at, now(), context.language);
      nodes.push(kept(stays, `day ${day} ${name}`, () => h("div", { class: "day", role: "separator" }, h("span", {}, name))));
    }
    const key = JSON.stringify([item.id, item.tick === "failed", item.read, item.reason, item.disabled, context.language, context.reactions.get(item.id),
      context.edits.get(item.id), context.removed.has(item.id), item.received_at ? "" : world.posted.get(item.id)]);
    nodes.push(kept(stays, key, () => item.received_at ? businessBubble(item, context) : customerBubble(item, context)));
  }
  const grew = nodes.length > parts.thread.children.length;
  place(nodes);
  if (nearEnd) toEnd();
  else if (grew) { parts.fresh.textContent = `${words(context.language).newMessages} ↓`; parts.fresh.hidden = false; }
}

function kept(stays, key, build) {
  const known = stays.get(key);
  if (known) return known;
  const node = build();
  node.dataset.key = key;
  return node;
}

/** Puts the nodes in order, touching only what changed, so that nothing read aloud is read again. */
function place(nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parts.thread.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (parts.thread.children[index] !== node) parts.thread.insertBefore(node, parts.thread.children[index] ?? null);
  });
}

const isAtEnd = () => parts.thread.scrollHeight - parts.thread.scrollTop - parts.thread.clientHeight < 80;

/** Who reads the newest bubble still does when the pane gets another size. */
function keepEnd() {
  let wasAtEnd = true;
  parts.thread.addEventListener("scroll", () => { wasAtEnd = isAtEnd(); });
  new ResizeObserver(() => { if (wasAtEnd) toEnd(); }).observe(parts.thread);
}

function toEnd() {
  parts.fresh.hidden = true;
  parts.thread.scrollTop = parts.thread.scrollHeight;
}

/* ---- what the person does ---- */

/** Sends now, or keeps it on the phone until there is a connection. */
async function act(kind, body, shown) {
  const id = world.active;
  const chat = chatOf(id);
  const waiting = { local: true, id: `local-${++locals}`, type: shown.type ?? "text", text: shown.text ?? "", said_at: now().toISOString(), quotes: body.quote, detail: {}, deed: [kind, body] };
  chat.outbox.push(waiting);
  draw(id, true);
  await flush(id);
}

let flushing = Promise.resolve();

/** One at a time and in order: what was typed first arrives first. */
function flush(id = world.active) {
  flushing = flushing.then(() => empty(id), () => empty(id));
  return flushing;
}

async function empty(id) {
  const chat = chatOf(id);
  while (chat.outbox.length && customerOf(id)?.online) {
    const [first] = chat.outbox;
    try {
      await api.post(api.customer(id, first.deed[0]), first.deed[1]);
      chat.outbox.shift();
    } catch (problem) {
      if (problem.status >= 400) {
        chat.outbox.shift();
        toast(problem.message, "bad");
        continue;
      }
      first.reason = problem.message;
      break;
    }
    await refresh(id);
  }
  draw(id);
}

const say = (text) => act("say", { text, quote: taken() }, { text });

function taken() {
  const id = quoting?.id ?? "";
  quote(null);
  return id;
}

const deeds = {
  async tap(bubble, choice) {
    if (choice.kind === "url") {
      await tried(api.post(api.customer(world.active, "tap"), { choice: choice.id, bubble: bubble.id }));
      openLink(choice.url);
    } else if (choice.kind === "flow") {
      openForm(world.active, bubble);
    } else {
      await act("tap", { choice: choice.id, bubble: bubble.id }, { text: choice.title });
    }
  },
  place: (bubbleId) => askPlace(bubbleId),
  contact: () => act("contact", {}, { type: "contacts", text: customerOf(world.active).name }),
  retry: () => flush(),
  show(id) {
    const node = parts.thread.querySelector(`[data-id="${CSS.escape(id)}"]`);
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("lit");
    setTimeout(() => node?.classList.remove("lit"), 1500);
  },
  options: (side, message) => askOptions(side, message),
};

function askOptions(side, message) {
  const said = words(languageOf(world.active));
  const reactions = h("div", { class: "emojis" }, EMOJIS.map((emoji) => h("button", { type: "button", "aria-label": `${said.react} ${emoji}`, onclick: () => { dialog.close(); act("reaction", { message_id: message.id, emoji }, { type: "reaction" }); } }, emoji)));
  const own = side === "customer" && message.type === "text";
  const dialog = menu(said.options, [
    { icon: "reply", label: said.reply, act: () => quote(message) },
    { icon: "copy", label: said.copy, act: () => navigator.clipboard?.writeText(message.text) },
    own && { icon: "pencil", label: said.edit, act: () => ask(said.edit, [{ name: "text", label: said.edit, value: message.text, required: true }], ({ text }) => act("edit", { message_id: message.id, text }, { type: "edit" }), { submit: said.send, closeLabel: said.close }) },
    side === "customer" && { icon: "bin", label: said.unsend, danger: true, act: () => act("revoke", { message_id: message.id }, { type: "revoke" }) },
    { icon: "close", label: `${said.react}: ${said.remove}`, act: () => act("reaction", { message_id: message.id }, { type: "reaction" }) },
    { icon: "info", label: said.info, act: () => sheet(said.info, facts(message), { closeLabel: said.close }) },
  ], said.close);
  dialog.querySelector(".sheet-body").prepend(reactions);
}

function quote(message) {
  quoting = message;
  parts.quote.hidden = !message;
  if (!message) return;
  const said = words(languageOf(world.active));
  fill(parts.quote, h("div", {}, h("strong", {}, said.quoted), h("span", {}, (message.text || message.kind || message.type).slice(0, 120))),
    iconButton("close", said.cancel, () => quote(null)));
  parts.text.focus();
}

/* ---- composer ---- */

function buildComposer() {
  const said = words(languageOf(world.active));
  const draft = parts.text?.value ?? "";
  parts.text = h("textarea", { id: "composer-text", rows: 1, placeholder: said.write, "aria-label": said.write, autocomplete: "off", oninput: grow, onkeydown: typed });
  parts.text.value = draft;
  fill(parts.composer,
    iconButton("plus", said.attach, askAttachment, { class: "attach" }),
    parts.text,
    h("button", { type: "submit", class: "send", "aria-label": said.send, title: said.send }, icon("send")));
  parts.composer.lang = languageOf(world.active);
  parts.thread.lang = languageOf(world.active);
  parts.thread.setAttribute("aria-label", said.phone);
  parts.composer.onsubmit = (event) => {
    event.preventDefault();
    const text = parts.text.value.trim();
    if (!text) return;
    parts.text.value = "";
    grow();
    say(text);
  };
}

function grow() {
  parts.text.style.height = "auto";
  parts.text.style.height = `${Math.min(parts.text.scrollHeight, 120)}px`;
}

function typed(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    parts.composer.requestSubmit();
  }
  if (event.key === "Escape") quote(null);
}

function askAttachment() {
  const said = words(languageOf(world.active));
  const chooser = (accept) => {
    const input = h("input", { type: "file", accept, class: "spoken", "aria-hidden": "true", tabIndex: -1, onchange: () => { sendFile(input.files[0]); input.remove(); } });
    document.body.append(input);
    input.click();
  };
  menu(said.attach, [
    { icon: "picture", label: said.photo, act: () => chooser("image/png,image/jpeg,image/webp") },
    { icon: "paper", label: said.document, act: () => chooser("") },
    { icon: "pin", label: said.location, act: () => askPlace("") },
    { icon: "person", label: said.contact, act: () => deeds.contact() },
  ], said.close);
}

async function sendFile(file) {
  if (!file) return;
  const caption = parts.text.value.trim();
  parts.text.value = "";
  const mime_type = file.type || "application/octet-stream";
  await act("file", { mime_type, content_base64: await api.base64Of(file), caption, filename: mime_type.startsWith("image/") ? "" : file.name }, { text: caption || file.name });
}

function askPlace(bubbleId) {
  const said = words(languageOf(world.active));
  const send = (name, latitude, longitude) => act("location", { name, latitude: Number(latitude), longitude: Number(longitude), quote: bubbleId || taken() }, { type: "text", text: name });
  const dialog = ask(said.sendLocation, [
    { name: "name", label: said.placeName },
    { name: "latitude", label: said.latitude, type: "number", step: "any", required: true, value: "-6.2" },
    { name: "longitude", label: said.longitude, type: "number", step: "any", required: true, value: "106.8" },
  ], ({ name, latitude, longitude }) => send(name, latitude, longitude), { submit: said.send, closeLabel: said.close });
  dialog.querySelector(".sheet-body").prepend(h("div", { class: "menu" }, PLACES.map(([name, latitude, longitude]) =>
    h("button", { type: "button", onclick: () => { dialog.close(); send(name, latitude, longitude); } }, icon("pin"), ` ${name}`))));
}
