"""Changes whose outcome was lost: looked up on a real server, and what can be said of them."""

import asyncio
import json
import time

import psycopg
import pytest

from bot.errors import ChangeUnclear, TargetError, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.kept import as_json, from_json
from bot.operations.output import Output
from bot.operations.postgres.backend import PostgresBackend
from bot.operations.postgres.sql import read_sql
from tests.operations.notebook import Notebook
from tests.operations.postgres.cutting import breaking
from tests.operations.postgres.deeds import do, foreseen, session, through, value

pytestmark = pytest.mark.usefixtures("users")


async def lost(address: str, sql: str, notebook: Notebook, word: bytes, *, after: bool) -> TargetError:
    """Return the error of a statement whose line breaks when `word` is sent."""
    async with breaking(address, word, after=after) as broken, through(broken) as backend:
        with pytest.raises(TargetError) as caught:
            await backend.change(read_sql(sql), Limits(), notebook.deed)
    return caught.value


async def test_a_line_cut_behind_commit_is_looked_up(
    backend: PostgresBackend, database: str, notebook: Notebook
) -> None:
    sql = "DELETE FROM users WHERE id = 1"
    error = await lost(database, sql, notebook, b"COMMIT", after=True)
    assert isinstance(error, ChangeUnclear)
    assert str(error) == (
        "The connection to the database ended while the COMMIT of DELETE was carried out: it may have been done."
    )
    found = await backend.look(read_sql(sql), Limits(), notebook.deed)
    assert found is not None
    assert found.text == "DELETE 1"
    assert value(database, "SELECT count(*) FROM users") == 2


async def test_a_line_cut_before_commit_leaves_nothing_done(
    backend: PostgresBackend, database: str, notebook: Notebook
) -> None:
    sql = "INSERT INTO users VALUES (9)"
    assert isinstance(await lost(database, sql, notebook, b"COMMIT", after=False), ChangeUnclear)
    assert await backend.look(read_sql(sql), Limits(), notebook.deed) is None
    await backend.change(read_sql(sql), Limits(), notebook.deed)
    assert value(database, "SELECT count(*) FROM users WHERE id = 9") == 1


async def test_a_line_cut_within_the_statement_says_that_nothing_was_done(database: str, notebook: Notebook) -> None:
    error = await lost(database, "INSERT INTO users VALUES (9)", notebook, b"INSERT", after=True)
    assert isinstance(error, TargetUnreachable)
    assert str(error).endswith("Nothing was done: it was not committed.")
    assert value(database, "SELECT count(*) FROM users") == 3


async def test_a_transaction_that_still_runs_is_waited_for(
    backend: PostgresBackend, database: str, notebook: Notebook
) -> None:
    operation = read_sql("INSERT INTO users VALUES (9)")
    with psycopg.connect(database) as other:
        row = other.execute("SELECT txid_current()::text").fetchone()
        assert row is not None
        notebook.noted = {"transaction": row[0], "said": "INSERT 0 1", "rows": 1}
        with pytest.raises(ChangeUnclear, match=f"^Transaction {row[0]} still runs at the database"):
            await backend.look(operation, Limits(seconds=0.5), notebook.deed)
        waiting = asyncio.create_task(backend.look(operation, Limits(), notebook.deed))
        await asyncio.to_thread(other.commit)
    assert await waiting == Output("INSERT 0 1", facts={"rows": 1})


@pytest.mark.parametrize("number", ["3", "999999999", "no number"])
async def test_a_transaction_that_nobody_knows_is_unclear(
    backend: PostgresBackend, notebook: Notebook, number: str
) -> None:
    notebook.noted = {"transaction": number, "said": "DELETE 1", "rows": 1}
    operation = read_sql("DELETE FROM users WHERE id = 1")
    with pytest.raises(ChangeUnclear, match="does not know what became of transaction"):
        await backend.look(operation, Limits(), notebook.deed)


