/** Standard Markdown, as the markdown block takes it: headings, emphasis, links, lists, tasks, code, quotes, tables. */

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { link, token } from "./mention.js";

const INLINE = [
  [/^(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/, (found) => h("code", null, found[2])],
  [/^\\([\\`*_{}[\]()#+.!|~>-])/, (found) => found[1]],
  [/^!\[([^\]]*)\]\(([^()\s]+)(?:\s+"[^"]*")?\)/, (found) => link(found[2], found[1] || "image")],
  [/^\[([^\]]+)\]\(([^()\s]*(?:\([^()\s]*\))?[^()\s]*)(?:\s+"[^"]*")?\)/, (found) => link(found[2], found[1])],
  [/^<([^<>\n]+)>/, (found) => token(found[1])],
  [/^(\*\*|__)(?=\S)([\s\S]*?\S)\1/, (found) => h("strong", null, inline(found[2]))],
  [/^~~(?=\S)([\s\S]*?\S)~~/, (found) => h("s", null, inline(found[1]))],
  [/^\*(?=[^\s*])([^*\n]*[^\s*])\*/, (found) => h("em", null, inline(found[1]))],
  [/^_(?=[^\s_])([^_\n]*[^\s_])_(?![\p{L}\p{N}])/u, (found) => h("em", null, inline(found[1]))],
  [/^:([a-z0-9_+'-]{1,60}):/, (found) => emoji(found[1])],
  [/^https?:\/\/[^\s<>`]*[^\s<>`.,;:!?)'"\]*_~]/, (found) => link(found[0], "")],
];
const STARTS = /[`\\![<*_~:h]/g;

/** Return the blocks of a Markdown text. */
export function markdown(source) {
  const lines = String(source ?? "")
    .replace(/\r\n?/g, "\n")
    .split("\n");
  const levels = [...new Set(lines.map((line) => HEADING.exec(line)?.[1].length).filter(Boolean))].sort();
  const blocks = [];
  while (lines.length) {
    const block = BLOCKS.reduce((found, read) => found ?? read(lines, levels), null) ?? paragraph(lines);
    if (block !== "blank") blocks.push(block);
  }
  return blocks;
}

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const BLOCKS = [blank, fence, heading, rule, table, quote, list];

function blank(lines) {
  if (lines[0].trim()) return null;
  lines.shift();
  return "blank";
}

function fence(lines) {
  const opened = /^\s{0,3}(```+|~~~+)/.exec(lines[0]);
  if (!opened) return null;
  lines.shift();
  const end = lines.findIndex((line) => line.trim().startsWith(opened[1]));
  const code = lines.splice(0, end < 0 ? lines.length : end);
  lines.shift();
  return h("pre", { class: "code-block", tabindex: "0" }, h("code", null, code.join("\n")));
}

/* The page has levels 1 and 2; whatever levels a text uses, they follow without a gap. */
function heading(lines, levels) {
  const found = HEADING.exec(lines[0]);
  if (!found) return null;
  lines.shift();
  return h(
    `h${Math.min(6, 3 + levels.indexOf(found[1].length))}`,
    { class: `md-heading size-${found[1].length}` },
    inline(found[2]),
  );
}

function rule(lines) {
  if (!/^\s{0,3}([-*_])(\s*\1){2,}\s*$/.test(lines[0])) return null;
  lines.shift();
  return h("hr");
}

function quote(lines) {
  if (!/^\s{0,3}>/.test(lines[0])) return null;
  const inner = take(lines, (line) => /^\s{0,3}>/.test(line)).map((line) => line.replace(/^\s{0,3}> ?/, ""));
  return h("blockquote", null, markdown(inner.join("\n")));
}

function table(lines) {
  if (
    !lines[0].includes("|") ||
    !/^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[1] ?? "") ||
    !lines[1].includes("-")
  )
    return null;
  const head = cells(lines.shift());
  const sides = cells(lines.shift()).map((mark) =>
    mark.endsWith(":") ? (mark.startsWith(":") ? "center" : "right") : "left",
  );
  const rows = take(lines, (line) => line.includes("|") && line.trim() !== "").map(cells);
  const row = (tag, texts) =>
    h(
      "tr",
      null,
      head.map((_, n) =>
        h(tag, { class: `side-${sides[n] ?? "left"}`, scope: tag === "th" ? "col" : null }, inline(texts[n] ?? "")),
      ),
    );
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "group", "aria-label": "Table" },
    h(
      "table",
      { class: "data" },
      h("thead", null, row("th", head)),
      h(
        "tbody",
        null,
        rows.map((texts) => row("td", texts)),
      ),
    ),
  );
}

function cells(line) {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}

const ITEM = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;

function list(lines) {
  const first = ITEM.exec(lines[0]);
  if (!first) return null;
  const indent = first[1].length;
  const ordered = first[2] !== undefined;
  const items = [];
  for (
    let found = first;
    found && found[1].length === indent && (found[2] !== undefined) === ordered;
    found = ITEM.exec(lines[0] ?? "")
  ) {
    lines.shift();
    items.push(
      item(
        found[3],
        take(lines, (line) => deeper(line, indent)),
      ),
    );
  }
  return h(ordered ? "ol" : "ul", { class: "marks", start: ordered && first[2] !== "1" ? first[2] : null }, items);
}

function deeper(line, indent) {
  return line.trim() !== "" && /^\s*/.exec(line)[0].length > indent;
}

function item(text, below) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  const inner = below.length
    ? markdown(below.map((line) => line.trimStart() && line.replace(/^ {1,2}|^\t/, "")).join("\n"))
    : null;
  if (!task) return h("li", { dir: "auto" }, inline(text), inner);
  const done = task[1] !== " ";
  return h(
    "li",
    { class: "task-item", dir: "auto" },
    h("span", { role: "img", "aria-label": done ? "done" : "open" }, done ? "☑ " : "☐ "),
    inline(task[2]),
    inner,
  );
}

function paragraph(lines) {
  const own = [
    lines.shift(),
    ...take(lines, (line) => line.trim() !== "" && !/^(\s{0,3}(>|#{1,6}\s|```|~~~))/.test(line) && !ITEM.test(line)),
  ];
  return h(
    "p",
    { dir: "auto" },
    own.flatMap((line, index) => (index ? [h("br"), ...inline(line.trim())] : inline(line.trim()))),
  );
}

function take(lines, fits) {
  const end = lines.findIndex((line) => !fits(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function inline(text) {
  const out = [];
  let rest = text;
  let words = "";
  while (rest) {
    const found = firstMatch(rest, words);
    if (found) {
      out.push(words, found.piece);
      words = "";
      rest = rest.slice(found.length);
    } else {
      STARTS.lastIndex = 1;
      const next = STARTS.exec(rest)?.index ?? rest.length;
      words += rest.slice(0, next);
      rest = rest.slice(next);
    }
  }
  return [...out, words].filter((piece) => piece !== "");
}

function firstMatch(rest, before) {
  const insideWord = /[\p{L}\p{N}]$/u.test(before);
  for (const [pattern, describe] of INLINE) {
    if (insideWord && /^[_h]/.test(rest)) return null;
    const found = pattern.exec(rest);
    const piece = found && describe(found);
    if (piece) return { piece, length: found[0].length };
  }
  return null;
}
