"""What leaves a target for people, logs and the store: behind its filters, and without secrets."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace

from bot.errors import TargetError
from bot.operations.filters import Filter, filtered
from bot.operations.output import Output, Series, Table
from bot.operations.text.nouns import Columns, Jq

Redact = Callable[[str], str]
"""Returns a text with the secrets and the personal data in it blotted out."""

_PROBE = "q7Zr2Xv9Lm4"
"""Stands for a secret, to find out which columns hold some."""
_LEAST = 4
"""Characters of a secret that is looked for in the text as well; shorter ones are too common."""
_WORD = re.compile(r"[^\s\"',;=|{}\[\]()<>]+")
_NAMES, _VALUES = ("key", "name", "parameter", "setting", "variable"), ("setting", "value")
_SHORT = 20_000
"""Characters that are looked through faster than a thread is found."""


async def leaving(output: Output, filters: tuple[Filter, ...], redact: Redact) -> Output:
    """Return an output as it may leave: filters first, so that they count and search what was really there.

    Raises AnswerUnreadable and TargetRefused as filters do.
    """
    if _size(output) <= _SHORT:
        return _left(output, filters, redact)
    return await asyncio.to_thread(_left, output, filters, redact)


def redacted_error(error: TargetError, redact: Redact) -> TargetError:
    """Return the error with its sentence redacted: targets like to repeat what they were sent."""
    error.args = tuple(redact(part) if isinstance(part, str) else part for part in error.args)
    return error


def _left(output: Output, filters: tuple[Filter, ...], redact: Redact) -> Output:
    found = filtered(output, filters)
    if any(isinstance(each, Columns | Jq) for each in filters):
        found = replace(found, text=_without(found.text, _words(output.text) - _words(redact(output.text))))
    return _cleaned(found, redact)


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text) if len(word) >= _LEAST}


def _without(text: str, secrets: set[str]) -> str:
    """Return a text of picked columns or fields without what was a secret as long as its name stood before it."""
    return _WORD.sub(lambda found: "•••" if found[0] in secrets else found[0], text) if secrets else text


def _size(output: Output) -> int:
    cells = sum(len(cell) for row in output.table.rows for cell in row) if output.table else 0
    return len(output.text) + cells


def _cleaned(output: Output, redact: Redact) -> Output:
    facts = {name: redact(fact) if isinstance(fact, str) else fact for name, fact in output.facts.items()}
    series = tuple(Series(redact(each.name), each.points) for each in output.series)
    text, table = output.text, output.table
    if table and table.rows:
        paired = _paired(table, redact)
        secrets = _secret_cells(table, redact) | _changed(table, paired)
        table = paired
        table = Table(
            table.columns, tuple(zip(*(_column(table, at, redact) for at in range(len(table.columns))), strict=True))
        )
        for secret in sorted(secrets, key=len, reverse=True):
            text = text.replace(secret, "•••")
    return replace(output, text=redact(text), table=table, series=series, facts=facts)


def _paired(table: Table, redact: Redact) -> Table:
    """Return a table of names and values (`smtp_password`, `…`) without the values whose names say secret."""
    heads = [head.lower() for head in table.columns]
    name = next((at for at, head in enumerate(heads) if head in _NAMES), None)
    value = next((at for at, head in enumerate(heads) if head in _VALUES and at != name), None)
    if name is None or value is None:
        return table
    said = redact("\n".join(f"{' '.join(row[name].split())}={_PROBE}" for row in table.rows)).split("\n")
    rows = [
        row if _PROBE in line or not row[value] else (*row[:value], "•••", *row[value + 1 :])
        for row, line in zip(table.rows, said, strict=True)
    ]
    return replace(table, rows=tuple(rows))


def _changed(before: Table, after: Table) -> set[str]:
    pairs = zip(before.rows, after.rows, strict=True)
    cells = (old for one, other in pairs for old, new in zip(one, other, strict=True) if old != new)
    return {cell.strip() for cell in cells if len(cell.strip()) >= _LEAST}


def _secret_cells(table: Table, redact: Redact) -> set[str]:
    """Return the cells of columns that are called password, token and the like: alone they look like any word."""
    places = [at for at, head in enumerate(table.columns) if _PROBE not in redact(f"{head}={_PROBE}")]
    return {row[at].strip() for row in table.rows for at in places if len(row[at].strip()) >= _LEAST}


def _column(table: Table, at: int, redact: Redact) -> list[str]:
    """Return the cells of a column, redacted together: a thousand small texts cost far more than a long one."""
    cells, head = [row[at] for row in table.rows], table.columns[at]
    if _PROBE not in redact(f"{head}={_PROBE}"):
        return ["•••" if cell.strip() else cell for cell in cells]
    together = redact("\n".join(cells)).split("\n")
    whole = len(together) == len(cells) and not any("\n" in cell for cell in cells)
    return together if whole else [redact(cell) for cell in cells]
