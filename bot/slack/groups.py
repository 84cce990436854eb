"""User groups by their handle, remembered for a while: Slack lets an app list them 20 times a minute."""

from datetime import datetime, timedelta

from bot.errors import SlackRefused
from bot.slack.client import SlackClient
from bot.wallclock import Clock

_FRESH = timedelta(minutes=5)
"""People join and leave groups rarely: who was added a minute ago can wait this long. A new group cannot."""


class Groups:
    """Handles to people."""

    def __init__(self, client: SlackClient, clock: Clock) -> None:
        self._client, self._clock = client, clock
        self._ids: dict[str, str] = {}
        self._listed_at: datetime | None = None
        self._members: dict[str, tuple[datetime, tuple[str, ...]]] = {}

    async def members(self, handle: str) -> tuple[str, ...]:
        """Return the people of a group. Raises SlackRefused(`no_such_group`) when there is none of that handle."""
        known = self._members.get(handle)
        if known and self._fresh(known[0]):
            return known[1]
        group = await self._id(handle)
        found = await self._client.call("usergroups.users.list", {"usergroup": group})
        people = tuple(str(user) for user in found["users"])
        self._members[handle] = (self._clock.now(), people)
        return people

    async def _id(self, handle: str) -> str:
        if handle not in self._ids or not (self._listed_at and self._fresh(self._listed_at)):
            listed = await self._client.call("usergroups.list")
            self._ids = {str(group["handle"]): str(group["id"]) for group in listed["usergroups"]}
            self._listed_at = self._clock.now()
        if handle not in self._ids:
            raise SlackRefused("usergroups.list", "no_such_group", f"@{handle}")
        return self._ids[handle]

    def _fresh(self, at: datetime) -> bool:
        return self._clock.now() - at < _FRESH
