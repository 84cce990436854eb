"""What to look at as an argument: a procedure or a probe of the platform, by its name or its title."""

from collections.abc import Mapping
from typing import Any, ClassVar, NewType

from bot.errors import BadInput
from bot.nearest import nearest, one_of
from bot.runbooks.platform import Platform, folded
from bot.runbooks.probes import Probe
from bot.runbooks.procedures import Procedure
from bot.verbs.readers.reader import Missing, Reader
from bot.verbs.replies import Choice, Field, FieldKind
from bot.verbs.scene import Scene
from bot.verbs.words import Words

Subject = NewType("Subject", object)
"""A `Procedure` or a `Probe`."""
ProcedureNamed = NewType("ProcedureNamed", Procedure)
"""A `Procedure`."""

Entry = Procedure | Probe
_OPTIONS = 100
"""As many as a Slack select offers."""


class SubjectReader(Reader):
    """A procedure or a probe; people type its name or the words of its title."""

    rank = 1
    kind: ClassVar[str] = "procedure or probe"

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take all words up to the first that gives a value."""
        count = 0
        while words[at + count] and "=" not in words[at + count]:
            count += 1
        return count

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> Entry:
        """Return the platform's entry of that name or title."""
        platform = next((value for value in known.values() if isinstance(value, Platform)), None)
        if platform is None or not typed:
            raise Missing(f"Choose the {self.kind}.")
        entries = self.entries(platform)
        wanted = folded(typed)
        for entry in entries:
            if wanted and wanted in (folded(entry.name), folded(entry.title)):
                return entry
        close = nearest(typed, [entry.name for entry in entries])
        guess = f"Did you mean {one_of(close)}?" if close else f"/runbook list {platform.name} shows what there is."
        raise BadInput(f"{platform.title} has no {self.kind} “{typed}”. {guess}")

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field | None:
        """Offer the platform's entries, once the platform is known."""
        platform = next((value for value in known.values() if isinstance(value, Platform)), None)
        if platform is None:
            return None
        chosen = known[name].name if name in known else ""
        choices = tuple(Choice(entry.name, entry.title) for entry in self.entries(platform)[:_OPTIONS])
        return Field(name, self.kind.capitalize(), FieldKind.CHOICE, chosen, choices=choices, given=platform.name)

    @staticmethod
    def entries(platform: Platform) -> list[Entry]:
        """Return what can be meant, procedures first: a name that is both means the procedure."""
        probes = [probe for probe in platform.probes.values() if probe.run]
        return [*platform.procedures.values(), *probes]


class ProcedureReader(SubjectReader):
    """A procedure."""

    kind = "procedure"

    @staticmethod
    def entries(platform: Platform) -> list[Entry]:
        """Return the platform's procedures."""
        return list(platform.procedures.values())
