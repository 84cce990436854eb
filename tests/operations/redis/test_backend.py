"""A Redis target, on a real server."""

import asyncio
import time

import pytest
from redis.asyncio import Redis

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.output import Output
from bot.operations.redis.backend import RedisBackend
from bot.operations.redis.connection import ask
from bot.operations.redis.grammar import delete_matching_from, read_redis
from bot.operations.redis.keyspace import Walk, delete, list_keys
from bot.operations.redis.nouns import Command, DeleteMatching
from bot.operations.words import split


async def run(backend: RedisBackend, line: str, limits: Limits | None = None) -> Output:
    parts = split(line)
    operation = delete_matching_from(line, parts) or read_redis(line, parts[0])
    return await backend.run(operation, limits or Limits())


async def test_ping_answers_and_says_how_long_it_took(backend: RedisBackend) -> None:
    output = await run(backend, "redis-cli ping")
    assert output.text == "PONG"
    assert isinstance(output.facts["seconds"], float)
    assert 0 < output.facts["seconds"] < 5


async def test_plain_values_look_as_redis_cli_prints_them_to_a_pipe(backend: RedisBackend, redis: Redis) -> None:
    await redis.set("name", "Grüße", ex=100)
    await redis.rpush("list", "a", "b")
    await redis.hset("hash", "field", "1")
    await redis.sadd("set", "a")
    await redis.zadd("sorted", {"a": 1})
    for line, text in {
        "GET name": "Grüße",
        "GET missing": "(nil)",
        "TYPE list": "list",
        "LLEN list": "2",
        "HLEN hash": "1",
        "HGET hash field": "1",
        "SCARD set": "1",
        "ZCARD sorted": "1",
        "STRLEN name": "7",
        "TTL missing": "-2",
        "EXISTS name list missing": "2",
        "DBSIZE": "5",
        "MGET name missing list": "Grüße\n(nil)\n(nil)",
    }.items():
        assert (await run(backend, f"redis-cli {line}")).text == text
    assert 90 < float((await run(backend, "redis-cli TTL name")).facts["value"]) <= 100
    assert float((await run(backend, "redis-cli MEMORY USAGE name")).facts["value"]) > 10


async def test_info_has_its_numbers_as_facts(backend: RedisBackend, redis: Redis, database: int) -> None:
    await redis.set("there", 1)
    await redis.get("there")
    await redis.get("missing")
    memory = await run(backend, "redis-cli info memory")
    assert "used_memory:" in memory.text
    assert "\r" not in memory.text
    assert float(memory.facts["used_memory"]) > 100_000
    assert "used_memory_percent" not in memory.facts
    stats = await run(backend, "redis-cli info stats")
    hits, misses = float(stats.facts["keyspace_hits"]), float(stats.facts["keyspace_misses"])
    assert stats.facts["hit_rate"] == pytest.approx(100 * hits / (hits + misses), abs=0.01)
    keyspace = await run(backend, "redis-cli info keyspace")
    assert keyspace.facts[f"db{database}_keys"] == 1


async def test_settings_are_changed_and_shown_without_the_secret_ones(backend: RedisBackend, redis: Redis) -> None:
    try:
        assert (await run(backend, "redis-cli CONFIG SET maxmemory 512mb")).text == "OK"
        shown = await run(backend, "redis-cli CONFIG GET *")
        assert shown.table is not None
        settings = {row[0]: row[1] for row in shown.table.rows}
        assert settings["maxmemory"] == str(512 * 1024 * 1024)
        assert {"requirepass", "masterauth", "dir"}.isdisjoint(settings)
        memory = await run(backend, "redis-cli info memory")
        assert 0 < float(memory.facts["used_memory_percent"]) < 50
    finally:
        await redis.config_set("maxmemory", 0)


