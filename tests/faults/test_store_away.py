"""The store does not answer: the acknowledgement itself says that nothing was done; when it is back, all works."""

import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from bot.slack.receiving import NOT_TAKEN
from tests.faults.room import DECLARE, declared, works
from tests.kill.evidence import check_channels
from tests.servers.postgres import Postgres
from tests.world import World, world

ACKNOWLEDGED_WITHIN = 3.0


class Away(Protocol):
    """Keeps the store from answering while its block runs."""

    def __call__(self) -> AbstractContextManager[None]: ...


@pytest.fixture(name="kind", params=["sqlite", "postgres"])
def _kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(name="address")
def _address(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    return f"sqlite:///{tmp_path}/opsroom.db" if kind == "sqlite" else str(request.getfixturevalue("postgres_address"))


@pytest.fixture(name="away")
def _away(address: str, kind: str, request: pytest.FixtureRequest) -> Away:
    @contextmanager
    def locked() -> Iterator[None]:
        connection = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            connection.rollback()
            connection.close()

    @contextmanager
    def frozen() -> Iterator[None]:
        server: Postgres = request.getfixturevalue("postgres")
        server.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            server.signal(signal.SIGCONT)

    return locked if kind == "sqlite" else frozen


@pytest.fixture(name="local")
async def _local(tmp_path: Path, address: str) -> AsyncIterator[World]:
    async with world(tmp_path, database_url=address, heartbeat=3.0, dead_after=60.0) as made:
        yield made


async def test_the_acknowledgement_says_that_nothing_was_done(local: World, away: Away) -> None:
    with away():
        result = await local.say(DECLARE)
    assert result.acked
    assert result.delay_seconds < ACKNOWLEDGED_WITHIN
    assert [message["text"] for message in local.answers()] == [NOT_TAKEN]
    assert NOT_TAKEN == "Nothing was done: Opsroom's store does not answer. Please try again in a minute."
    room = await declared(local, DECLARE)
    await works(local, room)
    check_channels(local, 1)


async def test_a_click_that_was_not_taken_is_apologized_for(local: World, away: Away) -> None:
    room = await declared(local)
    await works(local, room)
    with away():
        await local.press("Acknowledge", room.id)
        assert await local.answer(channel=room.id) == NOT_TAKEN
    await local.press("Acknowledge", room.id, by="rita")
    await local.answer("rita", room.id, holding="You acknowledged INC-1")


async def test_work_under_way_waits_for_the_store(local: World, away: Away) -> None:
    local.workspace.latency = 0.2
    assert (await local.say(DECLARE)).acked
    await local.until(lambda: local.workspace.calls.of("conversations.create"))
    with away():
        local.workspace.latency = 0.0
        assert (await local.say("/incident list")).delay_seconds < ACKNOWLEDGED_WITHIN
    room = local.workspace.channels[(await local.room()).channel_id or ""]
    await works(local, room)
    check_channels(local, 1)
