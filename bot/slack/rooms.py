"""Slack as the chat that incidents need: the adapter behind `bot.incidents.ports.Rooms`."""

import logging
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.diagnosis.board import Attachment
from bot.errors import SlackRefused
from bot.slack.client import SlackClient
from bot.slack.files import attach
from bot.slack.groups import Groups
from bot.slack.identity import Identity
from bot.slack.outbox import Outbox
from bot.slack.views.render import message_for
from bot.slack.views.text import fit

logger = logging.getLogger(__name__)

_TOPIC = 250
"""Slack: conversations.setTopic docs."""
_MENTION = re.compile("<(?=[!@#])")
_INVITED_AT_ONCE = 100
"""Slack's pages say 100 and 1,000 people; the smaller number is right on both."""


class SlackRooms:
    """Rooms are channels; what must not be lost is posted through the outbox."""

    def __init__(self, client: SlackClient, outbox: Outbox, groups: Groups, identity: Identity) -> None:
        self._client, self._outbox = client, outbox
        self._groups, self._identity = groups, identity

    async def create(self, name: str) -> str | None:
        """Make a public channel of that name and return its id; None when the name is taken."""
        try:
            made = await self._client.call("conversations.create", {"name": name, "is_private": False}, urgent=True)
        except SlackRefused as refused:
            if refused.code == "name_taken":
                return None
            raise
        return str(made["channel"]["id"])

    async def find(self, name: str, since: datetime) -> str | None:
        """Page through the bot's own channels, which Slack advises over listing all; used in recovery only."""
        me = (await self._identity.me()).user_id
        cursor = ""
        while True:
            args = {"types": "public_channel", "limit": 200, "cursor": cursor or None}
            page = await self._client.call("users.conversations", args)
            for known in page["channels"]:
                if known["name"] == name and known["creator"] == me and known["created"] >= since.timestamp():
                    return str(known["id"])
            cursor = page.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                return None

    async def invite(self, channel: str, people: Sequence[str]) -> None:
        """Bring people in. Raises SlackRefused when nobody could come."""
        for start in range(0, len(people), _INVITED_AT_ONCE):
            users = list(people[start : start + _INVITED_AT_ONCE])
            try:
                await self._client.call(
                    "conversations.invite", {"channel": channel, "users": users, "force": True}, urgent=True
                )
            except SlackRefused as refused:
                if refused.code not in {"already_in_channel", "cant_invite_self"}:
                    raise

    async def members(self, group: str) -> tuple[str, ...]:
        """Return the people of a user group, by its handle."""
        return await self._groups.members(group)

    async def set_topic(self, channel: str, topic: str) -> None:
        """Set the topic, cut to what Slack keeps; a mention in it is broken up, for topics have no way to escape it."""
        args = {"channel": channel, "topic": fit(_MENTION.sub("‹", topic), _TOPIC)}
        await self._client.call("conversations.setTopic", args, urgent=True)

    async def post(self, key: str, channel: str, noun: Any, thread: str | None = None) -> str:
        """Post a message once for this key, in a thread if one is named, and return its timestamp."""
        return await self._outbox.post(key, channel, message_for(noun).payload(), thread)

    async def attach(self, channel: str, thread: str, attachments: Sequence[Attachment]) -> None:
        """Share files in a thread, those that are not there yet."""
        await attach(self._client, channel, thread, attachments)

    async def send(self, key: str, channel: str, noun: Any) -> None:
        """Put a message into the outbox, once for this key."""
        await self._outbox.put(key, channel, message_for(noun).payload())

    async def edit(self, key: str, channel: str, message: str, noun: Any) -> None:
        """Make a message say something else; of several edits the last one counts.

        A message that can no longer be edited (deleted, or its channel archived) stays as it is.
        """
        try:
            await self._outbox.update(key, channel, message, message_for(noun).payload())
        except SlackRefused as refused:
            logger.warning("%s stays as it is: %s", key, refused)

    async def pin(self, channel: str, message: str) -> None:
        """Pin a message, unless it is pinned."""
        try:
            await self._client.call("pins.add", {"channel": channel, "timestamp": message})
        except SlackRefused as refused:
            if refused.code != "already_pinned":
                raise

    async def bookmark(self, channel: str, title: str, link: str) -> None:
        """Add a bookmark, unless the link has one: Slack itself would add it twice."""
        known = await self._client.call("bookmarks.list", {"channel_id": channel})
        if any(bookmark.get("link") == link for bookmark in known["bookmarks"]):
            return
        await self._client.call("bookmarks.add", {"channel_id": channel, "title": title, "type": "link", "link": link})

    async def answer(self, reply_to: str | None, channel: str, person: str, noun: Any) -> None:
        """Answer for one person's eyes: through the response URL, else in the channel, else as a direct message."""
        payload = message_for(noun).payload()
        alone = {"response_type": "ephemeral", "replace_original": False, **payload}
        if reply_to and await self._worked(self._client.respond(reply_to, alone)):
            return
        hidden = {"channel": channel, "user": person, **payload}
        if await self._worked(self._client.call("chat.postEphemeral", hidden, repeatable=True)):
            return
        await self._client.call("chat.postMessage", {"channel": person, **payload}, repeatable=True)

    @staticmethod
    async def _worked(way: Any) -> bool:
        try:
            await way
        except SlackRefused:
            return False
        return True
