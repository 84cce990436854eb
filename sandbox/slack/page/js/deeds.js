/** Deeds of the person who acts, with what the page says when the workspace refuses. */

import { act, pull, Refusal } from "./control.js";
import { state } from "./state.js";
import { refresh } from "./stream.js";
import { toast } from "./toasts.js";

/** Do a deed; a refusal becomes a toast and the answer is then `null`. */
export async function attempt(deed, details) {
  return tried(() => act(deed, details));
}

/** Pull a lever, as `attempt` does a deed. */
export async function attemptLever(name) {
  return tried(() => pull(name));
}

async function tried(deed) {
  try {
    return (await deed()) ?? {};
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    toast(problem.message, { bad: true });
    return null;
  } finally {
    refresh();
  }
}

/** React, or take the person's own reaction back. */
export function react(channel, message, name) {
  const mine = (message.reactions ?? []).some((one) => one.name === name && one.users.includes(state.me));
  return attempt("react", { channel_id: channel.id, message_ts: message.ts, name, remove: mine });
}

/** Pin a message, or take the pin off. */
export function pin(channel, message) {
  return attempt("pin", { channel_id: channel.id, message_ts: message.ts, remove: isPinned(channel, message) });
}

/** Return whether a message is pinned in its channel. */
export function isPinned(channel, message) {
  return (channel.pins ?? []).some((one) => one.ts === message.ts);
}

/** Return what the workspace wants for a value in the form of a view's state. */
export function rawValue(value) {
  const { type, ...rest } = value;
  const [held = null] = Object.values(rest);
  if (type?.includes("external")) return held;
  if (Array.isArray(held)) return held.map((one) => one?.value ?? one);
  return held && typeof held === "object" && "value" in held && "text" in held ? held.value : held;
}
