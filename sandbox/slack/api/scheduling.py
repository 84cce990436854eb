"""chat.scheduleMessage and its relatives: messages for later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack import posting
from sandbox.slack.api.chat import room_to_post
from sandbox.slack.api.handler import Handler, page_of
from sandbox.slack.content import read_content
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.state.scheduled import Scheduled

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

FARTHEST = 120 * 24 * 3600
"""A message may be scheduled 120 days ahead (Slack: chat.scheduleMessage docs)."""

MOST_IN_WINDOW = 30
WINDOW = 300
"""At most 30 scheduled messages per channel within 5 minutes (same source)."""


def schedule(workspace: Workspace, args: Json) -> Json:
    """Schedule a message. One that carries metadata is accepted and never posted, as in Slack (same source)."""
    channel = room_to_post(workspace, args, tab_closed="restricted_action")
    post_at, now = args["post_at"], workspace.clock.now()
    if post_at <= now:
        raise SlackError("time_in_past")
    if post_at > now + FARTHEST:
        raise SlackError("time_too_far")
    near = [
        each
        for each in workspace.scheduled.values()
        if each.channel == channel.id and abs(each.post_at - post_at) < WINDOW
    ]
    if len(near) >= MOST_IN_WINDOW:
        raise SlackError("restricted_too_many")
    content = read_content(args)
    scheduled = Scheduled(workspace.ids.new("Q"), channel.id, post_at, content, args.get("thread_ts"))
    workspace.scheduled[scheduled.id] = scheduled
    if content.metadata is None:
        workspace.background.spawn(_post_later(workspace, scheduled, post_at - now))
    return {
        "channel": channel.id,
        "scheduled_message_id": scheduled.id,
        "post_at": post_at,
        "message": {"text": content.text, "type": "delayed_message", "bot_id": workspace.bot.bot_id},
    }


async def _post_later(workspace: Workspace, scheduled: Scheduled, seconds: float) -> None:
    """Post a scheduled message when its time has come, unless it was deleted or its channel archived."""
    await workspace.clock.sleep(seconds)
    channel = workspace.channels[scheduled.channel]
    if workspace.scheduled.pop(scheduled.id, None) is not None and not channel.archived:
        thread = scheduled.thread_ts if scheduled.thread_ts in channel.messages else None
        posting.post(workspace, channel, workspace.bot, scheduled.content, posting.Place(thread_ts=thread))


def delete_scheduled(workspace: Workspace, args: Json) -> Json:
    """Take back a scheduled message."""
    scheduled = workspace.scheduled.get(args["scheduled_message_id"])
    if scheduled is None or scheduled.channel != args["channel"]:
        raise SlackError("invalid_scheduled_message_id")
    del workspace.scheduled[scheduled.id]
    return {}


def list_scheduled(workspace: Workspace, args: Json) -> Json:
    """List the scheduled messages."""
    found = [each for each in workspace.scheduled.values() if args.get("channel", each.channel) == each.channel]
    page, cursor = page_of(found, args, usual=100, most=1000, too_many="invalid_arguments")
    shown = [
        {"id": each.id, "channel_id": each.channel, "post_at": each.post_at, "text": each.content.text} for each in page
    ]
    return {"scheduled_messages": shown, "response_metadata": {"next_cursor": cursor}}


METHODS: dict[str, Handler] = {
    "chat.scheduleMessage": schedule,
    "chat.deleteScheduledMessage": delete_scheduled,
    "chat.scheduledMessages.list": list_scheduled,
}
