/** One thing floats at a time: a menu, a list, a board of emoji. Placed at its opener, dismissed by Esc or a click elsewhere. */

import { h, mount } from "./dom.js";
import { icon } from "./icons.js";
import { change, state } from "./state.js";

const GAP = 6;
const ITEMS = "[role^=menuitem]:not([aria-disabled=true]), [data-cell]";

/**
 * Open a popup at `anchor`. `draw` returns its content; `focus` says whether focus moves into it.
 * Opening it again from the same anchor closes it.
 */
export function openPopup({
  anchor,
  draw,
  label,
  role = "dialog",
  focus = true,
  columns = 1,
  closed = null,
  wide = false,
  owner = null,
}) {
  if (state.popup?.anchor === anchor && focus) return closePopup();
  closePopup({ restore: false });
  change((page) => {
    page.popup = { anchor, draw, label, role, columns, closed, focus, wide, owner, fresh: true };
  });
}

/** Close the popup; focus goes back to its opener if it was inside. */
export function closePopup({ restore = true } = {}) {
  const popup = state.popup;
  if (!popup) return;
  change((page) => {
    page.popup = null;
  });
  popup.closed?.();
  if (restore && popup.focus && popup.anchor.isConnected) popup.anchor.focus();
}

/** Open a menu. Each item: label, and pick or href; hint, icon, danger, disabled, checked as needed. */
export function openMenu(anchor, label, items) {
  openPopup({ anchor, label, role: "menu", draw: () => items().map(menuItem) });
}

/** Return whether the open popup belongs to this opener, told by its id or its own name for itself. */
export function isOpen(owner) {
  return Boolean(owner) && (state.popup?.owner === owner || state.popup?.anchor.id === owner);
}

/** Draw the floating layer into its place and keep it beside its opener. */
export function drawPopup(layer) {
  const popup = state.popup;
  if (popup && !popup.anchor.isConnected) return closePopup({ restore: false });
  mount(
    layer,
    popup &&
      h(
        "div",
        {
          class: `popup popup-${popup.role}${popup.wide ? " wide" : ""}`,
          role: popup.role === "listbox" ? null : popup.role,
          "aria-label": popup.role === "listbox" ? null : popup.label,
          key: popup.label,
          onkeydown: keys,
        },
        popup.draw(),
      ),
  );
  if (!popup) return undefined;
  beside(layer.firstElementChild, popup.anchor);
  if (popup.fresh && popup.focus) firstItem(layer)?.focus();
  popup.fresh = false;
  return undefined;
}

/** Close the popup when somebody presses anywhere else, scrolls the page under it away, or resizes. */
export function watchOutside(layer) {
  document.addEventListener("pointerdown", (event) => {
    if (!state.popup || layer.contains(event.target) || state.popup.anchor.contains(event.target)) return;
    closePopup({ restore: false });
  });
  window.addEventListener("resize", () => state.popup && beside(layer.firstElementChild, state.popup.anchor));
  document.addEventListener(
    "scroll",
    () => state.popup && layer.firstElementChild && beside(layer.firstElementChild, state.popup.anchor),
    { capture: true, passive: true },
  );
}

function menuItem(item) {
  if (item.divider) return h("div", { class: "menu-divider", role: "separator" });
  if (item.heading) return h("div", { class: "menu-heading", role: "presentation" }, item.heading);
  const role = item.checked === undefined ? "menuitem" : "menuitemradio";
  const props = {
    class: `menu-item${item.danger ? " danger" : ""}`,
    role,
    tabindex: "-1",
    "aria-checked": item.checked === undefined ? null : String(item.checked),
    "aria-disabled": item.disabled ? "true" : null,
    onclick: (event) => picked(event, item),
  };
  const inside = [
    item.picture ?? (item.icon && icon(item.icon)),
    h(
      "span",
      { class: "menu-words" },
      h("span", { class: "menu-label" }, item.label),
      item.hint && h("span", { class: "menu-hint" }, item.hint),
    ),
    item.checked && icon("check", "menu-check"),
  ];
  return item.href
    ? h("a", { ...props, href: item.href, target: item.target, rel: item.target && "noopener noreferrer" }, inside)
    : h("button", { ...props, type: "button" }, inside);
}

function picked(event, item) {
  if (item.disabled || event.ctrlKey || event.metaKey || event.shiftKey) return;
  closePopup();
  item.pick?.(event);
}

function keys(event) {
  if (event.key === "Escape" || (event.key === "Tab" && state.popup?.role === "menu")) {
    event.preventDefault();
    event.stopPropagation();
    closePopup();
    return;
  }
  const steps = { ArrowDown: state.popup.columns, ArrowUp: -state.popup.columns, ArrowRight: 1, ArrowLeft: -1 };
  if (event.key in steps && event.target.matches("input") === false) move(event, steps[event.key]);
  else if (event.key in steps && event.key.endsWith("Down")) move(event, 0);
  else if (event.key === "Home" || event.key === "End") jump(event);
}

function move(event, step) {
  const items = [...event.currentTarget.querySelectorAll(ITEMS)];
  if (!items.length) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[at < 0 ? 0 : (at + step + items.length) % items.length].focus();
}

function jump(event) {
  if (event.target.matches("input")) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll(ITEMS)];
  items.at(event.key === "Home" ? 0 : -1)?.focus();
}

function firstItem(layer) {
  return (
    layer.querySelector("[data-first], [aria-checked=true]") ??
    layer.querySelector(ITEMS) ??
    layer.querySelector("button, input, a[href]")
  );
}

function beside(box, anchor) {
  if (!box) return;
  const at = anchor.getBoundingClientRect();
  const size = { width: box.offsetWidth, height: box.offsetHeight };
  if (state.popup.role === "listbox" || at.width > 200) box.style.minWidth = `${at.width}px`;
  const below = at.bottom + GAP + size.height <= innerHeight || at.top < size.height + GAP;
  const top = below ? Math.min(at.bottom + GAP, innerHeight - size.height - GAP) : at.top - GAP - size.height;
  const left = Math.min(
    Math.max(GAP, at.left + size.width > innerWidth - GAP ? at.right - size.width : at.left),
    innerWidth - size.width - GAP,
  );
  box.style.top = `${Math.max(GAP, top)}px`;
  box.style.left = `${Math.max(GAP, left)}px`;
}
