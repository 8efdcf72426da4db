/** Every limit of Flow JSON that a phone or Meta enforces, once (reference: whatsapp 2.2 to 2.4). */

export const TEXT = {
  TextHeading: { text: 80 }, TextSubheading: { text: 80 }, TextBody: { text: 4096 }, TextCaption: { text: 4096 },
  TextInput: { label: 20, "helper-text": 80, "error-message": 30 }, TextArea: { label: 20, "helper-text": 80 },
  CheckboxGroup: { label: 30 }, RadioButtonsGroup: { label: 30 }, ChipsSelector: { label: 80, description: 300 }, Dropdown: { label: 30 },
  DatePicker: { label: 40, "helper-text": 80, "error-message": 80 },
  CalendarPicker: { title: 80, description: 300, "helper-text": 80, "error-message": 80 },
  NavigationList: { label: 80, description: 300 }, OptIn: { label: 120 }, EmbeddedLink: { text: 35 },
  Footer: { label: 35, "left-caption": 15, "right-caption": 15, "center-caption": 15 },
  PhotoPicker: { label: 80, description: 300 }, DocumentPicker: { label: 80, description: 300 },
};

export const OPTION_TEXT = { title: 30, description: 300, metadata: 20 };

/** Fewest and most options. */
export const OPTIONS = {
  CheckboxGroup: [1, 20], RadioButtonsGroup: [1, 20], ChipsSelector: [2, 20], Dropdown: [1, 200], NavigationList: [1, 20], ImageCarousel: [1, 3],
};

/** Where a component keeps its options. */
export const OPTIONS_IN = { NavigationList: "list-items", ImageCarousel: "images" };

export const PER_SCREEN = { Footer: 1, EmbeddedLink: 2, OptIn: 5, Image: 3, ImageCarousel: 2, NavigationList: 2, PhotoPicker: 1, DocumentPicker: 1 };

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
