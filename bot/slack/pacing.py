"""When a Slack call may leave: Slack's rate limits, kept on our side so that Slack need not enforce them.

Limits hold per method, per app and per workspace, so one `Pacing` serves one token. A caller asks `admit` and
is let through in the order of arrival, foreground before background; a method that Slack answered with 429
stands still for everyone until the time that Slack named.
"""

import asyncio
import heapq
import itertools
import math
from dataclasses import dataclass

from bot.errors import SlackUnavailable
from bot.slack.gates import Gate, Pace
from bot.slack.methods import Tier
from bot.slack.methods import method as known
from bot.wallclock import Clock

# Calls take different times to reach Slack: what leaves here a minute apart can arrive less than one apart.
_MINUTE = 61.0
# Calls per method, app and workspace. Source: https://docs.slack.dev/apis/web-api/rate-limits, which gives
# each tier as "n+ per minute", and for posting a workspace-wide limit of several hundred a minute; the pages
# of auth.test and chat.getPermalink say "hundreds". 300 is our reading of both.
PACES: dict[Tier, Pace] = {
    Tier.T1: Pace(1, _MINUTE),
    Tier.T2: Pace(20, _MINUTE),
    Tier.T3: Pace(50, _MINUTE),
    Tier.T4: Pace(100, _MINUTE),
    Tier.POSTING: Pace(300, _MINUTE),
    Tier.GENEROUS: Pace(300, _MINUTE),
}
# Posting in one channel. Same source: one message a second, short bursts of more are allowed; a burst here is three,
# after which the channel is at rest before the next one begins.
POSTING = Pace(3, 3.1)
# A sleep may end a hair early; this much more spares a second one.
HAIR = 0.001


@dataclass(slots=True, eq=False)
class _Ticket:
    """One caller's place in the line: foreground first, then by arrival."""

    rank: tuple[bool, int]
    lane: str
    admitted: "asyncio.Future[None]"

    def __lt__(self, other: "_Ticket") -> bool:
        return self.rank < other.rank


