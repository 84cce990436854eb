"""Carrying a request out: the workflow from the last approval to the result.

It may be run again from its beginning after a crash, on any replica: what was decided and done is in the ledger. A
change is an effect: when nobody knows whether it was done, the target is looked at before it is repeated.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import audit
from bot.access.audit import OPSROOM, Record
from bot.durable.engine import Engine, Json, StepFailed, Steps
from bot.durable.retry import Patience
from bot.durable.run import ended
from bot.errors import ChangeUnclear, StoreError, TargetRefused
from bot.operations.backend import Limits
from bot.remediation import outcome as outcomes
from bot.remediation.doing_once import PATIENCE, DoingOnce
from bot.remediation.ending import Ending
from bot.remediation.notes import Notes
from bot.remediation.nouns import RequestBoard, Task, TaskState
from bot.remediation.outcome import Outcome, RunEnded
from bot.remediation.plan import Change, Plan, moved
from bot.remediation.planning import Planner
from bot.remediation.ports import Changers
from bot.remediation.showing import Showing
from bot.remediation.switching import blackout_now, only_rehearses, read_only_because
from bot.remediation.tasks import place_of_way, tasks_of
from bot.remediation.verifying import Sign, Verifying
from bot.remediation.watching import Watching
from bot.runbooks.actions import Action
from bot.store import requests
from bot.store.database import Store
from bot.store.decisions import BROKE_GLASS
from bot.store.requests import RUNNING
from bot.wallclock import Clock

logger = logging.getLogger(__name__)

_REPLAN = Patience(total=60.0, first=0.25, longest=5.0)
_LIMITS = Limits(seconds=30.0)
_UNCLEAR = (ChangeUnclear.__name__, "fault")
"""Codes of failures that leave open whether a change was done; a mistake of our own may come after the deed."""
_VERIFIED = 120.0
"""Seconds in which a change has to have worked where neither the action nor the platform says so."""
_PAUSE = 5.0
"""Seconds between two looks whether it has worked."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A run that goes on: the plan as it was found to hold, and what is written down meanwhile."""

    board: RequestBoard
    action: Action | None
    plan: Plan
    notes: Notes

    @property
    def number(self) -> int:
        return self.board.request.number


