/** An open form: its stack of screens, what actions do, how the endpoint's answers are taken (reference: whatsapp 1.3 to 1.7). */
import { resolve } from "./expressions.js";
import { list, object } from "./model.js";
import { shownProblems, startValues } from "./screen.js";
import { AnswerRefused, SUCCESS, checkData, checkStep, readAnswer, readSuccess } from "./strict.js";

/** `wire` has `exchange(action, screen, data)`, `finish(params)`, `disable(words)`; `view` shows what is on top. */
export class FlowSession {
  constructor({ model, offer, wire, view, said, problem }) {
    this.model = model;
    this.offer = offer;
    this.wire = wire;
    this.view = view;
    this.said = said;
    this.problem = problem;
    this.stack = [];
    this.seen = new Map();
    this.isClosed = false;
  }

  get top() {
    return this.stack.at(-1);
  }

  /** The button was tapped: INIT for the endpoint, or the first screen with the data of the message. */
  async start() {
    this.stack = [];
    if (this.offer.action === "data_exchange") return this.ask("INIT", "", {});
    const id = this.offer.screen || this.model.entries()[0]?.id || this.model.screens[0]?.id;
    const screen = this.model.screen(id);
    if (!screen) return this.cannot({ key: "invalid-screen-transition", message: `the message opens ${id}, which does not exist` });
    if (this.model.routes && !this.model.entries().includes(screen)) this.problem({ screen: id, component: "", text: "the message opens a screen that others lead to" });
    return this.push(screen, this.offer.data ?? {});
  }

  entry(screen, data) {
    const entry = { screen, data, form: {} };
    startValues(this.model.children(screen), entry, this.scope(entry));
    this.seen.set(screen.id, entry);
    return entry;
  }

  scope(entry = this.top) {
    // A screen that was left by the way back is still readable (`${screen.ID.form.x}`).
    const screens = Object.fromEntries([...this.seen.values(), ...this.stack, entry].filter(Boolean).map((one) => [one.screen.id, { data: one.data, form: one.form }]));
    return { data: entry?.data ?? {}, form: entry?.form ?? {}, screens };
  }

  push(screen, data) {
    try {
      checkData(screen, data);
    } catch (refused) {
      this.problem({ screen: screen.id, component: refused.component, text: refused.message, key: refused.key });
    }
    this.stack.push(this.entry(screen, data));
    this.view.show();
  }

  /** Runs an action of the screen on top. */
  async act(action) {
    const given = typeof action === "string" ? { name: action } : object(action);
    const payload = object(resolve(given.payload ?? {}, this.scope()));
    switch (given.name) {
      case "navigate": return this.navigate(object(given.next).name, payload);
      case "data_exchange": return this.ask("data_exchange", this.top.screen.id, payload);
      case "complete": return this.finish(payload);
      case "update_data":
        Object.assign(this.top.data, payload);
        return this.view.refresh();
      case "open_url": return this.view.openUrl(resolve(given.url, this.scope()));
      default: return this.problem({ screen: this.top.screen.id, component: "", text: `the action ${given.name ?? "without a name"} is unknown`, key: "action" });
    }
  }

  navigate(target, payload) {
    const from = this.top.screen;
    const screen = this.model.screen(target);
    if (!screen || (this.model.routes && !this.model.forward(from.id).includes(target))) {
      return this.cannot({ key: "invalid-screen-transition", message: `${from.id} does not lead to ${target}` });
    }
    return this.push(screen, payload);
  }

  /** Back: the endpoint is asked where the screen wants it, else the screen below is there again; the first one closes. */
  async back() {
    if (this.stack.length < 2) return this.view.close();
    if (this.top.screen.refresh_on_back && this.model.hasEndpoint) return this.ask("BACK", this.top.screen.id, {});
    this.stack.pop();
    return this.view.show();
  }

  async ask(action, screen, payload) {
    if (this.isAsking) return;
    this.isAsking = true;
    this.view.loading(true);
    try {
      await this.take(action, await this.wire.exchange(action, screen, payload));
    } finally {
      this.isAsking = false;
      this.view.loading(false);
    }
  }

  /** What came of an exchange: `{status, answer, alert, message}`. */
  async take(action, result) {
    if (result.offline) return this.view.notice(this.said.noConnection);
    if (result.status === 427) {
      this.view.close();
      return this.wire.disable(result.message);
    }
    if (result.alert) return this.cannot({ key: result.alert, message: result.message, stays: result.alert === "timeout_error" });
    try {
      await this.follow(action, result.answer);
    } catch (refused) {
      if (!(refused instanceof AnswerRefused)) throw refused;
      await this.cannot(refused);
    }
  }

  async follow(action, answer) {
    const { screen: target, data } = readAnswer(answer);
    if (target === SUCCESS) return this.send(readSuccess(data));
    const below = action === "BACK" ? this.stack.slice(0, -1) : [...this.stack];
    checkStep(this.model, below.at(-1)?.screen.id ?? "", target);
    const screen = this.model.screen(target);
    checkData(screen, data);
    const place = below.findIndex((one) => one.screen.id === target);
    const known = place >= 0 ? below[place] : null;
    const { error_message: notice, ...shown } = data;
    const entry = known ? { ...known, data: shown } : this.entry(screen, shown);
    this.checkShown(entry);
    this.stack = [...(known ? below.slice(0, place) : below), entry];
    this.view.show();
    if (notice) this.view.notice(notice);
    return null;
  }

  checkShown(entry) {
    const found = shownProblems(this.model.children(entry.screen), this.scope(entry));
    for (const one of found.filter(({ dropped }) => dropped)) this.problem({ screen: entry.screen.id, component: one.component, text: `${one.text}: left out` });
    const wrong = found.find(({ dropped }) => !dropped);
    if (wrong) throw new AnswerRefused("components-validation-error", `${entry.screen.id}: ${wrong.component}: ${wrong.text}`, wrong.component);
  }

  finish(payload) {
    return this.send(payload);
  }

  async send(params) {
    this.isClosed = true;
    this.view.close();
    await this.wire.finish(params);
  }

  /** The customer sees a general error; the pane and, where the phone does so, the endpoint hear why. */
  async cannot({ key, message, component = "", stays = false }) {
    this.problem({ screen: this.top?.screen.id ?? "", component, text: message, key });
    if (REPORTED.has(key) && this.model.hasEndpoint) await this.wire.report(this.top?.screen.id ?? "", key, message);
    this.view.failed(key === "timeout_error" ? this.said.timeout : this.said.wrong, { stays: stays || this.stack.length > 0 });
  }
}

const REPORTED = new Set(["response-decryption-error", "invalid-screen-transition", "payload-schema-error", "components-validation-error"]);

/** A form looked at without an endpoint: every screen with its examples. */
export class Preview extends FlowSession {
  async start(id = this.model.entries()[0]?.id ?? this.model.screens[0]?.id) {
    this.stack = [];
    const screen = this.model.screen(id);
    if (screen) this.push(screen, this.model.examples(screen));
  }

  navigate(target) {
    const screen = this.model.screen(target);
    if (screen) this.push(screen, this.model.examples(screen));
  }

  async ask(action, _screen, payload) {
    this.view.notice(`${action}: ${JSON.stringify(payload)}`);
    if (action === "BACK") {
      this.stack.pop();
      return this.view.show();
    }
    const [next] = list(this.model.routes?.[this.top.screen.id]);
    return next ? this.navigate(next) : null;
  }

  async finish(payload) {
    this.view.notice(`complete: ${JSON.stringify(payload)}`);
  }
}
