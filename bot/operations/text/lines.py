"""head, tail, sort, uniq, and columns: what picks and orders lines."""

import re
from itertools import groupby

from bot.operations.operation import Hole
from bot.operations.text.nouns import Columns, Head, Number, Sort, Tail, Uniq

_FIELD = re.compile(r"[ \t]*[^ \t]+|[ \t]+$")
_LEADING = re.compile(r"\s*(-?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300}))([KMGTPE]?)", re.ASCII)
_SIZES = {letter: power for power, letter in enumerate(("", *"KMGTPE"))}


def count(number: Number) -> int:
    """Return a number that is known by now; a hole would be a fault of the program."""
    if isinstance(number, Hole):
        raise TypeError(f"the hole {number.name} was not filled")
    return number


def head(filter_: Head, lines: list[str]) -> list[str]:
    """Return the first lines."""
    return lines[: count(filter_.lines)]


def tail(filter_: Tail, lines: list[str]) -> list[str]:
    """Return the last lines, or those from one on."""
    if filter_.since is not None:
        return lines[max(count(filter_.since) - 1, 0) :]
    wanted = count(filter_.lines)
    return lines[-wanted:] if wanted else []


def sort(filter_: Sort, lines: list[str]) -> list[str]:
    """Return the lines in order. Lines whose keys are equal come in the order of the lines themselves."""
    ordered = sorted(lines, reverse=filter_.reverse)
    keyed = [(_key(filter_, line), line) for line in ordered]
    keyed.sort(key=lambda pair: pair[0], reverse=filter_.reverse or filter_.backwards)
    if not filter_.unique:
        return [line for _, line in keyed]
    return [next(line for _, line in group) for _, group in groupby(keyed, key=lambda pair: pair[0])]


def uniq(filter_: Uniq, lines: list[str]) -> list[str]:
    """Return each run of equal lines once."""
    runs = [list(run) for _, run in groupby(lines, key=str.lower if filter_.fold else None)]
    kept = [run for run in runs if len(run) > 1 or not filter_.repeated]
    return [f"{len(run):7d} {run[0]}" if filter_.count else run[0] for run in kept]


def columns(filter_: Columns, lines: list[str]) -> list[str]:
    """Return some fields of each line, one space between them."""
    return [" ".join(_field(filter_, line, field) for field in filter_.fields) for line in lines]


def _field(filter_: Columns, line: str, field: int) -> str:
    if field == 0:
        return line
    found = line.split(None if filter_.separator in (None, " ") else filter_.separator)
    at = len(found) - 1 if field == -1 else field - 1
    return found[at] if 0 <= at < len(found) else ""


def _key(filter_: Sort, line: str) -> tuple[float, str]:
    """Return what a line is ordered by: its number, or its text."""
    text = _fields(filter_, line) if filter_.first is not None else line
    if filter_.numeric or filter_.human:
        return _number(text, human=filter_.human), ""
    return 0.0, text.upper() if filter_.fold else text


def _fields(filter_: Sort, line: str) -> str:
    first = count(filter_.first or 1) - 1
    last = None if filter_.last is None else count(filter_.last)
    if filter_.separator is not None:
        return filter_.separator.join(line.split(filter_.separator)[first:last])
    return "".join(_FIELD.findall(line)[first:last])


def _number(text: str, *, human: bool) -> float:
    """Return the number that a text begins with, 0 when it begins with none; 2K is 2048 for human ones."""
    found = _LEADING.match(text)
    if not found:
        return 0.0
    return float(found[1]) * (1024 ** _SIZES[found[2]] if human else 1)
