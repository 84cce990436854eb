/** What stands inside angle brackets and other marked places: people, groups, channels, dates, links. */

import { h, safeAddress } from "./dom.js";
import { channelOf, channelTitle, person, personName, usergroup } from "./names.js";
import { hashOf } from "./place.js";
import { state } from "./state.js";
import { slackDate, timeTag } from "./time.js";

/** Return the text with Slack's three escapes undone. */
export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Return a mention of a person. */
export function userMention(id) {
  const mine = id === state.me;
  const known = person(id);
  return h(
    "span",
    { class: mine ? "mention mine" : "mention", title: known?.title || null },
    h("bdi", null, `@${known ? personName(id) : id}`),
  );
}

/** Return a mention of a user group. */
export function groupMention(id, label) {
  const group = usergroup(id);
  const mine = (group?.users ?? group?.members ?? []).includes(state.me);
  const handle = group?.handle ?? label?.replace(/^@/, "") ?? id;
  return h("span", { class: mine ? "mention mine" : "mention" }, `@${handle}`);
}

/** Return a mention of everybody in a place: here, channel or everyone. */
export function broadcast(range) {
  return h("span", { class: "mention mine" }, `@${range}`);
}

/** Return a way to a channel, or a locked name where the person may not see it. */
export function channelMention(id, label) {
  const channel = channelOf(id);
  if (!channel) return h("span", { class: "mention" }, label ? `#${label}` : "a private channel");
  return h("a", { class: "mention", href: hashOf({ channel: id }) }, channelTitle(channel));
}

/** Return a link, or its text alone when the address is not one to follow. Links to messages stay inside the page. */
export function link(address, label) {
  const safe = safeAddress(address);
  const text = label || address;
  if (!safe) return h("span", { class: "link-refused", title: "This address is not shown as a link" }, text);
  const inside = messageLink(safe);
  if (inside) return h("a", { href: inside, title: "Go to the message" }, h("bdi", null, text));
  return h(
    "a",
    { href: safe, target: "_blank", rel: "noopener noreferrer nofollow", title: label ? safe : null },
    h("bdi", null, text),
  );
}

/** Return a date in the person's zone; `fallback` where the format is unknown. */
export function dateMention(seconds, format, address, fallback) {
  const text = slackDate(Number(seconds), format);
  const shown = text && !/\{\w+\}/.test(text) ? text : fallback || text;
  const tag = timeTag(new Date(Number(seconds) * 1000), shown);
  const safe = address ? safeAddress(address) : null;
  return safe ? h("a", { href: safe, target: "_blank", rel: "noopener noreferrer nofollow" }, tag) : tag;
}

/** Return what a bracketed token of mrkdwn means, or null when it means nothing. */
export function token(body) {
  const cut = body.indexOf("|");
  const [head, label] = cut < 0 ? [body, ""] : [body.slice(0, cut), unescape(body.slice(cut + 1))];
  if (/^@[UWB][A-Z0-9]+$/.test(head)) return userMention(head.slice(1));
  if (/^#[CGD][A-Z0-9]+$/.test(head)) return channelMention(head.slice(1), label);
  if (head.startsWith("!subteam^")) return groupMention(head.slice(9), label);
  if (head.startsWith("!date^")) return dateToken(head, label);
  if (/^!(here|channel|everyone|group)$/.test(head)) return broadcast(head.slice(1));
  if (/^[a-z][a-z0-9+.-]*:/i.test(head)) return link(unescape(head), label || unescape(head).replace(/^mailto:/, ""));
  return null;
}

function dateToken(head, fallback) {
  const [, seconds, format, address] = head.split("^");
  if (!/^-?\d+$/.test(seconds ?? "") || !format) return fallback || null;
  return dateMention(seconds, unescape(format), address && unescape(address), fallback);
}

function messageLink(address) {
  const found = /\/archives\/([CGD][A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?(?:\?.*thread_ts=(\d+\.\d+))?/.exec(address);
  if (!found || !channelOf(found[1])) return null;
  const target = found[2] ? `${found[2]}.${found[3]}` : null;
  return hashOf({ channel: found[1], target, thread: found[4] && found[4] !== target ? found[4] : null });
}
