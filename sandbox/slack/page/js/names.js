/** How people, user groups and channels are called on the page, and their pictures made of initials. */

import { h } from "./dom.js";
import { state } from "./state.js";

const HUES = 10;

/** Return the person behind an id, as far as the one who acts may know. */
export function person(id) {
  return state.screen?.people[id] ?? state.roster.find((someone) => someone.id === id) ?? null;
}

/** Return the name to show for a person. */
export function personName(id) {
  const someone = person(id);
  return someone ? nameOf(someone) : "Someone";
}

/** Return the name to show for a person object. */
export function nameOf(someone) {
  return someone.display_name || someone.real_name || someone.name || someone.id;
}

/** Return who wrote a message: name, whether an app did, and what the picture is made from. */
export function authorOf(message) {
  const id = message.user ?? message.bot?.user_id ?? message.bot?.id ?? message.bot_id ?? "";
  const known = person(id);
  const isApp = Boolean(message.bot || message.bot_id || known?.is_bot);
  const name = message.username ?? message.bot?.username ?? (known ? nameOf(known) : (message.bot?.name ?? "App"));
  return { id, name, isApp };
}

/** Return a channel by id, or null where the person may not see it. */
export function channelOf(id) {
  return state.screen?.channels.find((channel) => channel.id === id) ?? null;
}

/** Return the other person in a direct message, or null. */
export function counterpart(channel) {
  if (channel.kind !== "dm") return null;
  return (channel.members ?? []).map(person).find((someone) => someone && someone.id !== state.me) ?? null;
}

/** Return what to call a channel in running text: #ops, or the name of the other person. */
export function channelTitle(channel) {
  return channel.kind === "dm" ? dmTitle(channel) : `#${channel.name}`;
}

/** Return what to call a direct message. */
export function dmTitle(channel) {
  const other = counterpart(channel);
  return other ? nameOf(other) : channel.name;
}

/** Return a user group by id. */
export function usergroup(id) {
  const groups = state.screen?.usergroups ?? {};
  return Array.isArray(groups) ? groups.find((group) => group.id === id) : groups[id];
}

/** Return the square picture of a person or app. It is decoration beside a name. */
export function avatar({ id, name, isApp = false }, size = "") {
  const place = state.roster.findIndex((someone) => someone.id === id);
  const hue = isApp ? "app" : Math.max(0, place) % HUES;
  return h("span", { class: `avatar hue-${hue} ${size}`.trim(), "aria-hidden": "true" }, initials(name));
}

function initials(name) {
  const words = String(name)
    .split(/[\s._-]+/)
    .filter(Boolean);
  const letters =
    words.length > 1 ? [words[0], words.at(-1)].map((word) => [...word][0]) : [...(words[0] ?? "?")].slice(0, 1);
  return letters.join("").toUpperCase();
}
