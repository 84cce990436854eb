/** Block elements to fill in: text, numbers, addresses, dates and times, boxes to tick, and the lists of `selects.js`. */

import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { plainText, textObject, wording } from "./mrkdwn.js";
import { richWords } from "./richtext.js";
import { selectElement } from "./selects.js";

const TYPED = {
  plain_text_input: text,
  rich_text_input: richTextInput,
  number_input: (context, block, part) =>
    single(context, block, part, {
      type: "text",
      inputmode: part.is_decimal_allowed ? "decimal" : "numeric",
      initial: part.initial_value,
    }),
  email_text_input: (context, block, part) =>
    single(context, block, part, { type: "email", initial: part.initial_value }),
  url_text_input: (context, block, part) => single(context, block, part, { type: "url", initial: part.initial_value }),
  datepicker: (context, block, part) => moment(context, block, part, "date", "selected_date", part.initial_date ?? ""),
  timepicker: (context, block, part) => moment(context, block, part, "time", "selected_time", part.initial_time ?? ""),
  datetimepicker: dateTime,
  checkboxes,
  radio_buttons: radios,
};

/** Return a field, or null when the element is none. */
export function inputElement(context, block, part) {
  return TYPED[part.type]?.(context, block, part) ?? selectElement(context, block, part);
}

/** Return the value that an element has before anybody touches it, in the form of a view's state. */
export function initialValue(part) {
  const start = STARTS[part.type];
  return start ? { type: part.type, ...start(part) } : null;
}

/** Return whether a value counts as filled in. */
export function isFilled(value) {
  if (!value) return false;
  const { type, ...rest } = value;
  return Object.values(rest).some((content) =>
    Array.isArray(content) ? content.length > 0 : content !== null && content !== undefined && content !== "",
  );
}

const STARTS = {
  plain_text_input: (part) => ({ value: part.initial_value ?? null }),
  number_input: (part) => ({ value: part.initial_value ?? null }),
  email_text_input: (part) => ({ value: part.initial_value ?? null }),
  url_text_input: (part) => ({ value: part.initial_value ?? null }),
  rich_text_input: (part) => ({ rich_text_value: part.initial_value ?? null }),
  datepicker: (part) => ({ selected_date: part.initial_date ?? null }),
  timepicker: (part) => ({ selected_time: part.initial_time ?? null }),
  datetimepicker: (part) => ({ selected_date_time: part.initial_date_time ?? null }),
  checkboxes: (part) => ({ selected_options: part.initial_options ?? [] }),
  radio_buttons: (part) => ({ selected_option: part.initial_option ?? null }),
  static_select: (part) => ({ selected_option: part.initial_option ?? null }),
  external_select: (part) => ({ selected_option: part.initial_option ?? null }),
  users_select: (part) => ({ selected_user: part.initial_user ?? null }),
  channels_select: (part) => ({ selected_channel: part.initial_channel ?? null }),
  conversations_select: (part) => ({ selected_conversation: part.initial_conversation ?? null }),
  multi_static_select: (part) => ({ selected_options: part.initial_options ?? [] }),
  multi_external_select: (part) => ({ selected_options: part.initial_options ?? [] }),
  multi_users_select: (part) => ({ selected_users: part.initial_users ?? [] }),
  multi_channels_select: (part) => ({ selected_channels: part.initial_channels ?? [] }),
  multi_conversations_select: (part) => ({ selected_conversations: part.initial_conversations ?? [] }),
};

/** The kinds of elements that have a value. */
export const KINDS_WITH_VALUE = new Set(Object.keys(STARTS));

/** Return the attributes that tie a field to its label, hint and error. */
export function ties(context, block, part) {
  const id = context.idOf(block, part);
  const error = context.errorOf?.(block);
  const describedby = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return {
    id,
    "aria-label": block.label ? null : wording(part.placeholder) || part.action_id || "Field",
    "aria-describedby": describedby || null,
    "aria-invalid": error ? "true" : null,
    "aria-required": block.type === "input" && !block.optional ? "true" : null,
    "data-action": part.action_id,
  };
}

