"""Rows that tests of the store start from."""

from datetime import UTC, datetime, timedelta

from bot.store import incidents
from bot.store.database import Store
from bot.store.incidents import Incident

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    """Return a moment so many seconds after `NOW`."""
    return NOW + timedelta(seconds=seconds)


async def an_incident(store: Store, origin: str = "command:1", **changes: object) -> Incident:
    """Declare an incident and return it; `changes` are columns."""
    values: dict[str, object] = {
        "platform": "zephyr",
        "severity": "High",
        "rank": 1,
        "title": "down",
        "summary": "down\nall of it",
        "declared_by": "U1",
        "declared_at": NOW,
        "declared_in": "C1",
    }
    async with store.begin() as connection:
        return await incidents.add(connection, origin=origin, **{**values, **changes})
