/** The panel of one thread: its first message, the replies, a composer. */

import { composer } from "./composer.js";
import { walk } from "./focus.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { noteRest, rows } from "./messages.js";
import { channelTitle } from "./names.js";
import { go } from "./place.js";
import { messagesOf, state } from "./state.js";

/** Return the panel of the thread that the address names, or null. */
export function threadPanel(channel) {
  const ts = state.place.thread;
  if (!ts || !channel) return null;
  const all = messagesOf(channel.id);
  const root = all.find((one) => one.ts === ts);
  const replies = all.filter((one) => one.thread_ts === ts && one.ts !== ts);
  const close = () => leave(channel, ts);
  return h(
    "aside",
    {
      class: "thread",
      key: `thread ${ts}`,
      "aria-labelledby": "thread-title",
      onkeydown: (event) => event.key === "Escape" && !state.popup && close(),
    },
    h(
      "header",
      { class: "pane-head" },
      h(
        "div",
        { class: "pane-title" },
        h("h2", { id: "thread-title" }, "Thread"),
        h("span", { class: "pane-sub" }, channelTitle(channel)),
      ),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close the thread", title: "Close", onclick: close },
        icon("close"),
      ),
    ),
    h(
      "div",
      {
        class: "messages",
        id: "thread-messages",
        key: ts,
        role: "region",
        "aria-label": "Messages in the thread",
        tabindex: "0",
        onscroll: (event) => noteRest(`thread ${ts}`, event.target),
        onkeydown: (event) => event.target.classList.contains("message") && walk(event, ".message"),
      },
      root
        ? h("ol", { class: "message-list" }, rows(channel, [root], { inThread: true }))
        : h("p", { class: "empty" }, "The first message of this thread is not on screen any more."),
      h(
        "div",
        { class: "replies-line", role: "separator", "aria-label": countOf(replies) },
        h("span", null, countOf(replies)),
      ),
      h("ol", { class: "message-list" }, rows(channel, replies, { inThread: true })),
    ),
    composer(channel, ts),
  );
}

function leave(channel, ts) {
  go({ channel: channel.id });
  setTimeout(() => document.querySelector(`#messages [data-ts="${CSS.escape(ts)}"]`)?.focus({ preventScroll: true }));
}

function countOf(replies) {
  if (!replies.length) return "No replies yet";
  return `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
}
