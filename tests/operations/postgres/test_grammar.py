"""psql and pg_isready as they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.operations.effect import Effect
from bot.operations.line import read_line
from bot.operations.postgres.given import values_between
from bot.operations.postgres.grammar import read_pg_isready, read_psql
from bot.operations.postgres.nouns import IsReady, Layout, Sql
from bot.operations.postgres.sql import filled_in, read_sql
from bot.operations.refusal import LineRefused
from bot.operations.words import split


def psql(line: str) -> Sql:
    return read_psql(line, split(line)[0])


@pytest.mark.parametrize(
    "line",
    [
        'psql -c "SELECT 1"',
        'psql $DATABASE_URL -c "select 1;"',
        'psql "$DATABASE_URL" -tAc "SELECT  1 ;"',
        "psql -h <DB_HOST> -U <DB_USER> -p 5432 -X -q -c 'SELECT 1 -- one'",
        "psql --host=localhost --username zzik --command='SELECT /* one */ 1'",
        'psql -hdb.internal -Uadmin -w -v ON_ERROR_STOP=1 -c "SELECT 1"',
        'psql postgres://me:$PASSWORD@db/$NAME -c "SELECT 1"',
        'psql -d "host=<host> password=<password>" -c "SELECT 1"',
        'psql --csv -1 -c "SELECT 1"',
        "psql -c 'SELECT 1' -- $DATABASE_URL",
    ],
)
def test_ways_to_say_the_same_are_equal(line: str) -> None:
    assert psql(line) == read_sql("SELECT 1")


@pytest.mark.parametrize(
    "line",
    [
        'psql -d zephyr -c "SELECT 1"',
        'psql --dbname=zephyr -c "SELECT 1"',
        'psql zephyr me -c "SELECT 1"',
        'psql postgresql://me@db:5432/zephyr -c "SELECT 1"',
        'psql "dbname=zephyr host=db" -c "SELECT 1"',
    ],
)
def test_the_name_of_a_database_is_kept(line: str) -> None:
    assert psql(line).database == "zephyr"
    assert psql(line) != read_sql("SELECT 1")


def test_the_layout_is_read_and_makes_no_other_operation() -> None:
    assert psql('psql -tAx --csv -F ";" -c "SELECT 1"').layout == Layout(True, True, True, True, ";")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT 'a'", "SELECT 'A'"),
        ("SELECT a", 'SELECT "A"'),
        ("SELECT 1", "SELECT 2"),
        ("SELECT <a>", "SELECT '<a>'"),
    ],
)
def test_what_differs_is_not_equal(one: str, other: str) -> None:
    assert read_sql(one) != read_sql(other)


@pytest.mark.parametrize(
    ("line", "word", "says"),
    [
        ("psql", "psql", "interactive psql could run anything; write the statement behind -c"),
        ("psql -h db -U me -d zephyr", "zephyr", "interactive"),
        ("psql -c", "-c", "its value is missing"),
        ("psql -d x -f dump.sql", "-f", "no files here; write each statement on a line of its own, or a job"),
        ("psql --file=dump.sql", "--file=dump.sql", "no files here"),
        ("psql -d zzik_live < backup.sql", "<", "no shell"),
        ("psql -l", "-l", "write SELECT datname FROM pg_database"),
        ("psql -W -c 'SELECT 1'", "-W", "the target knows its password"),
        ("psql -o out -c 'SELECT 1'", "-o", "goes to Slack"),
        ("psql -Z -c 'SELECT 1'", "-Z", "no option -Z"),
        ("psql --comand 'SELECT 1'", "--comand", "did you mean --command"),
        ("psql -c 'SELECT 1' -c 'DROP TABLE t'", "DROP TABLE t", "second statement"),
        ("psql -c 'SELECT 1; DROP TABLE t'", "DROP TABLE t", "column 20: this is a second statement"),
        ("psql -c 'SELECT 1; -- x\n; DELETE FROM t'", "DELETE FROM t", "second statement"),
        ("psql -v x=1 -c 'SELECT 1'", "x=1", "variables are not filled in"),
        ("psql a b c -c 'SELECT 1'", "c", "write the SQL in quotes"),
        ("psql postgres://me:hunter2@db/x -c 'SELECT 1'", "", "a password does not belong here"),
        ("psql 'postgres://db/x?password=hunter2' -c 'SELECT 1'", "", "a password does not belong here"),
        ("psql 'host=db password=hunter2' -c 'SELECT 1'", "password", "a password does not belong here"),
        (r'psql -c "\dt"', r"\dt", "information_schema.tables"),
        (r'psql -c "\d users"', r"\d", "table_name = 'users'"),
        (r'psql -c "\l+"', r"\l+", "FROM pg_database"),
        (r'psql -c "\copy t to x"', r"\copy", "write a SELECT"),
        (r'psql -c "SELECT 1 \gexec"', r"\gexec", "psql's own commands"),
        ("psql -c ''", "", "there is no SQL"),
        ("psql -c ';'", ";", "there is no SQL"),
        ("psql -c '<verb> users'", "<verb>", "must be written out"),
        ("psql -c 'SELEC 1'", "SELEC", "did you mean select"),
        ("psql -c 'SELECT $1'", "$1", "nothing fills this"),
        ('psql -c "SELECT \'a"', "'a", "does not end"),
        ("psql -c 'SELECT /* 1'", "/*", "does not end"),
        ("psql -c 'REINDEX INDEX <index>'", "<index>", 'write "<index>"'),
        ("psql -c 'VACUUM ANALYZE <table>'", "<table>", 'write "<table>"'),
        ("psql -c 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ...;'", "...", "pid IN (4711, 4712)"),
        ("psql -c 'DELETE FROM users WHERE …'", "...", "the rows it is about"),
        ("psql -c 'COPY users TO PROGRAM x'", "COPY", "programs of the database's machine"),
        ("psql -c 'COPY users FROM STDIN'", "COPY", "write a SELECT"),
        ("psql -c 'DO x'", "DO", "hides what it does"),
        ("psql -c 'SET role x'", "SET", "nothing lasts"),
        ("psql -c 'BEGIN'", "BEGIN", "transaction of its own"),
        ("psql -c 'LISTEN x'", "LISTEN", "nothing lasts"),
        ("psql -c 'LOCK TABLE x'", "LOCK", "ends with its statement"),
        ("psql -c 'EXECUTE x'", "EXECUTE", "write the statement itself"),
        ("psql -c EXPLAIN", "EXPLAIN", "nothing to explain"),
        ("psql -c 'EXPLAIN COPY x TO y'", "COPY", "cannot be explained"),
        ("psql -c 'EXPLAIN ANALYZE'", "ANALYZE", "nothing to explain"),
    ],
)
def test_a_refusal_names_the_word_and_what_works(line: str, word: str, says: str) -> None:
    with pytest.raises(LineRefused) as caught:
        psql(line)
    assert caught.value.word == word
    assert says in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_pg_isready_knocks_wherever_the_target_is() -> None:
    for line in ("pg_isready", "pg_isready -h <DB_HOST> -p 5432 -U <DB_USER>", "pg_isready -d $DATABASE_URL -t 3 -q"):
        assert read_pg_isready(line, split(line)[0]) == IsReady()
    assert IsReady().effect is Effect.READ
    for line in ("pg_isready now", "pg_isready -c x", "pg_isready -d postgres://u:pw@h/d", "pg_isready -h"):
        with pytest.raises(LineRefused):
            read_pg_isready(line, split(line)[0])


@pytest.mark.parametrize(
    ("sql", "values", "sent"),
    [
        ("SELECT <pid>", {"pid": "42"}, "SELECT 42"),
        ("SELECT 1 -<n>", {"n": "-5"}, "SELECT 1 - (-5)"),
        ("SELECT <name>", {"name": "it's"}, "SELECT 'it''s'"),
        ("SELECT <name>::text||'b'", {"name": "a"}, "SELECT 'a' ::text||'b'"),
        ("SELECT E<x>'b'", {"x": "\\"}, "SELECT E '\\' 'b'"),
        ("SELECT '<x>%'", {"x": "'; DROP TABLE t; --"}, "SELECT '''; DROP TABLE t; --%'"),
        ('REINDEX INDEX "<i>"', {"i": 'a"b'}, 'REINDEX INDEX "a""b"'),
        ("SELECT $MIN_AGE, ${MIN_AGE}", {"min-age": "7"}, "SELECT 7, 7"),
        ("SELECT <a>, <b>", {"a": "1"}, "SELECT 1, <b>"),
        ("SELECT <a>", {"a": "<b>"}, "SELECT '<b>'"),
        ("SELECT <a>", {"a": "1 OR true"}, "SELECT '1 OR true'"),
        ("SELECT <a>", {"a": "٣"}, "SELECT '٣'"),
        ("EXPLAIN <query>", {"query": "SELECT 1 -- one"}, "EXPLAIN SELECT 1"),
        (
            "EXPLAIN (ANALYZE) <query>",
            {"query": "WITH a AS (SELECT 1) TABLE a;"},
            "EXPLAIN (ANALYZE) WITH a AS (SELECT 1) TABLE a",
        ),
        ("SELECT pg_size_pretty(<n>)::text", {"n": "5"}, "SELECT pg_size_pretty( 5)::text"),
    ],
)
def test_a_value_is_a_number_or_a_literal(sql: str, values: dict[str, str], sent: str) -> None:
    assert filled_in(read_sql(sql), values).statement.text == sent
    assert read_sql(sql, values).statement.text == sent


@pytest.mark.parametrize(
    ("line", "values", "sent"),
    [
        ("SELECT 1 -<n> AS a", {"n": "-5"}, "SELECT 1 - (-5) AS a"),
        ('psql -c "SELECT 1 -<n> AS a"', {"n": "-5"}, "SELECT 1 - (-5) AS a"),
        ('psql -tAc"SELECT <n>"', {"n": "5"}, "SELECT 5"),
        ('psql -d <name> -c "SELECT <n>" | wc -l', {"n": "5", "name": "x"}, "SELECT 5"),
        (
            "SELECT 1 /* don't */ FROM users WHERE id = <n>",
            {"n": "1 OR true"},
            "SELECT 1 FROM users WHERE id = '1 OR true'",
        ),
        ('DELETE FROM "user\'s" WHERE id = <n>', {"n": "1 OR true"}, "DELETE FROM \"user's\" WHERE id = '1 OR true'"),
        ("SELECT '<a>', '<a>%', <n>", {"a": "b", "n": "7"}, "SELECT 'b', 'b%', 7"),
        ("EXPLAIN ANALYZE <query>;", {"query": "SELECT 1"}, "EXPLAIN ANALYZE SELECT 1"),
        ('psql -d shop -c "<query>"', {"query": " SELECT 'a;b' FROM users; -- all"}, "SELECT 'a;b' FROM users"),
        ("psql -c $QUERY", {"query": "WITH a AS (SELECT 1) TABLE a"}, "WITH a AS (SELECT 1) TABLE a"),
    ],
)
def test_the_values_of_a_whole_line_become_literals(line: str, values: dict[str, str], sent: str) -> None:
    operation = read_line(line, values).operation
    assert isinstance(operation, Sql)
    assert operation.statement.text == sent


@pytest.mark.parametrize("line", ["EXPLAIN ANALYZE <query>", "psql -c '<query>'", "psql -c <query>"])
@pytest.mark.parametrize(
    "value",
    [
        "DELETE FROM users",
        "SELECT 1; DROP TABLE t",
        "SELECT f(1)",
        "SELECT pg_terminate_backend(1)",
        "SELECT * INTO a FROM users",
        "SELECT * FROM users FOR UPDATE",
        "WITH a AS (DELETE FROM users RETURNING 1) SELECT 1 FROM a",
        "EXPLAIN ANALYZE DELETE FROM users",
        "COMMIT",
        "SET ROLE admin",
        "SELECT <n>",
        "<other>",
        "\\dt",
        "x",
    ],
)
def test_a_query_in_a_line_can_only_read(line: str, value: str) -> None:
    with pytest.raises(LineRefused):
        read_line(line, {"query": value})


def test_a_whole_query_may_be_left_open_and_reads() -> None:
    line = read_line('psql -c "<query>"')
    assert (line.holes, line.effect) == (("query",), Effect.READ)


def test_values_that_cannot_be_told_apart_are_refused() -> None:
    assert values_between("a<x>b<y>c", "a1b2c") == {"x": "1", "y": "2"}
    assert values_between("a<x>b<y>c", "a<x>b2c") == {"y": "2"}
    assert values_between("<x> and <x>", "1 and 1") == {"x": "1"}
    assert values_between("<x><y>", "12") is None
    for filled in ("a1b2", "1b2c", "a1c"):
        assert values_between("a<x>b<y>c", filled) is None
    assert values_between("<x> and <x>", "1 and 2") is None


def test_a_value_that_looks_like_a_hole_is_none() -> None:
    assert filled_in(read_sql("SELECT <a>, '<a>'"), {"a": "<b>"}).holes == ()


@pytest.mark.parametrize(
    "query",
    ["DELETE FROM users", "SELECT f(1)", "SELECT 1; SELECT 2", "SHOW ALL", "EXPLAIN SELECT 1", "", "SELECT <x>"],
)
def test_a_query_that_is_asked_for_can_only_read(query: str) -> None:
    with pytest.raises(LineRefused):
        filled_in(read_sql("EXPLAIN ANALYZE <query>"), {"query": query})


def test_a_value_that_no_literal_holds_is_refused() -> None:
    with pytest.raises(LineRefused, match="zero byte"):
        filled_in(read_sql("SELECT <a>"), {"a": "\0"})
    with pytest.raises(LineRefused, match="write '<name>'"):
        filled_in(read_sql("SELECT E'<a>'"), {"a": "x"})


def test_holes_are_named_once_in_the_order_of_the_line() -> None:
    assert read_sql("""SELECT <PID>, '<name>', "<col>", $PID, 'a' < b""").holes == ("pid", "name", "col")
    assert read_sql("SELECT a <b AND c> d, tags[my_index]").holes == ()


@given(st.text())
def test_a_value_never_adds_a_token(value: str) -> None:
    operation = read_sql("SELECT id FROM users WHERE name = <name> AND note LIKE '<name>%'")
    try:
        filled = filled_in(operation, {"name": value})
    except LineRefused:
        assert "\0" in value
        return
    assert len(read_sql(filled.statement.text).statement.tokens) in (
        len(operation.statement.tokens),
        len(operation.statement.tokens) + 3,  # a negative number in brackets: ( - 5 )
    )
    assert filled.effect is Effect.READ


@given(st.text())
def test_any_line_is_an_operation_or_a_refusal(text: str) -> None:
    for line in (f"psql {text}", f'psql -c "{text}"', f"pg_isready {text}"):
        try:
            part = split(line)[0]
            (read_psql if part[0].text == "psql" else read_pg_isready)(line, part)
        except BadInput:
            continue
