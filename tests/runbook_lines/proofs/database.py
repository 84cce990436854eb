"""What a statement changed in a database: rows, indexes, statistics, sessions."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import psycopg

from bot.operations.line import Line
from bot.operations.postgres.nouns import Sql
from bot.runbooks.targets import PostgresTarget, Target
from tests.cluster.hands import until
from tests.runbook_lines.cases import Case
from tests.runbook_lines.database import fill
from tests.runbook_lines.world import World

Connection = psycopg.AsyncConnection[Any]
Proof = Callable[[Connection, Sql], AbstractAsyncContextManager[None]]
_TERMINATE = "pg_terminate_backend"
_EARLIER = "earlier"
"""A schema in whose `pg_stat_activity` everything began an hour sooner: nobody waits for a query to get that old."""


@asynccontextmanager
async def proven(world: World, case: Case) -> AsyncIterator[tuple[Line, Target]]:
    """Prove a statement on the database, on a connection beside it, and make the tables anew."""
    line, target = world.line(case)
    assert isinstance(target, PostgresTarget)
    address = world.settings[target.url_from]
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
        assert isinstance(line.operation, Sql)
        try:
            if _TERMINATE in line.operation.statement.words:
                async with _ended(connection, address) as pid:
                    yield world.line(case, {"pid": str(pid)})
            else:
                async with PROOFS[line.operation.statement.head](connection, line.operation):
                    yield line, target
        finally:
            counting = bool(await _rows(connection, "SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements'"))
            await asyncio.to_thread(fill, address, counting=counting)


@asynccontextmanager
async def _rows_changed(connection: Connection, operation: Sql) -> AsyncIterator[None]:
    """DELETE and UPDATE: there were rows for it, and there are none any more; the others are there as before."""
    sql = operation.statement.text
    table = sql.split()[2] if operation.statement.head == "delete" else sql.split()[1]
    count = f"SELECT count(*) FROM {table}"
    ((before,),) = await _rows(connection, count)
    meant = await _tried(connection, sql)
    assert meant > 0
    yield
    assert await _tried(connection, sql) == 0
    ((after,),) = await _rows(connection, count)
    assert before - after == (meant if operation.statement.head == "delete" else 0)


@asynccontextmanager
async def _index_made(connection: Connection, operation: Sql) -> AsyncIterator[None]:
    before = await _indexes(connection)
    yield
    made = {name: found for name, found in (await _indexes(connection)).items() if name not in before}
    ((name, (definition, valid, _)),) = made.items()
    words = operation.statement.text.replace('"', "").replace(" CONCURRENTLY", "").split()
    assert name == words[words.index("INDEX") + 1]
    assert valid
    assert _plain(" ".join(words)) == _plain(definition)


@asynccontextmanager
async def _index_rebuilt(connection: Connection, operation: Sql) -> AsyncIterator[None]:
    """REINDEX: the indexes that are meant have new files, no other has, and all are valid and named as before."""
    before = await _indexes(connection)
    words = operation.statement.text.split()
    meant = {words[-1].strip('"')} if "INDEX" in words else set(before)
    assert meant <= set(before)
    yield
    after = await _indexes(connection)
    assert {name for name in before if after[name][2] != before[name][2]} == meant
    assert {name: found[:2] for name, found in after.items()} == {name: found[:2] for name, found in before.items()}


@asynccontextmanager
async def _looked_after(connection: Connection, operation: Sql) -> AsyncIterator[None]:
    """VACUUM and ANALYZE: the server's own statistics say that every table was."""
    words = operation.statement.words
    columns = [name for word, name in (("vacuum", "vacuum_count"), ("analyze", "analyze_count")) if word in words]
    query = f"SELECT relname, {', '.join(columns)} FROM pg_stat_user_tables"
    before = {name: counts for name, *counts in await _rows(connection, query)}
    assert before
    yield

    async def counted() -> bool | None:
        now = {name: counts for name, *counts in await _rows(connection, query)}
        return all(new > old for name in before for new, old in zip(now[name], before[name], strict=True)) or None

    assert await until(counted, "the statistics have it")


@asynccontextmanager
async def _ended(connection: Connection, address: str) -> AsyncIterator[int]:
    """Have a query that runs, as old as any line asks for: its session ends, and no other does."""
    await _make_earlier(connection)
    async with await psycopg.AsyncConnection.connect(address) as victim:
        running = asyncio.create_task(victim.execute("SELECT pg_sleep(600)"))
        pid = victim.info.backend_pid
        active = f"SELECT pid FROM pg_stat_activity WHERE pid = {pid} AND state = 'active'"
        await until(lambda: _found(connection, active), "the query runs")
        try:
            yield pid
            assert isinstance((await asyncio.gather(running, return_exceptions=True))[0], psycopg.errors.AdminShutdown)
            assert await _rows(connection, active) == []
        finally:
            await asyncio.gather(running, return_exceptions=True)
            await connection.execute(f"DROP SCHEMA {_EARLIER} CASCADE")
            await connection.execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET search_path', "
                                     "current_database()); END $$")  # fmt: skip


async def _make_earlier(connection: Connection) -> None:
    query = (
        "SELECT attname, atttypid = 'timestamptz'::regtype FROM pg_attribute "
        "WHERE attrelid = 'pg_catalog.pg_stat_activity'::regclass AND attnum > 0 ORDER BY attnum"
    )
    shifted = {"query_start", "xact_start"}
    columns = [
        f"{name} - interval '1 hour' AS {name}" if name in shifted else name
        for name, _ in await _rows(connection, query)
    ]
    await connection.execute(f"CREATE SCHEMA {_EARLIER}")
    view = f"CREATE VIEW {_EARLIER}.pg_stat_activity AS SELECT {', '.join(columns)} FROM pg_catalog.pg_stat_activity"
    await connection.execute(view.encode())
    path = f"{_EARLIER}, pg_catalog, public"
    await connection.execute(
        f"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = {path}', current_database()); END $$".encode()
    )


PROOFS: Mapping[str, Proof] = {
    "delete": _rows_changed,
    "update": _rows_changed,
    "create": _index_made,
    "reindex": _index_rebuilt,
    "vacuum": _looked_after,
    "analyze": _looked_after,
}
"""How each kind of statement is proven, by its first word; a new kind in a runbook needs an entry here."""


async def _rows(connection: Connection, query: str) -> list[Any]:
    return await (await connection.execute(query.encode())).fetchall()


async def _found(connection: Connection, query: str) -> bool | None:
    return bool(await _rows(connection, query)) or None


async def _tried(connection: Connection, sql: str) -> int:
    """Return how many rows a statement would touch now."""
    async with connection.transaction(force_rollback=True):
        return (await connection.execute(sql.encode())).rowcount


async def _indexes(connection: Connection) -> dict[str, tuple[str, bool, int]]:
    """Return the definition, the validity and the file of each index of the tables."""
    query = (
        "SELECT c.relname, pg_get_indexdef(c.oid), i.indisvalid, c.relfilenode FROM pg_index i "
        "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public'"
    )
    return {name: (definition, valid, file) for name, definition, valid, file in await _rows(connection, query)}


def _plain(sql: str) -> str:
    """Return a definition without what the server adds to it: the schema, the method, parentheses and spaces."""
    return "".join(
        sql.lower().replace("public.", "").replace("using btree", "").replace("(", "").replace(")", "").split()
    )
