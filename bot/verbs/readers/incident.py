"""An incident as an argument, by its number."""

import re
from collections.abc import Mapping
from typing import Any, NewType

from bot.errors import BadInput
from bot.verbs.readers.reader import PUNCTUATION, Missing, Reader
from bot.verbs.replies import Choice, Field, FieldKind
from bot.verbs.scene import Scene
from bot.verbs.words import Words

IncidentNumber = NewType("IncidentNumber", int)
"""The number of an incident: `INC-12`, `12`, or none in its own room."""

_NUMBER = re.compile(r"(?:inc[-_ ]?|#)?(\d{1,9})", re.IGNORECASE)


class IncidentReader(Reader):
    """An incident by its number; in its own room it goes without saying."""

    guessed = True

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take a number or a reference."""
        return 1 if _NUMBER.fullmatch(words[at].strip(PUNCTUATION)) else 0

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> IncidentNumber:
        """Return the number."""
        found = _NUMBER.fullmatch(typed.strip(PUNCTUATION))
        if found:
            return IncidentNumber(int(found.group(1)))
        if typed:
            raise BadInput(f"“{typed}” is no incident. Incidents look like INC-12.")
        if scene.incident is None:
            raise Missing("Choose the incident.")
        return IncidentNumber(scene.incident.number)

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field:
        """Offer the open incidents. Raises BadInput when there are none to choose from."""
        if not scene.choices:
            raise BadInput("No incident is open where you could do that.")
        choices = tuple(Choice(str(i.number), f"{i.ref} · {i.severity} · {i.title}", i.title) for i in scene.choices)
        return Field(name, "Incident", FieldKind.CHOICE, str(known.get(name, "")), choices=choices)
