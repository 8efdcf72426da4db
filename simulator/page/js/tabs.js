/** On a small screen one pane is seen at a time; these choose which. */
import { fill, h } from "./dom.js";
import { on } from "./world.js";

const PANES = [["phone-pane", "Phone"], ["checkout-pane", "Checkout"], ["happened-pane", "What happened"], ["bar", "World"]];

export function showPane(id) {
  document.body.dataset.pane = id;
  for (const tab of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#tabs button"))) {
    tab.setAttribute("aria-pressed", String(tab.dataset.pane === id));
  }
}

export function buildTabs(root) {
  const checkout = document.getElementById("checkout-pane");
  fill(root, PANES.map(([id, name]) =>
    h("button", { type: "button", dataset: { pane: id }, onclick: () => showPane(id) }, name)));
  const refresh = () => {
    root.querySelector("[data-pane=checkout-pane]").hidden = checkout.hidden;
    if (checkout.hidden && document.body.dataset.pane === "checkout-pane") showPane("phone-pane");
  };
  on("checkout", ({ open }) => { refresh(); showPane(open ? "checkout-pane" : "phone-pane"); });
  refresh();
  showPane("phone-pane");
}
