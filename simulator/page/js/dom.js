/** Small tools to build the page without a framework. */
import { icon } from "./icons.js";

/** An element with properties, listeners (`onclick`), attributes and children; empty children are left out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name in element && typeof value !== "string" && !name.startsWith("aria")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

/** Replaces all children. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

/** The node of that key among those that stand there, each for one place; a new one where there is none. */
export function kept(stays, key, build) {
  const known = stays.get(key);
  stays.delete(key);
  const node = known ?? build();
  node.dataset.key = key;
  return node;
}

/** Puts the nodes in order, touching only what changed: nothing is read aloud again, and no press is lost. */
export function place(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}

/** Words for screen readers only. */
export const spoken = (text) => h("span", { class: "spoken" }, text);

/** A button with an icon and a name for screen readers. */
export function iconButton(sign, name, onclick, more = {}) {
  return h("button", { type: "button", title: name, "aria-label": name, onclick, ...more, class: `icon ${more.class ?? ""}` }, icon(sign));
}

/** A short notice at the edge of the page. */
export function toast(text, kind = "") {
  const note = h("div", { class: `toast ${kind}` }, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 6000);
}

/** Where the phone in hand is on the page; the whole window where another pane is in front of it. */
function cover(dialog) {
  const held = document.querySelector(".phone-screen.in-hand") ?? document.querySelector(".phone-screen");
  const phone = held?.getBoundingClientRect();
  if (!phone?.width) return;
  const sides = { left: phone.left, top: phone.top, width: phone.width, height: phone.height, bottom: Math.max(0, window.innerHeight - phone.bottom) };
  for (const [side, length] of Object.entries(sides)) dialog.style.setProperty(`--sheet-${side}`, `${length}px`);
}

/** A sheet over the lower part of the phone: modal, closed by Escape or a tap beside it; resolves when closed. */
export function sheet(title, content, { onclose = undefined, closeLabel = "Close", kind = "" } = {}) {
  const dialog = h("dialog", { class: `sheet ${kind}`, "aria-label": title },
    h("div", { class: "sheet-head" },
      h("h2", {}, title),
      iconButton("close", closeLabel, () => dialog.close())),
    h("div", { class: "sheet-body" }, content));
  cover(dialog);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => { dialog.remove(); onclose?.(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A sheet of one-tap choices: `[{label, icon, act, danger}]`. */
export function menu(title, items, closeLabel) {
  const list = h("div", { class: "menu" }, items.filter(Boolean).map((item) =>
    h("button", { type: "button", class: item.danger ? "danger" : "", onclick: () => { dialog.close(); item.act(); } },
      h("span", { class: "menu-icon" }, icon(item.icon ?? "next")), item.label)));
  const dialog = sheet(title, list, { closeLabel });
  return dialog;
}

/** A sheet with a small form: `fields` are `{name, label, value, type, required, options}`; calls `done(values)`. */
export function ask(title, fields, done, { submit = "OK", closeLabel = undefined } = {}) {
  const form = h("form", { class: "ask", method: "dialog", onsubmit: (event) => {
    event.preventDefault();
    /** @type {Record<string, any>} */
    const values = Object.fromEntries(new FormData(form));
    for (const field of fields) if (field.type === "checkbox") values[field.name] = field.name in values;
    dialog.close();
    done(values);
  } }, fields.map(asked), h("button", { type: "submit", class: "main" }, submit));
  const dialog = sheet(title, form, { closeLabel });
  return dialog;
}

function asked(field) {
  if (field.type === "select") {
    return h("label", {}, field.label, h("select", { name: field.name },
      field.options.map(([value, text]) => h("option", { value, selected: value === field.value }, text))));
  }
  const input = h("input", { name: field.name, type: field.type ?? "text", required: field.required, step: field.step,
    value: field.type === "checkbox" ? undefined : String(field.value ?? ""), checked: field.type === "checkbox" && Boolean(field.value) });
  return field.type === "checkbox"
    ? h("label", { class: "check" }, input, field.label)
    : h("label", {}, field.label, input);
}
