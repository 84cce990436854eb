/**
 * What the page knows right now: who acts, where they are, what their screen holds, what is half done.
 *
 * `change` alters it and asks for one redraw; `local` keeps small facts of parts of the page (an open list, a typed value)
 * under a scope such as a message's timestamp, with a stamp that tells lazily drawn parts when to look again.
 */

export const state = {
  roster: [],
  me: null,
  place: { channel: null, tab: "messages", thread: null, target: null },
  screen: null,
  app: { home: true, messages: true, readOnly: false },
  online: true,
  popup: null,
  confirm: null,
  sidebarOpen: false,
  details: false,
  toasts: [],
  announcement: "",
  theme: null,
};

let redraw = () => {};
let asked = false;

/** Register the function that draws the page. */
export function onChange(draw) {
  redraw = draw;
}

/** Alter the state with `alter(state)` and draw once, after everything that happens in this turn. */
export function change(alter) {
  alter?.(state);
  if (asked) return;
  asked = true;
  queueMicrotask(() => {
    asked = false;
    redraw();
  });
}

const facts = new Map();
const stamps = new Map();

export const local = {
  /** Return the fact `name` of `scope`, else `fallback`. */
  get(scope, name, fallback) {
    const held = facts.get(scope);
    return held && name in held ? held[name] : fallback;
  },
  /** Keep a fact; `quiet` spares the redraw, for text that its own field already shows. */
  set(scope, name, value, { quiet = false } = {}) {
    facts.set(scope, { ...facts.get(scope), [name]: value });
    if (quiet) return;
    stamps.set(scope, (stamps.get(scope) ?? 0) + 1);
    change();
  },
  /** Forget everything about a scope. */
  drop(scope) {
    facts.delete(scope);
    stamps.set(scope, (stamps.get(scope) ?? 0) + 1);
  },
  /** Return a number that differs whenever something loud was set in the scope. */
  stamp(scope) {
    return stamps.get(scope) ?? 0;
  },
};

/** Return the channel on display, or null. */
export function currentChannel() {
  return state.screen?.channels.find((channel) => channel.id === state.place.channel) ?? null;
}

/** Return the messages of a channel, oldest first. */
export function messagesOf(channelId) {
  return state.screen?.messages[channelId] ?? [];
}