async def test_a_constraint_that_holds_at_commit_is_a_refusal(
    backend: PostgresBackend, database: str, notebook: Notebook
) -> None:
    do(database, "ALTER TABLE users ADD CONSTRAINT once UNIQUE (name) DEFERRABLE INITIALLY DEFERRED")
    operation = read_sql("INSERT INTO users VALUES (9, 'Ada')")
    with pytest.raises(TargetRefused, match="duplicate key"):
        await backend.change(operation, Limits(), notebook.deed)
    assert await backend.look(operation, Limits(), notebook.deed) is None


async def test_a_lock_of_somebody_else_is_a_refusal(
    backend: PostgresBackend, database: str, notebook: Notebook
) -> None:
    operation = read_sql("DELETE FROM users")
    says = "something else holds a lock that this needs; nothing was done"
    with session(database, "LOCK TABLE users"), pytest.raises(TargetRefused, match=says):
        await backend.change(operation, Limits(seconds=0.5), notebook.deed)
    assert await backend.look(operation, Limits(), notebook.deed) is None


@pytest.mark.parametrize("sql", ["VACUUM users", "REINDEX TABLE users", "CHECKPOINT"])
async def test_what_does_no_harm_twice_may_be_repeated(
    backend: PostgresBackend, database: str, notebook: Notebook, sql: str
) -> None:
    word = sql.split(maxsplit=1)[0].encode()
    error = await lost(database, sql, notebook, word, after=True)
    assert isinstance(error, ChangeUnclear)
    assert word.decode() in str(error)
    assert await backend.look(read_sql(sql), Limits(), notebook.deed) is None
    assert (await backend.change(read_sql(sql), Limits(), notebook.deed)).text == word.decode()


async def test_an_index_whose_line_was_cut_is_found_in_the_catalogue(
    backend: PostgresBackend, database: str, notebook: Notebook
) -> None:
    operation = read_sql("CREATE INDEX CONCURRENTLY by_name ON users (name)")
    error = await lost(database, operation.statement.text, notebook, b"CREATE INDEX", after=True)
    assert isinstance(error, ChangeUnclear)
    assert await backend.look(operation, Limits(), notebook.deed) == Output("CREATE INDEX")
    drop = read_sql("DROP INDEX CONCURRENTLY by_name")
    assert await backend.look(drop, Limits(), notebook.deed) is None
    await backend.change(drop, Limits(), notebook.deed)
    assert await backend.look(drop, Limits(), notebook.deed) == Output("DROP INDEX")
    assert await backend.look(operation, Limits(), notebook.deed) is None


async def test_an_index_that_was_not_finished_is_no_success(
    backend: PostgresBackend, database: str, notebook: Notebook
) -> None:
    operation = read_sql("CREATE INDEX CONCURRENTLY by_name ON users (name)")
    with session(database, "INSERT INTO users VALUES (99)"), pytest.raises(TargetRefused, match="stays behind"):
        await backend.change(operation, Limits(seconds=0.5), notebook.deed)
    found = await backend.look(operation, Limits(), notebook.deed)
    assert found is not None
    assert found.code == 1
    assert "DROP INDEX CONCURRENTLY by_name" in found.text
    with pytest.raises(TargetRefused, match="is there already, invalid: drop it before you make it again"):
        await foreseen(backend, operation.statement.text)


async def test_what_still_runs_is_said_to(backend: PostgresBackend, database: str, notebook: Notebook) -> None:
    operation = read_sql("CREATE INDEX CONCURRENTLY by_name ON users (name)")
    with session(database, "INSERT INTO users VALUES (99)"):
        async with through(database) as other:
            building = asyncio.create_task(other.change(operation, Limits(seconds=30), notebook.deed))
            await until_active(database, "CREATE INDEX%")
            with pytest.raises(
                ChangeUnclear, match=r"^CREATE still runs at the database, as pid \d+: wait for its end"
            ):
                await backend.look(operation, Limits(), notebook.deed)
            do(database, f"SELECT pg_cancel_backend({notebook.noted['backend']['pid']})")
            with pytest.raises(TargetRefused, match="Somebody stopped this"):
                await building


