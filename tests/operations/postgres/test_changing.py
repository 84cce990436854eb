"""Statements that change something: foreseen, and carried out once, on a real server."""

import pytest

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.changing import Changer
from bot.operations.postgres.backend import PostgresBackend
from bot.operations.postgres.nouns import IsReady
from bot.operations.postgres.sql import read_sql
from bot.operations.roughly import roughly
from tests.operations.notebook import Notebook
from tests.operations.postgres.deeds import do, foreseen, through, value

pytestmark = pytest.mark.usefixtures("users")


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
