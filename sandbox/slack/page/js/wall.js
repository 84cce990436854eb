/** The wall clock of the person who acts: between seconds since 1970 and what a date and time field shows. */

import { zone } from "./time.js";

/** Return how to read and write a datetime-local field in the person's zone. */
export function wallClock() {
  return {
    text: (seconds) => asWall(seconds * 1000).slice(0, 16),
    seconds: (text) => Math.round(fromWall(text) / 1000),
  };
}

function asWall(milliseconds) {
  const options = {
    timeZone: zone(),
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  };
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", options).formatToParts(milliseconds).map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
}

function fromWall(text) {
  const asIfUtc = Date.parse(`${text}Z`);
  const guess = asIfUtc - offset(asIfUtc);
  return asIfUtc - offset(guess);
}

function offset(milliseconds) {
  return Date.parse(`${asWall(milliseconds)}Z`) - Math.floor(milliseconds / 1000) * 1000;
}
