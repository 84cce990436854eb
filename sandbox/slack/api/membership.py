"""conversations.invite, join, leave, kick: who is in a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack import rooms
from sandbox.slack.api.handler import Handler, need_channel_scope
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.sight import app_inside, app_sees
from sandbox.slack.state.channels import Channel

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

MOST_INVITED = 100
"""Users per call; Slack's pages say 100 in one place and 1,000 in another."""


def invite(workspace: Workspace, args: Json) -> Json:
    """Invite people: all or nobody, unless `force` lets the good ones in."""
    channel = app_inside(workspace, args["channel"])
    if channel.is_dm:
        raise SlackError("method_not_supported_for_channel_type")
    need_channel_scope(workspace, "conversations.invite", channel)
    if channel.archived:
        raise SlackError("is_archived")
    users = list(dict.fromkeys(user.strip() for user in args["users"].split(",") if user.strip()))
    if not users:
        raise SlackError("no_user")
    if len(users) > MOST_INVITED:
        raise SlackError("invalid_arguments", f"[ERROR] at most {MOST_INVITED} users can be invited at once")
    objections = {user: code for user in users if (code := _objection(workspace, channel, user))}
    errors = [{"user": user, "ok": False, "error": code} for user, code in objections.items()]
    good = [user for user in users if user not in objections]
    if objections and not (good and args.get("force")):
        raise SlackError(next(iter(objections.values())), errors=errors)
    for user in good:
        rooms.join(workspace, channel, workspace.users[user], inviter=workspace.bot.id)
    answer: Json = {"channel": rooms.shown_to_app(workspace, channel)}
    return answer | ({"errors": errors} if errors else {})


def _objection(workspace: Workspace, channel: Channel, user: str) -> str | None:
    """Return why somebody cannot be invited. Guests are invited by people only, in Slack's usual settings."""
    person = workspace.users.get(user)
    if person is None:
        return "user_not_found"
    if person.id == workspace.bot.id:
        return "cant_invite_self"
    if person.id in channel.members:
        return "already_in_channel"
    return "cant_invite" if person.deactivated or person.guest else None


def join(workspace: Workspace, args: Json) -> Json:
    """Let the app join a public channel."""
    channel = app_sees(workspace, args["channel"])
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if workspace.bot.id in channel.members:
        shown = rooms.shown_to_app(workspace, channel)
        return {
            "channel": shown,
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    rooms.join(workspace, channel, workspace.bot)
    return {"channel": rooms.shown_to_app(workspace, channel)}


def leave(workspace: Workspace, args: Json) -> Json:
    """Let the app leave a channel."""
    channel = app_sees(workspace, args["channel"])
    if channel.is_dm:
        raise SlackError("method_not_supported_for_channel_type")
    need_channel_scope(workspace, "conversations.leave", channel)
    if channel.is_general:
        raise SlackError("cant_leave_general")
    if channel.archived:
        raise SlackError("is_archived")
    if workspace.bot.id not in channel.members:
        return {"not_in_channel": True}
    if channel.kind == "private" and len(channel.members) == 1:
        raise SlackError("last_member")
    rooms.leave(workspace, channel, workspace.bot)
    return {}


def kick(workspace: Workspace, args: Json) -> Json:
    """Remove somebody from a channel."""
    channel = app_inside(workspace, args["channel"])
    if channel.is_dm:
        raise SlackError("method_not_supported_for_channel_type")
    need_channel_scope(workspace, "conversations.kick", channel)
    if channel.is_general:
        raise SlackError("cant_kick_from_general")
    if args["user"] == workspace.bot.id:
        raise SlackError("cant_kick_self")
    if args["user"] not in channel.members:
        raise SlackError("user_not_found")
    rooms.leave(workspace, channel, workspace.users[args["user"]])
    return {}


METHODS: dict[str, Handler] = {
    "conversations.invite": invite,
    "conversations.join": join,
    "conversations.leave": leave,
    "conversations.kick": kick,
}
