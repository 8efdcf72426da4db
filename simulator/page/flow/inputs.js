/** The components a person fills in: how each is drawn, what it holds at first, what is wrong with what it holds. */
import { h, iconButton } from "../js/dom.js";
import { icon } from "../js/icons.js";
import { put } from "../js/words.js";
import { allows, asDay, bounds, monthGrid, rangeProblem } from "./calendar.js";
import { list, object } from "./model.js";

const one = (value) => typeof value === "string" ? value : "";
const several = (value) => Array.isArray(value) ? value : [];
const empty = (value) => value === undefined || value === "" || value === false || (Array.isArray(value) && !value.length);

/** `{draw(props, field), start(value), problem(value, props, said)}` by component. `field` has `value`, `set`, `said`, `id`, `act`. */
export const INPUTS = {
  TextInput: { draw: textInput, start: one, problem: textProblem },
  TextArea: { draw: textArea, start: one, problem: textProblem },
  CheckboxGroup: { draw: (props, field) => options(props, field, "checkbox"), start: several, problem: countProblem },
  ChipsSelector: { draw: chips, start: several, problem: countProblem },
  RadioButtonsGroup: { draw: (props, field) => options(props, field, "radio"), start: one, problem: required },
  Dropdown: { draw: dropdown, start: one, problem: required },
  OptIn: { draw: optIn, start: (value) => value === true, problem: required },
  DatePicker: { draw: datePicker, start: one, problem: dateProblem },
  CalendarPicker: { draw: calendarPicker, start: (value) => value ?? "", problem: calendarProblem },
  PhotoPicker: { draw: files, start: several, problem: fileProblem },
  DocumentPicker: { draw: files, start: several, problem: fileProblem },
};

/* ---- what is wrong ---- */

function required(value, props, said) {
  return props.required && empty(value) ? said.required : "";
}

const NUMBER = /^-?\d+([.,]\d+)?$/;
const FORMS = { email: [/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "notEmail"], number: [NUMBER, "notNumber"], phone: [/^\+?[\d\s()-]{5,20}$/, "notPhone"], passcode: [/^\d+$/, "notNumber"] };

function textProblem(value, props, said) {
  if (empty(value)) return required(value, props, said);
  const fewest = Number(props["min-chars"] ?? 0);
  const most = Number(props["max-chars"] ?? props["max-length"] ?? (props.type === "TextArea" ? 600 : 80));
  if (value.length < fewest) return put(said.tooShort, fewest);
  if (value.length > most) return put(said.tooLong, most);
  const [form, words] = FORMS[props["input-type"]] ?? [];
  if (form && !form.test(value)) return said[words];
  return fits(props.pattern, value) ? "" : said.notPattern;
}

function fits(pattern, value) {
  if (!pattern) return true;
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true;
  }
}

function countProblem(value, props, said) {
  if (empty(value)) return required(value, props, said);
  const [fewest, most] = [props["min-selected-items"], props["max-selected-items"]];
  if (fewest && value.length < fewest) return put(said.more, fewest);
  return most && value.length > most ? put(said.fewer, most) : "";
}

function dateProblem(value, props, said) {
  if (empty(value)) return required(value, props, said);
  return allows(bounds(props), asDay(value)) ? "" : said.badDate;
}

function calendarProblem(value, props, said) {
  if (props.mode !== "range") return dateProblem(value, props, said);
  const range = object(value);
  // `required` is one word for both ends, or one for each.
  const needs = (end) => typeof props.required === "object" ? object(props.required)[end] === true : props.required === true;
  if (["start-date", "end-date"].some((end) => !range[end] && needs(end))) return said.required;
  if (!range["start-date"] || !range["end-date"]) return "";
  const wrong = rangeProblem(props, range["start-date"], range["end-date"]);
  if (wrong) return wrong.fewest ? put(said.more, wrong.fewest) : put(said.fewer, wrong.most);
  return "";
}

function fileProblem(value, props, said) {
  const prefix = props.type === "PhotoPicker" ? "photos" : "documents";
  const fewest = Number(props[`min-uploaded-${prefix}`] ?? 0);
  const most = Number(props[`max-uploaded-${prefix}`] ?? 30);
  if (value.length < fewest) return put(said.more, fewest);
  return value.length > most ? put(said.fewer, most) : "";
}

