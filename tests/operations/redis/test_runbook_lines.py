"""Every `redis-cli` line of the inventory: what it is read as, what it can do, or why it is refused."""

import csv
import re
from pathlib import Path

import pytest

from bot.operations.effect import Effect
from bot.operations.line import read_line
from bot.operations.operation import Operation
from bot.operations.redis.nouns import BigKeys, Command, DeleteMatching, Latency
from bot.operations.refusal import LineRefused

_FILE = Path(__file__).parents[2] / "data" / "procedures.csv"
with _FILE.open(encoding="utf-8", newline="") as _rows:
    DETAILS = {row["id"]: row["detail"] for row in csv.DictReader(_rows)}

_PING, _MEMORY, _STATS = Command("PING"), Command("INFO", ("memory",)), Command("INFO", ("stats",))
_LRU = Command("CONFIG SET", ("maxmemory-policy", "allkeys-lru"))
READ, WRITE, DESTROY = Effect.READ, Effect.WRITE, Effect.DESTROY

LINES = [
    ("zzik-013", "redis-cli INFO memory", _MEMORY, READ),
    ("zzik-017", "redis-cli INFO memory", _MEMORY, READ),
    ("zzik-019", "redis-cli FLUSHDB", Command("FLUSHDB"), DESTROY),
    ("zzik-029", "redis-cli GET mapbox:health", Command("GET", ("mapbox:health",)), READ),
    ("zzik-031", "redis-cli DEL mapbox:*", DeleteMatching("mapbox:*"), DESTROY),
    ("zzik-037", "redis-cli DEL qr:*", DeleteMatching("qr:*"), DESTROY),
    ("zzik-074", "redis-cli --bigkeys", BigKeys(), READ),
    ("zzik-075", 'redis-cli --scan --pattern "offers:*" | xargs redis-cli DEL', DeleteMatching("offers:*"), DESTROY),
    ("social-016", "redis-cli ping", _PING, READ),
    ("social-017", "redis-cli info memory", _MEMORY, READ),
    ("social-028", "redis-cli ping", _PING, READ),
    ("social-032", "redis-cli ping", _PING, READ),
    ("social-046", "redis-cli --latency-history", Latency(history=True), READ),
    ("social-090", "redis-cli --bigkeys", BigKeys(), READ),
    ("social-091", "redis-cli info stats | grep keyspace_hits", _STATS, READ),
    ("social-092", "redis-cli info stats | grep keyspace_misses", _STATS, READ),
    ("social-093", "redis-cli CONFIG SET maxmemory-policy allkeys-lru", _LRU, WRITE),
    ("zephyr-033", "redis-cli -h <REDIS_HOST> -p 6379 -a <REDIS_PASSWORD> ping", _PING, READ),
    ("zephyr-034", "redis-cli -h <REDIS_HOST> info memory", _MEMORY, READ),
    ("zephyr-109", "redis-cli info memory", _MEMORY, READ),
    ("zephyr-110", "redis-cli dbsize", Command("DBSIZE"), READ),
]
REFUSED = [("zephyr-111", "redis-cli monitor", "MONITOR", "SLOWLOG GET")]


@pytest.mark.parametrize(("row", "line", "operation", "effect"), LINES)
def test_a_line_of_the_inventory_is_read(row: str, line: str, operation: Operation, effect: Effect) -> None:
    assert line in DETAILS[row]
    read = read_line(line)
    assert read.operation == operation
    assert read.effect is effect
    assert read.holes == ()


@pytest.mark.parametrize(("row", "line", "word", "instead"), REFUSED)
def test_a_line_of_the_inventory_is_refused(row: str, line: str, word: str, instead: str) -> None:
    assert line in DETAILS[row]
    with pytest.raises(LineRefused) as caught:
        read_line(line)
    assert caught.value.word == word
    assert instead in caught.value.instead


def test_no_line_of_the_inventory_is_forgotten() -> None:
    with_lines = {row for row, detail in DETAILS.items() if re.search(r"\bredis-cli\b", detail)}
    assert with_lines == {row for row, *_ in (*LINES, *REFUSED)}
