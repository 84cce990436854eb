/** Where the keyboard is: kept inside dialogs, moved along lists by arrow keys. */

const FOCUSABLE = "a[href], :is(button, input, textarea, select):not([disabled]), [tabindex]:not([tabindex='-1'])";

/** Return what the Tab key reaches inside `box`, in order. */
export function reachable(box) {
  return [...box.querySelectorAll(FOCUSABLE)].filter(
    (node) => node.tabIndex >= 0 && node.checkVisibility({ visibilityProperty: true }),
  );
}

/** Keep the Tab key inside the element that listens. */
export function trap(event) {
  if (event.key !== "Tab") return;
  const stops = reachable(event.currentTarget);
  if (!stops.length) return;
  const [first, last] = [stops[0], stops.at(-1)];
  const inside = stops.includes(document.activeElement);
  if (event.shiftKey && (!inside || document.activeElement === first)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && (!inside || document.activeElement === last)) {
    event.preventDefault();
    first.focus();
  }
}

/** Move focus along the elements that match `selector` inside the listening element: up, down, Home and End. */
export function walk(event, selector) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (!(event.key in steps) && event.key !== "Home" && event.key !== "End") return;
  const stops = [...event.currentTarget.querySelectorAll(selector)].filter((node) => node.checkVisibility());
  const at = stops.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  const to =
    event.key === "Home"
      ? 0
      : event.key === "End"
        ? stops.length - 1
        : Math.min(stops.length - 1, Math.max(0, at + steps[event.key]));
  stops[to].focus();
  stops[to].scrollIntoView({ block: "nearest" });
}
