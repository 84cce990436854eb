"""What every reader is: which words are an argument's own, what they mean, and how a form asks for it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from bot.errors import BadInput
from bot.verbs.replies import Field
from bot.verbs.scene import Scene
from bot.verbs.words import Words

PUNCTUATION = ",.:;"
"""What people put behind a word that is meant for us: `P1: checkout is down`."""
LETTERS_PER_SLIP = 5
"""A word of so many letters may have one slip of the finger in it, one of twice as many two."""


class Missing(BadInput):
    """Nothing was given for an argument, and nothing goes without saying."""


class Reader:
    """How an argument of one type is read.

    `rank`: those with a lower one are read first, for others depend on them; `takes_rest` says that it is free text,
    `guessed` that it can go without saying; `looks_like` is how a usage line writes it if not by its name, and `typed`
    is off for what only a form asks for.
    """

    rank: ClassVar[int] = 0
    takes_rest: ClassVar[bool] = False
    guessed: ClassVar[bool] = False
    looks_like: ClassVar[str] = ""
    typed: ClassVar[bool] = True

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Return how many words from this place on are this argument's; 0 when the next one is not."""
        raise NotImplementedError

    def said(self, words: Words, at: int, count: int) -> str:
        """Return the words that were taken, as they are kept until they are read."""
        return " ".join(words[at + i] for i in range(count))

    def guess(self, words: Words, scene: Scene) -> str:
        """Return which of the words left to free text may have been meant for this; a form offers it, nothing more."""
        return ""

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> Any:
        """Return the value; raises Missing or BadInput with a sentence for people."""
        raise NotImplementedError

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field | None:
        """Return the field that asks for it; None when it cannot be asked for yet."""
        raise NotImplementedError

    def check_length(self, value: Any, limit: int) -> None:
        """Raise BadInput when a text is longer than its argument takes, with the end that does not fit."""
        if isinstance(value, str) and len(value) > limit:
            left = f"These do not fit: “{value[limit:]}”"
            raise BadInput(f"That is {len(value):,} characters long; {limit:,} are the most. {left}")
