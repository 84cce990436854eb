/** What a person does, sent to the workspace's control API. Refusals come back as `Refusal` with one sentence. */

import { state } from "./state.js";

export class Refusal extends Error {}

/** Fetch JSON from the workspace. */
export async function read(path) {
  return answer(await reach(path, { headers: { accept: "application/json" } }));
}

/** Do `deed` as the person who acts, with the arguments by name. */
export async function act(deed, details) {
  return answer(
    await reach(`/control/people/${encodeURIComponent(state.me)}/${deed}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(details),
    }),
  );
}

/** Pull a lever of whoever serves the workspace. */
export async function pull(lever) {
  return answer(await reach(`/control/levers/${encodeURIComponent(lever)}`, { method: "POST" }));
}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Refusal("The workspace does not answer. Is it still running?");
  }
}

async function answer(response) {
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Refusal(body?.error ?? `The workspace answered with status ${response.status}.`);
  return body;
}
