"""Carrying out a query on a connection, so that neither many rows nor a huge value come over the line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.operations.backend import Limits
from bot.operations.output import Table
from bot.operations.postgres.gathering import LONGEST_CELL, Gathered
from bot.operations.postgres.printing import NUMBERS

if TYPE_CHECKING:
    from psycopg import AsyncCursor, Column

    from bot.operations.postgres.connections import Connection

_DECLARE = "DECLARE opsroom_answer NO SCROLL CURSOR FOR "
_SHORT_TYPES = frozenset({869, 650, 1700, 2275})  # inet, cidr, numeric, cstring: of any length, and never long


class Answer:
    """The columns of an answer, which of them are numbers, and its rows."""

    def __init__(self, limits: Limits) -> None:
        self.columns: tuple[str, ...] = ()
        self.numbers: frozenset[int] = frozenset()
        self.rows = Gathered(limits)

    @property
    def table(self) -> Table:
        """The answer as a table."""
        return Table(self.columns, tuple(self.rows.rows))

    def describe(self, columns: "Sequence[Column]") -> None:
        """Take the heads of the columns."""
        self.columns = tuple(column.name for column in columns)
        self.numbers = frozenset(at for at, column in enumerate(columns) if column.type_code in NUMBERS)


async def read_query(connection: "Connection", sql: str, limits: Limits) -> Answer:
    """Return the rows of a SELECT, WITH, VALUES or TABLE, a batch at a time from a cursor of the server.

    The cursor is declared in the extended protocol, which takes no second statement, and it takes no query that writes.
    Values that may be long are cut by the server.
    """
    answer, cursor = Answer(limits), connection.cursor()
    await _declare(cursor, sql)
    await cursor.execute(b"FETCH 0 FROM opsroom_answer")
    columns = list(cursor.description or ())
    answer.describe(columns)
    if any(_may_be_long(column) for column in columns):
        await cursor.execute(b"CLOSE opsroom_answer")
        await _declare(cursor, _shortened(sql, columns))
    while not answer.rows.full and (room := answer.rows.room) > 0:
        await cursor.execute(f"FETCH {room} FROM opsroom_answer".encode())
        rows = await cursor.fetchall()
        for row in rows:
            answer.rows.add(row)
        if len(rows) < room:
            break
    return answer


async def read_stream(connection: "Connection", sql: str, limits: Limits) -> Answer:
    """Carry out a statement that gives rows, to its end, and return those that there is room for."""
    import psycopg  # heavy: the driver is loaded by whoever has a database

    answer, cursor = Answer(limits), connection.cursor()
    try:
        async for row in cursor.stream(sql.encode()):
            if not answer.columns:
                answer.describe(cursor.description or ())
            answer.rows.add(row)
    except psycopg.ProgrammingError as error:
        if error.sqlstate:  # without one the driver only says that there was no table, as of a CALL
            raise
    return answer


async def _declare(cursor: "AsyncCursor[Any]", sql: str) -> None:
    await cursor.execute((_DECLARE + sql).encode(), binary=True)  # binary: the driver's way into the extended protocol


def _may_be_long(column: "Column") -> bool:
    return column.internal_size is None and column.type_code not in _SHORT_TYPES


def _shortened(sql: str, columns: "Sequence[Column]") -> str:
    """Return the query with its long columns cut; one character more than is shown tells that there was more."""
    names = [f"c{at}" for at in range(len(columns))]
    cut = "pg_catalog.left(pg_catalog.format('%s', {}), " + str(LONGEST_CELL + 1) + ")"
    shown = [cut.format(name) if _may_be_long(each) else name for name, each in zip(names, columns, strict=True)]
    return f"SELECT {', '.join(shown)} FROM ({sql}\n) AS answer({', '.join(names)})"  # noqa: S608 - sql is the query
