/** The markdown subset of RichText, TextBody and TextCaption, as nodes; links and pictures only where they can do no harm. */
import { h } from "../js/dom.js";

/** @type {[RegExp, (found: RegExpExecArray) => Node][]} */
const INLINE = [
  [/!\[([^\]]*)\]\((data:image\/(?:png|jpe?g|webp);base64,[^)]+)\)/, (found) => h("img", { src: found[2], alt: found[1] })],
  [/\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)/, (found) => h("a", { href: found[2], target: "_blank", rel: "noreferrer noopener" }, found[1])],
  [/\*\*([^*]+)\*\*/, (found) => h("strong", {}, inline(found[1]))],
  [/~~([^~]+)~~/, (found) => h("s", {}, inline(found[1]))],
  [/(?<!\*)\*([^*\n]+)\*(?!\*)/, (found) => h("em", {}, inline(found[1]))],
];

export function inline(text) {
  let first = null;
  for (const [pattern, build] of INLINE) {
    const found = pattern.exec(text);
    if (found && (!first || found.index < first.found.index)) first = { found, build };
  }
  if (!first) return [text];
  const { found, build } = first;
  return [text.slice(0, found.index), build(found), ...inline(text.slice(found.index + found[0].length))];
}

/** Whole paragraphs: headings, lists, tables. */
export function richText(text) {
  const lines = (Array.isArray(text) ? text : String(text ?? "").split("\n")).flatMap((line) => String(line).split("\n"));
  const nodes = [];
  let open = null;
  for (const line of lines) {
    const [kind, build] = lineKind(line);
    if (kind === "table" && /^\s*\|?[\s:|-]+\|?\s*$/.test(line)) continue;
    if (!kind || open?.dataset.kind !== kind) open = null;
    if (["ul", "ol", "table"].includes(kind)) {
      if (!open) {
        open = h(kind, { dataset: { kind } });
        nodes.push(open);
      }
      open.append(build());
    } else if (line.trim()) nodes.push(build());
  }
  return nodes;
}

/** @returns {[string, () => HTMLElement]} */
function lineKind(line) {
  const heading = /^(#{1,2}) (.+)$/.exec(line);
  if (heading) return ["heading", () => h(heading[1].length === 1 ? "h3" : "h4", {}, inline(heading[2]))];
  const bullet = /^\s*[-+*] (.+)$/.exec(line);
  if (bullet) return ["ul", () => h("li", {}, inline(bullet[1]))];
  const number = /^\s*\d+\. (.+)$/.exec(line);
  if (number) return ["ol", () => h("li", {}, inline(number[1]))];
  const row = /^\s*\|(.+)\|\s*$/.exec(line);
  if (row) return ["table", () => h("tr", {}, row[1].split("|").map((cell) => h("td", {}, inline(cell.trim()))))];
  return ["", () => h("p", {}, inline(line))];
}
