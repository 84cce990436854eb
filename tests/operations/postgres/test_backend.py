"""Carrying SQL out on a real server."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import replace

import psutil
import psycopg
import pytest

from bot.errors import BadInput, TargetError, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.operation import Operation
from bot.operations.output import Table
from bot.operations.postgres.backend import PostgresBackend
from bot.operations.postgres.grammar import read_psql
from bot.operations.postgres.nouns import IsReady
from bot.operations.postgres.sql import read_sql
from bot.operations.words import split
from tests.operations.postgres.conftest import Ask

ACTIVE = (
    "SELECT 1 FROM pg_stat_activity "
    "WHERE datname = current_database() AND query LIKE 'FETCH%' AND state = 'active' AND pid <> pg_backend_pid()"
)

pytestmark = pytest.mark.usefixtures("users")


def rows(database: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def do(database: str, sql: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(sql.encode())


async def test_one_value_is_the_text(ask: Ask) -> None:
    output = await ask("SELECT count(*) FROM users;")
    assert output.text == "3"
    assert output.table == Table(("count",), (("3",),))
    assert output.facts["rows"] == 1
    assert 0 < float(output.facts["seconds"]) < 5


async def test_a_table_is_printed_as_psql_does(ask: Ask) -> None:
    output = await ask("SELECT id, name, seen AT TIME ZONE 'UTC' AS seen FROM users ORDER BY id")
    assert output.text.splitlines() == [
        "id | name |         seen",
        "---+------+--------------------",
        " 1 | Ada  | 2024-05-01 12:00:00",
        " 2 |      |",
        " 3 | Bo   |",
        "(3 rows)",
    ]


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        ("-t", [" 1 | Ada", " 3 | Bo"]),
        ("-A", ["id|name", "1|Ada", "3|Bo", "(2 rows)"]),
        ("-tA", ["1|Ada", "3|Bo"]),
        ("-tAF ,", ["1,Ada", "3,Bo"]),
        ("-x", ["-[ RECORD 1 ]-", "id   | 1", "name | Ada", "-[ RECORD 2 ]-", "id   | 3", "name | Bo"]),
        ("--csv", ["id,name", "1,Ada", "3,Bo"]),
        ("--csv -t", ["1,Ada", "3,Bo"]),
    ],
)
async def test_the_options_of_psql_lay_the_table_out(backend: PostgresBackend, options: str, lines: list[str]) -> None:
    line = f"psql {options} -c 'SELECT id, name FROM users WHERE name IS NOT NULL ORDER BY id'"
    output = await backend.run(read_psql(line, split(line)[0]), Limits())
    assert [each.removeprefix(" ") for each in output.text.splitlines()] == [each.removeprefix(" ") for each in lines]


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("SELECT true", "t"),
        ("SELECT '\\xDEADbeef'::bytea", "\\xdeadbeef"),
        ("SELECT inet '10.0.0.1'", "10.0.0.1"),
        ("SELECT 'infinity'::timestamp", "infinity"),
        ("SELECT '{1,NULL}'::int[]", "{1,NULL}"),
        ("SELECT 1.50::numeric", "1.50"),
        ("SELECT NULL", ""),
        ("SELECT ''", ""),
        ("SELECT ROW(1, 'a')", "(1,a)"),
        ("SELECT '{\"a\": 1}'::json", '{"a": 1}'),
        ("SELECT 'users'::regclass", "users"),
        ("SELECT pg_sleep(0)", ""),
        ("SELECT interval '90 minutes'", "01:30:00"),
        ("SELECT '100%', 1 WHERE false", "?column? | ?column?\n---------+---------\n(0 rows)"),
        ("SELECT 1 AS a, 2 AS a", "a | a\n--+--\n1 | 2\n(1 row)"),
        ("VALUES ('a')", "a"),
        ("TABLE users", None),
        ("(SELECT 1) UNION (SELECT 1)", "1"),
        ("WITH a AS (SELECT 'x' AS y) TABLE a", "x"),
        ("SELECT 'a'\n'b'", "ab"),
        ("SELECT 1 -- one", "1"),
        ("SHOW default_transaction_read_only", "on"),
        ("SHOW transaction_read_only", "on"),
        ("SHOW application_name", "opsroom"),
        ("SELECT most_common_vals FROM pg_stats LIMIT 0", "most_common_vals\n----------------\n(0 rows)"),
    ],
)
async def test_values_are_what_the_server_writes(ask: Ask, sql: str, text: str | None) -> None:
    output = await ask(sql)
    assert text is None or output.text == text


async def test_a_plan_is_text(ask: Ask) -> None:
    output = await ask("EXPLAIN ANALYZE SELECT * FROM users")
    assert "Seq Scan on users" in output.text
    assert "actual time" in output.text


async def test_rows_of_text_keep_their_order(ask: Ask) -> None:
    output = await ask("SELECT md5(i::text) AS m FROM generate_series(1, 900) i ORDER BY 1 DESC")
    assert output.table is not None
    assert [row[0] for row in output.table.rows] == sorted((row[0] for row in output.table.rows), reverse=True)
    assert output.cut == ""


async def test_ten_million_rows_are_cut_and_take_no_memory(ask: Ask) -> None:
    await ask("SELECT 1")
    before = psutil.Process().memory_info().rss
    output = await ask("SELECT i, repeat('x', 100) FROM generate_series(1, 10000000) AS g(i)", rows=50)
    assert output.table is not None
    assert len(output.table.rows) == 50
    assert output.cut == "only the first 50 rows are here"
    assert psutil.Process().memory_info().rss - before < 30_000_000


async def test_a_huge_value_is_cut_by_the_server(ask: Ask) -> None:
    await ask("SELECT 1")
    before = psutil.Process().memory_info().rss
    output = await ask("SELECT repeat('é', 50000000), decode(repeat('ff', 1000000), 'hex')")
    assert output.table is not None
    assert [len(cell) for cell in output.table.rows[0]] == [10_000, 10_000]
    assert output.table.rows[0][1].startswith("\\xffff")
    assert output.cut == "long values are cut at 10000 characters"
    assert psutil.Process().memory_info().rss - before < 30_000_000


async def test_the_answer_as_a_whole_is_cut(ask: Ask) -> None:
    output = await ask("SELECT repeat('x', 1000) FROM generate_series(1, 1000)", size=10_500)
    assert output.table is not None
    assert len(output.table.rows) == 10
    assert output.cut == "only the first 10 rows are here: more than 10500 bytes"


async def test_a_query_of_an_hour_ends_at_its_limit(ask: Ask, database: str) -> None:
    began = time.monotonic()
    with pytest.raises(TargetRefused, match=r"stopped this after 0.3 s, the limit that it had; narrow it"):
        await ask("SELECT pg_sleep(3600)", seconds=0.3)
    assert time.monotonic() - began < 1
    assert rows(database, ACTIVE) == []
    assert (await ask("SELECT 1")).text == "1"


async def test_cancelling_ends_the_query_at_the_server(ask: Ask, database: str) -> None:
    task = asyncio.ensure_future(ask("SELECT pg_sleep(3600)"))
    await until(lambda: bool(rows(database, ACTIVE)))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not rows(database, ACTIVE))


async def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_a_write_that_the_text_hides_is_refused_by_the_server(ask: Ask, database: str) -> None:
    do(database, "CREATE FUNCTION lose() RETURNS int LANGUAGE sql AS 'DELETE FROM users RETURNING id'")
    do(database, "CREATE VIEW quiet AS SELECT lose()")
    for sql in (
        "SELECT * FROM quiet",
        "EXPLAIN ANALYZE SELECT * FROM quiet",
        "SELECT count(*) FROM quiet WHERE lose = 1",
    ):
        assert read_sql(sql).effect.word == "read"
        with pytest.raises(TargetRefused, match="this statement would write, and only reading was asked for"):
            await ask(sql)
    assert rows(database, "SELECT count(*) FROM users") == [(3,)]


async def test_a_write_says_what_it_did(ask: Ask, database: str) -> None:
    output = await ask("DELETE FROM users WHERE name IS NULL")
    assert (output.text, output.facts["rows"], output.table) == ("DELETE 1", 1, None)
    assert (await ask("UPDATE users SET name = 'x'")).text == "UPDATE 2"
    assert (await ask("INSERT INTO users VALUES (7) RETURNING id, name")).text == "id | name\n---+-----\n 7 |\n(1 row)"
    assert (await ask("WITH a AS (SELECT 8 AS id) INSERT INTO users SELECT id FROM a")).facts["rows"] == 1
    assert (await ask("CREATE TABLE t (i int)")).text == "CREATE TABLE"
    assert rows(database, "SELECT count(*) FROM users") == [(4,)]


async def test_a_write_with_many_rows_is_done_to_its_end(ask: Ask, database: str) -> None:
    output = await ask("INSERT INTO users SELECT i FROM generate_series(10, 5009) i RETURNING id", rows=3)
    assert output.facts["rows"] == 5000
    assert output.cut == "only the first 3 rows are here"
    assert rows(database, "SELECT count(*) FROM users") == [(5003,)]


async def test_a_failed_write_leaves_nothing_behind(ask: Ask, database: str) -> None:
    with pytest.raises(TargetRefused, match="duplicate key"):
        await ask("INSERT INTO users SELECT i FROM generate_series(10, 20) i UNION ALL SELECT 1")
    with pytest.raises(TargetRefused, match=r"stopped this after 0.2 s.*undone"):
        await ask("WITH x AS (INSERT INTO users VALUES (50) RETURNING 1) SELECT pg_sleep(3600) FROM x", seconds=0.2)
    assert rows(database, "SELECT count(*) FROM users") == [(3,)]


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("VACUUM ANALYZE", "VACUUM"),
        ("ANALYZE", "ANALYZE"),
        ("REINDEX INDEX CONCURRENTLY users_pkey", "REINDEX"),
        ("REINDEX TABLE users", "REINDEX"),
        ("CREATE INDEX CONCURRENTLY i ON users(name, seen DESC) WHERE seen IS NULL", "CREATE INDEX"),
        ("CREATE TABLE c AS SELECT 1", "SELECT 1"),
        ("COMMENT ON TABLE users IS 'x'", "COMMENT"),
    ],
)
async def test_maintenance_runs_outside_of_a_transaction_where_it_must(ask: Ask, sql: str, text: str) -> None:
    assert (await ask(sql)).text == text
    assert (await ask("SHOW default_transaction_read_only")).text == "on"


async def test_a_warning_of_the_server_is_shown_once(ask: Ask, database: str) -> None:
    do(database, "CREATE PROCEDURE warn() LANGUAGE plpgsql AS $$BEGIN RAISE WARNING 'careful'; END$$")
    for _ in range(2):
        assert (await ask("CALL warn()")).text == "CALL\nWARNING: careful"


async def test_a_second_statement_is_refused_by_the_server_too(backend: PostgresBackend) -> None:
    """The grammar refuses it first; this is the lock behind it."""
    for first in ("SELECT 1", "DELETE FROM users", "SHOW ALL", "VACUUM"):
        operation = read_sql(first)
        end = replace(operation.statement.tokens[0], text=";", shown="; DROP TABLE users")
        tokens = (*operation.statement.tokens, end)
        with pytest.raises(TargetRefused, match="multiple commands"):
            await backend.run(replace(operation, statement=replace(operation.statement, tokens=tokens)), Limits())
    assert (await backend.run(read_sql("SELECT count(*) FROM users"), Limits())).text == "3"


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        ("DELETE FROM users WHERE name IS NULL", 1),
        ("DELETE FROM users", 3),
        ("DELETE FROM ONLY users AS u WHERE u.id IN (SELECT 1) RETURNING *", 1),
        ("UPDATE users SET name = (SELECT 'a' WHERE true) WHERE id > 1", 2),
        ("UPDATE users u SET name = 'x', seen = now()", 3),
        ("DELETE FROM users USING other WHERE true", None),
        ("UPDATE users SET name = o.name FROM other o", None),
        ("WITH a AS (SELECT 1) DELETE FROM users", None),
        ("TRUNCATE users", None),
        ("DELETE FROM users WHERE id = unknown_function()", None),
    ],
)
async def test_the_rows_of_a_deletion_are_counted_beforehand(
    backend: PostgresBackend, database: str, sql: str, count: int | None
) -> None:
    assert await backend.count_of(read_sql(sql), Limits()) == count
    assert rows(database, "SELECT count(*) FROM users") == [(3,)]


async def test_a_dry_run_is_the_plan(backend: PostgresBackend, database: str) -> None:
    assert "Delete on users" in (await backend.dry_run(read_sql("DELETE FROM users"), Limits())).text
    with_query = read_sql("WITH a AS (SELECT 1) UPDATE users SET name = ''")
    assert "Update on users" in (await backend.dry_run(with_query, Limits())).text
    for sql in ("VACUUM", "TRUNCATE users"):
        with pytest.raises(TargetRefused, match="makes plans for SELECT"):
            await backend.dry_run(read_sql(sql), Limits())
    assert rows(database, "SELECT count(*) FROM users WHERE name = ''") == [(0,)]


async def test_what_is_not_complete_or_not_meant_for_it_is_refused(backend: PostgresBackend, database: str) -> None:
    with pytest.raises(TargetRefused, match="before pid and name is known"):
        await backend.run(read_sql("SELECT <pid>, <name>"), Limits())
    line = 'psql -d zephyr -c "SELECT 1"'
    operation = read_psql(line, split(line)[0])
    with pytest.raises(TargetRefused, match=r"for the database zephyr, and this target is operations-\d+\."):
        await backend.run(operation, Limits())
    with pytest.raises(TargetRefused, match="SQL, and nothing else"):
        await backend.run(Operation(), Limits())
    known_as = PostgresBackend(database, database="zephyr")
    assert (await known_as.run(operation, Limits())).text == "1"
    await known_as.close()


async def test_pg_isready_does_not_log_in(database: str) -> None:
    address = re.sub("opsroom@", "nobody-known:hunter2@", database)
    stranger = PostgresBackend(address)
    output = await stranger.run(IsReady(), Limits(seconds=5))
    assert output.code == 0
    assert re.fullmatch(r"/\S+:5432 - accepting connections", output.text)
    assert float(output.facts["seconds"]) < 5
    with pytest.raises(TargetRefused, match="there is no such user"):
        await stranger.run(read_sql("SELECT 1"), Limits())
    await stranger.close()


async def test_twenty_queries_share_a_few_connections(backend: PostgresBackend, database: str) -> None:
    operation = read_sql(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'opsroom' AND datname = current_database()"
    )
    outputs = await asyncio.gather(*(backend.run(operation, Limits()) for _ in range(20)))
    assert max(int(output.text) for output in outputs) <= 4


async def test_waiting_for_a_connection_has_an_end(database: str) -> None:
    narrow = PostgresBackend(database, connections=1)
    first = asyncio.ensure_future(narrow.run(read_sql("SELECT pg_sleep(3600)"), Limits(seconds=1)))
    await asyncio.sleep(0)
    with pytest.raises(TargetUnreachable, match="busy with our own queries"):
        await narrow.run(read_sql("SELECT 1"), Limits(seconds=0.1))
    with pytest.raises(TargetError):
        await first
    await narrow.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://opsroom@/{name}?host={host}",
        "postgresql://opsroom@/{name}?host={host}&schema=shop&connection_limit=5&pgbouncer=true",
    ],
)
async def test_addresses_as_orms_write_them(database: str, url: str) -> None:
    host = database.partition("host=")[2]
    name = re.search(r"operations-\d+", database)
    assert name is not None
    do(database, "CREATE SCHEMA shop")
    opened = PostgresBackend(url.format(name=name[0], host=host))
    path = (await opened.run(read_sql("SHOW search_path"), Limits())).text
    assert path == ("shop" if "schema" in url else '"$user", public')
    await opened.close()


@pytest.mark.parametrize(
    "url", ["hunter2", "mysql://u:hunter2@h/d", "postgresql://u:hunter2@h:port/d", "postgresql://[hunter2"]
)
def test_an_address_that_cannot_be_read_is_not_repeated(url: str) -> None:
    with pytest.raises(BadInput, match="write postgresql://user:password@host:5432/database") as caught:
        PostgresBackend(url)
    assert "hunter2" not in str(caught.value)


def test_nothing_that_is_shown_holds_the_password() -> None:
    backend = PostgresBackend("postgresql://u:hunter2@h/d")
    assert "hunter2" not in repr(backend) + repr(vars(backend)["_address"])
