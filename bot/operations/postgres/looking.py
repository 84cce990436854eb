"""Whether a deed was done: asked of the server, which remembers its transactions, its sessions and its indexes.

A replica that took over without the last transactions of its primary gives their ids to others, and would answer for
those: whoever replicates without waiting looks at the rows as well.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.errors import ChangeUnclear
from bot.operations.backend import Limits
from bot.operations.output import Output
from bot.operations.postgres.calls import called
from bot.operations.postgres.changing import read_rows
from bot.operations.postgres.limiting import Lend, to_read
from bot.operations.postgres.naming import named_by
from bot.operations.postgres.pure import PURE
from bot.operations.postgres.sessions import TERMINATE, signal_of
from bot.operations.postgres.statement import Statement
from bot.operations.postgres.tokens import literal

if TYPE_CHECKING:
    from bot.operations.postgres.connections import Connection

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0  # seconds between two looks
_TO_END = 2.0  # seconds that a session may take to end
_FRESH = b"SELECT pg_stat_clear_snapshot()"  # without it a transaction sees the sessions as they were at its first look
_AGAIN = frozenset({"vacuum", "reindex", "cluster", "checkpoint"})
"""What does no harm when it is done twice."""
_FUNCTIONS_AGAIN = frozenset({"pg_reload_conf", "pg_rotate_logfile"})
_FORGOTTEN = "The database does not know what became of transaction {}: it is too old, or an older backup was restored."
_IN_THE_FUTURE = "22023"
_UNKNOWN = "The database cannot tell whether {} was done: look at what it was to change before you repeat it."


async def look(lend: Lend, statement: Statement, limits: Limits, noted: Any) -> Output | None:
    """Return what came of a statement by what was noted of it, None when it was not done, or may be done again.

    Raises ChangeUnclear when the server cannot tell, and other TargetErrors when it cannot be asked.
    """
    if not isinstance(noted, Mapping):
        return None
    async with lend(limits, to_read(limits), reading=True) as connection:
        found = await _look(connection, statement, limits, noted)
        await connection.execute(b"ROLLBACK")
    return found


async def _look(
    connection: "Connection", statement: Statement, limits: Limits, noted: Mapping[str, Any]
) -> Output | None:
    match noted:
        case {"transaction": str(number), "said": str(said), **rest}:
            return await _transaction(connection, number, limits, _said(said, rest.get("rows")))
        case {"sessions": Mapping() as sessions}:
            return await _sessions(connection, statement, limits, sessions)
        case {"backend": {"pid": str(pid), "start": str(start)}}:
            await _check_ended(connection, statement, limits, pid, start)
            return await _by_catalogue(connection, statement, limits)
    if set(called(statement.tokens)) - PURE <= _FUNCTIONS_AGAIN:
        return None
    raise ChangeUnclear(_UNKNOWN.format(statement.verb.upper()))


def _said(said: str, rows: Any) -> Output:
    return Output(said, facts={"rows": rows} if isinstance(rows, int) else {})


async def _transaction(connection: "Connection", number: str, limits: Limits, done: Output) -> Output | None:
    """Return the output of a transaction if it was committed; one that still runs is waited for."""
    end, pause = time.monotonic() + 0.8 * limits.seconds, _FIRST_PAUSE
    while True:
        status = await _status(connection, number)
        if status == "committed":
            return done
        if status == "aborted":
            return None
        if status != "in progress":
            raise ChangeUnclear(_FORGOTTEN.format(number))
        if time.monotonic() + pause > end:
            raise ChangeUnclear(f"Transaction {number} still runs at the database: whether it is done is not settled.")
        await asyncio.sleep(pause)
        pause = min(1.5 * pause, _LONGEST_PAUSE)


async def _status(connection: "Connection", number: str) -> str:
    """Return what the server says of a transaction; nothing for one that it does not know, or no longer."""
    import psycopg  # heavy: the driver is loaded by whoever has a database

    if not number.isdecimal():
        return ""
    try:
        row = await (await connection.execute(f"SELECT txid_status({number})".encode())).fetchone()
    except psycopg.Error as error:
        if error.sqlstate != _IN_THE_FUTURE:
            raise
        return ""  # the server was put back to an older state since
    return str(row[0] or "") if row else ""


async def _sessions(
    connection: "Connection", statement: Statement, limits: Limits, sessions: Mapping[str, Any]
) -> Output | None:
    """Return that all the sessions, or queries, are over; None when one goes on: a second signal does no harm.

    A session needs a moment to end.
    """
    by = "backend_start" if signal_of(statement) == TERMINATE else "query_start"
    pairs = ", ".join(f"({literal(pid)}, {literal(str(since))})" for pid, since in sessions.items())
    active = "" if by == "backend_start" else " AND state = 'active'"
    query = f"SELECT pid FROM pg_stat_activity WHERE (pid::text, {by}::text) IN ({pairs}){active}"  # noqa: S608
    end = time.monotonic() + min(_TO_END, 0.5 * limits.seconds)
    while pairs and await read_rows(connection, query, limits):
        if time.monotonic() > end:
            return None
        await connection.execute(_FRESH)
        await asyncio.sleep(_FIRST_PAUSE)
    return Output("t", facts={"rows": len(sessions)})


async def _check_ended(connection: "Connection", statement: Statement, limits: Limits, pid: str, start: str) -> None:
    """Raise ChangeUnclear while the session that carries the statement out is still at it."""
    who = f"pid::text = {literal(pid)} AND backend_start::text = {literal(start)}"
    query = f"SELECT pid FROM pg_stat_activity WHERE {who} AND state = 'active' AND pid <> pg_backend_pid()"  # noqa: S608
    if await read_rows(connection, query, limits):
        raise ChangeUnclear(f"{statement.verb.upper()} still runs at the database, as pid {pid}: wait for its end.")


async def _by_catalogue(connection: "Connection", statement: Statement, limits: Limits) -> Output | None:
    """Return what the catalogue says of a statement outside a transaction that runs no longer."""
    if statement.head in _AGAIN:
        return None
    named = named_by(statement)
    match statement.head, named.kind:
        case ("create", "index") if named.name:
            return await _index(connection, named.name, limits)
        case ("drop", "index"):
            gone = not await read_rows(connection, _VALID.format(literal(named.name)), limits)
            return Output("DROP INDEX") if gone else None
        case ("create" | "drop", "database"):
            name = named.name[1:-1].replace('""', '"') if named.name[:1] == '"' else named.name.lower()
            query = f"SELECT 1 FROM pg_database WHERE datname = {literal(name)}"  # noqa: S608
            there = bool(await read_rows(connection, query, limits))
            return Output(f"{statement.head.upper()} DATABASE") if there is (statement.head == "create") else None
        case ("alter", "system"):
            return None  # the same value again does no harm
    raise ChangeUnclear(_UNKNOWN.format(statement.verb.upper()))


_VALID = "SELECT indisvalid::text FROM pg_index WHERE indexrelid = to_regclass({})"


async def _index(connection: "Connection", name: str, limits: Limits) -> Output | None:
    """Return whether an index was made; one that was not finished is a failure with the way out of it."""
    match await read_rows(connection, _VALID.format(literal(name)), limits):
        case []:
            return None
        case [("true",)]:
            return Output("CREATE INDEX")
    text = f"The index {name} was not finished and is invalid: DROP INDEX CONCURRENTLY {name}, then make it again."
    return Output(text, code=1)
