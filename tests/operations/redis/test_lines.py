"""`redis-cli` lines: what each one means, what it can do, and why some are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.effect import Effect
from bot.operations.redis.grammar import delete_matching_from, read_redis
from bot.operations.redis.nouns import BigKeys, Command, DeleteMatching, Latency, RedisOperation, Scan
from bot.operations.refusal import LineRefused
from bot.operations.words import split


def read(line: str) -> RedisOperation:
    parts = split(line)
    return delete_matching_from(line, parts) or read_redis(line, parts[0])


def refused(line: str) -> LineRefused:
    with pytest.raises(LineRefused) as caught:
        read(line)
    return caught.value


@pytest.mark.parametrize(
    ("line", "operation"),
    [
        ("redis-cli ping", Command("PING")),
        ("redis-cli info MEMORY", Command("INFO", ("memory",))),
        ("redis-cli GET mapbox:health", Command("GET", ("mapbox:health",))),
        ("redis-cli memory usage 'a b'", Command("MEMORY USAGE", ("a b",))),
        ("redis-cli slowlog get 10", Command("SLOWLOG GET", ("10",))),
        ("redis-cli CONFIG GET maxmemory*", Command("CONFIG GET", ("maxmemory*",))),
        ("redis-cli set k v ex 60 nx", Command("SET", ("k", "v", "EX", "60", "NX"))),
        ("redis-cli -n 3 flushdb async", Command("FLUSHDB", ("ASYNC",), database=3)),
        ("redis-cli -u redis://:$REDIS_PASSWORD@cache:6379/4 DBSIZE", Command("DBSIZE", database=4)),
        ("redis-cli --scan", Scan()),
        ("redis-cli --scan --pattern 'offers:*' --count 100", Scan("offers:*")),
        ("redis-cli --bigkeys", BigKeys()),
        ("redis-cli --memkeys -i 0.1", BigKeys()),
        ("redis-cli --latency", Latency()),
        ("redis-cli --latency-history -i 1", Latency(history=True)),
        ("redis-cli DEL mapbox:health", Command("DEL", ("mapbox:health",))),
        ("redis-cli DEL mapbox:*", DeleteMatching("mapbox:*")),
        ("redis-cli unlink 'qr:[0-9]*'", DeleteMatching("qr:[0-9]*")),
        ("redis-cli DEL <key>", Command("DEL", ("<key>",))),
        ("redis-cli DEL [user-id]", Command("DEL", ("[user-id]",))),
        ('redis-cli --scan --pattern "offers:*" | xargs redis-cli DEL', DeleteMatching("offers:*")),
        ("redis-cli KEYS 'offers:*' | xargs -r -n 100 redis-cli unlink", DeleteMatching("offers:*")),
    ],
)
def test_a_line_means(line: str, operation: RedisOperation) -> None:
    assert read(line) == operation


def test_the_words_of_the_connection_do_not_count() -> None:
    bare = read("redis-cli ping")
    assert read("redis-cli -h <REDIS_HOST> -p 6379 -a <REDIS_PASSWORD> ping") == bare
    assert read("redis-cli -u rediss://$USER:$PASSWORD@cache --tls --no-auth-warning PING") == bare
    assert read("redis-cli --user bot --pass $PASSWORD -c PING") == bare


@pytest.mark.parametrize(
    ("line", "effect"),
    [
        ("redis-cli TTL k", Effect.READ),
        ("redis-cli --scan", Effect.READ),
        ("redis-cli CONFIG GET save", Effect.READ),
        ("redis-cli SET k v", Effect.WRITE),
        ("redis-cli PERSIST k", Effect.WRITE),
        ("redis-cli EXPIRE k 60", Effect.WRITE),
        ("redis-cli EXPIRE k 0", Effect.DESTROY),
        ("redis-cli EXPIRE k -1", Effect.DESTROY),
        ("redis-cli EXPIRE k <seconds>", Effect.DESTROY),
        ("redis-cli CONFIG SET maxmemory-policy allkeys-lru", Effect.WRITE),
        ("redis-cli CONFIG SET maxmemory 0", Effect.WRITE),
        ("redis-cli CONFIG SET maxmemory 100mb", Effect.DESTROY),
        ("redis-cli DEL k", Effect.DESTROY),
        ("redis-cli DEL k:*", Effect.DESTROY),
        ("redis-cli FLUSHDB", Effect.DESTROY),
    ],
)
def test_the_effect_is_never_lower_than_the_truth(line: str, effect: Effect) -> None:
    assert read(line).effect is effect


def test_a_command_that_no_table_has_counts_as_the_worst() -> None:
    assert Command("SHUTDOWN").effect is Effect.DESTROY


@pytest.mark.parametrize(
    ("line", "word", "instead"),
    [
        ("redis-cli monitor", "MONITOR", "SLOWLOG GET"),
        ("redis-cli KEYS '*'", "KEYS", "--scan --pattern"),
        ("redis-cli FLUSHALL", "FLUSHALL", "DEL prefix:*"),
        ("redis-cli eval 'return 1' 0", "EVAL", "write the commands"),
        ("redis-cli evalsha abc 0", "EVALSHA", "write the commands"),
        ("redis-cli SHUTDOWN NOSAVE", "SHUTDOWN", "rollout restart"),
        ("redis-cli DEBUG SLEEP 10", "DEBUG", "INFO"),
        ("redis-cli CONFIG GET requirepass", "requirepass", "maxmemory"),
        ("redis-cli CONFIG SET dir /var/www", "dir", "maxmemory"),
        ("redis-cli CONFIG REWRITE", "CONFIG REWRITE", "file"),
        ("redis-cli CLIENT KILL ID 1", "CLIENT KILL", "CLIENT LIST"),
        ("redis-cli GETT k", "GETT", "GET"),
        ("redis-cli GET", "GET", "GET key"),
        ("redis-cli GET a b", "b", "GET key"),
        ("redis-cli EXPIRE k soon", "soon", "number"),
        ("redis-cli SET k v EX 0", "EX 0", "SET key value"),
        ("redis-cli DEL *", "*", "FLUSHDB"),
        ("redis-cli DEL '[a-z0-9]*'", "[a-z0-9]*", "FLUSHDB"),
        ("redis-cli DEL a b:*", "b:*", "by itself"),
        ("redis-cli --scan | xargs redis-cli DEL", "*", "FLUSHDB"),
        ("redis-cli --scan --pattern 'a*' | xargs redis-cli -n 2 DEL", "redis-cli", "-n twice"),
        ("redis-cli --eval script.lua", "--eval", "write the commands"),
        ("redis-cli --bigkey", "--bigkey", "--bigkeys"),
        ("redis-cli --bigkeys GET k", "GET", "--bigkeys"),
        ("redis-cli --pattern 'a*' PING", "--pattern", "--scan"),
        ("redis-cli", "redis-cli", "PING"),
        ("redis-cli -h", "-h", "value"),
        ("redis-cli -n two PING", "two", "-n 0"),
        ("redis-cli <command>", "<command>", "PING"),
        ("redis-cli '  ' k", "  ", "GET"),
    ],
)
def test_a_refusal_names_the_word_and_the_nearest_thing_that_works(line: str, word: str, instead: str) -> None:
    error = refused(line)
    assert error.word == word
    assert instead in error.instead
    assert line[error.column - 1 :].casefold().startswith(word[:3].casefold()) or "--scan |" in line or "'" in line


@pytest.mark.parametrize(
    "line",
    [
        "redis-cli -a hunter2 PING",
        "redis-cli -ahunter2 PING",
        "redis-cli --pass hunter2 PING",
        "redis-cli --pass=hunter2 PING",
        "redis-cli -u redis://:hunter2@cache:6379/0 PING",
        "redis-cli -u redis://ops:hunter2@[::1/ PING",
        "redis-cli AUTH hunter2",
    ],
)
def test_a_password_is_refused_and_never_repeated(line: str) -> None:
    error = refused(line)
    assert "password" in error.reason
    assert "hunter2" not in str(error)


@given(st.text())
def test_any_text_is_an_operation_or_a_refusal(text: str) -> None:
    try:
        operation = read(f"redis-cli {text}")
    except LineRefused:
        return
    assert operation.effect in Effect


_WORDS = [
    "DEL",
    "FLUSHDB",
    "set",
    "Unlink",
    "EXPIRE",
    "config",
    "SET",
    "GET",
    "k",
    "a*",
    "--scan",
    "-n",
    "1",
    "60",
    "|",
]


@given(st.lists(st.sampled_from([*_WORDS, "|", "xargs", "redis-cli", "maxmemory", "--pattern", "INFO"]), max_size=7))
def test_what_deletes_or_changes_is_never_called_reading(words: list[str]) -> None:
    line = " ".join(["redis-cli", *words])
    try:
        operation = read(line)
    except LineRefused:
        return
    if isinstance(operation, DeleteMatching) or operation in (Command("FLUSHDB"), Command("DEL", ("k",))):
        assert operation.effect is Effect.DESTROY
    if isinstance(operation, Command) and operation.name in ("SET", "EXPIRE", "CONFIG SET", "DEL", "UNLINK", "FLUSHDB"):
        assert operation.effect >= Effect.WRITE
