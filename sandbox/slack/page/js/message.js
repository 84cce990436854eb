/** One message: who, when, what, and what can be done with it. */

import { blocks } from "./blocks.js";
import { contextOf } from "./context.js";
import { act } from "./control.js";
import { isPinned, rawValue, react } from "./deeds.js";
import { h } from "./dom.js";
import { emoji, picture as emojiPicture } from "./emoji.js";
import { files } from "./files.js";
import { icon } from "./icons.js";
import { openEmoji, openMessageMenu } from "./messagemenu.js";
import { mrkdwn } from "./mrkdwn.js";
import { authorOf, avatar, personName } from "./names.js";
import { spoken } from "./news.js";
import { go, hashOf } from "./place.js";
import { local, state } from "./state.js";
import { system } from "./system.js";
import { clock, moment, shortly, timeTag } from "./time.js";

/** Return a message. `compact` leaves out the author; `inThread` leaves out the way into the thread. */
export function message(channel, one, { compact = false, inThread = false } = {}) {
  if (system(one)) return systemLine(channel, one);
  const author = authorOf(one);
  const at = moment(one.ts);
  const mentioned = !one.ephemeral && (one.pings ?? []).includes(state.me);
  return h(
    "div",
    {
      class: `message${compact ? " compact" : ""}${one.ephemeral ? " ephemeral" : ""}${mentioned ? " mentions-me" : ""}`,
      role: "article",
      "aria-label": `${author.name} at ${clock(at)}: ${spoken(one).slice(0, 120)}`,
      tabindex: "-1",
      "data-ts": one.ts,
    },
    h("div", { class: "gutter" }, compact ? timeTag(at, clock(at), { class: "gutter-time" }) : avatar(author)),
    h(
      "div",
      { class: "message-main" },
      !compact && head(author, at, one),
      h("div", { class: "message-body" }, marks(channel, one), body(channel, one), files(one)),
      reactions(channel, one),
      !inThread && threadLink(channel, one),
    ),
    !one.ephemeral && toolbar(channel, one, inThread),
  );
}

function head(author, at, one) {
  return h(
    "div",
    { class: "message-head" },
    h("span", { class: "author" }, h("bdi", null, author.name)),
    author.isApp && h("span", { class: "badge" }, "App"),
    timeTag(at, clock(at), { class: "when" }),
    one.edited && h("span", { class: "edited" }, "edited"),
  );
}

function marks(channel, one) {
  return [
    one.ephemeral && h("div", { class: "message-mark" }, icon("eye"), "Only visible to you"),
    isPinned(channel, one) && h("div", { class: "message-mark pinned" }, icon("pin"), "Pinned"),
    one.subtype === "thread_broadcast" &&
      h("div", { class: "message-mark" }, icon("thread"), "Also sent to the channel"),
  ];
}

function body(channel, one) {
  const context = messageContext(channel, one);
  const shown = one.blocks?.length ? blocks(context, one.blocks) : h("div", { class: "prose" }, mrkdwn(one.text));
  return [shown, (one.attachments ?? []).map((attachment, index) => attached(context, attachment, index))];
}

function messageContext(channel, one) {
  return contextOf({
    scope: `${channel.id}-${one.ts}`,
    level: 3,
    held: one.choices ?? {},
    remembers: true,
    files: one.files ?? [],
    send: (block, part, value) =>
      act("click", {
        channel_id: channel.id,
        message_ts: one.ts,
        action_id: part.action_id,
        block_id: block.block_id,
        value: rawValue({ type: part.type, ...value }),
      }),
    suggest: async () => ({ options: [] }),
  });
}

