/** The person's screen, kept fresh: fetched once, then again whenever the workspace says that something changed. */

import { read } from "./control.js";
import { noteNews } from "./news.js";
import { change, state } from "./state.js";

const SHORTEST = 400;
const LONGEST = 5000;

let socket = null;
let wait = SHORTEST;
let fetching = false;
let again = false;
let retry = null;

/** Look on as the person who acts; an earlier look ends. */
export function watch() {
  clearTimeout(retry);
  socket?.close();
  wait = SHORTEST;
  connect(state.me);
  refresh();
}

/** Fetch the screen; calls during a fetch lead to one more after it. */
export async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  const me = state.me;
  try {
    const screen = await read(`/control/screen/${encodeURIComponent(me)}`);
    if (me === state.me) take(screen);
  } catch {
    change((page) => {
      page.online = false;
    });
  } finally {
    fetching = false;
  }
  if (again || me !== state.me) {
    again = false;
    refresh();
  }
}

function take(screen) {
  const before = state.screen?.me.id === screen.me.id ? state.screen : null;
  change((page) => {
    page.screen = screen;
    page.online = true;
  });
  noteNews(before, screen);
}

function connect(me) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const mine = new WebSocket(`${scheme}://${location.host}/control/stream/${encodeURIComponent(me)}`);
  socket = mine;
  mine.addEventListener("open", () => {
    wait = SHORTEST;
    refresh();
  });
  mine.addEventListener("message", () => refresh());
  mine.addEventListener("close", () => {
    if (mine !== socket) return;
    change((page) => {
      page.online = false;
    });
    retry = setTimeout(() => mine === socket && connect(state.me), wait);
    wait = Math.min(LONGEST, wait * 2);
  });
}
