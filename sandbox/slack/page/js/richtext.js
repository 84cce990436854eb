/** The rich_text block: sections, lists, quotes and preformatted text made of small parts. */

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channelMention, dateMention, groupMention, link, userMention } from "./mention.js";

const PARTS = {
  text: (part) => lines(part.text),
  link: (part) => link(part.url, part.text),
  user: (part) => userMention(part.user_id),
  usergroup: (part) => groupMention(part.usergroup_id),
  channel: (part) => channelMention(part.channel_id),
  broadcast: (part) => broadcast(part.range),
  emoji: (part) => emoji(part.name),
  date: (part) => dateMention(part.timestamp, part.format ?? "{date_short}", part.url, part.fallback),
  color: (part) => [
    h("span", { class: "swatch", style: { background: colour(part.value) }, "aria-hidden": "true" }),
    part.value,
  ],
  team: (part) => h("span", { class: "mention" }, part.team_id),
};

const STYLES = [
  ["code", "code"],
  ["bold", "strong"],
  ["italic", "em"],
  ["strike", "s"],
  ["underline", "u"],
];

const SHAPES = {
  rich_text_section: (element) => h("p", { dir: "auto" }, inlineParts(element.elements)),
  rich_text_quote: (element) => h("blockquote", null, h("p", { dir: "auto" }, inlineParts(element.elements))),
  rich_text_preformatted: (element) =>
    h("pre", { class: "code-block", tabindex: "0" }, h("code", null, inlineParts(element.elements))),
  rich_text_list: list,
};

/** Return the content of a rich_text block. */
export function richText(block) {
  return (block?.elements ?? []).map(
    (element) => SHAPES[element.type]?.(element) ?? h("p", { class: "unknown-part" }, element.type),
  );
}

/** Return the words of a rich_text block, for labels. */
export function richWords(block) {
  const words = (node) => node.text ?? node.name ?? (node.elements ?? []).map(words).join("");
  return (block?.elements ?? []).map(words).join(" ");
}

function list(element) {
  const items = element.elements.map((section) => h("li", { dir: "auto" }, inlineParts(section.elements)));
  const indent = element.indent ? ` deep-${Math.min(8, element.indent)}` : "";
  if (element.style === "ordered") {
    return h("ol", { class: `marks${indent}`, start: element.offset ? String(element.offset + 1) : null }, items);
  }
  return h("ul", { class: `marks${indent}` }, items);
}

function inlineParts(parts) {
  return (parts ?? []).map((part) => {
    const shown = PARTS[part.type]?.(part) ?? h("span", { class: "unknown-part" }, part.type);
    return STYLES.reduce((inner, [flag, tag]) => (part.style?.[flag] ? h(tag, null, inner) : inner), shown);
  });
}

function lines(text) {
  return String(text)
    .split("\n")
    .flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

function colour(value) {
  return /^#[0-9a-f]{6}$/i.test(value) ? value : "transparent";
}
