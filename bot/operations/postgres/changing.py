"""Carrying out what changes a database, so that a later look can tell whether it was done.

A statement in a transaction leaves the transaction's id behind: the server remembers of each whether it was committed.
What acts at once, whatever becomes of its transaction (a signal to a session, VACUUM, CONCURRENTLY), leaves behind who
carried it out; see `looking`.
"""

import time
from typing import TYPE_CHECKING, Any

from bot.errors import ChangeUnclear, TargetRefused
from bot.operations.backend import Limits
from bot.operations.changing import Deed
from bot.operations.output import Output
from bot.operations.postgres.calls import called
from bot.operations.postgres.limiting import READ_ONLY_AGAIN, Lend, to_stand_alone, to_write
from bot.operations.postgres.nouns import Sql
from bot.operations.postgres.printing import printed
from bot.operations.postgres.pure import PURE
from bot.operations.postgres.reading import Answer
from bot.operations.postgres.sessions import sessions_of, signal_of, started
from bot.operations.postgres.statement import QUERIES, Statement
from bot.operations.postgres.writing import stands_alone, warnings_of, write

if TYPE_CHECKING:
    import psycopg

    from bot.operations.postgres.connections import Connection

UNCLEAR = "The connection to the database ended while {} was carried out: it may have been done."
_INVALID = (
    " An index that was not finished stays behind as invalid: SELECT indexrelid::regclass FROM pg_index "
    "WHERE NOT indisvalid names it; drop it before the next try."
)
_CALLED = " What the procedure committed before that stays."
_LOST = ("57P01", "57P02", "57P03", "40003")
# The older names of pg_current_xact_id and pg_xact_status: servers from 10 on have them, and still do.
_TRANSACTION = b"SELECT txid_current()::text"
_BACKEND = "SELECT pid::text, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()"


async def change(lend: Lend, operation: Sql, limits: Limits, deed: Deed | None = None) -> Output:
    """Carry a statement out, and note for its deed how it can be looked up; facts are `rows` and `seconds`.

    Raises ChangeUnclear when the connection ended at a moment at which it may have been done, and other TargetErrors
    when it was not.
    """
    began, statement = time.monotonic(), operation.statement
    if stands_alone(statement):
        answer, done, rows, warnings = await _stand_alone(lend, statement, limits, deed)
    else:
        answer, done, rows, warnings = await _in_transaction(lend, statement, limits, deed)
    text = printed(answer.table, operation.layout, answer.numbers) if answer.columns else done
    return output_of(answer, "\n".join([text, *warnings]).strip(), rows, began)


def acts_at_once(statement: Statement) -> bool:
    """Whether a query calls functions of the server that no ROLLBACK takes back, such as a signal to a session."""
    if statement.verb not in QUERIES:
        return False
    return any(name.startswith(("pg_", "dblink")) for name in set(called(statement.tokens)) - PURE)


def output_of(answer: Answer, text: str, rows: int | None, began: float) -> Output:
    """Return the output of an answer; `began` is of the monotonic clock."""
    facts: dict[str, float | str] = {"seconds": time.monotonic() - began}
    if rows is not None:
        facts["rows"] = rows
    table = answer.table if answer.columns else None
    return Output(text, table, facts=facts, cut="; ".join(answer.rows.cut))


_Done = tuple[Answer, str, int | None, list[str]]


async def _in_transaction(lend: Lend, statement: Statement, limits: Limits, deed: Deed | None) -> _Done:
    """Carry a statement out in a transaction of its own, and note its id before COMMIT is sent."""
    async with lend(limits, to_write(limits), reading=False) as connection:
        with warnings_of(connection) as warnings:
            at_once = acts_at_once(statement)
            if at_once and deed:
                await deed.note(await _signalled(connection, statement, limits))
            answer, done, rows = await _written(connection, statement, limits, unclear=at_once)
            if deed and not at_once:
                await deed.note({"transaction": await _transaction(connection), "said": done, "rows": rows})
            await _commit(connection, statement)
    return answer, done, rows, warnings


async def _stand_alone(lend: Lend, statement: Statement, limits: Limits, deed: Deed | None) -> _Done:
    """Carry a statement out that the server takes only outside of a transaction."""
    try:
        async with lend(limits, to_stand_alone(limits), reading=False) as connection:
            with warnings_of(connection) as warnings:
                if deed:
                    (pid, start), *_ = await read_rows(connection, _BACKEND, limits)
                    await deed.note({"backend": {"pid": pid, "start": start}})
                answer, done, rows = await _written(connection, statement, limits, unclear=True)
                await _held_to_reading(connection)
    except TargetRefused as error:
        more = _INVALID if "concurrently" in statement.words else _CALLED if statement.head == "call" else ""
        raise type(error)(f"{error}{more}") from None
    return answer, done, rows, warnings


async def read_rows(connection: "Connection", query: str, limits: Limits) -> list[tuple[str, ...]]:
    """Return the rows of one of our own queries of the catalogue."""
    cursor = await connection.execute(query.encode())
    rows: list[tuple[Any, ...]] = await cursor.fetchmany(limits.rows)
    return [tuple(str(value or "") for value in row) for row in rows]


async def _signalled(connection: "Connection", statement: Statement, limits: Limits) -> dict[str, Any]:
    """Return what a look needs to tell whether sessions were signalled: each with the start of what is ended."""
    name = signal_of(statement)
    if not name:
        return {"at once": True}
    sessions = await sessions_of(connection, statement, limits)
    return {"sessions": {each.pid: started(name, each) for each in sessions}}


async def _transaction(connection: "Connection") -> str:
    row = await (await connection.execute(_TRANSACTION)).fetchone()
    return str(row[0]) if row else ""


async def _written(
    connection: "Connection", statement: Statement, limits: Limits, *, unclear: bool
) -> tuple[Answer, str, int | None]:
    """Carry it out; `unclear` says that it may have been done when the connection ends meanwhile."""
    import psycopg  # heavy: the driver is loaded by whoever has a database

    try:
        return await write(connection, statement, limits)
    except psycopg.Error as error:
        if unclear and _is_lost(error):
            raise ChangeUnclear(UNCLEAR.format(statement.verb.upper())) from None
        raise


async def _held_to_reading(connection: "Connection") -> None:
    """Make the connection fit for others again, or close it; the statement is done, and its answer is here."""
    import psycopg  # heavy, as above

    try:
        await connection.execute(READ_ONLY_AGAIN)
    except psycopg.Error:
        await connection.close()


async def _commit(connection: "Connection", statement: Statement) -> None:
    import psycopg  # heavy, as above

    try:
        await connection.execute(b"COMMIT")
    except psycopg.Error as error:
        if _is_lost(error):
            raise ChangeUnclear(UNCLEAR.format(f"the COMMIT of {statement.verb.upper()}")) from None
        raise


def _is_lost(error: "psycopg.Error") -> bool:
    """Whether an error says nothing of the outcome: no answer came, or that of a server that goes down."""
    code = error.sqlstate or ""
    return not code or code.startswith("08") or code in _LOST
