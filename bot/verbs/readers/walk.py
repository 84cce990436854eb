"""A walkthrough and one of its steps as arguments."""

import re
from collections.abc import Mapping
from typing import Any, NewType

from bot.errors import BadInput
from bot.verbs.readers.reader import PUNCTUATION, Missing, Reader
from bot.verbs.replies import Field, FieldKind
from bot.verbs.scene import Scene
from bot.verbs.words import Words

WalkNumber = NewType("WalkNumber", int)
"""The number of a walkthrough: `WALK-7`."""
StepNumber = NewType("StepNumber", int)
"""The position of a step, counted from 1."""

_WALK = re.compile(r"(?:walk[-_ ]?)(\d{1,9})", re.IGNORECASE)
_STEP = re.compile(r"#?(\d{1,4})")


class WalkReader(Reader):
    """A walkthrough by its number."""

    pattern, label, looks = _WALK, "Walkthrough", "Walkthroughs look like WALK-7."

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take a reference."""
        return 1 if self.pattern.fullmatch(words[at].strip(PUNCTUATION)) else 0

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> int:
        """Return the number."""
        if found := self.pattern.fullmatch(typed.strip(PUNCTUATION)):
            return int(found[1])
        if typed:
            raise BadInput(f"“{typed}” is no {self.label.lower()}. {self.looks}")
        raise Missing(f"Say which {self.label.lower()}. {self.looks}")

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field:
        """Ask for a line of text."""
        return Field(name, self.label, FieldKind.LINE, typed)


class StepReader(WalkReader):
    """A step by its position."""

    pattern, label, looks = _STEP, "Step", "Steps are numbers: 1, 2, 3."
