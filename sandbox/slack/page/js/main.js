/** Starts the page and draws it: one function from the state to what is seen. */

import { canWrite, closedBar, composer } from "./composer.js";
import { confirmDialog } from "./confirm.js";
import { read } from "./control.js";
import { attempt } from "./deeds.js";
import { h, mount } from "./dom.js";
import { bookmarks, header } from "./header.js";
import { atHomeTab, closedToPeople, home, isAppDm, tabs } from "./home.js";
import { messageList, noteOpened, settleScroll, showTarget } from "./messages.js";
import { modal, settleModal } from "./modal.js";
import { channelTitle, nameOf, person } from "./names.js";
import { hashOf, readHash } from "./place.js";
import { drawPopup, watchOutside } from "./popup.js";
import { sidebar } from "./sidebar.js";
import { change, currentChannel, onChange, state } from "./state.js";
import { refresh, watch } from "./stream.js";
import { startTheme } from "./theme.js";
import { threadPanel } from "./thread.js";
import { dismissArrived, toasts } from "./toasts.js";

const spots = Object.fromEntries(
  ["app", "modals", "confirms", "layer", "toasts", "live"].map((id) => [id, document.getElementById(id)]),
);
let opened = "";
let homeShown = "";
let readUp = "";

function draw() {
  state.namesStamp = stampOfNames();
  mount(spots.app, page());
  mount(spots.modals, modal());
  mount(spots.confirms, confirmDialog());
  mount(spots.toasts, toasts());
  spots.app.inert = Boolean(state.screen?.modal || state.confirm);
  spots.modals.inert = Boolean(state.confirm);
  drawPopup(spots.layer);
  if (spots.live.textContent !== state.announcement) spots.live.textContent = state.announcement;
  settleScroll();
  showTarget();
  settleModal();
  follow();
}

function page() {
  const channel = currentChannel();
  return [
    channel && skips(channel),
    h(
      "div",
      { class: `shell${state.place.thread && channel ? " with-thread" : ""}`, key: "shell" },
      sidebar(),
      h("div", {
        class: `shade${state.sidebarOpen ? " open" : ""}`,
        onclick: () => change((now) => void (now.sidebarOpen = false)),
      }),
      h(
        "main",
        { class: "main", key: "main", "aria-labelledby": channel ? "channel-name" : null },
        offline(),
        channel ? content(channel) : nothing(),
      ),
      threadPanel(channel),
    ),
  ];
}

function skips(channel) {
  const link = (id, text) =>
    h("a", { class: "skip", key: id, href: `#${id}`, onclick: (event) => skip(event, id) }, text);
  if (isAppDm(channel) && atHomeTab()) return state.screen.home && link("home", "Skip to the app");
  return [
    canWrite(channel) && !closedToPeople(channel) && link("composer", "Skip to writing"),
    link("messages", "Skip to messages"),
  ];
}

function content(channel) {
  const atHome = isAppDm(channel) && atHomeTab();
  return [
    header(channel),
    isAppDm(channel) && state.app.home && state.app.messages && tabs(channel),
    !atHome && bookmarks(channel),
    atHome ? home(channel) : messageList(channel),
    !atHome && (closedToPeople(channel) ? closedBar(channel) : composer(channel)),
  ];
}

function offline() {
  return (
    !state.online &&
    h("div", { class: "offline", role: "status" }, "The connection to the workspace is lost. Trying again…")
  );
}

function nothing() {
  if (!state.screen) return h("p", { class: "empty" }, "Opening the workspace…");
  return h(
    "div",
    { class: "empty" },
    h("h1", { id: "channel-name" }, "Nothing here"),
    h("p", null, "This conversation does not exist, or you may not see it. Choose another on the left."),
  );
}

function skip(event, id) {
  event.preventDefault();
  document.getElementById(id)?.focus();
}

