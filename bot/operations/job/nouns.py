"""Jobs: programs of an image, each run once beside a platform's own containers."""

from dataclasses import dataclass
from typing import ClassVar

from bot.operations.effect import Effect
from bot.operations.job.effects import effect_of
from bot.operations.operation import Operation, TargetKind


@dataclass(frozen=True, slots=True)
class Job(Operation):
    """Run a program with its arguments, as they stand: no shell splits or expands them."""

    kind: ClassVar[TargetKind] = TargetKind.JOB
    program: str
    arguments: tuple[str, ...] = ()

    @property
    def effect(self) -> Effect:
        """A write, unless the program is known to read only or to lose something."""
        return effect_of(self.program, self.arguments)


@dataclass(frozen=True, slots=True)
class IsSet(Operation):
    """Tell whether a variable of the platform's environment has a value: `set` or `not set`, never the value.

    It is answered from the settings of the target, without starting anything.
    """

    kind: ClassVar[TargetKind] = TargetKind.JOB
    name: str

    @property
    def effect(self) -> Effect:
        """It only looks."""
        return Effect.READ