async def test_the_slow_log_and_the_clients_are_tables(backend: RedisBackend, redis: Redis) -> None:
    await redis.config_set("slowlog-log-slower-than", 0)
    await redis.set("slow", "somebody's session")
    await redis.config_set("slowlog-log-slower-than", 10_000)
    log = await run(backend, "redis-cli SLOWLOG GET 10")
    assert log.table is not None
    assert "SET slow …" in [row[3] for row in log.table.rows]
    assert "somebody's session" not in log.text
    clients = await run(backend, "redis-cli CLIENT LIST")
    assert clients.table is not None
    names = [dict(zip(clients.table.columns, row, strict=True))["name"] for row in clients.table.rows]
    assert "opsroom" in names


async def test_binary_values_are_escaped(backend: RedisBackend, redis: Redis) -> None:
    await redis.set("blob", b'\x00\xff\x07"a')
    assert (await run(backend, "redis-cli GET blob")).text == '"\\x00\\xff\\a\\"a"'


async def test_a_long_value_is_cut_and_not_fetched(backend: RedisBackend, redis: Redis) -> None:
    await redis.set("long", b"x" * 3_000_000)
    output = await run(backend, "redis-cli GET long", Limits(size=1000))
    assert output.text == "x" * 1000
    assert "2,999,000 more bytes" in output.cut


async def test_a_scan_lists_what_matches_and_stops_at_the_limit(backend: RedisBackend, redis: Redis) -> None:
    await redis.mset({f"offers:{n}": n for n in range(2500)} | {"other": 1})
    output = await run(backend, "redis-cli --scan --pattern 'offers:*'", Limits(rows=5000))
    assert len(output.text.splitlines()) == 2500
    assert not output.cut
    short = await run(backend, "redis-cli --scan --pattern 'offers:*'", Limits(rows=100))
    assert len(short.text.splitlines()) == 100
    assert "2,501 keys in all" in short.cut


async def test_a_glob_deletes_what_matches_and_nothing_else(backend: RedisBackend, redis: Redis) -> None:
    await redis.mset({f"offers:{n} 'quoted' ": n for n in range(1200)} | {"offer": 1, "mapbox:offers:1": 1})
    counted = await backend.count_matching(DeleteMatching("offers:*"), 10_000)
    assert (counted.count, counted.complete, len(counted.examples)) == (1200, True, 5)
    output = await run(backend, "redis-cli --scan --pattern 'offers:*' | xargs redis-cli DEL")
    assert output.text == "1,200 keys deleted"
    assert not output.cut
    assert sorted(await redis.keys()) == [b"mapbox:offers:1", b"offer"]
    again = await run(backend, "redis-cli DEL offers:*")
    assert again.text == "0 keys deleted"


async def test_counting_stops_at_its_limit(backend: RedisBackend, redis: Redis) -> None:
    await redis.mset({f"k:{n}": n for n in range(3000)})
    counted = await backend.count_matching(DeleteMatching("k:*"), 100)
    assert counted.count == 100
    assert not counted.complete


async def test_a_walk_that_takes_too_long_stops_and_says_so(redis: Redis) -> None:
    await redis.mset({f"key:{n}": n for n in range(5000)})
    found = await list_keys(Walk(redis, "none:*", 10, deadline=time.monotonic()))
    assert (found.text, found.cut) == ("", "out of time after about 0 of 5,000 keys")
    deleted = await delete(Walk(redis, "key:*", 10_000, deadline=time.monotonic()))
    assert deleted.text == "0 keys deleted"
    assert deleted.cut.endswith("run it again for the rest")
    assert await redis.dbsize() == 5000


async def populate(redis: Redis, count: int) -> None:
    """Set so many keys; DEBUG POPULATE would be quicker, and is off in newer servers."""
    await ask(redis, "EVAL", f"for n = 1, {count} do redis.call('SET', 'key:' .. n, 'sample') end", 0)


