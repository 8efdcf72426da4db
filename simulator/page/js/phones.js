/** The phones of the page: the one in hand, or the guest's with those of everybody who delivers next to it. */
import { chatOf, flush, forgetChats, refresh } from "./chats.js";
import { fill, h, iconButton } from "./dom.js";
import { icon } from "./icons.js";
import { askNewPhone } from "./people.js";
import { Phone } from "./phone.js";
import { words } from "./words.js";
import { activate, customerOf, deliverers, guests, isGuest, languageOf, loadCustomers, on, world } from "./world.js";

/** Whose phones stand next to the guest's, a column each. */
const ROLES = ["provider", "staff", "place"];
const NAMES = { provider: "Providers", staff: "Staff", place: "Places" };

let parts = {};
let main = null;
/** @type {Column[]} */
const columns = [];
let waiting = null;

const areAllShown = () => document.body.dataset.phones === "all";
const unreadOf = (ids) => ids.reduce((sum, id) => sum + chatOf(id).unread, 0);
/** Filled again only where something changed: what has the focus keeps it, and an open list stays open. */
function renew(element, facts, build) {
  const key = JSON.stringify(facts);
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  fill(element, build());
}
const count = (number) => number ? h("span", { class: "count" }, String(number)) : null;

export function buildPhones(root) {
  main = new Phone(world.active, "composer-text");
  parts = {
    people: h("div", { class: "people", role: "group", "aria-label": "Phones" }),
    jump: h("div", { class: "people jump", role: "group", "aria-label": "Whose phone" }),
    owner: h("div", { class: "owner" }),
    row: h("div", { class: "phones", onscrollend: () => { for (const phone of everyPhone()) phone.look(); } }),
  };
  parts.first = h("section", { class: "one-phone" }, parts.owner, main.screen);
  fill(parts.row, parts.first);
  fill(root, parts.people, parts.jump, parts.row);
  holds(parts.first, main);
  for (const kind of ["said", "bubble", "read", "form"]) on(kind, ({ customer }) => refresh(customer));
  // The typing sign comes with a read mark, and ends by itself after 25 s.
  on("typing", async ({ customer }) => { await refresh(customer); setTimeout(loadCustomers, 25500); });
  on("chat", ({ customer }) => {
    for (const column of columns) column.rings(customer);
    if (everyPhone().some((phone) => phone.id === customer)) soon();
    show();
  });
  on("customers", () => {
    // a world that came anew has others
    if (main.id !== world.active) main.take(world.active);
    for (const column of columns) column.keepSomebody();
    show();
    for (const one of world.customers) flush(one.id);
  });
  on("language", show);
  on("active", () => { main.take(world.active); refresh(world.active); show(); main.text.focus(); });
  on("reset", () => { forgetChats(); main.redraw(); });
  for (const one of world.customers) refresh(one.id);
  if (new URLSearchParams(location.search).get("phones") === "all") showAll(true);
  show();
}

const everyPhone = () => [main, ...(areAllShown() ? columns.map((column) => column.phone) : [])];

/** What the business can see of them changes with each message; many messages come together. */
function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(loadCustomers, 30);
}

function show() {
  const all = areAllShown();
  const partners = deliverers();
  // the one in hand shows no count: when it is read, no button is replaced under a finger
  const unread = [...world.customers.map((one) => one.id === world.active ? 0 : chatOf(one.id).unread), all ? 0 : unreadOf(partners.map((one) => one.id))];
  renew(parts.people, [all, world.active, world.customers.map((one) => [one.id, one.name, one.online]), unread], () => [
    guests().map((one) => h("button", {
      type: "button", class: "person", "aria-pressed": String(one.id === world.active), dataset: { customer: one.id }, onclick: () => activate(one.id),
    }, one.name, one.online ? null : [" ", icon("off")], one.id === world.active ? null : count(chatOf(one.id).unread))),
    iconButton("plus", "Open a second phone", askNewPhone, { class: "add" }),
    partners.length ? h("button", { type: "button", class: "person all", "aria-pressed": String(all), onclick: () => showAll(!all) }, "All phones", all ? null : count(unreadOf(partners.map((one) => one.id)))) : null,
    partners.length && !all ? choice("Those who deliver", partners, world.active, activate) : null,
  ]);
  parts.jump.hidden = !all;
  const stands = !all ? [] : [[parts.first, world.active, customerOf(world.active)?.name], ...columns.map((column) => [column.root, column.phone.id, NAMES[column.role]])];
  renew(parts.jump, stands.map(([, id, name]) => [id, name, chatOf(id).unread]), () => stands.map(([root, id, name]) => h("button", {
    type: "button", class: "person", onclick: () => root.scrollIntoView({ inline: "start", block: "nearest" }),
  }, name, count(chatOf(id).unread))));
  renew(parts.owner, [customerOf(world.active), languageOf(world.active)], () => ownerOf(world.active));
  parts.first.setAttribute("aria-label", `The phone of ${customerOf(world.active)?.name ?? ""}`);
  parts.owner.hidden = !all && isGuest(world.active);
  for (const column of columns) column.show();
}