class CarryingOut:
    """The workflow of all requests."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        changers: Changers,
        planner: Planner,
        verifying: Verifying,
        showing: Showing,
        ending: Ending,
    ) -> None:
        self._store, self._clock = store, clock
        self._planner, self._verifying = planner, verifying
        self._showing, self._ending = showing, ending
        self._watching, self._doing = Watching(changers, clock), DoingOnce(changers)

    def register(self, engine: Engine, name: str) -> None:
        """Name the workflow, before the launch."""
        engine.register(name, self.run)

    async def run(self, steps: Steps, argument: Json) -> Json:
        """Carry a request out and return how it ended."""
        assert isinstance(argument, Mapping)
        number = int(argument["request"])
        # Whatever goes wrong in here, a mistake of our own included: the target has to be free again afterwards.
        ending = await ended("run", steps.workflow_id, lambda: self._outcome(steps, number))
        outcome = await self._stranded(number, ending.failure) if ending.failure else Outcome(*ending.value)
        await self._ending.end(steps, number, outcome)
        return outcome.sentence

    async def _outcome(self, steps: Steps, number: int) -> list[str]:
        """Return how a run ended, as JSON: the state and the sentence."""
        try:
            outcome = await self._carried_out(steps, number)
        except RunEnded as early:
            outcome = early.outcome
        return [outcome.state, outcome.sentence]

    async def _stranded(self, number: int, failure: StepFailed) -> Outcome:
        """Return the outcome of a run that could not go on: unclear if something of it had begun."""
        async with self._store.read() as connection:
            request = await requests.by_number(connection, number)
        tasks = [Task.from_json(each) for each in (request.progress if request else None) or ()]
        begun = any(task.state is not TaskState.PENDING for task in tasks)
        return outcomes.broken(tasks, f"Opsroom could not go on: {failure}", unclear=begun)

    async def _carried_out(self, steps: Steps, number: int) -> Outcome:
        board = await self._board(number)
        plan = await self._still_holds(steps, board)
        action = board.platform.actions.get(board.request.action or "")
        tasks = tasks_of(board, plan, action)
        began = datetime.fromisoformat(await steps.step("began", lambda: self._begun(board, plan, tasks)))
        notes = Notes(self._store, number, tasks, dict(board.request.notes or {}))
        run = _Run(board, action, plan, notes)
        for at, change in enumerate(plan.changes):
            await self._changed(steps, run, at, change)
        for at, change in enumerate(plan.changes):
            for which in range(len(change.then)):
                await self._watched(steps, run, at, which)
        signs = await self._verified(steps, run)
        seconds = (datetime.fromisoformat(await steps.step("ended", self._now)) - began).total_seconds()
        return outcomes.done(seconds, signs)

    async def _board(self, number: int) -> RequestBoard:
        async with self._store.read() as connection:
            request = await requests.by_number(connection, number)
        assert request is not None, "a request is never removed"
        return await self._showing.board_of(request)

    async def _begun(self, board: RequestBoard, plan: Plan, tasks: Sequence[Task]) -> str:
        """Put on record, once, that the changes begin, before the first of them; return the moment."""
        now, request = self._clock.now(), board.request
        details = {"fingerprint": plan.fingerprint, "lines": [change.line for change in plan.changes]}
        async with self._store.begin() as connection:
            found = await requests.by_number(connection, request.number, hold=True)
            if found is not None and found.progress is None:
                written = [task.as_json() for task in tasks]
                await requests.change(connection, request.number, (RUNNING,), progress=written)
                record = Record(now, OPSROOM, "change.begun", request.ref, request.platform, details)
                await audit.append(connection, record)
        return now.isoformat()

    async def _now(self) -> str:
        return self._clock.now().isoformat()

    async def _still_holds(self, steps: Steps, board: RequestBoard) -> Plan:
        """Return the plan as it is now. Raises RunEnded when the world has moved, or nothing may be changed now."""
        try:
            found = await steps.step("replan", lambda: self._planned_again(board), _REPLAN)
        except StepFailed as failed:
            raise RunEnded(outcomes.stopped(str(failed))) from None
        if found.get("stop"):
            raise RunEnded(outcomes.stopped(found["stop"]))
        if found.get("moved"):
            raise RunEnded(outcomes.void(found["moved"]))
        plan = Plan.from_json(found["plan"])
        if found.get("rehearse"):
            raise RunEnded(outcomes.rehearsed([change.rehearsal for change in plan.changes]))
        return plan

    async def _planned_again(self, board: RequestBoard) -> dict[str, Any]:
        async with self._store.read() as connection:
            if why := await self._stopped_by(connection, board):
                return {"stop": why}
            rehearse = await only_rehearses(connection, board.platform)
        try:
            now = await self._planner.again(board.platform, board.plan)
        except TargetRefused as refused:
            return {"moved": [str(refused)]}
        return {"moved": list(moved(board.plan, now)), "plan": now.as_json(), "rehearse": rehearse}

    async def _stopped_by(self, connection: AsyncConnection, board: RequestBoard) -> str:
        """Return why a request is not to begin any more, as a sentence; an empty text when it may."""
        request = await requests.by_number(connection, board.request.number)
        if request is None or request.state != RUNNING:
            return f"{board.request.ref} is {request.state if request else 'gone'}."
        if why := await read_only_because(connection, board.platform):
            return why
        broken = any(decision.verdict == BROKE_GLASS for decision in board.decisions)
        return "" if broken else blackout_now(board.platform, self._clock.now())

    async def _changed(self, steps: Steps, run: _Run, at: int, change: Change) -> None:
        """Do one change, once. Raises RunEnded when it failed, or when nobody can tell whether it was done."""
        await self._tell(run, at, TaskState.RUNNING)
        try:
            said = await self._doing.done(steps, run.board, change, _limits(run.action), (f"change:{at}", run.notes))
        except StepFailed as failed:
            unclear = failed.code in _UNCLEAR
            state = TaskState.UNCLEAR if unclear else TaskState.FAILED
            await self._tell(run, at, state, str(failed))
            raise RunEnded(outcomes.broken(run.notes.tasks, f"{change.line}: {failed}", unclear=unclear)) from None
        state = TaskState.FAILED if said["code"] else TaskState.DONE
        await self._tell(run, at, state, said["text"])
        if said["code"]:
            why = f"{change.line} ended with exit code {said['code']}: {said['text'] or 'it said nothing'}"
            raise RunEnded(outcomes.broken(run.notes.tasks, why))

    async def _watched(self, steps: Steps, run: _Run, at: int, which: int) -> None:
        """Wait until a change is through. Raises RunEnded when it is not."""
        change, task = run.plan.changes[at], place_of_way(run.plan, at, which)
        await self._tell(run, task, TaskState.RUNNING)

        async def tell(said: str) -> None:
            await self._tell(run, task, TaskState.RUNNING, said)

        async def watch() -> dict[str, Any]:
            seen = await self._watching.watch(run.board.platform, change.target, change.then[which], tell)
            return {"through": seen.through, "said": seen.said}

        try:
            seen = await steps.step(f"watch:{at}:{which}", watch, PATIENCE)
        except StepFailed as failed:
            seen = {"through": False, "said": str(failed)}
        await self._tell(run, task, TaskState.DONE if seen["through"] else TaskState.FAILED, seen["said"])
        if not seen["through"]:
            raise RunEnded(outcomes.broken(run.notes.tasks, f"It did not go through: {seen['said']}"))

    async def _verified(self, steps: Steps, run: _Run) -> Sequence[Sign]:
        """Look until it has worked, and return the signs of that. Raises RunEnded when it has not in time."""
        if run.action is None or not run.action.verify:
            return ()
        task, action = len(run.notes.tasks) - 1, run.action
        await self._tell(run, task, TaskState.RUNNING)

        async def look() -> list[list[Any]]:
            signs = await self._look_until_fine(run, action, task)
            return [[sign.title, sign.said, sign.fine, sign.known, sign.warns] for sign in signs]

        signs = [Sign(*each) for each in await steps.step("verify", look)]
        bad = [sign for sign in signs if not sign.fine]
        await self._tell(run, task, TaskState.FAILED if bad else TaskState.DONE, _told(bad or signs))
        if bad:
            known = any(sign.known for sign in bad)
            how = "it has not worked" if known else "nobody can tell whether it has worked"
            raise RunEnded(outcomes.broken(run.notes.tasks, f"It was done, and {how}: {_told(bad)}"))
        return signs

    async def _look_until_fine(self, run: _Run, action: Action, task: int) -> Sequence[Sign]:
        platform, given = run.board.platform, run.board.request.given
        own = platform.rollback.verify_within if platform.rollback and platform.rollback.action == action.name else None
        within = action.verify_within or own
        seconds = within.total_seconds() if within else _VERIFIED
        began = self._clock.now()
        while True:
            signs = await self._verifying.verify(platform, action, given)
            bad = [sign for sign in signs if not sign.fine]
            if not bad or (self._clock.now() - began).total_seconds() + _PAUSE > seconds:
                return signs
            await self._tell(run, task, TaskState.RUNNING, _told(bad))
            await self._clock.sleep(_PAUSE)

    async def _tell(self, run: _Run, task: int, state: TaskState, detail: str = "") -> None:
        """Write down how far a task is, and show it; what is done does not wait for that."""
        try:
            changed = await run.notes.task(task, state, detail[:_DETAIL])
        except StoreError as error:
            logger.info("%s notes its progress later: %s", run.board.request.ref, error)
            return
        if changed:
            self._showing.show_soon(run.number)


_DETAIL = 500
"""Characters of what a task says; the rest is in the audit log."""


def _limits(action: Action | None) -> Limits:
    return Limits(seconds=action.time_limit.total_seconds()) if action and action.time_limit else _LIMITS


def _told(signs: Sequence[Sign]) -> str:
    return " ".join(f"{sign.title}: {sign.said.rstrip('.')}." for sign in signs)
