"""The troubles table: what does not work in a room, until it is mended."""

from bot.store import troubles
from bot.store.database import Store
from bot.store.troubles import Trouble
from tests.store.rows import NOW, an_incident, later


async def test_a_trouble_counts_its_tries_and_says_the_last_reason(store: Store) -> None:
    await an_incident(store)
    async with store.begin() as connection:
        await troubles.note(connection, 1, "pin", "too many pins", NOW)
        await troubles.note(connection, 1, "pin", "no permission", later(5))
        assert await troubles.of(connection, 1) == [Trouble(1, "pin", "no permission", 2, later(5))]


async def test_what_is_mended_is_gone_until_it_breaks_again(store: Store) -> None:
    await an_incident(store)
    async with store.begin() as connection:
        for part in ("pin", "announcement"):
            await troubles.note(connection, 1, part, "Slack is down", NOW)
        await troubles.mend(connection, 1, "pin", later(1))
        await troubles.mend(connection, 1, "topic", later(1))
        assert [one.part for one in await troubles.of(connection, 1)] == ["announcement"]
        assert await troubles.of(connection, 1, "pin") == []
        await troubles.note(connection, 1, "pin", "again", later(2))
        assert [(one.tries, one.mended_at) for one in await troubles.of(connection, 1, "pin")] == [(2, None)]


async def test_incidents_have_troubles_of_their_own(store: Store) -> None:
    await an_incident(store)
    await an_incident(store, "command:2")
    async with store.begin() as connection:
        await troubles.note(connection, 1, "pin", "too many pins", NOW)
        assert await troubles.of(connection, 2) == []
