/** WhatsApp's text markup as DOM nodes: never as HTML text, so that a message can put nothing into the page. */
import { h } from "./dom.js";

// A mark opens after a space or a bracket and closes before one, as in WhatsApp.
/** @type {[RegExp, (inner: string) => Node][]} */
const INLINE = [
  [/```([\s\S]+?)```/, (inner) => h("code", { class: "block" }, inner)],
  [/`([^`\n]+)`/, (inner) => h("code", {}, inner)],
  [/(?<![\p{L}\p{N}*])\*(?![\s*])([^*\n]*?[^\s*])\*(?![\p{L}\p{N}*])/u, (inner) => h("strong", {}, inlined(inner))],
  [/(?<![\p{L}\p{N}_])_(?![\s_])([^_\n]*?[^\s_])_(?![\p{L}\p{N}_])/u, (inner) => h("em", {}, inlined(inner))],
  [/(?<![\p{L}\p{N}~])~(?![\s~])([^~\n]*?[^\s~])~(?![\p{L}\p{N}~])/u, (inner) => h("s", {}, inlined(inner))],
  [/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'])/, (inner) => link(inner)],
];

function link(url) {
  return h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, url);
}

function inlined(text) {
  let first = null;
  for (const [pattern, build] of INLINE) {
    const found = pattern.exec(text);
    if (found && (first === null || found.index < first.found.index)) first = { found, build };
  }
  if (first === null) return [text];
  const { found, build } = first;
  return [text.slice(0, found.index), build(found[1]), ...inlined(text.slice(found.index + found[0].length))];
}

/** @type {[RegExp, string][]} */
const LISTS = [[/^[-*] (.+)$/, "ul"], [/^\d{1,3}\. (.+)$/, "ol"], [/^> ?(.+)$/, "blockquote"]];

/** The nodes of a text. */
export function markup(text) {
  const nodes = [];
  let plain = [];
  let group = null;
  const flush = () => {
    if (plain.length) nodes.push(h("span", { class: "words" }, inlined(plain.join("\n"))));
    plain = [];
  };
  for (const line of text.includes("```") ? [text] : text.split("\n")) {
    const kind = LISTS.find(([pattern]) => pattern.test(line));
    if (!kind) {
      group = null;
      plain.push(line);
      continue;
    }
    const [pattern, tag] = kind;
    const inner = inlined(pattern.exec(line)[1]);
    if (group?.tagName.toLowerCase() !== tag) {
      flush();
      group = h(tag, tag === "ol" ? { start: Number.parseInt(line, 10) } : {});
      nodes.push(group);
    }
    group.append(tag === "blockquote" ? h("div", {}, inner) : h("li", {}, inner));
  }
  flush();
  return nodes;
}
