"""What happens to channels: making, naming, joining, leaving, topics, archiving, pins, reactions.

Most of it comes with a message that Slack itself posts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.events import announce
from sandbox.slack.posting import Place, post
from sandbox.slack.refusals import Json
from sandbox.slack.state.channels import Channel, Pin, channel_as_api
from sandbox.slack.state.messages import Content, Message, message_as_api
from sandbox.slack.state.people import Person

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


def create(workspace: Workspace, name: str, creator: Person, *, private: bool) -> Channel:
    """Make a channel; its creator joins it."""
    channel = Channel(
        id=workspace.ids.new("C"),
        name=name,
        kind="private" if private else "public",
        creator=creator.id,
        created=int(workspace.clock.now()),
    )
    workspace.file_channel(channel)
    if not private:
        shown = {"id": channel.id, "name": name, "created": channel.created, "creator": creator.id}
        announce(workspace, {"type": "channel_created", "channel": shown}, channel)
    join(workspace, channel, creator)
    return channel


def join(workspace: Workspace, channel: Channel, person: Person, *, inviter: str | None = None) -> None:
    """Let somebody in, with the message that Slack posts."""
    workspace.enrol(channel, person.id)
    extra: Json = {"inviter": inviter} if inviter else {}
    _say(workspace, channel, person, "channel_join", f"<@{person.id}> has joined the channel", extra)
    event = {
        "type": "member_joined_channel",
        "user": person.id,
        "channel": channel.id,
        "channel_type": channel.id[0],
        "team": workspace.team_id,
        "event_ts": workspace.timestamps.new(),
        **extra,
    }
    announce(workspace, event, channel)


def leave(workspace: Workspace, channel: Channel, person: Person) -> None:
    """Let somebody go, with the message that Slack posts."""
    _say(workspace, channel, person, "channel_leave", f"<@{person.id}> has left the channel")
    event = {
        "type": "member_left_channel",
        "user": person.id,
        "channel": channel.id,
        "channel_type": channel.id[0],
        "team": workspace.team_id,
        "event_ts": workspace.timestamps.new(),
    }
    announce(workspace, event, channel)
    workspace.strike(channel, person.id)


def set_headline(workspace: Workspace, channel: Channel, by: Person, what: str, text: str) -> None:
    """Set the topic or the purpose ("what"), with the message that Slack posts."""
    setattr(channel, what, workspace.headline(text, by.id))
    told = f"set the channel {what} to: {text}" if text else f"cleared the channel {what}"
    _say(workspace, channel, by, f"channel_{what}", f"<@{by.id}> {told}", {what: text})


def rename(workspace: Workspace, channel: Channel, by: Person, name: str) -> None:
    """Give a channel another name; the old one becomes free."""
    old = channel.name
    del workspace.channel_names[old]
    channel.name, channel.previous_names = name, [old, *channel.previous_names]
    workspace.file_channel(channel)
    told = f'<@{by.id}> has renamed the channel from "{old}" to "{name}"'
    _say(workspace, channel, by, "channel_name", told, {"old_name": old, "name": name})
    renamed = {"id": channel.id, "name": name, "created": channel.created}
    announce(workspace, {"type": "channel_rename", "channel": renamed}, channel)


def archive(workspace: Workspace, channel: Channel, by: Person) -> None:
    """Close a channel for good."""
    _say(workspace, channel, by, "channel_archive", f"<@{by.id}> archived the channel")
    channel.archived = True
    workspace.changes.touch(channel)
    announce(workspace, {"type": "channel_archive", "channel": channel.id, "user": by.id}, channel)


def unarchive(workspace: Workspace, channel: Channel, by: Person) -> None:
    """Open an archived channel again."""
    channel.archived = False
    _say(workspace, channel, by, "channel_unarchive", f"<@{by.id}> un-archived the channel")
    announce(workspace, {"type": "channel_unarchive", "channel": channel.id, "user": by.id}, channel)


def pin(workspace: Workspace, channel: Channel, message: Message, by: Person) -> None:
    """Pin a message, with the message that Slack posts."""
    pinned = Pin(message.ts, by.id, int(workspace.clock.now()))
    channel.pins[message.ts] = pinned
    message.pinned = True
    item = pin_as_api(workspace, channel, pinned)
    if not channel.is_dm:
        told = f"<@{by.id}> pinned a message to this channel."
        _say(workspace, channel, by, "pinned_item", told, {"item_type": "C", "item": item})
    _announce_pin(workspace, channel, "pin_added", by, item)


def unpin(workspace: Workspace, channel: Channel, message: Message, by: Person) -> None:
    """Take a pin off."""
    item = pin_as_api(workspace, channel, channel.pins.pop(message.ts))
    message.pinned = False
    workspace.changes.touch(channel)
    _announce_pin(workspace, channel, "pin_removed", by, item)


def pin_as_api(workspace: Workspace, channel: Channel, pinned: Pin) -> Json:
    """Return a pin as pins.list shows it."""
    message = channel.messages[pinned.ts]
    return {
        "type": "message",
        "channel": channel.id,
        "created": pinned.at,
        "created_by": pinned.by,
        "message": message_as_api(message, team_id=workspace.team_id),
    }


def _announce_pin(workspace: Workspace, channel: Channel, kind: str, by: Person, item: Json) -> None:
    """Tell the app of a pin."""
    event = {
        "type": kind,
        "user": by.id,
        "channel_id": channel.id,
        "item": item,
        "event_ts": workspace.timestamps.new(),
    }
    announce(workspace, event, channel)


def react(workspace: Workspace, channel: Channel, message: Message, by: Person, name: str) -> None:
    """Add a reaction."""
    message.reactions.setdefault(name, []).append(by.id)
    workspace.changes.touch(channel)
    _announce_reaction(workspace, channel, message, "reaction_added", by, name)


def unreact(workspace: Workspace, channel: Channel, message: Message, by: Person, name: str) -> None:
    """Take a reaction back."""
    message.reactions[name].remove(by.id)
    if not message.reactions[name]:
        del message.reactions[name]
    workspace.changes.touch(channel)
    _announce_reaction(workspace, channel, message, "reaction_removed", by, name)


def _announce_reaction(
    workspace: Workspace, channel: Channel, message: Message, kind: str, by: Person, name: str
) -> None:
    """Tell the app of a reaction."""
    event = {
        "type": kind,
        "user": by.id,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "item_user": message.user,
        "event_ts": workspace.timestamps.new(),
    }
    if workspace.bot.id in channel.members:
        announce(workspace, event, channel)


def _say(
    workspace: Workspace,
    channel: Channel,
    who: Person,
    subtype: str,
    text: str,
    extra: Json | None = None,
) -> None:
    """Post one of Slack's own messages in somebody's name; it notifies nobody."""
    place = Place(subtype=subtype, extra=extra or {}, by_slack=True)
    post(workspace, channel, who, Content(text=text), place)


def shown_to_app(workspace: Workspace, channel: Channel) -> Json:
    """Return the channel object as the app sees it."""
    return channel_as_api(channel, team_id=workspace.team_id, viewer=workspace.bot.id)
