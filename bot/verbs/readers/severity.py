"""A severity as an argument; its platform is read first."""

import re
from collections.abc import Mapping
from typing import Any

from bot.errors import BadInput
from bot.runbooks.platform import Platform, Severity
from bot.verbs.readers.reader import PUNCTUATION, Missing, Reader
from bot.verbs.replies import Choice, Field, FieldKind
from bot.verbs.scene import Scene
from bot.verbs.words import Words

_SEVERITY = re.compile(r"p-?\d|sev(?:erity)?[-_]?\d{1,2}", re.IGNORECASE)
"""What is a severity wherever there are any. Not `p95` or `S3`: those are words of the trade."""


class SeverityReader(Reader):
    """A severity of the platform: `P1`, `sev 1`; `critical` or a bare digit only in front of a platform's name."""

    rank = 1

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take what looks like a severity, known or not.

        Other words that a platform uses for one are taken in front of a platform's name or before a colon, for many a
        sentence begins with `high error rate` or `3 pods`.
        """
        word = words[at]
        if word.casefold() in {"sev", "severity", "p"} and words[at + 1].strip(PUNCTUATION).isdigit():
            return 2
        if _SEVERITY.fullmatch(word.strip(PUNCTUATION)):
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
