"""Deciding on a request: allow, deny, withdraw, break the glass, let it expire. Of two clicks at once each counts once.

A decision stands in the store before anything begins; whoever repeats it after a crash starts the same run again, which
is the one that goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import audit
from bot.access.approvers import Approvers
from bot.access.audit import OPSROOM, Record
from bot.access.roles import Rights, Role
from bot.durable.engine import Engine
from bot.durable.timers import Timers
from bot.errors import BadInput, Conflict, NotAllowed
from bot.remediation.asking import EXPIRY
from bot.remediation.handing import BEGINNING, admit
from bot.remediation.nouns import GlassBroken, RequestBoard
from bot.remediation.policy import Policy
from bot.remediation.ports import Board
from bot.remediation.showing import Showing
from bot.remediation.switching import blackout_now, refuse_if_read_only
from bot.store import decisions, incidents, requests, timeline, timers
from bot.store.database import Store
from bot.store.decisions import APPROVED, BROKE_GLASS, DENIED, WITHDRAWN, Decision
from bot.store.requests import EXPIRED, OPEN, QUEUED, RUNNING, WAITING, Request
from bot.store.timeline import Entry
from bot.store.timers import Timer

RUN = "remediation"
"""The workflow that carries a request out; its id is `run:` and the request's number."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who decides, when, and by which click or command."""

    by: str
    at: datetime
    origin: str


