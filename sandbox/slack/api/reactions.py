"""reactions.add, remove, get."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.slack import rooms
from sandbox.slack.api.handler import Handler
from sandbox.slack.ids import normal_ts
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.sight import app_inside, app_message
from sandbox.slack.state.channels import Channel
from sandbox.slack.state.messages import Message, message_as_api

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

MOST_EMOJI = 23
"""Different emoji that one member may put on a message (Slack: reactions.add docs, too_many_reactions)."""


def _item(workspace: Workspace, args: Json, outside: str) -> tuple[Channel, Message]:
    """Return the message that is meant."""
    if not args.get("channel") or not args.get("timestamp"):
        raise SlackError("no_item_specified")
    channel = app_inside(workspace, args["channel"], otherwise=outside)
    if normal_ts(args["timestamp"]) is None:
        raise SlackError("bad_timestamp")
    return channel, app_message(channel, args["timestamp"])


def _name(args: Json) -> str:
    """Return the emoji's name without colons."""
    name = str(args["name"])
    if not re.fullmatch(r"[\w+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    return name


def add(workspace: Workspace, args: Json) -> Json:
    """Add a reaction of the app."""
    channel, message = _item(workspace, args, "no_access")
    if channel.archived:
        raise SlackError("is_archived")
    name = _name(args)
    own = [emoji for emoji, users in message.reactions.items() if workspace.bot.id in users]
    if name in own:
        raise SlackError("already_reacted")
    if len(own) >= MOST_EMOJI:
        raise SlackError("too_many_reactions")
    rooms.react(workspace, channel, message, workspace.bot, name)
    return {}


def remove(workspace: Workspace, args: Json) -> Json:
    """Take a reaction of the app back."""
    channel, message = _item(workspace, args, "no_access")
    name = _name(args)
    if workspace.bot.id not in message.reactions.get(name, ()):
        raise SlackError("no_reaction")
    rooms.unreact(workspace, channel, message, workspace.bot, name)
    return {}


def get(workspace: Workspace, args: Json) -> Json:
    """Return a message with its reactions."""
    channel, message = _item(workspace, args, "channel_not_found")
    shown = message_as_api(message, team_id=workspace.team_id)
    return {"type": "message", "channel": channel.id, "message": shown}


METHODS: dict[str, Handler] = {"reactions.add": add, "reactions.remove": remove, "reactions.get": get}
