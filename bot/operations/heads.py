"""Who reads a command line, by its first word."""

from collections.abc import Callable, Mapping

from bot.operations.operation import Operation
from bot.operations.redis.grammar import read_redis
from bot.operations.words import Part

Reader = Callable[[str, Part], Operation]
"""Takes the line, for its refusals, and the words of its first part; returns the operation or raises LineRefused."""

HEADS: Mapping[str, Reader] = {
    "redis-cli": read_redis,
}
