"""Messages that would be too long for Slack, said in fewer words: each part gives way, rather than the message."""

from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk.models.blocks import Block

from bot.slack.views.wire import as_json

MOST = 12_000
"""Characters in all blocks together; Slack refuses more than some 13,200 (measured, in no documentation)."""

Drawn = Callable[[int], list[Block]]


def longest_that_fits(drawn: Drawn, limits: Sequence[int], beside: Sequence[Block] = ()) -> list[Block]:
    """Return what is drawn with the first of the limits for a piece of text that makes it fit, `beside` included.

    The limits come from the most to the least; with the last one it is taken as it is.
    """
    room = MOST - length(beside)
    for limit in limits:
        blocks = drawn(limit)
        if length(blocks) <= room:
            break
    return blocks


def length(blocks: Sequence[Block]) -> int:
    """Return how many characters blocks have, what nobody sees included: rather too many than too few."""
    return _length(as_json(list(blocks)))


def _length(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_length, value.values()))
    if isinstance(value, list):
        return sum(map(_length, value))
    return len(value) if isinstance(value, str) else 0
