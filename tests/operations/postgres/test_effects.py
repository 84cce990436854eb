"""What a statement does at worst: no write passes for a read, however it is hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.operations.effect import Effect
from bot.operations.postgres.sql import read_sql
from bot.operations.refusal import LineRefused

READS = [
    "SELECT 1",
    "select count(*) from users;",
    "SELECT * FROM pg_stat_statements ORDER BY mean_exec_time DESC LIMIT 10;",
    "SELECT DISTINCT ON (user_id) user_id, max(at) OVER (PARTITION BY user_id) FROM visits",
    "SELECT count(DISTINCT user_id) FILTER (WHERE at > now() - interval '1 hour') FROM visits",
    "SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) FROM requests",
    "SELECT state, count(*) FROM pg_stat_activity GROUP BY state HAVING count(*) > 3",
    "SELECT a, b, count(*) FROM t GROUP BY GROUPING SETS ((a), (b))",
    "WITH recent AS (SELECT * FROM posts) SELECT count(*) FROM recent",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT sum(i) FROM n",
    "WITH a(x) AS (SELECT 1), b(y) AS NOT MATERIALIZED (SELECT 2) SELECT * FROM a JOIN b ON x = y",
    "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(id, name)",
    "SELECT * FROM (VALUES (1)) v(id)",
    "SELECT x::numeric(10, 2), CAST(y AS varchar(10)), CAST(z AS character varying(3)) FROM t",
    "SELECT CASE WHEN (a) THEN (b) ELSE (c) END FROM t WHERE x IN (1, 2) AND NOT (y) AND z NOT LIKE ('a%')",
    "SELECT pg_catalog.count(*) FROM t",
    'SELECT "count"(*) FROM t',
    "SELECT 'DELETE FROM users; DROP TABLE users' AS words",
    "SELECT $$DELETE FROM users$$, E'it\\'s; DROP TABLE x', \"delete\" FROM t",
    "SELECT t.update, t.into FROM t",
    "SELECT 1 -- DELETE FROM users",
    "SELECT /* DROP TABLE users; /* again */ */ 1",
    "VALUES (1), (2)",
    "TABLE users",
    "SHOW max_connections",
    "SHOW ALL",
    "EXPLAIN SELECT * FROM users",
    "EXPLAIN (COSTS off, FORMAT json) SELECT 1",
    "EXPLAIN DELETE FROM users",
    "EXPLAIN ANALYZE SELECT * FROM users",
    "EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM users",
    "EXPLAIN ANALYZE <query>",
    "EXPLAIN <query>",
    "<query>",
    "SELECT pid, now() - query_start FROM pg_stat_activity WHERE pid = <PID>",
    "SELECT tablename, pg_size_pretty(pg_total_relation_size(tablename::regclass)) FROM pg_tables",
    "SELECT * FROM a LEFT JOIN (SELECT 1 AS x) b ON true",
    "SELECT 1 UNION SELECT 2 INTERSECT (SELECT 3) EXCEPT SELECT 4",
    "SELECT data->>'a', data @> '{}', tags[1], ARRAY[1, 2] FROM t",
    "SELECT substring(name FROM 1 FOR 3), extract(epoch FROM now()), position('a' IN name) FROM t",
    "SELECT * FROM generate_series(1, 3) AS g(i)",
    "SELECT * FROM json_to_recordset('[]') AS r(a int, b text)",
]

WRITES = [
    # an option that is spelt in escapes
    'EXPLAIN (U&"\\0061nalyze") INSERT INTO t VALUES (1)',
    # locks and tables made on the way
    "SELECT * FROM users FOR UPDATE",
    "SELECT * FROM users FOR NO KEY UPDATE",
    "SELECT * FROM users FOR SHARE SKIP LOCKED",
    "SELECT * FROM users FOR KEY SHARE",
    "SELECT * FROM (SELECT * FROM users FOR UPDATE) u",
    "SELECT * INTO copy FROM users",
    "SELECT 1 INTO TEMP copy",
    "select*into copy from users",
    "SELECT/**/1/**/INTO/**/copy",
    "SELECT 1 AS a INTO UNLOGGED TABLE copy",
    # data-modifying queries in WITH
    "WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x",
    "WITH x AS (SELECT 1), y AS (INSERT INTO t SELECT * FROM x) SELECT 1",
    "SELECT * FROM (WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x) y",
    "WITH x AS MATERIALIZED (insert into t values (1) returning a) TABLE x",
    "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
    # functions
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
    "SELECT pg_cancel_backend(1)",
    "SELECT PG_TERMINATE_BACKEND (1)",
    "SELECT pg_terminate_backend\n(1)",
    "SELECT pg_terminate_backend/* quietly */(1)",
    'SELECT "pg_terminate_backend"(1)',
    'SELECT U&"pg_terminate\\005fbackend"(1)',
    "SELECT pg_catalog.pg_terminate_backend(1)",
    'SELECT "pg_catalog"."pg_terminate_backend"(1)',
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity",
    "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity",
    "SELECT 1 WHERE EXISTS (SELECT pg_terminate_backend(1))",
    "SELECT 1 ORDER BY pg_terminate_backend(1)",
    "SELECT 1 LIMIT f(1)",
    "SELECT CASE WHEN true THEN f() END",
    "SELECT DISTINCT ON (a) f(b) FROM t",
    "SELECT DISTINCT ON ((a)) over(b) FROM t",
    "SELECT (f(1)).x",
    "SELECT * FROM f(1)",
    "SELECT * FROM f(1) AS x(a int)",
    "SELECT * FROM ROWS FROM (f(1), count(2)) AS x",
    "SELECT * FROM t, LATERAL f(t.a)",
    "SELECT * FROM t JOIN f(1) ON true",
    "VALUES (f(1))",
    "(SELECT f(1))",
    "SELECT 1 UNION ALL SELECT f(1)",
    "WITH x AS (SELECT f(1)) SELECT * FROM x",
    "WITH f(x) AS (SELECT 1) SELECT f(1)",
    "WITH a AS (SELECT 1), f(x) AS (SELECT 1) SELECT f(1)",
    "SELECT public.count(1)",
    "SELECT mine.lower('A')",
    "SELECT mine.pg_catalog.lower('A')",
    "SELECT join(1)",
    "SELECT a, like(1) FROM t",
    "SELECT cube(1)",
    "SELECT filter(1)",
    "SELECT sets(1), by(1)",
    "SELECT nextval('s')",
    "SELECT setval('s', 1)",
    "SELECT set_config('a.b', 'c', false)",
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile()",
    "SELECT pg_switch_wal()",
    "SELECT pg_promote()",
    "SELECT pg_notify('a', 'b')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/x')",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_create_restore_point('x')",
    "SELECT pg_logical_emit_message(true, 'a', 'b')",
    "SELECT pg_start_backup('x')",
    "SELECT txid_current()",
    "SELECT add_months(1), json_extract(2)",
    "SELECT upper_case_all(name) FROM t",
    "SELECT <name>(1)",
    # EXPLAIN
    "EXPLAIN ANALYZE INSERT INTO t VALUES (1)",
    "EXPLAIN ANALYZE SELECT pg_terminate_backend(1)",
    "EXPLAIN ANALYZE SELECT * FROM users FOR UPDATE",
    "EXPLAIN ANALYZE CREATE TABLE c AS SELECT 1",
    "EXPLAIN (VERBOSE, ANALYZE) INSERT INTO t VALUES (1)",
    "EXPLAIN SELECT f(1)",
    # statements
    "INSERT INTO t VALUES (1)",
    "CREATE TABLE c AS SELECT 1",
    "CREATE INDEX CONCURRENTLY i ON posts(user_id, created_at DESC) WHERE deleted_at IS NULL",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TRIGGER t BEFORE UPDATE ON x EXECUTE FUNCTION f()",
    "ALTER SYSTEM SET work_mem = '1GB'",
    "ALTER TABLE t ADD COLUMN a int",
    "ANALYZE",
    "VACUUM ANALYZE",
    "vacuum full users",
    "REINDEX DATABASE zzik_live",
    "REINDEX INDEX CONCURRENTLY i",
    "REFRESH MATERIALIZED VIEW v",
    "CLUSTER users USING i",
    "GRANT DELETE ON t TO u",
    "REVOKE ALL ON t FROM u",
    "COMMENT ON TABLE t IS 'x'",
    "NOTIFY a, 'b'",
    "CALL f()",
    "CHECKPOINT",
]

LOSSES = [
    "DELETE FROM users",
    "delete from users where id = 1",
    "UPDATE users SET name = 'x'",
    "TRUNCATE users",
    "DROP TABLE users",
    "DROP INDEX CONCURRENTLY i",
    "MERGE INTO a USING b ON a.i = b.i WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone",
    "WITH gone AS (delete/**/from users) SELECT 1",
    "WITH a AS (SELECT 1), b AS (UPDATE t SET x = 1 RETURNING 1) SELECT 1 FROM a, b",
    "WITH a AS (SELECT 1) DELETE FROM users",
    "WITH a AS (SELECT 1) INSERT INTO log SELECT * FROM (WITH g AS (DELETE FROM t RETURNING *) SELECT * FROM g) x",
    "INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 2",
    "EXPLAIN ANALYZE DELETE FROM users",
    "EXPLAIN ANALYZE VERBOSE UPDATE users SET name = ''",
    "EXPLAIN ANALYSE DELETE FROM users",
    "EXPLAIN (ANALYZE) DELETE FROM users",
    "EXPLAIN (ANALYZE false, ANALYZE true) DELETE FROM users",
    'EXPLAIN ("analyze") DELETE FROM users',
    "EXPLAIN (costs off, ANALYSE on) WITH g AS (DELETE FROM t RETURNING *) SELECT * FROM g",
    "EXPLAIN /* */ ANALYZE -- \n DELETE FROM users",
    "CREATE OR REPLACE VIEW v AS SELECT 1",
    "CREATE TABLE c AS WITH g AS (DELETE FROM t RETURNING *) SELECT * FROM g",
    "ALTER TABLE t DROP COLUMN a",
    "ALTER TABLE t ALTER COLUMN a TYPE int",
    "SELECT lo_unlink(1)",
    "SELECT pg_drop_replication_slot('s')",
    "SELECT pg_stat_reset()",
    "SELECT pg_stat_statements_reset()",
    "SELECT dblink_exec('DELETE FROM users')",
    "SELECT query_to_xml('DELETE FROM users RETURNING *', true, true, '')",
    "SELECT ts_stat('DELETE FROM users')",
    "SELECT '\\' || name FROM t WHERE x = '\\'; DELETE FROM users --'",
]


@pytest.mark.parametrize("sql", READS)
def test_what_only_reads_is_a_read(sql: str) -> None:
    assert read_sql(sql).effect is Effect.READ


@pytest.mark.parametrize("sql", WRITES)
def test_what_writes_is_a_write(sql: str) -> None:
    assert read_sql(sql).effect is Effect.WRITE


@pytest.mark.parametrize("sql", LOSSES[:-1])
def test_what_loses_something_is_told_apart(sql: str) -> None:
    assert read_sql(sql).effect is Effect.DESTROY


def test_a_backslash_does_not_open_a_quote_again() -> None:
    with pytest.raises(LineRefused, match="second statement"):
        read_sql(LOSSES[-1])


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 FROM FROM",
        "SELECT " + "(" * 60 + "1" + ")" * 60,
        "SELECT " + "1 + " * 3000 + "1",
        "SELECT " + "NOT " * 1500 + "true",
        "SELECT )",
        "WITH",
        "EXPLAIN ANALYZE WITH",
    ],
)
def test_what_cannot_be_parsed_is_no_read(sql: str) -> None:
    assert read_sql(sql).effect is not Effect.READ


_WORDS = """
    SELECT select WITH x AS ( ) ( ) , ; FROM users u WHERE 1 = 'a' "b" E'\\' -- /* */ \n INSERT INTO UPDATE SET DELETE
    RETURNING * DROP TABLE count max pg_terminate_backend EXPLAIN ANALYZE FOR UPDATE $$ $a$ :: int <id> $X ${Y} . ..
    UNION VALUES LATERAL DISTINCT ON AND OR NOT LIKE JOIN CASE WHEN THEN END [ ] + - < > :
