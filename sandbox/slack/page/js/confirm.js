/** The small dialog that asks before something happens: a button's confirm object, or a question of the page. */

import { trap } from "./focus.js";
import { h } from "./dom.js";
import { plainText, textObject, wording } from "./mrkdwn.js";
import { change, state } from "./state.js";

/** Ask with a Block Kit confirm object; the promise tells whether the person agreed. Without one it is a yes. */
export function confirmed(question) {
  if (!question) return Promise.resolve(true);
  return new Promise((settle) => {
    const before = document.activeElement;
    change((page) => {
      page.confirm = { question, settle: (answer) => finish(answer, settle, before) };
    });
  });
}

/** Draw the open question, if there is one. */
export function confirmDialog() {
  if (!state.confirm) return null;
  const { question, settle } = state.confirm;
  const leave = (event) => event.key === "Escape" && (event.preventDefault(), event.stopPropagation(), settle(false));
  return h(
    "div",
    { class: "scrim", key: "confirm", onclick: (event) => event.target === event.currentTarget && settle(false) },
    h(
      "div",
      {
        class: "dialog small",
        role: "alertdialog",
        "aria-modal": "true",
        "aria-labelledby": "confirm-title",
        "aria-describedby": "confirm-text",
        onkeydown: (event) => (leave(event), trap(event)),
      },
      h("h2", { class: "dialog-title", id: "confirm-title" }, plainText(question.title)),
      h("div", { class: "dialog-body prose", id: "confirm-text" }, textObject(question.text)),
      h(
        "div",
        { class: "dialog-foot" },
        h(
          "button",
          { type: "button", class: "button", onclick: () => settle(false), created: focusSoon },
          wording(question.deny) || "Cancel",
        ),
        h(
          "button",
          {
            type: "button",
            class: `button ${question.style === "danger" ? "danger" : "primary"}`,
            onclick: () => settle(true),
          },
          wording(question.confirm) || "Yes",
        ),
      ),
    ),
  );
}

function finish(answer, settle, before) {
  change((page) => {
    page.confirm = null;
  });
  queueMicrotask(() => queueMicrotask(() => before?.isConnected && before.focus()));
  settle(answer);
}

function focusSoon(node) {
  queueMicrotask(() => node.focus());
}
