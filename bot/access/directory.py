"""Who is who in Slack, as far as roles depend on it; `bot.slack.groups` is the adapter."""

from enum import Enum
from typing import Protocol


class Standing(Enum):
    """What somebody is in the workspace. Only members hold more than the role of a viewer, whatever was granted."""

    MEMBER = "a member"
    GUEST = "a guest"
    BOT = "a bot"
    DEACTIVATED = "deactivated"
    STRANGER = "nobody whom Slack knows"


class Directory(Protocol):
    """The people and user groups of a workspace.

    Everything raises SlackError when there is no answer within `patience` seconds.
    """

    async def group_ids(self, patience: float) -> dict[str, str]:
        """Return the ids of all user groups by their handles, without the @."""

    async def members(self, group: str, patience: float) -> frozenset[str]:
        """Return the ids of the people in a user group, by its id; nobody when there is no such group any more."""

    async def standing(self, person: str, patience: float) -> Standing:
        """Return what somebody is."""
