"""Buttons that ask for an action of a runbook; what it changes somebody else allows."""

from collections.abc import Mapping

from bot.runbooks.actions import Action
from bot.verbs.replies import Button

_VALUE, _GIVEN = 60, 8
"""Characters of a value, and values, that a button carries; others are asked for."""


def offer(platform: str, action: Action, given: Mapping[str, str], label: str) -> Button:
    """Return a button that asks for an action, with the values that it takes and that are known."""
    known = {**{name: given[name] for name in action.parameters if name in given}, **action.preset}
    fitting = [f"{name}={value}" for name, value in known.items() if _fits(value)]
    return Button(label, "run", " ".join([platform, action.name, *fitting[:_GIVEN]]))


def _fits(value: str) -> bool:
    return 0 < len(value) <= _VALUE and value.isprintable() and " " not in value
