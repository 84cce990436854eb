"""A Redis server as a target."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from bot.errors import AnswerUnreadable, ChangeUnclear, TargetError, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.changing import Deed, Foresight
from bot.operations.operation import Operation
from bot.operations.output import Output
from bot.operations.redis import changing, keyspace
from bot.operations.redis.answers import answer, cut_of, lines
from bot.operations.redis.connection import ask, connected_to
from bot.operations.redis.faults import fault, slow, unreadable
from bot.operations.redis.latency import history, latency
from bot.operations.redis.nouns import BigKeys, Command, DeleteMatching, Latency, RedisOperation, Scan

_Found = TypeVar("_Found")
_SHARE = 0.8  # of the time limit: what a walk through the keys may use, so that it can still say how far it came
_MOST_SAMPLED = 200_000  # keys that --bigkeys looks at
_ALL = 10**12
_SHAPELESS = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)
"""What comes of a reply of another shape than its command has."""


class RedisBackend:
    """Carries operations out on one server; connects when the first comes."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._clients: dict[int | None, Redis] = {}

    async def run(self, operation: Operation, limits: Limits) -> Output:
        """Carry an operation out. Raises TargetError, and nothing else."""
        if not isinstance(operation, RedisOperation):
            raise TargetRefused("Redis cannot do this: it is not a redis-cli line.")
        started = time.monotonic()
        walk = self._walk(operation, limits, started + _SHARE * limits.seconds)
        try:
            async with asyncio.timeout(limits.seconds):
                output = await self._carry_out(operation, walk, limits)
        except TimeoutError:
            raise _told(slow(limits.seconds), walk) from None
        except (RedisError, OSError) as error:
            raise _told(fault(error, _name(operation)), walk) from None
        except _SHAPELESS:
            raise _told(unreadable(), walk) from None
        return _timed(_short(output, limits.size), time.monotonic() - started)

    async def count_matching(self, operation: DeleteMatching, limit: int, seconds: float = 5.0) -> keyspace.Matching:
        """Count the keys that a deletion would reach, up to `limit` and for at most so long. Raises TargetError."""
        deadline = time.monotonic() + _SHARE * seconds
        walk = keyspace.Walk(self._client(operation.database), operation.pattern, limit, deadline)
        try:
            async with asyncio.timeout(seconds):
                return await keyspace.count(walk)
        except TimeoutError:
            raise slow(seconds) from None
        except (RedisError, OSError) as error:
            raise fault(error, "SCAN") from None
        except _SHAPELESS:
            raise unreadable() from None

    async def foresee(self, operation: Operation, limits: Limits) -> Foresight:
        """Return what a change would do; see `changing`. Raises TargetError."""
        match operation:
            case DeleteMatching():
                found = await self.count_matching(operation, changing.MOST_COUNTED, limits.seconds)
                return changing.foresee_matching(operation, found)
            case Command():
                return await self._asked(operation, limits, lambda one: changing.foresee(one, operation))
        raise TargetRefused("Redis cannot do this, or it changes nothing.")

    async def change(self, operation: Operation, limits: Limits, deed: Deed) -> Output:
        """Carry a change out. Raises ChangeUnclear when the answer to it did not come, or TargetError."""
        if not isinstance(operation, RedisOperation):
            raise TargetRefused("Redis cannot do this: it is not a redis-cli line.")
        await deed.note(await self._asked(operation, limits, lambda one: changing.note_of(one, operation)))
        await self._asked(operation, limits, lambda one: one("PING"))  # whoever does not answer now was sent nothing
        try:
            return await self.run(operation, limits)
        except (TargetUnreachable, AnswerUnreadable) as error:
            raise ChangeUnclear(f"{error} It may have been done.") from None

    async def look(self, operation: Operation, limits: Limits, deed: Deed) -> Output | None:
        """Return what came of a change that was begun; see `changing`. Raises ChangeUnclear, or TargetError."""
        if not isinstance(operation, RedisOperation):
            raise TargetRefused("Redis cannot do this: it is not a redis-cli line.")
        if deed.noted is None:
            return None
        return await self._asked(operation, limits, lambda one: changing.look(one, operation, deed.noted))

    async def _asked(
        self, operation: RedisOperation, limits: Limits, question: Callable[[changing.Ask], Awaitable[_Found]]
    ) -> _Found:
        """Return what a question found out; what goes wrong on the way is a TargetError."""
        client = self._client(operation.database)

        async def one(*words: str | bytes | int) -> Any:
            try:
                return await ask(client, *words)
            except (RedisError, OSError) as error:
                raise fault(error, str(words[0])) from None

        try:
            async with asyncio.timeout(limits.seconds):
                return await question(one)
        except TimeoutError:
            raise slow(limits.seconds) from None
        except _SHAPELESS:
            raise unreadable() from None

    async def close(self) -> None:
        """Let go of all connections."""
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aclose()

    def _walk(self, operation: RedisOperation, limits: Limits, deadline: float) -> keyspace.Walk:
        client = self._client(operation.database)
        match operation:
            case Scan(pattern=pattern):
                return keyspace.Walk(client, pattern, limits.rows, deadline)
            case DeleteMatching(pattern=pattern):
                return keyspace.Walk(client, pattern, _ALL, deadline)
            case _:
                return keyspace.Walk(client, "*", _MOST_SAMPLED, deadline)

    async def _carry_out(self, operation: RedisOperation, walk: keyspace.Walk, limits: Limits) -> Output:
        match operation:
            case Scan():
                return await keyspace.list_keys(walk)
            case DeleteMatching():
                return await keyspace.delete(walk)
            case BigKeys():
                return await keyspace.big_keys(walk)
            case Latency():
                return await (history if operation.history else latency)(walk.client)
            case Command(name="GET" | "MGET"):
                return await _values(walk.client, operation, limits.size)
            case Command():
                return await _command(walk.client, operation, limits)
        raise TargetRefused("Redis cannot do this.")

    def _client(self, database: int | None) -> Redis:
        if database not in self._clients:
            self._clients[database] = connected_to(self._url, database)
        return self._clients[database]


