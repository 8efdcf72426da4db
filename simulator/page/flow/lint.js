/** What Meta would refuse in a Flow JSON, or a phone would not show: `{screen, component, text}`. Never raises. */
import { BadExpression, evaluate, isDynamic, pathsIn } from "./expressions.js";
import * as limits from "./limits.js";
import { actionsOf, list, nameOf, object, walk } from "./model.js";
import { valueProblems } from "./values.js";

/** Every problem of a flow. */
export function lint(model) {
  const problems = [];
  const say = (screen, component, text) => {
    if (!problems.some((one) => one.screen === screen && one.component === component && one.text === text)) problems.push({ screen, component, text });
  };
  if (!model.screens.length) {
    say("", "screens", "there is none");
    return problems;
  }
  versions(model, say);
  sizes(model, say);
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

function sizes(model, say) {
  const bytes = new TextEncoder().encode(JSON.stringify(model.json)).length;
  if (bytes > limits.FLOW_BYTES) say("", "flow", `has ${bytes} bytes, ${limits.FLOW_BYTES} fit`);
  let carousels = 0;
  for (const screen of model.screens) walk(model.children(screen), (component) => { carousels += component.type === "ImageCarousel" ? 1 : 0; });
  if (carousels > limits.CAROUSELS_PER_FLOW) say("", "ImageCarousel", `stands ${carousels} times, ${limits.CAROUSELS_PER_FLOW} fit into a flow`);
}

function routing(model, say) {
  const routes = model.routes ?? {};
  // Meta's own examples of one screen leave the model empty.
  const mayBeEmpty = model.screens.length === 1 && !Object.keys(routes).length;
  for (const screen of model.screens) if (!(screen.id in routes) && model.routes && !mayBeEmpty) say(screen.id, "routing_model", "does not list this screen");
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
  else if (model.routes) for (const screen of model.screens) ways(model, screen, say);
  if (!model.screens.some((screen) => screen.terminal)) say("", "screens", "none is terminal");
}

/** Every screen is reached from an entry, and leads to an end. */
function ways(model, screen, say) {
  const entries = model.entries();
  if (!entries.includes(screen) && !entries.some((entry) => model.leadsTo(entry.id, screen.id))) say(screen.id, "routing_model", "no entry screen leads here");
  if (entries.length > 1 && entries.includes(screen) && !model.forward(screen.id).length) say(screen.id, "routing_model", "is connected with no other screen");
  const ends = screen.terminal || model.screens.some((other) => other.terminal && model.leadsTo(screen.id, other.id));
  if (!ends) say(screen.id, "routing_model", "leads to no terminal screen");
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
  for (const property of limits.NEEDED[component.type] ?? []) if (component[property] === undefined) say(`has no ${property}`);
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

function bindings(model, screen, component, names, say) {
  const declared = object(screen.data);
  for (const text of stringsOf(component)) {
    if (pathsIn(text).length && !isDynamic(text) && text !== component.condition) say(`shows ${pathsIn(text)[0]} as it stands: a binding among other words needs backticks`);
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

/** Chosen files go to the endpoint or into the finished form, and only as a value of their own. */
function files(screen, name, payload, say) {
  const pickers = new Set();
  walk(object(screen.layout).children, (component) => { if (["PhotoPicker", "DocumentPicker"].includes(component.type)) pickers.add(component.name); });
  const reads = (value) => pathsIn(JSON.stringify(value)).some((path) => path.startsWith("form.") && pickers.has(path.slice(5)));
  for (const value of Object.values(payload)) {
    if (!reads(value)) continue;
    if (name === "navigate") say("gives chosen files to another screen, which a phone cannot");
    else if (typeof value !== "string") say("has chosen files below the first level of its payload");
  }
}

function actionProblems(model, screen, component, property, action, say) {
  const name = action.name;
  if (!limits.ACTIONS.has(name)) say(`${property} is ${name ?? "nameless"}, which is no action`);
  if (name === "complete" && !screen.terminal) say("completes, but the screen is not terminal");
  if (name === "data_exchange" && !model.hasEndpoint) say("asks an endpoint, but the flow has none");
  if (["update_data", "open_url"].includes(name) && model.version && model.version < 6) say(`${name} exists since version 6.0`);
  if (name === "open_url" && !limits.OPENS_URL.has(component.type)) say(`${property} opens a page, which only an EmbeddedLink or an OptIn can`);
  files(screen, name, object(action.payload), say);
  if (name !== "navigate") return;
  const target = object(action.next).name;
  if (!model.screen(target)) say(`navigates to ${target ?? "nowhere"}, which does not exist`);
  else if (model.routes && !model.forward(screen.id).includes(target)) say(`navigates to ${target}, which is no edge of routing_model`);
  if (screen.terminal && component.type === "Footer") say("navigates from a terminal screen's Footer");
}
