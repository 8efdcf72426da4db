/** One screen of a form as living parts: drawn once, drawn again only where what they show has changed. */
import { h } from "../js/dom.js";
import { SHOWN } from "./components.js";
import { holds, isDynamic, resolve } from "./expressions.js";
import { INPUTS } from "./inputs.js";
import { list, nameOf, object, walk } from "./model.js";
import { isDropped, valueProblems } from "./values.js";

/** Gives every named input its first value, branches that are not shown included, so that conditions can be judged. */
export function startValues(children, entry, scope) {
  const visit = (components, form) => walk(components, (component) => {
    if (component.type === "Form") return;
    const input = INPUTS[component.type];
    if (!input || component.name === undefined || entry.form[component.name] !== undefined) return;
    const given = object(resolve(form["init-values"] ?? {}, scope))[component.name] ?? resolve(component["init-value"], scope);
    entry.form[component.name] = input.start(given);
  });
  walk(children, (component) => component.type === "Form" && visit(component.children, component));
  visit(children, {});
}

/** The components that are seen with these values: branches chosen, invisible ones left out. */
export function seen(children, scope) {
  return list(children).map(object).flatMap((component) => {
    if (component.type === "Form") return seen(component.children, scope);
    if (component.type === "If") return seen(holds(component.condition, scope) ? component.then : component.else, scope);
    if (component.type === "Switch") return seen(chosenCase(component, scope), scope);
    return resolve(component.visible, scope) === false ? [] : [component];
  });
}

const chosenCase = (component, scope) => {
  const cases = object(component.cases);
  return cases[String(resolve(component.value, scope) ?? "")] ?? cases.default;
};

/** What is over a limit once the data is in: the phone's components-validation; `dropped` is only left out of the screen. */
export function shownProblems(children, scope) {
  return seen(children, scope).flatMap((component) =>
    valueProblems(resolve(component, scope)).map((text) => ({ component: nameOf(component), text, dropped: isDropped(component) })));
}

/** Draws a screen's components; `host` has `scope()`, `entry`, `said`, `language`, `today`, `version`, `act`, `keep`, `problem`. */
export class ScreenParts {
  constructor(children, host) {
    this.host = host;
    this.node = h("div", { class: "flow-parts" });
    this.parts = many(children, host, {});
    this.node.append(...this.parts.map((part) => part.node));
  }

  refresh() {
    for (const part of this.parts) part.refresh();
  }

  fields() {
    return this.parts.flatMap((part) => part.fields());
  }

  /** Says at each field what is wrong with it; the first wrong field, if any. */
  firstWrong() {
    let first = null;
    for (const field of this.fields()) if (field.check() && !first) first = field;
    return first;
  }
}

const many = (children, host, form) => list(children).map(object).map((component) => safely(component, host, form));

/** A component that cannot be drawn is named, and the rest of the screen stands. */
function safely(component, host, form) {
  try {
    return build(component, host, form);
  } catch (problem) {
    return placeholder(component, host, `cannot be drawn: ${problem.message}`);
  }
}

function build(component, host, form) {
  if (component.type === "Form") return nest(component.children, host, component);
  if (component.type === "If") return branching(host, form, () => holds(component.condition, host.scope()) ? "then" : "else", (name) => component[name]);
  if (component.type === "Switch") return branching(host, form, () => String(resolve(component.value, host.scope()) ?? ""), () => chosenCase(component, host.scope()));
  if (INPUTS[component.type]) return input(component, host, form);
  if (SHOWN[component.type]) return shown(component, host);
  return placeholder(component, host, "is not supported by this phone");
}

function placeholder(component, host, text) {
  host.problem(nameOf(component), text);
  const node = h("div", { class: "unsupported", role: "note" }, `${nameOf(component)} ${text}`);
  return { node, refresh() {}, fields: () => [] };
}

function nest(children, host, form) {
  const parts = many(children, host, form);
  const node = h("div", { class: "flow-form" }, parts.map((part) => part.node));
  return { node, refresh: () => { for (const part of parts) part.refresh(); }, fields: () => parts.flatMap((part) => part.fields()) };
}

