/** What blocks need to know of the message or view they stand in: names of fields, values, errors, what using them does. */

import { act, Refusal } from "./control.js";
import { initialValue } from "./inputs.js";
import { local } from "./state.js";
import { refresh } from "./stream.js";
import { toast } from "./toasts.js";
import { wallClock } from "./wall.js";

/**
 * Return the context of one message or view.
 *
 * scope: a name for it. level: which heading a header block is. errors: by block id. held: values that the workspace
 * remembers, block → action → value. send(block, part, value): tell the workspace. suggest: ask the app for options.
 * remembers: whether the workspace is told of every field at once, as in messages, which nobody submits.
 */
export function contextOf({
  scope,
  level,
  errors = {},
  held = {},
  files = [],
  send,
  suggest,
  remembers = false,
  liftError = () => {},
}) {
  const context = { scope, level, files, wall: wallClock(), suggest };
  context.idOf = (block, part) => `${scope}-${block.block_id}-${part.action_id ?? part.type}`.replace(/[^\w-]/g, "_");
  context.errorOf = (block) => errors[block.block_id] ?? null;
  context.valueOf = (block, part) =>
    typedIn(scope, block, part) ?? held[block.block_id]?.[part.action_id] ?? initialValue(part);
  context.busy = (block, part) => local.get(scope, busyName(block, part), false);
  context.keep = (block, part, value, { typing = false } = {}) => {
    keepValue(scope, block, part, value, typing);
    if (errors[block.block_id]) liftError(block.block_id);
    if (typing && triggers(block, part, "on_character_entered")) context.act(block, part, value);
  };
  context.choose = (block, part, value) => {
    context.keep(block, part, value);
    if (block.type !== "input" || block.dispatch_action || remembers) context.act(block, part, value);
  };
  context.typed = (block, part, value) => {
    keepValue(scope, block, part, value, true);
    if (remembers && !block.dispatch_action) context.act(block, part, value);
  };
  context.entered = (block, part, value) =>
    triggers(block, part, "on_enter_pressed") && context.act(block, part, value);
  context.act = (block, part, value) => working(context, block, part, () => send(block, part, value));
  return context;
}

/** Return the values of all fields in a list of blocks: block → action → value. */
export function valuesOf(context, list) {
  const values = {};
  for (const block of fieldBlocks(list)) {
    for (const part of partsOf(block)) {
      const value = part.action_id && context.valueOf(block, part);
      if (value) values[block.block_id] = { ...values[block.block_id], [part.action_id]: value };
    }
  }
  return values;
}

/** Return every block that may hold fields, also inside containers. */
export function fieldBlocks(list) {
  return (list ?? []).flatMap((block) => (block.type === "container" ? fieldBlocks(block.child_blocks) : [block]));
}

/** Return the elements of a block. */
export function partsOf(block) {
  return [block.element, block.accessory, ...(block.elements ?? []), ...(block.actions ?? [])].filter(
    (part) => part && typeof part === "object",
  );
}

function typedIn(scope, block, part) {
  return local.get(scope, "values", {})[block.block_id]?.[part.action_id];
}

function keepValue(scope, block, part, value, quiet) {
  const values = local.get(scope, "values", {});
  const inBlock = { ...values[block.block_id], [part.action_id]: { type: part.type, ...value } };
  local.set(scope, "values", { ...values, [block.block_id]: inBlock }, { quiet: Boolean(quiet) });
}

function triggers(block, part, event) {
  if (!block.dispatch_action) return false;
  return (part.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]).includes(event);
}

async function working(context, block, part, send) {
  const busy = busyName(block, part);
  local.set(context.scope, busy, true);
  try {
    const result = await send();
    if (result?.error) toast(`The app could not be reached: ${result.error}`, { bad: true });
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    toast(problem.message, { bad: true });
  } finally {
    local.set(context.scope, busy, false);
    refresh();
  }
}

function busyName(block, part) {
  return `busy ${block.block_id} ${part.action_id}`;
}
