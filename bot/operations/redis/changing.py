"""Changes of a Redis server: what each would do, and whether it was done.

Nothing of ours is written into people's databases to mark a deed: what a look needs is in the server already. All
commands here but FLUSHDB do the same when they are done twice; of that one the server counts the calls.
"""

import shlex
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.errors import ChangeUnclear, TargetRefused
from bot.operations.changing import Foresight
from bot.operations.effect import Effect
from bot.operations.output import Output
from bot.operations.redis.answers import shown
from bot.operations.redis.keyspace import Matching, counted
from bot.operations.redis.nouns import Command, DeleteMatching, RedisOperation
from bot.operations.roughly import roughly

Ask = Callable[..., Awaitable[Any]]
"""Returns the reply to a command's words. Raises TargetError."""

MOST_COUNTED = 100_000
"""Keys that are counted beforehand; more than these are many."""
_NAMED = 10  # keys that are named one by one
_NO_WAY_BACK = "There is no way back but the newest backup."
_SIZES = {"": 1, "b": 1, "k": 1000, "kb": 1024, "m": 1000**2, "mb": 1024**2, "g": 1000**3, "gb": 1024**3}


def foresee_matching(operation: DeleteMatching, found: Matching) -> Foresight:
    """Return what a deletion by a glob would do; the count is in `world` as `roughly` says it."""
    keys = counted(found.count) if found.complete else f"at least {counted(found.count)}"
    world = {f"Keys that match {operation.pattern}": roughly(found.count)} if found.complete else {}
    examples = f", such as {', '.join(found.examples)}" if found.examples else ""
    return Foresight(operation, f"{keys}{examples}", "gone", world, keys, _NO_WAY_BACK, final=True)


async def foresee(ask: Ask, command: Command) -> Foresight:
    """Return what a command would do. Raises TargetRefused when it would do nothing, or cannot be foreseen."""
    match command.name:
        case "DEL" | "UNLINK":
            return await _deleted(ask, command)
        case "FLUSHDB":
            return await _flushed(ask, command)
        case "EXPIRE" | "PERSIST":
            return await _kept_for(ask, command)
        case "CONFIG SET":
            return await _configured(ask, command)
        case "SET":
            return await _set(ask, command)
    raise TargetRefused(f"{command.name} changes nothing.")


async def _deleted(ask: Ask, command: Command) -> Foresight:
    keys = command.arguments
    if len(keys) > _NAMED:
        there = int(await ask("EXISTS", *keys))
        reach, world = counted(there), {"Keys that are there": roughly(there)}
        return Foresight(command, f"{there} of {counted(len(keys))}", "gone", world, reach, _NO_WAY_BACK, final=True)
    held = {key: await _held(ask, key) for key in keys}
    before = ", ".join(f"{key} ({what})" for key, what in held.items())
    world = {f"Key {key}": what.partition(",")[0] for key, what in held.items()}
    reach = counted(sum(what != "none" for what in held.values()))
    return Foresight(command, before, "gone", world, reach, _NO_WAY_BACK, final=True)


async def _held(ask: Ask, key: str) -> str:
    """Return a key's type and the memory that it takes, `none` when it is not there; never its value."""
    kind = shown(await ask("TYPE", key))
    size = await ask("MEMORY USAGE", key) if kind != "none" else None
    return kind if size is None else f"{kind}, {int(size):,} bytes"


async def _flushed(ask: Ask, command: Command) -> Foresight:
    number, info = int(await ask("DBSIZE")), await _info(ask, "memory")
    where = "the database" if command.database is None else f"database {command.database}"
    before = f"{counted(number)} of {where}; the server holds {info.get('used_memory_human', 'unknown')} in all"
    world = {f"Keys of {where}": roughly(number)}
    return Foresight(command, before, "gone", world, counted(number), _NO_WAY_BACK, final=True)


async def _kept_for(ask: Ask, command: Command) -> Foresight:
    key = command.arguments[0]
    left = int(await ask("TTL", key))
    if left == -2:
        raise TargetRefused(f"There is no key {key}.")
    before = f"{key} stays for good" if left == -1 else f"{key} expires in {left:,} s"
    undo = _line(command, "PERSIST", key) if left == -1 else _line(command, "EXPIRE", key, str(left))
    final = command.effect is Effect.DESTROY
    if final:
        after, undo = "gone at once", _NO_WAY_BACK
    elif command.name == "EXPIRE":
        after = f"{key} expires in {int(command.arguments[1]):,} s"
    else:
        after = f"{key} stays for good"
    # The time that is left changes with every second; whether it ends at all does not.
    world = {f"Key {key}": "stays for good" if left == -1 else "expires"}
    return Foresight(command, before, after, world, counted(1), undo, final=final)


async def _configured(ask: Ask, command: Command) -> Foresight:
    name, wanted = command.arguments
    before = await _setting(ask, name)
    if before is None:
        raise TargetRefused(f"This Redis has no setting {name}.")
    final = name.lower() == "maxmemory" and await _evicts(ask, wanted)
    evicted = ": Redis evicts keys at once until that is enough" if final else ""
    undo = _NO_WAY_BACK if final else _line(command, "CONFIG SET", name, before)
    world = {f"Setting {name}": before}
    after = f"{name} is {wanted}{evicted}"
    return Foresight(command, f"{name} is {before}", after, world, "the whole server", undo, final=final)


