"""The Redis commands that a runbook may use, how many arguments each takes and what it does; and those refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from bot.operations.effect import Effect

READ, WRITE, DESTROY = Effect.READ, Effect.WRITE, Effect.DESTROY


@dataclass(frozen=True, slots=True)
class Shape:
    """How a command is written, the fewest and the most arguments behind its name (None: any number), its effect."""

    usage: str
    fewest: int = 0
    most: int | None = 0
    effect: Effect = READ


_KEYED = ("GET", "TTL", "PTTL", "TYPE", "STRLEN", "LLEN", "SCARD", "HLEN", "ZCARD", "MEMORY USAGE")

COMMANDS: Mapping[str, Shape] = {
    "PING": Shape("PING"),
    "INFO": Shape("INFO [section]", 0, None),
    "DBSIZE": Shape("DBSIZE"),
    "LASTSAVE": Shape("LASTSAVE"),
    "ROLE": Shape("ROLE"),
    **{name: Shape(f"{name} key", 1, 1) for name in _KEYED},
    "HGET": Shape("HGET key field", 2, 2),
    "MGET": Shape("MGET key [key …]", 1, 100),
    "EXISTS": Shape("EXISTS key [key …]", 1, 100),
    "CLIENT LIST": Shape("CLIENT LIST"),
    "SLOWLOG GET": Shape("SLOWLOG GET [number]", 0, 1),
    "SLOWLOG LEN": Shape("SLOWLOG LEN"),
    "CONFIG GET": Shape("CONFIG GET setting", 1, 1),
    "CONFIG SET": Shape("CONFIG SET setting value", 2, 2, WRITE),
    "SET": Shape("SET key value [EX seconds] [NX|XX]", 2, 6, WRITE),
    "EXPIRE": Shape("EXPIRE key seconds", 2, 2, WRITE),
    "PERSIST": Shape("PERSIST key", 1, 1, WRITE),
    "DEL": Shape("DEL key [key …]", 1, 100, DESTROY),
    "UNLINK": Shape("UNLINK key [key …]", 1, 100, DESTROY),
    "FLUSHDB": Shape("FLUSHDB [ASYNC|SYNC]", 0, 1, DESTROY),
}
"""Every command by its name in capitals; two words where the second is a subcommand."""

_GROUPED = ("MEMORY", "CLIENT", "SLOWLOG", "CONFIG")

CHANGEABLE = (
    "activedefrag",
    "latency-monitor-threshold",
    "lfu-decay-time",
    "lfu-log-factor",
    "maxmemory",
    "maxmemory-policy",
    "maxmemory-samples",
    "slowlog-log-slower-than",
    "slowlog-max-len",
    "tcp-keepalive",
    "timeout",
)
"""Settings that CONFIG SET may change: each can be set back, and none opens the server to anybody."""

READABLE = (
    *CHANGEABLE,
    "appendfsync",
    "appendonly",
    "databases",
    "hz",
    "maxclients",
    "notify-keyspace-events",
    "save",
)
"""Settings that CONFIG GET may show: no password, path or address among them."""

REFUSED: Mapping[str, tuple[str, str]] = {
    "MONITOR": (
        "it never ends, can halve the server's throughput and shows every value",
        "redis-cli SLOWLOG GET 20 shows what was slow",
    ),
    "KEYS": ("it blocks the server while it looks at every key", 'write redis-cli --scan --pattern "prefix:*"'),
    "SCAN": ("one call shows only a part of the keys", 'write redis-cli --scan --pattern "prefix:*"'),
    "FLUSHALL": (
        "it deletes every key of every database on the server",
        "name the keys, redis-cli DEL prefix:*, or empty one database with redis-cli FLUSHDB",
    ),
    "EVAL": ("nobody can tell what a script does", "write the commands themselves, one on each line"),
    "SHUTDOWN": ("it stops the server for everybody", "restart it where it runs, such as kubectl rollout restart"),
    "DEBUG": ("it can crash or freeze the server", "redis-cli INFO shows its state"),
    "SUBSCRIBE": ("it never ends", "redis-cli INFO clients counts who listens"),
    "SAVE": ("it blocks the server until all is written", "redis-cli LASTSAVE says when it was written last"),
    "SELECT": ("it lasts for one connection only", "write redis-cli -n NUMBER in front of the command"),
    "AUTH": ("a password does not belong on a line", "leave it out: the target knows its own"),
    "RENAME": ("it overwrites whatever has the new name", "read the key and write it anew"),
    "GETDEL": ("it deletes what it reads", "use redis-cli GET, or DEL as a step of its own"),
    "SLOWLOG RESET": ("it loses the log", "redis-cli SLOWLOG GET reads it"),
    "CONFIG RESETSTAT": ("it loses the counters that probes compare", "redis-cli INFO stats reads them"),
    "CONFIG REWRITE": ("it writes the server's file", "change the file where it is kept"),
    "CLIENT KILL": ("it cuts clients off", "redis-cli CLIENT LIST shows them; restart the one at fault"),
}
"""Commands that are known and not run: why, and what to write instead."""

ALIKE: Mapping[str, str] = {
    "EVALSHA": "EVAL",
    "FCALL": "EVAL",
    "SCRIPT": "EVAL",
    "FUNCTION": "EVAL",
    "PSUBSCRIBE": "SUBSCRIBE",
    "SSUBSCRIBE": "SUBSCRIBE",
    "SWAPDB": "FLUSHALL",
    "REPLICAOF": "SHUTDOWN",
    "SLAVEOF": "SHUTDOWN",
    "FAILOVER": "SHUTDOWN",
    "RENAMENX": "RENAME",
    "GETSET": "GETDEL",
    "BGSAVE": "SAVE",
}
"""Commands refused for the same reason as another."""


def named(words: tuple[str, ...]) -> tuple[str, int]:
    """Return a command's name in capitals, and how many words it takes up: two where a subcommand follows."""
    size = 2 if words[0].upper() in _GROUPED and len(words) > 1 else 1
    return " ".join(words[:size]).upper(), size


def effect_of(name: str, arguments: tuple[str, ...]) -> Effect:
    """Return what a command does; one that is in no table counts as the worst.

    EXPIRE with a time that is not above zero deletes the key at once, and a lower `maxmemory` evicts keys at once.
    """
    shape = COMMANDS.get(name)
    if shape is None:
        return DESTROY
    if name == "EXPIRE" and not (arguments[1:] and arguments[1].isdecimal() and int(arguments[1]) > 0):
        return DESTROY
    if name == "CONFIG SET" and arguments[0].lower() == "maxmemory" and arguments[1] != "0":
        return DESTROY
    return shape.effect


def readable(pattern: str) -> tuple[str, ...]:
    """Return the settings that CONFIG GET may show and that a glob matches."""
    return tuple(name for name in READABLE if fnmatchcase(name, pattern.lower()))
