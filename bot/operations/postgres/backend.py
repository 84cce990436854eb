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
from bot.operations.changing import Deed, Foresight
from bot.operations.effect import Effect
from bot.operations.http.nouns import TcpConnect
from bot.operations.operation import Operation
from bot.operations.output import Output
from bot.operations.postgres.address import read_address
from bot.operations.postgres.changing import change, output_of
from bot.operations.postgres.connections import Connections
from bot.operations.postgres.door import is_own, knock
from bot.operations.postgres.effects import effect_of
from bot.operations.postgres.faults import of_statement
from bot.operations.postgres.foreseeing import foresee
from bot.operations.postgres.foresight import counting_of, plan_of
from bot.operations.postgres.limiting import to_read
from bot.operations.postgres.looking import look
from bot.operations.postgres.nouns import IsReady, Sql
from bot.operations.postgres.printing import printed
from bot.operations.postgres.readiness import is_ready
from bot.operations.postgres.reading import read_query, read_stream
from bot.operations.postgres.statement import QUERIES, Statement

if TYPE_CHECKING:
    import psycopg

    from bot.operations.postgres.connections import Connection

_TABLES = (
    "SELECT relname::text FROM pg_catalog.pg_class WHERE relkind IN ('r', 'v', 'm', 'f', 'p') "
    "AND pg_catalog.pg_table_is_visible(oid) LIMIT 5000"
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
        return await change(self._lent, operation, limits)

    async def foresee(self, operation: Operation, limits: Limits) -> Foresight:
        """Return what a statement would do; see `foreseeing`. Raises TargetError."""
        return await foresee(self._lent, self._statement(operation), limits)

    async def change(self, operation: Operation, limits: Limits, deed: Deed) -> Output:
        """Carry a statement out; see `changing`. Raises ChangeUnclear when it may have been done, or TargetError."""
        return await change(self._lent, self._statement(operation), limits, deed)

    async def look(self, operation: Operation, limits: Limits, deed: Deed) -> Output | None:
        """Return what came of a statement that was begun; see `looking`. Raises TargetError."""
        return await look(self._lent, self._statement(operation).statement, limits, deed.noted)

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

    def _statement(self, operation: Operation) -> Sql:
        """Return the statement that is to change something. Raises TargetRefused for what is none."""
        if not isinstance(operation, Sql):
            raise TargetRefused("A database is changed by SQL, and by nothing else.")
        self._check(operation)
        return operation

    def _check(self, operation: Sql) -> None:
        """Raise TargetRefused for what is not complete or meant for another database."""
        if operation.holes:
            raise TargetRefused(f"The statement cannot run before {one_of(operation.holes, 'and')} is known.")
        if operation.database is not None and operation.database not in self._names:
            here = one_of(sorted(self._names))
            raise TargetRefused(f"The line is for the database {operation.database}, and this target is {here}.")

    async def _read(self, operation: Sql, statement: Statement, limits: Limits) -> Output:
        began = time.monotonic()
        query = statement.head in QUERIES
        async with self._lent(limits, to_read(limits), reading=True) as connection:
            answer = await (read_query if query else read_stream)(connection, statement.text, limits)
            await connection.execute(b"ROLLBACK")
        text = printed(answer.table, operation.layout, answer.numbers)
        return output_of(answer, text, len(answer.rows.rows), began)

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
            async with self._lent(limits, to_read(limits), reading=True) as connection:
                found = await read_query(connection, _TABLES, limits)
                await connection.execute(b"ROLLBACK")
        except TargetError:
            return ""
        near = nearest(missing[1].rpartition(".")[2], [row[0] for row in found.rows.rows], limit=1)
        return f" Did you mean {near[0]}?" if near else ""