async def _evicts(ask: Ask, wanted: str) -> bool:
    """Whether a limit of the memory is below what is used, and keys go for it."""
    most = in_bytes(wanted)
    used = int((await _info(ask, "memory")).get("used_memory", "0"))
    return 0 < most < used and await _setting(ask, "maxmemory-policy") != "noeviction"


async def _set(ask: Ask, command: Command) -> Foresight:
    key, value, *options = command.arguments
    held = await _held(ask, key)
    conditions = {option.upper() for option in options}
    if (held != "none" and "NX" in conditions) or (held == "none" and "XX" in conditions):
        there = "not there" if held == "none" else "there already"
        raise TargetRefused(f"The key {key} is {there}: with {'XX' if held == 'none' else 'NX'} nothing would be set.")
    undo = _line(command, "DEL", key) if held == "none" else "There is no way back: the old value is not kept."
    after = f"{key} is a string of {len(value.encode()):,} bytes"
    before = f"{key} is {held}" if held != "none" else f"no key {key}"
    world = {f"Key {key}": held.partition(",")[0]}
    return Foresight(command, before, after, world, counted(1), undo, final=held != "none")


async def note_of(ask: Ask, operation: RedisOperation) -> Any:
    """Return what a look at this operation needs to know of the time before it."""
    if isinstance(operation, Command) and operation.name == "FLUSHDB":
        try:
            return await _calls(ask, "flushdb")
        except TargetRefused:  # no right to ask for it: the flush may be allowed all the same
            return {"sent": True}
    return {"sent": True}


async def look(ask: Ask, operation: RedisOperation, noted: Any) -> Output | None:
    """Return that the state is as it was wanted, or None when the operation may be done (again).

    Raises ChangeUnclear when neither can be told, and TargetError.
    """
    match operation:
        case Command(name="DEL" | "UNLINK", arguments=keys):
            return None if int(await ask("EXISTS", *keys)) else Output("none of these keys is left")
        case Command(name="FLUSHDB"):
            return await _flush_done(ask, noted)
        case Command(name="EXPIRE" | "PERSIST", arguments=(key, *_)):
            return await _time_set(ask, operation, key)
        case Command(name="CONFIG SET", arguments=(name, wanted)):
            return Output("OK") if _same(await _setting(ask, name), wanted) else None
        case Command(name="SET", arguments=(key, value, *_)):
            return await _value_set(ask, key, value)
        case DeleteMatching():
            return None  # what is gone is gone, and what still matches is what was approved
    raise ChangeUnclear("Redis cannot tell whether this was done: look at its keys before you repeat it.")


async def _flush_done(ask: Ask, noted: Any) -> Output | None:
    """Tell by the server's own count of FLUSHDB; a server that was restarted since has forgotten it."""
    now = await _calls(ask, "flushdb")
    if int(await ask("DBSIZE")) == 0:
        return Output("OK")
    if not isinstance(noted, Mapping) or noted.get("server") != now["server"] or now["calls"] < noted.get("calls", 0):
        raise ChangeUnclear("Redis cannot tell whether FLUSHDB was done, as after a restart: look at its keys.")
    return Output("OK") if now["calls"] > noted.get("calls", 0) else None


async def _time_set(ask: Ask, command: Command, key: str) -> Output | None:
    """Tell by the time that a key has left; setting it once more begins that time anew, which does no harm."""
    left = int(await ask("TTL", key))
    if left == -2:
        return Output("the key is gone")
    return Output("1") if command.name == "PERSIST" and left == -1 else None


async def _value_set(ask: Ask, key: str, value: str) -> Output | None:
    if shown(await ask("TYPE", key)) != "string" or int(await ask("STRLEN", key)) != len(value.encode()):
        return None
    return Output("OK") if bytes(await ask("GET", key) or b"") == value.encode() else None


async def _calls(ask: Ask, name: str) -> dict[str, Any]:
    """Return how often the server has carried a command out since it was started, and which start that is."""
    server = (await _info(ask, "server")).get("run_id", "")
    said = (await _info(ask, "commandstats")).get(f"cmdstat_{name}", "")
    calls = said.partition("calls=")[2].partition(",")[0]
    return {"server": server, "calls": int(calls or 0)}


async def _info(ask: Ask, section: str) -> dict[str, str]:
    text = shown(await ask("INFO", section)).replace("\r\n", "\n")
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)


async def _setting(ask: Ask, name: str) -> str | None:
    reply = await ask("CONFIG GET", name)
    return shown(reply[1]) if len(reply) > 1 else None


def in_bytes(text: str) -> int:
    """Return a size such as `100mb` in bytes, as Redis reads it; -1 for what is none."""
    digits = text[: len(text) - len(text.lstrip("0123456789"))]
    unit = _SIZES.get(text[len(digits) :].lower())
    return int(digits) * unit if digits and unit else -1


def _same(now: str | None, wanted: str) -> bool:
    return now is not None and (now == wanted or in_bytes(now) == in_bytes(wanted) != -1)


def _line(command: Command, *words: str) -> str:
    """Return a line of redis-cli for the same database."""
    where = [] if command.database is None else ["-n", str(command.database)]
    name, *rest = words
    return " ".join(["redis-cli", *where, name, *map(shlex.quote, rest)])