async def test_a_large_deletion_ends_in_time_and_counts_right(backend: RedisBackend, redis: Redis) -> None:
    await populate(redis, 400_000)
    started = time.monotonic()
    deleted = await run(backend, "redis-cli DEL key:*", Limits(seconds=2))
    assert time.monotonic() - started < 2.5
    left = await redis.dbsize()
    assert int(float(deleted.facts["value"])) + left == 400_000
    assert bool(left) == ("run it again for the rest" in deleted.cut)


async def test_the_loop_goes_on_while_keys_are_deleted(backend: RedisBackend, redis: Redis) -> None:
    await populate(redis, 50_000)
    turns = 0
    work = asyncio.create_task(run(backend, "redis-cli DEL key:*"))
    while not work.done():
        turns += 1
        await asyncio.sleep(0)
    assert (await work).text == "50,000 keys deleted"
    assert turns > 100


async def test_the_largest_key_of_each_type_is_found(backend: RedisBackend, redis: Redis) -> None:
    await redis.set("small", "x")
    await redis.set("large", "x" * 10_000)
    await redis.rpush("list", *range(50))
    output = await run(backend, "redis-cli --bigkeys")
    assert output.table is not None
    rows = {row[0]: row for row in output.table.rows}
    assert rows["string"][1] == "large"
    assert rows["string"][3] == "10000"
    assert rows["list"][3] == "50"
    assert output.facts["keys"] == 3


@pytest.mark.parametrize(("line", "rows"), [("redis-cli --latency", 1), ("redis-cli --latency-history", 5)])
async def test_latency_is_measured_and_ends(backend: RedisBackend, line: str, rows: int) -> None:
    output = await run(backend, line)
    assert len(output.text.splitlines()) == rows
    assert 0 < float(output.facts["min"]) <= float(output.facts["avg"]) <= float(output.facts["max"])
    assert "for ever" in output.cut


async def test_writes_do_what_they_say(backend: RedisBackend, redis: Redis) -> None:
    assert (await run(backend, "redis-cli SET k v EX 60")).text == "OK"
    assert (await run(backend, "redis-cli SET k w NX")).code == 1
    assert (await run(backend, "redis-cli EXPIRE k 600")).text == "1"
    assert await redis.ttl("k") > 60
    assert (await run(backend, "redis-cli PERSIST k")).text == "1"
    assert (await run(backend, "redis-cli DEL k missing")).text == "1"
    await redis.mset({"a": 1, "b": 2})
    assert (await run(backend, "redis-cli FLUSHDB")).text == "OK"
    assert await redis.dbsize() == 0


async def test_a_line_can_name_another_database(backend: RedisBackend, redis: Redis) -> None:
    other = 63
    await redis.set("mine", 1)
    assert (await run(backend, f"redis-cli -n {other} SET theirs 1")).text == "OK"
    assert (await run(backend, "redis-cli EXISTS theirs")).text == "0"
    assert (await run(backend, f"redis-cli -n {other} FLUSHDB")).text == "OK"
    assert await redis.exists("mine") == 1
    with pytest.raises(TargetRefused, match="no database of this number"):
        await run(backend, "redis-cli -n 999 PING")


async def test_many_at_once_share_the_connections(backend: RedisBackend) -> None:
    outputs = await asyncio.gather(*(backend.run(Command("PING"), Limits()) for _ in range(100)))
    assert {output.text for output in outputs} == {"PONG"}


async def test_a_field_that_is_too_long_is_not_fetched(backend: RedisBackend, redis: Redis) -> None:
    await redis.hset("hash", "field", "x" * 2000)
    with pytest.raises(TargetRefused, match="2,000 bytes, more than 1,000"):
        await run(backend, "redis-cli HGET hash field", Limits(size=1000))
    assert (await run(backend, "redis-cli HGET hash field", Limits(size=2000))).text == "x" * 2000
    assert (await run(backend, "redis-cli HGET hash missing", Limits(size=1000))).text == "(nil)"
