"""Looking whether a message is in Slack already, by the key in its metadata."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.errors import SlackRefused, SlackUnavailable

EVENT_TYPE = "opsroom_message"
# How far Slack's clock and ours may be apart.
MARGIN = timedelta(minutes=5)
# Slack: conversations.history docs ask for pages of no more than 200, although 999 are allowed.
PER_PAGE, PAGES = 200, 20


class Caller(Protocol):
    """Calls Slack: `bot.slack.client.SlackClient`."""

    async def call(
        self,
        method: str,
        args: Mapping[str, Any] | None = None,
        *,
        repeatable: bool | None = None,
        urgent: bool = False,
        patience: float | None = None,
    ) -> dict[str, Any]:
        """Call a Web API method, as `SlackClient.call` does."""


def marked(key: str) -> dict[str, Any]:
    """Return the metadata by which a message is found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


async def find_message(
    slack: Caller, channel: str, thread_ts: str | None, key: str, tried: tuple[datetime, datetime]
) -> str | None:
    """Return the ts of the message with that key, None when it is not there.

    `channel` is an id or a `#name`; `tried` is when the first and the last attempt to post it began: only what was
    posted around then is read. Raises what the client raises, and SlackUnavailable when there is more than can be read.
    """
    method, place = _where(await _id_of(slack, channel), thread_ts)
    window = {"oldest": _seconds(tried[0] - MARGIN), "latest": _seconds(tried[1] + MARGIN), "inclusive": True}
    cursor: str | None = None
    for _ in range(PAGES):
        asked = {**place, **window, "include_all_metadata": True, "limit": PER_PAGE, "cursor": cursor}
        try:
            page = await slack.call(method, asked)
        except SlackRefused as refusal:
            if refusal.code == "thread_not_found":
                return None
            raise
        for message in page.get("messages") or ():
            if _key(message) == key:
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
    raise SlackUnavailable(method, f"it has more than {PER_PAGE * PAGES} messages to look through")


async def _id_of(slack: Caller, channel: str) -> str:
    """Return a channel's id; a name is searched for among the channels that Opsroom is in: it could not read others."""
    cursor: str | None = None
    while channel.startswith("#"):
        asked = {"types": "public_channel", "exclude_archived": True, "limit": PER_PAGE, "cursor": cursor}
        page = await slack.call("users.conversations", asked)
        for known in page["channels"]:
            if known["name"] == channel[1:]:
                return str(known["id"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            raise SlackRefused("conversations.history", "not_in_channel", channel)
    return channel


def _where(channel: str, thread_ts: str | None) -> tuple[str, dict[str, Any]]:
    if thread_ts:
        return "conversations.replies", {"channel": channel, "ts": thread_ts}
    return "conversations.history", {"channel": channel}


def _key(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return str(key) if key is not None else None


def _seconds(moment: datetime) -> str:
    return f"{moment.timestamp():.6f}"
