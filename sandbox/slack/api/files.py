"""files.getUploadURLExternal, completeUploadExternal, info, delete: files in three steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack import posting
from sandbox.slack.api.handler import Handler
from sandbox.slack.content import read_content
from sandbox.slack.events import announce
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.sight import app_inside
from sandbox.slack.state.channels import Channel
from sandbox.slack.state.files import StoredFile, file_as_api
from sandbox.slack.state.messages import Content

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

ALT_TEXT = 1000
"""Characters of alternative text (Slack: files.getUploadURLExternal docs)."""

MOST_BYTES = 1_000_000_000
"""Slack takes files of up to 1 GB."""


def get_upload_url(workspace: Workspace, args: Json) -> Json:
    """Announce a file of so many bytes and return where to send it."""
    if args["length"] <= 0:
        raise SlackError("missing_argument", "[ERROR] length must be greater than 0")
    if args["length"] > MOST_BYTES:
        raise SlackError("file_upload_size_restricted")
    if len(args.get("alt_txt", "")) > ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    file = StoredFile(
        id=workspace.ids.new("F"),
        name=args["filename"],
        length=args["length"],
        user=workspace.bot.id,
        created=int(workspace.clock.now()),
        ticket=workspace.ids.secret(32),
        alt_text=args.get("alt_txt", ""),
    )
    workspace.files[file.id] = file
    return {"upload_url": f"{workspace.base_url}/files/upload/{file.id}/{file.ticket}", "file_id": file.id}


def _uploaded(workspace: Workspace, entries: list[Json]) -> list[StoredFile]:
    """Return the files meant, all sent and none completed before."""
    found = []
    for entry in entries:
        file = workspace.files.get(str(entry.get("id", ""))) if isinstance(entry, dict) else None
        if file is None or file.content is None or file.complete:
            raise SlackError("file_not_found")
        file.title = str(entry.get("title") or file.name)
        found.append(file)
    if not found:
        raise SlackError("invalid_arguments", "[ERROR] files must have at least one entry")
    return found


def complete_upload(workspace: Workspace, args: Json) -> Json:
    """Finish uploads and share them in a channel, if one is named."""
    files = _uploaded(workspace, args["files"])
    named = [name for name in (args.get("channel_id"), *args.get("channels", "").split(",")) if name]
    if len(named) > 1:
        raise SlackError("channels_limit_exceeded")
    channel = app_inside(workspace, named[0]) if named else None
    if channel is not None and channel.archived:
        raise SlackError("posting_to_channel_denied")
    if channel is not None:
        _share(workspace, channel, files, args)
    for file in files:
        file.complete = True
    return {"files": [file_as_api(file, workspace.base_url) for file in files]}


def _share(workspace: Workspace, channel: Channel, files: list[StoredFile], args: Json) -> None:
    """Post the files as one message."""
    said = {"text": args.get("initial_comment", "").strip(), "blocks": args.get("blocks", [])}
    content = read_content(said) if any(said.values()) else Content()
    thread = args.get("thread_ts") if args.get("thread_ts") in channel.timeline else None
    for file in files:
        file.channels[channel.id] = None
    shown = [file_as_api(file, workspace.base_url) for file in files]
    whole = Content(text=content.text, blocks=content.blocks, files=shown)
    place = posting.Place(thread_ts=thread, subtype="file_share")
    message = posting.post(workspace, channel, workspace.bot, whole, place)
    for file in files:
        event = {
            "type": "file_shared",
            "file_id": file.id,
            "user_id": file.user,
            "channel_id": channel.id,
            "event_ts": message.ts,
        }
        announce(workspace, event, channel)


def _visible(workspace: Workspace, file_id: str) -> StoredFile:
    """Return a file that the app sees: its own, or one shared where it is."""
    file = workspace.files.get(file_id)
    own = workspace.memberships.get(workspace.bot.id, {})
    if file is None or not (file.user == workspace.bot.id or set(file.channels) & set(own)):
        raise SlackError("file_not_found")
    return file


def info(workspace: Workspace, args: Json) -> Json:
    """Return a file."""
    file = _visible(workspace, args["file"])
    return {
        "file": file_as_api(file, workspace.base_url),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def delete(workspace: Workspace, args: Json) -> Json:
    """Delete one of the app's own files."""
    file = _visible(workspace, args["file"])
    if file.user != workspace.bot.id:
        raise SlackError("cant_delete_file")
    del workspace.files[file.id]
    return {}


METHODS: dict[str, Handler] = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": info,
    "files.delete": delete,
}
