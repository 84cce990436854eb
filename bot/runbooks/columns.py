"""Reading columns of a table: which rows count, and what becomes of their cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import AnswerUnreadable
from bot.nearest import hint
from bot.operations.output import Output, Table
from bot.runbooks.conditions import Condition, Value, parse_condition
from bot.runbooks.quantities import Quantity, find_quantity, parse_quantity, together

_CRITERION = re.compile(r"(?P<column>.+?)\s*(?P<condition>(?:>=|<=|!=|[<>=]|\b(?:is|contains|lacks)\s).*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Criterion:
    """Which rows count: those whose cell in a column is so."""

    column: str
    condition: Condition

    def __str__(self) -> str:
        return f"{self.column} {self.condition}"


def parse_criteria(text: str) -> tuple[Criterion, ...]:
    """Read what stands behind `where`. Raises ValueError with a sentence that says what would be right."""
    return tuple(_criterion(part) for part in re.split(r"\s+and\s+", text))


def rows_of(output: Output) -> Table:
    """Return the table of an output, or its series as one. Raises AnswerUnreadable when there is neither."""
    if output.table:
        return output.table
    if output.series:
        latest = ((each.name, f"{each.points[-1][1]:.15g}") for each in output.series if each.points)
        return Table(("series", "value"), tuple(latest))
    raise AnswerUnreadable("The answer is not a table; read it with number, lines or text.")


def number_of_table(table: Table) -> Quantity:
    """Return the number of a table that has one row: the cell under `value`, else the first that is a number.

    Raises AnswerUnreadable when it has not one row, or no number in it.
    """
    if len(table.rows) != 1:
        rows = f"{len(table.rows)} rows" if table.rows else "no rows"
        raise AnswerUnreadable(f"The answer has {rows}; say which number, like max {_last(table.columns)}, or rows.")
    row = table.rows[0]
    cells = [row[table.columns.index("value")]] if "value" in table.columns else row
    for cell in cells:
        if quantity := parse_quantity(cell):
            return quantity
    raise AnswerUnreadable(f"There is no number in the answer “{' '.join(cells)[:60]}”.")


def count(table: Table, where: Sequence[Criterion]) -> Quantity:
    """Return how many rows there are."""
    return Quantity(len(_rows(table, where)))


def fold(table: Table, verb: str, column: str, where: Sequence[Criterion], otherwise: str) -> Quantity | str:
    """Return the largest, smallest, first or last cell of a column, or the sum.

    `otherwise` is taken when no rows count. Raises AnswerUnreadable when there are none and no such value, and when a
    cell is not a number but has to be; UnitsDiffer when the cells' units do not belong together.
    """
    at = _position(table, column)
    cells = [row[at] for row in _rows(table, where)]
    if not cells and otherwise:
        return otherwise
    if not cells and verb != "sum":
        raise AnswerUnreadable(
            f"There are no rows{' that count' if table.rows else ''} to take the {verb} {column} of."
        )
    if verb in ("first", "last"):
        return cells[0 if verb == "first" else -1]
    return _fold([_quantity(cell, column) for cell in cells], verb)


def _fold(quantities: Sequence[Quantity], verb: str) -> Quantity:
    dimension = together(quantities)
    if verb != "sum":
        return (max if verb == "max" else min)(quantities, key=lambda each: each.measured_in(dimension))
    if len({each.unit for each in quantities}) == 1:
        return Quantity(sum(each.number for each in quantities), quantities[0].unit)
    return Quantity(sum(each.measured_in(dimension) for each in quantities), dimension.value)


def _criterion(text: str) -> Criterion:
    found = _CRITERION.fullmatch(text.strip())
    if not found:
        raise ValueError(f'"where {text}" names no column and condition; write it like where STATUS is not Running')
    return Criterion(found["column"], parse_condition(found["condition"]))


def _rows(table: Table, where: Sequence[Criterion]) -> list[tuple[str, ...]]:
    places = [(_position(table, each.column), each.condition) for each in where]
    return [row for row in table.rows if all(condition.holds(_cell(row[at])) for at, condition in places)]


def _cell(text: str) -> Value:
    return Value(text, find_quantity(text))


def _position(table: Table, column: str) -> int:
    heads = [head.casefold() for head in table.columns]
    if column.casefold() not in heads:
        raise AnswerUnreadable(f"The answer has no column {column}; {hint(column, table.columns)}.".replace("?.", "?"))
    return heads.index(column.casefold())


def _quantity(cell: str, column: str) -> Quantity:
    if quantity := find_quantity(cell):
        return quantity
    raise AnswerUnreadable(f"“{cell[:60]}” in the column {column} is not a number.")


def _last(columns: Sequence[str]) -> str:
    return columns[-1] if columns else "COLUMN"
