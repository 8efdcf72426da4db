/**
 * Bindings and expressions of Flow JSON: `${data.x}`, `${form.x}`, `${screen.ID.form.x}`, and, between backticks or as a
 * condition, == != < <= > >= && || ! + - * / % with brackets; strings side by side are joined; division by nought is nought.
 */

export class BadExpression extends Error {}

const BINDING = /^\$\{([^{}]+)\}$/;
const TOKEN = /\s*(?:(\$\{[^{}]+\})|('(?:[^'\\]|\\.)*')|(\d+(?:\.\d+)?)|(==|!=|<=|>=|&&|\|\||[<>!()+\-*/%])|(true|false)\b)/y;

/** Whether a string is looked up or computed, not shown as it stands. */
export const isDynamic = (value) => typeof value === "string" && (BINDING.test(value) || isExpression(value));

const isExpression = (value) => value.length > 1 && value.startsWith("`") && value.endsWith("`");

/** The value of a property, looked up in the scope; everything else is itself. Objects and lists are resolved inside. */
export function resolve(value, scope) {
  if (typeof value === "string") {
    const binding = BINDING.exec(value);
    if (binding) return lookUp(binding[1], scope);
    return isExpression(value) ? evaluate(value.slice(1, -1), scope) : value;
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, name.endsWith("-action") ? inner : resolve(inner, scope)]));
  }
  return value;
}

/** What a path stands for; undefined where it leads nowhere. */
export function lookUp(path, scope) {
  const steps = path.trim().split(".");
  let here = scope;
  if (steps[0] === "screen") {
    here = scope.screens?.[steps[1]];
    steps.splice(0, 2);
  }
  for (const step of steps) {
    if (here === undefined || here === null || !Object.hasOwn(Object(here), step)) return undefined;
    here = here[step];
  }
  return here;
}

/** All paths a string reads. */
export function pathsIn(text) {
  return [...text.matchAll(/\$\{([^{}]+)\}/g)].map((found) => found[1].trim());
}

/** The value of an expression; raises BadExpression where it is none. */
export function evaluate(text, scope) {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = () => tokens[at]?.text;
  const take = () => tokens[at++];

  function primary() {
    const token = take();
    if (!token) throw new BadExpression(`it ends too early: ${text}`);
    if (token.kind === "path") return lookUp(token.text.slice(2, -1), scope);
    if (token.kind === "string") return token.text.slice(1, -1).replace(/\\(.)/g, "$1");
    if (token.kind === "number") return Number(token.text);
    if (token.kind === "word") return token.text === "true";
    if (token.text === "!") return !truthy(primary());
    if (token.text === "-") return -Number(primary());
    if (token.text !== "(") throw new BadExpression(`${token.text} is not expected in: ${text}`);
    const inner = level(0);
    if (take()?.text !== ")") throw new BadExpression(`a bracket is not closed: ${text}`);
    return inner;
  }

  /** Values that stand side by side are joined. */
  function joined() {
    let value = primary();
    while (tokens[at] && ["path", "string", "number", "word"].includes(tokens[at].kind)) value = `${shown(value)}${shown(primary())}`;
    return value;
  }

  function level(depth) {
    if (depth === LEVELS.length) return joined();
    let left = level(depth + 1);
    while (LEVELS[depth].includes(peek())) {
      const operator = take().text;
      left = OPERATORS[operator](left, level(depth + 1));
    }
    return left;
  }

  const value = level(0);
  if (at < tokens.length) throw new BadExpression(`${peek()} is not expected in: ${text}`);
  return value;
}

/** Whether a condition holds; written with or without backticks. */
export function holds(condition, scope) {
  if (typeof condition === "boolean") return condition;
  if (typeof condition !== "string") throw new BadExpression("a condition is a string");
  return truthy(evaluate(isExpression(condition) ? condition.slice(1, -1) : condition, scope));
}

const LEVELS = [["||"], ["&&"], ["==", "!="], ["<", "<=", ">", ">="], ["+", "-"], ["*", "/", "%"]];
const truthy = (value) => Array.isArray(value) ? value.length > 0 : Boolean(value);
const shown = (value) => value === undefined || value === null ? "" : String(value);
/** What nobody has filled in yet is the empty text. */
const isSame = (a, b) => (a ?? "") === (b ?? "");
const OPERATORS = {
  "||": (a, b) => truthy(a) || truthy(b),
  "&&": (a, b) => truthy(a) && truthy(b),
  "==": (a, b) => isSame(a, b),
  "!=": (a, b) => !isSame(a, b),
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "+": (a, b) => typeof a === "number" && typeof b === "number" ? a + b : `${shown(a)}${shown(b)}`,
  "-": (a, b) => Number(a) - Number(b),
  "*": (a, b) => Number(a) * Number(b),
  "/": (a, b) => Number(b) === 0 ? 0 : Number(a) / Number(b),
  "%": (a, b) => Number(b) === 0 ? 0 : Number(a) % Number(b),
};

function tokensOf(text) {
  const tokens = [];
  const kinds = ["path", "string", "number", "sign", "word"];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) throw new BadExpression(`cannot be read at “${text.slice(start, start + 20)}”`);
    const kind = kinds.findIndex((_, place) => found[place + 1] !== undefined);
    tokens.push({ kind: kinds[kind], text: found[kind + 1] });
  }
  return tokens;
}
