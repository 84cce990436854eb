"""What a block of code is made of: command lines, remarks, points of a list, and what is none of these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A command line as the document has it; `remark` is what stands behind it on the same line."""

    line: int
    text: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a list that stands in code."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line, where what a remark was about ends."""

    line: int


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable that gets a value which is written there."""

    line: int
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that cannot be placed, and why."""

    line: int
    text: str
    why: str


Piece = Command | Remark | Point | Gap | Setting | Skipped
