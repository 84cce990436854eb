"""What leaves a target for people, logs and the store: behind its filters, and without secrets."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from bot.errors import TargetError
from bot.operations.filters import Filter, filtered
from bot.operations.output import Output, Series, Table

Redact = Callable[[str], str]
"""Returns a text with the secrets and the personal data in it blotted out."""

_PROBE = "q7Zr2Xv9Lm4"
"""Stands for a secret, to find out which columns hold some."""
_LEAST = 4
"""Characters of a secret that is looked for in the text as well; shorter ones are too common."""
_SHORT = 20_000
"""Characters that are looked through faster than a thread is found."""


async def leaving(output: Output, filters: tuple[Filter, ...], redact: Redact) -> Output:
    """Return an output as it may leave: filters first, so that they count and search what was really there.

    Raises AnswerUnreadable and TargetRefused as filters do.
    """
    if _size(output) <= _SHORT:
        return _cleaned(filtered(output, filters), redact)
    return await asyncio.to_thread(lambda: _cleaned(filtered(output, filters), redact))


def redacted_error(error: TargetError, redact: Redact) -> TargetError:
    """Return the error with its sentence redacted: targets like to repeat what they were sent."""
    error.args = tuple(redact(part) if isinstance(part, str) else part for part in error.args)
    return error


def _size(output: Output) -> int:
    cells = sum(len(cell) for row in output.table.rows for cell in row) if output.table else 0
    return len(output.text) + cells


def _cleaned(output: Output, redact: Redact) -> Output:
    facts = {name: redact(fact) if isinstance(fact, str) else fact for name, fact in output.facts.items()}
    series = tuple(Series(redact(each.name), each.points) for each in output.series)
    text, table = output.text, output.table
    if table and table.rows:
        secrets = _secret_cells(table, redact)
        table = Table(
            table.columns, tuple(zip(*(_column(table, at, redact) for at in range(len(table.columns))), strict=True))
        )
        for secret in sorted(secrets, key=len, reverse=True):
            text = text.replace(secret, "•••")
    return replace(output, text=redact(text), table=table, series=series, facts=facts)


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