class Deciding:
    """Takes decisions, and begins what is allowed."""

    def __init__(self, store: Store, engine: Engine, showing: Showing, board: Board, approvers: Approvers) -> None:
        self._store, self._engine = store, engine
        self._showing, self._board, self._approvers = showing, board, approvers

    def listen(self, clock_timers: Timers) -> None:
        """Take the timers after which nobody can allow a request any more."""
        clock_timers.handle(EXPIRY, self._expire)
        clock_timers.handle(BEGINNING, self._begin)

    async def find(self, number: int, rights: Rights, role: Role = Role.VIEWER) -> RequestBoard:
        """Return a request on whose platform the person has that role. Raises BadInput and NotAllowed."""
        async with self._store.read() as connection:
            found = await requests.by_number(connection, number)
        if found is None:
            raise BadInput(f"There is no request REQ-{number}. /request list shows those that are open.")
        board = await self._showing.board_of(found)
        rights.require(role, found.platform)
        return board

    async def approve(self, number: int, rights: Rights, hand: Hand) -> RequestBoard:
        """Allow a request; the last of the approvals that it needs begins it.

        Raises NotAllowed for whoever may not, Conflict when there is nothing to allow any more.
        """
        board = await self.find(number, rights, Role.APPROVER)
        request = board.request
        if not board.policy.approvals:
            raise NotAllowed(f"{request.ref} needs nobody's approval: whoever asked for it begins it.")
        if request.requested_by == hand.by:
            raise NotAllowed(f"You asked for {request.ref}, so somebody else has to allow it.")
        return await self._allowed(board, hand)

    async def begin(self, number: int, rights: Rights, hand: Hand) -> RequestBoard:
        """Begin one's own request, which needs nobody's approval. Raises NotAllowed for any other."""
        board = await self.find(number, rights, Role.OPERATOR)
        request = board.request
        if board.policy.approvals:
            raise NotAllowed(f"{request.ref} needs somebody's approval, and begins with that.")
        if request.requested_by != hand.by:
            raise NotAllowed(f"Somebody else asked for {request.ref}, and has to begin it.")
        return await self._allowed(board, hand)

    async def _allowed(self, board: RequestBoard, hand: Hand) -> RequestBoard:
        """Raise NotAllowed for whoever is no member of the team, or in none of the groups of the policy."""
        if why := await self._approvers.may_approve(hand.by, board.platform.title, board.policy.groups):
            raise NotAllowed(why)
        return await self._decided(board, Decision(board.request.number, hand.by, APPROVED, None, hand.at), hand)

    async def deny(self, number: int, rights: Rights, reason: str, hand: Hand) -> RequestBoard:
        """Refuse a request for good, and say why."""
        board = await self.find(number, rights, Role.APPROVER)
        return await self._closed(board, Decision(number, hand.by, DENIED, reason, hand.at), hand)

    async def withdraw(self, number: int, rights: Rights, hand: Hand) -> RequestBoard:
        """Take one's own request back before anything was done. Raises NotAllowed for somebody else's."""
        board = await self.find(number, rights)
        if board.request.requested_by != hand.by:
            rights.require(Role.ADMIN, board.platform.name)
        return await self._closed(board, Decision(number, hand.by, WITHDRAWN, None, hand.at), hand)

    async def break_glass(self, number: int, rights: Rights, reason: str, hand: Hand) -> RequestBoard:
        """Begin a request without waiting for approvals, for all to see.

        Raises NotAllowed for whoever is no admin there, unless they are the one who is on the incident.
        """
        board = await self.find(number, rights, Role.OPERATOR)
        if not await self._is_on_it(board.request, hand.by):
            rights.require(Role.ADMIN, board.platform.name)
        if why := await self._approvers.may_approve(hand.by, board.platform.title):
            raise NotAllowed(why)
        return await self._decided(board, Decision(number, hand.by, BROKE_GLASS, reason, hand.at), hand)

    async def _decided(self, board: RequestBoard, decision: Decision, hand: Hand) -> RequestBoard:
        """Write an approval down, and begin the run when there are enough."""
        async with self._store.begin() as connection:
            now = await _held(connection, decision.request)
            if not await self._is_repeated(connection, decision):
                await self._refuse_unless_open(connection, board, now, decision)
                await decisions.record(connection, decision)
                state = await self._advanced(connection, board.policy, now, decision)
                begins = state in (RUNNING, QUEUED)
                await _note(connection, now, decision, hand, {"enough": begins, "reason": decision.reason})
                now = await _held(connection, decision.request)
        await self._begun(now)
        self._showing.show_soon(now.number)
        return await self._showing.board_of(now)

    async def _is_on_it(self, request: Request, person: str) -> bool:
        """Tell whether somebody has acknowledged the incident in whose room a request was made."""
        if request.incident is None:
            return False
        async with self._store.read() as connection:
            incident = await incidents.by_number(connection, request.incident)
        return incident is not None and incident.acknowledged_by == person

    async def _begun(self, request: Request) -> None:
        """Begin what may begin, and tell everybody who broke the glass for it; twice is as once."""
        board = await self._showing.board_of(request)
        for broken in (each for each in board.decisions if each.verdict == BROKE_GLASS):
            loud = GlassBroken(request, board.platform, broken.person, broken.reason or "")
            channel = f"#{board.platform.announcement_channel}"
            await self._board.send(f"broke-glass:{request.number}", channel, loud)
        if request.state == RUNNING:
            await self._engine.start(RUN, f"run:{request.number}", {"request": request.number})

    async def _begin(self, timer: Timer) -> None:
        """Begin a request whose approver's replica was killed before it could."""
        async with self._store.read() as connection:
            request = await requests.by_number(connection, int(timer.key))
        if request is not None and request.state in (RUNNING, QUEUED):
            await self._begun(request)

    async def _advanced(self, connection: AsyncConnection, policy: Policy, now: Request, decision: Decision) -> str:
        """Return the state that a request is in with this decision."""
        approvals = [each for each in await decisions.on(connection, now.number) if each.verdict == APPROVED]
        if decision.verdict != BROKE_GLASS and len(approvals) < policy.approvals:
            await requests.count_up(connection, now.number)
            return WAITING
        await timers.remove(connection, EXPIRY, str(now.number))
        return await admit(connection, now, decision.at)

    async def _closed(self, board: RequestBoard, decision: Decision, hand: Hand) -> RequestBoard:
        """Write down that a request is not to be carried out."""
        async with self._store.begin() as connection:
            now = await _held(connection, decision.request)
            if not await self._is_repeated(connection, decision):
                if now.state not in (WAITING, QUEUED):
                    raise Conflict(_too_late(now))
                await decisions.record(connection, decision)
                closed = {"state": decision.verdict, "decided_at": decision.at, "ended_at": decision.at}
                await requests.change(connection, now.number, (WAITING, QUEUED), **closed, outcome=decision.reason)
                await timers.remove(connection, EXPIRY, str(now.number))
                await _note(connection, now, decision, hand, {"reason": decision.reason})
                now = await _held(connection, decision.request)
        await self._showing.show(now.number)
        return await self._showing.board_of(now)

    @staticmethod
    async def _is_repeated(connection: AsyncConnection, decision: Decision) -> bool:
        """Tell whether this very decision stands already: the click came twice, or once more after a crash."""
        known = [each for each in await decisions.on(connection, decision.request) if each.person == decision.person]
        return any(each.verdict == decision.verdict for each in known)

    @staticmethod
    async def _refuse_unless_open(
        connection: AsyncConnection, board: RequestBoard, now: Request, decision: Decision
    ) -> None:
        """Raise Conflict when a request can no longer be allowed, or not now."""
        if now.state != WAITING:
            raise Conflict(_too_late(now))
        if decision.at >= now.expires_at:
            raise Conflict(f"{now.ref} has expired: its plan is too old to rely on. Ask for it again.")
        await refuse_if_read_only(connection, board.platform)
        blackout = blackout_now(board.platform, decision.at)
        if blackout and decision.verdict != BROKE_GLASS:
            raise Conflict(f"{blackout} An admin can break the glass.")
        incident = await incidents.by_number(connection, now.incident) if now.incident is not None else None
        if incident is not None and not incident.is_open:
            raise Conflict(f"{incident.ref} is {incident.status}. If {now.ref} is still needed, ask for it again.")

    async def _expire(self, timer: Timer) -> None:
        """Close a request that nobody decided on in time."""
        number = int(timer.key)
        async with self._store.begin() as connection:
            now = await requests.by_number(connection, number, hold=True)
            if now is None or now.state != WAITING:
                return
            await requests.change(connection, number, (WAITING,), state=EXPIRED, ended_at=timer.due)
            await audit.append(connection, Record(timer.due, OPSROOM, "request.expired", now.ref, now.platform))
        await self._showing.show(number)


