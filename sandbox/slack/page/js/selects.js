/** The list elements of Block Kit: options, people, channels and conversations, one or several, and lists the app answers. */

import { confirmed } from "./confirm.js";
import { wording } from "./mrkdwn.js";
import { channelTitle, nameOf } from "./names.js";
import { picker } from "./picker.js";
import { state } from "./state.js";

const PLURAL = {
  static_select: ["selected_option", "selected_options"],
  external_select: ["selected_option", "selected_options"],
  users_select: ["selected_user", "selected_users"],
  channels_select: ["selected_channel", "selected_channels"],
  conversations_select: ["selected_conversation", "selected_conversations"],
};

/** Return the field for a select element, or null when the element is none. */
export function selectElement(context, block, part) {
  const many = part.type.startsWith("multi_");
  const kind = many ? part.type.slice("multi_".length) : part.type;
  if (!(kind in PLURAL)) return null;
  const name = PLURAL[kind][many ? 1 : 0];
  const id = context.idOf(block, part);
  const held = [context.valueOf(block, part)?.[name] ?? []].flat();
  const error = context.errorOf?.(block);
  return picker({
    id,
    scope: context.scope,
    many,
    max: part.max_selected_items,
    label: wording(block.label) || wording(part.placeholder) || wording(block.text) || "Choose",
    labelledby: block.label ? `${id}-label` : null,
    describedby: [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || null,
    invalid: Boolean(error),
    required: block.type === "input" && !block.optional,
    placeholder: wording(part.placeholder),
    options: listOf(kind, part),
    remembered: held.filter((one) => typeof one === "object").map(asChoice),
    chosen: held.map(idOf),
    search: kind === "external_select" ? (query) => fromApp(context, block, part, query) : null,
    onpick: (values, known) => pick(context, block, part, name, many, values, known),
  });
}

function listOf(kind, part) {
  if (kind === "static_select")
    return part.option_groups
      ? part.option_groups.flatMap((group) =>
          group.options.map((option) => ({ ...asChoice(option), group: wording(group.label) })),
        )
      : part.options.map(asChoice);
  if (kind === "users_select")
    return people().map((one) => ({ value: one.id, label: nameOf(one), description: one.title || `@${one.name}` }));
  if (kind === "channels_select") return channels((channel) => channel.kind === "public");
  return kind === "conversations_select" ? channels((channel) => fits(channel, part.filter)) : [];
}

function people() {
  return Object.values(state.screen.people).filter((one) => !one.deactivated && !one.deleted);
}

function channels(wanted) {
  return state.screen.channels
    .filter((channel) => !channel.is_archived && wanted(channel))
    .map((channel) => ({ value: channel.id, label: channelTitle(channel), description: topicOf(channel) }));
}

function topicOf(channel) {
  return typeof channel.topic === "string" ? channel.topic : (channel.topic?.value ?? "");
}

function fits(channel, filter) {
  const kinds = { public: "public", private: "private", dm: "im" };
  return !filter?.include || filter.include.includes(kinds[channel.kind]);
}

function asChoice(option) {
  return {
    value: option.value,
    label: wording(option.text),
    description: option.description ? wording(option.description) : "",
    option,
  };
}

function idOf(one) {
  return typeof one === "object" ? one.value : one;
}

async function fromApp(context, block, part, query) {
  if (query.length < (part.min_query_length ?? 0)) return [];
  const answer = await context.suggest(block, part, query);
  const groups = answer?.option_groups ?? [{ options: answer?.options ?? [] }];
  return groups.flatMap((group) =>
    group.options.map((option) => ({ ...asChoice(option), group: group.label && wording(group.label) })),
  );
}

async function pick(context, block, part, name, many, values, known) {
  const full = values.map((value) =>
    name.startsWith("selected_option") ? known.find((choice) => choice.value === value)?.option : value,
  );
  if (await confirmed(part.confirm)) context.choose(block, part, { [name]: many ? full.filter(Boolean) : full[0] });
}
