/** What Meta would refuse in a Flow JSON, or a phone would not show: `{screen, component, text}`. Never raises. */
import { BadExpression, evaluate, isDynamic, pathsIn } from "./expressions.js";
import * as limits from "./limits.js";
import { actionsOf, list, nameOf, object, walk } from "./model.js";

/** Every problem of a flow. */
export function lint(model) {
  const problems = [];
  const say = (screen, component, text) => problems.push({ screen, component, text });
  if (!model.screens.length) {
    say("", "screens", "there is none");
    return problems;
  }
  versions(model, say);
  if (model.routes || model.hasEndpoint) routing(model, say);
  const ids = model.screens.map((screen) => screen.id);
  for (const id of new Set(ids.filter((one, place) => ids.indexOf(one) !== place))) say(id, "id", "two screens have this id");
  for (const screen of model.screens) screenProblems(model, screen, say);
  return problems;
}

function versions(model, say) {
  if (typeof model.json.version !== "string") say("", "version", "is missing");
  else if (model.version > limits.NEWEST) say("", "version", `${model.json.version} is newer than ${limits.NEWEST}, the newest this phone knows`);
  else if (model.version < limits.OLDEST_PUBLISHABLE) say("", "version", `${model.json.version} is frozen: Meta publishes it no more`);
  if (model.json.data_channel_uri !== undefined && model.version >= 3) say("", "data_channel_uri", "is only for versions below 3.0");
  if (model.hasEndpoint && !model.routes) say("", "routing_model", "is required with an endpoint");
}

function routing(model, say) {
  const routes = model.routes ?? {};
  for (const screen of model.screens) if (!(screen.id in routes) && model.routes) say(screen.id, "routing_model", "does not list this screen");
  for (const [from, targets] of Object.entries(routes)) {
    if (!model.screen(from)) say(from, "routing_model", "lists a screen that does not exist");
    if (list(targets).length > limits.BRANCHES) say(from, "routing_model", `has ${targets.length} branches, ${limits.BRANCHES} fit`);
    for (const to of list(targets)) {
      if (to === from) say(from, "routing_model", "leads to itself");
      else if (!model.screen(to)) say(from, "routing_model", `leads to ${to}, which does not exist`);
      else if (list(routes[to]).includes(from)) say(from, "routing_model", `leads to ${to} and back`);
      else if (model.leadsTo(to, from)) say(from, "routing_model", `makes a loop through ${to}`);
    }
  }
  if (model.routes && !model.entries().length) say("", "routing_model", "has no screen to enter by");
  if (!model.screens.some((screen) => screen.terminal)) say("", "screens", "none is terminal");
}

function screenProblems(model, screen, say) {
  const id = String(screen.id ?? "");
  const tell = (component, text) => say(id, component, text);
  if (!/^[A-Za-z_]+$/.test(id)) tell("id", "must be letters and underscores");
  if (id === "SUCCESS") tell("id", "is reserved");
  for (const [name, schema] of Object.entries(object(screen.data))) dataProblems(name, object(schema), tell);
  const placed = [];
  walk(model.children(screen), (component, place) => placed.push([component, place]));
  const layout = object(screen.layout).type;
  if (layout !== "SingleColumnLayout") tell("layout", `is ${layout ?? "missing"}, only SingleColumnLayout exists`);
  counts(screen, placed, tell);
  const names = placed.filter(([component]) => component.name && component.type !== "Form").map(([component]) => component.name);
  for (const [component, place] of placed) {
    componentProblems(model, screen, component, place, new Set(names), tell);
  }
}

function dataProblems(name, schema, tell) {
  if (typeof schema.type !== "string") tell(`data.${name}`, "has no type");
  if (!("__example__" in schema)) tell(`data.${name}`, "has no __example__");
  else if (hasNull(schema.__example__)) tell(`data.${name}`, "has a null in its __example__");
  if (schema.type === "array" && !schema.items) tell(`data.${name}`, "is an array without items");
}

export function hasNull(value) {
  if (value === null) return true;
  return typeof value === "object" && Object.values(value).some(hasNull);
}

function counts(screen, placed, tell) {
  if (placed.length > limits.COMPONENTS_PER_SCREEN) tell("layout", `has ${placed.length} components, ${limits.COMPONENTS_PER_SCREEN} fit`);
  const footers = placed.filter(([component]) => component.type === "Footer");
  if (screen.terminal && !footers.length) tell("layout", "is terminal and has no Footer");
  for (const [kind, most] of Object.entries(limits.PER_SCREEN)) {
    // Branches exclude each other: what counts is the outside plus the fullest branch.
    const here = placed.filter(([component]) => component.type === kind);
    const branches = new Map();
    for (const [, place] of here) branches.set(place.branch, (branches.get(place.branch) ?? 0) + 1);
    const outside = branches.get("") ?? 0;
    branches.delete("");
    const count = outside + Math.max(0, ...branches.values());
    if (count > most) tell(kind, `stands ${count} times, ${most} fit`);
  }
  if (placed.some(([component]) => component.type === "NavigationList")) {
    if (placed.some(([component]) => component.type !== "NavigationList")) tell("NavigationList", "allows no other component on its screen");
    if (screen.terminal) tell("NavigationList", "cannot stand on a terminal screen");
  }
  if (placed.some(([component]) => component.type === "PhotoPicker") && placed.some(([component]) => component.type === "DocumentPicker")) {
    tell("PhotoPicker", "cannot stand beside a DocumentPicker");
  }
}

