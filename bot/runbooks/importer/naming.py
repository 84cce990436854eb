"""Names for the entries of a draft: each once per kind, and the same command line under one name."""

from bot.runbooks.importer.draft import Step
from bot.runbooks.importer.headings import key


class Names:
    """The names that were given."""

    def __init__(self) -> None:
        self._taken: set[tuple[str, str]] = set()
        self._lines: dict[tuple[str, str], str] = {}

    def fresh(self, kind: str, *words: str) -> str:
        """Return a name of this kind that is not taken: from the first words, with those behind them, or numbered."""
        tries = [key(" ".join(reversed(words[: count + 1]))) for count in range(len(words))]
        tries += [f"{tries[0]}-{number}" for number in range(2, 1000)]
        name = next(each for each in tries if (kind, each) not in self._taken)
        self._taken.add((kind, name))
        return name

    def of(self, step: Step) -> tuple[str, bool]:
        """Return the name of a step's probe or action, and whether it is new."""
        text = step.command.text if step.command else step.human
        known = self._lines.get((step.kind, text))
        if known:
            return known, False
        name = self.fresh(step.kind, step.title)
        self._lines[step.kind, text] = name
        return name, True
