"""The port of whoever changes a target: foresee what would happen, do it once, and look whether it was done.

Every backend that can change something has these three beside `run`. `foresee` only reads, and returns the operation
with everything said that was left open (a revision, the names of pods), so that what was approved is what is done.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from bot.operations.backend import Limits
from bot.operations.operation import Operation
from bot.operations.output import Output

Note = Callable[[Any], Awaitable[None]]
"""Writes something down, as JSON, before the deed can be done: a transaction's id, a job's name."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """What a change would do, as the world is now.

    `before` and `after` are what people compare (`3 replicas`, `app:v1.41`); `world` is what must still be so when it
    is done, by names that people understand (`Deployment web: version`); `reach` says what depends on it (`5 pods`,
    `1,204 rows`); `undo` is the command line that takes it back, or a sentence; `rehearsal` what the server answered
    to a dry run. `then` are the operations that wait until it is through (`kubectl rollout status`), each with exit
    code 0 when it is. `final` says that it cannot be taken back, whatever the operation's own effect.
    """

    operation: Operation
    before: str = ""
    after: str = ""
    world: Mapping[str, str] = field(default_factory=dict)
    reach: str = ""
    undo: str = ""
    rehearsal: str = ""
    then: tuple[Operation, ...] = ()
    final: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """One change that is to happen once.

    `identity` names it in the outside world (an annotation, a job's name); `note` writes down what a later look needs,
    and `noted` is what an earlier try wrote.
    """

    identity: str
    note: Note
    noted: Any = None


@runtime_checkable
class Changer(Protocol):
    """One target that can be changed. Raises TargetError, and nothing else."""

    async def foresee(self, operation: Operation, limits: Limits) -> Foresight:
        """Return what a change would do. Raises TargetRefused when it would surely fail, with the reason."""

    async def change(self, operation: Operation, limits: Limits, deed: Deed) -> Output:
        """Carry a foreseen operation out. Raises ChangeUnclear when it may have been done."""

    async def look(self, operation: Operation, limits: Limits, deed: Deed) -> Output | None:
        """Return what came of a deed that was begun, None when it was not done and may be.

        Raises ChangeUnclear when the target cannot tell.
        """
