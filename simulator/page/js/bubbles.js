/** One message as WhatsApp draws it, from either side. */
import { customer as door } from "./api.js";
import { h, iconButton, sheet, spoken } from "./dom.js";
import { icon } from "./icons.js";
import { markup } from "./markup.js";
import { clockTime, words } from "./words.js";
import { languageOf, world } from "./world.js";

const MEDIA = (media) => media.id ? `/sim/media/${encodeURIComponent(media.id)}` : media.link;

/** A bubble of the business; `deeds` are what taps do. */
export function businessBubble(bubble, context) {
  const { language, deeds } = context;
  return frame("business", bubble, context, [
    head(bubble),
    body(bubble, language),
    bubble.text && !["location", "contacts", "reaction"].includes(bubble.kind) ? h("div", { class: "text" }, markup(bubble.text)) : null,
    bubble.footer ? h("div", { class: "footer" }, bubble.footer) : null,
  ], choices(bubble, language, deeds));
}

function head(bubble) {
  if (bubble.header) return h("div", { class: "header" }, bubble.header);
  return bubble.kind === "buttons" && bubble.media ? picture(bubble.media, "") : null;
}

function body(bubble, language) {
  const said = words(language);
  const { media, place } = bubble;
  switch (bubble.kind) {
    case "image": return picture(media, bubble.text || said.photo);
    case "sticker": return h("img", { class: "sticker", src: MEDIA(media), alt: said.sticker });
    case "video": return h("video", { src: MEDIA(media), controls: true, preload: "metadata", "aria-label": said.video });
    case "audio": return h("audio", { src: MEDIA(media), controls: true, preload: "metadata", "aria-label": said.audio });
    case "document": return paper(media, language);
    case "location": return map(place, language);
    case "contacts": return h("div", { class: "card" }, h("span", { class: "avatar" }, icon("person")), bubble.text);
    default: return null;
  }
}

