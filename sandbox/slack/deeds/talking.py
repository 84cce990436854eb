"""What people do without the app: write, react, pin, join, leave, invite, open conversations, share files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack import rooms
from sandbox.slack.events import announce
from sandbox.slack.posting import Place, post
from sandbox.slack.refusals import DeedRefusedError, Json
from sandbox.slack.sight import active, inside, message_before, visible
from sandbox.slack.state.channels import Channel
from sandbox.slack.state.files import StoredFile, file_as_api
from sandbox.slack.state.messages import Content, Message
from sandbox.slack.text import from_typed
from sandbox.slack.viewing import view_json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


def say(workspace: Workspace, user: str, channel_id: str, text: str, thread_ts: str | None) -> str:
    """Post what a person typed and return the timestamp."""
    person = active(workspace, user)
    channel = inside(workspace, person, channel_id)
    _check_talk(workspace, channel)
    if not text.strip():
        raise DeedRefusedError("An empty message cannot be sent.")
    if thread_ts is not None and thread_ts not in channel.messages:
        raise DeedRefusedError(f"There is no message {thread_ts} to reply to.")
    content = Content(text=from_typed(text, workspace.directory, with_names=False))
    return post(workspace, channel, person, content, Place(thread_ts=thread_ts)).ts


def _check_talk(workspace: Workspace, channel: Channel) -> None:
    """Refuse a message to the app where its messages tab is closed to people."""
    closed = not workspace.manifest.messages_tab or workspace.manifest.messages_read_only
    if closed and channel.is_dm and workspace.bot.id in channel.members:
        raise DeedRefusedError("Sending messages to this app has been turned off.")


def share_file(workspace: Workspace, user: str, channel_id: str, name: str, content: bytes, text: str) -> str:
    """Upload a file into a channel and return the timestamp of its message."""
    person = active(workspace, user)
    channel = inside(workspace, person, channel_id)
    file = StoredFile(
        id=workspace.ids.new("F"),
        name=name,
        length=len(content),
        user=person.id,
        created=int(workspace.clock.now()),
        ticket="",
        content=content,
        complete=True,
        channels={channel.id: None},
    )
    workspace.files[file.id] = file
    files = [file_as_api(file, workspace.base_url)]
    said = Content(text=from_typed(text, workspace.directory, with_names=False), files=files)
    message = post(workspace, channel, person, said, Place(subtype="file_share"))
    event = {"type": "file_shared", "file_id": file.id, "user_id": person.id, "channel_id": channel.id}
    announce(workspace, event | {"event_ts": message.ts}, channel)
    return message.ts


def _target(workspace: Workspace, user: str, channel_id: str, ts: str) -> tuple[Channel, Message]:
    """Return a message to which a person may do something lasting."""
    person = active(workspace, user)
    channel = inside(workspace, person, channel_id)
    message = message_before(channel, person, ts)
    if message.ephemeral:
        raise DeedRefusedError("That is not possible with a message that only you see.")
    return channel, message


def react(workspace: Workspace, user: str, channel_id: str, ts: str, name: str, *, remove: bool) -> None:
    """Add a reaction, or take it back."""
    channel, message = _target(workspace, user, channel_id, ts)
    person = active(workspace, user)
    name = name.strip(":")
    given = person.id in message.reactions.get(name, ())
    if given is not remove:
        raise DeedRefusedError(f"{person.display_name} has {'already' if given else 'not'} reacted with :{name}:.")
    change = rooms.unreact if remove else rooms.react
    change(workspace, channel, message, person, name)


def pin(workspace: Workspace, user: str, channel_id: str, ts: str, *, remove: bool) -> None:
    """Pin a message, or take the pin off."""
    channel, message = _target(workspace, user, channel_id, ts)
    if message.pinned is not remove:
        raise DeedRefusedError(f"That message is {'already' if message.pinned else 'not'} pinned.")
    change = rooms.unpin if remove else rooms.pin
    change(workspace, channel, message, active(workspace, user))


def join(workspace: Workspace, user: str, channel_id: str) -> None:
    """Join a public channel."""
    person = active(workspace, user)
    channel = visible(workspace, person, channel_id)
    if channel.archived:
        raise DeedRefusedError(f"#{channel.name} is archived.")
    if person.id in channel.members:
        raise DeedRefusedError(f"{person.display_name} is already in #{channel.name}.")
    rooms.join(workspace, channel, person)


def leave(workspace: Workspace, user: str, channel_id: str) -> None:
    """Leave a channel."""
    person = active(workspace, user)
    channel = inside(workspace, person, channel_id)
    if channel.is_general or channel.is_dm:
        raise DeedRefusedError("That conversation cannot be left.")
    rooms.leave(workspace, channel, person)


def invite(workspace: Workspace, user: str, channel_id: str, who: str) -> None:
    """Invite somebody, or the app, into a channel."""
    person = active(workspace, user)
    channel = inside(workspace, person, channel_id)
    try:
        invited = workspace.person(who)
    except KeyError as unknown:
        raise DeedRefusedError(str(unknown.args[0])) from None
    if channel.is_dm or invited.id in channel.members or invited.deactivated:
        raise DeedRefusedError(f"{invited.display_name} cannot be invited there.")
    rooms.join(workspace, channel, invited, inviter=person.id)


def archive(workspace: Workspace, user: str, channel_id: str) -> None:
    """Archive a channel."""
    person = active(workspace, user)
    channel = inside(workspace, person, channel_id)
    if channel.is_general or channel.is_dm:
        raise DeedRefusedError("That conversation cannot be archived.")
    rooms.archive(workspace, channel, person)


def open_dm(workspace: Workspace, user: str, other: str) -> str:
    """Open a direct message and return its channel id."""
    person = active(workspace, user)
    try:
        return workspace.dm(person.id, workspace.person(other).id).id
    except KeyError as unknown:
        raise DeedRefusedError(str(unknown.args[0])) from None


def read(workspace: Workspace, user: str, channel_id: str) -> None:
    """Mark a channel as read."""
    person = active(workspace, user)
    channel = visible(workspace, person, channel_id)
    last = channel.timeline[-1] if channel.timeline else ""
    if channel.read.get(person.id, "") != last:
        channel.read[person.id] = last
        workspace.changes.touch(user=person.id)


def open_home(workspace: Workspace, user: str, tab: str) -> str:
    """Open the app's Home or Messages tab; return the channel id of the conversation with the app."""
    person = active(workspace, user)
    if tab == "home" and not workspace.manifest.home_tab:
        raise DeedRefusedError("This app has no Home tab.")
    channel = workspace.dm(person.id, workspace.bot.id)
    event: Json = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": workspace.timestamps.new(),
    }
    if view := workspace.views.get(workspace.homes.get(person.id, "")):
        event["view"] = view_json(workspace, view)
    announce(workspace, event, channel)
    return channel.id
