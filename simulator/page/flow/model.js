/** A Flow JSON as one value that can be asked, whatever is missing in it. */

export const list = (value) => Array.isArray(value) ? value : [];
export const object = (value) => value && typeof value === "object" && !Array.isArray(value) ? value : {};

/** The components of a list and of every branch below, each with where it stands: `visit(component, place)`. */
export function walk(children, visit, place = { path: "", depth: 0, branch: "" }) {
  list(children).forEach((child, index) => {
    const component = object(child);
    const path = `${place.path}/${index}`;
    visit(component, { ...place, path, index });
    walk(component.children, visit, { ...place, path });
    const deeper = component.type === "If" ? place.depth + 1 : place.depth;
    for (const branch of ["then", "else"]) walk(component[branch], visit, { path: `${path}/${branch}`, depth: deeper, branch: `${path}/${branch}` });
    for (const [name, inner] of Object.entries(object(component.cases))) {
      walk(inner, visit, { path: `${path}/${name}`, depth: deeper, branch: `${path}/${name}` });
    }
  });
}

/** How a component is named in a message for people. */
export const nameOf = (component) => `${component.type ?? "?"}${component.name ? ` “${component.name}”` : ""}`;

/** Every action of a component: its own and its options'. */
export function actionsOf(component) {
  const found = [];
  const collect = (value, name) => {
    if (name.endsWith("-action") && value && typeof value === "object") found.push([name, value]);
    else if (Array.isArray(value)) for (const item of value) collect(item, "");
    else if (value && typeof value === "object") for (const [key, inner] of Object.entries(value)) collect(inner, key);
  };
  for (const [key, value] of Object.entries(component)) {
    if (!["children", "then", "else", "cases"].includes(key)) collect(value, key);
  }
  return found;
}

export class FlowModel {
  constructor(json) {
    this.json = object(json);
    this.version = Number.parseFloat(this.json.version) || 0;
    this.screens = list(this.json.screens).map(object);
    this.hasEndpoint = this.json.data_api_version !== undefined || this.json.data_channel_uri !== undefined;
    this.routes = this.json.routing_model === undefined ? null : object(this.json.routing_model);
  }

  screen(id) {
    return this.screens.find((screen) => screen.id === id);
  }

  children(screen) {
    return list(object(screen?.layout).children);
  }

  /** Screens no other screen leads to. */
  entries() {
    if (!this.routes) return this.screens.slice(0, 1);
    const inner = new Set(Object.values(this.routes).flatMap(list));
    return this.screens.filter((screen) => !inner.has(screen.id));
  }

  forward(id) {
    return this.routes ? list(this.routes[id]) : this.screens.map((screen) => screen.id);
  }

  leadsTo(from, to) {
    const seen = new Set();
    const todo = [from];
    while (todo.length) {
      const here = todo.pop();
      if (seen.has(here)) continue;
      seen.add(here);
      todo.push(...this.forward(here));
    }
    return from !== to && seen.has(to);
  }

  /** The data a screen declares, each field with its example. */
  examples(screen) {
    return Object.fromEntries(Object.entries(object(screen?.data)).map(([name, schema]) => [name, object(schema).__example__]));
  }
}
