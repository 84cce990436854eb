"""Levers: what people may do to the world outside Slack, as buttons of the page, when whoever serves it has any."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sandbox.slack.refusals import Json


@dataclass(slots=True)
class Lever:
    """A button: `pull` does its deed, and may give it another label and hint afterwards."""

    name: str
    label: str
    hint: str
    pull: Callable[[], Awaitable[None]]
    danger: bool = False

    def shown(self) -> Json:
        """Return what the page draws."""
        return {"name": self.name, "label": self.label, "hint": self.hint, "danger": self.danger}
