"""What diagnoses and remediations ask of a platform's targets."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.errors import TargetRefused
from bot.operations.backend import Backend, Limits
from bot.operations.effect import Effect
from bot.operations.job.nouns import Job
from bot.operations.kubernetes.changes import Exec
from bot.operations.line import Line
from bot.operations.output import Output
from bot.runbooks.platform import Platform
from bot.runbooks.targets import Target


class Targets(Protocol):
    """The targets of all platforms."""

    async def run(self, platform: Platform, line: Line, target: str | None, limits: Limits) -> Output:
        """Carry out a line on a target by its name, or on the platform's first that is meant for it.

        The output is behind the line's filters and redacted. Raises TargetError, or NoTarget when there is none.
        """

    def turn(
        self, platform: Platform, target: Target, limits: Limits
    ) -> AbstractAsyncContextManager[tuple[Backend, Limits]]:
        """Wait for a turn at a target, and lend its backend with what is left of the limits.

        For the one path by which anything is changed. What is raised in the block leaves redacted; what is returned
        from it, the caller redacts. Raises TargetError.
        """

    def is_set_up(self, platform: Platform) -> bool:
        """Tell whether somebody has said how to reach any target of a platform; one that needs no saying counts."""

    async def close(self) -> None:
        """Let go of everything that is open."""


class Reader:
    """The targets for those who only look: what changes something cannot be asked of it."""

    def __init__(self, targets: Targets) -> None:
        self._targets = targets

    def is_set_up(self, platform: Platform) -> bool:
        """Tell whether any target of a platform can be asked."""
        return self._targets.is_set_up(platform)

    async def read(
        self, platform: Platform, line: Line, target: str | None, limits: Limits, stated: Effect | None = None
    ) -> Output:
        """Carry out a line that changes nothing.

        `stated` is what the runbook says that it does: people know what a script of theirs does, so that for a job or
        an exec their word counts. Raises TargetRefused for anything that changes something, else as Targets does.
        """
        effect = line.effect
        if stated is Effect.READ and effect is Effect.WRITE and isinstance(line.operation, Job | Exec):
            effect = Effect.READ
        if max(effect, stated or Effect.READ) is not Effect.READ:
            raise TargetRefused("This changes something, and a diagnosis only looks; make it an action.")
        return await self._targets.run(platform, line, target, limits)
