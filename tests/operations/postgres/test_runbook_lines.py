"""Every psql, SQL and pg_isready line of the inventory: an operation with the right effect, or refused with advice."""

import csv
import re
from pathlib import Path

import pytest

from bot.operations.effect import Effect
from bot.operations.line import read_line
from bot.operations.operation import TargetKind
from bot.operations.refusal import LineRefused

INVENTORY = Path(__file__).parents[2] / "data" / "procedures.csv"

READ, WRITE, DESTROY = Effect

LINES: dict[tuple[str, Effect], str] = {
    ("zzik-016", READ): 'psql -U zzik -d zzik_live -c "SELECT count(*) FROM pg_stat_activity;"',
    ("zzik-020", READ): "SELECT * FROM pg_stat_statements ORDER BY mean_exec_time DESC LIMIT 10;",
    ("zzik-022", READ): "psql -c \"SELECT count(*) FROM pg_stat_activity WHERE state = 'active';\"",
    ("zzik-023", READ): (
        'psql -c "SELECT pid, now() - pg_stat_activity.query_start AS duration, query FROM '
        "pg_stat_activity WHERE (now() - pg_stat_activity.query_start) > interval '5 minutes';\""
    ),
    ("zzik-034", READ): "psql -c \"SELECT COUNT(*) FROM qr_codes WHERE created_at > NOW() - INTERVAL '1 hour';\"",
    ("zzik-070", READ): (
        "SELECT schemaname, tablename, attname, n_distinct, correlation FROM pg_stats WHERE schemaname ="
        " 'public' AND n_distinct > 100 AND correlation < 0.1 ORDER BY n_distinct DESC;"
    ),
    ("zzik-071", WRITE): "REINDEX DATABASE zzik_live;",
    ("zzik-072", READ): (
        "SELECT query, mean_exec_time, calls FROM pg_stat_statements ORDER BY mean_exec_time DESC LIMIT 20;"
    ),
    ("zzik-073", READ): "EXPLAIN ANALYZE <query>;",
    ("social-014", READ): 'psql $DATABASE_URL -c "SELECT COUNT(*) FROM users;"',
    ("social-015", READ): (
        "psql $DATABASE_URL -c \"SELECT COUNT(*) FROM posts WHERE created_at > NOW() - INTERVAL '24 hours';\""
    ),
    ("social-020", READ): (
        'psql $DATABASE_URL -t -c "SELECT COUNT(DISTINCT user_id) FROM user_sessions WHERE created_at > CURRENT_DATE;"'
    ),
    ("social-021", READ): 'psql $DATABASE_URL -t -c "SELECT COUNT(*) FROM posts WHERE created_at > CURRENT_DATE;"',
    ("social-028", READ): 'psql $DATABASE_URL -c "SELECT 1;"',
    ("social-031", READ): 'psql $DATABASE_URL -c "SELECT 1;"',
    ("social-044", READ): (
        "SELECT query, mean_exec_time, calls FROM pg_stat_statements ORDER BY mean_exec_time DESC LIMIT 10;"
    ),
    ("social-064", WRITE): 'psql $DATABASE_URL -c "ANALYZE;"',
    ("social-065", WRITE): 'psql $DATABASE_URL -c "REINDEX INDEX CONCURRENTLY idx_posts_created_at;"',
    ("social-066", DESTROY): (
        "psql $DATABASE_URL -c \"DELETE FROM user_sessions WHERE expires_at < NOW() - INTERVAL '7 days';\""
    ),
    ("social-068", WRITE): 'psql $DATABASE_URL -c "VACUUM ANALYZE;"',
    ("social-083", READ): (
        "SELECT query, mean_exec_time, calls, total_exec_time FROM pg_stat_statements WHERE "
        "mean_exec_time > 100 ORDER BY mean_exec_time DESC LIMIT 20;"
    ),
    ("social-084", READ): (
        "SELECT schemaname, tablename, attname, n_distinct, correlation FROM pg_stats WHERE schemaname ="
        " 'public' ORDER BY n_distinct DESC;"
    ),
    ("social-085", READ): "SELECT count(*), state FROM pg_stat_activity GROUP BY state;",
    ("social-086", WRITE): (
        "CREATE INDEX CONCURRENTLY idx_posts_user_created ON posts(user_id, created_at DESC) WHERE deleted_at IS NULL;"
    ),
    ("social-087", WRITE): (
        "CREATE INDEX CONCURRENTLY idx_feed_recommendations ON feed_items(user_id, score DESC, created_at DESC);"
    ),
    ("social-088", READ): (
        "SELECT schemaname, tablename, indexname, idx_scan, idx_tup_read, idx_tup_fetch FROM "
        "pg_stat_user_indexes ORDER BY idx_scan DESC;"
    ),
    ("social-109", READ): "psql $DATABASE_URL -t -c \"SELECT pg_size_pretty(pg_database_size('sociallive_prod'));\"",
    ("zephyr-025", READ): "pg_isready -h <DB_HOST> -p 5432 -U <DB_USER>",
    ("zephyr-027", READ): "SELECT count(*) FROM pg_stat_activity WHERE datname = 'zephyr';",
    ("zephyr-027 again", READ): "psql -c \"SELECT count(*) FROM pg_stat_activity WHERE datname = 'zephyr';\"",
    ("zephyr-028", READ): (
        "SELECT pid, now() - query_start AS duration, query FROM pg_stat_activity WHERE state = 'active'"
        " AND now() - query_start > interval '5 seconds' ORDER BY duration DESC;"
    ),
    ("zephyr-030", WRITE): "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = <PID>;",
    ("zephyr-072", READ): "SELECT COUNT(*) FROM polls WHERE is_active = true;",
    ("zephyr-073", READ): "SELECT * FROM audit_logs ORDER BY created_at DESC LIMIT 10;",
    ("zephyr-074", DESTROY): (
        'psql -h <DB_HOST> -U <DB_USER> -d zephyr -c "UPDATE polls SET is_active = false WHERE '
        'expires_at < NOW() AND is_active = true;"'
    ),
    ("zephyr-075", DESTROY): (
        'psql -h <DB_HOST> -U <DB_USER> -d zephyr -c "DELETE FROM audit_logs WHERE created_at < NOW() - '
        "INTERVAL '90 days';\""
    ),
    ("zephyr-107", READ): "psql -c \"SELECT pg_size_pretty(pg_database_size('zephyr'));\"",
    ("zephyr-108", READ): (
        'psql -c "SELECT tablename, pg_size_pretty(pg_total_relation_size(tablename::regclass)) FROM '
        "pg_tables WHERE schemaname = 'public' ORDER BY pg_total_relation_size(tablename::regclass) "
        'DESC;"'
    ),
}

