"""What Slack's client checks in a modal before it sends anything."""

from __future__ import annotations

import re
from typing import Any

from sandbox.slack.elements import KINDS, Found, Values, chosen, elements_in
from sandbox.slack.refusals import DeedRefusedError, Json

_PATTERNS = {
    "email_text_input": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "Please enter a valid email address."),
    "url_text_input": (r"https?://\S+", "Please enter a valid URL."),
}


def entered(blocks: list[Json], state: Values, values: Json) -> Values:
    """Return the state of a view after a person filled in `values`.

    Keys are block ids or action ids; a value is the element's, or {action_id: value} for a block. Raises
    DeedRefusedError for a key that is not in the view and for a choice that is not offered.
    """
    after = {block_id: dict(actions) for block_id, actions in state.items()}
    fields = [item for item in elements_in(blocks) if item.element["type"] in KINDS]
    for key, value in values.items():
        for item, raw in _meant(fields, key, value):
            kind = KINDS[item.element["type"]]
            kept = {"type": item.element["type"], kind.key: chosen(item.element, raw)}
            after.setdefault(item.block_id, {})[item.element["action_id"]] = kept
    return after


def _meant(fields: list[Found], key: str, value: Any) -> list[tuple[Found, Any]]:
    """Return which elements a key means, each with its value."""
    in_block = {item.element["action_id"]: item for item in fields if item.block_id == key}
    if in_block and isinstance(value, dict) and set(value) <= set(in_block):
        return [(in_block[action_id], raw) for action_id, raw in value.items()]
    named = list(in_block.values()) or [item for item in fields if item.element["action_id"] == key]
    if len(named) != 1:
        there = ", ".join(f"{item.block_id}/{item.element['action_id']}" for item in fields) or "none"
        raise DeedRefusedError(f"{key} does not name one field of this view; its fields: {there}.")
    return [(named[0], value)]


def objections(blocks: list[Json], state: Values) -> dict[str, str]:
    """Return, by block id, what the client objects to before it submits."""
    found: dict[str, str] = {}
    for item in elements_in(blocks):
        kind = KINDS.get(item.element["type"])
        if kind is None or item.block.get("type") != "input":
            continue
        value = state[item.block_id][item.element["action_id"]].get(kind.key)
        if objection := _objection(item, value):
            found[item.block_id] = objection
    return found


def _objection(item: Found, value: Any) -> str | None:
    """Return what is wrong with one value, if anything."""
    if value in (None, "", []):
        return None if item.block.get("optional") else "Please complete this required field."
    element = item.element
    kind = element["type"]
    if kind == "plain_text_input":
        return _length(element, len(value))
    if kind == "number_input":
        return _number(element, value)
    if kind in _PATTERNS:
        pattern, sentence = _PATTERNS[kind]
        return None if re.fullmatch(pattern, value) else sentence
    most = element.get("max_selected_items")
    if most is not None and isinstance(value, list) and len(value) > most:
        return f"Please select at most {most}."
    return None


def _length(element: Json, length: int) -> str | None:
    """Return what is wrong with the length of a text."""
    if length < element.get("min_length", 0):
        return f"Please write at least {element['min_length']} characters."
    most = element.get("max_length", 3000)
    return f"Please write at most {most} characters." if length > most else None


def _number(element: Json, value: str) -> str | None:
    """Return what is wrong with a number."""
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a valid number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and float(value) < float(low):
        return f"Please enter a number of at least {low}."
    if high is not None and float(value) > float(high):
        return f"Please enter a number of at most {high}."
    return None
