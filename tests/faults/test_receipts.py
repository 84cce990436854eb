"""Receipts that cannot be done: none keeps others from being done, none is tried for ever, none is done in secret."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import SlackUnavailable, StoreUnavailable
from bot.incidents.desk import Desk
from bot.slack.receiving import NOT_TAKEN
from bot.store import receipts
from bot.store.receipts import Receipt
from bot.verbs.request import Request
from sandbox.slack.faults import Fault
from tests.commands.hands import settled
from tests.faults.room import DECLARE, works
from tests.kill.evidence import check_channels
from tests.world import World

OLD = timedelta(minutes=1)


def asked(world: World, number: int, *, ago: timedelta = OLD) -> Request:
    at = datetime.now(UTC) - ago
    here, by = world.channel("general"), world.person("olivia")
    return Request(f"command:{number:04}", "incident", "list", "", by, here, "general", at)


async def leave_open(world: World, request: Request, **changes: Any) -> None:
    """Leave a request as a crash would have left it."""
    kept = {name: value for name, value in {**request.as_json(), **changes}.items() if value is not ...}
    async with world.bot.store.begin() as connection:
        receipt = Receipt(request.id, request.at, kept)
        await receipts.take(connection, receipt, world.bot.settings.replica, None)


async def state(world: World, receipt: str) -> str | None:
    async with world.bot.store.read() as connection:
        wanted = select(receipts.receipts.c.state).where(receipts.receipts.c.id == receipt)
        found: str | None = (await connection.execute(wanted)).scalar_one_or_none()
        return found


async def test_one_that_cannot_be_read_keeps_no_other_from_being_done(world: World) -> None:
    await leave_open(world, asked(world, 1), by=...)
    await leave_open(world, asked(world, 2), mood="a word that only a newer Opsroom knows")
    await world.bot.reception.sweep()
    await settled(world)
    assert [await state(world, f"command:{number:04}") for number in (1, 2)] == ["failed", "done"]


async def test_those_that_wait_keep_no_other_from_being_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    async def perform(request: Request) -> None:
        if request.id != "command:0099":
            raise SlackUnavailable("response_url", "it failed")
        done.append(request.id)

    monkeypatch.setattr(world.bot.reception._performer, "perform", perform)
    for number in (*range(60), 99):
        await leave_open(world, asked(world, number))
    for _ in range(2):
        await world.bot.reception.sweep()
        await settled(world)
    assert done == ["command:0099"]


async def test_one_that_waits_is_not_tried_at_every_look(world: World) -> None:
    world.workspace.faults.add(Fault(method="chat.postEphemeral", kind="rate_limited", retry_after=300, times=None))
    await leave_open(world, asked(world, 1))
    await world.bot.reception.sweep()
    await settled(world)
    tried = len(world.workspace.calls)
    for _ in range(3):
        await world.bot.reception.sweep()
        await settled(world)
    assert len(world.workspace.calls) == tried
    assert await state(world, "command:0001") == "open"


async def test_one_that_has_waited_for_a_day_is_given_up(world: World) -> None:
    world.workspace.faults.add(Fault(method="chat.postEphemeral", kind="rate_limited", retry_after=300, times=None))
    await leave_open(world, asked(world, 1, ago=timedelta(days=1, minutes=1)))
    await world.bot.reception.sweep()
    await settled(world)
    assert await state(world, "command:0001") == "failed"


async def test_a_mistake_of_ours_is_made_once(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Though the apology runs into it as well."""

    async def mistaken(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(Desk, "listed", mistaken)
    monkeypatch.setattr(world.bot.reception._performer, "apologize", mistaken)
    await leave_open(world, asked(world, 1))
    await world.bot.reception.sweep()
    await settled(world)
    assert await state(world, "command:0001") == "failed"
    await world.until(lambda: "Nobody could be told that command:0001 failed" in caplog.text)


async def test_what_was_said_not_to_be_done_is_not_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store took the receipt, but its answer came too late to be heard."""
    begin = world.bot.store.begin

    @asynccontextmanager
    async def unheard(within: float | None = None) -> AsyncIterator[AsyncConnection]:
        async with begin(within) as connection:
            yield connection
        raise StoreUnavailable("The store does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(world.bot.store, "begin", unheard)
        assert (await world.say(DECLARE)).acked
    assert await world.answer() == NOT_TAKEN
    assert await world.bot.reception.owners() == {world.bot.settings.replica}
    await world.bot.reception.sweep(everything=True)
    await settled(world)
    assert await world.incident() is None
    assert await world.bot.reception.owners() == set()

    assert (await world.say(DECLARE)).acked
    room = world.workspace.channels[(await world.room()).channel_id or ""]
    await works(world, room)
    check_channels(world, 1)
