"""Who sees what: the checks that come before every deed of a person and every call of the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.refusals import DeedRefusedError, SlackError
from sandbox.slack.state.channels import Channel
from sandbox.slack.state.messages import Message
from sandbox.slack.state.people import Person

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


def can_see(channel: Channel, person: Person) -> bool:
    """Whether somebody may look into a channel: members, and for public channels all but guests."""
    return person.id in channel.members or (channel.kind == "public" and not person.guest)


def active(workspace: Workspace, user: str) -> Person:
    """Return a person who may act. Raises DeedRefusedError for strangers, bots and deactivated accounts."""
    person = workspace.users.get(user) or workspace.users.get(workspace.user_names.get(user, ""))
    if person is None:
        raise DeedRefusedError(f"Nobody with the id {user} is in this workspace.")
    if person.is_bot:
        raise DeedRefusedError(f"{person.display_name} is an app; only people do things here.")
    if person.deactivated:
        raise DeedRefusedError(f"{person.display_name}’s account is deactivated.")
    return person


def visible(workspace: Workspace, person: Person, channel_id: str) -> Channel:
    """Return a channel that the person sees. Raises DeedRefusedError otherwise."""
    channel = workspace.channels.get(channel_id) or workspace.channels.get(
        workspace.channel_names.get(channel_id.lstrip("#"), "")
    )
    if channel is None or not can_see(channel, person):
        raise DeedRefusedError(f"{person.display_name} sees no channel {channel_id}.")
    return channel


def inside(workspace: Workspace, person: Person, channel_id: str) -> Channel:
    """Return a channel in which the person may act: a member of it, and it is not archived."""
    channel = visible(workspace, person, channel_id)
    if channel.archived:
        raise DeedRefusedError(f"#{channel.name} is archived.")
    if person.id not in channel.members:
        raise DeedRefusedError(f"{person.display_name} is not in #{channel.name}; join it first.")
    return channel


def message_before(channel: Channel, person: Person, ts: str) -> Message:
    """Return a message that the person sees, ephemeral ones included. Raises DeedRefusedError otherwise."""
    if message := channel.messages.get(ts):
        return message
    for message in channel.ephemerals.get(person.id, ()):
        if message.ts == ts:
            return message
    raise DeedRefusedError(f"{person.display_name} sees no message {ts} in {channel.name or 'this conversation'}.")


def app_sees(workspace: Workspace, channel_id: str) -> Channel:
    """Return a channel that exists for the app: public, or one that it is in. Raises channel_not_found."""
    channel = workspace.channels.get(channel_id)
    if channel is None or (channel.kind != "public" and workspace.bot.id not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def app_inside(workspace: Workspace, channel_id: str, otherwise: str = "not_in_channel") -> Channel:
    """Return a channel that the app is in. Raises channel_not_found or, for public ones, the code given."""
    channel = app_sees(workspace, channel_id)
    if workspace.bot.id not in channel.members:
        raise SlackError(otherwise)
    return channel


def app_message(channel: Channel, ts: str) -> Message:
    """Return a message in a channel for the app. Raises message_not_found."""
    if message := channel.messages.get(ts):
        return message
    raise SlackError("message_not_found")
