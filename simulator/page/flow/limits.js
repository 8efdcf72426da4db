/** Every limit of Flow JSON that a phone or Meta enforces, once, as Meta's own tables have them (reference: whatsapp 2.2 to 2.4). */

export const TEXT = {
  TextHeading: { text: 80 }, TextSubheading: { text: 80 }, TextBody: { text: 4096 }, TextCaption: { text: 409 },
  TextInput: { label: 20, "helper-text": 80, "error-message": 30 }, TextArea: { label: 20, "helper-text": 80 },
  CheckboxGroup: { label: 30, description: 300 }, RadioButtonsGroup: { label: 30, description: 300 }, ChipsSelector: { label: 80, description: 300 }, Dropdown: { label: 20 },
  DatePicker: { label: 40, "helper-text": 80, "error-message": 80 },
  CalendarPicker: { title: 80, description: 300, label: 40, "helper-text": 80, "error-message": 80 },
  NavigationList: { label: 80, description: 300 }, OptIn: { label: 120 }, EmbeddedLink: { text: 25 },
  Footer: { label: 35, "left-caption": 15, "right-caption": 15, "center-caption": 15 },
  PhotoPicker: { label: 80, description: 300 }, DocumentPicker: { label: 80, description: 300 },
};

/** What a component cannot do without. */
export const NEEDED = {
  TextHeading: ["text"], TextSubheading: ["text"], TextBody: ["text"], TextCaption: ["text"], RichText: ["text"], Image: ["src"],
  EmbeddedLink: ["text", "on-click-action"], Footer: ["label", "on-click-action"], If: ["condition", "then"], Switch: ["value", "cases"],
  TextInput: ["label"], TextArea: ["label"], Dropdown: ["label"], ChipsSelector: ["label"], DatePicker: ["label"], CalendarPicker: ["label"], OptIn: ["label"],
  PhotoPicker: ["label"], DocumentPicker: ["label"],
};

export const OPTION_TEXT = { title: 30, description: 300, metadata: 20 };

/** Fewest and most options. */
export const OPTIONS = {
  CheckboxGroup: [1, 20], RadioButtonsGroup: [1, 20], ChipsSelector: [2, 20], Dropdown: [1, 200], NavigationList: [1, 20], ImageCarousel: [1, 3],
};
export const DROPDOWN_WITH_IMAGES = 100;

/** Where a component keeps its options. */
export const OPTIONS_IN = { NavigationList: "list-items", ImageCarousel: "images" };

/** One item of a NavigationList: words, words at its end, its badge, its tags; only one item of a list has a badge. */
export const ITEM = { "main-content": { title: 30, description: 20, metadata: 80 }, end: { title: 10, description: 10, metadata: 10 }, badge: 15, tag: 15, tags: 3, imageBytes: 100 * 1024 };

export const INPUT_TYPES = new Set(["text", "number", "email", "password", "passcode", "phone"]);
export const WEEKDAYS = new Set(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
export const FILES = 30;
export const FILE_KB = 25600;
export const IMAGE_BYTES = 300 * 1024;
export const FLOW_BYTES = 10 * 1024 * 1024;

export const PER_SCREEN = { Footer: 1, EmbeddedLink: 2, OptIn: 5, Image: 3, ImageCarousel: 2, NavigationList: 2, PhotoPicker: 1, DocumentPicker: 1 };
export const CAROUSELS_PER_FLOW = 3;

export const COMPONENTS_PER_SCREEN = 50;
export const IF_DEPTH = 3;
export const BRANCHES = 10;

/** The version of Flow JSON that brought a component; the others were always there. */
export const SINCE = {
  If: 4.0, Switch: 4.0, PhotoPicker: 4.0, DocumentPicker: 4.0, RichText: 5.1, CalendarPicker: 6.1, NavigationList: 6.2, ChipsSelector: 6.3, ImageCarousel: 7.1,
};

/** Frozen versions cannot be published any more (5.0 and below). */
export const OLDEST_PUBLISHABLE = 5.1;
export const NEWEST = 7.3;

export const NAMED = new Set([
  "TextInput", "TextArea", "CheckboxGroup", "RadioButtonsGroup", "ChipsSelector", "Dropdown", "DatePicker", "CalendarPicker", "OptIn", "PhotoPicker", "DocumentPicker", "NavigationList",
]);

export const CONTAINERS = new Set(["Form", "If", "Switch"]);

export const KNOWN = new Set([...NAMED, ...CONTAINERS, ...Object.keys(TEXT), "RichText", "Image", "ImageCarousel"]);

export const ACTIONS = new Set(["navigate", "data_exchange", "complete", "update_data", "open_url"]);
/** Only these may open a web page. */
export const OPENS_URL = new Set(["EmbeddedLink", "OptIn"]);
