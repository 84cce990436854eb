"""Statements that change something: foreseen, carried out once, and looked up, on a real server."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
import pytest

from bot.errors import ChangeUnclear, TargetError, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.changing import Changer, Deed, Foresight
from bot.operations.kept import as_json, from_json
from bot.operations.output import Output
from bot.operations.postgres.backend import PostgresBackend
from bot.operations.postgres.nouns import IsReady
from bot.operations.postgres.sql import read_sql
from bot.operations.roughly import roughly
from tests.operations.postgres.cutting import breaking

pytestmark = pytest.mark.usefixtures("users")


class Notebook:
    """Keeps what was noted, as the store does."""

    def __init__(self) -> None:
        self.noted: Any = None

    async def note(self, what: Any) -> None:
        self.noted = what

    @property
    def deed(self) -> Deed:
        return Deed("deed-1", self.note, self.noted)


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


def value(database: str, sql: str) -> object:
    with psycopg.connect(database, autocommit=True) as connection:
        row = connection.execute(sql.encode()).fetchone()
    return row[0] if row else None


def do(database: str, *statements: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


async def foreseen(backend: PostgresBackend, sql: str) -> Foresight:
    return await backend.foresee(read_sql(sql), Limits())


@asynccontextmanager
async def through(address: str) -> AsyncIterator[PostgresBackend]:
    backend = PostgresBackend(address)
    yield backend
    await backend.close()


@contextmanager
def session(database: str, *statements: str) -> Iterator[int]:
    """Hold a session open that has carried these out in a transaction; its pid."""
    connection = psycopg.connect(database)
    try:
        for statement in statements:
            connection.execute(statement.encode())
        yield connection.info.backend_pid
    finally:
        connection.close()


def test_a_database_is_a_changer(backend: PostgresBackend) -> None:
    assert isinstance(backend, Changer)


async def test_what_is_no_statement_changes_nothing(backend: PostgresBackend, notebook: Notebook) -> None:
    with pytest.raises(TargetRefused, match=r"^A database is changed by SQL, and by nothing else\.$"):
        await backend.foresee(IsReady(), Limits())
    with pytest.raises(TargetRefused, match="cannot run before pid is known"):
        await backend.change(read_sql("SELECT pg_terminate_backend(<pid>)"), Limits(), notebook.deed)
    assert notebook.noted is None


async def test_a_delete_says_how_many_rows_are_gone(backend: PostgresBackend, database: str) -> None:
    foresight = await foreseen(backend, "DELETE FROM users WHERE name IS NOT NULL")
    assert foresight.before.startswith("2 rows of users (")
    assert (foresight.after, foresight.reach, foresight.final) == ("gone", "2 rows", True)
    assert foresight.world == {"Rows of users that match": "2"}
    assert foresight.undo == "There is no way back but the newest backup."
    assert foresight.rehearsal.startswith("Delete on users")
    assert foresight.operation == read_sql("DELETE FROM users WHERE name IS NOT NULL")
    assert value(database, "SELECT count(*) FROM users") == 3


async def test_an_update_says_how_many_rows_change(backend: PostgresBackend) -> None:
    foresight = await foreseen(backend, "UPDATE users SET name = 'Cy' WHERE id = 2")
    assert (foresight.after, foresight.reach, foresight.final) == ("with new values", "1 row", True)


async def test_rows_that_are_joined_are_guessed_by_the_planner(backend: PostgresBackend, database: str) -> None:
    do(database, "CREATE TABLE gone (id int)", "INSERT INTO gone SELECT generate_series(1, 500)", "ANALYZE gone, users")
    foresight = await foreseen(backend, "DELETE FROM users USING gone WHERE users.id = gone.id")
    assert foresight.reach.endswith("as the planner guesses")
    assert foresight.world == {}
    assert foresight.final


async def test_an_insert_can_be_taken_back_by_hand(backend: PostgresBackend) -> None:
    foresight = await foreseen(backend, "INSERT INTO users VALUES (9)")
    assert (foresight.after, foresight.final) == ("new rows in users", False)
    assert "DELETE the new rows" in foresight.undo


async def test_rows_that_come_and_go_leave_the_world_as_it_is(backend: PostgresBackend, database: str) -> None:
    clean = "DELETE FROM users WHERE seen < NOW() - INTERVAL '90 days'"
    do(database, "INSERT INTO users SELECT i, 'x', now() - interval '1 year' FROM generate_series(10, 1209) i")
    before = await foreseen(backend, clean)
    do(database, "DELETE FROM users WHERE id BETWEEN 10 AND 40")
    after = await foreseen(backend, clean)
    assert before.world == after.world == {"Rows of users that match": "about 1,000"}
    assert (before.after, before.operation) == (after.after, after.operation)
    assert before.reach != after.reach
    do(database, "INSERT INTO users SELECT i, 'x', now() - interval '1 year' FROM generate_series(5000, 20000) i")
    assert (await foreseen(backend, clean)).world == {"Rows of users that match": "about 20,000"}


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0"), (7, "7"), (10, "10"), (11, "about 10"), (14, "about 10"), (15, "about 20"), (1204, "about 1,000"),
        (1100, "about 1,000"), (3000, "about 2,000"), (3200, "about 5,000"), (8000, "about 10,000"),
        (10**9, "about 1,000,000,000"),
    ],
)  # fmt: skip
def test_a_number_is_compared_as_people_do(number: int, said: str) -> None:
    assert roughly(number) == said


@pytest.mark.parametrize(
    ("sql", "reach", "after"),
    [
        ("TRUNCATE users", "about 3 rows", "gone"),
        ("DROP TABLE users", "about 3 rows", "gone, and the table with them"),
        ("DROP TABLE users CASCADE", "about 3 rows", "and whatever depends on it (CASCADE)"),
        ("VACUUM ANALYZE users", "table users", "the space of its dead rows can be used again"),
        ("VACUUM FULL users", "table users", "nobody can use it meanwhile"),
        ("VACUUM", "the whole database", "dead rows"),
        ("ANALYZE users", "table users", "the planner's statistics are new"),
        ("REINDEX TABLE CONCURRENTLY users", "table users", "its indexes are built anew"),
        ("CREATE INDEX CONCURRENTLY by_name ON users (name)", "1 index", "an index by_name on users"),
        ("CREATE INDEX ON users (name)", "1 index", "nobody can write to the table meanwhile"),
        ("ALTER TABLE users ADD COLUMN age int", "table users", "ALTER is carried out"),
        ("CHECKPOINT", "the whole database", "all changed pages are on disk"),
        ("SELECT pg_reload_conf()", "", "pg_reload_conf() is called"),
    ],
)
async def test_each_kind_says_what_it_reaches(
    backend: PostgresBackend, database: str, sql: str, reach: str, after: str
) -> None:
    foresight = await foreseen(backend, sql)
    assert foresight.reach == reach
    assert after in foresight.after
    assert foresight.undo
    assert value(database, "SELECT count(*) FROM users") == 3


@pytest.mark.parametrize(
    ("sql", "undo"),
    [
        ("CREATE INDEX CONCURRENTLY by_name ON users (name)", "DROP INDEX CONCURRENTLY by_name"),
        ("CREATE INDEX by_name ON public.users (name)", "DROP INDEX public.by_name"),
        ("CREATE TABLE more (id int)", "DROP TABLE more"),
        ("DROP INDEX by_id", "CREATE INDEX by_id ON public.users USING btree (id)"),
        ("ALTER SYSTEM SET work_mem = '64MB'", "ALTER SYSTEM RESET work_mem"),
        ("VACUUM users", "There is nothing to take back: no data changes."),
        ("TRUNCATE users", "There is no way back but the newest backup."),
    ],
)
async def test_the_way_back_is_a_statement_where_there_is_one(
    backend: PostgresBackend, database: str, sql: str, undo: str
) -> None:
    do(database, "CREATE INDEX by_id ON users (id)")
    assert (await foreseen(backend, sql)).undo == undo


async def test_a_setting_says_from_what_to_what_and_when(backend: PostgresBackend) -> None:
    foresight = await foreseen(backend, "ALTER SYSTEM SET max_connections = 300")
    assert foresight.before.startswith("max_connections is ")
    assert foresight.after == "max_connections is 300, once the server was restarted"
    assert list(foresight.world) == ["Setting max_connections"]
    secret = await foreseen(backend, "ALTER SYSTEM SET primary_conninfo = 'host=a'")
    assert secret.before == "primary_conninfo is not shown"


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("DELETE FROM usres", r'relation "usres" does not exist\. Did you mean users\?'),
        ("TRUNCATE users, nothing", r"^There is no table nothing in this database\.$"),
        ("VACUUM nothing", r"^There is no table nothing in this database\.$"),
        ("DROP TABLE nothing", r"^There is no table nothing in this database\.$"),
        ("ALTER TABLE nothing ADD COLUMN a int", r"^There is no table nothing in this database\.$"),
        ("DROP INDEX nothing", r"^There is no index nothing in this database\.$"),
        ("CREATE INDEX users_pkey ON users (name)", r"^The index users_pkey is there already\.$"),
        ("REINDEX DATABASE nothing", r"^There is no database nothing here\.$"),
        ("ALTER SYSTEM SET nothing = 1", r"^The server has no setting nothing\.$"),
        ("SELECT pg_terminate_backend(999999)", r"^There is no such session, or not any more\.$"),
    ],
)
async def test_what_would_surely_fail_is_refused_beforehand(backend: PostgresBackend, sql: str, says: str) -> None:
    with pytest.raises(TargetRefused, match=says):
        await foreseen(backend, sql)


async def test_a_user_without_the_right_learns_it_beforehand(database: str) -> None:
    role = f"nobody-{database.rpartition('operations-')[2].partition('?')[0]}"
    do(database, f'CREATE ROLE "{role}" LOGIN')
    try:
        async with through(database.replace("opsroom@", f"{role}@")) as backend:
            with pytest.raises(TargetRefused, match="no right to do it"):
                await foreseen(backend, "DELETE FROM users")
    finally:
        do(database, f'DROP ROLE "{role}"')


async def test_what_is_there_or_gone_already_is_said(backend: PostgresBackend) -> None:
    foresight = await foreseen(backend, "DROP TABLE IF EXISTS nothing")
    assert (foresight.before, foresight.after) == ("no table nothing", "as it is")
    foresight = await foreseen(backend, "CREATE INDEX IF NOT EXISTS users_pkey ON users (id)")
    assert foresight.after == "as it is"


@pytest.mark.parametrize(
    ("sql", "said", "rows"),
    [
        ("DELETE FROM users WHERE id < 3", "DELETE 2", 2),
        ("UPDATE users SET name = 'Cy'", "UPDATE 3", 3),
        ("INSERT INTO users VALUES (9)", "INSERT 0 1", 1),
        ("TRUNCATE users", "TRUNCATE TABLE", None),
        ("ALTER TABLE users ADD COLUMN age int", "ALTER TABLE", None),
    ],
)
async def test_a_statement_is_carried_out_and_found_done(
    backend: PostgresBackend, notebook: Notebook, sql: str, said: str, rows: int | None
) -> None:
    operation = read_sql(sql)
    assert await backend.look(operation, Limits(), notebook.deed) is None
    output = await backend.change(operation, Limits(), notebook.deed)
    assert (output.text, output.facts.get("rows")) == (said, rows)
    found = await backend.look(operation, Limits(), notebook.deed)
    assert found is not None
    assert (found.text, found.facts.get("rows")) == (said, rows)


async def test_rows_that_come_back_are_not_noted(backend: PostgresBackend, notebook: Notebook) -> None:
    output = await backend.change(read_sql("DELETE FROM users WHERE id = 1 RETURNING name"), Limits(), notebook.deed)
    assert output.text == "Ada"
    assert "Ada" not in str(notebook.noted)


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
