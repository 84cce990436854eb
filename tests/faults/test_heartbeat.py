"""The sign of life: nothing that goes wrong beside it stops it, and it goes on until the work is handed over."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import receipts, replicas
from bot.store.database import Store
from bot.store.receipts import Receipt
from bot.store.replicas import Replica
from bot.verbs.request import Request
from tests.world import World, world


async def rows(store: Store) -> list[Replica]:
    async with store.read() as connection:
        return await replicas.everyone(connection)


async def beats(world: World) -> int:
    return next(row.beats for row in await rows(world.bot.store) if row.id == world.bot.settings.replica)


async def note_lost(store: Store) -> None:
    async with store.begin() as connection:
        await replicas.note_orphan(connection, "lost", datetime.now(UTC), "nobody")


async def test_a_fault_while_taking_over_stops_neither_the_heartbeat_nor_the_next_try(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    broken = [True]

    async def adopt(lost: str) -> None:
        if broken:
            raise RuntimeError(f"A mistake of ours about {lost}")

    world.bot.replicas.on_loss(adopt)
    await note_lost(world.bot.store)
    await world.until(lambda: "A mistake of ours about lost" in caplog.text)
    then = await beats(world)
    await world.sooner_or_later(lambda: _more(world, then + 2))
    broken.clear()
    await world.sooner_or_later(lambda: _forgotten(world, "lost"))


async def _more(world: World, than: int) -> bool:
    return await beats(world) > than


async def _forgotten(world: World, replica: str) -> bool:
    return replica not in [row.id for row in await rows(world.bot.store)]


async def _nothing_open(world: World) -> bool:
    return not await world.bot.reception.owners()


async def test_who_hands_over_lives_until_it_is_done(tmp_path: Path) -> None:
    async with world(tmp_path, start=False) as made:
        counted: list[int] = []

        async def slowly(within: float) -> None:
            counted.append(await beats(made))
            await made.sooner_or_later(lambda: _more(made, counted[0] + 2))
            counted.append(await beats(made))

        async with made.running():
            made.bot.reception.drain = slowly  # type: ignore[method-assign]
        assert counted[1] > counted[0] + 2


async def test_what_is_left_by_a_replica_that_nobody_knows_is_done(world: World) -> None:
    """One that was taken over while it was frozen takes requests until it notices: they are not lost."""
    here, by = world.channel("general"), world.person("olivia")
    request = Request("command:1.2.3", "incident", "list", "", by, here, "general", datetime.now(UTC))
    async with world.bot.store.begin() as connection:
        await receipts.take(connection, Receipt(request.id, request.at, request.as_json()), "frozen", None)
    await world.until(lambda: [call for call in world.calls("chat.postMessage") if call.args["channel"] == by])
    await world.sooner_or_later(lambda: _nothing_open(world))