function branching(host, form, choose, childrenOf) {
  const node = h("div", { class: "flow-branch" });
  let key = null;
  let parts = [];
  const refresh = () => {
    const now = choose();
    if (now === key) {
      for (const part of parts) part.refresh();
      return;
    }
    key = now;
    parts = many(childrenOf(now), host, form);
    node.replaceChildren(...parts.map((part) => part.node));
  };
  refresh();
  return { node, refresh, fields: () => parts.flatMap((part) => part.fields()) };
}

/** Draws when first asked and whenever what it shows has become another. */
function living(node, props, draw, host, component) {
  let before = null;
  return () => {
    const now = props();
    const key = JSON.stringify(now);
    if (key === before) return;
    before = key;
    node.hidden = now.visible === false;
    try {
      draw(now);
    } catch (problem) {
      host.problem(nameOf(component), `cannot be drawn: ${problem.message}`);
      node.replaceChildren(h("div", { class: "unsupported", role: "note" }, `${nameOf(component)} cannot be drawn`));
    }
  };
}

function shown(component, host) {
  const node = h("div", { class: `part part-${component.type}` });
  const act = (action, more) => host.act(action, { component, ...more });
  const refresh = living(node, () => resolve(component, host.scope()), (props) => node.replaceChildren(SHOWN[component.type](props, { act })), host, component);
  refresh();
  return { node, refresh, fields: () => [] };
}

let ids = 0;

function input(component, host, form) {
  const { entry } = host;
  const kind = INPUTS[component.type];
  const name = component.name ?? `nameless-${ids}`;
  const node = h("div", { class: `part part-${component.type}` });
  const error = h("p", { class: "error", role: "alert" });
  let props = {};
  const field = {
    id: `field-${++ids}`, name, said: host.said, language: host.language, today: host.today, version: host.version, error: "", keep: host.keep,
    get value() { return entry.form[name]; },
    set(value) {
      entry.form[name] = value;
      tell("");
      host.changed();
    },
    act: (action) => action && host.act(action, { component }),
    check() {
      if (node.hidden || props.enabled === false) return "";
      const problem = kind.problem(entry.form[name], props, host.said);
      // Words written into the form for a wrong value replace the phone's own.
      const own = component["error-message"];
      tell(problem && typeof own === "string" && !isDynamic(own) ? own : problem);
      return field.error;
    },
    focus: () => node.querySelector("input, textarea, select, button")?.focus(),
  };

  function tell(text) {
    field.error = text;
    error.textContent = text;
    error.id = `${field.id}-error`;
    node.classList.toggle("wrong", Boolean(text));
    node.querySelector("[aria-describedby]")?.setAttribute("aria-invalid", String(Boolean(text)));
  }

  const resolved = () => {
    const scope = host.scope();
    const now = resolve(component, scope);
    const sent = object(resolve(form["error-messages"] ?? {}, scope))[name] ?? (isDynamic(component["error-message"]) ? now["error-message"] : "");
    return { ...now, sent };
  };
  const refresh = living(node, resolved, (now) => {
    props = now;
    dropGone(now, entry, name);
    const help = typeof now["helper-text"] === "string" ? now["helper-text"] : "";
    const drawn = kind.draw({ ...now, type: component.type }, field).filter(Boolean);
    node.replaceChildren(...drawn, h("p", { class: "help", id: `${field.id}-help` }, help), error);
    tell(typeof now.sent === "string" ? now.sent : "");
  }, host, component);
  refresh();
  if (component.type === "ChipsSelector") showPressed(node, field);
  return { node, refresh, fields: () => [field] };
}

/** A choice that is no longer offered is no longer chosen. */
function dropGone(props, entry, name) {
  const options = props["data-source"];
  if (!Array.isArray(options)) return;
  const offered = new Set(options.map((option) => object(option).id));
  const value = entry.form[name];
  if (Array.isArray(value)) entry.form[name] = value.filter((id) => offered.has(id));
  else if (value && !offered.has(value)) entry.form[name] = "";
}

/** Chips are buttons: which are pressed is shown after each tap. */
function showPressed(node, field) {
  node.addEventListener("click", (event) => {
    if (!event.target.closest(".chip")) return;
    const chosen = new Set(field.value);
    for (const chip of node.querySelectorAll(".chip")) chip.setAttribute("aria-pressed", String(chosen.has(chip.dataset.option)));
  });
}
