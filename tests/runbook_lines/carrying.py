"""Carrying a line out as the one path does: it is foreseen, done once, and looked at again."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from bot.errors import ChangeUnclear
from bot.operations.backend import Limits
from bot.operations.changing import Changer, Deed, Foresight
from bot.operations.http.nouns import HttpRequest
from bot.operations.kubernetes.changes import Exec
from bot.operations.line import Line
from bot.operations.operation import Operation
from bot.operations.output import Output
from bot.operations.postgres.nouns import Sql
from bot.operations.redis.nouns import DeleteMatching
from bot.runbooks.platform import Platform
from bot.runbooks.targets import HttpTarget, Target
from tests.runbook_lines.world import World

LIMITS = Limits(seconds=60)
DONE, AGAIN, UNCLEAR = "done", "may be done again", "unclear"
"""What a look says after a deed was done."""
_numbers = itertools.count(1)


@dataclass(slots=True)
class Notebook:
    """A deed with an identity of its own, and what was noted of it."""

    identity: str = field(default_factory=lambda: f"REQ-{next(_numbers)}.0")
    noted: Any = None

    @property
    def deed(self) -> Deed:
        """The deed, as the next try has it."""
        return Deed(self.identity, self._note, self.noted)

    async def _note(self, what: Any) -> None:
        self.noted = what


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of a line: what was foreseen, what the change said, and what looks said before and after it."""

    foresight: Foresight
    output: Output
    before: Output | None
    after: str
    notebook: Notebook


async def carried_out(world: World, platform: Platform, line: Line, target: Target) -> Carried:
    """Carry a line out through its backend's Changer. Raises TargetError."""
    backend = world.backend_of(platform, target)
    assert isinstance(backend, Changer)
    assert set(line.holes) <= (set(target.secrets_from) if isinstance(target, HttpTarget) else set())
    notebook = Notebook()
    foresight = await backend.foresee(line.operation, LIMITS)
    operation = foresight.operation
    before = await backend.look(operation, LIMITS, notebook.deed)
    output = await backend.change(operation, LIMITS, notebook.deed)
    after = await _looked(backend, operation, notebook, output)
    return Carried(foresight, output, before, after, notebook)


async def _looked(backend: Changer, operation: Operation, notebook: Notebook, output: Output) -> str:
    try:
        found = await backend.look(operation, LIMITS, notebook.deed)
    except ChangeUnclear:
        return UNCLEAR
    assert found is None or found.code == output.code
    return AGAIN if found is None else DONE


def expected_look(operation: Operation) -> str:
    """Return what a look says after a line of this kind was done: a server that keeps no trace of it cannot tell."""
    match operation:
        case Exec():
            return UNCLEAR
        case HttpRequest(method=method):
            return UNCLEAR if method in ("POST", "PATCH") else AGAIN
        case DeleteMatching():
            return AGAIN
        case Sql(statement=statement) if statement.head in ("vacuum", "reindex"):
            return AGAIN
    return DONE
