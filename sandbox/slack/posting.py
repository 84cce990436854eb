"""Posting, editing and deleting messages, whoever does it: the one place where messages change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.slack.events import announce_message, announce_post
from sandbox.slack.refusals import Json
from sandbox.slack.state.channels import Channel
from sandbox.slack.state.messages import Content, Message, message_as_api
from sandbox.slack.state.people import Person
from sandbox.slack.text import pings_of

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: the thread if any, whether a reply is also shown in the channel, the subtype.

    `by_slack` marks the messages that Slack itself writes in a member's name; they notify nobody.
    """

    thread_ts: str | None = None
    broadcast: bool = False
    subtype: str | None = None
    extra: Json = field(default_factory=dict)
    username: str = ""
    icons: Json | None = None
    by_slack: bool = False


def post(
    workspace: Workspace, channel: Channel, author: Person, content: Content, place: Place | None = None
) -> Message:
    """Post a message, tell the app and the onlookers, and return it."""
    place = place or Place()
    message = _compose(workspace, channel, author, content, place)
    if message.is_reply and (root := channel.messages.get(message.thread_ts or "")):
        message.extra["parent_user_id"] = root.user
        if place.broadcast:
            message.subtype = "thread_broadcast"
    channel.add(message)
    if not author.is_bot:
        channel.read[author.id] = message.ts
    workspace.changes.touch(channel)
    announce_post(workspace, channel, message)
    return message


def whisper(
    workspace: Workspace, channel: Channel, user: str, content: Content, thread_ts: str | None = None
) -> Message:
    """Show a person a message of the app that nobody else sees, and return it."""
    message = _compose(workspace, channel, workspace.bot, content, Place(thread_ts=thread_ts))
    message.ephemeral, message.only_for, message.pings = True, user, []
    channel.whisper(user, message)
    workspace.changes.touch(user=user)
    return message


def _compose(workspace: Workspace, channel: Channel, author: Person, content: Content, place: Place) -> Message:
    """Make a message; it is not in the channel yet."""
    names = workspace.directory if content.link_names else None
    return Message(
        ts=workspace.timestamps.new(),
        channel=channel.id,
        user=author.id,
        text=content.text,
        bot_id="" if place.by_slack else author.bot_id,
        app_id=workspace.app_id if author.is_bot and not place.by_slack else "",
        username=place.username,
        icons=place.icons,
        blocks=with_block_ids(workspace, content.blocks),
        attachments=_with_attachment_ids(workspace, content.attachments),
        files=content.files,
        thread_ts=place.thread_ts,
        subtype=place.subtype,
        metadata=content.metadata,
        extra=dict(place.extra),
        pings=[] if place.by_slack else pings_of(content.text, content.blocks, content.attachments, names),
    )


def with_block_ids(workspace: Workspace, blocks: list[Json]) -> list[Json]:
    """Return the blocks, each with a block_id; Slack makes one up where the app gave none."""
    return [block if block.get("block_id") else {**block, "block_id": workspace.ids.secret(5)} for block in blocks]


def _with_attachment_ids(workspace: Workspace, attachments: list[Json]) -> list[Json]:
    """Return the attachments numbered, their blocks with ids."""
    return [
        {**attachment, "id": number}
        | ({"blocks": with_block_ids(workspace, attachment["blocks"])} if attachment.get("blocks") else {})
        for number, attachment in enumerate(attachments, start=1)
    ]


def edit(workspace: Workspace, channel: Channel, message: Message, content: Content) -> None:
    """Change what a message says. An edit notifies nobody, also not those whom it mentions anew."""
    before = message_as_api(message, team_id=workspace.team_id)
    message.text = content.text
    message.blocks = with_block_ids(workspace, content.blocks)
    message.attachments = _with_attachment_ids(workspace, content.attachments)
    if content.metadata is not None:
        message.metadata = content.metadata
    if message.ephemeral:
        workspace.changes.touch(user=message.only_for)
        return
    message.edited = {"user": message.user, "ts": f"{int(workspace.clock.now())}.000000"}
    workspace.changes.touch(channel)
    changed = message_as_api(message, team_id=workspace.team_id)
    _announce_change(workspace, channel, "message_changed", {"message": changed, "previous_message": before})


def delete(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Take a message away; one with replies leaves a tombstone, as in Slack."""
    if message.ephemeral:
        channel.ephemerals[message.only_for].remove(message)
        workspace.changes.touch(user=message.only_for)
        return
    before = message_as_api(message, team_id=workspace.team_id)
    if message.replies:
        message.text, message.blocks, message.attachments = "This message was deleted.", [], []
        message.subtype, message.metadata, message.user = "tombstone", None, "USLACKBOT"
        channel.pins.pop(message.ts, None)
    else:
        channel.remove(message)
    workspace.changes.touch(channel)
    _announce_change(workspace, channel, "message_deleted", {"deleted_ts": message.ts, "previous_message": before})


def _announce_change(workspace: Workspace, channel: Channel, subtype: str, details: Json) -> None:
    """Tell the app of an edit or a deletion."""
    ts = workspace.timestamps.new()
    event = {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts, **details}
    announce_message(workspace, channel, event)
