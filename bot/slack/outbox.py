"""Messages that must not be lost and must not be doubled.

Each has a key and a row in the store; the key travels in the message's metadata. Before a message whose fate
is not known is sent again, its channel is searched for that key.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.durable.timers import Timers
from bot.errors import OpsroomError, OutcomeUnclear, SlackRefused, SlackUnavailable
from bot.slack.edits import Edits
from bot.slack.look import Caller
from bot.slack.posting import POST, Posting, Taken
from bot.store import outbox as rows
from bot.store import timers
from bot.store.database import Store
from bot.store.outbox import SENDING, SENT, Draft
from bot.wallclock import Clock

KIND = "outbox"
"""The kind of the timers that see to queues; their key is the channel."""

# Seconds after which somebody looks whether a channel's queue still moves.
NET = 15.0
# Seconds: from an unclear outcome to the first look; between two looks at what another does; for all of
# `post`.
LOOK_AFTER, POLL, PATIENCE = 0.5, 0.5, 30.0
LONGEST_BACKOFF = 300.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that Slack refused: its key and channel, Slack's code, and a sentence."""

    key: str
    channel: str
    code: str
    reason: str
    put_at: datetime


class Outbox:
    """The one way for messages that must arrive.

    `settle` is the least time in seconds between an attempt of unclear outcome and the next one, so that what
    Slack is still doing can show; an attempt that took longer than that is given as long again.
    """

    def __init__(self, store: Store, client: Caller, clock: Clock, replica_id: str, *, settle: float = 2.0) -> None:
        self._store, self._clock = store, clock
        self._posting = Posting(store, client, clock, replica_id, timedelta(seconds=settle))
        self._edits = Edits(store, client, clock, self._posting)
        self._posts: dict[str, asyncio.Task[str]] = {}
        self._queues: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._closing = False

    async def post(
        self,
        key: str,
        channel: str,
        payload: dict[str, Any],
        thread_ts: str | None = None,
        *,
        urgent: bool = False,
    ) -> str:
        """Post a message once, whoever asks and how often, and return its ts.

        `payload` is what chat.postMessage takes beside channel and thread (`text`, `blocks` …), without
        metadata; the first one of a key stands. A message that was refused earlier is tried again.

        Raises SlackRefused, SlackUnavailable and OutcomeUnclear as the client does; after any of them the
        same call may be repeated. Ends within about half a minute.
        """
        draft = _draft(key, channel, payload, thread_ts, queued=False)
        if key not in self._posts:
            task = asyncio.create_task(self._post(draft, urgent=urgent), name=f"post {key}")
            self._posts[key] = task
            task.add_done_callback(lambda done: self._posted(key, done))
        # A caller that is cancelled leaves the message on its way, so that its outcome gets written down.
        return await asyncio.shield(self._posts[key])

    async def put(self, key: str, channel: str, payload: dict[str, Any], thread_ts: str | None = None) -> None:
        """Write a message down, once per key, and return; it is posted in the background until sent or refused.

        Messages of one channel go in the order in which they were put. Raises StoreUnavailable when it is not
        written.
        """
        draft, now = _draft(key, channel, payload, thread_ts, queued=True), self._clock.now()
        async with self._store.begin() as connection:
            fresh = await rows.add(connection, draft, now)
            if fresh:
                await self._set_timer(connection, channel, NET)
        if fresh:
            self._wake(channel)

    async def update(self, key: str, channel: str, ts: str, payload: dict[str, Any]) -> None:
        """Make a message show `payload`; the last wish wins, and what it shows already is not sent again.

        Raises SlackRefused and SlackUnavailable as the client does; the same call may be repeated.
        """
        _check(key, payload)
        await self._edits.update(key, channel, ts, payload)

    async def failed(self, limit: int = 100) -> list[Failure]:
        """Return the messages that Slack refused, the newest first."""
        async with self._store.read() as connection:
            found = await rows.refused(connection, limit)
        return [Failure(row.key, row.channel, row.code or "", row.reason or "", row.put_at) for row in found]

    async def retry(self, key: str) -> bool:
        """Try a refused message again in the background; False when there is none of that key."""
        async with self._store.begin() as connection:
            row = await rows.requeue(connection, key)
            if row is not None:
                await self._set_timer(connection, row.channel, NET)
        if row is not None:
            self._wake(row.channel)
        return row is not None

    def attend(self, clockwork: Timers) -> None:
        """Let the timers of the kind `outbox` keep the queues going; before their first sweep."""

        async def due(timer: timers.Timer) -> None:
            await self.deliver(timer.key)

        clockwork.handle(KIND, due)

    async def deliver(self, channel: str) -> None:
        """Go on with a channel's queue; its timer stays set until the queue is empty."""
        async with self._store.begin() as connection:
            await self._set_timer(connection, channel, NET)
        self._wake(channel)

    async def resume(self) -> None:
        """Go on with every queue that is not empty: for the start of the program."""
        async with self._store.read() as connection:
            channels = await rows.channels_in_line(connection)
        for channel in channels:
            self._wake(channel)

    async def adopt(self, lost: str) -> int:
        """Take over what a dead replica was sending, and return how many messages that were."""
        async with self._store.begin() as connection:
            count = await rows.adopt(connection, lost)
        await self.resume()
        return count

    async def idle(self) -> None:
        """Return when this replica sends nothing any more."""
        while tasks := [*self._posts.values(), *self._queues.values(), *self._edits.running()]:
            await asyncio.wait(tasks)

    async def close(self, grace: float = 3.0) -> None:
        """Let what is being sent end, for `grace` seconds; the rest is for others, or for the next start."""
        self._closing = True
        tasks = [*self._posts.values(), *self._queues.values(), *self._edits.running()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _posted(self, key: str, task: asyncio.Task[str]) -> None:
        del self._posts[key]
        if not task.cancelled():
            task.exception()  # whoever waits has it; nobody may be waiting any more

    async def _post(self, draft: Draft, *, urgent: bool) -> str:
        end = self._clock.now() + timedelta(seconds=PATIENCE)
        while True:
            taken = await self._take(draft)
            if taken.before.state == SENT:
                return str(taken.before.ts)
            wait = LOOK_AFTER
            with suppress(OutcomeUnclear):
                if taken.claimed and (ts := await self._posting.send(taken, urgent=urgent)) is not None:
                    return ts
                wait = self._pause(taken)
            if self._clock.now() + timedelta(seconds=wait) > end:
                raise _undecided(taken)
            await self._clock.sleep(wait)

    async def _take(self, draft: Draft) -> Taken:
        """Write a message down unless it is, and claim it unless it is sent or another has it."""
        async with self._store.begin() as connection:
            await rows.add(connection, draft, self._clock.now())
            row = await rows.find(connection, draft.key)
            assert row is not None, "it was written down just now"
            return Taken(row, None) if row.state == SENT else await self._posting.take(connection, row)

    def _pause(self, taken: Taken) -> float:
        """Return how long to wait before an undecided message is looked at again, in seconds."""
        if taken.claimed is None or taken.claimed.again_at is None:
            return POLL
        return max((taken.claimed.again_at - self._clock.now()).total_seconds(), POLL)

    def _wake(self, channel: str) -> None:
        """See that somebody here goes through the channel's queue."""
        if self._closing:
            return
        if channel in self._queues:
            self._woken.add(channel)
            return
        task = asyncio.create_task(self._go_through(channel), name=f"queue {channel}")
        self._queues[channel] = task
        task.add_done_callback(lambda done: self._gone_through(channel, done))

    def _gone_through(self, channel: str, task: asyncio.Task[None]) -> None:
        del self._queues[channel]
        woken = channel in self._woken
        self._woken.discard(channel)
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            log.error("The queue of %s stopped; its timer starts it again", channel, exc_info=error)
        elif woken:
            self._wake(channel)

    async def _go_through(self, channel: str) -> None:
        """Send the channel's messages in order until none is left or one has to wait."""
        while not self._closing:
            taken = await self._next(channel)
            if taken is None:
                return
            delay = await self._attempt(taken)
            if delay is not None:
                async with self._store.begin() as connection:
                    await self._set_timer(connection, channel, delay)
                return

    async def _next(self, channel: str) -> Taken | None:
        """Take the first message in line; None when there is none, and then the timer goes as well."""
        async with self._store.begin() as connection:
            row = await rows.first_in_line(connection, channel)
            if row is not None:
                return await self._posting.take(connection, row)
            await timers.remove(connection, KIND, channel)
            # Another replica may have put one while this one waited for the timer's row.
            if await rows.first_in_line(connection, channel) is not None:
                await self._set_timer(connection, channel, 0.0)
            return None

    async def _attempt(self, taken: Taken) -> float | None:
        """Try to send; return the seconds to wait before the queue goes on, None when it may at once."""
        if taken.claimed is None:
            return NET
        try:
            sent = await self._posting.send(taken, urgent=False)
        except SlackRefused as refusal:
            log.warning("The message %s was refused: %s", taken.before.key, refusal)
            return None
        except OutcomeUnclear:
            return LOOK_AFTER
        except SlackUnavailable as error:
            return error.retry_after or min(2.0**taken.before.tries, LONGEST_BACKOFF)
        return None if sent else self._pause(taken)

    async def _set_timer(self, connection: AsyncConnection, channel: str, seconds: float) -> None:
        due = self._clock.now() + timedelta(seconds=seconds)
        await timers.put(connection, KIND, channel, due, None)


def _undecided(taken: Taken) -> OpsroomError:
    if taken.claimed is None and taken.before.state != SENDING:
        return SlackUnavailable(POST, "another replica is sending the message")
    return OutcomeUnclear(POST, "the message has not shown up in its channel yet")


def _draft(key: str, channel: str, payload: dict[str, Any], thread_ts: str | None, *, queued: bool) -> Draft:
    _check(key, payload)
    return Draft(key, channel, thread_ts, payload, queued)


def _check(key: str, payload: dict[str, Any]) -> None:
    """Refuse what only a mistake in the program can ask for."""
    if not 0 < len(key) <= rows.KEY_LENGTH:
        raise ValueError(f"An outbox key has 1 to {rows.KEY_LENGTH} characters, not {len(key)}.")
    if taken := payload.keys() & {"channel", "thread_ts", "ts", "metadata"}:
        raise ValueError(f"The outbox sets {', '.join(sorted(taken))} itself: leave it out of the payload.")
