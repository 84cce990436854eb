/** What modals and App Home share: how their fields keep values and how using them reaches the app. */

import { contextOf, valuesOf } from "./context.js";
import { act } from "./control.js";
import { rawValue } from "./deeds.js";
import { KINDS_WITH_VALUE } from "./inputs.js";
import { local } from "./state.js";

/** Return the context for the blocks of a view. */
export function viewContext({ id, view, held = {}, errors = {} }) {
  const lifted = local.get(id, "lifted", []);
  const shown = Object.fromEntries(Object.entries(errors).filter(([block]) => !lifted.includes(block)));
  const context = contextOf({
    scope: id,
    level: view.type === "home" ? 2 : 3,
    held,
    errors: shown,
    liftError: (block) => local.set(id, "lifted", [...local.get(id, "lifted", []), block]),
    send: (block, part, value) => use(context, id, view, block, part, value),
    suggest: async (block, part, typed) => ({
      options: await act("suggest", { view_id: id, action_id: part.action_id, typed }),
    }),
  });
  return context;
}

/** Return what is filled in, as the workspace wants it: block → action → value. */
export function filled(context, view) {
  const values = {};
  for (const [block, actions] of Object.entries(valuesOf(context, view.blocks))) {
    values[block] = Object.fromEntries(Object.entries(actions).map(([action, value]) => [action, rawValue(value)]));
  }
  return values;
}

async function use(context, id, view, block, part, value) {
  const values = filled(context, view);
  if (Object.keys(values).length) await act("fill", { view_id: id, values });
  const raw =
    KINDS_WITH_VALUE.has(part.type) || part.type === "overflow" || part.type === "feedback_buttons"
      ? rawValue({ type: part.type, ...value })
      : undefined;
  return act("click_in_view", { view_id: id, action_id: part.action_id, block_id: block.block_id, value: raw });
}
