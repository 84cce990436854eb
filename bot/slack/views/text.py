"""Text for Slack: escaped, cut to fit, and Slack's own notations for people, channels and moments.

Source of the notations: Slack, formatting message text docs; of the limits: Slack, Block Kit reference.
"""

from collections.abc import Mapping
from datetime import datetime

from slack_sdk.models.blocks import MarkdownTextObject, PlainTextObject

from bot.runbooks.templates import Mrkdwn

SECTION = 3000
HEADER = 150
BUTTON = 75
CONFIRM = 300
CONFIRM_BUTTON = 30
OPTION = 75
CONTEXT = 2000
TITLE = 24
FIELD = 2000

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escape(text: str) -> str:
    """Make text harmless in mrkdwn, so that it mentions, links and pings nothing."""
    return "".join(_ESCAPES.get(character, character) for character in text)


def fit(text: str, limit: int) -> str:
    """Return text of at most `limit` characters, cut with an ellipsis; a dash in place of nothing."""
    clean = text.strip() or "–"
    return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"


def fit_escaped(text: str, limit: int) -> str:
    """Return escaped text of at most `limit` characters; no escape is cut in two."""
    pieces = [_ESCAPES.get(character, character) for character in text.strip() or "–"]
    if sum(map(len, pieces)) <= limit:
        return "".join(pieces)
    kept: list[str] = []
    room = limit - 1
    for piece in pieces:
        if len(piece) > room:
            break
        kept.append(piece)
        room -= len(piece)
    return "".join(kept).rstrip() + "…"


def mrkdwn(text: str, limit: int = SECTION) -> MarkdownTextObject:
    """Return a text object of text that is escaped already."""
    return MarkdownTextObject(text=fit(text, limit))


def plain(text: str, limit: int) -> PlainTextObject:
    """Return a plain text object."""
    return PlainTextObject(text=fit(text, limit), emoji=True)


def person(user: str) -> Mrkdwn:
    """Mention a person."""
    return Mrkdwn(f"<@{user}>")


def channel(channel_id: str) -> Mrkdwn:
    """Link to a channel."""
    return Mrkdwn(f"<#{channel_id}>")


def moment(at: datetime, shape: str = "{date_short_pretty} {time}") -> Mrkdwn:
    """Return a moment that each reader sees in their own time zone."""
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{shape}|{at:%Y-%m-%d %H:%M} UTC>")


def in_words(values: Mapping[str, str]) -> str:
    """Return values for people: `service: payment-service, pod: web-1`."""
    return ", ".join(f"{name}: {value}" for name, value in values.items())
