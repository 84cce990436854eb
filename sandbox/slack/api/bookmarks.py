"""bookmarks.add, edit, remove, list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.slack.api.handler import Handler
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.sight import app_inside
from sandbox.slack.state.channels import Channel

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

MOST = 100
"""Bookmarks per channel (Slack: bookmarks.add docs name too_many_bookmarks; the figure is from its help centre)."""


def _channel(workspace: Workspace, args: Json) -> Channel:
    """Return a channel whose bookmarks the app may touch: one that it is in, and not archived."""
    channel = app_inside(workspace, args["channel_id"], otherwise="channel_not_found")
    if channel.archived:
        raise SlackError("permission_denied")
    return channel


def _check(args: Json) -> None:
    """Refuse a link that is none, or an emoji that is none."""
    if args.get("link") and not re.fullmatch(r"https?://\S+", args["link"]):
        raise SlackError("invalid_link")
    if args.get("emoji") and not re.fullmatch(r":[\w+'-]+:", args["emoji"]):
        raise SlackError("invalid_emoji")


def add(workspace: Workspace, args: Json) -> Json:
    """Add a bookmark."""
    channel = _channel(workspace, args)
    if args["type"] != "link":
        raise SlackError("invalid_bookmark_type")
    _check(args)
    if not args.get("link"):
        raise SlackError("invalid_link")
    if len(channel.bookmarks) >= MOST:
        raise SlackError("too_many_bookmarks")
    now = int(workspace.clock.now())
    bookmark: Json = {
        "id": workspace.ids.new("Bk"),
        "channel_id": channel.id,
        "title": args["title"],
        "link": args["link"],
        "emoji": args.get("emoji", ""),
        "icon_url": None,
        "type": "link",
        "entity_id": None,
        "date_created": now,
        "date_updated": 0,
        "rank": f"{len(channel.bookmarks):04d}",
        "last_updated_by_user_id": workspace.bot.id,
        "last_updated_by_team_id": workspace.team_id,
        "shortcut_id": None,
        "app_id": workspace.app_id,
    }
    channel.bookmarks[bookmark["id"]] = bookmark
    workspace.changes.touch(channel)
    return {"bookmark": bookmark}


def edit(workspace: Workspace, args: Json) -> Json:
    """Change a bookmark."""
    channel = _channel(workspace, args)
    bookmark = channel.bookmarks.get(args["bookmark_id"])
    if bookmark is None:
        raise SlackError("not_found")
    _check(args)
    bookmark |= {name: args[name] for name in ("title", "link", "emoji") if name in args}
    bookmark["date_updated"] = int(workspace.clock.now())
    workspace.changes.touch(channel)
    return {"bookmark": bookmark}


def remove(workspace: Workspace, args: Json) -> Json:
    """Remove a bookmark."""
    channel = _channel(workspace, args)
    if channel.bookmarks.pop(args["bookmark_id"], None) is None:
        raise SlackError("not_found")
    workspace.changes.touch(channel)
    return {}


def list_bookmarks(workspace: Workspace, args: Json) -> Json:
    """List the bookmarks of a channel."""
    channel = app_inside(workspace, args["channel_id"], otherwise="channel_not_found")
    return {"bookmarks": list(channel.bookmarks.values())}


METHODS: dict[str, Handler] = {
    "bookmarks.add": add,
    "bookmarks.edit": edit,
    "bookmarks.remove": remove,
    "bookmarks.list": list_bookmarks,
}
