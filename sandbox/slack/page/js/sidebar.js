/** The left side: who acts, the channels, the direct messages, the app. */

import { attempt, attemptLever } from "./deeds.js";
import { walk } from "./focus.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, counterpart, dmTitle, nameOf, person } from "./names.js";
import { go, hashOf } from "./place.js";
import { openMenu } from "./popup.js";
import { change, local, state } from "./state.js";
import { isDark, toggleTheme } from "./theme.js";

/** Return the sidebar. */
export function sidebar() {
  const channels = state.screen?.channels ?? [];
  const rooms = channels
    .filter((channel) => channel.kind !== "dm")
    .sort((one, other) => one.name.localeCompare(other.name));
  const dms = channels.filter((channel) => channel.kind === "dm");
  const isApp = (channel) => Boolean(counterpart(channel)?.is_bot);
  return h(
    "nav",
    { class: `sidebar${state.sidebarOpen ? " open" : ""}`, id: "sidebar", "aria-label": "Workspace" },
    h(
      "div",
      { class: "sidebar-head" },
      h("p", { class: "workspace-name" }, state.screen?.workspace?.name ?? "Local workspace"),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": isDark() ? "Use light colours" : "Use dark colours",
          title: isDark() ? "Light colours" : "Dark colours",
          onclick: toggleTheme,
        },
        icon(isDark() ? "sun" : "moon"),
      ),
      h(
        "button",
        {
          type: "button",
          class: "icon-button only-narrow",
          "aria-label": "Close the sidebar",
          onclick: () => change((page) => void (page.sidebarOpen = false)),
        },
        icon("close"),
      ),
    ),
    switcher(),
    h(
      "div",
      { class: "sidebar-scroll", onkeydown: (event) => walk(event, ".place") },
      group(
        "Channels",
        "channels",
        rooms.filter((channel) => channel.is_member && !channel.is_archived).map(channelLink),
      ),
      folded(
        "More channels",
        "more",
        rooms.filter((channel) => !channel.is_member && !channel.is_archived),
      ),
      folded(
        "Archived",
        "archived",
        rooms.filter((channel) => channel.is_archived),
      ),
      group("Direct messages", "dms", dms.filter((channel) => !isApp(channel)).map(dmLink), newDm()),
      group("Apps", "apps", appLinks(dms.filter(isApp))),
    ),
    levers(),
  );
}

/** What may be done to the world outside, below everything else. */
function levers() {
  const all = state.screen?.levers ?? [];
  if (!all.length) return null;
  return h(
    "div",
    { class: "levers", key: "levers", role: "group", "aria-label": "The world outside" },
    all.map((lever) =>
      h(
        "div",
        { class: "lever", key: lever.name },
        h(
          "button",
          {
            type: "button",
            class: `button${lever.danger ? " danger" : ""}`,
            "aria-describedby": `lever-${lever.name}`,
            onclick: () => attemptLever(lever.name),
          },
          lever.label,
        ),
        h("p", { class: "lever-hint", id: `lever-${lever.name}` }, lever.hint),
      ),
    ),
  );
}

function switcher() {
  const me = person(state.me);
  const items = () =>
    state.roster
      .filter((one) => !one.is_bot && !one.is_deactivated)
      .map((one) => ({
        label: nameOf(one),
        hint: one.title || `@${one.name}`,
        picture: avatar({ id: one.id, name: nameOf(one) }),
        checked: one.id === state.me,
        href: hashOf({ me: one.id }),
      }));
  return h(
    "button",
    {
      type: "button",
      class: "switcher",
      id: "switcher",
      "aria-haspopup": "menu",
      "aria-label": `Acting as ${me ? nameOf(me) : "nobody"}. Act as somebody else`,
      onclick: (event) => openMenu(event.currentTarget, "Act as", items),
    },
    me && avatar({ id: me.id, name: nameOf(me) }),
    h(
      "span",
      { class: "switcher-words" },
      h("span", { class: "switcher-label" }, "Acting as"),
      h("span", { class: "switcher-name" }, me ? nameOf(me) : "…"),
      me?.title && h("span", { class: "switcher-title" }, me.title),
    ),
    icon("down"),
  );
}

