"""What is wrong in a runbook file, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import RunbookError
from bot.runbooks.counting import counted


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to correct. `line` and `column` count from 1, as editors do."""

    path: Path
    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.sentence}"


class RunbookFaultsError(RunbookError):
    """The runbooks cannot be used as they are; `faults` has every reason, sorted by place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        head = f"The runbooks have {counted(len(self.faults), 'faults')}:"
        super().__init__("\n".join([head, *map(str, self.faults)]))


class NoTarget(RunbookError):
    """A platform has no target on which an operation could be carried out."""
