/** Block elements to press: buttons, link buttons, icon and feedback buttons, overflow menus; and pictures. */

import { confirmed } from "./confirm.js";
import { h, safeAddress } from "./dom.js";
import { icon } from "./icons.js";
import { inputElement } from "./inputs.js";
import { plainText, wording } from "./mrkdwn.js";
import { openMenu } from "./popup.js";
import { state } from "./state.js";

const PRESSED = {
  button,
  workflow_button: button,
  icon_button: iconButton,
  feedback_buttons: feedback,
  overflow,
  image: picture,
};

/** Return a block element. `context` tells where it stands and what happens when it is used. */
export function element(context, block, part) {
  if (part.visible_to_user_ids && !part.visible_to_user_ids.includes(state.me)) return null;
  return PRESSED[part.type]?.(context, block, part) ?? inputElement(context, block, part) ?? fallback(part);
}

/** Return a visible box for something that the page cannot draw. */
export function fallback(part) {
  return h(
    "div",
    { class: "unknown-block", role: "note" },
    icon("info"),
    h("span", null, "This workspace page cannot show ", h("code", null, part?.type ?? "something without a type"), "."),
  );
}

/** Return an image of a block; one from outside this machine stays a link, because nothing is fetched from there. */
export function picture(context, block, part, extra = "") {
  const address = imageAddress(part, context);
  const alt = part.alt_text || wording(part.title) || "image";
  if (!address) return outside(part.image_url ?? part.slack_file?.url, alt, extra);
  return h("img", { class: `picture ${extra}`.trim(), src: address, alt, loading: "lazy" });
}

/** Return the address to load an image from, or null when it lies outside this machine. */
export function imageAddress(part, context) {
  const file = part.slack_file && (context.files ?? []).find((one) => one.id === part.slack_file.id);
  return local(part.image_url ?? file?.url_private ?? part.slack_file?.url);
}

/** Return an address that this machine serves, as one the page may load, else null. */
export function local(address) {
  const safe = safeAddress(address);
  if (!safe || safe.startsWith("data:") || safe.startsWith("/")) return safe;
  try {
    const url = new URL(safe, location.href);
    return url.host === location.host || ["127.0.0.1", "localhost"].includes(url.hostname) ? url.href : null;
  } catch {
    return null;
  }
}

function outside(address, alt, extra) {
  const safe = safeAddress(address);
  const label = [icon("eye"), h("span", null, alt)];
  if (!safe || extra.includes("tiny") || extra.includes("icon"))
    return h(
      "span",
      { class: `picture-outside ${extra}`, role: "img", "aria-label": alt, title: safe ? `${alt} (${safe})` : alt },
      icon("eye"),
    );
  return h(
    "a",
    {
      class: `picture-outside ${extra}`,
      href: safe,
      target: "_blank",
      rel: "noopener noreferrer nofollow",
      title: "Pictures from outside this machine are not loaded",
    },
    label,
  );
}

function button(context, block, part) {
  const words = plainText(part.text);
  const busy = context.busy?.(block, part);
  const props = {
    class: `button ${part.style ?? ""}${busy ? " busy" : ""}`.trim(),
    "data-action": part.action_id,
    "aria-label": part.accessibility_label,
    "aria-busy": busy ? "true" : null,
    onclick: () => press(context, block, part, part.value === undefined ? {} : { value: part.value }),
  };
  if (!part.url) return h("button", { ...props, type: "button" }, words);
  const safe = safeAddress(part.url);
  return h(
    "a",
    { ...props, href: safe, target: "_blank", rel: "noopener noreferrer nofollow", title: safe },
    words,
    icon("link", "button-mark"),
  );
}

function iconButton(context, block, part) {
  return h(
    "button",
    {
      type: "button",
      class: "button quiet",
      "data-action": part.action_id,
      "aria-label": part.accessibility_label,
      onclick: () => press(context, block, part, { value: part.value }),
    },
    icon(part.icon ?? "trash"),
    plainText(part.text),
  );
}

function feedback(context, block, part) {
  const one = (choice, name, turn) =>
    choice &&
    h(
      "button",
      {
        type: "button",
        class: `button quiet ${turn}`,
        "aria-label": choice.accessibility_label ?? wording(choice.text),
        title: wording(choice.text),
        onclick: () => press(context, block, part, { value: choice.value }),
      },
      icon("up"),
    );
  return h(
    "span",
    { class: "feedback", role: "group", "aria-label": "Feedback" },
    one(part.positive_button, "positive", ""),
    one(part.negative_button, "negative", "down-turned"),
  );
}

function overflow(context, block, part) {
  const id = context.idOf(block, part);
  const items = () =>
    part.options.map((option) => ({
      label: plainText(option.text),
      hint: option.description && wording(option.description),
      href: option.url && safeAddress(option.url),
      target: option.url && "_blank",
      pick: () => press(context, block, part, { selected_option: option }),
    }));
  return h(
    "button",
    {
      type: "button",
      id,
      class: "button icon-only",
      "data-action": part.action_id,
      "aria-haspopup": "menu",
      "aria-label": "More actions",
      title: "More actions",
      onclick: (event) => openMenu(event.currentTarget, "More actions", items),
    },
    icon("more"),
  );
}

async function press(context, block, part, value) {
  if (await confirmed(part.confirm)) await context.act(block, part, value);
}
