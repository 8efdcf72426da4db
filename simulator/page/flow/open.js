/** Opens a form on a phone, or as a preview, and shows it over the chat. */
import * as api from "../js/api.js";
import { fill, h, iconButton, sheet, toast } from "../js/dom.js";
import { dayOf, words } from "../js/words.js";
import { customerOf, emit, languageOf, now, world } from "../js/world.js";
import { lint } from "./lint.js";
import { FlowModel } from "./model.js";
import { ScreenParts } from "./screen.js";
import { FlowSession, Preview } from "./session.js";

/** The button of a form's message was tapped. */
export async function openForm(customer, bubble) {
  const said = words(languageOf(customer));
  let offer;
  try {
    offer = await api.post(api.customer(customer, "flow"), { bubble: bubble.id });
  } catch (problem) {
    noteProblem(bubble.flow?.name || bubble.flow?.id || "form", { screen: "", component: "", text: problem.message, key: "cannot_be_served" });
    toast(`${said.notOpened} ${problem.message}`, "bad");
    return;
  }
  const model = new FlowModel(offer.json);
  const note = (problem) => noteProblem(offer.name, problem);
  lint(model).forEach(note);
  const view = new FlowView(customer, model, offer.mode === "draft" ? `Draft · ${offer.name}` : "");
  const session = new FlowSession({ model, offer, wire: wireOf(customer, bubble, said), view, said, problem: note });
  view.open(session);
  await session.start();
}

/** A Flow JSON from a file, without an endpoint: each screen with its examples; its problems are listed. */
export async function openPreview(name, json) {
  const model = new FlowModel(json);
  const problems = lint(model);
  const note = (problem) => noteProblem(name, problem);
  problems.forEach(note);
  const view = new FlowView(world.active, model, `Preview · ${name}`);
  const session = new Preview({ model, offer: {}, wire: {}, view, said: words(languageOf(world.active)), problem: note });
  view.open(session);
  view.offerScreens(problems);
  await session.start();
  return problems;
}

function noteProblem(form, problem) {
  emit("form-problem", { form, at: now().toISOString(), ...problem });
}

function wireOf(customer, bubble, said) {
  const send = (body) => api.post(api.customer(customer, "flow/exchange"), { bubble: bubble.id, ...body });
  return {
    async exchange(action, screen, data) {
      if (!customerOf(customer)?.online) return { offline: true };
      try {
        return await send({ action, screen, data });
      } catch (problem) {
        return { status: 0, alert: "no_http_response_error", message: problem.message };
      }
    },
    report: (screen, error, error_message) => send({ action: "data_exchange", screen, data: { error, error_message } }).catch(() => null),
    async finish(response) {
      try {
        await api.post(api.customer(customer, "form"), { response, bubble: bubble.id });
      } catch (problem) {
        toast(problem.message, "bad");
      }
    },
    disable: (message) => sheet(said.disabled, h("p", { role: "alert" }, message), { closeLabel: said.close }),
  };
}

/** The form over the phone: head with back and close, the screen, what is loading, what went wrong. */
class FlowView {
  constructor(customer, model, banner) {
    this.customer = customer;
    this.model = model;
    this.said = words(languageOf(customer));
    this.title = h("h2", { tabIndex: -1 });
    this.body = h("div", { class: "flow-body-scroll" });
    this.snack = h("div", { class: "snack", role: "alert", hidden: true });
    this.veil = h("div", { class: "veil", role: "status", hidden: true }, h("span", { class: "spinner", "aria-hidden": "true" }), this.said.loading);
    this.banner = h("div", { class: "banner", hidden: !banner }, banner);
  }

  open(session) {
    this.session = session;
    this.dialog = sheet("", "", { kind: "flow" });
    this.dialog.lang = languageOf(this.customer);
    fill(this.dialog,
      h("div", { class: "sheet-head" }, iconButton("back", this.said.back, () => session.back(), { class: "flow-back" }), this.title, iconButton("close", this.said.close, () => this.close())),
      this.banner, this.body, this.snack, this.veil);
  }

  /** Shows the screen on top of the stack. */
  show() {
    const entry = this.session.top;
    const children = this.model.children(entry.screen);
    this.title.textContent = String(entry.screen.title ?? "");
    this.dialog.setAttribute("aria-label", this.title.textContent);
    this.dialog.dataset.screen = entry.screen.id;
    this.snack.hidden = true;
    this.parts = new ScreenParts(children, this.host(entry));
    fill(this.body, this.parts.node);
    this.body.scrollTop = 0;
    this.title.focus();
  }

  host(entry) {
    const language = languageOf(this.customer);
    return {
      entry, said: this.said, language, version: this.model.version, today: dayOf(now(), language),
      scope: () => this.session.scope(entry),
      changed: () => this.parts?.refresh(),
      keep: (file) => keepFile(this.customer, file),
      problem: (component, text) => this.session.problem({ screen: entry.screen.id, component, text }),
      act: (action, { isFooter = false } = {}) => this.act(action, isFooter),
    };
  }

  async act(action, isFooter) {
    this.snack.hidden = true;
    if (isFooter) {
      const wrong = this.parts.firstWrong();
      if (wrong) return wrong.focus();
    }
    try {
      return await this.session.act(action);
    } catch (problem) {
      this.session.problem({ screen: this.session.top?.screen.id ?? "", component: "", text: problem.message });
      return this.failed(this.said.wrong, { stays: true });
    }
  }

  refresh() {
    this.parts.refresh();
  }

  loading(on) {
    this.veil.hidden = !on;
    this.body.inert = on;
  }

  notice(text) {
    this.snack.textContent = text;
    this.snack.hidden = false;
  }

  failed(text, { stays }) {
    if (!this.dialog.isConnected) return toast(text, "bad");
    this.notice(text);
    if (stays) return null;
    this.title.textContent = this.said.wrong;
    return fill(this.body, h("div", { class: "flow-failed" }, h("p", {}, text), h("button", { type: "button", class: "main", onclick: () => { this.snack.hidden = true; this.session.start(); } }, this.said.retry)));
  }

  openUrl(url) {
    if (/^https?:/.test(String(url))) window.open(url, "_blank", "noreferrer,noopener");
  }

  close() {
    this.dialog.close();
  }

  offerScreens(problems) {
    const choose = h("select", { "aria-label": "Screen", onchange: () => this.session.start(choose.value) }, this.model.screens.map((screen) => h("option", { value: String(screen.id) }, String(screen.id))));
    this.banner.append(" ", choose, h("details", {}, h("summary", {}, `${problems.length} problems`), h("ul", {}, problems.map((one) => h("li", {}, [one.screen, one.component, one.text].filter(Boolean).join(": "))))));
    if (!this.model.screens.length) fill(this.body, h("p", { class: "unsupported" }, "This file has no screens: it is no Flow JSON."));
  }
}

/** A chosen file goes to the simulated Meta at once, as the phone uploads it. */
async function keepFile(customer, file) {
  return api.post(api.customer(customer, "flow/file"), { file_name: file.name, mime_type: file.type || "application/octet-stream", content_base64: await api.base64Of(file) });
}
