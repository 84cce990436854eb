"""Lines of text in as few blocks as they fit into, and command lines among them."""

import unicodedata
from collections.abc import Iterable

from slack_sdk.models.blocks import Block, ContextBlock, SectionBlock

from bot.slack.views.text import CONTEXT, SECTION, fit_escaped, mrkdwn

_SHOWN_AS = {"`": "'", "\n": "⏎", "\t": " "}
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")
"""Categories of characters that steer how others are shown: controls, directions, joiners, ends of lines."""


def sections(lines: Iterable[str]) -> list[Block]:
    """Return escaped lines, each of which fits into a section, in sections; nothing when there are none."""
    return [SectionBlock(text=mrkdwn(text)) for text in _grouped(lines, SECTION)]


def notes(lines: Iterable[str]) -> list[Block]:
    """Return escaped lines in small print."""
    return [ContextBlock(elements=[mrkdwn(text, CONTEXT)]) for text in _grouped(lines, CONTEXT)]


def _grouped(lines: Iterable[str], room: int) -> list[str]:
    """Return lines joined to texts of at most `room` characters."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + 1 + len(line) <= room:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return texts


def code(text: str, limit: int) -> str:
    """Return a command line as code of at most `limit` characters, escaped: what one sees is what is there.

    A backtick or the end of a line would end the code, and characters that nobody sees could make it look like
    another one.
    """
    return f"`{fit_escaped(''.join(map(_visible, text.strip())), limit)}`"


def _visible(character: str) -> str:
    if character in _SHOWN_AS:
        return _SHOWN_AS[character]
    return f"[U+{ord(character):04X}]" if unicodedata.category(character) in _UNSEEN else character


def on_one_line(text: str, limit: int) -> str:
    """Return escaped text of at most `limit` characters, with a space for the end of each line."""
    return fit_escaped(" ".join(text.split()), limit)
