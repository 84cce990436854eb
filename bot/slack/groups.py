"""User groups, and who people are.

For invitations, groups by their handle are remembered for a while: Slack lets an app list them 20 times a minute.
"""

from datetime import datetime, timedelta

from bot.access.directory import Standing
from bot.errors import SlackRefused
from bot.slack.client import SlackClient
from bot.wallclock import Clock

_FRESH = timedelta(minutes=5)
"""People join and leave groups rarely: who was added a minute ago can wait this long. A new group cannot."""
_NO_GROUP = {"no_such_subteam", "subteam_not_found"}
_NO_PERSON = {"user_not_found", "user_not_visible"}


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


class SlackDirectory:
    """Slack as the directory that roles need: the adapter behind `bot.access.directory.Directory`."""

    def __init__(self, client: SlackClient) -> None:
        self._client = client

    async def group_ids(self, patience: float) -> dict[str, str]:
        """Return the ids of all user groups by their handles."""
        listed = await self._client.call("usergroups.list", patience=patience, urgent=True)
        return {str(group["handle"]): str(group["id"]) for group in listed["usergroups"]}

    async def members(self, group: str, patience: float) -> frozenset[str]:
        """Return the people of a user group; nobody when it was removed or disabled."""
        try:
            args = {"usergroup": group}
            found = await self._client.call("usergroups.users.list", args, patience=patience, urgent=True)
        except SlackRefused as refused:
            if refused.code in _NO_GROUP:
                return frozenset()
            raise
        return frozenset(map(str, found["users"]))

    async def standing(self, person: str, patience: float) -> Standing:
        """Return what somebody is in the workspace."""
        try:
            found = await self._client.call("users.info", {"user": person}, patience=patience, urgent=True)
        except SlackRefused as refused:
            if refused.code in _NO_PERSON:
                return Standing.STRANGER
            raise
        user = found["user"]
        if user.get("deleted"):
            return Standing.DEACTIVATED
        if user.get("is_bot"):
            return Standing.BOT
        guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")
        return Standing.GUEST if guest else Standing.MEMBER