class _Line:
    """Everyone who wants to call one method: a lane per channel where the limit is so, else one lane."""

    def __init__(self, name: str, clock: Clock, *, enforce: bool) -> None:
        self._name, self._clock = name, clock
        tier = known(name).tier if enforce else Tier.UNLIMITED
        self._gate = Gate(PACES[tier]) if tier in PACES else None
        self._per_channel = tier is Tier.POSTING
        self._paused_until = -math.inf
        self._lanes: dict[str, list[_Ticket]] = {}
        self._channels: dict[str, Gate] = {}
        self._tidy_at = 64
        self._deadlines: list[tuple[float, _Ticket]] = []
        self._bell: asyncio.Task[None] | None = None
        self._bell_at = math.inf

    async def admit(self, channel: str, rank: tuple[bool, int], patience: float) -> None:
        """Return when it is this caller's turn; SlackUnavailable when `patience` seconds end first."""
        lane, now = channel if self._per_channel else "", self._now()
        foreseen = self._foresee(lane, now, urgent=not rank[0])
        if foreseen > patience:
            raise self._too_long(foreseen)
        ticket = _Ticket(rank, lane, asyncio.get_running_loop().create_future())
        heapq.heappush(self._lanes.setdefault(lane, []), ticket)
        self._move()
        if not ticket.admitted.done() and patience < math.inf:
            heapq.heappush(self._deadlines, (now + patience, ticket))
            self._set_bell(now + patience + HAIR)
        await ticket.admitted

    def pause(self, seconds: float) -> None:
        """Let nobody through for that long; who cannot wait that long is told at once."""
        self._paused_until = max(self._paused_until, self._now() + seconds)
        self._refuse_late(self._paused_until)

    def close(self) -> None:
        """Send everyone home."""
        self._silence()
        for ticket in itertools.chain.from_iterable(self._lanes.values()):
            if not ticket.admitted.done():
                ticket.admitted.set_exception(SlackUnavailable(self._name, "Opsroom is shutting down"))
        self._lanes.clear()
        self._deadlines.clear()

    def remembered(self) -> int:
        """Return the number of channels that something is kept about."""
        return len(self._channels.keys() | self._lanes.keys())

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _foresee(self, lane: str, now: float, *, urgent: bool) -> float:
        """Return the least time that a newcomer will wait, in seconds."""
        wait = self._common_wait(now)
        if self._per_channel:
            ahead = 0 if urgent else len(self._lanes.get(lane, ()))
            rounds = ahead // POSTING.calls
            wait = max(wait, self._own_wait(lane, now) + rounds * POSTING.seconds)
        return wait

    def _common_wait(self, now: float) -> float:
        gate = self._gate.wait(now) if self._gate else 0.0
        return max(gate, self._paused_until - now, 0.0)

    def _move(self) -> None:
        """Let through whoever may go now and set the bell for the next."""
        now = self._now()
        self._refuse_late(now)
        while (heads := self._heads()) and (wait := self._first_wait(heads, now)) <= 0:
            self._let_through(min(head for head in heads if self._own_wait(head.lane, now) <= 0), now)
        self._tidy(now)
        if not heads:
            self._deadlines.clear()
            self._silence()
            return
        if self._deadlines:
            wait = min(wait, self._deadlines[0][0] - now)
        self._set_bell(now + wait + HAIR)

    def _heads(self) -> list[_Ticket]:
        """Return the first of each lane that is still waiting."""
        for lane in list(self._lanes):
            tickets = self._lanes[lane]
            while tickets and tickets[0].admitted.done():
                heapq.heappop(tickets)
            if not tickets:
                del self._lanes[lane]
        return [tickets[0] for tickets in self._lanes.values()]

    def _own_wait(self, lane: str, now: float) -> float:
        gate = self._channels.get(lane)
        return gate.wait(now) if gate else 0.0

    def _first_wait(self, heads: list[_Ticket], now: float) -> float:
        return max(self._common_wait(now), min(self._own_wait(head.lane, now) for head in heads))

    def _let_through(self, ticket: _Ticket, now: float) -> None:
        if self._gate:
            self._gate.take(now)
        if self._per_channel:
            self._channels.setdefault(ticket.lane, Gate(POSTING)).take(now)
        heapq.heappop(self._lanes[ticket.lane])
        ticket.admitted.set_result(None)

    def _refuse_late(self, moment: float) -> None:
        """Tell those whose patience ends before that moment, and forget those who went through."""
        while self._deadlines and (self._deadlines[0][0] < moment or self._deadlines[0][1].admitted.done()):
            _, ticket = heapq.heappop(self._deadlines)
            if not ticket.admitted.done():
                ticket.admitted.set_exception(self._too_long(self._common_wait(self._now())))

    def _too_long(self, seconds: float) -> SlackUnavailable:
        wait = max(seconds, 1.0)
        reason = f"its rate limit is used up for the next {math.ceil(wait)} s"
        return SlackUnavailable(self._name, reason, retry_after=wait)

    def _tidy(self, now: float) -> None:
        """Forget channels that have been quiet long enough to owe nothing."""
        if len(self._channels) > self._tidy_at:
            for lane in [lane for lane, gate in self._channels.items() if gate.is_idle(now)]:
                del self._channels[lane]
            self._tidy_at = max(64, 2 * len(self._channels))

    def _set_bell(self, moment: float) -> None:
        if self._bell is not None and self._bell_at <= moment:
            return
        self._silence()
        self._bell_at = moment
        self._bell = asyncio.create_task(self._ring(moment - self._now()))

    async def _ring(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._bell, self._bell_at = None, math.inf
        self._move()

    def _silence(self) -> None:
        if self._bell is not None:
            self._bell.cancel()
        self._bell, self._bell_at = None, math.inf


class Pacing:
    """The rate limits of one app in one workspace.

    `enforce=False` is for workspaces whose limits were raised: nothing is counted, but a 429 still makes its
    method wait.
    """

    def __init__(self, clock: Clock, *, enforce: bool = True) -> None:
        self._clock, self._enforce = clock, enforce
        self._lines: dict[str, _Line] = {}
        self._arrivals = itertools.count()

    async def admit(
        self,
        method: str,
        channel: str = "",
        *,
        urgent: bool = False,
        patience: float = math.inf,
        turn: int | None = None,
    ) -> int:
        """Return when a call of `method` may leave, with the number of its turn.

        A caller that has to come back after a 429 hands its turn in again, and so keeps its place. Raises
        SlackUnavailable (with `retry_after`) when the wait is longer than `patience` seconds: at once where
        that can be foreseen, else when the patience ends.
        """
        turn = next(self._arrivals) if turn is None else turn
        await self._line(method).admit(channel, (not urgent, turn), patience)
        return turn

    def pause(self, method: str, seconds: float) -> None:
        """Hold every call of `method` back for that many seconds (Slack: 429 with Retry-After)."""
        self._line(method).pause(seconds)

    def remembered(self, method: str) -> int:
        """Return how many channels are kept in mind for that method."""
        return self._line(method).remembered()

    def close(self) -> None:
        """Refuse everyone who still waits."""
        for line in self._lines.values():
            line.close()

    def _line(self, method: str) -> _Line:
        if method not in self._lines:
            self._lines[method] = _Line(method, self._clock, enforce=self._enforce)
        return self._lines[method]
