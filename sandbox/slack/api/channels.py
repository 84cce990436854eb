"""conversations.create, rename, setTopic, setPurpose, archive, unarchive, info, open: what a channel is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.slack import rooms
from sandbox.slack.api.handler import Handler, need_channel_scope, need_scope
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.sight import app_inside, app_sees
from sandbox.slack.state.channels import Channel

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

NAME_LENGTH = 80
"""Characters in a channel name (Slack: conversations.create docs)."""

HEADLINE_LENGTH = 250
"""Characters in a topic or purpose (Slack: conversations.setTopic docs, too_long)."""


def _check_name(workspace: Workspace, name: str) -> None:
    """Refuse a name that no channel may have, or that one has, archived ones included."""
    if not name.strip():
        raise SlackError("invalid_name_required")
    if len(name) > NAME_LENGTH:
        raise SlackError("invalid_name_maxlength")
    if not re.search(r"[^\W_]", name):
        raise SlackError("invalid_name_punctuation")
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        raise SlackError("invalid_name_specials")
    if name in workspace.channel_names:
        raise SlackError("name_taken")


def create(workspace: Workspace, args: Json) -> Json:
    """Make a channel with the app in it."""
    private = bool(args.get("is_private"))
    need_scope(workspace, "groups:write" if private else "channels:manage")
    _check_name(workspace, args["name"])
    channel = rooms.create(workspace, args["name"], workspace.bot, private=private)
    return {"channel": rooms.shown_to_app(workspace, channel)}


def _own(workspace: Workspace, method: str, channel_id: str) -> Channel:
    """Return a channel that the app is in and may manage; never a direct message."""
    channel = app_inside(workspace, channel_id)
    if channel.is_dm:
        raise SlackError("method_not_supported_for_channel_type")
    need_channel_scope(workspace, method, channel)
    return channel


def rename(workspace: Workspace, args: Json) -> Json:
    """Rename a channel that the app created."""
    channel = _own(workspace, "conversations.rename", args["channel"])
    if channel.archived:
        raise SlackError("is_archived")
    if channel.creator != workspace.bot.id or channel.is_general:
        raise SlackError("not_authorized")
    _check_name(workspace, args["name"])
    rooms.rename(workspace, channel, workspace.bot, args["name"])
    return {"channel": rooms.shown_to_app(workspace, channel)}


def _set_headline(workspace: Workspace, args: Json, method: str, what: str) -> Json:
    """Set the topic or the purpose."""
    channel = _own(workspace, method, args["channel"])
    if channel.archived:
        raise SlackError("is_archived")
    if len(args[what]) > HEADLINE_LENGTH:
        raise SlackError("too_long")
    rooms.set_headline(workspace, channel, workspace.bot, what, args[what])
    return {"channel": rooms.shown_to_app(workspace, channel)}


def set_topic(workspace: Workspace, args: Json) -> Json:
    """Set a channel's topic."""
    return _set_headline(workspace, args, "conversations.setTopic", "topic")


def set_purpose(workspace: Workspace, args: Json) -> Json:
    """Set a channel's purpose."""
    return _set_headline(workspace, args, "conversations.setPurpose", "purpose") | {"purpose": args["purpose"]}


def archive(workspace: Workspace, args: Json) -> Json:
    """Archive a channel."""
    channel = _own(workspace, "conversations.archive", args["channel"])
    if channel.archived:
        raise SlackError("already_archived")
    if channel.is_general:
        raise SlackError("cant_archive_general")
    rooms.archive(workspace, channel, workspace.bot)
    return {}


def unarchive(workspace: Workspace, args: Json) -> Json:
    """Open an archived channel again; the app must still be in it."""
    channel = app_inside(workspace, args["channel"], otherwise="channel_not_found")
    if channel.is_dm:
        raise SlackError("method_not_supported_for_channel_type")
    need_channel_scope(workspace, "conversations.unarchive", channel)
    if not channel.archived:
        raise SlackError("not_archived")
    rooms.unarchive(workspace, channel, workspace.bot)
    return {}


def info(workspace: Workspace, args: Json) -> Json:
    """Return a channel."""
    channel = app_sees(workspace, args["channel"])
    need_channel_scope(workspace, "conversations.info", channel)
    shown = rooms.shown_to_app(workspace, channel)
    if args.get("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def open_conversation(workspace: Workspace, args: Json) -> Json:
    """Open the direct messages with one person."""
    need_scope(workspace, "im:write")
    users = [user for user in args.get("users", "").split(",") if user]
    if args.get("channel"):
        channel = app_sees(workspace, args["channel"])
        if not channel.is_dm:
            raise SlackError("method_not_supported_for_channel_type")
        return {"channel": {"id": channel.id}}
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("invalid_user_combination", "[ERROR] group conversations do not exist here")
    user = workspace.users.get(users[0])
    if user is None or user.is_bot:
        raise SlackError("user_not_found")
    if user.deactivated:
        raise SlackError("user_disabled")
    known = frozenset((user.id, workspace.bot.id)) in workspace.dms
    channel = workspace.dm(user.id, workspace.bot.id)
    shown = rooms.shown_to_app(workspace, channel) if args.get("return_im") else {"id": channel.id}
    return {"channel": shown} | ({"no_op": True, "already_open": True} if known else {})


METHODS: dict[str, Handler] = {
    "conversations.create": create,
    "conversations.rename": rename,
    "conversations.setTopic": set_topic,
    "conversations.setPurpose": set_purpose,
    "conversations.archive": archive,
    "conversations.unarchive": unarchive,
    "conversations.info": info,
    "conversations.open": open_conversation,
}
