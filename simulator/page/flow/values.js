/** What a component shows, held against its limits: used for the written JSON and again for what the endpoint sent. Never raises. */
import { asDay } from "./calendar.js";
import { isDynamic } from "./expressions.js";
import * as limits from "./limits.js";
import { list, object } from "./model.js";

const written = (value) => typeof value === "string" && !isDynamic(value);
const over = (name, value, most) => written(value) && value.length > most ? [`${name} has ${value.length} characters, ${most} fit`] : [];

/** Everything that is over a limit or cannot be: each problem as words. */
export function valueProblems(component) {
  return [
    ...textProblems(component), ...optionsOf(component), ...(component.type === "NavigationList" ? droppedOf(component) : []),
    ...(CHECKS[component.type] ?? (() => []))(component),
  ];
}

/** What a phone leaves out without a word: a NavigationList's words over their limits (reference: whatsapp 2.4). */
export const isDropped = (component) => component.type === "NavigationList";

function textProblems(component) {
  const found = [];
  for (const [property, most] of Object.entries(limits.TEXT[component.type] ?? {})) {
    // A range's label and helper text are one for each end.
    const value = component[property];
    const texts = Array.isArray(value) ? [value.join("\n")] : Object.values(typeof value === "string" ? [value] : object(value));
    for (const text of texts) {
      found.push(...over(property, text, most));
      if (property === "text" && written(text) && !text.trim()) found.push("text is blank");
    }
  }
  return found;
}

/* ---- options ---- */

function optionsOf(component) {
  const [fewest, most] = limits.OPTIONS[component.type] ?? [];
  const options = component[limits.OPTIONS_IN[component.type] ?? "data-source"];
  if (fewest === undefined || typeof options === "string") return [];
  if (!Array.isArray(options)) return ["has no options"];
  const found = options.length < fewest || options.length > most ? [`has ${options.length} options, ${fewest} to ${most} fit`] : [];
  if (component.type === "ImageCarousel") return [...found, ...options.map(object).flatMap((image) => pictureProblems("src", image.src, limits.IMAGE_BYTES))];
  if (component.type === "Dropdown" && options.length > limits.DROPDOWN_WITH_IMAGES && options.some((option) => object(option).image)) {
    found.push(`has ${options.length} options, ${limits.DROPDOWN_WITH_IMAGES} fit where some have an image`);
  }
  const ids = options.map((option) => object(option).id);
  if (new Set(ids).size < ids.length) found.push("two options have one id");
  const isList = component.type === "NavigationList";
  return [...found, ...options.map(object).flatMap((option) => optionProblems(option, isList ? object(option["main-content"]) : option, isList))];
}

function optionProblems(option, shown, isList) {
  const found = [];
  if (typeof option.id !== "string") found.push(`option id ${JSON.stringify(option.id)} is no text`);
  if (typeof shown.title !== "string" || !shown.title) found.push(`option ${option.id} has no title`);
  if (isList) return found;
  for (const [property, most] of Object.entries(limits.OPTION_TEXT)) found.push(...over(`option ${option.id}: ${property}`, shown[property], most));
  return found;
}

/* ---- NavigationList ---- */

function droppedOf(component) {
  const items = list(component["list-items"]).map(object);
  const found = items.flatMap(itemProblems);
  if (items.filter((item) => item.badge).length > 1) found.push("more than one item has a badge");
  const own = items.filter((item) => item["on-click-action"]).length;
  if (own && component["on-click-action"]) found.push("has an on-click-action, and so have its items: only one of both");
  if (items.length && own < items.length && !component["on-click-action"]) found.push("has no on-click-action, neither of its own nor of every item");
  return found;
}

function itemProblems(item) {
  const found = ["main-content", "end"].flatMap((part) => Object.entries(limits.ITEM[part]).flatMap(([property, most]) => over(`item ${item.id}: ${part}.${property}`, object(item[part])[property], most)));
  found.push(...over(`item ${item.id}: badge`, item.badge, limits.ITEM.badge));
  const tags = list(item.tags);
  if (tags.length > limits.ITEM.tags) found.push(`item ${item.id} has ${tags.length} tags, ${limits.ITEM.tags} fit`);
  for (const tag of tags) found.push(...over(`item ${item.id}: tag`, tag, limits.ITEM.tag));
  return [...found, ...pictureProblems(`item ${item.id}: start.image`, object(item.start).image, limits.ITEM.imageBytes)];
}

