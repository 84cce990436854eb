"""What to do as an argument: an action of the platform by its name, and a request for one by its number."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, NewType

from bot.errors import BadInput
from bot.nearest import nearest, one_of
from bot.runbooks.actions import Action
from bot.runbooks.platform import Platform, folded
from bot.verbs.readers.reader import PUNCTUATION, Missing, Reader
from bot.verbs.readers.walk import WalkReader
from bot.verbs.replies import Choice, Field, FieldKind
from bot.verbs.scene import Scene
from bot.verbs.words import Words

ActionNamed = NewType("ActionNamed", Action)
"""An `Action`."""
RequestNumber = NewType("RequestNumber", int)
"""The number of a request: `REQ-7`."""
RevisionNumber = NewType("RevisionNumber", int)
"""A revision of a service, counted by the cluster."""
PodCount = NewType("PodCount", int)
"""A number of pods."""
ServiceName = NewType("ServiceName", str)
"""The name of a service, as the cluster has it."""
Typed = NewType("Typed", str)
"""A name that is typed into a form to confirm something final."""

_REQUEST = re.compile(r"(?:req[-_ ]?)(\d{1,9})", re.IGNORECASE)
_REVISION = re.compile(r"#?(\d{1,9})")
_OPTIONS = 100
"""As many as a Slack select offers."""


class ActionReader(Reader):
    """An action; people type its name, in one word."""

    rank = 1

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take the next word, unless it gives a value."""
        return 1 if words[at] and "=" not in words[at] else 0

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> Action:
        """Return the platform's action of that name."""
        platform = next((value for value in known.values() if isinstance(value, Platform)), None)
        if platform is None or not typed:
            raise Missing("Choose what to do.")
        word = typed.strip(PUNCTUATION)
        for action in platform.actions.values():
            if folded(word) and folded(word) == folded(action.name):
                return action
        close = nearest(word, [action.name for action in platform.actions.values()])
        guess = f"Did you mean {one_of(close)}?" if close else f"/run {platform.name} shows what there is."
        raise BadInput(f"{platform.title} has no action “{typed}”. {guess}")

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field | None:
        """Offer what Opsroom can do there, once the platform is known."""
        platform = next((value for value in known.values() if isinstance(value, Platform)), None)
        if platform is None:
            return None
        chosen = known[name].name if name in known else ""
        able = [action for action in platform.actions.values() if action.run]
        choices = tuple(Choice(action.name, action.title) for action in able[:_OPTIONS])
        return Field(name, "Action", FieldKind.CHOICE, chosen, choices=choices, given=platform.name)


class RequestReader(WalkReader):
    """A request by its number."""

    pattern, label, looks = _REQUEST, "Request", "Requests look like REQ-7."


class RevisionReader(WalkReader):
    """A revision by its number."""

    pattern, label, looks = _REVISION, "Revision", "Revisions are numbers: 41."


class PodCountReader(WalkReader):
    """A number of pods."""

    pattern, label, looks = _REVISION, "Number of pods", "Say how many: 5."


class ServiceReader(Reader):
    """A word that is no number."""

    kind: ClassVar[str] = "Service"

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take the next word, unless it is a number."""
        return 1 if words[at] and not _REVISION.fullmatch(words[at].strip(PUNCTUATION)) else 0

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> str:
        """Return the word."""
        if not typed:
            raise Missing("Say which service.")
        return typed.strip(PUNCTUATION)

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field:
        """Ask for a line of text."""
        return Field(name, self.kind, FieldKind.LINE, typed)


class TypedReader(ServiceReader):
    """What is typed into a form; a command line never has it."""

    typed = False

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take nothing."""
        return 0

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> str:
        """Return it as it was typed."""
        return typed.strip()

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field | None:  # type: ignore[override]  # it is asked for by the verb alone
        """Return None: the verb asks for it when it has to be typed, and says what."""
        return None
