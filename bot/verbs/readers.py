"""One reader per type of argument: which words are its own, what they mean, and how a form asks for it."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, NewType

from rapidfuzz.distance import OSA

from bot.errors import BadInput
from bot.nearest import one_of
from bot.runbooks.platform import Platform, Severity
from bot.verbs.replies import Choice, Field, FieldKind
from bot.verbs.scene import Scene
from bot.verbs.words import Words

IncidentNumber = NewType("IncidentNumber", int)
"""The number of an incident: `INC-12`, `12`, or none in its own room."""

_SEVERITY = re.compile(r"p-?\d|sev(?:erity)?[-_]?\d{1,2}", re.IGNORECASE)
"""What is a severity wherever there are any. Not `p95` or `S3`: those are words of the trade."""
_NUMBER = re.compile(r"(?:inc[-_ ]?|#)?(\d{1,9})", re.IGNORECASE)
_PUNCTUATION = ",.:;"
"""What people put behind a word that is meant for us: `P1: checkout is down`."""
_LETTERS_PER_SLIP = 5
"""A word of so many letters may have one slip of the finger in it, one of twice as many two."""


class Missing(BadInput):
    """Nothing was given for an argument, and nothing goes without saying."""


class Reader:
    """How an argument of one type is read.

    `rank`: those with a lower one are read first, for others depend on them; `takes_rest` says that it is free text,
    `guessed` that it can go without saying.
    """

    rank: ClassVar[int] = 0
    takes_rest: ClassVar[bool] = False
    guessed: ClassVar[bool] = False

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Return how many words from this place on are this argument's; 0 when the next one is not."""
        raise NotImplementedError

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

    def guess(self, words: Words, scene: Scene) -> str:
        """Return a platform that the text speaks of, if it is one alone."""
        named = [found for at in range(len(words)) if (found := scene.platforms.named(words[at].strip(_PUNCTUATION)))]
        return named[0].name if len({platform.name for platform in named}) == 1 else ""

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> Platform:
        """Return the platform that was named or goes without saying, if the person may do there what was asked."""
        named = typed or scene.likely_platform
        if not named:
            raise Missing("Choose the platform.")
        if platform := scene.platforms.named(named):
            scene.rights.require(scene.needs, platform.name)
            return platform
        meant = self._meant(typed, scene)
        guess = f"Did you mean {meant}?" if meant else f"It can be {one_of(self._names(scene))}."
        raise BadInput(f"There is no platform “{typed}”. {guess}")

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field:
        """Offer the platforms, with the likely one chosen. Raises BadInput when there is none to choose."""
        names = self._names(scene)
        if not names:
            raise BadInput("There is no platform on which you may do that.")
        spoken = scene.platforms.named(typed)
        chosen = known[name].name if name in known else spoken.name if spoken else self._meant(typed, scene)
        choices = tuple(Choice(p.name, p.title, p.summary) for p in scene.platforms if p.name in names)
        chosen = chosen if chosen in names else ""
        return Field(name, "Platform", FieldKind.CHOICE, chosen or "", choices=choices, refreshes=True)

    @staticmethod
    def _names(scene: Scene) -> tuple[str, ...]:
        return scene.rights.reach(scene.needs, scene.platforms.names)

    @staticmethod
    def _meant(word: str, scene: Scene) -> str | None:
        """Return the platform of which a word differs by a letter or two: `links` are not Linkist."""
        plain = word.strip(_PUNCTUATION).casefold()
        slips = {name: OSA.distance(plain, name) for name in scene.platforms.names}
        best = min(slips, key=lambda name: slips[name], default=None)
        return best if best and slips[best] <= len(plain) // _LETTERS_PER_SLIP else None


class SeverityReader(Reader):
    """A severity of the platform: `P1`, `sev 1`; `critical` or a bare digit only in front of a platform's name."""

    rank = 1

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take what looks like a severity, known or not.

        Other words that a platform uses for one are taken in front of a platform's name or before a colon, for many a
        sentence begins with `high error rate` or `3 pods`.
        """
        word = words[at]
        if word.casefold() in {"sev", "severity", "p"} and words[at + 1].strip(_PUNCTUATION).isdigit():
            return 2
        if _SEVERITY.fullmatch(word.strip(_PUNCTUATION)):
            return 1
        if not _is_severity(word, scene):
            return 0
        return 1 if self._before_platform(words, at, scene) or (word.endswith(":") and word[:-1].isalpha()) else 0

    def guess(self, words: Words, scene: Scene) -> str:
        """Return the first word if it can be a severity: a form offers it, and the text keeps it."""
        return words[0] if words[0].isalpha() and _is_severity(words[0], scene) else ""

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> Severity:
        """Return the platform's severity of that name."""
        platform = next((value for value in known.values() if isinstance(value, Platform)), None)
        if not typed or platform is None:
            raise Missing("Choose the severity.")
        if severity := platform.severity_named(typed):
            return severity
        kinds = "\n".join(f"• {s.label}: {s.meaning}" for s in platform.severities)
        raise BadInput(f"{platform.title} has no severity “{typed}”. It has:\n{kinds}")

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field | None:
        """Offer the platform's severities with their meaning, once the platform is known."""
        platform = next((value for value in known.values() if isinstance(value, Platform)), None)
        if platform is None:
            return None
        chosen = platform.severity_named(typed) if typed else None
        choices = tuple(Choice(s.name, s.label, s.meaning) for s in platform.severities)
        value = chosen.name if chosen else ""
        return Field(name, "Severity", FieldKind.CHOICE, value, choices=choices, given=platform.name)

    @staticmethod
    def _before_platform(words: Words, at: int, scene: Scene) -> bool:
        after = (words[at + 1], f"{words[at + 1]} {words[at + 2]}")
        return any(spoken.strip() and scene.platforms.named(spoken) for spoken in after)


def _is_severity(word: str, scene: Scene) -> bool:
    return any(platform.severity_named(word) for platform in scene.platforms)


class IncidentReader(Reader):
    """An incident by its number; in its own room it goes without saying."""

    guessed = True

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take a number or a reference."""
        return 1 if _NUMBER.fullmatch(words[at].strip(_PUNCTUATION)) else 0

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> IncidentNumber:
        """Return the number."""
        found = _NUMBER.fullmatch(typed.strip(_PUNCTUATION))
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


WordText = NewType("WordText", str)
"""One word of a command."""

READERS: Mapping[Any, Reader] = {
    Platform: PlatformReader(),
    Severity: SeverityReader(),
    IncidentNumber: IncidentReader(),
    WordText: WordReader(),
    str: TextReader(),
}
