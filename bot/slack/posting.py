"""One attempt at one message of the outbox: claim it, look where its fate is unknown, send it, note the outcome."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import OutcomeUnclear, SlackRefused, SlackUnavailable
from bot.slack.look import Caller, find_message, marked
from bot.store import outbox as rows
from bot.store.database import Store
from bot.store.outbox import REFUSED, SENDING, SENT, WAITING, Claim, Row
from bot.wallclock import Clock

POST = "chat.postMessage"
# How long a claim holds: longer than a look and an attempt can last.
LEASE = timedelta(seconds=60)

# What people read where Slack has but a code.
SENTENCES = {
    "channel_not_found": "The channel does not exist, or Opsroom is not in it.",
    "is_archived": "The channel is archived.",
    "missing_scope": "Opsroom lacks a permission in this workspace: its app has to be installed again.",
    "msg_blocks_too_long": "The message is too long for Slack.",
    "msg_too_long": "The message is too long for Slack.",
    "not_in_channel": "Opsroom is not in the channel: invite it.",
    "restricted_action": "This workspace does not let apps post in the channel.",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A message as it was, and as it is now that it is ours; `claimed` is None when another is at it."""

    before: Row
    claimed: Row | None


def digest(payload: dict[str, Any]) -> str:
    """Return what tells one content from another."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _perhaps_posted(row: Row) -> bool:
    """Whether nobody knows: it was being sent, or could not be looked for. What Slack refused has no `again_at`."""
    return row.state == SENDING or (row.state == REFUSED and row.again_at is not None)


class Posting:
    """Attempts for one replica. `settle`: see `bot.slack.outbox.Outbox`."""

    def __init__(self, store: Store, client: Caller, clock: Clock, replica: str, settle: timedelta) -> None:
        self._store, self._client, self._clock = store, client, clock
        self._replica, self._settle = replica, settle

    def claim(self) -> Claim:
        """Return the claim that this replica would make now."""
        now = self._clock.now()
        return Claim(self._replica, now, now + LEASE, now + self._settle)

    async def take(self, connection: AsyncConnection, row: Row) -> Taken:
        """Claim a message that is neither sent nor gone."""
        return Taken(row, await rows.claim(connection, row, self.claim()))

    async def send(self, taken: Taken, *, urgent: bool) -> str | None:
        """Post a message that was taken and return its ts; None when it is too early to repeat an unclear attempt.

        Raises what the client raises; the row then says what is known.
        """
        row = taken.claimed
        assert row is not None, "only a message that was claimed is sent"
        if _perhaps_posted(taken.before):
            if (ts := await self._look(row, taken.before)) is not None:
                return await self._sent(row, ts)
            if row.again_at is not None and self._clock.now() < row.again_at:
                await self._settle_as(row, state=SENDING)
                return None
            async with self._store.begin() as connection:
                if not await rows.prolong(connection, row, self.claim()):
                    return None
        return await self._post(row, urgent=urgent)

    async def _look(self, row: Row, before: Row) -> str | None:
        """Return the ts of a message that was posted after all; `before` says when that was tried."""
        first, last = before.first_try_at or row.put_at, before.last_try_at or row.put_at
        try:
            return await find_message(self._client, row.channel, row.thread_ts, row.key, (first, last))
        except SlackRefused as refusal:
            reason = f"It may have been posted, but the channel cannot be read: {refusal}"
            await self._settle_as(row, state=REFUSED, code=refusal.code, reason=reason)
            raise
        except (SlackUnavailable, OutcomeUnclear):
            await self._settle_as(row, state=SENDING)
            raise

    async def _post(self, row: Row, *, urgent: bool) -> str:
        message = {**row.payload, "channel": row.channel, "thread_ts": row.thread_ts, "metadata": marked(row.key)}
        begun = self._clock.now()
        try:
            answer = await self._client.call(POST, message, repeatable=False, urgent=urgent)
        except SlackRefused as refusal:
            reason = SENTENCES.get(refusal.code, str(refusal))
            await self._settle_as(row, state=REFUSED, code=refusal.code, reason=reason, again_at=None)
            raise
        except SlackUnavailable:
            await self._settle_as(row, state=WAITING)
            raise
        except OutcomeUnclear:
            now = self._clock.now()
            await self._settle_as(row, state=SENDING, again_at=now + max(self._settle, now - begun))
            raise
        return await self._sent(row, str(answer["ts"]))

    async def _sent(self, row: Row, ts: str) -> str:
        shown = digest(row.payload)
        await self._settle_as(row, state=SENT, ts=ts, code=None, reason=None, shown=shown)
        return ts

    async def _settle_as(self, row: Row, **changes: Any) -> None:
        async with self._store.begin() as connection:
            await rows.settle(connection, row, **changes)
