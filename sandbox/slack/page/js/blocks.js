/** Block Kit's blocks as descriptions for the page. What the page cannot draw is said in a visible box. */

import { h } from "./dom.js";
import { element, fallback, picture } from "./elements.js";
import { icon } from "./icons.js";
import { LAYOUTS } from "./layouts.js";
import { link } from "./mention.js";
import { markdown } from "./markdown.js";
import { plainText, textObject, wording } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const BLOCKS = {
  header: (context, block) =>
    h(
      `h${Math.min(6, (context.level ?? 3) + (block.level ? block.level - 1 : 0))}`,
      { class: `block-header level-${block.level ?? 1}`, dir: "auto" },
      plainText(block.text),
    ),
  section,
  context: contextLine,
  context_actions: (context, block) => h("div", { class: "block-actions" }, parts(context, block)),
  divider: () => h("hr", { class: "block-divider" }),
  actions: (context, block) => h("div", { class: "block-actions" }, parts(context, block)),
  image,
  input,
  rich_text: (context, block) => h("div", { class: "prose" }, richText(block)),
  markdown: (context, block) => h("div", { class: "prose" }, markdown(block.text)),
  video,
  file,
  ...LAYOUTS,
};

/** Return the blocks of a message or view. `context` comes from `context.js`. */
export function blocks(context, list) {
  return (list ?? []).map((block, index) => {
    const draw = BLOCKS[block.type];
    const named = block.block_id ? block : { ...block, block_id: `block-${index}` };
    return h(
      "div",
      { class: `block block-of-${block.type}`, key: named.block_id, "data-block": named.block_id },
      draw ? draw(context, named, blocks) : fallback(block),
    );
  });
}

function parts(context, block) {
  return block.elements.map((part, index) =>
    h("div", { class: "action", key: part.action_id ?? index }, element(context, block, part)),
  );
}

function section(context, block) {
  const fields = (block.fields ?? []).map((field, index) =>
    h("div", { class: "prose", key: index }, textObject(field)),
  );
  return h(
    "div",
    { class: "block-section" },
    h(
      "div",
      { class: "section-words" },
      block.text && h("div", { class: "prose" }, textObject(block.text)),
      fields.length > 0 && h("div", { class: "section-fields" }, fields),
    ),
    block.accessory &&
      h(
        "div",
        { class: `section-accessory of-${block.accessory.type}` },
        block.accessory.type === "image"
          ? picture(context, block, block.accessory, "thumb")
          : element(context, block, block.accessory),
      ),
  );
}

function contextLine(context, block) {
  return h(
    "div",
    { class: "block-context" },
    block.elements.map((part, index) =>
      part.type === "image"
        ? picture(context, block, part, "tiny")
        : h("div", { class: "prose", key: index }, textObject(part)),
    ),
  );
}

function image(context, block) {
  return h(
    "figure",
    { class: "block-image" },
    block.title && h("figcaption", null, plainText(block.title)),
    picture(context, block, block),
  );
}

function input(context, block) {
  const part = block.element;
  const id = context.idOf(block, part);
  const error = context.errorOf?.(block);
  const grouped = ["checkboxes", "radio_buttons"].includes(part.type);
  const label = [plainText(block.label), block.optional && h("span", { class: "optional" }, " (optional)")];
  return h(
    "div",
    { class: `block-input${error ? " invalid" : ""}` },
    h(grouped ? "div" : "label", { class: "input-label", id: `${id}-label`, for: grouped ? null : id }, label),
    element(context, block, part),
    error && h("p", { class: "input-error", id: `${id}-error` }, icon("warning"), error),
    block.hint && h("p", { class: "input-hint", id: `${id}-hint` }, plainText(block.hint)),
  );
}

function video(context, block) {
  return h(
    "div",
    { class: "block-video" },
    h(
      "div",
      { class: "video-title" },
      block.title_url ? link(block.title_url, wording(block.title)) : plainText(block.title),
    ),
    h("div", { class: "video-by" }, [block.provider_name, block.author_name].filter(Boolean).join(" · ")),
    picture(context, block, { image_url: block.thumbnail_url, alt_text: block.alt_text }),
    block.description && h("p", null, plainText(block.description)),
    link(block.video_url, "Open the video"),
  );
}

function file(context, block) {
  return h(
    "div",
    { class: "file-card" },
    icon("file"),
    h("span", null, "Remote file ", h("code", null, block.external_id)),
  );
}
