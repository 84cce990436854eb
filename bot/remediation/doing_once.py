"""Doing a change once: as an effect of the run, looked up on its target before it is repeated."""

from dataclasses import dataclass
from typing import Any

from bot.durable.engine import Steps
from bot.durable.retry import Patience
from bot.errors import ChangeUnclear, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.changing import Deed
from bot.operations.effect import Effect
from bot.operations.output import Output
from bot.remediation.notes import Notes
from bot.remediation.nouns import RequestBoard
from bot.remediation.plan import Change
from bot.remediation.ports import Changers

PATIENCE = Patience(total=120.0, first=0.25, longest=10.0)
"""For a target that is away: by then somebody should know."""
_LONGEST = 2000
"""Characters of what a change said that are kept."""


class DoingOnce:
    """Does the changes of runs."""

    def __init__(self, changers: Changers) -> None:
        self._changers = changers

    async def done(
        self, steps: Steps, board: RequestBoard, change: Change, limits: Limits, kept: tuple[str, Notes]
    ) -> dict[str, Any]:
        """Do a change unless it is done, and return exit code and text; `kept` are its name in the run, and the notes.

        Raises StepFailed, of the code ChangeUnclear when nobody can tell whether it was done.
        """
        name, notes = kept
        if change.effect is Effect.READ:
            return await steps.step(name, lambda: self._asked(board, change, limits), PATIENCE)
        platform, doubt = board.platform, _Doubt()

        def deed() -> Deed:
            identity = f"{board.request.ref}.{name.removeprefix('change:')}"
            return Deed(identity, lambda value: notes.note(name, value), notes.of(name))

        async def change_it() -> dict[str, Any]:
            with doubt:
                said = await self._changers.change(platform, change.operation, change.target, limits, deed())
            return _kept(said)

        async def look() -> dict[str, Any] | None:
            try:
                found = await self._changers.look(platform, change.operation, change.target, limits, deed())
            except TargetUnreachable as error:
                if not doubt.stands:
                    raise
                raise ChangeUnclear(f"It may have been done, and the target cannot be asked: {error}") from None
            return None if found is None else _kept(found)

        return await steps.effect(name, change_it, look, PATIENCE)

    async def _asked(self, board: RequestBoard, change: Change, limits: Limits) -> dict[str, Any]:
        return _kept(await self._changers.ask(board.platform, change.operation, change.target, limits))


@dataclass(slots=True)
class _Doubt:
    """Whether a change may have been done without anybody knowing: so it is until a try ends in certainty."""

    stands: bool = True

    def __enter__(self) -> None:
        self.stands = True

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.stands = error is not None and not isinstance(error, TargetUnreachable | TargetRefused)


def _kept(output: Output) -> dict[str, Any]:
    return {"code": output.code, "text": output.text.strip()[:_LONGEST]}
