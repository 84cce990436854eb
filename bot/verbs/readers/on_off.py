"""Whether something is to be on or off, as an argument."""

from collections.abc import Mapping
from typing import Any, NewType

from bot.errors import BadInput
from bot.verbs.readers.reader import PUNCTUATION, Missing, Reader
from bot.verbs.replies import Choice, Field, FieldKind
from bot.verbs.scene import Scene
from bot.verbs.words import Words

OnOff = NewType("OnOff", bool)
"""On is true."""

_WORDS = {"on": True, "off": False}


class OnOffReader(Reader):
    """The word `on` or `off`."""

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take the word."""
        return 1 if words[at].strip(PUNCTUATION).casefold() in _WORDS else 0

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> bool:
        """Return whether it is to be on."""
        word = typed.strip(PUNCTUATION).casefold()
        if not word:
            raise Missing("Say on or off.")
        if word not in _WORDS:
            raise BadInput(f"“{typed}” is neither on nor off.")
        return _WORDS[word]

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field:
        """Offer both."""
        chosen = typed.casefold() if typed.casefold() in _WORDS else ""
        return Field(name, "On or off", FieldKind.CHOICE, chosen, choices=(Choice("on", "On"), Choice("off", "Off")))
