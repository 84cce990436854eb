"""The filters as values."""

from dataclasses import dataclass
from enum import StrEnum

from bot.operations.operation import Hole

Number = int | Hole


class Syntax(StrEnum):
    """How a pattern is written."""

    BASIC = "basic"
    EXTENDED = "extended"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Grep:
    """Lines in which one of the patterns is found; `before` and `after` are lines of context around each."""

    patterns: tuple[str, ...]
    syntax: Syntax = Syntax.BASIC
    fold: bool = False
    inverted: bool = False
    count: bool = False
    words: bool = False
    lines: bool = False
    numbered: bool = False
    most: Number | None = None
    before: Number = 0
    after: Number = 0


@dataclass(frozen=True, slots=True)
class Head:
    """The first lines."""

    lines: Number = 10


@dataclass(frozen=True, slots=True)
class Tail:
    """The last lines; or, with `since`, all from that line on, counted from 1."""

    lines: Number = 10
    since: Number | None = None


@dataclass(frozen=True, slots=True)
class CountLines:
    """How many lines there are: `wc -l`."""


@dataclass(frozen=True, slots=True)
class Sort:
    """The lines in order, by the whole line or by the fields `first` to `last`, counted from 1.

    `backwards` turns the order of the fields around, `reverse` that of everything.
    """

    numeric: bool = False
    human: bool = False
    reverse: bool = False
    fold: bool = False
    unique: bool = False
    separator: str | None = None
    first: Number | None = None
    last: Number | None = None
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Uniq:
    """Equal lines that follow each other become one, with their number in front when `count`."""

    count: bool = False
    repeated: bool = False
    fold: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Some fields of each line: `awk '{print $1, $4}'`. Field 0 is the whole line, -1 the last field."""

    fields: tuple[int, ...]
    separator: str | None = None


@dataclass(frozen=True, slots=True)
class Jq:
    """What is at a path in a JSON document: names, indexes, and None for each element.

    `raw` shows text without quotes, `compact` each value on one line; `strict` fails on null and false.
    """

    path: tuple[str | int | None, ...]
    raw: bool = False
    compact: bool = False
    strict: bool = False


Filter = Grep | Head | Tail | CountLines | Sort | Uniq | Columns | Jq
