/** The components that only show something, and the two kinds of buttons. */
import { h } from "../js/dom.js";
import { icon } from "../js/icons.js";
import { pictureSource } from "./inputs.js";
import { list, object } from "./model.js";
import { inline, richText } from "./richtext.js";
import { shownItems } from "./values.js";

const words = (value) => Array.isArray(value) ? value.join("\n") : value === undefined || value === null ? "" : String(value);

function text(tag) {
  return (props) => {
    const weight = { bold: "strong", italic: "em", bold_italic: "strong" }[props["font-weight"]];
    let content = props.markdown ? words(props.text).split("\n").flatMap((line, place) => [place ? h("br") : null, ...inline(line)]) : [words(props.text)];
    if (weight) content = [h(weight, { class: props["font-weight"] === "bold_italic" ? "slanted" : "" }, content)];
    if (props.strikethrough) content = [h("s", {}, content)];
    return h(tag[0], { class: tag[1] }, content);
  };
}

/** How each is drawn from its resolved properties; `act` runs an action. */
export const SHOWN = {
  TextHeading: text(["h2", "flow-heading"]),
  TextSubheading: text(["h3", "flow-subheading"]),
  TextBody: text(["p", "flow-body"]),
  TextCaption: text(["p", "flow-caption"]),
  RichText: (props) => h("div", { class: "rich" }, richText(props.text)),
  Image: (props) => picture(props),
  ImageCarousel: (props) => h("div", { class: "carousel", role: "group", tabIndex: 0, "aria-label": words(props["alt-text"]) || "pictures" }, list(props.images).map(object).map((image) => picture(image))),
  EmbeddedLink: (props, { act }) => h("button", { type: "button", class: "text-link", onclick: () => act(props["on-click-action"]) }, words(props.text)),
  NavigationList: (props, { act }) => h("div", { class: "nav-list", role: "group", "aria-label": words(props.label) },
    props.label ? h("h3", {}, words(props.label)) : null, props.description ? h("p", { class: "description" }, words(props.description)) : null,
    shownItems(props["list-items"]).map((item) => navigationItem(item, props, act))),
  Footer: (props, { act }) => h("div", { class: "flow-footer" },
    h("button", { type: "button", class: "main", disabled: props.enabled === false, onclick: () => act(props["on-click-action"], { isFooter: true }) }, words(props.label)),
    captions(props)),
};

function picture(props) {
  const image = h("img", { class: `flow-image ${props["scale-type"] === "cover" ? "cover" : ""}`, src: pictureSource(props.src), alt: words(props["alt-text"]) });
  if (props.height) image.style.height = `${Number(props.height)}px`;
  if (props.width) image.style.width = `${Number(props.width)}px`;
  if (props["aspect-ratio"] && Number(props["aspect-ratio"]) !== 1) image.style.aspectRatio = String(Number(props["aspect-ratio"]));
  return image;
}

function navigationItem(item, props, act) {
  const [main, end, start] = [object(item["main-content"]), object(item.end), object(item.start)];
  return h("button", { type: "button", class: "row", onclick: () => act(item["on-click-action"] ?? props["on-click-action"], { item: item.id }) },
    start.image ? h("img", { class: "option-image", src: pictureSource(start.image), alt: words(start["alt-text"]) }) : null,
    h("span", { class: "row-words" }, h("span", {}, words(main.title), item.badge ? h("span", { class: "badge" }, words(item.badge)) : null),
      main.description ? h("small", {}, words(main.description)) : null, main.metadata ? h("small", {}, words(main.metadata)) : null,
      list(item.tags).length ? h("span", { class: "tags" }, list(item.tags).map((tag) => h("span", { class: "badge" }, words(tag)))) : null),
    h("span", { class: "row-end" }, [end.title, end.description, end.metadata].filter(Boolean).map((line) => h("small", {}, words(line)))), icon("next"));
}

function captions(props) {
  const [left, right, center] = ["left-caption", "right-caption", "center-caption"].map((name) => words(props[name]));
  if (!left && !right && !center) return null;
  return h("div", { class: "captions" }, center ? h("span", {}, center) : [h("span", {}, left), h("span", {}, right)]);
}
