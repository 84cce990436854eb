"""The three engines, each of which must keep the same promises."""

from collections.abc import AsyncIterator

import pytest

from bot.store.database import open_store
from tests.durable.houses import DbosHouse, House, LeapingClock, MemoryHouse


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    if request.param == "memory":
        yield MemoryHouse()
        return
    async with open_store(request.getfixturevalue(f"{request.param}_address")) as store:
        yield DbosHouse(store)


@pytest.fixture
def clock() -> LeapingClock:
    return LeapingClock()