async def until_active(database: str, query: str) -> None:
    """Wait until such a query runs in this database."""
    others = "datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()"
    sql = f"SELECT count(*) FROM pg_stat_activity WHERE query LIKE '{query}' AND {others}"
    deadline = time.monotonic() + 10
    while not await asyncio.to_thread(value, database, sql):
        assert time.monotonic() < deadline


async def test_a_session_is_named_with_what_it_runs(backend: PostgresBackend, database: str) -> None:
    with session(database, "SELECT 'a secret' FROM users") as pid:
        foresight = await foreseen(backend, f"SELECT pg_terminate_backend({pid})")
    assert foresight.before.startswith(f"pid {pid}: opsroom from this machine, idle in transaction since ")
    assert foresight.before.endswith("SELECT '…' FROM users")
    assert foresight.reach == "1 session"
    assert list(foresight.world) == [f"Session {pid}"]
    assert not foresight.final


async def test_a_session_is_ended_once(backend: PostgresBackend, database: str, notebook: Notebook) -> None:
    with psycopg.connect(database) as other:
        operation = read_sql(f"SELECT pg_terminate_backend({other.info.backend_pid})")
        assert (await backend.change(operation, Limits(), notebook.deed)).text == "t"
        with pytest.raises(psycopg.OperationalError):
            other.execute("SELECT 1")
    found = await backend.look(operation, Limits(), notebook.deed)
    assert found is not None
    assert found.text == "t"


async def test_a_signal_whose_line_was_cut_is_told_by_the_session(
    backend: PostgresBackend, database: str, notebook: Notebook
) -> None:
    with psycopg.connect(database) as other:
        sql = f"SELECT pg_terminate_backend({other.info.backend_pid}, 5000)"
        error = await lost(database, sql, notebook, b"\0SELECT pg_terminate", after=False)
        assert isinstance(error, ChangeUnclear)
        assert await backend.look(read_sql(sql), Limits(), notebook.deed) is None
        error = await lost(database, sql, notebook, b"\0SELECT pg_terminate", after=True)
        assert isinstance(error, ChangeUnclear)
        assert await backend.look(read_sql(sql), Limits(), notebook.deed) is not None


async def test_a_query_is_cancelled_and_its_session_stays(
    backend: PostgresBackend, database: str, notebook: Notebook
) -> None:
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as other:
        running = asyncio.create_task(other.execute("SELECT pg_sleep(3600)"))
        await until_active(database, "SELECT pg_sleep%")
        operation = read_sql(f"SELECT pg_cancel_backend({other.info.backend_pid})")
        foresight = await backend.foresee(operation, Limits())
        assert list(foresight.world) == [f"Query of session {other.info.backend_pid}"]
        await backend.change(operation, Limits(), notebook.deed)
        with pytest.raises(psycopg.errors.QueryCanceled):
            await running
        assert await backend.look(operation, Limits(), notebook.deed) is not None
        await other.execute("SELECT 1")


async def test_sessions_that_are_chosen_when_it_runs_are_chosen_when_it_is_foreseen(
    backend: PostgresBackend, database: str, notebook: Notebook
) -> None:
    stuck = "FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"
    with session(database, "SELECT 1") as first:
        foresight = await foreseen(backend, f"SELECT pg_terminate_backend(pid) {stuck}")
        assert foresight.reach == "1 session"
        assert foresight.world == {}
        written = json.dumps(as_json(foresight.operation))
        assert from_json(json.loads(written)) == foresight.operation
        with session(database, "SELECT 1") as second:
            again = await backend.foresee(foresight.operation, Limits())
            assert again.operation == foresight.operation
            await backend.change(foresight.operation, Limits(), notebook.deed)
            living = "SELECT count(*) FROM pg_stat_activity WHERE pid = {}"
            assert value(database, living.format(second)) == 1
    with pytest.raises(TargetRefused, match="There is no such session, or not any more"):
        await backend.foresee(foresight.operation, Limits())
    assert str(first) in str(notebook.noted)


