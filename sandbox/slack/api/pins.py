"""pins.add, remove, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack import rooms
from sandbox.slack.api.handler import Handler
from sandbox.slack.ids import normal_ts
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.sight import app_inside, app_message, app_sees
from sandbox.slack.state.channels import Channel
from sandbox.slack.state.messages import Message

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

MOST = 100
"""Pins per channel (Slack's help centre; the method's docs name too_many_pins without a figure)."""


def _item(workspace: Workspace, args: Json, outside: str) -> tuple[Channel, Message]:
    """Return the message that is meant."""
    channel = app_inside(workspace, args["channel"], otherwise=outside)
    if normal_ts(args["timestamp"]) is None:
        raise SlackError("bad_timestamp")
    if channel.archived:
        raise SlackError("restricted_action")
    return channel, app_message(channel, args["timestamp"])


def add(workspace: Workspace, args: Json) -> Json:
    """Pin a message."""
    channel, message = _item(workspace, args, "not_in_channel")
    if message.pinned:
        raise SlackError("already_pinned")
    if message.subtype not in {None, "thread_broadcast", "file_share"}:
        raise SlackError("not_pinnable")
    if len(channel.pins) >= MOST:
        raise SlackError("too_many_pins")
    rooms.pin(workspace, channel, message, workspace.bot)
    return {}


def remove(workspace: Workspace, args: Json) -> Json:
    """Take a pin off."""
    channel, message = _item(workspace, args, "channel_not_found")
    if not message.pinned:
        raise SlackError("no_pin")
    rooms.unpin(workspace, channel, message, workspace.bot)
    return {}


def list_pins(workspace: Workspace, args: Json) -> Json:
    """List the pins of a channel, newest first."""
    channel = app_sees(workspace, args["channel"])
    pins = [rooms.pin_as_api(workspace, channel, pin) for pin in channel.pins.values()]
    return {"items": pins[::-1]}


METHODS: dict[str, Handler] = {"pins.add": add, "pins.remove": remove, "pins.list": list_pins}
