"""Faults on demand: what a test wants Slack to do wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from sandbox.slack.methods import method_table
from sandbox.slack.refusals import Json

FaultKind = Literal["http_500", "rate_limited", "error", "cut_before", "cut_after", "slow"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with calls of a method ("*": any), how often (None: until removed), and for whom.

    cut_before closes the connection without doing the work, cut_after does the work and then closes it.
    slow waits `seconds` of real time, rate_limited answers 429 with `retry_after`, error answers the code `error`.
    """

    method: str
    kind: FaultKind
    times: int | None = 1
    error: str = "internal_error"
    retry_after: int = 30
    seconds: float = 1.0
    user: str | None = None
    channel: str | None = None

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist."""
        if self.kind not in get_args(FaultKind):
            raise ValueError(f"{self.kind!r} is no kind of fault; there are {', '.join(get_args(FaultKind))}")

    def meets(self, method: str, args: Json) -> bool:
        """Whether a call is one that this fault is meant for."""
        if self.method not in {"*", method}:
            return False
        if self.channel is not None and self.channel not in {args.get("channel"), args.get("channel_id")}:
            return False
        invited = args.get("users") or ""
        users = invited if isinstance(invited, list) else str(invited).split(",")
        return self.user is None or self.user in {args.get("user"), args.get("user_id"), *users}


class Faults:
    """The faults in force, in the order in which they were added."""

    def __init__(self) -> None:
        self._left: list[tuple[Fault, int | None]] = []

    def __iter__(self) -> Iterator[Fault]:
        return iter([fault for fault, _ in self._left])

    def add(self, fault: Fault) -> None:
        """Put a fault in force. Raises ValueError for an error code that the method does not have."""
        method = method_table().get(fault.method)
        if fault.kind == "error" and method is not None and fault.error not in method.errors:
            raise ValueError(f"{fault.method} has no error {fault.error}")
        self._left.append((fault, fault.times))

    def clear(self) -> None:
        """Let everything work again."""
        self._left.clear()

    def take(self, method: str, args: Json) -> Fault | None:
        """Return the first fault that this call meets and count it down; None when all is well."""
        for place, (fault, left) in enumerate(self._left):
            if fault.meets(method, args):
                if left is not None and left <= 1:
                    del self._left[place]
                elif left is not None:
                    self._left[place] = (fault, left - 1)
                return fault
        return None
