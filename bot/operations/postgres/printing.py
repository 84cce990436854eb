"""A table as psql prints it."""

import csv
import io
from collections.abc import Collection, Iterator

from bot.operations.output import Table
from bot.operations.postgres.nouns import Layout

NUMBERS = frozenset({20, 21, 23, 26, 700, 701, 790, 1700})
"""Types that psql sets to the right: integers, object ids, floats, money, numeric (pg_type.dat)."""


def printed(table: Table, layout: Layout, right: Collection[int] = ()) -> str:
    """Return the text of a table; `right` are the places of columns of numbers.

    One row of one column is that value alone, so that it can be read as a number.
    """
    if layout.csv:
        return _csv(table, layout)
    if len(table.rows) == 1 and len(table.columns) == 1:
        return table.rows[0][0]
    rows = [tuple(" ".join(cell.split("\n")) for cell in row) for row in table.rows]
    flat = Table(table.columns, tuple(rows))
    lines = _expanded(flat, layout) if layout.expanded else _lines(flat, layout, right)
    return "\n".join(lines)


def _csv(table: Table, layout: Layout) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(table.rows if layout.rows_only else (table.columns, *table.rows))
    return text.getvalue().rstrip("\n")


def _lines(table: Table, layout: Layout, right: Collection[int]) -> Iterator[str]:
    count = len(table.rows)
    footer = f"({count} row{'' if count == 1 else 's'})"
    if layout.unaligned:
        rows = table.rows if layout.rows_only else (table.columns, *table.rows)
        yield from (layout.separator.join(row) for row in rows)
    else:
        yield from _aligned(table, layout, right)
    if not layout.rows_only:
        yield footer


def _aligned(table: Table, layout: Layout, right: Collection[int]) -> Iterator[str]:
    shown = table.rows if layout.rows_only else (table.columns, *table.rows)
    widths = [max((len(row[at]) for row in shown), default=0) for at in range(len(table.columns))]
    if not layout.rows_only:
        yield " | ".join(name.center(width) for name, width in zip(table.columns, widths, strict=True)).rstrip()
        yield "-+-".join("-" * width for width in widths)
    for row in table.rows:
        cells = [
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield " | ".join(cells).rstrip()


def _expanded(table: Table, layout: Layout) -> Iterator[str]:
    width = max(map(len, table.columns), default=0)
    for number, row in enumerate(table.rows, 1):
        if not layout.rows_only:
            yield f"-[ RECORD {number} ]-"
        for name, cell in zip(table.columns, row, strict=True):
            yield f"{name}{layout.separator}{cell}" if layout.unaligned else f"{name.ljust(width)} | {cell}".rstrip()
