/** Where a person writes: messages and slash commands, with completion, shortcuts, and what came of the last one. */

import { usageFor } from "./completion.js";
import { attempt } from "./deeds.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, channelTitle, nameOf } from "./names.js";
import { openShortcuts } from "./shortcuts.js";
import { local } from "./state.js";
import { accept, grow, key, offer, send, typed } from "./writing.js";

/** Return whether the person may write in a channel. */
export function canWrite(channel) {
  return channel.is_member && !channel.is_archived;
}

/** Return the composer of a channel, or of a thread in it; or what stands in its place. */
export function composer(channel, thread = null) {
  if (channel.is_archived)
    return bar("archive", "This channel is archived. You can read it, but nobody can write here.");
  if (!channel.is_member) return joinBar(channel);
  return box(channel, thread);
}

function box(channel, thread) {
  const scope = thread ? `composer ${channel.id} ${thread}` : `composer ${channel.id}`;
  const id = thread ? "reply" : "composer";
  const draft = local.get(scope, "draft", "");
  const offered = local.get(scope, "offered", { from: 0, items: [] });
  const active = local.get(scope, "active", 0);
  const open = offered.items.length > 0;
  const label = thread ? "Reply in the thread" : `Message ${channelTitle(channel)}`;
  const spot = { channel, thread, scope, id };
  return h(
    "div",
    { class: "composer", key: scope },
    !thread && notices(scope),
    open && suggestions(spot, offered, active),
    !open && !thread && usage(draft),
    h(
      "form",
      { class: "composer-box", onsubmit: (event) => (event.preventDefault(), send(spot)) },
      !thread &&
        h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": "Shortcuts",
            title: "Shortcuts",
            "aria-haspopup": "menu",
            onclick: (event) => openShortcuts(event.currentTarget),
          },
          icon("plus"),
        ),
      h("textarea", {
        class: "composer-text",
        id,
        rows: "1",
        dir: "auto",
        placeholder: label,
        "aria-label": label,
        "aria-autocomplete": "list",
        "aria-controls": open ? `${id}-list` : null,
        "aria-activedescendant": open ? `${id}-option-${active}` : null,
        value: draft,
        autocomplete: "off",
        oninput: (event) => typed(spot, event.target),
        onkeydown: (event) => key(event, spot),
        onclick: (event) => offer(spot, event.target),
        created: (node) => setTimeout(() => grow(node)),
      }),
      h(
        "button",
        { type: "submit", class: "send", "aria-label": "Send", title: "Send (Enter)", disabled: !draft.trim() },
        icon("send"),
      ),
    ),
    h(
      "div",
      { class: "composer-foot" },
      local.get(scope, "running", 0) > 0
        ? h("span", { class: "running", role: "status" }, "Waiting for the app…")
        : h(
            "span",
            { class: "keys" },
            h("kbd", null, "Enter"),
            " sends, ",
            h("kbd", null, "Shift + Enter"),
            " starts a line",
          ),
    ),
  );
}

function bar(mark, text, button = null) {
  return h(
    "div",
    { class: "composer", key: "bar" },
    h("div", { class: "composer-bar" }, icon(mark), h("p", null, text), button),
  );
}

/** Return what stands in place of the composer where the app only speaks. */
export function closedBar(channel) {
  return bar(
    "message",
    `${channelTitle(channel)} writes here, but does not take messages. Its commands work in any channel.`,
  );
}

function joinBar(channel) {
  const join = () => attempt("join", { channel_id: channel.id });
  return bar(
    "hash",
    `You are not in ${channelTitle(channel)}. Join to write and to run commands.`,
    h("button", { type: "button", class: "button primary", onclick: join }, "Join channel"),
  );
}

function notices(scope) {
  const shown = local.get(scope, "notices", []);
  if (!shown.length) return null;
  const dismiss = (gone) =>
    local.set(
      scope,
      "notices",
      shown.filter((one) => one !== gone),
    );
  return h(
    "div",
    { class: "notices", role: "alert" },
    shown.map((one) =>
      h(
        "div",
        { class: "notice", key: `${one.at} ${one.text}` },
        icon("info"),
        h("p", { dir: "auto" }, one.text),
        h("span", { class: "notice-who" }, "Only visible to you"),
        h(
          "button",
          { type: "button", class: "icon-button small", "aria-label": "Dismiss", onclick: () => dismiss(one) },
          icon("close"),
        ),
      ),
    ),
  );
}

function usage(draft) {
  const command = usageFor(draft);
  if (!command) return null;
  return h(
    "div",
    { class: "usage" },
    h("code", null, command.command),
    " ",
    h("span", { class: "usage-hint" }, command.usage_hint),
    h("span", { class: "usage-what" }, command.description),
  );
}

function suggestions(spot, offered, active) {
  return h(
    "ul",
    { class: "suggestions", role: "listbox", id: `${spot.id}-list`, "aria-label": "Suggestions" },
    offered.items.map((item, index) =>
      h(
        "li",
        {
          class: `list-row${index === active ? " active" : ""}`,
          role: "option",
          id: `${spot.id}-option-${index}`,
          key: item.key,
          "aria-selected": String(index === active),
          onpointerdown: (event) => event.preventDefault(),
          onclick: () => accept(spot, item),
        },
        item.person && avatar({ id: item.person.id, name: nameOf(item.person), isApp: item.person.is_bot }, "tiny"),
        h(
          "span",
          { class: "menu-words" },
          h(
            "span",
            { class: "menu-label" },
            item.label,
            item.usage && h("span", { class: "usage-hint" }, ` ${item.usage}`),
          ),
          item.hint && h("span", { class: "menu-hint" }, item.hint),
        ),
      ),
    ),
  );
}
