"""conversations.members, conversations.list, users.conversations: lists in pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sandbox.slack.api.handler import Handler, need_channel_scope, need_scope, page_of
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.rooms import shown_to_app
from sandbox.slack.sight import app_sees
from sandbox.slack.state.channels import Channel

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

_TYPES = {
    "public_channel": ("public", "channels:read"),
    "private_channel": ("private", "groups:read"),
    "im": ("dm", "im:read"),
    "mpim": ("mpim", "mpim:read"),
}
MOST = 1000
"""Slack: under 1000 for lists of channels, 1000 for members."""


def members(workspace: Workspace, args: Json) -> Json:
    """List the members of a channel."""
    channel = app_sees(workspace, args["channel"])
    need_channel_scope(workspace, "conversations.members", channel)
    page, cursor = page_of(list(channel.members), args, usual=100, most=MOST)
    return {"members": list(page), "response_metadata": {"next_cursor": cursor}}


def _kinds(workspace: Workspace, args: Json) -> set[str]:
    """Return the kinds of channels asked for; each needs its scope."""
    kinds = set()
    for name in args.get("types", "public_channel").split(","):
        if name.strip() not in _TYPES:
            raise SlackError("invalid_types")
        kind, scope = _TYPES[name.strip()]
        need_scope(workspace, scope)
        kinds.add(kind)
    return kinds


def _pages(workspace: Workspace, channels: Sequence[Channel], args: Json) -> Json:
    """Return one page; archived channels are left out after cutting it, so that it may come up short, as in Slack."""
    page, cursor = page_of(channels, args, usual=100, most=MOST - 1)
    hide = bool(args.get("exclude_archived"))
    shown = [shown_to_app(workspace, channel) for channel in page if not (hide and channel.archived)]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


def list_channels(workspace: Workspace, args: Json) -> Json:
    """List the channels of the workspace."""
    kinds = _kinds(workspace, args)
    own = workspace.memberships.get(workspace.bot.id, {})
    seen = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds and (channel.kind == "public" or channel.id in own)
    ]
    return _pages(workspace, seen, args)


def users_conversations(workspace: Workspace, args: Json) -> Json:
    """List the channels that a member (by default the app) is in, as far as the app sees them."""
    kinds = _kinds(workspace, args)
    user = args.get("user", workspace.bot.id)
    own = workspace.memberships.get(workspace.bot.id, {})
    channels = [workspace.channels[channel_id] for channel_id in workspace.memberships.get(user, {})]
    seen = [
        channel for channel in channels if channel.kind in kinds and (channel.kind == "public" or channel.id in own)
    ]
    return _pages(workspace, seen, args)


METHODS: dict[str, Handler] = {
    "conversations.members": members,
    "conversations.list": list_channels,
    "users.conversations": users_conversations,
}
