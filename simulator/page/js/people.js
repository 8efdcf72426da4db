/** The customers and their phones: joining, changing number, hiding it, dropping the connection. */
import * as api from "./api.js";
import { ask, menu, toast } from "./dom.js";
import { LANGUAGES, words } from "./words.js";
import { activate, customerOf, guests, languageOf, loadCustomers, setLanguage } from "./world.js";

const NAMES = { en: ["Emma", "Oliver", "Grace"], id: ["Sari", "Budi", "Dewi"], vi: ["Linh", "Minh", "Hương"] };
const PREFIX = { en: "6281390", id: "6281234", vi: "8490123" };

/** A new customer with a phone; name, number and language are made up where not given. */
export async function newPhone({ name = "", number = "", language = languageOf(""), hidden = false }) {
  const count = guests().length;
  const names = NAMES[language];
  const free = () => `${PREFIX[language]}${String(100000 + count * 7919 + Math.floor(Math.random() * 700000)).slice(-6)}`;
  const body = { name: name || names[count % names.length] };
  if (!hidden) body.wa_id = number.replace(/\D/g, "") || free();
  const made = await api.post("/sim/customers", body);
  setLanguage(made.id, language);
  await loadCustomers();
  activate(made.id);
  return made;
}

const languageField = (value) => ({
  name: "language", label: "Language", type: "select", value, options: LANGUAGES.map((code) => [code, words(code).language]),
});

export function askNewPhone() {
  ask("A second phone", [
    { name: "name", label: "Name" },
    { name: "number", label: "Number (empty: any)", type: "tel" },
    languageField("id"),
    { name: "hidden", label: "Hide the number: the business sees a user id only", type: "checkbox" },
  ], (given) => tried(newPhone(given)), { submit: "Open the phone" });
}

/** What failed is said, not thrown away. */
export async function tried(doing) {
  try {
    return await doing;
  } catch (problem) {
    toast(problem.message, "bad");
    return null;
  }
}

async function change(id, body) {
  await tried(api.patch(api.customer(id), body));
  await loadCustomers();
}

/** The phone's own menu. */
export function phoneMenu(id, say) {
  const who = customerOf(id);
  const visible = who.phone_visible;
  menu(words(languageOf(id)).menu, [
    who.online
      ? { icon: "off", label: "Drop the connection", act: () => change(id, { online: false }) }
      : { icon: "on", label: "Connect again", act: () => change(id, { online: true }) },
    { icon: "globe", label: "Change the language", act: () => ask("Language", [languageField(languageOf(id))], ({ language }) => setLanguage(id, language)) },
    { icon: "hash", label: "Change the number", act: () => askNumber(id) },
    who.shares_phone
      ? { icon: "eye", label: "Hide the number", act: () => hide(id) }
      : { icon: "eye", label: `Show the number (now ${visible ? "still visible" : "hidden"})`, act: () => change(id, { shares_phone: true }) },
    { icon: "person", label: "Get another user id", act: async () => { await tried(api.post(api.customer(id, "user-id"))); await loadCustomers(); } },
    { icon: "stop", label: "Say STOP", act: () => say("STOP") },
    who.takes_marketing
      ? { icon: "bell", label: "Stop offers from this business", act: () => prefer(id, false) }
      : { icon: "bell", label: "Take offers again", act: () => prefer(id, true) },
    { icon: "chat", label: "Staff answers in the app (echo)", act: () => ask("Staff types in the WhatsApp Business app", [{ name: "text", label: "Text", required: true }], ({ text }) => tried(api.post(api.customer(id, "echo"), { text }))) },
    { icon: "question", label: "Send something unsupported", act: () => tried(api.post(api.customer(id, "unsupported"))) },
  ]);
}

function askNumber(id) {
  ask("Change the number", [{ name: "wa_id", label: "New number", type: "tel", required: true }], async ({ wa_id }) => {
    await tried(api.post(api.customer(id, "number"), { wa_id: wa_id.replace(/\D/g, "") }));
    await loadCustomers();
  });
}

async function hide(id) {
  await change(id, { shares_phone: false, username: customerOf(id).username || `user.${id}` });
  if (customerOf(id).phone_visible) {
    toast("Hidden; but the business still sees the number for 30 days after the last message to or from it, as WhatsApp does it.");
  }
}

async function prefer(id, marketing) {
  await tried(api.post(api.customer(id, "preferences"), { marketing }));
  await loadCustomers();
}
