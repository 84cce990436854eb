/** A field to choose from a list by typing or with the arrow keys: one choice or several (a combobox with a listbox). */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { closePopup, isOpen, openPopup } from "./popup.js";
import { local } from "./state.js";

const live = new Map();

/**
 * Return the field.
 *
 * id: unique in the page. scope: where what is typed is kept. label: the accessible name, else `labelledby`.
 * options: [{value, label, description?, group?}]. chosen: values. many: whether several may be chosen, at most `max`.
 * onpick(values) gets the new choice. search(query): for lists that the app answers; returns a promise of options.
 */
export function picker(field) {
  live.set(field.id, field);
  const kept = local.get(field.scope, `picker ${field.id}`, { query: null, active: 0 });
  const open = kept.query !== null && isOpen(field.id);
  const shown = open ? matching(field, kept.query, kept.found) : [];
  const one = field.many ? null : known(field).find((option) => option.value === field.chosen[0]);
  return h(
    "div",
    {
      class: `picker${field.many ? " many" : ""}${field.invalid ? " invalid" : ""}`,
      key: field.id,
      id: `${field.id}-box`,
    },
    field.many && chips(field),
    h("input", {
      key: "input",
      class: "picker-input",
      id: field.id,
      role: "combobox",
      type: "text",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: (!field.many || !field.chosen.length) && (field.placeholder || "Choose…"),
      value: open ? kept.query : (one?.label ?? ""),
      "aria-label": field.labelledby ? null : field.label,
      "aria-labelledby": field.labelledby,
      "aria-describedby": field.describedby,
      "aria-invalid": field.invalid ? "true" : null,
      "aria-required": field.required ? "true" : null,
      "aria-expanded": String(open),
      "aria-controls": open ? `${field.id}-list` : null,
      "aria-autocomplete": "list",
      "aria-activedescendant": open && shown[kept.active] ? `${field.id}-${kept.active}` : null,
      onclick: () => !open && show(field),
      onfocus: (event) => event.target.select(),
      oninput: (event) => type(field, open ? event.target.value : (event.data ?? "")),
      onkeydown: (event) => key(event, field, kept, shown, open),
      onblur: () => isOpen(field.id) && setTimeout(() => hide(field), 150),
    }),
    icon("down", "picker-arrow"),
  );
}

function known(field) {
  return [...(field.options ?? []), ...(field.remembered ?? [])];
}

function chips(field) {
  return field.chosen.map((value) => {
    const name = known(field).find((option) => option.value === value)?.label ?? value;
    return h(
      "span",
      { class: "chip", key: value },
      name,
      h(
        "button",
        {
          type: "button",
          class: "chip-remove",
          "aria-label": `Remove ${name}`,
          onclick: () =>
            field.onpick(
              field.chosen.filter((other) => other !== value),
              known(field),
            ),
        },
        icon("close"),
      ),
    );
  });
}

function matching(field, query, found) {
  const list = field.search ? (found ?? []) : (field.options ?? []);
  const words = query.trim().toLowerCase();
  if (!words || field.search) return list;
  return list.filter((option) => `${option.label} ${option.description ?? ""}`.toLowerCase().includes(words));
}

function keep(field, changes) {
  const kept = local.get(field.scope, `picker ${field.id}`, { query: null, active: 0 });
  local.set(field.scope, `picker ${field.id}`, { ...kept, ...changes });
}

function show(field, query = "") {
  const box = document.getElementById(`${field.id}-box`);
  const at = query
    ? 0
    : Math.max(
        0,
        (field.options ?? []).findIndex((option) => option.value === field.chosen[0]),
      );
  keep(field, { query, active: at });
  openPopup({
    anchor: box,
    label: `list ${field.id}`,
    role: "listbox",
    focus: false,
    owner: field.id,
    draw: () => list(live.get(field.id)),
    closed: () => keep(field, { query: null }),
  });
  if (field.search) ask(field, query);
}

function hide(field) {
  if (isOpen(field.id)) closePopup({ restore: false });
}

function type(field, query) {
  if (!isOpen(field.id)) return show(field, query);
  keep(field, { query, active: 0 });
  return field.search ? ask(field, query) : undefined;
}

async function ask(field, query) {
  const found = await field.search(query);
  if (local.get(field.scope, `picker ${field.id}`)?.query === query) keep(field, { found, active: 0 });
}

function list(field) {
  const kept = local.get(field.scope, `picker ${field.id}`, { query: null, active: 0 });
  const shown = matching(field, kept.query ?? "", kept.found);
  const rows = shown.map((option, index) => [
    option.group &&
      option.group !== shown[index - 1]?.group &&
      h("li", { class: "list-group", role: "presentation", key: `g${option.group}` }, option.group),
    row(field, option, index, kept),
  ]);
  return h(
    "ul",
    {
      class: "listbox",
      role: "listbox",
      id: `${field.id}-list`,
      "aria-label": field.label || "Choices",
      "aria-multiselectable": field.many ? "true" : null,
    },
    rows,
    !shown.length &&
      h(
        "li",
        { class: "list-empty", role: "option", "aria-disabled": "true" },
        field.search && !kept.query ? "Type to search" : "Nothing matches",
      ),
  );
}

function row(field, option, index, kept) {
  const chosen = field.chosen.includes(option.value);
  return h(
    "li",
    {
      class: `list-row${index === kept.active ? " active" : ""}`,
      role: "option",
      id: `${field.id}-${index}`,
      key: option.value,
      "aria-selected": String(chosen),
      onpointerdown: (event) => event.preventDefault(),
      onpointermove: () => kept.active !== index && keep(field, { active: index }),
      onclick: () => pick(field, option),
    },
    h(
      "span",
      { class: "menu-words" },
      h("span", { class: "menu-label" }, option.label),
      option.description && h("span", { class: "menu-hint" }, option.description),
    ),
    chosen && icon("check", "menu-check"),
  );
}

function pick(field, option) {
  if (!field.many) {
    field.onpick([option.value], [option]);
    return hide(field);
  }
  const chosen = field.chosen.includes(option.value)
    ? field.chosen.filter((value) => value !== option.value)
    : [...field.chosen, option.value];
  if (field.max && chosen.length > field.max) return undefined;
  field.onpick(chosen, [...known(field), option]);
  return keep(field, { query: "" });
}

function key(event, field, kept, shown, open) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    event.preventDefault();
    if (!open) show(field);
    else step(field, (kept.active + steps[event.key] + shown.length) % Math.max(1, shown.length));
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (open && shown[kept.active]) pick(field, shown[kept.active]);
    else if (!open) show(field);
  } else if (event.key === "Escape" && open) {
    event.preventDefault();
    event.stopPropagation();
    hide(field);
  } else if (event.key === "Backspace" && field.many && !event.target.value && field.chosen.length) {
    field.onpick(field.chosen.slice(0, -1), known(field));
  }
}

function step(field, active) {
  keep(field, { active });
  requestAnimationFrame(() => document.getElementById(`${field.id}-${active}`)?.scrollIntoView({ block: "nearest" }));
}
