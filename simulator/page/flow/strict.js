/** What a real phone refuses in an endpoint's answer, under the key it reports (reference: whatsapp 1.4, 1.5, 1.7). */
import { hasNull } from "./lint.js";
import { list, object } from "./model.js";

export class AnswerRefused extends Error {
  /** `key` is null where the phone reports nothing. */
  constructor(key, message, component = "") {
    super(message);
    this.key = key;
    this.component = component;
  }
}

export const SUCCESS = "SUCCESS";

/** The screen and data of an answer. */
export function readAnswer(answer) {
  if (answer === null || typeof answer !== "object" || Array.isArray(answer)) throw new AnswerRefused(null, "invalid response format: the answer is no object");
  if (typeof answer.screen !== "string") throw new AnswerRefused(null, "invalid response format: screen is missing or no text");
  const data = answer.data ?? {};
  if (typeof data !== "object" || Array.isArray(data)) throw new AnswerRefused(null, "invalid response format: data is no object");
  if (!["undefined", "string"].includes(typeof data.error_message)) throw new AnswerRefused(null, "invalid response format: error_message is no text");
  return { screen: answer.screen, data };
}

/** The params of a finished form. */
export function readSuccess(data) {
  const params = object(data.extension_message_response).params;
  if (!params || typeof params !== "object" || Array.isArray(params)) throw new AnswerRefused("payload-schema-error", "SUCCESS without extension_message_response.params");
  if (typeof params.flow_token !== "string") throw new AnswerRefused("payload-schema-error", "SUCCESS without params.flow_token");
  return params;
}

/** Whether a phone goes from `current` (empty: the form opens) to `target`. */
export function checkStep(model, current, target) {
  const screen = model.screen(target);
  if (!screen) throw new AnswerRefused("invalid-screen-transition", `there is no screen ${target}`);
  if (!current) {
    if (!model.entries().includes(screen)) throw new AnswerRefused("invalid-screen-transition", `${target} has incoming nodes, a form cannot open on it`);
    return;
  }
  if (target === current || model.forward(current).includes(target)) return;
  if (model.leadsTo(target, current) && screen.refresh_on_back) return;
  throw new AnswerRefused("invalid-screen-transition", `${current} does not lead to ${target}`);
}

/** Every declared field is there and of its type, nothing is null. */
export function checkData(screen, data) {
  if (hasNull(data)) throw new AnswerRefused("payload-schema-error", `${screen.id}: null in data`, pathOfNull(data, "data"));
  for (const [name, schema] of Object.entries(object(screen.data))) {
    if (!(name in data)) throw new AnswerRefused("payload-schema-error", `${screen.id}: data.${name} is missing`, `data.${name}`);
    checkType(`data.${name}`, object(schema), data[name], screen.id);
  }
}

function pathOfNull(value, path) {
  if (value === null) return path;
  for (const [name, inner] of Object.entries(value)) {
    if (hasNull(inner)) return typeof inner === "object" ? pathOfNull(inner, `${path}.${name}`) : path;
  }
  return path;
}

function checkType(path, schema, value, screen) {
  const kind = Array.isArray(value) ? "array" : typeof value;
  const wanted = schema.type === "integer" ? "number" : schema.type;
  if (wanted !== undefined && kind !== wanted) throw new AnswerRefused("payload-schema-error", `${screen}: ${path} is ${kind}, declared as ${schema.type}`, path);
  if (kind === "array") for (const [place, item] of list(value).entries()) checkType(`${path}[${place}]`, object(schema.items), item, screen);
  if (kind !== "object") return;
  for (const [name, inner] of Object.entries(object(schema.properties))) if (name in value) checkType(`${path}.${name}`, object(inner), value[name], screen);
}
