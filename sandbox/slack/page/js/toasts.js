/** Short messages in the corner that leave by themselves; bad news stays until it is dismissed. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { change, state } from "./state.js";

const STAY = 7000;
let number = 0;

/** Show a line. `bad` makes it an alert that stays; `href` and `action` add a link. */
export function toast(text, { bad = false, href = null, action = "" } = {}) {
  const one = { id: ++number, text, bad, href, action };
  change((page) => {
    page.toasts = [...page.toasts.filter((other) => other.text !== text), one].slice(-4);
  });
  if (!bad) setTimeout(() => dismiss(one.id), STAY);
}

/** Draw the toasts. */
export function toasts() {
  return state.toasts.map((one) =>
    h(
      "div",
      { class: `toast${one.bad ? " bad" : ""}`, key: one.id, role: one.bad ? "alert" : "status" },
      icon(one.bad ? "warning" : "info"),
      h("p", null, one.text),
      one.href && h("a", { class: "toast-link", href: one.href, onclick: () => dismiss(one.id) }, one.action),
      h(
        "button",
        { type: "button", class: "icon-button small", "aria-label": "Dismiss", onclick: () => dismiss(one.id) },
        icon("close"),
      ),
    ),
  );
}

/** Take away the toasts that lead to where the person now is. */
export function dismissArrived() {
  change((page) => {
    page.toasts = page.toasts.filter((one) => !one.href || !location.hash.startsWith(one.href));
  });
}

function dismiss(id) {
  change((page) => {
    page.toasts = page.toasts.filter((one) => one.id !== id);
  });
}
