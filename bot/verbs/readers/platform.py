"""A platform as an argument."""

from collections.abc import Mapping
from typing import Any

from rapidfuzz.distance import OSA

from bot.errors import BadInput
from bot.nearest import one_of
from bot.runbooks.platform import Platform
from bot.verbs.readers.reader import LETTERS_PER_SLIP, PUNCTUATION, Missing, Reader
from bot.verbs.replies import Choice, Field, FieldKind
from bot.verbs.scene import Scene
from bot.verbs.words import Words


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
        named = [found for at in range(len(words)) if (found := scene.platforms.named(words[at].strip(PUNCTUATION)))]
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
        plain = word.strip(PUNCTUATION).casefold()
        slips = {name: OSA.distance(plain, name) for name in scene.platforms.names}
        best = min(slips, key=lambda name: slips[name], default=None)
        return best if best and slips[best] <= len(plain) // LETTERS_PER_SLIP else None