function componentProblems(model, screen, component, place, names, tell) {
  const where = nameOf(component);
  const say = (text) => tell(where, text);
  const since = limits.SINCE[component.type];
  if (!limits.KNOWN.has(component.type)) say("is no component this phone knows");
  else if (since && model.version && model.version < since) say(`exists since version ${since.toFixed(1)}, this flow is ${model.json.version}`);
  if (limits.NAMED.has(component.type) && !component.name) say("has no name");
  if (component.type === "If" && place.depth >= limits.IF_DEPTH) say(`is nested deeper than ${limits.IF_DEPTH}`);
  if (component.type === "If") footersInBoth(component, say);
  if (component.type === "Switch" && !Object.keys(object(component.cases)).length) say("has no cases");
  for (const text of valueProblems(component)) say(text);
  bindings(model, screen, component, names, say);
  for (const [name, action] of actionsOf(component)) actionProblems(model, screen, component, name, action, say);
}

function footersInBoth(component, say) {
  const has = (children) => list(children).some((child) => object(child).type === "Footer");
  if (has(component.then) !== has(component.else)) say("needs its Footer in both branches");
}

/** Limits of what a component shows; used for the written JSON and again for what the endpoint sent. */
export function valueProblems(component) {
  const found = [];
  for (const [property, most] of Object.entries(limits.TEXT[component.type] ?? {})) {
    const value = component[property];
    const texts = Array.isArray(value) ? value : [value];
    for (const text of texts) {
      if (typeof text !== "string" || isDynamic(text)) continue;
      if (text.length > most) found.push(`${property} has ${text.length} characters, ${most} fit`);
      if (property === "text" && !text.trim()) found.push("text is blank");
    }
  }
  const [fewest, most] = limits.OPTIONS[component.type] ?? [];
  const options = component[limits.OPTIONS_IN[component.type] ?? "data-source"];
  if (fewest === undefined || typeof options === "string") return found;
  if (!Array.isArray(options)) return [...found, "has no options"];
  if (options.length < fewest || options.length > most) found.push(`has ${options.length} options, ${fewest} to ${most} fit`);
  return [...found, ...optionProblems(component, options)];
}

function optionProblems(component, options) {
  const found = [];
  if (component.type === "ImageCarousel") return found;
  const ids = options.map((option) => object(option).id);
  if (new Set(ids).size < ids.length) found.push("two options have one id");
  for (const option of options.map(object)) {
    const shown = component.type === "NavigationList" ? object(option["main-content"]) : option;
    const table = component.type === "NavigationList" ? { title: 30, description: 20, metadata: 80 } : limits.OPTION_TEXT;
    if (typeof option.id !== "string") found.push(`option id ${JSON.stringify(option.id)} is no text`);
    if (typeof shown.title !== "string" || !shown.title) found.push(`option ${option.id} has no title`);
    for (const [property, most] of Object.entries(table)) {
      const text = shown[property];
      if (typeof text === "string" && !isDynamic(text) && text.length > most) found.push(`option ${option.id}: ${property} has ${text.length} characters, ${most} fit`);
    }
  }
  return found;
}

function bindings(model, screen, component, names, say) {
  const declared = object(screen.data);
  for (const text of stringsOf(component)) {
    for (const path of pathsIn(text)) {
      const [root, first] = path.split(".");
      if (root === "data" && !(first in declared)) say(`reads data.${first}, which the screen does not declare`);
      else if (root === "form" && !names.has(first)) say(`reads form.${first}, which no component is named`);
      else if (root === "screen" && !model.screen(first)) say(`reads screen ${first}, which does not exist`);
      else if (!["data", "form", "screen"].includes(root)) say(`reads ${path}, which is neither data, form nor screen`);
    }
    if (!text.startsWith("`")) continue;
    if (model.version && model.version < 6) say("has an expression, which exists since version 6.0");
    expressionProblem(text.replace(/^`|`$/g, ""), say);
  }
  if (component.type === "If" && typeof component.condition === "string") expressionProblem(component.condition.replace(/^`|`$/g, ""), say);
}

function expressionProblem(text, say) {
  try {
    evaluate(text, {});
  } catch (problem) {
    if (!(problem instanceof BadExpression)) throw problem;
    say(`has an expression that cannot be read: ${problem.message}`);
  }
}

function* stringsOf(value) {
  if (typeof value === "string") yield value;
  else if (value && typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) {
      if (!["children", "then", "else", "cases"].includes(key)) yield* stringsOf(inner);
    }
  }
}

function actionProblems(model, screen, component, property, action, say) {
  const name = action.name;
  if (!limits.ACTIONS.has(name)) say(`${property} is ${name ?? "nameless"}, which is no action`);
  if (name === "complete" && !screen.terminal) say("completes, but the screen is not terminal");
  if (name === "data_exchange" && !model.hasEndpoint) say("asks an endpoint, but the flow has none");
  if (["update_data", "open_url"].includes(name) && model.version && model.version < 6) say(`${name} exists since version 6.0`);
  if (name !== "navigate") return;
  const target = object(action.next).name;
  if (!model.screen(target)) say(`navigates to ${target ?? "nowhere"}, which does not exist`);
  else if (model.routes && !model.forward(screen.id).includes(target)) say(`navigates to ${target}, which is no edge of routing_model`);
  if (screen.terminal && component.type === "Footer") say("navigates from a terminal screen's Footer");
}