REFUSALS: dict[str, tuple[str, str]] = {
    "zzik-024": ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ...;", "pid = <pid>"),
    "zzik-171": ("psql -d zzik_live < backup.sql", "there is no shell"),
    "zzik-172": ("psql -d zzik_live < backup.sql", "there is no shell"),
    "social-099": ("psql test_restore_$(date +%s) < /tmp/${LATEST_BACKUP%.gz}", "there is no shell"),
    "social-103": ("psql $DATABASE_URL < /tmp/sociallive_backup_${BACKUP_DATE}.sql", "there is no shell"),
    "zephyr-071": ("psql -h <DB_HOST> -U <DB_USER> -d zephyr", "interactive"),
}

PROSE = {
    "zzik-013": "names checks that rows of their own spell out",
    "zzik-160": "says to use EXPLAIN ANALYZE, without a query",
    "social-043": "names checks that rows of their own spell out",
    "social-063": "names steps that rows of their own spell out",
    "zephyr-024": "names checks that rows of their own spell out",
}

_SQL = (
    r"\b(?:psql|pg_isready)\b|\b(?:SELECT|VACUUM|REINDEX|EXPLAIN|ANALYZE|CREATE INDEX|DELETE FROM)\b|\bUPDATE \w+ SET\b"
)


def details() -> dict[str, str]:
    with INVENTORY.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["detail"] for row in csv.DictReader(file)}


CASES = [(row.split()[0], effect, line) for (row, effect), line in LINES.items()]
LINE_OF = {row: line for row, _, line in reversed(CASES)}


def test_no_line_of_the_inventory_is_left_out() -> None:
    found = {row for row, detail in details().items() if re.search(_SQL, _without_remarks(detail))}
    found |= {row for row, detail in details().items() if "pg_stat" in _without_remarks(detail)}
    assert found == LINE_OF.keys() | REFUSALS.keys() | PROSE.keys()


def _without_remarks(detail: str) -> str:
    return re.sub(r"\[(?:NOTE|CAUTION)\b.*?\](?=\s|$)", "", detail)


@pytest.mark.parametrize(("row", "effect", "line"), CASES)
def test_a_line_is_an_operation_with_its_effect(row: str, effect: Effect, line: str) -> None:
    assert line in details()[row]
    read = read_line(line)
    assert read.operation.kind is TargetKind.POSTGRES
    assert read.effect is effect
    assert read.filters == ()


@pytest.mark.parametrize("row", REFUSALS)
def test_a_line_that_must_not_run_is_refused_with_advice(row: str) -> None:
    line, says = REFUSALS[row]
    assert line in details()[row]
    with pytest.raises(LineRefused, match=re.escape(says)):
        read_line(line)


def test_only_what_is_asked_for_is_a_hole() -> None:
    assert read_line(LINE_OF["zephyr-030"]).holes == ("pid",)
    assert read_line(LINE_OF["zzik-073"]).holes == ("query",)
    for row in ("zephyr-025", "zephyr-074", "social-031"):
        assert read_line(LINE_OF[row]).holes == ()


def test_rows_that_say_the_same_are_equal() -> None:
    bare, through_psql = (line for row, _, line in CASES if row == "zephyr-027")
    assert read_line(bare) == read_line(through_psql)
    assert read_line(LINE_OF["social-028"]) == read_line("select 1")
