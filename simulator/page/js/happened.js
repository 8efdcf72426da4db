/** What happened: every webhook out and call in. */
import { fill, h } from "./dom.js";

export function buildHappened(root) {
  fill(root, h("div", { class: "pane-head" }, h("h2", {}, "What happened")));
}
