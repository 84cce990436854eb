"""Planning: what an action would change, line by line, as its targets answer now. It only reads."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from bot.access.redaction import redact
from bot.diagnosis.binding import bound, refuse_strangers
from bot.errors import BadInput, Conflict, TargetError, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.changing import Foresight
from bot.operations.effect import Effect
from bot.operations.job.nouns import Job
from bot.operations.kubernetes.changes import Exec
from bot.operations.line import Line, read_line
from bot.operations.refusal import LineRefused
from bot.operations.words import told
from bot.remediation.plan import Change, Plan
from bot.remediation.ports import Changers
from bot.runbooks.actions import Action
from bot.runbooks.platform import Platform
from bot.runbooks.targets import Target

_GLANCE = Limits(seconds=15.0)
"""Planning reads a few objects, counts, and tries a change without keeping it."""


class Planner:
    """Makes plans, and looks whether one still holds."""

    def __init__(self, changers: Changers) -> None:
        self._changers = changers

    async def plan(self, platform: Platform, action: Action, values: Mapping[str, str]) -> Plan:
        """Return what an action would change with these values.

        Raises BadInput when a value is missing or wrong, TargetError with a sentence when it would surely fail,
        Conflict when a target is away.
        """
        if not action.run:
            raise BadInput(_not_run(action))
        refuse_strangers((action,), values)
        places = [_bound(platform, action, line, values) for line in action.run]
        changes = [self._foreseen(platform, line, target.name, _effect(action, line)) for line, target in places]
        return Plan(tuple(await asyncio.gather(*changes)))

    async def plan_lines(self, platform: Platform, lines: Sequence[tuple[str, str]]) -> Plan:
        """Return what command lines would change, each with the name of its target: the way back of another plan."""
        read = [(_read(platform, text), target) for text, target in lines]
        changes = [self._foreseen(platform, line, target, line.effect) for line, target in read]
        return Plan(tuple(await asyncio.gather(*changes)))

    async def again(self, platform: Platform, plan: Plan) -> Plan:
        """Return the same plan as the world is now. Raises TargetError when something of it would surely fail."""
        changes = await asyncio.gather(*(self._anew(platform, change) for change in plan.changes))
        return replace(plan, changes=tuple(changes))

    async def _foreseen(self, platform: Platform, line: Line, target: str, effect: Effect) -> Change:
        if effect is Effect.READ:
            return Change(line.text, target, effect, line.operation)
        with told_when_away():
            foresight = await self._changers.foresee(platform, line.operation, target, _GLANCE)
        return Change.foreseen(line.text, target, effect, foresight)

    async def _anew(self, platform: Platform, change: Change) -> Change:
        if change.effect is Effect.READ:
            return change
        foresight: Foresight = await self._changers.foresee(platform, change.operation, change.target, _GLANCE)
        return Change.foreseen(change.line, change.target, change.effect, foresight)


@contextmanager
def told_when_away() -> Iterator[None]:
    """Raise Conflict for a target that is away: whoever asks is told at once, and asks again by themselves."""
    try:
        yield
    except TargetUnreachable as away:
        raise Conflict(f"{away} Nothing was asked for; try again when it answers.") from None


def _bound(platform: Platform, action: Action, line: Line, values: Mapping[str, str]) -> tuple[Line, Target]:
    """Return a line with the values in its holes, in its text as well: it is what people allow, without secrets."""
    filled, target = bound(platform, action, line, values)
    defaults = {name: parameter.default for name, parameter in action.parameters.items() if parameter.default}
    return replace(filled, text=redact(told(line.text, {**defaults, **values, **action.preset}))), target


def _effect(action: Action, line: Line) -> Effect:
    """Return the worst that a line of an action does: people know what a job or an exec of theirs does."""
    stated = action.stated_effect.effect if action.stated_effect else None
    if stated is None:
        return line.effect
    return stated if isinstance(line.operation, Job | Exec) else max(line.effect, stated)


def _not_run(action: Action) -> str:
    if action.opsroom:
        return f"“{action.title}” is done with {action.opsroom}."
    who = f" ({action.owner})" if action.owner else ""
    return f"“{action.title}” is something that people do{who}: {action.human} {action.because or ''}".strip()


def _read(platform: Platform, text: str) -> Line:
    try:
        return read_line(text, programs=platform.programs)
    except LineRefused as refused:
        raise TargetError(f"The way back cannot be read as a command: {refused}") from None
