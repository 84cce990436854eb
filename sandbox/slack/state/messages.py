"""Messages, their reactions and their form in the Web API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.slack.refusals import Json


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says. `link_names` makes plain @names notify."""

    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    link_names: bool = False


@dataclass(slots=True)
class Message:
    """One message. `pings` names whom it notified: user ids, user group ids, `channel`, `here`, `everyone`."""

    ts: str
    channel: str
    user: str
    text: str
    bot_id: str = ""
    app_id: str = ""
    username: str = ""
    icons: Json | None = None
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    extra: Json = field(default_factory=dict)
    pings: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    reply_users: dict[str, None] = field(default_factory=dict)
    pinned: bool = False
    ephemeral: bool = False
    only_for: str = ""
    choices: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether the message stands inside a thread rather than at its top."""
        return self.thread_ts is not None and self.thread_ts != self.ts


def message_as_api(message: Message, *, team_id: str, with_metadata: bool = True) -> Json:
    """Return the message as conversations.history and message events show it."""
    shown: Json = {"type": "message"} | ({"subtype": message.subtype} if message.subtype else {})
    shown |= {"user": message.user, "text": message.text, "ts": message.ts, "team": team_id}
    if message.bot_id:
        shown |= {"bot_id": message.bot_id, "app_id": message.app_id}
    for name in ("username", "icons", "blocks", "attachments", "files", "edited", "thread_ts"):
        if value := getattr(message, name):
            shown[name] = value
    if message.metadata and with_metadata:
        shown["metadata"] = message.metadata
    if message.replies:
        shown |= _thread_as_api(message)
    if message.reactions:
        shown["reactions"] = reactions_as_api(message)
    return shown | message.extra | ({"pinned_to": [message.channel]} if message.pinned else {})


def _thread_as_api(message: Message) -> Json:
    """Return what a message with replies says about them."""
    return {
        "thread_ts": message.ts,
        "reply_count": len(message.replies),
        "reply_users": list(message.reply_users),
        "reply_users_count": len(message.reply_users),
        "latest_reply": message.replies[-1],
        "is_locked": False,
        "subscribed": False,
    }


def reactions_as_api(message: Message) -> list[Json]:
    """Return the reactions of a message in the order in which they were first given."""
    return [{"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()]