function attached(context, attachment, index) {
  const colour = /^#?([0-9a-f]{6})$/i.exec(attachment.color ?? "")?.[1];
  const named = { good: "var(--ok)", warning: "var(--warn)", danger: "var(--danger)" }[attachment.color];
  return h(
    "div",
    {
      class: "attachment",
      key: `attachment ${index}`,
      style: { "--stripe": colour ? `#${colour}` : (named ?? "var(--line-strong)") },
    },
    attachment.pretext && h("div", { class: "prose" }, mrkdwn(attachment.pretext)),
    attachment.author_name && h("div", { class: "attachment-author" }, attachment.author_name),
    attachment.title &&
      h(
        "div",
        { class: "attachment-title prose" },
        mrkdwn(attachment.title_link ? `<${attachment.title_link}|${attachment.title}>` : attachment.title),
      ),
    attachment.text && h("div", { class: "prose" }, mrkdwn(attachment.text)),
    attachment.fields &&
      h(
        "div",
        { class: "section-fields" },
        attachment.fields.map((field, n) =>
          h("div", { class: "prose", key: n }, h("strong", null, field.title), mrkdwn(field.value)),
        ),
      ),
    blocks(context, attachment.blocks),
    attachment.footer && h("div", { class: "attachment-foot" }, attachment.footer),
  );
}

function reactions(channel, one) {
  if (!one.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    one.reactions.map((reaction) => {
      const mine = reaction.users.includes(state.me);
      const who = reaction.users.map(personName).join(", ");
      return h(
        "button",
        {
          type: "button",
          class: `reaction${mine ? " mine" : ""}`,
          key: reaction.name,
          "aria-pressed": String(mine),
          title: `${who} reacted with :${reaction.name}:`,
          "aria-label": `${reaction.name.replaceAll("_", " ")}, ${reaction.count}, ${who}`,
          onclick: () => react(channel, one, reaction.name),
        },
        emojiPicture(reaction.name) ?? emoji(reaction.name),
        h("span", { class: "count" }, reaction.count),
      );
    }),
    h(
      "button",
      {
        type: "button",
        class: "reaction add",
        "aria-label": "Add a reaction",
        title: "Add a reaction",
        onclick: (event) => openEmoji(event.currentTarget, channel, one),
      },
      icon("smile"),
    ),
  );
}

function threadLink(channel, one) {
  if (!one.reply_count) return null;
  const faces = (one.reply_users ?? [])
    .slice(0, 3)
    .map((id) => avatar({ id, name: personName(id), isApp: Boolean(state.screen.people[id]?.is_bot) }, "tiny"));
  return h(
    "a",
    { class: "thread-link", href: hashOf({ channel: channel.id, thread: one.ts }) },
    faces,
    h("span", null, `${one.reply_count} ${one.reply_count === 1 ? "reply" : "replies"}`),
    one.latest_reply && h("span", { class: "thread-last" }, `last ${shortly(moment(one.latest_reply))}`),
  );
}

function toolbar(channel, one, inThread) {
  const id = `more-${channel.id}-${one.ts}${inThread ? "-t" : ""}`.replaceAll(".", "-");
  return h(
    "div",
    { class: "message-tools", role: "group", "aria-label": "Message" },
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Add a reaction",
        title: "Add a reaction",
        onclick: (event) => openEmoji(event.currentTarget, channel, one),
      },
      icon("smile"),
    ),
    !inThread &&
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Reply in thread",
          title: "Reply in thread",
          onclick: () => go({ channel: channel.id, thread: one.thread_ts ?? one.ts }),
        },
        icon("thread"),
      ),
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        id,
        "aria-label": "More actions on the message",
        title: "More actions",
        "aria-haspopup": "menu",
        onclick: (event) => openMessageMenu(event.currentTarget, channel, one),
      },
      icon("more"),
    ),
  );
}

function systemLine(channel, one) {
  const at = moment(one.ts);
  return h(
    "div",
    {
      class: "message system",
      role: "article",
      "aria-label": `${spoken(one)} at ${clock(at)}`,
      tabindex: "-1",
      "data-ts": one.ts,
    },
    h("div", { class: "gutter" }, timeTag(at, clock(at), { class: "gutter-time" })),
    h("div", { class: "message-main system-words" }, system(one)),
  );
}

const written = new WeakMap();

/** Return what must be the same for a message to look the same. */
export function stampOf(channel, one, extra) {
  if (!written.has(one)) written.set(one, JSON.stringify(one));
  return [written.get(one), local.stamp(`${channel.id}-${one.ts}`), isPinned(channel, one), extra].join("|");
}
