"""What can be done on a Redis server."""

from dataclasses import dataclass, field
from typing import ClassVar

from bot.operations.effect import Effect
from bot.operations.operation import Operation, TargetKind
from bot.operations.redis.commands import effect_of


@dataclass(frozen=True, slots=True)
class RedisOperation(Operation):
    """Something to do in one database of a server; None is the database that the target's address names."""

    kind: ClassVar[TargetKind] = TargetKind.REDIS
    database: int | None = field(default=None, kw_only=True)

    @property
    def effect(self) -> Effect:
        """Most of these only look."""
        return Effect.READ


@dataclass(frozen=True, slots=True)
class Command(RedisOperation):
    """One command of `commands.COMMANDS`, its name in capitals."""

    name: str
    arguments: tuple[str, ...] = ()

    @property
    def effect(self) -> Effect:
        """What the table says of it."""
        return effect_of(self.name, self.arguments)


@dataclass(frozen=True, slots=True)
class Scan(RedisOperation):
    """List the keys that match a glob, in pages, without blocking the server."""

    pattern: str = "*"


@dataclass(frozen=True, slots=True)
class BigKeys(RedisOperation):
    """Find the largest key of each type."""


@dataclass(frozen=True, slots=True)
class Latency(RedisOperation):
    """Measure how long a PING takes; with `history` in several windows, one after the other."""

    history: bool = False


@dataclass(frozen=True, slots=True)
class DeleteMatching(RedisOperation):
    """Delete every key that matches a glob, in pages and batches. `DEL prefix:*` means this and would do nothing."""

    pattern: str

    @property
    def effect(self) -> Effect:
        """Keys are gone for good."""
        return Effect.DESTROY