/* ---- how it is drawn ---- */

/** What ties a field to its words for a screen reader. */
const told = (props, field) => ({
  id: field.id, required: Boolean(props.required), disabled: props.enabled === false,
  "aria-invalid": field.error ? "true" : undefined, "aria-describedby": `${field.id}-help ${field.id}-error`,
});

const label = (props, field) => h("label", { for: field.id }, one(props.label), props.required ? null : h("small", {}, ` (${field.said.optional})`));

function textInput(props, field) {
  const kind = { number: "text", passcode: "password", phone: "tel" }[props["input-type"]] ?? props["input-type"] ?? "text";
  const mode = { number: "decimal", passcode: "numeric" }[props["input-type"]];
  return [label(props, field), h("input", { ...told(props, field), type: kind, inputmode: mode, autocomplete: "off", value: String(field.value ?? ""),
    maxlength: String(props["max-chars"] ?? 80), oninput: (event) => field.set(event.target.value) })];
}

function textArea(props, field) {
  const area = h("textarea", { ...told(props, field), rows: 3, maxlength: String(props["max-length"] ?? 600), oninput: (event) => field.set(event.target.value) });
  area.value = String(field.value ?? "");
  return [label(props, field), area];
}

/** Pictures in flows are base64 without a head. */
export function pictureSource(text) {
  if (typeof text !== "string" || !text) return "";
  if (text.startsWith("data:image/")) return text;
  return `data:image/${text.startsWith("/9j/") ? "jpeg" : text.startsWith("UklG") ? "webp" : "png"};base64,${text}`;
}

function optionWords(option) {
  return [
    option.image ? h("img", { class: "option-image", src: pictureSource(option.image), alt: one(option["alt-text"]) }) : null,
    option.color ? swatch(option.color) : null,
    h("span", { class: "row-words" }, h("span", {}, one(option.title)), option.description ? h("small", {}, one(option.description)) : null,
      option.metadata ? h("small", {}, one(option.metadata)) : null),
  ];
}

function swatch(color) {
  const mark = h("span", { class: "swatch", "aria-hidden": "true" });
  mark.style.background = /^#?[0-9a-f]{3,8}$/i.test(color) ? `#${color.replace("#", "")}` : "transparent";
  return mark;
}

const group = (props, field, content) => h("fieldset", { id: field.id, "aria-describedby": `${field.id}-help ${field.id}-error`, "aria-invalid": field.error ? "true" : undefined },
  h("legend", {}, one(props.label), props.required ? null : h("small", {}, ` (${field.said.optional})`)),
  props.description ? h("p", { class: "description" }, one(props.description)) : null, content);

function options(props, field, kind) {
  const chosen = kind === "radio" ? [field.value] : several(field.value);
  return [group(props, field, list(props["data-source"]).map(object).map((option) => h("label", { class: "row" },
    optionWords(option),
    h("input", { type: kind, name: field.id, value: String(option.id), checked: chosen.includes(option.id), disabled: props.enabled === false || option.enabled === false,
      onchange: (event) => choose(props, field, kind, option, event.target.checked) }))))];
}

function choose(props, field, kind, option, on) {
  const before = several(field.value);
  // Choosing one radio button unselects the one before.
  const left = kind === "radio" ? list(props["data-source"]).map(object).find((other) => other.id === field.value && other.id !== option.id) : undefined;
  field.set(kind === "radio" ? option.id : on ? [...before, option.id] : before.filter((id) => id !== option.id));
  field.act(left?.["on-unselect-action"]);
  field.act(on ? option["on-select-action"] : option["on-unselect-action"]);
  field.act(on ? props["on-select-action"] : props["on-unselect-action"] ?? props["on-select-action"]);
}

function chips(props, field) {
  const chosen = several(field.value);
  return [group(props, field, h("div", { class: "chips" }, list(props["data-source"]).map(object).map((option) => h("button", {
    type: "button", class: "chip", "aria-pressed": String(chosen.includes(option.id)), disabled: props.enabled === false || option.enabled === false,
    onclick: () => choose(props, field, "chips", option, !several(field.value).includes(option.id)) , dataset: { option: String(option.id) },
  }, one(option.title)))))];
}

