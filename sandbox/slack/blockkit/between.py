"""Rules between the fields of one object; they run when each field is right by itself (see `rules.obj`)."""

from typing import Any

from sandbox.slack.blockkit.problem import Spot, Tally
from sandbox.slack.blockkit.rules import Rule


def exactly_one(*names: str) -> Rule:
    """Want one of these fields, and no second one."""

    def rule(value: Any, spot: Spot, tally: Tally) -> None:
        count = sum(name in value for name in names)
        if count != 1:
            found = "none" if count == 0 else f"{count}"
            tally.report(spot, "exactly_one", f"has {found} of {', '.join(names)}; it must have exactly one")

    return rule


def at_least_one(*names: str) -> Rule:
    """Want one or more of these fields."""

    def rule(value: Any, spot: Spot, tally: Tally) -> None:
        if not any(name in value for name in names):
            tally.report(spot, "at_least_one", f"needs at least one of {', '.join(names)}")

    return rule


def needs(name: str, other: str) -> Rule:
    """Allow the field `name` (unless it is false) only together with `other`."""

    def rule(value: Any, spot: Spot, tally: Tally) -> None:
        if value.get(name) and not value.get(other):
            tally.report((spot, name), "needs", f"works only together with {other}")

    return rule


def not_with(name: str, other: str) -> Rule:
    """Refuse the fields `name` and `other` together (unless one is false)."""

    def rule(value: Any, spot: Spot, tally: Tally) -> None:
        if value.get(name) and value.get(other):
            tally.report((spot, name), "conflict", f"cannot be combined with {other}")

    return rule


def ordered(low: str, high: str) -> Rule:
    """Refuse a number in the field `low` above the one in `high`; they may be written as strings."""

    def rule(value: Any, spot: Spot, tally: Tally) -> None:
        if low in value and high in value and float(value[low]) > float(value[high]):
            tally.report((spot, low), "order", f"must not be above {high}")

    return rule
