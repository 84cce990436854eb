/** What opens from a message: the board of reactions and the menu with shortcuts. */

import { attempt, isPinned, pin, react } from "./deeds.js";
import { h } from "./dom.js";
import { OFTEN, picture, shortcodes } from "./emoji.js";
import { go, hashOf } from "./place.js";
import { closePopup, openMenu, openPopup } from "./popup.js";
import { local, state } from "./state.js";
import { toast } from "./toasts.js";

const SHOWN = 64;

/** Open the board of emoji; picking one reacts to the message. */
export function openEmoji(anchor, channel, message) {
  local.set("emoji", "query", "");
  openPopup({
    anchor,
    label: "Choose a reaction",
    columns: 8,
    draw: () => board((name) => react(channel, message, name)),
  });
}

/** Open the menu of a message: what the page offers, then the app's message shortcuts. */
export function openMessageMenu(anchor, channel, message) {
  openMenu(anchor, "Message actions", () => [
    {
      label: "Reply in thread",
      icon: "thread",
      pick: () => go({ channel: channel.id, thread: message.thread_ts ?? message.ts }),
    },
    {
      label: isPinned(channel, message) ? "Unpin from channel" : "Pin to channel",
      icon: "pin",
      pick: () => pin(channel, message),
    },
    { label: "Copy link", icon: "link", pick: () => copyLink(channel, message) },
    ...shortcutItems(channel, message),
  ]);
}

function shortcutItems(channel, message) {
  const offered = (state.screen.shortcuts ?? []).filter((one) => one.type === "message");
  if (!offered.length) return [];
  return [
    { divider: true },
    ...offered.map((one) => ({
      label: one.name,
      hint: one.description,
      icon: "bolt",
      pick: () => attempt("shortcut", { callback_id: one.callback_id, channel_id: channel.id, message_ts: message.ts }),
    })),
  ];
}

async function copyLink(channel, message) {
  const address = new URL(hashOf({ channel: channel.id, target: message.ts }), location.href).href;
  try {
    await navigator.clipboard.writeText(address);
    toast("Link copied.");
  } catch {
    toast(`Copy this link: ${address}`);
  }
}

function board(pick) {
  const query = local.get("emoji", "query", "").toLowerCase().replaceAll(":", "").trim();
  const all = [...new Set([...OFTEN, ...shortcodes()])];
  const fitting = (query ? all.filter((name) => name.includes(query.replaceAll(" ", "_"))) : all).slice(0, SHOWN);
  return h(
    "div",
    { class: "emoji-board" },
    h("input", {
      class: "field",
      type: "search",
      placeholder: "Find an emoji",
      "aria-label": "Find an emoji",
      value: query,
      "data-first": true,
      oninput: (event) => local.set("emoji", "query", event.target.value),
      onkeydown: (event) => event.key === "Enter" && fitting[0] && choose(pick, fitting[0]),
    }),
    h(
      "div",
      { class: "emoji-grid", role: "group", "aria-label": "Emoji" },
      fitting.map((name) =>
        h(
          "button",
          {
            type: "button",
            class: "emoji-cell",
            key: name,
            "data-cell": true,
            tabindex: "-1",
            "aria-label": name.replaceAll("_", " "),
            title: `:${name}:`,
            onclick: () => choose(pick, name),
          },
          picture(name),
        ),
      ),
      !fitting.length && h("p", { class: "list-empty" }, "Nothing matches"),
    ),
  );
}

function choose(pick, name) {
  closePopup();
  pick(name);
}
