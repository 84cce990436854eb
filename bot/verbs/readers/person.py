"""A person as an argument, by their mention."""

import re
from collections.abc import Mapping
from typing import Any, NewType

from bot.errors import BadInput
from bot.verbs.readers.reader import PUNCTUATION, Missing, Reader
from bot.verbs.replies import Field, FieldKind
from bot.verbs.scene import Scene
from bot.verbs.words import Words

PersonId = NewType("PersonId", str)
"""A person's Slack id: `U012AB3CD`."""

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_ID = re.compile(r"@?([UW][A-Z0-9]{5,})")


class PersonReader(Reader):
    """A person, mentioned: Slack sends a mention with the id, which is what is kept of it."""

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take a mention, or a word that begins as one."""
        word = words.typed_word(at)
        return 1 if _MENTION.match(word) or word.startswith("@") else 0

    def said(self, words: Words, at: int, count: int) -> str:
        """Return the mention as it was typed: in words it is a name, and names are not unique."""
        return words.typed_word(at)

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> PersonId:
        """Return the id."""
        plain = typed.strip().rstrip(PUNCTUATION)
        if found := _MENTION.fullmatch(plain) or _ID.fullmatch(plain):
            return PersonId(found[1])
        if not plain:
            raise Missing("Say which person.")
        raise BadInput(
            f"I do not know who “{typed}” is. Choose the person from the list that Slack shows behind the @."
        )

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field:
        """Ask for a line of text."""
        return Field(name, "Person", FieldKind.LINE, typed, "Their id, like U012AB3CD.")
