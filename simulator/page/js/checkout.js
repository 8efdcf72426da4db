/** The checkout: the simulated Xendit's own page, in a frame, when a payment link is tapped. */
import { fill, h, iconButton } from "./dom.js";
import { emit } from "./world.js";

let pane = null;

export function buildCheckout(root) {
  pane = root;
}

/** A link to the simulated checkout opens beside the phone; any other link opens in a tab of its own. */
export function openLink(url) {
  const address = new URL(url, location.href);
  if (!/^\/checkout\/[^/]+$/.test(address.pathname)) {
    window.open(address.href, "_blank", "noreferrer,noopener");
    return;
  }
  // The backend may have been given another name of this machine: the page's own origin serves it as well.
  const own = address.pathname;
  // Each deed on the checkout loads its page anew: whoever shows money looks again.
  const frame = h("iframe", { src: own, title: "Checkout", class: "checkout-frame", onload: () => emit("paid-or-not") });
  fill(pane,
    h("div", { class: "pane-head" },
      h("h2", {}, "Checkout"),
      h("a", { href: own, target: "_blank", rel: "noopener" }, "Own tab"),
      iconButton("again", "Load again", () => { frame.src = own; }),
      iconButton("close", "Close the checkout", close)),
    frame);
  pane.hidden = false;
  emit("checkout", { open: true });
}

function close() {
  pane.hidden = true;
  fill(pane);
  emit("checkout", { open: false });
}
