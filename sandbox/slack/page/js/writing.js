/** What happens while somebody writes in a composer, and when it is sent. A `spot` is a composer: channel, thread, scope, id. */

import { act, Refusal } from "./control.js";
import { completions } from "./completion.js";
import { local } from "./state.js";
import { refresh } from "./stream.js";

/** Take up what was typed and offer completions. */
export function typed(spot, field) {
  local.set(spot.scope, "draft", field.value, { quiet: true });
  grow(field);
  offer(spot, field);
}

/** Offer what fits the text before the cursor. */
export function offer(spot, field) {
  const found = completions(field.value, field.selectionStart, { inThread: Boolean(spot.thread) });
  local.set(spot.scope, "active", 0, { quiet: true });
  local.set(spot.scope, "offered", found);
}

function close(spot) {
  local.set(spot.scope, "offered", { from: 0, items: [] });
}

/** Put a completion in the place of the word that was begun. */
export function accept(spot, item) {
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

/** Act on a key: send, start a line, walk through the completions. */
export function key(event, spot) {
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
  else if (event.key === "Tab" || (event.key === "Enter" && !writtenOut(spot, event.target, items[active])))
    accept(spot, items[active]);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function writtenOut(spot, field, item) {
  const { from } = local.get(spot.scope, "offered");
  return field.value.slice(from, field.selectionStart) === item.insert.trim();
}

/** Send what is written, as a message or as a command. */
export async function send(spot) {
  const field = document.getElementById(spot.id);
  const text = field.value;
  if (!text.trim()) return;
  const isCommand = text.trimStart().startsWith("/");
  if (isCommand && spot.thread) {
    local.set(`composer ${spot.channel.id}`, "notices", [
      { at: Date.now(), text: `${text.trim().split(/\s/)[0]} does not work in threads. Write it in the channel.` },
    ]);
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

/** Make the field as high as its text. */
export function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, innerHeight * 0.4)}px`;
}
