"""What one person sees: the JSON that the page draws and that tests read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.refusals import Json
from sandbox.slack.sight import can_see
from sandbox.slack.state.channels import Channel
from sandbox.slack.state.messages import Message, message_as_api
from sandbox.slack.state.people import Person
from sandbox.slack.viewing import view_json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

SHOWN = 200
"""Messages per channel on a screen."""


def screen_of(workspace: Workspace, person: Person) -> Json:
    """Return everything that the person sees."""
    channels = [channel for channel in workspace.channels.values() if can_see(channel, person)]
    manifest = workspace.manifest
    home = workspace.views.get(workspace.homes.get(person.id, ""))
    return {
        "me": person_on_screen(person),
        "seq": workspace.changes.seq,
        "now": workspace.clock.now(),
        "workspace": {"id": workspace.team_id, "name": workspace.name},
        "app": {"id": workspace.app_id, "name": manifest.name, "user": workspace.bot.id},
        "people": {each.id: person_on_screen(each) for each in workspace.users.values()},
        "usergroups": {
            group.id: {"id": group.id, "handle": group.handle, "name": group.name, "users": list(group.users)}
            for group in workspace.usergroups.values()
        },
        "commands": [
            {"command": each.command, "description": each.description, "usage_hint": each.usage_hint}
            for each in manifest.commands.values()
        ],
        "shortcuts": [
            {
                "name": each.name,
                "type": each.kind,
                "callback_id": each.callback_id,
                "description": each.description,
            }
            for each in manifest.shortcuts.values()
        ],
        "channels": [_channel(workspace, channel, person) for channel in channels],
        "messages": {channel.id: _messages(workspace, channel, person) for channel in channels},
        "levers": [lever.shown() for lever in workspace.levers.values()],
        "modal": _modal(workspace, person),
        "home": view_json(workspace, home) if home else None,
        "notices": list(workspace.notices.get(person.id, ())),
    }


def person_on_screen(person: Person) -> Json:
    """Return a person as others see them."""
    return {
        "id": person.id,
        "name": person.name,
        "display_name": person.display_name,
        "real_name": person.real_name,
        "title": person.title,
        "tz": person.tz,
        "is_bot": person.is_bot,
        "is_admin": person.is_admin,
        "is_guest": person.guest,
        "is_deactivated": person.deactivated,
    }


def _channel(workspace: Workspace, channel: Channel, person: Person) -> Json:
    """Return a channel as the sidebar and its header show it."""
    name = channel.name
    if channel.is_dm:
        other = next((member for member in channel.members if member != person.id), person.id)
        name = workspace.users[other].display_name
    return {
        "id": channel.id,
        "name": name,
        "kind": channel.kind,
        "topic": channel.topic.value,
        "purpose": channel.purpose.value,
        "is_member": person.id in channel.members,
        "is_archived": channel.archived,
        "is_shared": channel.is_shared,
        "is_general": channel.is_general,
        "unread": channel.unread(person.id) if person.id in channel.members else 0,
        "members": list(channel.members),
        "pins": [{"ts": pin.ts, "by": pin.by, "at": pin.at} for pin in channel.pins.values()],
        "bookmarks": [
            {name: bookmark[name] for name in ("id", "title", "link", "emoji")}
            for bookmark in channel.bookmarks.values()
        ],
        "created": channel.created,
        "creator": channel.creator,
    }


def _messages(workspace: Workspace, channel: Channel, person: Person) -> list[Json]:
    """Return the last messages and the person's own ephemeral ones, oldest first."""
    latest = [channel.messages[ts] for ts in channel.order[-SHOWN:]]
    private = list(channel.ephemerals.get(person.id, ()))
    shown = sorted((*latest, *private), key=lambda message: message.ts)[-SHOWN:]
    return [_message(workspace, message, person) for message in shown]


def _message(workspace: Workspace, message: Message, person: Person) -> Json:
    """Return a message as it is drawn; `pings` says whom it notified, `choices` what this person chose in it."""
    return message_as_api(message, team_id=workspace.team_id) | {
        "bot": {"id": message.bot_id, "name": message.username or workspace.bot.display_name}
        if message.bot_id
        else None,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "files": [{**file, "preview_url": f"/control/files/{person.id}/{file['id']}"} for file in message.files],
        "edited": message.edited is not None,
        "thread_ts": message.thread_ts,
        "reply_count": len(message.replies),
        "reactions": [
            {"name": name, "count": len(users), "users": list(users)} for name, users in message.reactions.items()
        ],
        "ephemeral": message.ephemeral,
        "pings": list(message.pings),
        "choices": message.choices.get(person.id, {}),
    }


def _modal(workspace: Workspace, person: Person) -> Json | None:
    """Return the topmost modal."""
    stack = workspace.stacks.get(person.id)
    if not stack:
        return None
    view = workspace.views[stack[-1]]
    return {
        "id": view.id,
        "view": view_json(workspace, view),
        "stack_depth": len(stack),
        "errors": dict(view.errors),
        "state": view.state,
    }
