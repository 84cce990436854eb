/** What the composer offers while somebody types: commands after a slash, people after an @, channels after a #. */

import { channelTitle, nameOf } from "./names.js";
import { picture, shortcodes } from "./emoji.js";
import { state } from "./state.js";

const MOST = 8;

/**
 * Return what fits the text before the cursor: {from, items}, where `from` is where the completed word begins.
 * Each item: insert (the text that takes the word's place), label, hint, and usage for commands.
 */
export function completions(text, cursor, { inThread = false } = {}) {
  const before = text.slice(0, cursor);
  if (/^\/\S*$/.test(before) && !inThread) return commands(before);
  const word = /(?:^|[\s(])([@#:][\p{L}\p{N}._+-]*)$/u.exec(before)?.[1];
  if (!word) return none();
  const from = cursor - word.length;
  const start = word.slice(1).toLowerCase();
  if (word[0] === "@") return { from, items: people(start) };
  if (word[0] === "#") return { from, items: channels(start) };
  return start.length >= 2 ? { from, items: emojis(start) } : none();
}

/** Return the hint for a command that is already written out: its usage. */
export function usageFor(text) {
  const name = /^(\/\S+)\s/.exec(text)?.[1]?.toLowerCase();
  return (name && state.screen.commands.find((one) => one.command === name)) || null;
}

function none() {
  return { from: 0, items: [] };
}

function commands(typed) {
  const words = typed.toLowerCase();
  const fits = (one) => one.command.startsWith(words) || (words.length > 1 && one.command.includes(words.slice(1)));
  const items = state.screen.commands.filter(fits).map((one) => ({
    key: one.command,
    insert: `${one.command} `,
    label: one.command,
    usage: one.usage_hint ?? "",
    hint: one.description,
  }));
  return { from: 0, items: items.slice(0, MOST) };
}

function people(start) {
  const everybody = ["here", "channel", "everyone"].map((range) => ({
    key: `@${range}`,
    insert: `@${range} `,
    label: `@${range}`,
    hint: "Notifies many people",
  }));
  const groups = Object.values(state.screen.usergroups ?? {}).map((group) => ({
    key: group.id,
    insert: `@${group.handle} `,
    label: `@${group.handle}`,
    hint: group.name,
  }));
  const members = Object.values(state.screen.people)
    .filter((one) => !one.is_deactivated)
    .map((one) => ({
      key: one.id,
      insert: `@${one.name} `,
      label: nameOf(one),
      hint: `@${one.name}${one.title ? ` · ${one.title}` : ""}`,
      person: one,
    }));
  const fits = (item) => `${item.label} ${item.hint}`.toLowerCase().includes(start);
  return [...members, ...groups, ...(start ? everybody : [])].filter(fits).slice(0, MOST);
}

function channels(start) {
  return state.screen.channels
    .filter((channel) => channel.kind !== "dm" && !channel.is_archived && channel.name.includes(start))
    .sort((one, other) => other.is_member - one.is_member)
    .slice(0, MOST)
    .map((channel) => ({
      key: channel.id,
      insert: `#${channel.name} `,
      label: channelTitle(channel),
      hint: channel.topic || channel.purpose,
    }));
}

function emojis(start) {
  return shortcodes()
    .filter((name) => name.startsWith(start))
    .slice(0, MOST)
    .map((name) => ({ key: name, insert: `:${name}: `, label: `${picture(name)}  :${name}:`, hint: "" }));
}
