"""What leaves a target for people, logs and the store: behind its filters, and without secrets."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from bot.errors import TargetError
from bot.operations.filters import Filter, filtered
from bot.operations.output import Output, Series, Table

Redact = Callable[[str], str]
"""Returns a text with the secrets and the personal data in it blotted out."""

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
    return replace(output, text=redact(output.text), table=_table(output.table, redact), series=series, facts=facts)


def _table(table: Table | None, redact: Redact) -> Table | None:
    if table is None:
        return None
    return Table(table.columns, tuple(tuple(map(redact, row)) for row in table.rows))
