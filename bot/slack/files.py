"""Files in threads: logs, tables and pictures, each shared once.

A shared file carries no metadata by which it could be found again, so its name is the key: before files are shared in
a thread, the thread is read, and what has a file of that name already stays as it is.
"""

from collections.abc import Sequence

from bot.diagnosis.board import Attachment
from bot.slack.client import SlackClient
from bot.slack.views.text import fit

_TITLE, _ALT = 250, 1000
"""Characters. Slack: files.getUploadURLExternal docs for the alternative text; titles are cut by clients."""

_AT_ONCE = 10
"""Files in one message."""


async def attach(client: SlackClient, channel: str, thread: str, attachments: Sequence[Attachment]) -> None:
    """Share files in a thread, in order, those that are not there yet. Raises SlackError."""
    if not attachments:
        return
    there = await _names(client, channel, thread)
    missing = [attachment for attachment in attachments if attachment.name not in there]
    for at in range(0, len(missing), _AT_ONCE):
        await _share(client, channel, thread, missing[at : at + _AT_ONCE])


async def _names(client: SlackClient, channel: str, thread: str) -> set[str]:
    names: set[str] = set()
    cursor: str | None = None
    while True:
        page = await client.call("conversations.replies", {"channel": channel, "ts": thread, "cursor": cursor})
        names |= {file["name"] for message in page["messages"] for file in message.get("files") or ()}
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return names


async def _share(client: SlackClient, channel: str, thread: str, attachments: Sequence[Attachment]) -> None:
    """Share files with one message."""
    files = [{"id": await _upload(client, each), "title": fit(each.title, _TITLE)} for each in attachments]
    where = {"channel_id": channel, "thread_ts": thread}
    await client.call("files.completeUploadExternal", {"files": files, **where})


async def _upload(client: SlackClient, attachment: Attachment) -> str:
    """Send a file's content, which nobody sees yet, and return the file's id."""
    content = attachment.content or b"(empty)\n"
    asked = {
        "filename": attachment.name,
        "length": len(content),
        "alt_txt": fit(attachment.alternative, _ALT) if attachment.alternative else None,
    }
    ticket = await client.call("files.getUploadURLExternal", asked)
    await client.upload(str(ticket["upload_url"]), content)
    return str(ticket["file_id"])