"""
_PIECES = st.sampled_from([*_WORDS.split(), "\n", " "])


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=25).map(" ".join), st.lists(_PIECES, max_size=25).map("".join)))
def test_any_text_is_an_operation_or_a_refusal(text: str) -> None:
    try:
        operation = read_sql(text)
    except BadInput:
        return
    assert operation.effect in Effect
    assert read_sql(operation.statement.text) == operation


_HIDING = st.sampled_from(
    [
        "DELETE FROM users RETURNING id",
        "UPDATE users SET id = 1 RETURNING id",
        "INSERT INTO users VALUES (1) RETURNING id",
        "SELECT pg_terminate_backend(1)",
        "SELECT 1 FROM users FOR UPDATE",
    ]
)
_AROUND = st.sampled_from(
    [
        "WITH x AS ({}) SELECT * FROM x",
        "SELECT * FROM (WITH y AS ({}) SELECT * FROM y) z",
        "EXPLAIN ANALYZE WITH x AS ({}) SELECT 1",
        "WITH a AS (SELECT 1), b(c) AS MATERIALIZED ({}) SELECT lower('a')",
        "SELECT 1 UNION ALL (WITH x AS ({}) TABLE x)",
    ]
)
_BETWEEN = st.sampled_from([" ", "\n", "/**/", "/* ' */", "-- '\n", "\t", "/* /* ; */ */"])


@given(_AROUND, _HIDING, _BETWEEN, st.booleans())
def test_a_hidden_write_is_never_a_read(around: str, hiding: str, between: str, small: bool) -> None:
    sql = around.format(hiding).replace(" ", between)
    assert read_sql(sql.lower() if small else sql).effect is not Effect.READ
