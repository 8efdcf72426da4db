/** The bar: time, trouble, language, restart, the whole world as a file. */
import * as api from "./api.js";
import { fill, h, toast } from "./dom.js";
import { tried } from "./people.js";
import { LANGUAGES, words } from "./words.js";
import { languageOf, loadClock, now, on, setLanguage, world } from "./world.js";

export function buildBar(root) {
  fill(root, h("strong", { class: "brand" }, "The offline phone"));
}
