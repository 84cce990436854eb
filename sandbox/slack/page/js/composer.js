/** Where a person writes: messages and slash commands, with completion, shortcuts, and what came of the last one. */

import { act, Refusal } from "./control.js";
import { attempt } from "./deeds.js";
import { completions, usageFor } from "./completion.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, channelTitle, counterpart, nameOf } from "./names.js";
import { openMenu } from "./popup.js";
import { local, state } from "./state.js";
import { refresh } from "./stream.js";

/** Return whether the person may write in a channel. */
export function canWrite(channel) {
  return channel.is_member && !channel.is_archived;
}

/** Return the composer of a channel, or of a thread in it; or what stands in its place. */
export function composer(channel, thread = null) {
  if (channel.is_archived) return bar("archive", "This channel is archived. You can read it, but nobody can write here.");
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
      !thread && h("button", { type: "button", class: "icon-button", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "menu", onclick: (event) => shortcuts(event.currentTarget) }, icon("plus")),
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
      h("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send (Enter)", disabled: !draft.trim() }, icon("send")),
    ),
    h("div", { class: "composer-foot" }, local.get(scope, "running", 0) > 0 ? h("span", { class: "running", role: "status" }, "Waiting for the app…") : h("span", { class: "keys" }, h("kbd", null, "Enter"), " sends, ", h("kbd", null, "Shift + Enter"), " starts a line")),
  );
}

function bar(mark, text, button = null) {
  return h("div", { class: "composer", key: "bar" }, h("div", { class: "composer-bar" }, icon(mark), h("p", null, text), button));
}

/** Return what stands in place of the composer where the app only speaks. */
export function closedBar(channel) {
  return bar("message", `${channelTitle(channel)} writes here, but does not take messages. Its commands work in any channel.`);
}

function joinBar(channel) {
  const join = () => attempt("join", { channel_id: channel.id });
  return bar("hash", `You are not in ${channelTitle(channel)}. Join to write and to run commands.`, h("button", { type: "button", class: "button primary", onclick: join }, "Join channel"));
}

function notices(scope) {
  const shown = local.get(scope, "notices", []);
  if (!shown.length) return null;
  const dismiss = (gone) => local.set(scope, "notices", shown.filter((one) => one !== gone));
  return h(
    "div",
    { class: "notices", role: "alert" },
    shown.map((one) =>
      h("div", { class: "notice", key: `${one.at} ${one.text}` }, icon("info"), h("p", { dir: "auto" }, one.text), h("span", { class: "notice-who" }, "Only visible to you"), h("button", { type: "button", class: "icon-button small", "aria-label": "Dismiss", onclick: () => dismiss(one) }, icon("close"))),
    ),
  );
}

function usage(draft) {
  const command = usageFor(draft);
  if (!command) return null;
  return h("div", { class: "usage" }, h("code", null, command.command), " ", h("span", { class: "usage-hint" }, command.usage_hint), h("span", { class: "usage-what" }, command.description));
}

function suggestions(spot, offered, active) {
  return h(
    "ul",
    { class: "suggestions", role: "listbox", id: `${spot.id}-list`, "aria-label": "Suggestions" },
    offered.items.map((item, index) =>
      h(
        "li",
        { class: `list-row${index === active ? " active" : ""}`, role: "option", id: `${spot.id}-option-${index}`, key: item.key, "aria-selected": String(index === active), onpointerdown: (event) => event.preventDefault(), onclick: () => accept(spot, item) },
        item.person && avatar({ id: item.person.id, name: nameOf(item.person), isApp: item.person.is_bot }, "tiny"),
        h("span", { class: "menu-words" }, h("span", { class: "menu-label" }, item.label, item.usage && h("span", { class: "usage-hint" }, ` ${item.usage}`)), item.hint && h("span", { class: "menu-hint" }, item.hint)),
      ),
    ),
  );
}

function typed(spot, field) {
  local.set(spot.scope, "draft", field.value, { quiet: true });
  grow(field);
  offer(spot, field);
}

