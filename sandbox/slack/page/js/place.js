/** Where a person is, as the address says it: `#/PERSON/CHANNEL`, then `/home`, `/t/THREAD` or `/m/MESSAGE`. */

import { change, state } from "./state.js";

/** Return the address of a place; what is left out stays as it is (person) or falls away (thread, tab). */
export function hashOf({ me = state.me, channel = state.place.channel, tab = null, thread = null, target = null }) {
  const parts = [me, channel];
  if (tab === "home") parts.push("home");
  if (thread) parts.push("t", thread);
  if (target) parts.push("m", target);
  return `#/${parts.filter(Boolean).map(encodeURIComponent).join("/")}`;
}

/** Go to a place, leaving a step for the browser's back button. */
export function go(place) {
  const hash = hashOf(place);
  if (location.hash === hash) change();
  else location.hash = hash;
}

/** Return person and place as the address bar has them. */
export function readHash(hash = location.hash) {
  const [me = null, channel = null, ...rest] = hash.replace(/^#\/?/, "").split("/").map(decode);
  const after = (mark) => (rest.includes(mark) ? (rest[rest.indexOf(mark) + 1] ?? null) : null);
  return {
    me: me || null,
    place: {
      channel: channel || null,
      tab: rest[0] === "home" ? "home" : "messages",
      thread: after("t"),
      target: after("m"),
    },
  };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
