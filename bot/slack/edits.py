"""Edits in place: a message shows the newest content that was asked for, and nothing is sent that it shows already."""

import asyncio
from typing import Any

from bot.errors import SlackUnavailable
from bot.slack.look import Caller
from bot.slack.posting import Posting, digest
from bot.store import outbox as rows
from bot.store.database import Store
from bot.store.outbox import Row
from bot.wallclock import Clock

UPDATE = "chat.update"
# Seconds: between two looks at what another replica does with the same message, and for how long.
POLL, PATIENCE = 0.5, 30.0


class Edits:
    """The edits of one replica, one after the other per message; the store keeps those of several apart."""

    def __init__(self, store: Store, client: Caller, clock: Clock, posting: Posting) -> None:
        self._store, self._client, self._clock, self._posting = store, client, clock, posting
        self._last: dict[str, asyncio.Task[None]] = {}

    def running(self) -> list[asyncio.Task[None]]:
        """Return the edits that are under way."""
        return list(self._last.values())

    async def update(self, key: str, channel: str, ts: str, payload: dict[str, Any]) -> None:
        """Write the wish down and see to it, after the earlier ones of the same message."""
        earlier = self._last.get(key)
        async with self._store.begin() as connection:
            row = await rows.find(connection, key)
            if row is None or row.ts != ts:
                await rows.add_sent(connection, key, channel, ts, self._clock.now())
            elif row.edit is None and row.shown == digest(payload):
                return
            wished = await rows.ask_edit(connection, key, payload)
            claimed = None if earlier else await rows.claim(connection, wished, self._posting.claim())
        task = asyncio.create_task(self._after(earlier, key, claimed), name=f"edit {key}")
        self._last[key] = task
        task.add_done_callback(lambda done: self._forget(key, done))
        await asyncio.shield(task)

    def _forget(self, key: str, task: asyncio.Task[None]) -> None:
        if self._last.get(key) is task:
            del self._last[key]
        if not task.cancelled():
            task.exception()

    async def _after(self, earlier: asyncio.Task[None] | None, key: str, claimed: Row | None) -> None:
        if earlier is not None:
            await asyncio.wait([earlier])
        if claimed is not None and await self._send(claimed):
            return
        end = self._clock.now().timestamp() + PATIENCE
        while (wait := await self._edit(key)) is not None:
            if self._clock.now().timestamp() > end:
                raise SlackUnavailable(UPDATE, "others keep editing the message")
            await self._clock.sleep(wait)

    async def _edit(self, key: str) -> float | None:
        """Send the newest wish; return the seconds until the next look, None when no wish is open."""
        async with self._store.begin() as connection:
            row = await rows.find(connection, key)
            if row is None or row.edit is None:
                return None
            if digest(row.edit) == row.shown:
                await rows.drop_edit(connection, row)
                return None
            claimed = await rows.claim(connection, row, self._posting.claim())
        if claimed is None:
            return POLL
        return None if await self._send(claimed) else 0.0

    async def _send(self, row: Row) -> bool:
        """Send one wish and return whether none is left; the caller sees to one that came meanwhile."""
        assert row.edit is not None, "only a message with a wish is edited"
        try:
            await self._client.call(UPDATE, {**row.edit, "channel": row.channel, "ts": row.ts})
        except BaseException:
            # The wish stands, for a newer one may have come in whose caller has to hear of it as well.
            async with self._store.begin() as connection:
                await rows.settle(connection, row)
            raise
        async with self._store.begin() as connection:
            return await rows.edited(connection, row, digest(row.edit))
