/**
 * Slack's mrkdwn as descriptions for the page: bold, italic, strike, code, quotes, lists, links, mentions, dates, emoji.
 *
 * Everything ends in text nodes; nothing that a message says can become markup.
 */

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { link, token, unescape } from "./mention.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const TOKEN = /<([^<>\n]{1,4000})>/y;
const CODE = /`([^`\n]+)`/y;
const EMOJI = /:([a-z0-9_+'-]{1,60}):(?::skin-tone-[2-6]:)?/y;
const ADDRESS = /https?:\/\/[^\s<>|`]*[^\s<>|`.,;:!?)'"\]*_~]/y;
const FENCE = /```\n?([\s\S]*?)\n?```/g;

/** Return the blocks of a mrkdwn text: paragraphs, quotes, lists, preformatted text. */
export function mrkdwn(source) {
  const text = String(source ?? "");
  const blocks = [];
  let from = 0;
  for (const fence of text.matchAll(FENCE)) {
    blocks.push(...paragraphs(text.slice(from, fence.index).replace(/\n$/, "")));
    blocks.push(h("pre", { class: "code-block", tabindex: "0" }, h("code", null, bare(fence[1]))));
    from = fence.index + fence[0].length;
  }
  blocks.push(...paragraphs(from ? text.slice(from).replace(/^\n/, "") : text));
  return blocks;
}

/** Return a text object, mrkdwn or plain, as descriptions. A bare string counts as mrkdwn. */
export function textObject(object) {
  if (!object) return null;
  if (typeof object === "string") return mrkdwn(object);
  if (object.type !== "plain_text") return mrkdwn(object.text);
  return h("span", { class: "plain-text" }, plainText(object));
}

/** Return a plain_text object on one line, with its emoji drawn unless told otherwise. */
export function plainText(object) {
  const text = typeof object === "string" ? object : (object?.text ?? "");
  return typeof object === "object" && object?.emoji === false ? text : withEmoji(text);
}

/** Return the characters of a text object, for labels and comparison. */
export function wording(object) {
  return typeof object === "string" ? object : (object?.text ?? "");
}

/** Return one line of mrkdwn without blocks around it. */
export function inlineMrkdwn(source) {
  return inline(String(source ?? ""), "");
}

function withEmoji(text) {
  return text.split(/(:[a-z0-9_+'-]{1,60}:)/).map((piece, index) => (index % 2 ? emoji(piece.slice(1, -1)) : piece));
}

function paragraphs(text) {
  if (!text) return [];
  const groups = [];
  for (const line of text.split("\n")) {
    const kind = lineKind(line, groups.at(-1));
    if (groups.at(-1)?.kind === kind) groups.at(-1).lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.map(shape);
}

function lineKind(line, before) {
  if (before?.kind === "quote-rest" || /^(&gt;|>){3}/.test(line)) return "quote-rest";
  if (/^(&gt;|>)/.test(line)) return "quote";
  if (/^\s*[•◦▪-] /.test(line)) return "bullets";
  return /^\s*\d{1,3}\. /.test(line) ? "numbers" : "text";
}

function shape({ kind, lines }) {
  if (kind === "quote-rest") return h("blockquote", null, paragraphs(lines.join("\n").replace(/^(&gt;|>){3} ?/, "")));
  if (kind === "quote") return h("blockquote", null, broken(lines.map((line) => line.replace(/^(&gt;|>) ?/, ""))));
  if (kind === "bullets")
    return h(
      "ul",
      { class: "marks" },
      lines.map((line) => item(line, /^(\s*)[•◦▪-] /)),
    );
  if (kind === "numbers") return numbered(lines);
  return h("p", { dir: "auto" }, broken(lines));
}

function numbered(lines) {
  const start = Number.parseInt(lines[0], 10);
  return h(
    "ol",
    { class: "marks", start: start === 1 ? null : String(start) },
    lines.map((line) => item(line, /^(\s*)\d{1,3}\. /)),
  );
}

function item(line, mark) {
  const depth = Math.min(4, Math.floor(mark.exec(line)[1].length / 2));
  return h("li", { dir: "auto", class: depth ? `deep-${depth}` : null }, inline(line.replace(mark, ""), ""));
}

function broken(lines) {
  return lines.flatMap((line, index) => (index ? [h("br"), ...inline(line, "")] : inline(line, "")));
}

function bare(text) {
  return unescape(
    text.replace(/<([^<>\n|]+)(?:\|([^<>\n]*))?>/g, (whole, address, label) =>
      /^[a-z]+:/i.test(address) ? label || address : whole,
    ),
  );
}

function inline(text, open) {
  const out = [];
  const hopeless = new Set();
  let words = "";
  const push = (piece, length) => {
    if (words) out.push(unescape(words));
    words = "";
    out.push(piece);
    at += length;
  };
  let at = 0;
  while (at < text.length) {
    const found = special(text, at, open, hopeless);
    if (found) push(found.piece, found.length);
    else words += text[at++];
  }
  if (words) out.push(unescape(words));
  return out;
}

function special(text, at, open, hopeless) {
  const letter = text[at];
  if (letter === "<") return matched(TOKEN, text, at, (found) => token(found[1]));
  if (letter === "`") return matched(CODE, text, at, (found) => h("code", null, bare(found[1])));
  if (letter === ":") return matched(EMOJI, text, at, (found) => emojiUnlessClock(found, text, at));
  if (letter === "h" && !WORD.test(text[at - 1] ?? ""))
    return matched(ADDRESS, text, at, (found) => link(unescape(found[0]), ""));
  return letter in STYLES && !open.includes(letter) && !hopeless.has(letter) ? styled(text, at, open, hopeless) : null;
}

function matched(pattern, text, at, describe) {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  const piece = found && describe(found);
  return piece ? { piece, length: found[0].length } : null;
}

function emojiUnlessClock(found, text, at) {
  const partOfTime = /\d/.test(text[at - 1] ?? "") && /^\d+$/.test(found[1]);
  return partOfTime ? null : emoji(found[1]);
}

function styled(text, at, open, hopeless) {
  const mark = text[at];
  if (WORD.test(text[at - 1] ?? "") || /\s/.test(text[at + 1] ?? " ")) return null;
  const end = closing(text, at, mark);
  if (end < 0) {
    hopeless.add(mark);
    return null;
  }
  return end === at + 1
    ? null
    : { piece: h(STYLES[mark], null, inline(text.slice(at + 1, end), open + mark)), length: end - at + 1 };
}

function closing(text, at, mark) {
  for (let end = text.indexOf(mark, at + 1); end >= 0; end = text.indexOf(mark, end + 1)) {
    const tight = !/\s/.test(text[end - 1]) && end > at + 1;
    if (tight && !WORD.test(text[end + 1] ?? "") && !insideToken(text, at, end)) return end;
  }
  return -1;
}

function insideToken(text, at, end) {
  const opened = text.lastIndexOf("<", end);
  if (opened > at && text.indexOf(">", opened) > end && !text.slice(opened, end).includes(">")) return true;
  return (text.slice(at, end).split("`").length - 1) % 2 === 1;
}
