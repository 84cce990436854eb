"""chat.postMessage, postEphemeral, update, delete, getPermalink."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack import posting
from sandbox.slack.api.handler import Handler, need_scope
from sandbox.slack.blockkit import UPDATE_TEXT_LIMIT
from sandbox.slack.content import read_content
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.sight import app_inside, app_message, app_sees
from sandbox.slack.state.channels import Channel
from sandbox.slack.state.messages import message_as_api

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


def room_to_post(workspace: Workspace, args: Json, *, tab_closed: str = "messages_tab_disabled") -> Channel:
    """Return where the app may post.

    That is a channel that it is in (with chat:write.public any public one), by its id or by `#name` (Slack:
    chat.postMessage docs; methods that do not post take ids alone), or a member's direct messages when `channel` is a
    user id; `tab_closed` is the code when the app takes no direct messages.
    """
    target = args["channel"]
    if target.startswith("#"):
        target = workspace.channel_names.get(target[1:], target)
    if user := workspace.users.get(target):
        if user.is_bot or user.deactivated:
            raise SlackError("channel_not_found")
        channel = workspace.dm(target, workspace.bot.id)
    elif "chat:write.public" in workspace.manifest.scopes:
        channel = app_sees(workspace, target)
    else:
        channel = app_inside(workspace, target)
    if channel.archived:
        raise SlackError("is_archived")
    if channel.is_dm and not workspace.manifest.messages_tab:
        raise SlackError(tab_closed)
    return channel


def check_thread(channel: Channel, args: Json) -> str | None:
    """Return the thread to reply to. Raises cannot_reply_to_message when it is none."""
    thread = args.get("thread_ts")
    if not thread:
        return None
    root = channel.messages.get(thread)
    if root is None or root.is_reply:
        raise SlackError("cannot_reply_to_message")
    return str(thread)


def _check_face(workspace: Workspace, args: Json) -> None:
    """Refuse another name or picture without the scope, and the arguments of classic apps."""
    if any(args.get(name) for name in ("username", "icon_emoji", "icon_url")):
        need_scope(workspace, "chat:write.customize")
    if args.get("as_user"):
        raise SlackError("as_user_not_supported")


def post_message(workspace: Workspace, args: Json) -> Json:
    """Post a message."""
    channel = room_to_post(workspace, args)
    _check_face(workspace, args)
    content = read_content(args, blocks_too_long="msg_blocks_too_long")
    icons = {"emoji": args["icon_emoji"]} if args.get("icon_emoji") else None
    place = posting.Place(
        thread_ts=check_thread(channel, args),
        broadcast=bool(args.get("reply_broadcast")),
        username=args.get("username", ""),
        icons=icons,
    )
    message = posting.post(workspace, channel, workspace.bot, content, place)
    answer: Json = {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_as_api(message, team_id=workspace.team_id),
    }
    if not message.text:
        answer["response_metadata"] = {"warnings": ["missing_text_in_message"]}
        answer["warning"] = "missing_text_in_message"
    return answer


def post_ephemeral(workspace: Workspace, args: Json) -> Json:
    """Show a message to one member of a channel."""
    channel = app_inside(workspace, args["channel"])
    if channel.archived:
        raise SlackError("is_archived")
    if args["user"] not in channel.members or workspace.users[args["user"]].deactivated:
        raise SlackError("user_not_in_channel")
    if any(args.get(name) for name in ("username", "icon_emoji", "icon_url")):
        need_scope(workspace, "chat:write.customize")
    content = read_content(args)
    message = posting.whisper(workspace, channel, args["user"], content, check_thread(channel, args))
    return {"message_ts": message.ts}


def update(workspace: Workspace, args: Json) -> Json:
    """Edit one of the app's own messages; blocks and attachments that are not given stay (Slack: chat.update docs)."""
    channel = app_sees(workspace, args["channel"])
    if channel.archived:
        raise SlackError("is_inactive")
    message = app_message(channel, args["ts"])
    if message.bot_id != workspace.bot.bot_id or message.subtype == "tombstone":
        raise SlackError("cant_update_message")
    kept: Json = {"attachments": message.attachments}
    if "markdown_text" not in args:
        kept["blocks"] = message.blocks
    content = read_content(kept | args, text_limit=UPDATE_TEXT_LIMIT)
    posting.edit(workspace, channel, message, content)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message_as_api(message, team_id=workspace.team_id),
    }


def delete(workspace: Workspace, args: Json) -> Json:
    """Delete one of the app's own messages."""
    channel = app_sees(workspace, args["channel"])
    message = app_message(channel, args["ts"])
    if message.bot_id != workspace.bot.bot_id or channel.archived or message.subtype == "tombstone":
        raise SlackError("cant_delete_message")
    posting.delete(workspace, channel, message)
    return {"channel": channel.id, "ts": args["ts"]}


def get_permalink(workspace: Workspace, args: Json) -> Json:
    """Return the address of a message."""
    channel = app_sees(workspace, args["channel"])
    message = app_message(channel, args["message_ts"])
    link = f"{workspace.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


METHODS: dict[str, Handler] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
}
