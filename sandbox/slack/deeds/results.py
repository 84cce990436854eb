"""What comes of a deed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CommandResult:
    """A slash command: acknowledged or not, the answer's body, Slack's error word, real seconds until the answer."""

    acked: bool
    ack_body: Any = None
    error: str | None = None
    delay_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ClickResult:
    """A click, choice or shortcut: `sent` is false when the app is not told (an input without dispatch)."""

    acked: bool
    error: str | None = None
    delay_seconds: float = 0.0
    sent: bool = True


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """A modal's submission: what the app or the client objected to (by block id), or what became of the modal."""

    acked: bool
    errors: dict[str, str] | None = None
    closed: bool = False
    updated: bool = False
    pushed: bool = False
    error: str | None = None
    delay_seconds: float = 0.0
