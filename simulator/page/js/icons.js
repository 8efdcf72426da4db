/** The page's few signs as drawings of its own: a machine without an emoji font shows them too. */

const PATHS = {
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 4l17 8-17 8 3-8z",
  more: "M12 5v.01M12 12v.01M12 19v.01",
  down: "M6 9l6 6 6-6",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  list: "M4 7h16M4 12h16M4 17h16",
  link: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  form: "M5 3h14v18H5zM8 8h8M8 12h8M8 16h5",
  reply: "M10 6l-6 6 6 6M4 12h10a6 6 0 016 6",
  pin: "M12 21s7-7 7-12a7 7 0 10-14 0c0 5 7 12 7 12zM12 11a2 2 0 100-4 2 2 0 000 4z",
  person: "M12 12a4 4 0 100-8 4 4 0 000 8zM4 21a8 8 0 0116 0",
  shop: "M4 10v10h16V10M3 10l2-6h14l2 6zM10 20v-5h4v5",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4",
  paper: "M6 3h8l4 4v14H6zM14 3v4h4",
  off: "M3 3l18 18M8.5 8.5A9 9 0 003 11M15 8a9 9 0 016 3M8 15a5 5 0 018 0M12 19v.01",
  on: "M3 10a13 13 0 0118 0M6 13.5a9 9 0 0112 0M9 17a4 4 0 016 0M12 20v.01",
  globe: "M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c4 5 4 13 0 18M12 3c-4 5-4 13 0 18",
  hash: "M9 4L7 20M17 4l-2 16M4 9h16M4 15h16",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7zM12 15a3 3 0 100-6 3 3 0 000 6z",
  stop: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM8 12h8",
  bell: "M6 17V11a6 6 0 0112 0v6l2 2H4zM10 21h4",
  chat: "M4 5h16v11H9l-5 4z",
  question: "M9 9a3 3 0 115 2c-1.5 1-2 1.500-2 3M12 18v.01",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  pencil: "M4 20l1-5L16 4l4 4L9 19z",
  bin: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  info: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v6M12 8v.01",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3 2",
  again: "M20 12a8 8 0 11-2.500-5.700M20 3v5h-5",
  tick: "M4 13l5 5L20 7",
  ticks: "M2 13l5 5L17 7M11 16l2 2L23 7",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
};

/** A sign by name, drawn in the colour of the words around it. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "sign", "aria-hidden": "true", focusable: "false" })) svg.setAttribute(key, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.question);
  svg.append(path);
  return svg;
}
