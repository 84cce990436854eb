"""Watching a change go through: a rollout is asked how far it is, until it is done, or will not be."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.kubernetes.nouns import Status
from bot.operations.operation import Operation
from bot.operations.output import Output
from bot.remediation.ports import Changers
from bot.runbooks.platform import Platform
from bot.wallclock import Clock

LONGEST = 900.0
"""Seconds that a rollout is watched; Kubernetes gives a Deployment 600 unless it says progressDeadlineSeconds."""
PATIENCE = 60.0
"""Seconds that its pods may be in trouble and none gets ready before that is a failure: registries have hiccups."""
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0  # seconds between two looks
_LATE = 0.05
"""The part of the time waited by which a rollout's end may be noticed late."""
_LOOK = Limits(seconds=15.0)

Tell = Callable[[str], Awaitable[None]]
"""Hears how far it is, in a sentence."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How something went through: whether it did, and the last that was said of it."""

    through: bool
    said: str


class Watching:
    """Watches changes on targets."""

    def __init__(self, changers: Changers, clock: Clock) -> None:
        self._changers, self._clock = changers, clock

    async def watch(
        self, platform: Platform, target: str, operation: Operation, tell: Tell, seconds: float = LONGEST
    ) -> Seen:
        """Return how it went through. Raises TargetError when the target will not say."""
        if not isinstance(operation, Status):
            output = await self._changers.ask(platform, operation, target, Limits(seconds=seconds))
            return Seen(output.code == 0, _last(output))
        return await self._followed(platform, target, replace(operation, watch=False), tell, seconds)

    async def _followed(self, platform: Platform, target: str, operation: Status, tell: Tell, seconds: float) -> Seen:
        began, trouble = self._clock.now(), _Trouble()
        while True:
            try:
                output = await self._changers.ask(platform, operation, target, _LOOK)
            except TargetUnreachable as error:
                if self._since(began) > seconds:
                    raise
                await tell(str(error))
            else:
                if _is_done(output):
                    return Seen(through=True, said=_last(output))
                if output.code or trouble.lasts(output, self._clock.now()) > PATIENCE:
                    return Seen(through=False, said=_last(output))
                await tell(_last(output))
                if self._since(began) > seconds:
                    return Seen(through=False, said=f"It is not done after {seconds:.0f} s. {_last(output)}")
            await self._clock.sleep(min(max(_SHORTEST_PAUSE, _LATE * self._since(began)), _LONGEST_PAUSE))

    def _since(self, began: datetime) -> float:
        return (self._clock.now() - began).total_seconds()


@dataclass(slots=True)
class _Trouble:
    """Since when a rollout's pods have been in trouble without anything going on.

    Pods in trouble change their words all the time (ErrImagePull, ImagePullBackOff) and look well for a moment when
    they are started once more: only a pod that became ready ends it.
    """

    reached: tuple[object, ...] = ()
    since: datetime | None = None

    def lasts(self, output: Output, now: datetime) -> float:
        """Return for how many seconds it has been there; 0 while there is none."""
        reached = (output.facts.get("updated"), output.facts.get("available"))
        if reached != self.reached:
            self.reached, self.since = reached, None
        if not any(line.startswith("error: ") for line in output.text.splitlines()):
            return 0.0
        self.since = self.since or now
        return (now - self.since).total_seconds()


def _is_done(output: Output) -> bool:
    return output.code == 0 and output.facts.get("done") == 1.0


def _last(output: Output) -> str:
    """Return what is worth telling: the trouble if there is one, else how far it is."""
    lines = [line.strip() for line in output.text.splitlines() if line.strip()]
    trouble = [f"Pods in trouble: {line.removeprefix('error: ')}" for line in lines if line.startswith("error: ")]
    return (trouble or lines)[0].rstrip(".") + "." if lines else ""
