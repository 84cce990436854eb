"""The timeline of an incident: everything said, measured, approved and changed, in order."""

from typing import Protocol

from bot.store import timeline
from bot.store.database import Store
from bot.store.timeline import Entry


class Timeline(Protocol):
    """Where the happenings of an incident are written down and read."""

    async def record(self, incident: int, entry: Entry) -> None:
        """Add an entry, unless the incident already has one of that key."""

    async def entries(self, incident: int, limit: int | None = None) -> list[Entry]:
        """Return the entries, the oldest first; with a limit, the latest ones."""


class StoredTimeline:
    """The timeline in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def record(self, incident: int, entry: Entry) -> None:
        """Add an entry, unless the incident already has one of that key."""
        async with self._store.begin() as connection:
            await timeline.record(connection, incident, entry)

    async def entries(self, incident: int, limit: int | None = None) -> list[Entry]:
        """Return the entries, the oldest first; with a limit, the latest ones."""
        async with self._store.read() as connection:
            return await timeline.entries(connection, incident, limit)


class TimelineInMemory:
    """The timeline of a test: the same rules, in a dictionary."""

    def __init__(self) -> None:
        self._entries: dict[int, list[Entry]] = {}

    async def record(self, incident: int, entry: Entry) -> None:
        """Add an entry, unless the incident already has one of that key."""
        known = self._entries.setdefault(incident, [])
        if entry.key not in [other.key for other in known]:
            known.append(entry)

    async def entries(self, incident: int, limit: int | None = None) -> list[Entry]:
        """Return the entries, the oldest first; with a limit, the latest ones."""
        ordered = sorted(self._entries.get(incident, []), key=lambda entry: entry.at)
        return ordered if limit is None else ordered[max(0, len(ordered) - limit) :]
