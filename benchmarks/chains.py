"""How many calls were made one after the other: the longest chain of calls that waited for each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """A call from its arrival to its end, in seconds since 1970."""

    begin: float
    end: float


def span(call: dict[str, Any]) -> Span:
    """Return when a call of the workspace's log began and ended."""
    return Span(call["at"], call["at"] + call["seconds"])


def longest_chain(spans: Iterable[Span]) -> int:
    """Return the length of the longest chain of calls of which none began before the end of the one before.

    Taking the call that ends first, then the first to end of those that begin later, and so on, gives the longest
    chain there is (the greedy solution of interval scheduling).
    """
    length, last = 0, float("-inf")
    for one in sorted(spans, key=lambda one: one.end):
        if one.begin >= last:
            length, last = length + 1, one.end
    return length
