"""Words and free text as arguments."""

from collections.abc import Mapping
from typing import Any, ClassVar, NewType

from bot.verbs.readers.reader import Missing, Reader
from bot.verbs.replies import Field, FieldKind
from bot.verbs.scene import Scene
from bot.verbs.words import Words

WordText = NewType("WordText", str)
"""One word of a command."""


class WordReader(Reader):
    """One word."""

    asks: ClassVar[str] = "Say which one."

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take the next word, whatever it is."""
        return 1 if words[at] else 0

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> str:
        """Return the word."""
        if not typed:
            raise Missing(self.asks)
        return typed

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field:
        """Ask for a line of text."""
        return Field(name, name.capitalize().replace("_", " "), FieldKind.LINE, typed)


class TextReader(WordReader):
    """Free text: all that is left."""

    takes_rest = True
    rank = 2
    asks = "Say it in a few words."

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take nothing: free text gets what the others leave."""
        return 0

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field:
        """Ask for a few lines."""
        return Field(name, name.capitalize().replace("_", " "), FieldKind.PARAGRAPH, typed)
