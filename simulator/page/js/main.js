/** Starts the page: loads the world, builds the panes, follows the feed. */
import * as api from "./api.js";
import { buildBar } from "./bar.js";
import { buildCheckout } from "./checkout.js";
import { toast } from "./dom.js";
import { buildHappened } from "./happened.js";
import { newPhone } from "./people.js";
import { buildPhones } from "./phones.js";
import { buildTabs } from "./tabs.js";
import { standIn } from "./words.js";
import { follow, forget, guests, loadClock, loadCustomers, on, world } from "./world.js";

/** A world without a guest gets its first one, so that one can type at once. */
async function somebody() {
  await loadCustomers();
  if (!guests().length) await newPhone({});
}

async function start() {
  world.health = await api.get("/sim/health");
  standIn(world.health.timezone ?? "");
  await loadClock();
  await somebody();
  buildBar(document.getElementById("bar"));
  buildPhones(document.getElementById("phone-pane"));
  buildCheckout(document.getElementById("checkout-pane"));
  buildHappened(document.getElementById("happened-pane"));
  buildTabs(document.getElementById("tabs"));
  on("customer", loadCustomers);
  on("reset", async () => {
    forget();
    await loadClock();
    await somebody();
  });
  await follow();
  document.body.dataset.ready = "yes";
}

start().catch((problem) => toast(`The page could not start: ${problem.message}`, "bad"));
