/** The modal on top: its blocks as a form, errors beside their fields, Esc to close, the keyboard kept inside. */

import { blocks } from "./blocks.js";
import { act, Refusal } from "./control.js";
import { reachable, trap } from "./focus.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { plainText, wording } from "./mrkdwn.js";
import { local, state } from "./state.js";
import { refresh } from "./stream.js";
import { filled, viewContext } from "./view.js";

let opener = null;
let shownId = null;

/** Draw the modal that the person has open, if any. */
export function modal() {
  const open = state.screen?.modal;
  if (!open) return null;
  const { id, view } = open;
  const context = viewContext({ id, view, held: open.state ?? view.state?.values ?? {}, errors: open.errors ?? {} });
  const busy = local.get(id, "submitting", false);
  const stacked = (open.stack_depth ?? 1) > 1;
  const shut = () => close(id);
  const keys = (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      shut();
    }
    trap(event);
  };
  return h(
    "div",
    { class: "scrim", key: `modal ${id}` },
    h(
      "div",
      {
        class: "dialog",
        role: "dialog",
        "aria-modal": "true",
        "aria-labelledby": "modal-title",
        tabindex: "-1",
        "data-view": id,
        "data-callback": view.callback_id,
        onkeydown: keys,
      },
      h(
        "div",
        { class: "dialog-head" },
        stacked &&
          h(
            "button",
            { type: "button", class: "icon-button", "aria-label": "Back", title: "Back", onclick: shut },
            icon("back"),
          ),
        h("h2", { class: "dialog-title", id: "modal-title" }, plainText(view.title)),
        h(
          "button",
          { type: "button", class: "icon-button", "aria-label": "Close", title: "Close (Esc)", onclick: shut },
          icon("close"),
        ),
      ),
      h(
        "form",
        {
          class: "dialog-form",
          novalidate: true,
          onsubmit: (event) => (event.preventDefault(), submit(id, view, context)),
        },
        h("div", { class: "dialog-body", key: "body" }, blocks(context, view.blocks)),
        trouble(id),
        h(
          "div",
          { class: "dialog-foot" },
          h(
            "button",
            { type: "button", class: "button", onclick: shut },
            view.close ? plainText(view.close) : "Cancel",
          ),
          hasSubmit(view) &&
            h(
              "button",
              {
                type: "submit",
                class: `button primary${busy ? " busy" : ""}`,
                "aria-busy": busy ? "true" : null,
                disabled: busy || view.submit_disabled,
              },
              wording(view.submit) || "Submit",
            ),
        ),
      ),
    ),
  );
}

/** Move the keyboard into a modal that has just opened, and back to where it was after the last one closed. */
export function settleModal() {
  const id = state.screen?.modal?.id ?? null;
  if (id === shownId) return;
  if (id && !shownId) opener = document.activeElement;
  shownId = id;
  const box = id && document.querySelector(".dialog[data-view]");
  if (box) (firstField(box) ?? box).focus();
  else if (!id) returnFocus();
}

function firstField(box) {
  const body = box.querySelector(".dialog-body");
  return (body && reachable(body)[0]) || box.querySelector("button[type=submit]");
}

function returnFocus() {
  const back = opener?.isConnected && opener !== document.body ? opener : document.getElementById("composer");
  opener = null;
  back?.focus();
}

function hasSubmit(view) {
  return Boolean(view.submit) || view.blocks.some((block) => block.type === "input");
}

function trouble(id) {
  const text = local.get(id, "notice", "");
  return text && h("div", { class: "dialog-trouble", role: "alert" }, icon("warning"), h("p", null, text));
}

async function submit(id, view, context) {
  if (local.get(id, "submitting", false)) return;
  local.set(id, "notice", "");
  local.set(id, "lifted", []);
  local.set(id, "submitting", true);
  try {
    const result = await act("submit", { view_id: id, values: filled(context, view) });
    await refresh();
    if (result?.errors) toFirstError();
    else if (result?.closed) local.drop(id);
    else if (result?.error)
      local.set(id, "notice", local.get(id, "notice", "") || `That did not work: ${result.error}.`);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    local.set(id, "notice", problem.message);
  } finally {
    local.set(id, "submitting", false);
    refresh();
  }
}

function toFirstError() {
  setTimeout(() => {
    const wrong = document.querySelector(".dialog [aria-invalid=true], .dialog .block-input.invalid input");
    wrong?.focus();
  });
}

async function close(id) {
  try {
    await act("close_view", { view_id: id });
    local.drop(id);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    local.set(id, "notice", problem.message);
  } finally {
    refresh();
  }
}
