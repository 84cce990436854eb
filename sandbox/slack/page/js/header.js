/** Above the messages: the channel's name and topic, who is in it, its bookmarks and pins. */

import { confirmed } from "./confirm.js";
import { attempt } from "./deeds.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { link } from "./mention.js";
import { inlineMrkdwn, mrkdwn } from "./mrkdwn.js";
import { authorOf, avatar, counterpart, dmTitle, nameOf, person } from "./names.js";
import { spoken } from "./news.js";
import { go, hashOf } from "./place.js";
import { openMenu, openPopup } from "./popup.js";
import { change, messagesOf, state } from "./state.js";

/** Return the header of a channel. */
export function header(channel) {
  const topic = channel.topic || (channel.kind === "dm" ? (counterpart(channel)?.title ?? "") : channel.purpose);
  return h(
    "header",
    { class: "pane-head main-head" },
    h(
      "button",
      {
        type: "button",
        class: "icon-button only-narrow",
        "aria-label": "Channels",
        "aria-controls": "sidebar",
        "aria-expanded": String(state.sidebarOpen),
        onclick: () => change((page) => void (page.sidebarOpen = true)),
      },
      icon("menu"),
    ),
    h(
      "div",
      { class: "pane-title" },
      h(
        "h1",
        { id: "channel-name" },
        mark(channel),
        h("span", { class: "channel-words" }, h("bdi", null, channel.kind === "dm" ? dmTitle(channel) : channel.name)),
      ),
      channel.is_shared && h("span", { class: "badge" }, "Shared"),
      channel.is_archived && h("span", { class: "badge" }, "Archived"),
      topic && h("p", { class: "topic", title: spoken({ text: topic }), dir: "auto" }, inlineMrkdwn(topic)),
    ),
    channel.kind !== "dm" &&
      h(
        "button",
        {
          type: "button",
          class: "button quiet members",
          id: "members",
          "aria-haspopup": "menu",
          "aria-label": `${channel.members.length} members`,
          title: "Members",
          onclick: (event) => members(event.currentTarget, channel),
        },
        icon("people"),
        channel.members.length,
      ),
    channel.kind !== "dm" &&
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          id: "about",
          "aria-haspopup": "menu",
          "aria-label": "Channel actions",
          title: "Channel actions",
          onclick: (event) => openMenu(event.currentTarget, "Channel actions", () => actions(channel)),
        },
        icon("more"),
      ),
  );
}

/** Return the line of bookmarks and pins, or null when there are none. */
export function bookmarks(channel) {
  const pins = channel.pins ?? [];
  const marks = channel.bookmarks ?? [];
  if (!pins.length && !marks.length) return null;
  return h(
    "div",
    { class: "bookmarks", role: "group", "aria-label": "Pins and bookmarks" },
    pins.length > 0 &&
      h(
        "button",
        {
          type: "button",
          class: "button quiet",
          id: "pins",
          "aria-haspopup": "dialog",
          onclick: (event) => showPins(event.currentTarget, channel),
        },
        icon("pin"),
        `${pins.length} pinned`,
      ),
    marks.map((one, index) =>
      h(
        "span",
        { class: "bookmark", key: one.id ?? index },
        one.emoji ? emoji(one.emoji.replaceAll(":", "")) : icon("link"),
        link(one.link, one.title),
      ),
    ),
  );
}

function mark(channel) {
  if (channel.kind === "dm") {
    const other = counterpart(channel);
    return avatar({ id: other?.id ?? channel.id, name: dmTitle(channel), isApp: Boolean(other?.is_bot) }, "small");
  }
  return icon(channel.is_archived ? "archive" : channel.kind === "private" ? "lock" : "hash");
}

function members(anchor, channel) {
  openMenu(anchor, "Members", () =>
    channel.members
      .map(person)
      .filter(Boolean)
      .map((one) => ({
        label: nameOf(one),
        hint: one.is_bot ? "App" : one.title || `@${one.name}`,
        picture: avatar({ id: one.id, name: nameOf(one), isApp: one.is_bot }),
        pick: () => one.id !== state.me && writeTo(one),
      })),
  );
}

async function writeTo(other) {
  const answer = await attempt("open_dm", { other_id: other.id });
  const channel = typeof answer === "string" ? answer : (answer?.result ?? answer?.channel_id);
  if (channel) go({ channel });
}

function actions(channel) {
  const here = { channel_id: channel.id };
  const copy = {
    label: "Copy channel name",
    icon: "hash",
    pick: () => navigator.clipboard?.writeText(`#${channel.name}`).catch(() => {}),
  };
  if (channel.is_archived) return [copy];
  if (!channel.is_member) return [copy, { label: "Join channel", icon: "plus", pick: () => attempt("join", here) }];
  return [
    copy,
    {
      label: "Add somebody",
      icon: "people",
      pick: () => openMenu(document.getElementById("about"), "Add to the channel", () => strangers(channel)),
    },
    { label: "Leave channel", icon: "back", pick: () => attempt("leave", here) },
    { label: "Archive channel", icon: "archive", danger: true, pick: () => archive(channel) },
  ];
}

function strangers(channel) {
  const others = state.roster.filter((one) => !channel.members.includes(one.id) && !one.is_deactivated);
  if (!others.length) return [{ heading: "Everybody is here already" }];
  return others.map((one) => ({
    label: nameOf(one),
    hint: one.is_bot ? "App" : one.title || `@${one.name}`,
    picture: avatar({ id: one.id, name: nameOf(one), isApp: one.is_bot }),
    pick: () => attempt("invite", { channel_id: channel.id, who: one.id }),
  }));
}

async function archive(channel) {
  const question = {
    title: `Archive #${channel.name}?`,
    text: { type: "plain_text", text: "It stays readable. Nobody can write or press anything in it." },
    confirm: "Archive",
    deny: "Cancel",
    style: "danger",
  };
  if (await confirmed(question)) await attempt("archive", { channel_id: channel.id });
}

function showPins(anchor, channel) {
  const all = messagesOf(channel.id);
  const pinned = channel.pins.map((one) => ({ ts: one.ts, message: all.find((message) => message.ts === one.ts) }));
  openPopup({
    anchor,
    label: "Pinned messages",
    wide: true,
    draw: () => [
      h("h3", { class: "menu-heading" }, "Pinned messages"),
      pinned.map(({ ts, message }) =>
        h(
          "a",
          {
            class: "pinned-item",
            key: ts,
            href: hashOf({ channel: channel.id, target: ts }),
            tabindex: "0",
            "data-cell": true,
          },
          message
            ? [h("strong", null, authorOf(message).name), h("div", { class: "prose" }, mrkdwn(spoken(message)))]
            : "A message further up",
        ),
      ),
    ],
  });
}
