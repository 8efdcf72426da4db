/** One phone: its head, its chat, its composer. Several stand in one page, and none knows of another. */
import * as api from "./api.js";
import { businessBubble, customerBubble, facts } from "./bubbles.js";
import { act, chatOf, contextOf, flush, timeline } from "./chats.js";
import { openLink } from "./checkout.js";
import { ask, fill, h, iconButton, kept, menu, place, sheet } from "./dom.js";
import { icon } from "./icons.js";
import { openForm } from "../flow/open.js";
import { phoneMenu, tried } from "./people.js";
import { dayName, dayOf, words } from "./words.js";
import { customerOf, languageOf, now, on, world } from "./world.js";

const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const PLACES = [["Plaza Indonesia, Jakarta", -6.19303, 106.82179], ["Ubud, Bali", -8.5069, 115.26248], ["Quận 1, TP. Hồ Chí Minh", 10.77566, 106.70098]];
const HIDDEN = new Set(["reaction", "edit", "revoke"]);

export class Phone {
  /** `id` is whose phone it is; `composer` names its message field, where the page leads to it. */
  constructor(id, composer = undefined) {
    this.id = id;
    this.composerId = composer;
    this.quoting = null;
    this.head = h("div", { class: "phone-head" });
    this.thread = h("div", { class: "thread", role: "log", "aria-live": "polite", tabIndex: 0 });
    this.fresh = h("button", { type: "button", class: "fresh", hidden: true, onclick: () => this.toEnd() });
    this.quoted = h("div", { class: "quoting", hidden: true });
    this.composer = h("form", { class: "composer" });
    this.screen = h("div", { class: "phone-screen" }, this.head, this.thread, this.fresh, this.quoted, this.composer);
    this.deeds = {
      tap: (bubble, choice) => this.tap(bubble, choice),
      place: (bubbleId) => this.askPlace(bubbleId),
      contact: () => this.act("contact", {}, { type: "contacts", text: customerOf(this.id).name }),
      retry: () => flush(this.id),
      show: (message) => this.show(message),
      options: (side, message) => this.askOptions(side, message),
    };
    this.buildComposer();
    this.keepEnd();
    on("chat", ({ customer }) => {
      if (customer !== this.id) return;
      this.draw();
      this.look();
    });
    on("customers", () => this.showHead());
    for (const kind of ["clock", "journal"]) on(kind, () => this.draw());
    on("language", ({ customer }) => customer === this.id && this.take(this.id));
    on("reset", () => this.redraw());
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** Another one is taken in hand here. */
  take(id) {
    if (id !== this.id) this.quote(null);
    this.id = id;
    this.buildComposer();
    this.showHead();
    this.redraw();
  }

  /** Whether somebody can see it now. */
  isSeen() {
    const { left, right, width } = this.screen.getBoundingClientRect();
    return width > 0 && right > 1 && left < window.innerWidth - 1 && document.visibilityState === "visible";
  }

  /** Opening a chat reads it, as on any phone. */
  async look() {
    const chat = chatOf(this.id);
    if (!chat.unread || !this.isSeen() || !customerOf(this.id)?.online) return;
    chat.unread = 0;
    await api.post(api.customer(this.id, "look")).catch(() => {});
  }

  showHead() {
    const who = customerOf(this.id);
    if (!who) return;
    const said = words(languageOf(who.id));
    const state = !who.online ? said.noConnection : who.typing ? said.typing : said.online;
    const key = JSON.stringify([who, languageOf(who.id)]);
    if (this.head.dataset.key === key) return;
    this.head.dataset.key = key;
    this.head.lang = languageOf(who.id);
    const stays = new Map([...this.head.children].map((node) => [node.dataset.key, node]));
    place(this.head, [
      h("span", { class: "avatar" }, icon("shop")),
      h("div", { class: "phone-title" },
        h("strong", {}, world.health.verified_name || `+${world.health.display_phone_number ?? ""}`),
        h("span", { class: `state ${who.typing ? "typing" : ""}`, role: "status" }, state)),
      h("div", { class: "own", title: "This phone's own identity" },
        h("span", {}, who.phone_visible ? `+${who.wa_id}` : who.username ? `@${who.username}` : who.user_id),
        h("span", {}, who.window_open ? "" : "24 h window closed")),
      // a press is lost where its button is replaced before the finger is up
      kept(stays, `menu ${who.id} ${said.menu}`, () =>
        iconButton("more", said.menu, () => phoneMenu(who.id, (text) => this.say(text)), { class: "phone-menu" })),
    ]);
  }

  /* ---- the chat ---- */

  redraw() {
    this.thread.replaceChildren();
    this.draw(true);
  }

  draw(atEnd = false) {
    const id = this.id;
    const all = timeline(chatOf(id));
    const context = { ...contextOf(all), customer: id, language: languageOf(id), deeds: this.deeds };
    const stays = new Map([...this.thread.children].map((node) => [node.dataset.key, node]));
    const nearEnd = atEnd || this.isAtEnd() || all.at(-1)?.local;
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
    const grew = nodes.length > this.thread.children.length;
    place(this.thread, nodes);
    if (nearEnd) this.toEnd();
    else if (grew) { this.fresh.textContent = `${words(context.language).newMessages} ↓`; this.fresh.hidden = false; }
  }

  isAtEnd() {
    return this.thread.scrollHeight - this.thread.scrollTop - this.thread.clientHeight < 80;
  }

  /** Who reads the newest bubble still does when the pane gets another size. */
  keepEnd() {
    let wasAtEnd = true;
    this.thread.addEventListener("scroll", () => { wasAtEnd = this.isAtEnd(); });
    new ResizeObserver(() => { if (wasAtEnd) this.toEnd(); }).observe(this.thread);
  }

  toEnd() {
    this.fresh.hidden = true;
    this.thread.scrollTop = this.thread.scrollHeight;
  }

  /* ---- what the person does ---- */

  act(kind, body, shown) {
    return act(this.id, kind, body, shown);
  }

  say(text) {
    return this.act("say", { text, quote: this.taken() }, { text });
  }

  taken() {
    const id = this.quoting?.id ?? "";
    this.quote(null);
    return id;
  }

  async tap(bubble, choice) {
    if (choice.kind === "url") {
      await tried(api.post(api.customer(this.id, "tap"), { choice: choice.id, bubble: bubble.id }));
      openLink(choice.url);
    } else if (choice.kind === "flow") {
      openForm(this.id, bubble);
    } else {
      await this.act("tap", { choice: choice.id, bubble: bubble.id }, { text: choice.title });
    }
  }

  show(message) {
    const node = this.thread.querySelector(`[data-id="${CSS.escape(message)}"]`);
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("lit");
    setTimeout(() => node?.classList.remove("lit"), 1500);
  }

  askOptions(side, message) {
    const id = this.id;
    const said = words(languageOf(id));
    const reactions = h("div", { class: "emojis" }, EMOJIS.map((emoji) => h("button", { type: "button", "aria-label": `${said.react} ${emoji}`, onclick: () => { dialog.close(); act(id, "reaction", { message_id: message.id, emoji }, { type: "reaction" }); } }, emoji)));
    const own = side === "customer" && message.type === "text";
    const dialog = menu(said.options, [
      { icon: "reply", label: said.reply, act: () => this.quote(message) },
      { icon: "copy", label: said.copy, act: () => navigator.clipboard?.writeText(message.text) },
      own && { icon: "pencil", label: said.edit, act: () => ask(said.edit, [{ name: "text", label: said.edit, value: message.text, required: true }], ({ text }) => act(id, "edit", { message_id: message.id, text }, { type: "edit" }), { submit: said.send, closeLabel: said.close }) },
      side === "customer" && { icon: "bin", label: said.unsend, danger: true, act: () => act(id, "revoke", { message_id: message.id }, { type: "revoke" }) },
      { icon: "close", label: `${said.react}: ${said.remove}`, act: () => act(id, "reaction", { message_id: message.id }, { type: "reaction" }) },
      { icon: "info", label: said.info, act: () => sheet(said.info, facts(message, id), { closeLabel: said.close }) },
    ], said.close);
    dialog.querySelector(".sheet-body").prepend(reactions);
  }

  quote(message) {
    this.quoting = message;
    this.quoted.hidden = !message;
    if (!message) return;
    const said = words(languageOf(this.id));
    fill(this.quoted, h("div", {}, h("strong", {}, said.quoted), h("span", {}, (message.text || message.kind || message.type).slice(0, 120))),
      iconButton("close", said.cancel, () => this.quote(null)));
    this.text.focus();
  }

  /* ---- composer ---- */

  buildComposer() {
    const said = words(languageOf(this.id));
    const draft = this.text?.value ?? "";
    this.text = h("textarea", { id: this.composerId, rows: 1, placeholder: said.write, "aria-label": said.write, autocomplete: "off", oninput: () => this.grow(), onkeydown: (event) => this.typed(event) });
    this.text.value = draft;
    fill(this.composer,
      iconButton("plus", said.attach, () => this.askAttachment(), { class: "attach" }),
      this.text,
      h("button", { type: "submit", class: "send", "aria-label": said.send, title: said.send }, icon("send")));
    this.composer.lang = languageOf(this.id);
    this.thread.lang = languageOf(this.id);
    this.thread.setAttribute("aria-label", said.phone);
    this.composer.onsubmit = (event) => {
      event.preventDefault();
      const text = this.text.value.trim();
      if (!text) return;
      this.text.value = "";
      this.grow();
      this.say(text);
    };
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 120)}px`;
  }

  typed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.composer.requestSubmit();
    }
    if (event.key === "Escape") this.quote(null);
  }

  askAttachment() {
    const said = words(languageOf(this.id));
    const chooser = (accept) => {
      const input = h("input", { type: "file", accept, class: "spoken", "aria-hidden": "true", tabIndex: -1, onchange: () => { this.sendFile(input.files[0]); input.remove(); } });
      document.body.append(input);
      input.click();
    };
    menu(said.attach, [
      { icon: "picture", label: said.photo, act: () => chooser("image/png,image/jpeg,image/webp") },
      { icon: "paper", label: said.document, act: () => chooser("") },
      { icon: "pin", label: said.location, act: () => this.askPlace("") },
      { icon: "person", label: said.contact, act: () => this.deeds.contact() },
    ], said.close);
  }

  async sendFile(file) {
    if (!file) return;
    // whose it is is settled now: another phone may be taken in hand while the file is read
    const id = this.id;
    const caption = this.text.value.trim();
    this.text.value = "";
    const mime_type = file.type || "application/octet-stream";
    await act(id, "file", { mime_type, content_base64: await api.base64Of(file), caption, filename: mime_type.startsWith("image/") ? "" : file.name }, { text: caption || file.name });
  }

  askPlace(bubbleId) {
    const said = words(languageOf(this.id));
    const send = (name, latitude, longitude) => this.act("location", { name, latitude: Number(latitude), longitude: Number(longitude), quote: bubbleId || this.taken() }, { type: "text", text: name });
    const dialog = ask(said.sendLocation, [
      { name: "name", label: said.placeName },
      { name: "latitude", label: said.latitude, type: "number", step: "any", required: true, value: "-6.2" },
      { name: "longitude", label: said.longitude, type: "number", step: "any", required: true, value: "106.8" },
    ], ({ name, latitude, longitude }) => send(name, latitude, longitude), { submit: said.send, closeLabel: said.close });
    dialog.querySelector(".sheet-body").prepend(h("div", { class: "menu" }, PLACES.map(([name, latitude, longitude]) =>
      h("button", { type: "button", onclick: () => { dialog.close(); send(name, latitude, longitude); } }, icon("pin"), ` ${name}`))));
  }
}