/** After drawing: open at a sensible place, mark as read, tell the app that its Home was opened. */
function follow() {
  if (!state.screen) return;
  const channel = currentChannel();
  document.title = title(channel);
  if (!channel) return;
  const key = `${state.me} ${channel.id}`;
  if (key !== opened) {
    opened = key;
    noteOpened(channel);
    setTimeout(readyToWrite);
  }
  visitHome(channel);
  markRead(channel);
}

/* As in any chat, somebody who comes into a channel can write at once; on a touch screen that would raise the keyboard. */
function readyToWrite() {
  const elsewhere =
    state.place.target || state.screen?.modal || document.activeElement?.closest("#composer, .thread, .popup");
  if (!elsewhere && matchMedia("(hover: hover)").matches)
    document.getElementById("composer")?.focus({ preventScroll: true });
}

function visitHome(channel) {
  const key = isAppDm(channel) ? `${state.me} ${channel.id} ${atHomeTab()}` : "";
  if (key === homeShown) return;
  homeShown = key;
  if (key) attempt("open_home", { tab: atHomeTab() ? "home" : "messages" });
}

function markRead(channel) {
  const key = `${state.me} ${channel.id} ${channel.unread} ${state.screen.seq}`;
  if (!channel.unread || !channel.is_member || key === readUp || document.hidden) return;
  readUp = key;
  attempt("read", { channel_id: channel.id });
}

function title(channel) {
  const unread = state.screen.channels.reduce((sum, one) => sum + (one.id === channel?.id ? 0 : (one.unread ?? 0)), 0);
  const who = person(state.me);
  return `${unread ? `(${unread}) ` : ""}${channel ? channelTitle(channel) : "Workspace"} · ${who ? nameOf(who) : ""}`;
}

function stampOfNames() {
  const screen = state.screen;
  if (!screen) return "";
  if (screen.namesStamp) return screen.namesStamp;
  const rooms = screen.channels.map((channel) => channel.id + channel.name).join();
  screen.namesStamp = `${JSON.stringify(screen.people)}${JSON.stringify(screen.usergroups)}${rooms}`;
  return screen.namesStamp;
}

function arrive() {
  const { me, place } = readHash();
  const known = state.roster.find((one) => one.id === me || one.name === me);
  const who = known ?? state.roster.find((one) => !one.is_bot);
  const switched = who && who.id !== state.me;
  change((page) => {
    page.me = who?.id ?? null;
    page.place = place;
    page.popup = null;
    if (switched) page.screen = null;
  });
  dismissArrived();
  if (switched) watch();
  else settlePlace();
}

/** Send somebody without a place to the first channel they are in. */
function settlePlace() {
  if (!state.screen || state.place.channel) return;
  const mine = state.screen.channels.filter(
    (channel) => channel.is_member && channel.kind !== "dm" && !channel.is_archived,
  );
  const first = mine.find((channel) => channel.is_general) ?? mine[0] ?? state.screen.channels[0];
  if (first) location.replace(hashOf({ channel: first.id }));
}

async function start() {
  startTheme();
  onChange(() => {
    draw();
    settlePlace();
  });
  watchOutside(spots.layer);
  window.addEventListener("hashchange", arrive);
  document.addEventListener("visibilitychange", () => !document.hidden && state.me && refresh());
  try {
    const [roster, manifest] = await Promise.all([read("/control/people"), read("/manifest")]);
    change((page) => {
      page.roster = roster;
      page.app = appPlace(manifest);
    });
    arrive();
  } catch (problem) {
    mount(
      spots.app,
      h(
        "div",
        { class: "empty" },
        h("h1", null, "The workspace does not answer"),
        h("p", null, problem.message),
        h("p", null, "Start it, then load this page again."),
      ),
    );
  }
}

/** Return what the app offers in its own place: a Home tab, a Messages tab, and whether people may write there. */
function appPlace(manifest) {
  const offered = manifest?.features?.app_home ?? {};
  return {
    home: Boolean(offered.home_tab_enabled),
    messages: offered.messages_tab_enabled !== false,
    readOnly: Boolean(offered.messages_tab_read_only_enabled),
  };
}

start();
