"""The words in which Block Kit is written down here.

Each word makes a Rule: a function that looks at one value and reports to the Tally what is wrong with it. The
tables in the neighbouring modules are made of these words; lengths are in characters (Unicode code points).
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from sandbox.slack.blockkit.problem import Spot, Surface, Tally

Rule: TypeAlias = Callable[[object, Spot, Tally], None]
Fields: TypeAlias = Mapping[str, Rule]

NOTHING: Fields = {}


def anything(_value: object, _spot: Spot, _tally: Tally) -> None:
    """Accept every value: for what has been looked at already, such as the `type` that chose the rule."""


def flag(value: object, spot: Spot, tally: Tally) -> None:
    """Accept true and false."""
    if not isinstance(value, bool):
        tally.report(spot, "type", f"must be true or false, not {_kind(value)}")


def string(low: int, high: int, *, over: str = "too_long") -> Rule:
    """Accept a string of `low` to `high` characters; `over` names the rule of the upper limit."""

    def rule(value: object, spot: Spot, tally: Tally) -> None:
        if not isinstance(value, str):
            tally.report(spot, "type", f"must be a string, not {_kind(value)}")
        elif len(value) > high:
            tally.report(spot, over, f"has {len(value)} characters; at most {high} are allowed")
        elif len(value) < low:
            tally.report(spot, "too_short", f"has {len(value)} characters; at least {low} must be there")

    return rule


def text(low: int, high: int) -> Rule:
    """Accept a string that people read, which counts towards the total of a message."""
    fits = string(low, high)

    def rule(value: object, spot: Spot, tally: Tally) -> None:
        fits(value, spot, tally)
        if isinstance(value, str):
            tally.characters += len(value)

    return rule


def matching(pattern: str, what: str, high: int = 255) -> Rule:
    """Accept a string of 1 to `high` characters that fits the pattern; `what` describes it to people."""
    fits = string(1, high)
    match = re.compile(pattern).fullmatch

    def rule(value: object, spot: Spot, tally: Tally) -> None:
        fits(value, spot, tally)
        if isinstance(value, str) and 0 < len(value) <= high and not match(value):
            tally.report(spot, "format", f"is not {what}")

    return rule


def choice(*names: str) -> Rule:
    """Accept one of a few words."""
    allowed = frozenset(names)

    def rule(value: object, spot: Spot, tally: Tally) -> None:
        if not isinstance(value, str):
            tally.report(spot, "type", f"must be a string, not {_kind(value)}")
        elif value not in allowed:
            tally.report(spot, "choice", f"is “{value[:40]}”; it must be one of {_listed(names)}")

    return rule


def whole(low: int, high: int) -> Rule:
    """Accept a whole number from `low` to `high`."""

    def rule(value: object, spot: Spot, tally: Tally) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            tally.report(spot, "type", f"must be a whole number, not {_kind(value)}")
        elif not low <= value <= high:
            tally.report(spot, "range", f"must be from {low} to {high}")

    return rule


def list_of(item: Rule, low: int, high: int, *, over: str = "too_many") -> Rule:
    """Accept a list of `low` to `high` items that keep `item`; `over` names the rule of the upper limit."""

    def rule(value: object, spot: Spot, tally: Tally) -> None:
        if not isinstance(value, list):
            tally.report(spot, "type", f"must be a list, not {_kind(value)}")
            return
        if len(value) > high:
            tally.report(spot, over, f"has {len(value)} items; at most {high} are allowed")
        elif len(value) < low:
            tally.report(spot, "too_few", f"has {len(value)} items; at least {low} must be there")
        for index, entry in enumerate(value):
            item(entry, (spot, index), tally)

    return rule


def obj(required: Fields, optional: Fields = NOTHING, *between: Rule) -> Rule:
    """Accept an object that has all `required` fields, perhaps some `optional` ones and no others.

    The rules `between` its fields see the whole object, and only when each field is right by itself.
    """
    fields = {**optional, **required}

    def rule(value: object, spot: Spot, tally: Tally) -> None:
        if not isinstance(value, dict):
            tally.report(spot, "type", f"must be an object, not {_kind(value)}")
            return
        before = len(tally.problems)
        for name in required:
            if name not in value:
                tally.report((spot, name), "required", "is missing")
        _each_field(value, fields, spot, tally)
        if len(tally.problems) == before:
            for check in between:
                check(value, spot, tally)

    return rule


def tagged(required: Fields, optional: Fields = NOTHING, *between: Rule) -> Rule:
    """Accept an object like `obj`, with the `type` by which `one_of` found it."""
    return obj({"type": anything, **required}, optional, *between)


def one_of(kinds: Fields) -> Rule:
    """Accept an object whose `type` is one of `kinds`, and which keeps the rule of that kind."""
    expected = _listed(kinds)

    def rule(value: object, spot: Spot, tally: Tally) -> None:
        if not isinstance(value, dict):
            tally.report(spot, "type", f"must be an object, not {_kind(value)}")
            return
        name = value.get("type")
        known = kinds.get(name) if isinstance(name, str) else None
        if known is not None:
            known(value, spot, tally)
        elif "type" not in value:
            tally.report((spot, "type"), "required", f"is missing; it must be one of {expected}")
        else:
            shown = f"“{name[:40]}”" if isinstance(name, str) else _kind(name)
            tally.report((spot, "type"), "kind", f"is {shown}; what may stand here is {expected}")

    return rule


def only_on(inner: Rule, *surfaces: Surface) -> Rule:
    """Keep `inner`, and stand on one of these surfaces alone."""

    def rule(value: object, spot: Spot, tally: Tally) -> None:
        if tally.surface not in surfaces:
            here = "a message" if tally.surface == "message" else f"a {tally.surface} view"
            tally.report((spot, "type"), "surface", f"cannot be shown in {here}, only in: {_listed(surfaces)}")
        inner(value, spot, tally)

    return rule


def unique(kind: str, inner: Rule) -> Rule:
    """Keep `inner`, and be different from every other string of this kind that the Tally has seen."""

    def rule(value: object, spot: Spot, tally: Tally) -> None:
        inner(value, spot, tally)
        if isinstance(value, str):
            seen = tally.seen.setdefault(kind, set())
            if value in seen:
                tally.report(spot, "duplicate", f"is “{value[:40]}” for the second time; it must be unique")
            seen.add(value)

    return rule


def once(kind: str, error: str, inner: Rule) -> Rule:
    """Keep `inner`, and be the only one of this kind in the payload; a second one breaks the rule `error`."""

    def rule(value: object, spot: Spot, tally: Tally) -> None:
        if kind in tally.seen:
            tally.report(spot, error, f"is a second {kind}; only one is allowed")
        tally.seen[kind] = set()
        inner(value, spot, tally)

    return rule


def _each_field(value: dict[str, object], fields: Fields, spot: Spot, tally: Tally) -> None:
    for name, entry in value.items():
        field = fields.get(name)
        if field is None:
            tally.report((spot, name), "unknown_field", "is not a field that Slack knows here")
        else:
            field(entry, (spot, name), tally)


def json_size(value: object) -> int | None:
    """Return the number of bytes of the value as JSON, or None when it cannot be written as JSON."""
    try:
        return len(json.dumps(value))
    except (TypeError, ValueError, RecursionError):
        return None


def _listed(names: Collection[str]) -> str:
    return ", ".join(names)


_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
}


def _kind(value: object) -> str:
    return "null" if value is None else _KINDS.get(type(value), f"a Python {type(value).__name__}")