/** The items as a phone shows them: what is over its limit is left out. */
export function shownItems(items) {
  const short = (part, table) => Object.fromEntries(Object.entries(object(part)).filter(([name, text]) => !(name in table) || typeof text !== "string" || text.length <= table[name]));
  return list(items).map(object).slice(0, limits.OPTIONS.NavigationList[1]).map((item) => ({
    ...item, "main-content": short(item["main-content"], limits.ITEM["main-content"]), end: short(item.end, limits.ITEM.end),
    badge: typeof item.badge === "string" && item.badge.length <= limits.ITEM.badge ? item.badge : undefined,
    tags: list(item.tags).filter((tag) => typeof tag === "string" && tag.length <= limits.ITEM.tag).slice(0, limits.ITEM.tags),
  }));
}

/* ---- the rest, by component ---- */

const CHECKS = {
  TextInput: (component) => {
    const kind = component["input-type"];
    const found = written(kind) && !limits.INPUT_TYPES.has(kind) ? [`input-type is ${kind}, which is none`] : [];
    return component.pattern && !component["helper-text"] ? [...found, "has a pattern and no helper-text that tells it"] : found;
  },
  DatePicker: dayProblems,
  CalendarPicker: (component) => {
    const found = dayProblems(component);
    const days = Array.isArray(component["include-days"]) ? component["include-days"].filter((day) => !limits.WEEKDAYS.has(day)) : [];
    if (days.length) found.push(`include-days has ${days.join(", ")}, which is no weekday`);
    if (component.mode !== undefined && written(component.mode) && !["single", "range"].includes(component.mode)) found.push(`mode is ${component.mode}, neither single nor range`);
    if (component.mode !== "range" && (component["min-days"] || component["max-days"])) found.push("min-days and max-days are for ranges only");
    return found;
  },
  Footer: (component) => {
    const [left, right, center] = ["left-caption", "right-caption", "center-caption"].map((name) => Boolean(component[name]));
    return center ? (left || right ? ["has a center-caption beside another one"] : []) : left === right ? [] : ["needs both left-caption and right-caption, or neither"];
  },
  Image: (component) => pictureProblems("src", component.src, limits.IMAGE_BYTES),
  PhotoPicker: (component) => fileProblems(component, "photos"),
  DocumentPicker: (component) => fileProblems(component, "documents"),
};

function dayProblems(component) {
  const found = [];
  const [first, last] = ["min-date", "max-date"].map((name) => written(component[name]) ? asDay(component[name]) : "");
  if (first && last && first > last) found.push(`min-date ${first} is after max-date ${last}`);
  const closed = Array.isArray(component["unavailable-dates"]) ? component["unavailable-dates"].filter(written).map(asDay) : [];
  const outside = closed.filter((day) => (first && day < first) || (last && day > last));
  if (component.type === "CalendarPicker" && outside.length) found.push(`unavailable-dates has ${outside[0]}, outside its bounds`);
  for (const day of [first, last, ...closed]) if (day && !/^\d{4}-\d{2}-\d{2}$/.test(day)) found.push(`“${day}” is no day`);
  return found;
}

function fileProblems(component, kind) {
  const [fewest, most] = [Number(component[`min-uploaded-${kind}`] ?? 0), Number(component[`max-uploaded-${kind}`] ?? limits.FILES)];
  const found = most > limits.FILES ? [`max-uploaded-${kind} is ${most}, ${limits.FILES} fit`] : [];
  if (fewest > most) found.push(`min-uploaded-${kind} is above max-uploaded-${kind}`);
  if (Number(component["max-file-size-kb"] ?? 0) > limits.FILE_KB) found.push(`max-file-size-kb is above ${limits.FILE_KB}`);
  return found;
}

function pictureProblems(name, value, most) {
  if (value === undefined || (typeof value === "string" && isDynamic(value))) return [];
  if (typeof value !== "string" || !value) return [`${name} is no picture`];
  if (/^https?:/i.test(value)) return [`${name} is a link, only base64 is shown`];
  const content = value.replace(/^data:image\/\w+;base64,/, "");
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(content)) return [`${name} is no base64`];
  return content.length * 0.75 > most ? [`${name} has ${Math.round(content.length * 0.75 / 1024)} KB, ${most / 1024} fit`] : [];
}