function group(title, id, links, extra = null) {
  return h(
    "section",
    { class: "group", key: id, "aria-labelledby": `group-${id}` },
    h("div", { class: "group-head" }, h("h2", { id: `group-${id}` }, title), extra),
    links.length ? h("ul", null, links) : h("p", { class: "group-empty" }, "None yet"),
  );
}

function folded(title, id, channels) {
  if (!channels.length) return null;
  const open = local.get(
    "sidebar",
    id,
    channels.some((channel) => channel.id === state.place.channel),
  );
  return h(
    "section",
    { class: "group", key: id, "aria-label": title },
    h(
      "button",
      { type: "button", class: "fold", "aria-expanded": String(open), onclick: () => local.set("sidebar", id, !open) },
      icon(open ? "down" : "right"),
      `${title} (${channels.length})`,
    ),
    open && h("ul", null, channels.map(channelLink)),
  );
}

function channelLink(channel) {
  const mark = channel.is_archived ? "archive" : channel.kind === "private" ? "lock" : "hash";
  return entry(
    channel,
    icon(mark),
    channel.name,
    channel.is_archived ? " archived" : channel.is_member ? "" : " outside",
  );
}

function dmLink(channel) {
  const other = counterpart(channel);
  return entry(
    channel,
    avatar({ id: other?.id ?? channel.id, name: dmTitle(channel), isApp: Boolean(other?.is_bot) }, "tiny"),
    dmTitle(channel),
  );
}

function appLinks(dms) {
  if (dms.length) return dms.map((channel) => dmLink(channel));
  const bots = state.roster.filter((one) => one.is_bot);
  return bots.map((bot) =>
    h(
      "li",
      { key: bot.id },
      h(
        "button",
        { type: "button", class: "place", onclick: () => startDm(bot) },
        avatar({ id: bot.id, name: nameOf(bot), isApp: true }, "tiny"),
        h("span", { class: "place-name" }, nameOf(bot)),
      ),
    ),
  );
}

function entry(channel, mark, name, extra = "") {
  const here = channel.id === state.place.channel;
  const unread = here ? 0 : (channel.unread ?? 0);
  const props = {
    class: `place${here ? " here" : ""}${unread ? " unread" : ""}${extra}`,
    href: hashOf({ channel: channel.id }),
    "aria-current": here ? "page" : null,
    title: name,
    onclick: () => change((page) => void (page.sidebarOpen = false)),
  };
  return h(
    "li",
    { key: channel.id },
    h(
      "a",
      props,
      mark,
      h("span", { class: "place-name" }, h("bdi", null, name)),
      unread > 0 &&
        h("span", { class: "unread-count" }, unread > 99 ? "99+" : unread, h("span", { class: "sr-only" }, " unread")),
    ),
  );
}

function newDm() {
  const others = () =>
    state.roster
      .filter((one) => one.id !== state.me && !one.is_deactivated)
      .map((one) => ({
        label: nameOf(one),
        hint: one.title || `@${one.name}`,
        picture: avatar({ id: one.id, name: nameOf(one), isApp: one.is_bot }),
        pick: () => startDm(one),
      }));
  return h(
    "button",
    {
      type: "button",
      class: "icon-button small",
      id: "new-dm",
      "aria-haspopup": "menu",
      "aria-label": "New direct message",
      title: "New direct message",
      onclick: (event) => openMenu(event.currentTarget, "Write to", others),
    },
    icon("plus"),
  );
}

async function startDm(other) {
  const answer = await attempt("open_dm", { other_id: other.id });
  const channel = typeof answer === "string" ? answer : (answer?.result ?? answer?.channel_id ?? answer?.id);
  if (channel) go({ channel });
}
