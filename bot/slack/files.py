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


async def attach(client: SlackClient, channel: str, thread: str, attachments: Sequence[Attachment]) -> None:
    """Share files in a thread, in order, those that are not there yet. Raises SlackError."""
    if not attachments:
        return
    there = await _names(client, channel, thread)
    for attachment in attachments:
        if attachment.name not in there:
            await _share(client, channel, thread, attachment)


async def _names(client: SlackClient, channel: str, thread: str) -> set[str]:
    names: set[str] = set()
    cursor: str | None = None
    while True:
        page = await client.call("conversations.replies", {"channel": channel, "ts": thread, "cursor": cursor})
        names |= {file["name"] for message in page["messages"] for file in message.get("files") or ()}
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return names


async def _share(client: SlackClient, channel: str, thread: str, attachment: Attachment) -> None:
    content = attachment.content or b"(empty)\n"
    asked = {
        "filename": attachment.name,
        "length": len(content),
        "alt_txt": fit(attachment.alternative, _ALT) if attachment.alternative else None,
    }
    ticket = await client.call("files.getUploadURLExternal", asked)
    await client.upload(str(ticket["upload_url"]), content)
    await client.call(
        "files.completeUploadExternal",
        {
            "files": [{"id": ticket["file_id"], "title": fit(attachment.title, _TITLE)}],
            "channel_id": channel,
            "thread_ts": thread,
        },
    )
