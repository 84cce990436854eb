"""A PostgreSQL database as a target."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.errors import TargetError, TargetRefused, TargetUnreachable
from bot.nearest import nearest, one_of
from bot.operations.backend import Limits
from bot.operations.effect import Effect
from bot.operations.http.nouns import TcpConnect
from bot.operations.operation import Operation
from bot.operations.output import Output
from bot.operations.postgres.address import read_address
from bot.operations.postgres.connections import Connections
from bot.operations.postgres.door import is_own, knock
from bot.operations.postgres.effects import effect_of
from bot.operations.postgres.faults import of_statement
from bot.operations.postgres.foresight import counting_of, plan_of
from bot.operations.postgres.nouns import IsReady, Sql
from bot.operations.postgres.printing import printed
from bot.operations.postgres.readiness import is_ready
from bot.operations.postgres.reading import Answer, read_query, read_stream
from bot.operations.postgres.statement import QUERIES, Statement
from bot.operations.postgres.writing import stands_alone, warnings_of, write

if TYPE_CHECKING:
    import psycopg

    from bot.operations.postgres.connections import Connection

_LOCK_WAIT = 5.0  # seconds; whoever waits longer for a lock holds up those behind
_TABLES = (
    "SELECT relname::text FROM pg_catalog.pg_class WHERE relkind IN ('r', 'v', 'm', 'f', 'p') "
    "AND pg_catalog.pg_table_is_visible(oid) LIMIT 5000"
)
_INVALID = (
    " An index that was not finished stays behind as invalid: SELECT indexrelid::regclass FROM pg_index "
    "WHERE NOT indisvalid names it; drop it before the next try."
)


class PostgresBackend:
    """One database.

    `url` is its address with the password; nothing that leaves this object holds it. `database` is the name that
    runbooks give to it, when it is not the address's. Nothing is opened before the first operation. Raises BadInput
    for an address that cannot be read.
    """

    def __init__(self, url: str, database: str | None = None, connections: int = 4) -> None:
        self._address = read_address(url)
        self._names = {name for name in (database, self._address.database) if name}
        self._connections = Connections(self._address, connections)

    async def run(self, operation: Operation, limits: Limits) -> Output:
        """Carry out an `Sql`, an `IsReady` or a look at its port; facts are `rows` and `seconds`.

        Raises TargetError, and nothing else.

        What reads runs in a READ ONLY transaction that is rolled back; what writes in a transaction of its own, or
        outside of one where the server demands it.
        """
        if isinstance(operation, IsReady):
            return await is_ready(self._address, limits)
        if isinstance(operation, TcpConnect) and is_own(operation):
            return await knock(self._address, operation, limits)
        if not isinstance(operation, Sql):
            raise TargetRefused("A database carries out SQL, and nothing else.")
        self._check(operation)
        if operation.effect is Effect.READ:
            return await self._read(operation, operation.statement, limits)
        return await self._write(operation, limits)

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.close()

    async def count_of(self, operation: Operation, limits: Limits) -> int | None:
        """Return how many rows a DELETE or an UPDATE would touch now; None when that cannot be counted beforehand.

        For whoever plans it: the number belongs in the approval, and says whether it is better done in batches.
        Raises TargetError.
        """
        counting = counting_of(operation.statement) if isinstance(operation, Sql) else None
        if not isinstance(operation, Sql) or counting is None or effect_of(counting) is not Effect.READ:
            return None
        self._check(operation)
        return int((await self._read(Sql(counting), counting, limits)).text)

    async def dry_run(self, operation: Operation, limits: Limits) -> Output:
        """Return the server's plan of a statement (EXPLAIN), which carries nothing out. Raises TargetError."""
        plan = plan_of(operation.statement) if isinstance(operation, Sql) else None
        if not isinstance(operation, Sql) or plan is None:
            raise TargetRefused("The server makes plans for SELECT, INSERT, UPDATE, DELETE and MERGE only.")
        self._check(operation)
        return await self._read(Sql(plan), plan, limits)

    def _check(self, operation: Sql) -> None:
        """Raise TargetRefused for what is not complete or meant for another database."""
        if operation.holes:
            raise TargetRefused(f"The statement cannot run before {one_of(operation.holes, 'and')} is known.")
        if operation.database is not None and operation.database not in self._names:
            here = one_of(sorted(self._names))
            raise TargetRefused(f"The line is for the database {operation.database}, and this target is {here}.")

    async def _read(self, operation: Sql, statement: Statement, limits: Limits) -> Output:
        began = time.monotonic()
        begin = f"BEGIN READ ONLY; {_timeouts(limits, 'LOCAL')}"
        query = statement.head in QUERIES
        async with self._lent(limits, begin, reading=True) as connection:
            answer = await (read_query if query else read_stream)(connection, statement.text, limits)
            await connection.execute(b"ROLLBACK")
        text = printed(answer.table, operation.layout, answer.numbers)
        return _output(answer, text, len(answer.rows.rows), began)

    async def _write(self, operation: Sql, limits: Limits) -> Output:
        began, statement = time.monotonic(), operation.statement
        alone = stands_alone(statement)
        begin, end = _alone(limits) if alone else (f"BEGIN READ WRITE; {_timeouts(limits, 'LOCAL')}", b"COMMIT")
        try:
            async with self._lent(limits, begin, reading=False) as connection:
                with warnings_of(connection) as warnings:
                    answer, done, touched = await write(connection, statement, limits)
                    await connection.execute(end)
        except TargetError as error:
            if alone and "concurrently" in statement.words:
                raise type(error)(f"{error}{_INVALID}") from None
            raise
        text = printed(answer.table, operation.layout, answer.numbers) if answer.columns else done
        return _output(answer, "\n".join([text, *warnings]).strip(), touched, began)

    @asynccontextmanager
    async def _lent(self, limits: Limits, begin: str, *, reading: bool) -> "AsyncIterator[Connection]":
        """Lend a connection, and turn what the server and the driver raise into TargetError."""
        import psycopg  # heavy: the driver is loaded by whoever has a database

        loop = asyncio.get_running_loop()
        end = loop.time() + limits.seconds
        try:
            async with self._connections.lent(end, begin.encode()) as connection:
                yield connection
        except psycopg.Error as error:
            name, password = self._address.spoken, self._address.password
            if not error.sqlstate and loop.time() >= end:
                raise TargetUnreachable(f"The database {name} did not answer within {limits.seconds:g} s.") from None
            said = of_statement(error, name, password, limits.seconds, reading=reading)
            meant = await self._nearest(error) if error.sqlstate == "42P01" else ""
            raise type(said)(f"{said}{meant}") from None

    async def _nearest(self, error: "psycopg.Error") -> str:
        """Return which table may have been meant, as a sentence; nothing when that cannot be told."""
        missing = re.search(r'"([^"]+)"', error.diag.message_primary or "")
        limits = Limits(seconds=2, rows=5000)
        if missing is None:
            return ""
        try:
            async with self._lent(limits, f"BEGIN READ ONLY; {_timeouts(limits, 'LOCAL')}", reading=True) as connection:
                found = await read_query(connection, _TABLES, limits)
                await connection.execute(b"ROLLBACK")
        except TargetError:
            return ""
        near = nearest(missing[1].rpartition(".")[2], [row[0] for row in found.rows.rows], limit=1)
        return f" Did you mean {near[0]}?" if near else ""


def _timeouts(limits: Limits, scope: str) -> str:
    """Return the settings that make the server keep the limits."""
    whole, lock = int(limits.seconds * 1000), int(min(_LOCK_WAIT, limits.seconds * 0.8) * 1000)
    return f"SET {scope} statement_timeout = {max(whole, 1)}; SET {scope} lock_timeout = {max(lock, 1)}"


def _alone(limits: Limits) -> tuple[str, bytes]:
    """Return what is set before and after a statement outside a transaction.

    Its wait for locks has no limit of its own: CONCURRENTLY waits for older transactions that way.
    """
    whole = max(int(limits.seconds * 1000), 1)
    before = f"SET default_transaction_read_only = off; SET statement_timeout = {whole}; SET lock_timeout = 0"
    return before, b"SET default_transaction_read_only = on"


def _output(answer: Answer, text: str, rows: int | None, began: float) -> Output:
    facts: dict[str, float | str] = {"seconds": time.monotonic() - began}
    if rows is not None:
        facts["rows"] = rows
    table = answer.table if answer.columns else None
    return Output(text, table, facts=facts, cut="; ".join(answer.rows.cut))
