"""Where a page of a long list ends, as an argument: `before 120`."""

import re
from collections.abc import Mapping
from typing import Any, NewType

from bot.errors import BadInput
from bot.verbs.readers.reader import Missing, Reader
from bot.verbs.replies import Field, FieldKind
from bot.verbs.scene import Scene
from bot.verbs.words import Words

BeforeNumber = NewType("BeforeNumber", int)
"""The number below which all are that are wanted."""

_BEFORE = re.compile(r"(?:before\s+)?#?(\d{1,9})", re.IGNORECASE)


class BeforeReader(Reader):
    """The word `before` and a number."""

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take both words."""
        return 2 if words[at].casefold() == "before" and _BEFORE.fullmatch(words[at + 1]) else 0

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> BeforeNumber:
        """Return the number."""
        if found := _BEFORE.fullmatch(typed):
            return BeforeNumber(int(found[1]))
        if not typed:
            raise Missing("Say before which one.")
        raise BadInput(f"“{typed}” is no number. It is typed like this: before 120.")

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field:
        """Ask for a line of text."""
        return Field(name, "Before number", FieldKind.LINE, typed)
