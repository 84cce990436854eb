"""conversations.history and conversations.replies: what was said."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from sandbox.slack.api.handler import Handler, need_channel_scope, open_cursor, read_ts, write_cursor
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.sight import app_inside
from sandbox.slack.state.messages import Message, message_as_api

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

MOST = 999
"""Messages per page (Slack: conversations.history docs)."""

_END = "9999999999.999999"


def _span(args: Json) -> tuple[str, str]:
    """Return the oldest and the latest timestamp asked for."""
    oldest = read_ts(args, "oldest", "invalid_ts_oldest") if args.get("oldest") else ""
    latest = read_ts(args, "latest", "invalid_ts_latest") if args.get("latest") else _END
    return oldest, latest


def _limit(args: Json, usual: int) -> int:
    """Return the size of a page."""
    limit = args.get("limit", usual)
    if not 1 <= limit <= MOST:
        raise SlackError("invalid_arguments", f"[ERROR] limit must be between 1 and {MOST}")
    return int(limit)


def _shown(workspace: Workspace, message: Message, args: Json) -> Json:
    """Return a message; its metadata only when asked for."""
    with_metadata = bool(args.get("include_all_metadata"))
    return message_as_api(message, team_id=workspace.team_id, with_metadata=with_metadata)


def history(workspace: Workspace, args: Json) -> Json:
    """Return a page of a channel's messages, newest first, without the replies in threads."""
    channel = app_inside(workspace, args["channel"])
    need_channel_scope(workspace, "conversations.history", channel)
    oldest, latest = _span(args)
    limit = _limit(args, 100)
    first, last = channel.between(oldest, latest, inclusive=bool(args.get("inclusive")))
    if args.get("cursor"):
        last = min(last, bisect_left(channel.timeline, open_cursor(args["cursor"])))
    start = max(first, last - limit)
    page = channel.timeline[start:last]
    more = start > first
    answer: Json = {
        "messages": [_shown(workspace, channel.messages[ts], args) for ts in reversed(page)],
        "has_more": more,
        "pin_count": len(channel.pins),
    }
    if more:
        answer["response_metadata"] = {"next_cursor": write_cursor(page[0])}
    return answer


def replies(workspace: Workspace, args: Json) -> Json:
    """Return a page of a thread, oldest first; the first message of every page is the one that it hangs on."""
    channel = app_inside(workspace, args["channel"], otherwise="channel_not_found")
    need_channel_scope(workspace, "conversations.replies", channel)
    message = channel.messages.get(args["ts"])
    if message is None:
        raise SlackError("thread_not_found")
    root = channel.messages.get(message.thread_ts or message.ts, message)
    oldest, latest = _span(args)
    limit = _limit(args, MOST)
    after = open_cursor(args["cursor"]) if args.get("cursor") else ""
    wanted = [ts for ts in root.replies if oldest <= ts <= latest and ts > after]
    page = wanted[: max(limit - 1, 1)]
    answer: Json = {
        "messages": [_shown(workspace, each, args) for each in (root, *(channel.messages[ts] for ts in page))],
        "has_more": len(page) < len(wanted),
    }
    if answer["has_more"]:
        answer["response_metadata"] = {"next_cursor": write_cursor(page[-1])}
    return answer


METHODS: dict[str, Handler] = {"conversations.history": history, "conversations.replies": replies}
