/** Opens a form on a phone. */
import { toast } from "../js/dom.js";

export async function openForm() {
  toast("Forms are not here yet", "bad");
}