async def test_a_function_whose_effect_nobody_knows_is_unclear(
    backend: PostgresBackend, database: str, notebook: Notebook
) -> None:
    switch = "SELECT pg_switch_wal(), pg_reload_conf()"
    assert isinstance(await lost(database, switch, notebook, b"\0SELECT pg_switch", after=True), ChangeUnclear)
    with pytest.raises(ChangeUnclear, match=r"^The database cannot tell whether SELECT was done"):
        await backend.look(read_sql(switch), Limits(), notebook.deed)
    reload = read_sql("SELECT pg_reload_conf()")
    await backend.change(reload, Limits(), notebook.deed)
    assert await backend.look(reload, Limits(), notebook.deed) is None


async def test_a_procedure_that_failed_half_way_says_what_stays(
    backend: PostgresBackend, database: str, notebook: Notebook
) -> None:
    body = "BEGIN INSERT INTO users VALUES (9); COMMIT; PERFORM 1 / 0; END"
    do(database, f"CREATE PROCEDURE half() LANGUAGE plpgsql AS '{body}'")
    with pytest.raises(TargetRefused, match=r"division by zero.*What the procedure committed before that stays\.$"):
        await backend.change(read_sql("CALL half()"), Limits(), notebook.deed)
    assert value(database, "SELECT count(*) FROM users") == 4
    with pytest.raises(ChangeUnclear, match="cannot tell whether CALL was done"):
        await backend.look(read_sql("CALL half()"), Limits(), notebook.deed)


async def test_a_database_is_made_once(backend: PostgresBackend, database: str, notebook: Notebook) -> None:
    made = read_sql('CREATE DATABASE "Made once"')
    drop = read_sql('DROP DATABASE "Made once"')
    notebook.noted = {"backend": {"pid": "1", "start": "2020-01-01 00:00:00+00"}}
    assert await backend.look(made, Limits(), notebook.deed) is None
    await backend.change(made, Limits(), notebook.deed)
    try:
        assert await backend.look(made, Limits(), notebook.deed) == Output("CREATE DATABASE")
        assert await backend.look(drop, Limits(), notebook.deed) is None
    finally:
        await backend.change(drop, Limits(seconds=30), notebook.deed)
    assert await backend.look(drop, Limits(), notebook.deed) == Output("DROP DATABASE")


async def test_a_connection_is_held_to_reading_again_behind_a_statement_of_its_own(backend: PostgresBackend) -> None:
    await backend.run(read_sql("VACUUM users"), Limits())
    assert (await backend.run(read_sql("SHOW default_transaction_read_only"), Limits())).text == "on"


async def test_a_session_that_does_something_else_by_now_is_left_alone(
    backend: PostgresBackend, database: str, notebook: Notebook
) -> None:
    with psycopg.connect(database, autocommit=True) as other:
        other.execute("BEGIN")
        which = f"pid = {other.info.backend_pid} AND state = 'idle in transaction'"
        foresight = await foreseen(backend, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {which}")
        other.execute("COMMIT")
        output = await backend.change(foresight.operation, Limits(), notebook.deed)
        assert output.text == "SELECT"  # no row: no session was signalled
        assert other.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize(
    ("sql", "reach"),
    [
        ('CREATE INDEX CONCURRENTLY "by name" ON "users" ("name")', "1 index"),
        ("CREATE INDEX CONCURRENTLY recent ON users (name, seen DESC) WHERE seen IS NOT NULL", "1 index"),
        ("REINDEX INDEX CONCURRENTLY users_pkey", "index users_pkey"),
        ("VACUUM ANALYZE", "the whole database"),
        ("DELETE FROM users WHERE ctid = ANY(ARRAY(SELECT ctid FROM users WHERE seen < now() LIMIT 1000))", "1 row"),
        ("UPDATE users SET name = 'x' WHERE id IN (SELECT id FROM users WHERE name IS NULL LIMIT 1)", "1 row"),
    ],
)
async def test_statements_as_runbooks_write_them_are_foreseen_and_done(
    backend: PostgresBackend, notebook: Notebook, sql: str, reach: str
) -> None:
    foresight = await foreseen(backend, sql)
    assert foresight.reach == reach
    await backend.change(foresight.operation, Limits(), notebook.deed)
    await backend.look(foresight.operation, Limits(), notebook.deed)
