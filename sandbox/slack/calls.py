"""The log of Web API calls that the app made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from sandbox.slack.refusals import Json

KEPT = 50_000
"""How many calls are kept; older ones fall out."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: when it arrived (seconds since 1970, workspace clock), how long it took (seconds), what came of it.

    `token_kind` is bot, app, url (an answer to a response_url) or none; `fault` the kind of fault that hit it.
    """

    seq: int
    method: str
    args: Json
    at: float
    seconds: float
    response: Json
    status: int
    token_kind: str
    fault: str | None = None

    @property
    def ok(self) -> bool:
        """Whether Slack said yes."""
        return self.response.get("ok") is True


class Calls(Sequence[Call]):
    """The calls in the order in which they ended."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._last = 0

    @overload
    def __getitem__(self, at: int) -> Call: ...
    @overload
    def __getitem__(self, at: slice) -> list[Call]: ...
    def __getitem__(self, at: int | slice) -> Call | list[Call]:
        return self._calls[at]

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    def next_seq(self) -> int:
        """Return the number of the next call; numbers go on rising after `clear`."""
        self._last += 1
        return self._last

    def add(self, call: Call) -> None:
        """Log a call."""
        self._calls.append(call)
        if len(self._calls) > KEPT + KEPT // 10:
            del self._calls[: len(self._calls) - KEPT]

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()

    def of(self, *methods: str) -> list[Call]:
        """Return the calls of these methods."""
        return [call for call in self._calls if call.method in methods]

    def since(self, seq: int) -> list[Call]:
        """Return the calls with a higher number."""
        return [call for call in self._calls if call.seq > seq]
