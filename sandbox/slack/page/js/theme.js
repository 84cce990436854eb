/** Light or dark: as the system says until somebody chooses. */

import { change, state } from "./state.js";

const KEY = "workspace-theme";

/** Take up the choice of an earlier visit. */
export function startTheme() {
  let kept = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    kept = null;
  }
  apply(kept === "dark" || kept === "light" ? kept : null);
}

/** Return whether the page is dark now. */
export function isDark() {
  return state.theme ? state.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Turn to the other one and remember it. */
export function toggleTheme() {
  const theme = isDark() ? "light" : "dark";
  apply(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser that keeps nothing still changes for this visit.
  }
}

function apply(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  change((page) => {
    page.theme = theme;
  });
}
