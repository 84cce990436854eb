"""Channels and direct messages: who is in them, what was said there, what is pinned and bookmarked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from dataclasses import dataclass, field

from sandbox.slack.refusals import Json
from sandbox.slack.state.messages import Message


@dataclass(slots=True)
class Headline:
    """A topic or a purpose: the text, who set it, when (seconds since 1970)."""

    value: str = ""
    creator: str = ""
    last_set: int = 0


@dataclass(slots=True)
class Pin:
    """A pinned message: its timestamp, who pinned it, when."""

    ts: str
    by: str
    at: int


@dataclass(slots=True)
class Channel:
    """A public or private channel, or a direct message between two members (kind "dm")."""

    id: str
    name: str
    kind: str
    creator: str
    created: int
    is_general: bool = False
    is_shared: bool = False
    archived: bool = False
    members: dict[str, None] = field(default_factory=dict)
    topic: Headline = field(default_factory=Headline)
    purpose: Headline = field(default_factory=Headline)
    previous_names: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    timeline: list[str] = field(default_factory=list)
    pins: dict[str, Pin] = field(default_factory=dict)
    bookmarks: dict[str, Json] = field(default_factory=dict)
    ephemerals: dict[str, deque[Message]] = field(default_factory=dict)
    read: dict[str, str] = field(default_factory=dict)

    @property
    def is_dm(self) -> bool:
        """Whether this is a direct message."""
        return self.kind == "dm"

    @property
    def family(self) -> str:
        """The first word of the scopes that rule it: channels, groups or im."""
        return {"public": "channels", "private": "groups", "dm": "im"}[self.kind]

    def add(self, message: Message) -> None:
        """File a message; timestamps rise, so that it goes to the end. A reply also joins its thread."""
        self.messages[message.ts] = message
        self.order.append(message.ts)
        if not message.is_reply or message.subtype == "thread_broadcast":
            self.timeline.append(message.ts)
        if message.is_reply and (root := self.messages.get(message.thread_ts or "")):
            root.replies.append(message.ts)
            root.reply_users[message.user] = None

    def remove(self, message: Message) -> None:
        """Take a message away, from its thread and from the pins as well."""
        del self.messages[message.ts]
        self.pins.pop(message.ts, None)
        _drop(self.order, message.ts)
        _drop(self.timeline, message.ts)
        if message.is_reply and (root := self.messages.get(message.thread_ts or "")):
            _drop(root.replies, message.ts)

    def whisper(self, user: str, message: Message) -> None:
        """Keep an ephemeral message for one person: the last 200, as their client would."""
        self.ephemerals.setdefault(user, deque(maxlen=200)).append(message)

    def unread(self, user: str) -> int:
        """Return how many messages came after the last one that the person read."""
        return len(self.timeline) - bisect_right(self.timeline, self.read.get(user, ""))

    def between(self, oldest: str, latest: str, *, inclusive: bool) -> tuple[int, int]:
        """Return the positions in the timeline that lie between two timestamps."""
        if inclusive:
            return bisect_left(self.timeline, oldest), bisect_right(self.timeline, latest)
        return bisect_right(self.timeline, oldest), bisect_left(self.timeline, latest)


def _drop(ordered: list[str], ts: str) -> None:
    """Remove a timestamp from a rising list, if it is there."""
    at = bisect_left(ordered, ts)
    if at < len(ordered) and ordered[at] == ts:
        del ordered[at]


def channel_as_api(channel: Channel, *, team_id: str, viewer: str) -> Json:
    """Return the channel object of conversations.info as the app sees it."""
    if channel.is_dm:
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_org_shared": False,
            "is_archived": channel.archived,
            "context_team_id": team_id,
            "user": next((other for other in channel.members if other != viewer), viewer),
            "is_open": True,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind == "private",
        "is_archived": channel.archived,
        "is_general": channel.is_general,
        "is_shared": channel.is_shared,
        "is_ext_shared": channel.is_shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "is_member": viewer in channel.members,
        "created": channel.created,
        "creator": channel.creator,
        "context_team_id": team_id,
        "shared_team_ids": [team_id],
        "topic": headline_as_api(channel.topic),
        "purpose": headline_as_api(channel.purpose),
        "previous_names": list(channel.previous_names),
    }


def headline_as_api(headline: Headline) -> Json:
    """Return a topic or purpose object."""
    return {"value": headline.value, "creator": headline.creator, "last_set": headline.last_set}
