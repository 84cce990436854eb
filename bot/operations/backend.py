"""The port of a target: what carries operations out."""

from dataclasses import dataclass
from typing import Protocol

from bot.operations.operation import Operation
from bot.operations.output import Output


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one operation may take: seconds in all, rows of a table, bytes of text."""

    seconds: float = 15.0
    rows: int = 1000
    size: int = 4_000_000


class Backend(Protocol):
    """One target."""

    async def run(self, operation: Operation, limits: Limits) -> Output:
        """Carry an operation out. Raises TargetError, and nothing else."""

    async def close(self) -> None:
        """Let go of what is open."""
