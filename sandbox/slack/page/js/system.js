/** The small lines that tell what happened in a channel: somebody came, a topic was set, a message was pinned. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { inlineMrkdwn } from "./mrkdwn.js";
import { personName } from "./names.js";

const MARKS = {
  channel_join: "people",
  channel_leave: "people",
  channel_topic: "info",
  channel_purpose: "info",
  channel_name: "hash",
  channel_archive: "archive",
  channel_unarchive: "archive",
  channel_convert_to_private: "lock",
  group_join: "people",
  group_leave: "people",
  group_topic: "info",
  group_purpose: "info",
  group_name: "hash",
  group_archive: "archive",
  group_unarchive: "archive",
  pinned_item: "pin",
  unpinned_item: "pin",
  bookmark_added: "bookmark",
  bookmark_removed: "bookmark",
  bot_add: "bolt",
  bot_remove: "bolt",
};

/** Return the content of a system line, or null for an ordinary message. */
export function system(message) {
  const mark = MARKS[message.subtype];
  if (!mark) return null;
  const said = message.text || message.subtype.replaceAll("_", " ");
  const opening = /^<@([UW]\w+)(?:\|[^>]*)?>\s*/.exec(said);
  const who = opening?.[1] ?? message.user;
  return [
    icon(mark),
    h(
      "span",
      { dir: "auto" },
      who && [h("strong", null, h("bdi", null, personName(who))), " "],
      inlineMrkdwn(said.slice(opening?.[0].length ?? 0)),
    ),
  ];
}
