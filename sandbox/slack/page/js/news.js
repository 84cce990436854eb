/** What changed between two screens, and who hears of it: read aloud, shown as a toast, or shown where it was asked for. */

import { authorOf, channelTitle } from "./names.js";
import { noteBelow } from "./messages.js";
import { wording } from "./mrkdwn.js";
import { hashOf } from "./place.js";
import { change, local, state } from "./state.js";
import { toast } from "./toasts.js";

/** Tell what is new since `before`; at the first screen nothing is. */
export function noteNews(before, screen) {
  if (!before) return;
  notices(before, screen);
  rooms(before, screen);
  messages(before, screen);
}

function notices(before, screen) {
  const known = new Set(before.notices.map((notice) => `${notice.at} ${notice.text}`));
  for (const notice of screen.notices.filter((one) => !known.has(`${one.at} ${one.text}`))) {
    const here = state.place.channel;
    if (!document.getElementById("composer")) {
      toast(notice.text, { bad: true });
      continue;
    }
    local.set(`composer ${here}`, "notices", [...local.get(`composer ${here}`, "notices", []), notice].slice(-3));
    if (screen.modal) local.set(screen.modal.id, "notice", notice.text);
  }
}

function rooms(before, screen) {
  const mine = new Set(before.channels.filter((channel) => channel.is_member).map((channel) => channel.id));
  for (const channel of screen.channels) {
    if (!channel.is_member || mine.has(channel.id) || channel.kind === "dm" || channel.id === state.place.channel)
      continue;
    toast(`You are now in ${channelTitle(channel)}.`, { href: hashOf({ channel: channel.id }), action: "Open" });
  }
}

function messages(before, screen) {
  const here = state.place.channel;
  const latest = (before.messages[here] ?? []).at(-1)?.ts ?? "";
  const fresh = (screen.messages[here] ?? []).filter((message) => message.ts > latest && message.user !== state.me);
  if (!fresh.length || !before.messages[here]) return;
  noteBelow(here);
  const words = fresh.slice(-3).map((message) => `${authorOf(message).name}: ${spoken(message)}`);
  change((page) => {
    page.announcement = words.join(" … ");
  });
}

/** Return a message as a sentence to read aloud. */
export function spoken(message) {
  const text = message.text || (message.blocks ?? []).map((block) => wording(block.text)).join(" ");
  return text
    .replace(/<([^<>|]+)\|([^<>]+)>/g, "$2")
    .replace(/<[@#!]?([^<>]+)>/g, "$1")
    .replace(/[*_~`]/g, "")
    .slice(0, 300);
}
