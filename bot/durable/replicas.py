"""Replicas: the heartbeat of this one, and taking over the work of those that have fallen silent.

No clock is compared with another's. A replica counts its beats in its row, and whoever watches measures with its
own clock for how long the count has stood still.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import OpsroomError
from bot.store import replicas
from bot.store.database import Store
from bot.store.replicas import Replica
from bot.wallclock import Clock

OnLoss = Callable[[str], Awaitable[object]]
"""Takes over what the replica of that id has left; called again when it raised."""

Census = Callable[[], Awaitable[set[str]]]
"""Returns the ids of the replicas that some unfinished work belongs to."""

_log = logging.getLogger(__name__)

_GUARD_PAUSE = 0.05  # seconds between two looks at whether we may act again


@dataclass(frozen=True, slots=True)
class _Sighting:
    beats: int
    since: datetime


class Replicas:
    """This replica among the others. Join before any work is taken on; then `beat` and `sweep` regularly.

    `replica_id` is new for every start of the process. A replica that is silent for `dead_after`
    seconds is taken over; beat at least five times as often.
    """

    def __init__(self, store: Store, clock: Clock, replica_id: str, dead_after: float) -> None:
        self.replica_id, self.dead_after = replica_id, timedelta(seconds=dead_after)
        self._store, self._clock = store, clock
        # A connection that hangs must not use up the whole time in which a sign of life is due.
        self._beat_within = max(1.0, dead_after / 3)
        self._seen: dict[str, _Sighting] = {}
        self._looked_at: datetime | None = None
        self._callbacks: list[OnLoss] = []
        self._censuses: list[Census] = []
        self._sweeping = asyncio.Lock()
        self._fresh_since: datetime | None = None
        self.displaced = False
        """True when others have taken our work over: this process must end and start anew."""

    def on_loss(self, callback: OnLoss, census: Census | None = None) -> None:
        """Register what takes over one kind of work, and what tells to whom such work belongs."""
        self._callbacks.append(callback)
        if census is not None:
            self._censuses.append(census)

    async def join(self) -> None:
        """Become known. In an embedded store everybody else is dead: the lock on the file proves it."""
        now = self._clock.now()
        async with self._store.begin() as connection:
            if self._store.embedded:
                for other in await replicas.everyone(connection):
                    await replicas.leave(connection, other.id)
            await replicas.join(connection, self.replica_id, now)
        self._fresh_since = now

    async def beat(self) -> bool:
        """Say that we live; False when our work has been taken over: then this process must end."""
        now = self._clock.now()
        async with self._store.begin(self._beat_within) as connection:
            alive = await replicas.beat(connection, self.replica_id, now)
        if alive:
            self._fresh_since = now
        elif not self.displaced:
            self.displaced = True
            _log.error("This replica was silent for too long, and others have taken its work over.")
        return alive

    async def leave(self) -> None:
        """Let others take our work at once: the last thing that a process does."""
        async with self._store.begin() as connection:
            await replicas.leave(connection, self.replica_id)

    async def guard(self) -> None:
        """Return when this replica may act on the outside world: nobody can have taken its work over.

        That is so while its last beat is younger than half of `dead_after`; the other half is for the deed.
        While the store does not answer this waits, and for ever once the replica is displaced.
        """
        while not self._store.embedded and not self._is_fresh():
            await self._clock.sleep(_GUARD_PAUSE)

    def _is_fresh(self) -> bool:
        since = self._fresh_since
        return since is not None and not self.displaced and self._clock.now() - since < self.dead_after / 2

    async def sweep(self) -> list[str]:
        """Take over from every replica that has died or left, and return their ids.

        When a callback raises one of our errors, the replica stays taken and the next sweep tries again.
        """
        if self._sweeping.locked() or self.displaced:
            return []
        async with self._sweeping:
            return [lost for lost in await self._claimed() if await self._taken_over(lost)]

    async def _claimed(self) -> list[str]:
        owners = {owner for census in self._censuses for owner in await census()}
        async with self._store.read() as connection:
            known = await replicas.everyone(connection)
        orphans = owners - {replica.id for replica in known} - {self.replica_id}
        dead = self._dead(known)
        if not orphans and not dead:
            return []
        async with self._store.begin() as connection:
            for orphan in sorted(orphans):
                await replicas.note_orphan(connection, orphan, self._clock.now(), self.replica_id)
            return [one.id for one in dead if await replicas.take(connection, one, self.replica_id)]

    def _dead(self, known: list[Replica]) -> list[Replica]:
        """Return those whose work is to be taken, having noted how far everyone has counted.

        Silence counts while we can hear: when the store was away, or we were frozen, everybody gets the full time anew.
        """
        now = self._clock.now()
        if self._looked_at is None or now - self._looked_at > self.dead_after / 2:
            self._seen = {}
        self._looked_at = now
        self._seen = {one.id: self._sighting(one, now) for one in known}
        gone = {one.id for one in known if one.has_left or now - self._seen[one.id].since >= self.dead_after}
        alive = {one.id for one in known} - gone
        return [
            one
            for one in known
            if one.id != self.replica_id
            and (one.taken_by not in alive or one.taken_by == self.replica_id)
            and (one.id in gone or one.taken_by is not None)
        ]

    def _sighting(self, one: Replica, now: datetime) -> _Sighting:
        before = self._seen.get(one.id)
        return before if before is not None and before.beats == one.beats else _Sighting(one.beats, now)

    async def _taken_over(self, lost: str) -> bool:
        try:
            for callback in self._callbacks:
                await callback(lost)
            async with self._store.begin() as connection:
                await replicas.release(connection, lost, self.replica_id)
        except OpsroomError as error:
            _log.warning("Taking over from %s goes on later: %s", lost, error)
            return False
        _log.info("Took over from %s.", lost)
        return True