function dropdown(props, field) {
  const all = list(props["data-source"]).map(object);
  return [label(props, field), h("select", { ...told(props, field), onchange: (event) => {
    const option = all.find((item) => String(item.id) === event.target.value);
    field.set(option ? option.id : "");
    field.act(option ? option["on-select-action"] : props["on-unselect-action"]);
    if (option) field.act(props["on-select-action"]);
  } }, h("option", { value: "" }, field.said.selectOne),
  all.map((option) => h("option", { value: String(option.id), selected: option.id === field.value, disabled: option.enabled === false },
    [option.title, option.description, option.metadata].filter(Boolean).join(" · "))))];
}

function optIn(props, field) {
  return [h("label", { class: "check" }, h("input", { ...told(props, field), type: "checkbox", checked: field.value === true,
    onchange: (event) => { field.set(event.target.checked); field.act(event.target.checked ? props["on-select-action"] : props["on-unselect-action"]); } }), one(props.label)),
  props["on-click-action"] ? h("button", { type: "button", class: "text-link", onclick: () => field.act(props["on-click-action"]) }, field.said.readMore) : null];
}

function datePicker(props, field) {
  const limits = bounds(props);
  return [label(props, field), h("input", { ...told(props, field), type: "date", min: limits.min || undefined, max: limits.max || undefined, value: asDay(field.value),
    // Before version 5 a day is told in milliseconds (reference: whatsapp 2.4).
    onchange: (event) => { const day = event.target.value; field.set(day && field.version < 5 ? String(Date.parse(`${day}T00:00:00Z`)) : day); field.act(props["on-select-action"]); } })];
}

function calendarPicker(props, field) {
  const range = props.mode === "range";
  const labels = range ? object(props.label) : { "start-date": props.label };
  const ends = () => range ? [object(field.value)["start-date"] ?? "", object(field.value)["end-date"] ?? ""] : [asDay(field.value), ""];
  const pick = (day) => {
    const [from, until] = ends();
    if (!range) field.set(day);
    else if (!from || until || day < from) field.set({ "start-date": day, "end-date": "" });
    else field.set({ "start-date": from, "end-date": day });
    if (!range || object(field.value)["end-date"]) field.act(props["on-select-action"]);
    show();
  };
  const shown = h("output", { class: "chosen-days" });
  const show = () => {
    const names = range ? [[labels["start-date"] ?? field.said.from, ends()[0]], [labels["end-date"] ?? field.said.until, ends()[1]]] : [];
    shown.textContent = names.map(([name, day]) => `${one(name)}: ${day || "–"}`).join("   ");
  };
  show();
  const helper = range ? Object.values(object(props["helper-text"])).join(" ") : "";
  return [props.title ? h("h3", {}, one(props.title)) : null,
    h("fieldset", { id: field.id, "aria-describedby": `${field.id}-help ${field.id}-error`, "aria-invalid": field.error ? "true" : undefined },
      h("legend", {}, range ? `${one(labels["start-date"])} – ${one(labels["end-date"])}` : one(labels["start-date"])),
      props.description ? h("p", { class: "description" }, one(props.description)) : null, helper ? h("p", { class: "help" }, helper) : null,
      range ? shown : null,
      monthGrid({ limits: bounds(props), chosen: ends, pick: props.enabled === false ? () => {} : pick, language: field.language, today: field.today, said: field.said }))];
}

function files(props, field) {
  const photos = props.type === "PhotoPicker";
  const types = photos ? "image/jpeg,image/png" : list(props["allowed-mime-types"]).join(",");
  const most = Number(props["max-file-size-kb"] ?? 25600) * 1024;
  const kept = h("ul", { class: "files" });
  const show = () => kept.replaceChildren(...several(field.value).map((file) => h("li", {}, file.file_name, iconButton("close", `${field.said.remove} ${file.file_name}`, () => {
    field.set(several(field.value).filter((other) => other !== file));
    show();
  }))));
  show();
  return [label(props, field), props.description ? h("p", { class: "description" }, one(props.description)) : null,
    h("input", { ...told(props, field), required: false, type: "file", multiple: true, accept: types, onchange: async (event) => {
      const chosen = [...event.target.files].filter((file) => file.size <= most);
      const read = await Promise.all(chosen.map(field.keep));
      field.set([...several(field.value), ...read]);
      show();
    } }), kept, icon(photos ? "picture" : "paper")];
}