function offer(spot, field) {
  const found = completions(field.value, field.selectionStart, { inThread: Boolean(spot.thread) });
  local.set(spot.scope, "active", 0, { quiet: true });
  local.set(spot.scope, "offered", found);
}

function close(spot) {
  local.set(spot.scope, "offered", { from: 0, items: [] });
}

function accept(spot, item) {
  const field = document.getElementById(spot.id);
  const { from } = local.get(spot.scope, "offered");
  const after = field.value.slice(field.selectionStart);
  const draft = field.value.slice(0, from) + item.insert + after.replace(/^ /, "");
  field.value = draft;
  field.focus();
  field.setSelectionRange(from + item.insert.length, from + item.insert.length);
  local.set(spot.scope, "draft", draft, { quiet: true });
  close(spot);
  grow(field);
}

function key(event, spot) {
  if (event.isComposing) return;
  const { items } = local.get(spot.scope, "offered", { items: [] });
  if (items.length && suggestionKey(event, spot, items)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send(spot);
  } else if (event.key === "ArrowUp" && !event.target.value && !spot.thread) {
    event.preventDefault();
    [...document.querySelectorAll("#messages .message")].at(-1)?.focus();
  }
}

function suggestionKey(event, spot, items) {
  const active = local.get(spot.scope, "active", 0);
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) local.set(spot.scope, "active", (active + steps[event.key] + items.length) % items.length);
  else if (event.key === "Escape") close(spot);
  else if (event.key === "Tab" || (event.key === "Enter" && !writtenOut(spot, event.target, items[active]))) accept(spot, items[active]);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function writtenOut(spot, field, item) {
  const { from } = local.get(spot.scope, "offered");
  return field.value.slice(from, field.selectionStart) === item.insert.trim();
}

async function send(spot) {
  const field = document.getElementById(spot.id);
  const text = field.value;
  if (!text.trim()) return;
  const isCommand = text.trimStart().startsWith("/");
  if (isCommand && spot.thread) {
    local.set(`composer ${spot.channel.id}`, "notices", [{ at: Date.now(), text: `${text.trim().split(/\s/)[0]} does not work in threads. Write it in the channel.` }]);
    return;
  }
  empty(spot, field);
  running(spot, 1);
  try {
    await (isCommand ? act("command", { channel_id: spot.channel.id, line: text.trim() }) : say(spot, text));
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    refused(spot, text, problem.message);
  } finally {
    running(spot, -1);
    refresh();
  }
}

function say(spot, text) {
  return act("say", { channel_id: spot.channel.id, text, ...(spot.thread && { thread_ts: spot.thread }) });
}

function empty(spot, field) {
  field.value = "";
  local.set(spot.scope, "draft", "", { quiet: true });
  local.set(spot.scope, "notices", [], { quiet: true });
  close(spot);
  grow(field);
}

function refused(spot, text, why) {
  const field = document.getElementById(spot.id);
  if (!local.get(spot.scope, "draft", "")) {
    local.set(spot.scope, "draft", text, { quiet: true });
    if (field) field.value = text;
  }
  local.set(`composer ${spot.channel.id}`, "notices", [{ at: Date.now(), text: why }]);
}

function running(spot, by) {
  local.set(spot.scope, "running", local.get(spot.scope, "running", 0) + by);
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, innerHeight * 0.4)}px`;
}

function shortcuts(anchor) {
  const offered = (state.screen.shortcuts ?? []).filter((one) => one.type === "global");
  const here = counterpart(state.screen.channels.find((channel) => channel.id === state.place.channel) ?? {});
  openMenu(anchor, "Shortcuts", () => [
    { heading: offered.length ? "Shortcuts" : "This app has no shortcuts" },
    ...offered.map((one) => ({ label: one.name, hint: one.description, icon: "bolt", pick: () => attempt("shortcut", { callback_id: one.callback_id }) })),
    { divider: true },
    { label: "Write a slash command", hint: here ? "" : "Type / in the composer", icon: "right", pick: startCommand },
  ]);
}

function startCommand() {
  const field = document.getElementById("composer");
  field.value = "/";
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
