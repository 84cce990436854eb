"""Interactive elements: where they stand in blocks, what a person can choose in them, how that reads in a payload."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox.slack.refusals import DeedRefusedError, Json

Values = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of element keeps its value: the key in state, the key of the initial value, its shape."""

    key: str
    initial: str
    shape: str


KINDS: dict[str, Kind] = {
    "plain_text_input": Kind("value", "initial_value", "text"),
    "email_text_input": Kind("value", "initial_value", "text"),
    "url_text_input": Kind("value", "initial_value", "text"),
    "number_input": Kind("value", "initial_value", "text"),
    "rich_text_input": Kind("rich_text_value", "initial_value", "any"),
    "static_select": Kind("selected_option", "initial_option", "option"),
    "external_select": Kind("selected_option", "initial_option", "free_option"),
    "radio_buttons": Kind("selected_option", "initial_option", "option"),
    "checkboxes": Kind("selected_options", "initial_options", "options"),
    "multi_static_select": Kind("selected_options", "initial_options", "options"),
    "multi_external_select": Kind("selected_options", "initial_options", "free_options"),
    "users_select": Kind("selected_user", "initial_user", "text"),
    "conversations_select": Kind("selected_conversation", "initial_conversation", "text"),
    "channels_select": Kind("selected_channel", "initial_channel", "text"),
    "multi_users_select": Kind("selected_users", "initial_users", "texts"),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", "texts"),
    "multi_channels_select": Kind("selected_channels", "initial_channels", "texts"),
    "datepicker": Kind("selected_date", "initial_date", "date"),
    "timepicker": Kind("selected_time", "initial_time", "time"),
    "datetimepicker": Kind("selected_date_time", "initial_date_time", "moment"),
    "file_input": Kind("files", "", "any"),
}
"""Elements with a value (Slack: Block Kit element reference). Buttons and overflow menus have none."""


@dataclass(frozen=True, slots=True)
class Found:
    """An element, the id of its block, and the block itself."""

    block_id: str
    block: Json
    element: Json


def elements_in(blocks: list[Json]) -> Iterator[Found]:
    """Yield every interactive element, however deep it stands; its block is the nearest with a block_id."""
    for block in blocks:
        yield from _inside(block, block, str(block.get("block_id", "")))


def _inside(part: object, block: Json, block_id: str) -> Iterator[Found]:
    """Yield the elements within one part of a block."""
    if isinstance(part, list):
        for inner in part:
            yield from _inside(inner, block, block_id)
    if not isinstance(part, dict):
        return
    if "block_id" in part:
        block, block_id = part, str(part["block_id"])
    if "action_id" in part and "type" in part:
        yield Found(block_id, block, part)
    for name, inner in part.items():
        if name not in {"text", "options", "confirm"}:
            yield from _inside(inner, block, block_id)


def find(blocks: list[Json], action_id: str, block_id: str | None) -> Found:
    """Return the element with that action id. Raises DeedRefusedError when it is not there, or there are several."""
    found = [
        item
        for item in elements_in(blocks)
        if item.element["action_id"] == action_id and block_id in {None, item.block_id}
    ]
    if not found:
        raise DeedRefusedError(f"There is nothing with the action id {action_id} to use here.")
    if len(found) > 1:
        raise DeedRefusedError(f"Several elements have the action id {action_id}; say which block_id is meant.")
    return found[0]


def state_of(blocks: list[Json], entered: Values) -> Values:
    """Return the values of all elements: what was entered, else the initial values."""
    state: Values = {}
    for item in elements_in(blocks):
        kind = KINDS.get(item.element["type"])
        if kind is None:
            continue
        action_id = item.element["action_id"]
        known = entered.get(item.block_id, {}).get(action_id)
        if known is None or known.get("type") != item.element["type"]:
            known = {"type": item.element["type"], kind.key: _initial(item.element, kind)}
        state.setdefault(item.block_id, {})[action_id] = known
    return state


def _initial(element: Json, kind: Kind) -> Any:
    """Return the value that an element starts with."""
    many = kind.shape in {"options", "free_options", "texts"} or element["type"] == "file_input"
    return element.get(kind.initial, [] if many else None)


def chosen(element: Json, raw: Any) -> Any:
    """Return a choice in the shape in which the element keeps it.

    Raises DeedRefusedError for what the element does not offer.
    """
    if raw is None:
        return None
    shape = KINDS[element["type"]].shape
    if shape in {"option", "free_option"}:
        return _option(element, raw, free=shape == "free_option")
    if shape in {"options", "free_options"}:
        wanted = raw if isinstance(raw, list) else [raw]
        return [_option(element, one, free=shape == "free_options") for one in wanted]
    if shape == "texts":
        return [str(one) for one in (raw if isinstance(raw, list) else [raw])]
    return _plain(shape, raw)


def _plain(shape: str, raw: Any) -> Any:
    """Return a text, date, time or moment as it is kept."""
    if shape == "date":
        try:
            return date.fromisoformat(str(raw)).isoformat()
        except ValueError:
            raise DeedRefusedError(f"{raw} is no date; write it like 2026-01-31.") from None
    if shape == "time" and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(raw)):
        raise DeedRefusedError(f"{raw} is no time; write it like 14:30.")
    if shape == "moment":
        if not re.fullmatch(r"\d{10}", str(raw)):
            raise DeedRefusedError(f"{raw} is no moment; give it in seconds since 1970.")
        return int(raw)
    return raw if shape == "any" else str(raw)


def options_of(element: Json) -> list[Json]:
    """Return the options of a menu, groups included."""
    grouped = [option for group in element.get("option_groups", ()) for option in group.get("options", ())]
    return [*element.get("options", ()), *grouped]


def _option(element: Json, raw: Any, *, free: bool) -> Json:
    """Return the option that a person chose by its value (or gave whole)."""
    value = raw.get("value") if isinstance(raw, dict) else str(raw)
    for option in options_of(element):
        if option.get("value") == value:
            return dict(option)
    if free and isinstance(raw, dict) and "text" in raw:
        return dict(raw)
    if free:
        return {"text": {"type": "plain_text", "text": value, "emoji": True}, "value": value}
    offered = ", ".join(str(option.get("value")) for option in options_of(element)) or "nothing"
    raise DeedRefusedError(f"{element['action_id']} does not offer {value}; it offers {offered}.")
