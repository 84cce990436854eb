"""What incidents ask of the outside world: a chat with rooms in it. `bot.slack.rooms` is the adapter.

Every method raises the errors under `SlackError`: refused for good, not done, or unclear.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol


class Rooms(Protocol):
    """A chat that has rooms, people and messages. Channels, people and messages are known by their ids."""

    async def create(self, name: str) -> str | None:
        """Make a public channel of that name and return its id; None when the name is taken."""

    async def find(self, name: str, since: datetime) -> str | None:
        """Return the channel of that name that Opsroom itself made since then, if there is one."""

    async def invite(self, channel: str, people: Sequence[str]) -> None:
        """Bring people in; those who are in already, or cannot come, are passed over."""

    async def members(self, group: str) -> tuple[str, ...]:
        """Return the people of a user group, by its handle."""

    async def set_topic(self, channel: str, topic: str) -> None:
        """Set the topic; at most 250 characters of it are kept."""

    async def post(self, key: str, channel: str, noun: Any) -> str:
        """Post a message once for this key, however often it is asked for, and return its id."""

    async def send(self, key: str, channel: str, noun: Any) -> None:
        """Post a message once for this key, some time soon: it is kept until it is posted."""

    async def edit(self, key: str, channel: str, message: str, noun: Any) -> None:
        """Make a message say something else, some time soon; of several edits the last one counts."""

    async def pin(self, channel: str, message: str) -> None:
        """Pin a message, unless it is pinned."""

    async def bookmark(self, channel: str, title: str, link: str) -> None:
        """Add a bookmark, unless the link has one."""

    async def answer(self, reply_to: str | None, channel: str, person: str, noun: Any) -> None:
        """Answer a person's request, visible to that person alone."""
