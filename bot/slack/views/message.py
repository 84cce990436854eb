"""A message: its blocks, and the text that notifications and screen readers use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block

from bot.slack.views.text import fit
from bot.slack.views.wire import as_json

_NOTIFICATION = 3000
"""Slack cuts a notification far earlier; chat.update refuses more than 4,000 characters."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted: `text` is mrkdwn and always there, `blocks` are slack_sdk models."""

    text: str
    blocks: Sequence[Block] = ()

    def payload(self) -> dict[str, Any]:
        """Return what Slack's chat methods take."""
        return {"text": fit(self.text, _NOTIFICATION), "blocks": as_json(self.blocks)}
