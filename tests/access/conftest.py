"""The office that tests of roles look people up in."""

from collections.abc import AsyncIterator

import pytest

from tests.access.offices import Office, office


@pytest.fixture(name="office")
async def _office() -> AsyncIterator[Office]:
    async with office() as made:
        yield made
