/** The larger blocks: table, plan and task cards, alert, card, container, carousel. */

import { h } from "./dom.js";
import { element, picture } from "./elements.js";
import { icon } from "./icons.js";
import { link } from "./mention.js";
import { plainText, textObject, wording } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { local } from "./state.js";

const STATUS = {
  pending: ["pending", "To do"],
  in_progress: ["in-progress", "In progress"],
  complete: ["complete", "Done"],
  error: ["error", "Failed"],
};

const LEVELS = { default: "message", info: "info", warning: "warning", error: "cross", success: "check" };

export const LAYOUTS = {
  table,
  plan,
  task_card: (context, block) => taskCard(context, block, "div"),
  alert,
  card,
  container,
  carousel,
};

function table(context, block) {
  const settings = block.column_settings ?? [];
  const [head, ...rows] = block.rows;
  const cell = (tag) => (content, column) =>
    h(
      tag,
      {
        scope: tag === "th" ? "col" : null,
        class: `side-${settings[column]?.align ?? (content?.type === "raw_number" ? "right" : "left")}${settings[column]?.is_wrapped ? " wrapped" : ""}`,
      },
      cellContent(content),
    );
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "group", "aria-label": "Table" },
    h(
      "table",
      { class: "data" },
      h("thead", null, h("tr", null, head.map(cell("th")))),
      h(
        "tbody",
        null,
        rows.map((row) => h("tr", null, row.map(cell("td")))),
      ),
    ),
  );
}

function cellContent(content) {
  if (content?.type === "rich_text") return h("div", { class: "prose" }, richText(content));
  return String(content?.text ?? content?.value ?? "");
}

function plan(context, block) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter((task) => task.status === "complete").length;
  const failed = tasks.some((task) => task.status === "error");
  return h(
    "section",
    { class: `block-plan${failed ? " failed" : ""}`, "aria-label": `Plan: ${wording(block.title)}` },
    h(
      "div",
      { class: "plan-head" },
      h("span", { class: "plan-title" }, plainText(block.title)),
      tasks.length > 0 && h("span", { class: "plan-count" }, `${done} of ${tasks.length} done`),
    ),
    tasks.length > 0 &&
      h("progress", {
        class: "plan-bar",
        max: String(tasks.length),
        value: done,
        "aria-label": "Progress of the plan",
      }),
    h(
      "ol",
      { class: "plan-tasks" },
      tasks.map((task) => taskCard(context, task, "li")),
    ),
  );
}

function taskCard(context, task, tag) {
  const [mark, words] = STATUS[task.status] ?? STATUS.pending;
  return h(
    tag,
    { class: `task ${mark}`, key: task.task_id },
    h(
      "span",
      { class: "task-mark", role: "img", "aria-label": words, title: words },
      mark === "complete" ? icon("check") : mark === "error" ? icon("cross") : null,
    ),
    h(
      "div",
      { class: "task-words" },
      h("div", { class: "task-title" }, plainText(task.title), h("span", { class: "task-status" }, words)),
      task.details && h("div", { class: "task-details prose" }, richText(task.details)),
      task.output && h("div", { class: "task-output prose" }, richText(task.output)),
      task.sources?.length > 0 &&
        h(
          "ul",
          { class: "task-sources" },
          task.sources.map((source) => h("li", null, link(source.url, source.text))),
        ),
    ),
  );
}

function alert(context, block) {
  const level = block.level in LEVELS ? block.level : "default";
  return h(
    "div",
    { class: `block-alert ${level}`, role: "note", "aria-label": level === "default" ? "Note" : level },
    icon(LEVELS[level]),
    h("div", { class: "prose" }, textObject(block.text)),
  );
}

function card(context, block) {
  return h(
    "div",
    { class: "block-card" },
    block.hero_image && picture(context, block, block.hero_image, "hero"),
    (block.title || block.subtitle || block.icon) &&
      h(
        "div",
        { class: "card-head" },
        block.icon && picture(context, block, block.icon, "icon-picture"),
        h(
          "div",
          null,
          block.title && h("div", { class: "card-title prose" }, textObject(block.title)),
          block.subtitle && h("div", { class: "card-subtitle prose" }, textObject(block.subtitle)),
        ),
      ),
    block.body && h("div", { class: "card-body prose" }, textObject(block.body)),
    block.actions?.length > 0 &&
      h(
        "div",
        { class: "block-actions" },
        block.actions.map((part, index) =>
          h("div", { class: "action", key: part.action_id ?? index }, element(context, block, part)),
        ),
      ),
  );
}

function container(context, block, blocks) {
  const fact = `collapsed ${block.block_id}`;
  const collapsed = block.is_collapsible && local.get(context.scope, fact, Boolean(block.default_collapsed));
  const id = `${context.idOf(block, { action_id: "body" })}`;
  const words = [
    block.icon && picture(context, block, block.icon, "icon-picture"),
    h(
      "span",
      { class: "container-words" },
      h(
        "span",
        { class: "container-title" },
        block.rich_text_title ? richText(block.rich_text_title) : plainText(block.title),
      ),
      block.subtitle && h("span", { class: "container-subtitle" }, textObject(block.subtitle)),
    ),
  ];
  const toggle = () => local.set(context.scope, fact, !collapsed);
  const head = block.is_collapsible
    ? h(
        "button",
        {
          type: "button",
          class: "container-head",
          "aria-expanded": String(!collapsed),
          "aria-controls": id,
          onclick: toggle,
        },
        icon(collapsed ? "right" : "down"),
        words,
      )
    : h("div", { class: `container-head${block.has_header_divider ? " divided" : ""}` }, words);
  return h(
    "section",
    { class: `block-container ${block.width ?? "standard"}` },
    head,
    h("div", { class: "container-body", id, hidden: collapsed }, blocks(context, block.child_blocks)),
  );
}

function carousel(context, block) {
  return h(
    "div",
    { class: "block-carousel", tabindex: "0", role: "group", "aria-label": `${block.elements.length} cards` },
    block.elements.map((one, index) =>
      h(
        "div",
        { class: "carousel-item", key: one.block_id ?? index },
        card(context, { ...one, block_id: one.block_id ?? `${block.block_id}-${index}` }),
      ),
    ),
  );
}
