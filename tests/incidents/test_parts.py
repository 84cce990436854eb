"""The parts of a room when what they stand on is missing: each says what, and nothing is called for it."""

from collections.abc import Callable
from typing import cast

import pytest

from bot.errors import Conflict
from bot.incidents.parts import PARTS, Workshop
from bot.incidents.ports import Rooms
from bot.runbooks.loader import load_platforms
from bot.runbooks.platforms import Platforms
from bot.store import incidents
from bot.store.database import Store
from tests.store.rows import an_incident
from tests.world import RUNBOOKS


class Nowhere:
    """A chat that nobody may call."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(*_: object) -> object:
            raise AssertionError(f"{name} was called")

        return call


NOWHERE = cast("Rooms", Nowhere())


@pytest.mark.parametrize("part", PARTS)
async def test_a_platform_that_is_no_longer_in_the_runbooks(store: Store, part: str) -> None:
    await an_incident(store, channel_id="C1")
    with pytest.raises(Conflict, match=r"^The platform zephyr of INC-1 is no longer in the runbooks\.$"):
        await Workshop(store, NOWHERE, Platforms()).make(part, 1)


@pytest.mark.parametrize(
    ("part", "channel", "sentence"),
    [
        ("topic", None, "The room of INC-1 is not open yet."),
        ("pin", "C1", "There is no header to pin yet."),
    ],
)
async def test_a_part_whose_ground_is_missing(store: Store, part: str, channel: str | None, sentence: str) -> None:
    await an_incident(store, channel_id=channel)
    with pytest.raises(Conflict) as refused:
        await Workshop(store, NOWHERE, load_platforms(RUNBOOKS)).make(part, 1)
    assert str(refused.value) == sentence


async def test_a_severity_that_is_no_longer_in_the_runbooks_counts_as_the_mildest(store: Store) -> None:
    await an_incident(store, severity="P9")
    platforms = load_platforms(RUNBOOKS)
    named = await Workshop(store, NOWHERE, platforms).named(1)
    assert (named.incident.severity, named.severity) == ("P9", named.platform.severities[-1])
    async with store.read() as connection:
        assert await incidents.by_number(connection, 1) == named.incident
