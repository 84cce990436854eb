"""What can be asked of Prometheus."""

from dataclasses import dataclass
from typing import ClassVar

from bot.operations.effect import Effect
from bot.operations.operation import Hole, Operation, TargetKind


@dataclass(frozen=True, slots=True)
class PromQuery(Operation):
    """An expression, now or at a moment; with `range` over the time before it, in steps. Times are seconds.

    `at` is RFC 3339 or Unix time as written, empty for now. `step` None is chosen from the range.
    """

    kind: ClassVar[TargetKind] = TargetKind.PROMETHEUS
    expression: str
    range: float | Hole | None = None
    step: float | Hole | None = None
    at: str = ""

    @property
    def effect(self) -> Effect:
        """A query changes nothing."""
        return Effect.READ