function text(context, block, part) {
  const start = context.valueOf(block, part)?.value ?? "";
  const props = {
    ...ties(context, block, part),
    class: "field",
    placeholder: wording(part.placeholder) || null,
    maxlength: String(part.max_length ?? 3000),
    value: start,
    created: part.focus_on_load ? focusSoon : null,
    oninput: (event) => context.keep(block, part, { value: event.target.value || null }, { typing: true }),
    onchange: (event) => context.typed(block, part, { value: event.target.value || null }),
  };
  if (part.multiline) return h("textarea", { ...props, rows: "4", dir: "auto" });
  return h("input", {
    ...props,
    type: "text",
    dir: "auto",
    onkeydown: (event) => event.key === "Enter" && context.entered(block, part, { value: event.target.value || null }),
  });
}

function single(context, block, part, { initial, ...kind }) {
  const start = context.valueOf(block, part)?.value ?? initial ?? "";
  return h("input", {
    ...ties(context, block, part),
    ...kind,
    class: "field",
    placeholder: wording(part.placeholder) || null,
    value: start,
    oninput: (event) => context.keep(block, part, { value: event.target.value || null }, { typing: true }),
    onchange: (event) => context.typed(block, part, { value: event.target.value || null }),
  });
}

function richTextInput(context, block, part) {
  const held = context.valueOf(block, part)?.rich_text_value;
  return h("textarea", {
    ...ties(context, block, part),
    class: "field",
    rows: "4",
    dir: "auto",
    placeholder: wording(part.placeholder) || null,
    value: held ? richWords(held) : "",
    oninput: (event) =>
      context.keep(block, part, { rich_text_value: asRichText(event.target.value) }, { typing: true }),
    onchange: (event) => context.typed(block, part, { rich_text_value: asRichText(event.target.value) }),
  });
}

function asRichText(words) {
  return words
    ? { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: words }] }] }
    : null;
}

function moment(context, block, part, kind, name, initial) {
  return h("input", {
    ...ties(context, block, part),
    class: "field moment",
    type: kind,
    value: context.valueOf(block, part)?.[name] ?? initial,
    onchange: (event) => choose(context, block, part, { [name]: event.target.value || null }),
  });
}

function dateTime(context, block, part) {
  const seconds = context.valueOf(block, part)?.selected_date_time;
  return h("input", {
    ...ties(context, block, part),
    class: "field moment",
    type: "datetime-local",
    value: seconds ? context.wall.text(seconds) : "",
    onchange: (event) =>
      choose(context, block, part, {
        selected_date_time: event.target.value ? context.wall.seconds(event.target.value) : null,
      }),
  });
}

function checkboxes(context, block, part) {
  const chosen = context.valueOf(block, part)?.selected_options ?? [];
  const among = (option) => chosen.some((one) => one.value === option.value);
  const toggle = (option) =>
    choose(context, block, part, {
      selected_options: part.options.filter((one) => (one.value === option.value ? !among(one) : among(one))),
    });
  return options(context, block, part, "group", (option, id, name) =>
    h("input", { type: "checkbox", id, name, checked: among(option), onchange: () => toggle(option) }),
  );
}

function radios(context, block, part) {
  const chosen = context.valueOf(block, part)?.selected_option?.value;
  return options(context, block, part, "radiogroup", (option, id, name) =>
    h("input", {
      type: "radio",
      id,
      name,
      checked: option.value === chosen,
      onchange: () => choose(context, block, part, { selected_option: option }),
    }),
  );
}

function options(context, block, part, role, mark) {
  const { id, "aria-invalid": invalid, "aria-required": required, ...tied } = ties(context, block, part);
  const group = { ...tied, id, role, class: "options", "aria-labelledby": block.label ? `${id}-label` : null };
  if (role === "radiogroup") Object.assign(group, { "aria-invalid": invalid, "aria-required": required });
  return h(
    "div",
    group,
    part.options.map((option, index) =>
      h(
        "label",
        { class: "option", key: option.value, for: `${id}-${index}` },
        mark(option, `${id}-${index}`, id),
        h(
          "span",
          { class: "option-words" },
          h("span", { class: "option-label" }, textObject(option.text)),
          option.description && h("span", { class: "option-hint" }, plainText(option.description)),
        ),
      ),
    ),
  );
}

async function choose(context, block, part, value) {
  if (await confirmed(part.confirm)) context.choose(block, part, value);
}

function focusSoon(node) {
  queueMicrotask(() => node.focus());
}
