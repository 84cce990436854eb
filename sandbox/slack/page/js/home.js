/** The app's place: its Home tab, drawn from the view that it published, beside the messages with it. */

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { counterpart, nameOf } from "./names.js";
import { hashOf } from "./place.js";
import { state } from "./state.js";
import { viewContext } from "./view.js";

/** Return whether a channel is the conversation with the app. */
export function isAppDm(channel) {
  return Boolean(channel && counterpart(channel)?.is_bot);
}

/** Return whether the Home tab is the one to show in the conversation with the app. */
export function atHomeTab() {
  return state.app.home && (state.place.tab === "home" || !state.app.messages);
}

/** Return whether the app takes no messages here. */
export function closedToPeople(channel) {
  return isAppDm(channel) && (state.app.readOnly || !state.app.messages);
}

/** Return the tabs above a conversation with the app. */
export function tabs(channel) {
  const tab = state.place.tab;
  const one = (name, title) =>
    h(
      "a",
      {
        class: `tab${tab === name ? " here" : ""}`,
        href: hashOf({ channel: channel.id, tab: name }),
        "aria-current": tab === name ? "page" : null,
      },
      title,
    );
  return h("nav", { class: "tabs", "aria-label": "App" }, one("home", "Home"), one("messages", "Messages"));
}

/** Return the Home tab. */
export function home(channel) {
  const view = state.screen.home;
  const app = nameOf(counterpart(channel));
  if (!view)
    return h(
      "div",
      { class: "home empty", key: "home-empty" },
      h("p", null, `${app} has not published anything here yet.`),
    );
  const context = viewContext({ id: view.id ?? "home", view, held: view.state?.values ?? {} });
  return h(
    "div",
    { class: "home", id: "home", key: "home", tabindex: "0", role: "region", "aria-label": `${app} home` },
    h("div", { class: "home-page" }, blocks(context, view.blocks)),
  );
}
