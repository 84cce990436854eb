"""What Redis answers, as text, tables and facts; the same for both versions of its protocol."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.operations.output import Output, Table
from bot.operations.redis.commands import READABLE
from bot.operations.redis.nouns import Command

_CLIENT_COLUMNS = ("id", "addr", "name", "user", "age", "idle", "db", "cmd", "omem")
_CARRIERS = frozenset(
    {
        "APPEND", "GETSET", "HMSET", "HSET", "HSETNX", "LINSERT", "LPUSH", "LPUSHX", "LREM", "LSET", "MSET",
        "MSETNX", "PSETEX", "PUBLISH", "RPUSH", "RPUSHX", "SADD", "SET", "SETEX", "SETNX", "SETRANGE", "SISMEMBER",
        "SMISMEMBER", "SREM", "XADD", "ZADD",
    }
)  # fmt: skip
"""Commands whose arguments behind the key are people's data; the slow log is shown without them."""
_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\"}


def shown(value: bytes | str) -> str:
    """Return a value as text; one that is not text is quoted and escaped byte by byte, as `redis-cli` does."""
    raw = value.encode() if isinstance(value, str) else value
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = "\0"
    if all(char.isprintable() or char in "\n\t\r" for char in text):
        return text
    escaped = (_ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}") for byte in raw)
    return f'"{"".join(escaped)}"'


def lines(reply: Any) -> list[str]:
    """Return any reply as lines: nothing is `(nil)`, a list has a line for each of its values."""
    if reply is None:
        return ["(nil)"]
    if isinstance(reply, bytes | str):
        return [shown(reply)]
    if isinstance(reply, Mapping):
        return [line for pair in reply.items() for value in pair for line in lines(value)]
    if isinstance(reply, Sequence | set | frozenset):
        return [line for value in reply for line in lines(value)]
    return [str(reply)]


def answer(command: Command, reply: Any, rows: int) -> Output:
    """Return the output of a command, with at most `rows` rows."""
    reader = _READERS.get(command.name)
    if reader is not None:
        return reader(reply, rows)
    text = lines(reply)
    facts = {"value": float(reply)} if isinstance(reply, int) else {}
    return Output("\n".join(text[:rows]), facts=facts, cut=cut_of(len(text), rows, "lines"))


def cut_of(found: int, rows: int, things: str) -> str:
    """Return what is left out when there are more than `rows`."""
    return f"{found - rows} more {things}" if found > rows else ""


def _info(reply: Any, _rows: int) -> Output:
    """Return INFO with all its numbers as facts, and two that everybody works out from them, in per cent."""
    text = shown(reply).replace("\r\n", "\n").strip()
    pairs = dict(line.split(":", 1) for line in text.splitlines() if ":" in line and not line.startswith("#"))
    facts: dict[str, float | str] = {name: _number(value) for name, value in pairs.items() if "=" not in value}
    for name, value in pairs.items():
        if name.startswith("db") and value.startswith("keys="):
            facts[f"{name}_keys"] = _number(value.removeprefix("keys=").partition(",")[0])
    used, most = facts.get("used_memory"), facts.get("maxmemory")
    if isinstance(used, float) and isinstance(most, float) and most > 0:
        facts["used_memory_percent"] = round(100 * used / most, 2)
    hits, misses = facts.get("keyspace_hits"), facts.get("keyspace_misses")
    if isinstance(hits, float) and isinstance(misses, float) and hits + misses > 0:
        facts["hit_rate"] = round(100 * hits / (hits + misses), 2)
    return Output(text, facts=facts)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _slow_log(reply: Any, rows: int) -> Output:
    """Return the slow log as a table; times in milliseconds."""
    found = [_slow_entry(entry) for entry in reply[:rows]]
    facts = {"slowest-ms": max((float(row[2]) for row in found), default=0.0), "entries": float(len(reply))}
    table = Table(("id", "when", "ms", "command", "client"), tuple(found))
    return Output(_aligned(table), table=table, facts=facts, cut=cut_of(len(reply), rows, "entries"))


def _slow_entry(entry: Sequence[Any]) -> tuple[str, ...]:
    number, when, taken, words = entry[:4]
    moment = datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    client = shown(entry[4]) if len(entry) > 4 else ""
    said = [shown(word) for word in words]
    if said and said[0].upper() in _CARRIERS:
        said = [*said[:2], *(["…"] if len(said) > 2 else [])]
    return (str(number), moment, f"{taken / 1000:g}", " ".join(said), client)


def _clients(reply: Any, rows: int) -> Output:
    """Return who is connected: the lines as Redis writes them, and a table of what matters."""
    found = shown(reply).strip().splitlines()
    pairs = [dict(word.partition("=")[::2] for word in line.split(" ")) for line in found[:rows]]
    table = Table(_CLIENT_COLUMNS, tuple(tuple(pair.get(name, "") for name in _CLIENT_COLUMNS) for pair in pairs))
    text = "\n".join(found[:rows])
    return Output(text, table=table, facts={"value": float(len(found))}, cut=cut_of(len(found), rows, "clients"))


def _settings(reply: Any, _rows: int) -> Output:
    """Return settings as their names and values; one that is not in the list is left out, whatever the server says."""
    texts = lines(reply)
    pairs = [(name, value) for name, value in zip(texts[::2], texts[1::2], strict=True) if name in READABLE]
    text = "\n".join(f"{name}\n{value}" for name, value in pairs)
    return Output(text, table=Table(("setting", "value"), tuple(pairs)), facts={k: _number(v) for k, v in pairs})


def _aligned(table: Table) -> str:
    return "\n".join("  ".join(row) for row in table.rows)


_READERS: Mapping[str, Callable[[Any, int], Output]] = {
    "INFO": _info,
    "SLOWLOG GET": _slow_log,
    "CLIENT LIST": _clients,
    "CONFIG GET": _settings,
}
