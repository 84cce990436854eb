"""Lines of text in as few blocks as they fit into, and command lines among them."""

from collections.abc import Iterable

from slack_sdk.models.blocks import Block, ContextBlock, SectionBlock

from bot.slack.views.text import CONTEXT, SECTION, fit_escaped, mrkdwn


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
    """Return a command line as code, escaped; a backtick or the end of a line would end it."""
    return f"`{on_one_line(text.replace('`', chr(39)), limit)}`"


def on_one_line(text: str, limit: int) -> str:
    """Return escaped text of at most `limit` characters, with a space for the end of each line."""
    return fit_escaped(" ".join(text.split()), limit)
