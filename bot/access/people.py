"""The people and user groups of the workspace, remembered for a minute; ten when Slack does not answer."""

from collections.abc import Iterable

from bot.access.directory import Directory, Standing
from bot.access.remembering import Remembered
from bot.wallclock import Clock

_ALL = ""


class People:
    """Who is in which group, and what somebody is. None everywhere means that nobody can tell just now."""

    def __init__(self, directory: Directory, clock: Clock) -> None:
        self._directory = directory
        self._ids = Remembered(self._group_ids, clock)
        self._members = Remembered(directory.members, clock)
        self._standings = Remembered(directory.standing, clock)

    async def members(self, group: str, patience: float | None = None) -> frozenset[str] | None:
        """Return the people of a group, by its id."""
        return await self._members.get(group, patience)

    async def group_ids(self) -> dict[str, str] | None:
        """Return the ids of all groups by their handles."""
        return await self._ids.get(_ALL)

    async def standing(self, person: str, patience: float | None = None) -> Standing | None:
        """Return what somebody is."""
        return await self._standings.get(person, patience)

    async def _group_ids(self, _all: str, patience: float) -> dict[str, str]:
        return await self._directory.group_ids(patience)


def listed(handles: Iterable[str]) -> str:
    """Return groups as a sentence lists them: `@oncall or @platform`."""
    return " or ".join(f"@{handle}" for handle in handles)
