"""One reader per type of argument: which words are its own, what they mean, and how a form asks for it."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, NewType

from rapidfuzz import fuzz

from bot.errors import BadInput
from bot.nearest import one_of
from bot.runbooks.platform import Platform, Severity
from bot.store.incidents import Incident
from bot.verbs.replies import Choice, Field, FieldKind
from bot.verbs.scene import Scene
from bot.verbs.words import Words

IncidentNumber = NewType("IncidentNumber", int)
"""The number of an incident: `INC-12`, `12`, or none in its own room."""

_SEVERITY = re.compile(r"(p|s|sev|severity)[-_ ]?\d{1,2}", re.IGNORECASE)
_NUMBER = re.compile(r"(?:inc[-_ ]?|#)?(\d{1,9})", re.IGNORECASE)
_TYPO = 80.0
"""How much of 100 a word must resemble a platform's name to be taken for a slip of the finger, by edit distance."""


class Missing(BadInput):
    """Nothing was given for an argument, and nothing goes without saying."""


class Reader:
    """How an argument of one type is read. `rank`: those with a lower one are read first; others depend on them."""

    rank: ClassVar[int] = 0
    takes_rest: ClassVar[bool] = False
    guessed: ClassVar[bool] = False

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Return how many words from this place on are this argument's; 0 when the next one is not."""
        raise NotImplementedError

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> Any:
        """Return the value; raises Missing or BadInput with a sentence for people."""
        raise NotImplementedError

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field | None:
        """Return the field that asks for it; None when it cannot be asked for yet."""
        raise NotImplementedError

    def check_length(self, value: Any, limit: int) -> None:
        """Raise BadInput when a text is longer than its argument takes."""
        if isinstance(value, str) and len(value) > limit:
            raise BadInput(f"That is {len(value):,} characters long; {limit:,} are the most.")


class PlatformReader(Reader):
    """A platform, by name, title or alias, in one word or two; else the one that goes without saying."""

    guessed = True

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take a platform's words; a slip of the finger is taken as well, and asked about."""
        for count in (2, 1):
            spoken = " ".join(words[at + i] for i in range(count))
            if words[at + count - 1] and scene.platforms.named(spoken):
                return count
        return 1 if self._meant(words[at], scene) else 0

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> Platform:
        """Return the platform that was named or goes without saying."""
        named = typed or scene.likely_platform
        if not named:
            raise Missing("Choose the platform.")
        if platform := scene.platforms.named(named):
            return platform
        meant = self._meant(typed, scene)
        guess = f"Did you mean *{meant}*?" if meant else f"It can be {one_of(scene.platforms.names)}."
        raise BadInput(f"There is no platform “{typed}”. {guess}")

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field:
        """Offer the platforms, with the likely one chosen."""
        chosen = known[name].name if name in known else self._meant(typed, scene) or ""
        choices = tuple(Choice(p.name, p.title, p.summary) for p in scene.platforms)
        return Field(name, "Platform", FieldKind.CHOICE, chosen, choices=choices, refreshes=True)

    @staticmethod
    def _meant(word: str, scene: Scene) -> str | None:
        likeness = {name: fuzz.ratio(word.casefold(), name) for name in scene.platforms.names}
        best = max(likeness, key=lambda name: likeness[name], default=None)
        return best if best and likeness[best] >= _TYPO else None


class SeverityReader(Reader):
    """A severity of the platform: `P1`, `sev 1`, `critical`; a bare digit only beside a platform's name."""

    rank = 1

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take what looks like a severity, known or not, and plain words that some platform uses for one."""
        word = words[at]
        if word.casefold() in {"sev", "severity", "p"} and words[at + 1].isdigit():
            return 2
        if _SEVERITY.fullmatch(word):
            return 1
        known = any(platform.severity_named(word) for platform in scene.platforms)
        return 1 if known and (not word.isdigit() or self._beside_platform(words, at, scene)) else 0

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> Severity:
        """Return the platform's severity of that name."""
        platform = next((value for value in known.values() if isinstance(value, Platform)), None)
        if not typed or platform is None:
            raise Missing("Choose the severity.")
        if severity := platform.severity_named(typed):
            return severity
        kinds = "\n".join(f"• *{s.label}*: {s.meaning}" for s in platform.severities)
        raise BadInput(f"{platform.title} has no severity “{typed}”. It has:\n{kinds}")

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field | None:
        """Offer the platform's severities with their meaning, once the platform is known."""
        platform = next((value for value in known.values() if isinstance(value, Platform)), None)
        if platform is None:
            return None
        chosen = platform.severity_named(typed) if typed else None
        choices = tuple(Choice(s.name, s.label, s.meaning) for s in platform.severities)
        return Field(name, "Severity", FieldKind.CHOICE, chosen.name if chosen else "", choices=choices)

    @staticmethod
    def _beside_platform(words: Words, at: int, scene: Scene) -> bool:
        beside = (words[at + 1], words[at - 1] if at else "")
        return any(word and scene.platforms.named(word) for word in beside)


class IncidentReader(Reader):
    """An incident by its number; in its own room it goes without saying."""

    guessed = True

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take a number or a reference."""
        return 1 if _NUMBER.fullmatch(words[at]) else 0

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> IncidentNumber:
        """Return the number."""
        found = _NUMBER.fullmatch(typed)
        if found:
            return IncidentNumber(int(found.group(1)))
        if typed:
            raise BadInput(f"“{typed}” is no incident. Incidents look like INC-12.")
        if scene.incident is None:
            raise Missing("Choose the incident.")
        return IncidentNumber(scene.incident.number)

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field:
        """Offer the open incidents."""
        choices = tuple(Choice(str(i.number), f"{i.ref} · {i.severity} · {i.title}", i.title) for i in scene.choices)
        kind = FieldKind.CHOICE if choices else FieldKind.LINE
        return Field(name, "Incident", kind, typed, choices=choices, max_length=20)


class WordReader(Reader):
    """One word."""

    takes_rest = False

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take the next word, whatever it is."""
        return 1 if words[at] else 0

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> str:
        """Return the word."""
        if not typed:
            raise Missing("Say which one.")
        return typed

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field:
        """Ask for a line of text."""
        return Field(name, name.capitalize().replace("_", " "), FieldKind.LINE, typed)


class TextReader(WordReader):
    """Free text: all that is left."""

    takes_rest = True
    rank = 2

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take nothing: free text gets what the others leave."""
        return 0

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field:
        """Ask for a few lines."""
        return Field(name, name.capitalize().replace("_", " "), FieldKind.PARAGRAPH, typed)


WordText = NewType("WordText", str)
"""One word of a command."""

READERS: Mapping[Any, Reader] = {
    Platform: PlatformReader(),
    Severity: SeverityReader(),
    IncidentNumber: IncidentReader(),
    Incident: IncidentReader(),
    WordText: WordReader(),
    str: TextReader(),
}