async def _held(connection: AsyncConnection, number: int) -> Request:
    found = await requests.by_number(connection, number, hold=True)
    if found is None:
        raise BadInput(f"There is no request REQ-{number}.")
    return found


async def _note(
    connection: AsyncConnection, request: Request, decision: Decision, hand: Hand, details: Mapping[str, Any]
) -> None:
    """Write a decision into the timeline of its incident and into the audit log, which comes last."""
    if request.incident is not None:
        why = f": {decision.reason}" if decision.reason else ""
        said = f"{request.ref} {_WORDS[decision.verdict]}{why}"
        await timeline.record(connection, request.incident, Entry(hand.origin, hand.at, "approval", said, hand.by))
    record = Record(hand.at, hand.by, f"request.{decision.verdict}", request.ref, request.platform, dict(details))
    await audit.append(connection, record)


_WORDS = {APPROVED: "approved", DENIED: "denied", WITHDRAWN: "withdrawn", BROKE_GLASS: "begun by breaking the glass"}


def _too_late(request: Request) -> str:
    if request.state in OPEN:
        doing = "is being carried out" if request.state == RUNNING else f"is {request.state}"
        return f"{request.ref} {doing} already."
    if request.state == EXPIRED:
        return f"{request.ref} has expired, because nobody decided in time. Ask for it again."
    return f"{request.ref} is {request.state} already."
