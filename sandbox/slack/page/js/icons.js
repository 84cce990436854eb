/** The page's own line icons, drawn on a 20 × 20 grid. They are decoration: the control around one carries the name. */

import { h } from "./dom.js";

const PATHS = {
  hash: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h13M3 12.5h13",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  archive: "M3 4h14v4H3zM4.5 8v8.5h11V8M8 11.5h4",
  plus: "M10 4v12M4 10h12",
  send: "M3.5 10 17 3.5 13.5 17l-3-5.5zM10.5 11.5 17 3.5",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4l-6 6 6 6",
  down: "M5 7.5l5 5 5-5",
  right: "M7.5 5l5 5-5 5",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  smile: "M10 17.5a7.5 7.5 0 1 1 0-15 7.5 7.5 0 0 1 0 15zM7 12c1.6 2 4.4 2 6 0M7.5 8h.01M12.5 8h.01",
  thread: "M3.5 4h13v9.5H9l-4 3v-3H3.5zM6.5 7.5h7M6.5 10h4.5",
  pin: "M7.5 3h5l-.5 5 2.5 3h-9L8 8zM10 11v6",
  link: "M8.5 11.5a3 3 0 0 0 4.2 0l3-3a3 3 0 0 0-4.2-4.2l-1 1M11.5 8.5a3 3 0 0 0-4.2 0l-3 3a3 3 0 0 0 4.2 4.2l1-1",
  people:
    "M7.5 9.5a3 3 0 1 1 0-6 3 3 0 0 1 0 6zM2.5 16.5c0-3 2.2-4.7 5-4.7s5 1.7 5 4.7M13 4a2.8 2.8 0 0 1 0 5.3M14.5 12.2c1.9.6 3 2.1 3 4.3",
  menu: "M3.5 5.5h13M3.5 10h13M3.5 14.5h13",
  home: "M3.5 9.5 10 4l6.5 5.5V16.5h-4.5V12H8v4.5H3.5z",
  message: "M3.5 4h13v10H8.5l-3.5 3v-3H3.5z",
  bolt: "M11 2.5 4.5 11.5H9.5L8.5 17.5 15.5 8.5H10.5z",
  sun: "M10 13.5a3.5 3.5 0 1 1 0-7 3.5 3.5 0 0 1 0 7zM10 2v1.8M10 16.2V18M2 10h1.8M16.2 10H18M4.3 4.3l1.3 1.3M14.4 14.4l1.3 1.3M4.3 15.7l1.3-1.3M14.4 5.6l1.3-1.3",
  moon: "M16.5 12A7 7 0 0 1 8 3.5 7 7 0 1 0 16.5 12z",
  check: "M4 10.5l4 4 8-9",
  cross: "M5.5 5.5l9 9M14.5 5.5l-9 9",
  info: "M10 17.5a7.5 7.5 0 1 1 0-15 7.5 7.5 0 0 1 0 15zM10 9v4.5M10 6.5h.01",
  warning: "M10 3 18 16.5H2zM10 8v4M10 14.3h.01",
  eye: "M2.5 10s2.8-5 7.5-5 7.5 5 7.5 5-2.8 5-7.5 5-7.5-5-7.5-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  file: "M5 2.5h6.5L15.5 6.5v11H5zM11.5 2.5v4h4",
  trash: "M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.8 11.5h7.4l.8-11.5",
  up: "M6 9.5V17H3.5V9.5zM6 9.5 9.5 2.5c1.5 0 2 1 1.8 2.3L10.8 8h4.7c1 0 1.7.9 1.5 1.8l-1.2 6c-.1.7-.7 1.2-1.5 1.2H6",
  bookmark: "M5.5 3h9v14L10 13.5 5.5 17z",
  search: "M9 14.5a5.5 5.5 0 1 1 0-11 5.5 5.5 0 0 1 0 11zM13 13l4 4",
};

/** Return the icon `name` as a description; `extra` joins the class. */
export function icon(name, extra = "") {
  return h(
    "svg",
    { class: `icon icon-${name} ${extra}`.trim(), viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" },
    h("path", { d: PATHS[name] ?? PATHS.info }),
  );
}
