"""Stands in until bot.operations.line is there."""

from dataclasses import dataclass

from bot.operations.heads import HEADS
from bot.operations.operation import Operation
from bot.operations.refusal import LineRefused
from bot.operations.words import Word, split


@dataclass(frozen=True, slots=True)
class Line:
    """One operation and the filters behind it."""

    text: str
    operation: Operation
    filters: tuple[tuple[Word, ...], ...] = ()
    holes: tuple[str, ...] = ()


def read_line(text: str) -> Line:
    """Read a line."""
    first, *rest = split(text)
    if first[0].text not in HEADS:
        raise LineRefused(text, 1, first[0].text, "nothing here reads it", "try another")
    holes = tuple(dict.fromkeys(hole for part in (first, *rest) for word in part for hole in word.holes))
    return Line(text, HEADS[first[0].text](text, first), tuple(rest), holes)
