/** Times in the zone of the person who acts. Slack timestamps are seconds since 1970 with a decimal part. */

import { h } from "./dom.js";
import { person } from "./names.js";
import { state } from "./state.js";

const DAY = 86_400_000;
const formats = new Map();

/** Return the moment of a Slack timestamp. */
export function moment(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

/** Return the IANA zone of the person who acts. */
export function zone() {
  return state.screen?.me?.tz || person(state.me)?.tz || "UTC";
}

/** Return 09:05 in the person's zone. */
export function clock(date) {
  return formatted(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** Return Today, Yesterday, or the weekday and date. */
export function dayName(date, now = present()) {
  return (
    relativeDay(date, now) ??
    formatted(date, { weekday: "long", day: "numeric", month: "long", ...yearUnlessThis(date, now) })
  );
}

/** Return a day in a sentence: today, yesterday, or on Friday 3 October. */
export function onDay(date) {
  return relativeDay(date, present())?.toLowerCase() ?? `on ${dayName(date)}`;
}

/** Return the time for a moment of today, else the day. */
export function shortly(date) {
  return dayKey(date) === dayKey(present()) ? `at ${clock(date)}` : dayName(date);
}

/** Return a key that is the same for all moments of one day in the person's zone. */
export function dayKey(date) {
  return formatted(date, { year: "numeric", month: "2-digit", day: "2-digit" });
}

/** Return the whole date and time with its zone, for a tooltip. */
export function exact(date) {
  return formatted(date, { dateStyle: "full", timeStyle: "long" });
}

/** Return a `time` element for a moment. */
export function timeTag(date, text, props = {}) {
  if (Number.isNaN(date.getTime())) return text;
  return h("time", { datetime: date.toISOString(), title: exact(date), ...props }, text);
}

/** Return how long ago a moment was, in words. */
export function ago(date, now = present()) {
  const seconds = (date - now) / 1000;
  const steps = [
    [86_400, "day"],
    [3600, "hour"],
    [60, "minute"],
    [1, "second"],
  ];
  const [size, unit] = steps.find(([length]) => Math.abs(seconds) >= length) ?? steps.at(-1);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** Return the text of a Slack date format such as `{date_short} at {time}` for seconds since 1970. */
export function slackDate(seconds, format) {
  const date = new Date(seconds * 1000);
  return format.replace(/\{(\w+)\}/g, (whole, token) => TOKENS[token]?.(date) ?? whole);
}

const TOKENS = {
  date_num: (date) => `${part(date, "year")}-${part(date, "month")}-${part(date, "day")}`,
  date_slash: (date) => `${part(date, "year")}/${part(date, "month")}/${part(date, "day")}`,
  date: (date) => formatted(date, { year: "numeric", month: "long", day: "numeric" }),
  date_short: (date) => formatted(date, { year: "numeric", month: "short", day: "numeric" }),
  date_long: (date) => formatted(date, { weekday: "long", year: "numeric", month: "long", day: "numeric" }),
  date_long_full: (date) => formatted(date, { weekday: "long", year: "numeric", month: "long", day: "numeric" }),
  date_pretty: (date) => pretty(date, TOKENS.date),
  date_short_pretty: (date) => pretty(date, TOKENS.date_short),
  date_long_pretty: (date) => pretty(date, TOKENS.date_long),
  day_divider_pretty: (date) => dayName(date),
  time: (date) => clock(date),
  time_secs: (date) => formatted(date, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
  ago: (date) => ago(date),
};

/** Return the workspace's present: its own clock where the screen tells it, else the machine's. */
export function present() {
  return state.screen?.now ? new Date(state.screen.now * 1000) : new Date();
}

function pretty(date, otherwise) {
  return relativeDay(date, present())?.toLowerCase() ?? otherwise(date);
}

function relativeDay(date, now) {
  const key = dayKey(date);
  if (key === dayKey(now)) return "Today";
  if (key === dayKey(new Date(now.getTime() - DAY))) return "Yesterday";
  if (key === dayKey(new Date(now.getTime() + DAY))) return "Tomorrow";
  return null;
}

function yearUnlessThis(date, now) {
  return part(date, "year") === part(now, "year") ? {} : { year: "numeric" };
}

function part(date, name) {
  const options = { year: "numeric", month: "2-digit", day: "2-digit" };
  return (
    formatter(options)
      .formatToParts(date)
      .find((piece) => piece.type === name)?.value ?? ""
  );
}

function formatted(date, options) {
  return Number.isNaN(date.getTime()) ? "" : formatter(options).format(date);
}

function formatter(options) {
  const key = `${zone()} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone() }));
  return formats.get(key);
}
