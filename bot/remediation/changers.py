"""The targets as they can be changed: the same connections as for looking, and nothing leaves unredacted."""

from dataclasses import replace

from bot.diagnosis.leaving import Redact, leaving
from bot.diagnosis.ports import Targets
from bot.errors import TargetRefused
from bot.operations.backend import Backend, Limits
from bot.operations.changing import Changer, Deed, Foresight
from bot.operations.effect import Effect
from bot.operations.job.nouns import Job
from bot.operations.kubernetes.changes import Exec
from bot.operations.operation import Operation
from bot.operations.output import Output
from bot.runbooks.platform import Platform
from bot.runbooks.targets import Target


class TargetChangers:
    """See `Changers`."""

    def __init__(self, targets: Targets, redact: Redact) -> None:
        self._targets, self._redact = targets, redact

    async def foresee(self, platform: Platform, operation: Operation, target: str, limits: Limits) -> Foresight:
        """See Changers."""
        entry = platform.target_for(operation, target)
        async with self._targets.turn(platform, entry, limits) as (backend, left):
            return self._clean(await _changer(backend, entry).foresee(operation, left))

    async def change(self, platform: Platform, operation: Operation, target: str, limits: Limits, deed: Deed) -> Output:
        """See Changers."""
        entry = platform.target_for(operation, target)
        async with self._targets.turn(platform, entry, limits) as (backend, left):
            return await leaving(await _changer(backend, entry).change(operation, left, deed), (), self._redact)

    async def look(
        self, platform: Platform, operation: Operation, target: str, limits: Limits, deed: Deed
    ) -> Output | None:
        """See Changers."""
        entry = platform.target_for(operation, target)
        async with self._targets.turn(platform, entry, limits) as (backend, left):
            found = await _changer(backend, entry).look(operation, left, deed)
        return await leaving(found, (), self._redact) if found else None

    async def ask(self, platform: Platform, operation: Operation, target: str, limits: Limits) -> Output:
        """See Changers. Raises TargetRefused for what changes something."""
        _refuse_change(operation)
        entry = platform.target_for(operation, target)
        async with self._targets.turn(platform, entry, limits) as (backend, left):
            return await leaving(await backend.run(operation, left), (), self._redact)

    def _clean(self, foresight: Foresight) -> Foresight:
        """Return a foresight without secrets; a way back that has one in it is none that may be kept."""
        redact = self._redact
        back = foresight.undo if redact(foresight.undo) == foresight.undo else "Only by hand: it has a secret in it."
        return replace(
            foresight,
            before=redact(foresight.before),
            after=redact(foresight.after),
            world={redact(name): redact(value) for name, value in foresight.world.items()},
            reach=redact(foresight.reach),
            undo=back,
            rehearsal=redact(foresight.rehearsal),
        )


def _refuse_change(operation: Operation) -> None:
    """Raise TargetRefused for what is more than a look; what a job or an exec does only people know, who have said."""
    most = Effect.WRITE if isinstance(operation, Job | Exec) else Effect.READ
    if operation.effect > most:
        raise TargetRefused("This changes something, and is asked for as if it only looked.")


def _changer(backend: Backend, target: Target) -> Changer:
    if not isinstance(backend, Changer):
        raise TargetRefused(f"The target {target.name} can only be looked at.")
    return backend