/** A list of people by what they are to the house, with what they have not read. */
function choice(name, people, chosen, act) {
  const option = (one) => {
    const unread = one.id === chosen ? 0 : chatOf(one.id).unread;
    return h("option", { value: one.id, selected: one.id === chosen }, `${one.name}${one.about ? `, ${one.about}` : ""}${unread ? ` (${unread})` : ""}`);
  };
  const groups = ROLES.map((role) => [role, people.filter((one) => one.role === role)]).filter(([, found]) => found.length);
  const select = h("select", { "aria-label": name, class: "deliver", onchange: () => select.value && act(select.value) },
    people.some((one) => one.id === chosen) ? null : h("option", { value: "", selected: true }, `${name}…`),
    groups.length === 1 ? groups[0][1].map(option) : groups.map(([role, found]) => h("optgroup", { label: NAMES[role] }, found.map(option))));
  return select;
}

/** Whose phone it is, in the language it speaks; `chosen` is where another one is taken in hand. */
function ownerOf(id, chosen = null) {
  const who = customerOf(id);
  if (!who) return [];
  const said = words(languageOf(id));
  return h("span", { class: "owner-name", lang: languageOf(id) },
    h("b", {}, said.roles[who.role] ?? said.roles.guest), " ", chosen ?? [who.name, who.about].filter(Boolean).join(", "));
}

/** The guest's phone with the others next to it, or the one in hand with what happened. */
function showAll(on) {
  document.body.dataset.phones = on ? "all" : "one";
  const address = new URL(location.href);
  if (on) address.searchParams.set("phones", "all");
  else address.searchParams.delete("phones");
  history.replaceState(null, "", address);
  if (on && !columns.length) {
    for (const role of ROLES.filter((one) => deliverers(one).length)) {
      const column = new Column(role);
      columns.push(column);
      parts.row.append(column.root);
    }
  }
  for (const column of columns) column.root.hidden = !on;
  hold(parts.first, main);
  if (on && !isGuest(world.active) && guests().length) activate(guests()[0].id);
  show();
  for (const phone of everyPhone()) {
    phone.toEnd();
    phone.look();
  }
}

/** The phone in hand is the one whose new bubbles are read aloud, and over which sheets open. */
function hold(root, phone) {
  for (const one of [main, ...columns.map((column) => column.phone)]) {
    one.thread.setAttribute("aria-live", one === phone ? "polite" : "off");
    one.screen.classList.toggle("in-hand", one === phone);
  }
  for (const one of document.querySelectorAll(".one-phone")) one.classList.toggle("in-hand", one === root);
}

function holds(root, phone) {
  for (const kind of ["pointerdown", "focusin"]) root.addEventListener(kind, () => hold(root, phone));
}

/** The phones of all providers, or all staff, or all contacts of places: one of them is seen. */
class Column {
  constructor(role) {
    this.role = role;
    this.phone = new Phone(this.newest());
    this.phone.thread.setAttribute("aria-live", "off");
    this.owner = h("div", { class: "owner" });
    this.root = h("section", { class: "one-phone", dataset: { role } }, this.owner, this.phone.screen);
    holds(this.root, this.phone);
    this.phone.take(this.phone.id);
  }

  /** Whoever heard something last, else the first of the business file. */
  newest() {
    const people = deliverers(this.role);
    const heard = people.filter((one) => timelineLength(one.id)).sort((a, b) => lastOf(b.id) - lastOf(a.id));
    return (heard[0] ?? people[0])?.id ?? "";
  }

  /** A phone on which nothing was ever said makes room for one that rings. */
  rings(id) {
    if (id !== this.phone.id && customerOf(id)?.role === this.role && chatOf(id).unread && !timelineLength(this.phone.id)) this.take(id);
  }

  keepSomebody() {
    if (customerOf(this.phone.id)?.role !== this.role) this.take(this.newest());
  }

  take(id) {
    this.phone.take(id);
    this.phone.look();
    show();
  }

  show() {
    if (!areAllShown()) return;
    const people = deliverers(this.role);
    const others = people.filter((one) => one.id !== this.phone.id).map((one) => one.id);
    renew(this.owner, [this.phone.id, languageOf(this.phone.id), people.map((one) => [one.name, chatOf(one.id).unread])], () => [
      ownerOf(this.phone.id, others.length ? choice(NAMES[this.role], people, this.phone.id, (id) => this.take(id)) : null),
      count(unreadOf(others)),
    ]);
    this.root.setAttribute("aria-label", `The phone of ${customerOf(this.phone.id)?.name ?? ""}`);
  }
}

const timelineLength = (id) => chatOf(id).bubbles.length + chatOf(id).said.length;
const lastOf = (id) => Math.max(0, ...[...chatOf(id).bubbles, ...chatOf(id).said].map((one) => one.monotonic));