async def _command(client: Redis, command: Command, limits: Limits) -> Output:
    if command.name == "HGET" and (length := int(await ask(client, "HSTRLEN", *command.arguments))) > limits.size:
        raise TargetRefused(
            f"This field has {length:,} bytes, more than {limits.size:,}, and Redis gives no part of it."
        )
    reply = await ask(client, command.name, *command.arguments)
    if command.name == "SET" and reply is None:
        return Output("(nil)", code=1, facts={"value": "not set: its condition does not hold"})
    return answer(command, reply, limits.rows)


async def _values(client: Redis, command: Command, size: int) -> Output:
    """Return the values of keys, and of a value that is too long its beginning: it is never fetched as a whole."""
    texts: list[str] = []
    longer = 0
    for key in command.arguments:
        length = await _length(client, key, strict=command.name == "GET")
        if length is None:
            texts += lines(None)
            continue
        kept = max(size - sum(map(len, texts)), 0)
        longer += max(length - kept, 0)
        wanted = ("GET", key) if length <= kept else ("GETRANGE", key, 0, max(kept - 1, 0))
        texts += lines(await ask(client, *wanted))
    return Output("\n".join(texts), cut=f"{longer:,} more bytes" if longer else "")


async def _length(client: Redis, key: str, *, strict: bool) -> int | None:
    """Return the bytes of a value; None when there is none, or, unless `strict`, when it is no string."""
    try:
        length = int(await ask(client, "STRLEN", key))
    except ResponseError as error:
        if strict or not str(error).startswith("WRONGTYPE"):
            raise
        return None
    exists = length > 0 or int(await ask(client, "EXISTS", key))
    return length if exists else None


def _name(operation: RedisOperation) -> str:
    if isinstance(operation, Command):
        return operation.name
    return {BigKeys: "MEMORY USAGE", Latency: "PING"}.get(type(operation), "SCAN and UNLINK")


def _told(error: TargetError, walk: keyspace.Walk) -> TargetError:
    """Return an error that says what was done before it."""
    if not walk.gone:
        return error
    verb = "was" if walk.gone == 1 else "were"
    return type(error)(f"{error} {keyspace.counted(walk.gone)} {verb} deleted before that.")


def _short(output: Output, size: int) -> Output:
    if len(output.text) <= size:
        return output
    cut = ", ".join(filter(None, (output.cut, f"{cut_of(len(output.text), size, 'characters')}")))
    return Output(output.text[:size], output.table, output.series, output.code, output.facts, cut)


def _timed(output: Output, seconds: float) -> Output:
    facts = {**output.facts, "seconds": round(seconds, 6)}
    return Output(output.text, output.table, output.series, output.code, facts, output.cut)
