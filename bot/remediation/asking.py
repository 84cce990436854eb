"""Asking for a change: plan it, write it down, show it to those who may allow it. Nothing is changed here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.access import audit
from bot.access.audit import Record
from bot.access.roles import Rights, Role
from bot.errors import BadInput, Conflict, SlackRefused
from bot.operations.effect import Effect
from bot.remediation.nouns import RequestBoard, TaskState
from bot.remediation.plan import Criterion, Plan
from bot.remediation.planning import Planner
from bot.remediation.policy import Policy, policy_for
from bot.remediation.showing import Showing
from bot.remediation.switching import refuse_if_read_only
from bot.runbooks.actions import Action
from bot.runbooks.platform import Platform
from bot.store import requests, timeline, timers
from bot.store.database import Store
from bot.store.requests import DONE, FAILED, UNCLEAR, VOID, WAITING, Asked, Request
from bot.store.timeline import Entry

EXPIRY = "request-expiry"
"""The kind of timer after which nobody can allow a request any more; its key is the request's number."""
_SHUT_OUT = {"not_in_channel", "channel_not_found", "is_archived"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants done, where it was said, and by which click or command (`origin`).

    `typed` is what they typed to confirm something final; `criteria` speak for it.
    """

    origin: str
    platform: Platform
    action: Action
    given: Mapping[str, str]
    by: str
    at: datetime
    channel: str
    incident: int | None = None
    reason: str = ""
    typed: str = ""
    criteria: tuple[Criterion, ...] = ()


class ConfirmationMissing(BadInput):
    """Something final is asked for, and whoever asks has not typed the name of its target yet; `name` is that name."""

    def __init__(self, name: str, typed: str) -> None:
        wrong = f"You typed “{typed[:80]}”. " if typed else ""
        super().__init__(f"{wrong}This cannot be undone. Type {name} to ask for it all the same.")
        self.name = name


class Asking:
    """Takes wishes, and makes requests of them."""

    def __init__(self, store: Store, planner: Planner, showing: Showing) -> None:
        self._store, self._planner, self._showing = store, planner, showing

    async def ask(self, wish: Wish, rights: Rights) -> Request:
        """Plan what is wished for and ask for it in its channel.

        Raises NotAllowed, BadInput and TargetError with a sentence when it cannot be asked for, ConfirmationMissing
        when a name has to be typed first, Conflict while Opsroom is read-only or where it cannot write.
        """
        rights.require(Role.OPERATOR, wish.platform.name)
        if known := await self._known(wish.origin, wish.platform):
            return known
        plan = replace(await self._planner.plan(wish.platform, wish.action, wish.given), criteria=wish.criteria)
        policy = policy_for(wish.platform, plan, wish.action)
        _confirmed(policy, wish.typed)
        asked = _asked(
            wish,
            plan,
            policy,
            platform=wish.platform.name,
            action=wish.action.name,
            title=wish.action.title,
            given=dict(wish.given),
            reason=wish.reason or None,
            undoes=None,
            incident=wish.incident,
        )
        return await self._written(asked)

    async def take_back(self, number: int, rights: Rights, wish: "Return") -> Request:
        """Ask for the way back of what a request has done. Raises BadInput when there is none."""
        async with self._store.read() as connection:
            done = await requests.by_number(connection, number)
        if done is None:
            raise BadInput(f"There is no request REQ-{number}. /request list shows those that are open.")
        board = await self._showing.board_of(done)
        rights.require(Role.OPERATOR, done.platform)
        if known := await self._known(wish.origin, board.platform):
            return known
        lines = ways_back(board)
        if not lines:
            raise BadInput(f"{done.ref} has nothing that a command could take back.")
        plan = await self._planner.plan_lines(board.platform, lines)
        policy = policy_for(board.platform, plan)
        _confirmed(policy, wish.typed)
        asked = _asked(
            wish,
            plan,
            policy,
            platform=done.platform,
            action=done.action,  # its checks tell as well whether all is well again
            title=_taking_back(done),
            given=done.given,
            reason=None,
            undoes=done.number,
            incident=done.incident,
        )
        return await self._written(asked)

    async def _known(self, origin: str, platform: Platform) -> Request | None:
        """Return what was asked for by this very click, before a crash; raise Conflict while nothing may be changed."""
        async with self._store.read() as connection:
            known = await requests.by_origin(connection, origin)
            if known is None:
                await refuse_if_read_only(connection, platform)
        if known is not None and known.message_ts is None and known.state == WAITING:
            await self._showing.post(known)
        return known

    async def _written(self, asked: Asked) -> Request:
        """Write the request down once, and show it; where Opsroom cannot write it is void."""
        async with self._store.begin() as connection:
            request, fresh = await requests.ask(connection, asked)
            if fresh:
                await timers.put(connection, EXPIRY, str(request.number), request.expires_at, None)
                if request.incident is not None:
                    said = f"Asked for {request.ref}: {request.title}"
                    entry = Entry(asked.origin, asked.requested_at, "request", said, asked.requested_by)
                    await timeline.record(connection, request.incident, entry)
                await audit.append(connection, _record(request))
        try:
            await self._showing.post(request)
        except SlackRefused as refused:
            if refused.code not in _SHUT_OUT:
                raise
            async with self._store.begin() as connection:
                why = "Opsroom could not show it where it was asked for."
                ended = {"state": VOID, "outcome": why, "ended_at": asked.requested_at}
                await requests.change(connection, request.number, (WAITING,), **ended)
                await timers.remove(connection, EXPIRY, str(request.number))
            raise Conflict("I cannot write here. Invite me to this channel, then ask again.") from None
        return request


@dataclass(frozen=True, slots=True)
class Return:
    """Who wants something taken back, when, where, and by which click (`origin`)."""

    origin: str
    by: str
    at: datetime
    channel: str
    typed: str = ""


def ways_back(board: RequestBoard) -> tuple[tuple[str, str], ...]:
    """Return the command lines that take back what a request has done, the last one first, each with its target's name.

    What may have been done counts as done. Nothing when a part of it has no way back: half a way back is none.
    """
    if board.request.state not in (DONE, FAILED, UNCLEAR):
        return ()
    tasks = zip(board.plan.changes, board.tasks, strict=False)
    done = [change for change, task in tasks if task.state in (TaskState.DONE, TaskState.UNCLEAR)]
    done = [change for change in done if change.effect is not Effect.READ]
    complete = all(change.undo and _is_line(change.undo) for change in done)
    return tuple((change.undo, change.target) for change in reversed(done)) if complete else ()


def _taking_back(done: Request) -> str:
    """Return the title of a way back; that of a way back of a way back does not tell the whole story again."""
    return f"Take {done.ref} back{f', which took REQ-{done.undoes} back' if done.undoes else f': {done.title}'}"


def _confirmed(policy: Policy, typed: str) -> None:
    if policy.typed and typed.strip() != policy.typed:
        raise ConfirmationMissing(policy.typed, typed)


def _is_line(text: str) -> bool:
    """Tell a command line from a sentence, which ends with a full stop."""
    return not text.rstrip().endswith(".")


def _asked(said: Wish | Return, plan: Plan, policy: Policy, **what: Any) -> Asked:
    """Return a request as it is written down: who said so, what was planned, and `what` it is about."""
    return Asked(
        origin=said.origin,
        channel=said.channel,
        requested_by=said.by,
        requested_at=said.at,
        plan=plan.as_json(),
        policy=policy.as_json(),
        expires_at=said.at + timedelta(seconds=policy.seconds),
        **what,
    )


def _record(request: Request) -> Record:
    plan = Plan.from_json(request.plan)
    details = {
        "action": request.action,
        "lines": [change.line for change in plan.changes],
        "values": dict(request.given),
        "fingerprint": plan.fingerprint,
        "reason": request.reason,
        "undoes": f"REQ-{request.undoes}" if request.undoes else None,
    }
    return Record(request.requested_at, request.requested_by, "request.made", request.ref, request.platform, details)
