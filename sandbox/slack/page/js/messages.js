/** The list of messages of a channel: days, groups by author, where new ones begin, and its scroll position. */

import { walk } from "./focus.js";
import { h, lazy } from "./dom.js";
import { icon } from "./icons.js";
import { message, stampOf } from "./message.js";
import { channelTitle, dmTitle, personName } from "./names.js";
import { change, local, messagesOf, state } from "./state.js";
import { dayKey, dayName, moment, onDay, present } from "./time.js";

const TOGETHER = 5 * 60 * 1000;
const NEAR = 90;
const resting = new Map();
const placed = new WeakSet();
let shownTarget = null;

/** Return the scrolling list of a channel's messages. */
export function messageList(channel) {
  const shown = messagesOf(channel.id).filter(inChannel);
  const scope = `list ${channel.id}`;
  return h(
    "div",
    { class: "messages-frame", key: `frame ${channel.id}` },
    h(
      "div",
      {
        class: "messages",
        id: "messages",
        key: channel.id,
        role: "region",
        "aria-label": `Messages in ${channelTitle(channel)}`,
        tabindex: "0",
        onscroll: (event) => noteScroll(channel, event.target),
        onkeydown: (event) => enterOrWalk(event),
      },
      h("div", { class: "messages-start" }, intro(channel)),
      h("ol", { class: "message-list" }, rows(channel, shown)),
    ),
    local.get(scope, "below", false) &&
      h(
        "button",
        { type: "button", class: "jump", onclick: () => toEnd(channel) },
        icon("down"),
        local.get(scope, "news", false) ? "New messages" : "To the latest",
      ),
  );
}

/** Return the rows of messages with day lines; used by threads as well. */
export function rows(channel, shown, { inThread = false } = {}) {
  const day = dayKey(present());
  const fresh = inThread ? null : local.get(`list ${channel.id}`, "fresh from", null);
  return shown.map((one, index) => {
    const before = shown[index - 1];
    const newDay = !inThread && (!before || dayKey(moment(before.ts)) !== dayKey(moment(one.ts)));
    const isFresh = fresh === one.ts;
    const compact = !newDay && !isFresh && together(before, one);
    const stamp = stampOf(
      channel,
      one,
      [compact, newDay, isFresh, day, inThread, state.namesStamp, state.me, channel.is_archived].join(),
    );
    return lazy(`${one.ts}${one.ephemeral ? "e" : ""}`, stamp, () =>
      h(
        "li",
        { class: "row", key: one.ts },
        newDay &&
          h(
            "div",
            { class: "day", role: "separator", "aria-label": dayName(moment(one.ts)) },
            h("span", null, dayName(moment(one.ts))),
          ),
        isFresh &&
          h("div", { class: "fresh", role: "separator", "aria-label": "New messages" }, h("span", null, "New")),
        message(channel, one, { compact, inThread }),
      ),
    );
  });
}

/** After drawing: keep a list at its end where it was there; put a list that is new on screen where it stood before. */
export function settleScroll() {
  for (const box of document.querySelectorAll("#messages, #thread-messages")) {
    const place = resting.get(box.id === "messages" ? state.place.channel : `thread ${state.place.thread}`);
    if (place === undefined || place.atEnd) box.scrollTop = box.scrollHeight;
    else if (!placed.has(box)) box.scrollTop = place.top;
    placed.add(box);
  }
}

/** Remember where a list stands; `key` names it. */
export function noteRest(key, box) {
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  resting.set(key, { top: box.scrollTop, atEnd });
  return atEnd;
}

/** Note that a channel was opened: where its unread messages begin. */
export function noteOpened(channel) {
  const top = messagesOf(channel.id).filter((one) => inChannel(one) && !one.ephemeral);
  const first = channel.unread > 0 ? top.at(-channel.unread) : null;
  local.set(
    `list ${channel.id}`,
    "fresh from",
    first && first.user !== state.me && top.length > channel.unread ? first.ts : null,
  );
}

/** Show and mark the message that the address names, once it is drawn; once per address. */
export function showTarget() {
  if (shownTarget === location.hash) return;
  if (!state.place.target) {
    shownTarget = location.hash;
    return;
  }
  const node = document.querySelector(`#messages [data-ts="${CSS.escape(state.place.target)}"]`);
  if (!node) return;
  shownTarget = location.hash;
  node.scrollIntoView({ block: "center" });
  noteRest(state.place.channel, document.getElementById("messages"));
  node.classList.add("target");
  node.focus({ preventScroll: true });
  setTimeout(() => node.classList.remove("target"), 2500);
}

function inChannel(one) {
  return !one.thread_ts || one.thread_ts === one.ts || one.subtype === "thread_broadcast";
}

function together(before, one) {
  if (!before || before.ephemeral || one.ephemeral || before.reply_count || before.user !== one.user) return false;
  if (before.username !== one.username || isSystem(before) || isSystem(one) || one.subtype === "thread_broadcast")
    return false;
  return moment(one.ts) - moment(before.ts) < TOGETHER;
}

function isSystem(one) {
  return Boolean(one.subtype) && !["bot_message", "file_share", "thread_broadcast", "me_message"].includes(one.subtype);
}

function noteScroll(channel, box) {
  const atEnd = noteRest(channel.id, box);
  const scope = `list ${channel.id}`;
  if (local.get(scope, "below", false) === !atEnd) return;
  local.set(scope, "below", !atEnd);
  if (atEnd) local.set(scope, "news", false);
}

function toEnd(channel) {
  const box = document.getElementById("messages");
  local.set(`list ${channel.id}`, "news", false);
  box.scrollTo({
    top: box.scrollHeight,
    behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
  });
}

function enterOrWalk(event) {
  if (event.target === event.currentTarget && (event.key === "ArrowUp" || event.key === "End")) {
    event.preventDefault();
    [...event.currentTarget.querySelectorAll(".message")].at(-1)?.focus();
  } else if (event.target.classList.contains("message")) {
    walk(event, ".message");
  }
}

function intro(channel) {
  if (channel.kind === "dm")
    return [
      h("h2", null, dmTitle(channel)),
      h("p", null, `This is the beginning of your conversation with ${dmTitle(channel)}.`),
    ];
  return [
    h("h2", null, channelTitle(channel)),
    h(
      "p",
      null,
      `${personName(channel.creator)} made this ${channel.kind} channel ${onDay(new Date(channel.created * 1000))}.`,
    ),
    channel.purpose && h("p", null, channel.purpose),
  ];
}

/** Mark that something came in below what is on screen. */
export function noteBelow(channelId) {
  if (resting.get(channelId)?.atEnd === false) local.set(`list ${channelId}`, "news", true);
  change();
}
