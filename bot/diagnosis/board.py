"""What a diagnosis asks of the chat: a message that fills up in place, and files in its thread.

`bot.slack.rooms` is the adapter. Every method raises the errors under `SlackError`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file: its `name` is its key in its thread, `alternative` says in words what a picture shows."""

    name: str
    title: str
    content: bytes
    alternative: str = ""


class Board(Protocol):
    """Where findings are shown. Channels and messages are known by their ids."""

    async def post(self, key: str, channel: str, noun: Any, thread: str | None = None) -> str:
        """Post a message once for this key, however often it is asked for, and return its id."""

    async def edit(self, key: str, channel: str, message: str, noun: Any) -> None:
        """Make a message say something else; of several edits the last one counts."""

    async def attach(self, channel: str, thread: str, attachments: Sequence[Attachment]) -> None:
        """Share files in the thread of a message, those that are not there yet."""

    async def answer(self, reply_to: str | None, channel: str, person: str, noun: Any) -> None:
        """Answer a person's request, visible to that person alone."""