function picture(media, alt) {
  const image = h("img", { class: "picture", src: MEDIA(media), alt, loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(paper(media, "en")));
  return h("a", { href: MEDIA(media), target: "_blank", rel: "noreferrer noopener", class: "picture-link" }, image);
}

/** A document: a PDF opens in a tab, everything else (a calendar entry) is downloaded. */
function paper(media, language) {
  const name = media.filename || words(language).document;
  const opens = /\.pdf$/i.test(name);
  return h("a", { class: "paper", href: MEDIA(media), target: opens ? "_blank" : undefined, download: opens ? undefined : name, rel: "noreferrer noopener" },
    h("span", { class: "paper-kind", "aria-hidden": "true" }, (name.split(".").at(-1) ?? "").slice(0, 4).toUpperCase()),
    h("span", {}, name));
}

/** No map can be loaded without a network, so the place is drawn. */
function map(place, language) {
  const point = `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
  return h("div", { class: "map" },
    h("div", { class: "map-drawing", "aria-hidden": "true" }, icon("pin")),
    h("strong", {}, place.name || words(language).location),
    place.address ? h("div", {}, place.address) : null,
    h("small", {}, point));
}

function choices(bubble, language, deeds) {
  const said = words(language);
  switch (bubble.kind) {
    case "list": return [action("list", bubble.button, () => openList(bubble, language, deeds))];
    case "location_request": return [action("pin", said.sendLocation, () => deeds.place(bubble.id))];
    case "contact_request": return [action("person", said.shareContact, () => deeds.contact())];
    default: return bubble.choices.map((choice) => choiceButton(bubble, choice, language, deeds));
  }
}

function choiceButton(bubble, choice, language, deeds) {
  const sign = { url: "link", flow: "form" }[choice.kind] ?? "reply";
  const off = choice.kind === "flow" && bubble.disabled;
  const button = action(sign, choice.title, () => deeds.tap(bubble, choice));
  button.dataset.choice = choice.id;
  if (!off) return button;
  button.disabled = true;
  button.classList.add("off");
  return h("div", {}, button, h("p", { class: "disabled-note", role: "note" }, bubble.disabled || words(language).disabled));
}

function action(sign, title, onclick) {
  return h("button", { type: "button", class: "choice", onclick }, icon(sign), ` ${title}`);
}

function openList(bubble, language, deeds) {
  const sections = new Map();
  for (const row of bubble.choices) {
    if (!sections.has(row.section)) sections.set(row.section, []);
    sections.get(row.section).push(row);
  }
  const form = h("form", { class: "rows", method: "dialog", onsubmit: (event) => {
    event.preventDefault();
    const picked = new FormData(form).get("row");
    if (picked === null) return;
    dialog.close();
    deeds.tap(bubble, bubble.choices.find((row) => row.id === picked));
  } },
  [...sections].map(([title, rows]) => h("fieldset", {},
    title ? h("legend", {}, title) : h("legend", { class: "spoken" }, bubble.button),
    rows.map((row) => h("label", { class: "row" },
      h("span", { class: "row-words" }, h("span", {}, row.title), row.description ? h("small", {}, row.description) : null),
      h("input", { type: "radio", name: "row", value: row.id, onchange: () => { send.disabled = false; } }))))),
  h("button", { type: "submit", class: "main", disabled: true }, words(language).send2));
  const send = form.querySelector("button[type=submit]");
  const dialog = sheet(bubble.button, form, { closeLabel: words(language).close, kind: "list-sheet" });
}

/** A bubble of the customer's. */
export function customerBubble(said, context) {
  const { language } = context;
  const mine = words(language);
  if (said.type === "system") return h("div", { class: "notice", dataset: { id: said.id } }, said.text);
  if (context.removed.has(said.id)) return frame("customer", said, context, [h("em", { class: "gone" }, mine.removed)], []);
  const text = context.edits.get(said.id) ?? said.text;
  const content = [];
  if (said.detail?.id && ["image", "sticker", "video", "audio", "document"].includes(said.type)) {
    const media = { id: said.detail.id, filename: said.detail.filename ?? "" };
    content.push(body({ kind: said.type, media, text }, language));
  }
  if (said.type === "location") content.push(map({ name: "", address: "", ...said.detail }, language));
  else if (said.type === "contacts") content.push(h("div", { class: "card" }, h("span", { class: "avatar" }, icon("person")), text));
  else if (said.type === "unsupported") content.push(h("em", {}, mine.unsupported));
  else if (said.type === "interactive" && said.detail?.type === "nfm_reply") content.push(h("div", { class: "text" }, icon("form"), ` ${mine.formSent}`));
  else if (text) content.push(h("div", { class: "text" }, markup(text)));
  return frame("customer", said, context, content, []);
}

function frame(side, message, context, content, buttons) {
  const { language, deeds } = context;
  const said = words(language);
  const at = message.received_at ?? message.said_at;
  const reactions = context.reactions.get(message.id) ?? [];
  const name = side === "customer" ? said.you : said.business;
  const local = message.local === true;
  return h("article", { class: `bubble ${side} kind-${message.kind ?? message.type}`, dataset: { id: message.id }, "aria-label": `${name}, ${clockTime(at, language)}` },
    h("div", { class: "balloon" },
      quoted(message.quotes, context),
      content,
      h("div", { class: "meta" },
        context.edits.has(message.id) ? h("span", {}, said.edited) : null,
        h("time", { datetime: at }, clockTime(at, language)),
        side === "customer" ? tick(message, language, deeds) : null),
      local ? null : iconButton("down", said.options, () => deeds.options(side, message), { class: "more" })),
    buttons.length ? h("div", { class: "choices" }, buttons) : null,
    reactions.length ? h("div", { class: "reactions", "aria-label": said.react }, reactions.join(" ")) : null);
}

function quoted(id, context) {
  if (!id) return null;
  const found = context.find(id);
  if (!found) return null;
  const said = words(context.language);
  const who = found.received_at ? said.business : said.you;
  const text = found.text || said[found.kind] || found.button || found.kind || found.type;
  return h("button", { type: "button", class: "quoted", onclick: () => context.deeds.show(id) },
    h("strong", {}, who), h("span", {}, text.slice(0, 120)));
}

/** Clock, one tick, two ticks, two blue ticks; a mark and the reason where it failed. */
export function tickState(message) {
  if (message.local) return message.reason ? "failed" : "waiting";
  if (message.read) return "read";
  const posted = world.posted.get(message.id);
  if (posted?.state === "delivered") return "delivered";
  return posted?.state === "failed" ? "failed" : "sent";
}

function tick(message, language, deeds) {
  const said = words(language);
  const state = tickState(message);
  const reason = message.reason ?? world.posted.get(message.id)?.reason ?? "";
  const sign = { waiting: "clock", sent: "tick", delivered: "ticks", read: "ticks", failed: "close" }[state];
  const name = state === "waiting" ? said.waiting : said[state];
  const mark = h("span", { class: `tick ${state}`, title: reason ? `${name}: ${reason}` : name },
    icon(sign), spoken(name));
  if (state !== "failed") return mark;
  return h("span", { class: "failure" }, mark, h("span", { class: "reason" }, `${name}: ${reason}`),
    message.local ? h("button", { type: "button", class: "retry", onclick: () => deeds.retry() }, said.retry) : null);
}

/** What is known of a message, for "Message info". */
export function facts(message, customer) {
  const rows = Object.entries({
    id: message.id, kind: message.kind ?? message.type, tick: message.tick ?? tickState(message),
    "effect id": message.effect_id, "addressed by": message.addressed_by, reason: message.reason ?? world.posted.get(message.id)?.reason,
    template: message.template ? `${message.template.name} (${message.template.language})` : "",
    form: message.flow ? `${message.flow.name || message.flow.id}, token ${message.flow.token}, ${message.flow.mode}` : "",
    customer, language: languageOf(customer), door: door(customer, "bubbles"),
  }).filter(([, value]) => value);
  return h("dl", { class: "facts" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}
