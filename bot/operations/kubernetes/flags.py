"""Flags and words of a kubectl line, read by kubectl's rules: `-n x`, `-n=x`, `-nx`, `--flag x`, `--flag=x`, `-it`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.nearest import nearest
from bot.operations.kubernetes.quantities import seconds
from bot.operations.operation import Hole
from bot.operations.refusal import LineRefused
from bot.operations.words import Part, Word

Advice = tuple[str, str]
"""Why something is refused, and what to do instead."""

_TARGET: Advice = ("the target says which cluster it is", "leave it out")
_SWITCH_VALUES = {"true": True, "false": False}
_WIDEST = 9_999_999_999
"""The largest number that a line may say; nothing that is counted in a cluster is larger."""


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags of a verb: spellings of those with a value and of switches, by name; and those that are refused."""

    values: Mapping[str, str] = field(default_factory=dict)
    switches: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, Advice] = field(default_factory=dict)

    def __or__(self, other: "Flags") -> "Flags":
        return Flags(
            {**self.values, **other.values},
            {**self.switches, **other.switches},
            {**self.refused, **other.refused},
        )


EVERYWHERE = Flags(
    {"-n": "namespace", "--namespace": "namespace"},
    refused={
        **dict.fromkeys(("--context", "--kubeconfig", "--cluster", "--user", "-s", "--server"), _TARGET),
        **dict.fromkeys(
            ("--token", "--username", "--password", "--client-key", "--client-certificate", "--certificate-authority"),
            ("the target knows how to log in", "leave it out"),
        ),
        "--insecure-skip-tls-verify": ("certificates are checked", "leave it out"),
        "--as": ("nobody acts as somebody else here", "leave it out"),
        "--request-timeout": ("every run has its own time limit", "leave it out, or write time-limit in the runbook"),
        "--dry-run": ("every change is planned before it is approved", "leave it out"),
        "--record": ("it is deprecated", "annotate kubernetes.io/change-cause"),
    },
)


@dataclass(slots=True)
class Arguments:
    """What a line says behind its verb: words, flags by name, and the command behind `--`."""

    line: str
    verb: Word
    known: Flags
    words: list[Word] = field(default_factory=list)
    flags: dict[str, Word] = field(default_factory=dict)
    command: tuple[Word, ...] | None = None

    def refuse(self, word: Word, reason: str, instead: str) -> LineRefused:
        """Return the refusal of a word."""
        return LineRefused(self.line, word.column, word.text, reason, instead)

    def text(self, name: str) -> str:
        """Return a flag's value, or an empty text."""
        return self.flags[name].text if name in self.flags else ""

    def on(self, name: str, default: bool = False) -> bool:  # noqa: FBT001, FBT002 it is a switch
        """Return whether a switch is on."""
        word = self.flags.get(name)
        if word is None:
            return default
        if word.text not in _SWITCH_VALUES:
            raise self.refuse(word, "a switch is true or false", "leave the value out")
        return _SWITCH_VALUES[word.text]

    def whole(self, name: str, least: int = 0) -> int | Hole | None:
        """Return a flag's whole number, not less than `least`; a hole if it is not known yet; None if not given."""
        word = self.flags.get(name)
        if word is None:
            return None
        if word.is_hole:
            return Hole(word.holes[-1])
        digits = word.text.removeprefix("-")
        number = int(word.text) if digits.isascii() and digits.isdigit() and len(digits) <= 10 else None
        if number is None or not least <= number <= _WIDEST:
            raise self.refuse(word, f"this is not a whole number of {least} or more", f"write one, such as {least + 1}")
        return number

    def duration(self, name: str) -> float | Hole | None:
        """Return a flag's duration in seconds; a hole if it is not known yet; None if not given."""
        word = self.flags.get(name)
        if word is None:
            return None
        if word.is_hole:
            return Hole(word.holes[-1])
        span = seconds(word.text)
        if span is None:
            raise self.refuse(word, "this is not a duration", "write it like 30s, 5m, 1h30m or 720h")
        return span


def verb_of(line: str, words: Part, given: dict[str, Word]) -> tuple[Word | None, Part]:
    """Return the first word that is no flag, and what follows; flags before it go to `given`."""
    at = 0
    while at < len(words) and words[at].text.startswith("-"):
        at = _take(line, words, at, EVERYWHERE, given)
    return (words[at], words[at + 1 :]) if at < len(words) else (None, ())


def arguments(line: str, verb: Word, words: Part, flags: Flags, given: Mapping[str, Word]) -> Arguments:
    """Read what is behind a verb. Raises LineRefused for flags that it does not have."""
    known = EVERYWHERE | flags
    found = Arguments(line, verb, known, flags=dict(given))
    at = 0
    while at < len(words):
        word = words[at]
        if word.text == "--":
            found.command = words[at + 1 :]
            break
        if word.text.startswith("-") and word.text != "-":
            at = _take(line, words, at, known, found.flags)
        else:
            found.words.append(word)
            at += 1
    return found


def _take(line: str, words: Part, at: int, known: Flags, into: dict[str, Word]) -> int:
    """Read the flag at `at` and return where the next word is."""
    word = words[at]
    if word.text.startswith("--"):
        spelling, equals, value = word.text.partition("=")
        return _take_one(line, words, at, known, into, (spelling, len(spelling) + 1, value if equals else None))
    return _take_short(line, words, at, known, into)


def _take_short(line: str, words: Part, at: int, known: Flags, into: dict[str, Word]) -> int:
    """Read one or more letters behind a hyphen: switches, and at most one flag with a value, the last."""
    text = words[at].text
    for place in range(1, len(text)):
        spelling, rest = f"-{text[place]}", text[place + 1 :]
        switch = spelling in known.switches
        value = rest.removeprefix("=") if rest and (not switch or rest.startswith("=")) else None
        end = _take_one(line, words, at, known, into, (spelling, len(text) - len(value or ""), value))
        if not switch or value is not None:
            return end
    return at + 1


def _take_one(
    line: str, words: Part, at: int, known: Flags, into: dict[str, Word], piece: tuple[str, int, str | None]
) -> int:
    """Note one flag of the word at `at`: `piece` is its spelling, where a value in that word starts, and the value."""
    word, (spelling, offset, value) = words[at], piece
    name = known.values.get(spelling) or known.switches.get(spelling)
    if name is None:
        raise _unknown(line, word, spelling, known)
    if spelling in known.switches:
        taken, end = Word("true" if value is None else value, word.column, word.holes), at + 1
    elif value is not None:
        taken, end = Word(value, word.column + offset, word.holes[-1:]), at + 1
    elif at + 1 < len(words):
        taken, end = words[at + 1], at + 2
    else:
        raise LineRefused(line, word.column, spelling, "a value is missing behind it", "write the value")
    if name in into and into[name].text != taken.text:
        raise LineRefused(line, word.column, spelling, "it is given twice", "give it once")
    into[name] = taken
    return end


def _unknown(line: str, word: Word, spelling: str, known: Flags) -> LineRefused:
    if advice := known.refused.get(spelling):
        return LineRefused(line, word.column, spelling, *advice)
    names = [*known.values, *known.switches]
    long = [name for name in names if name.startswith("--")]
    close = nearest(spelling, long, limit=1) if spelling.startswith("--") else ()
    instead = f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}"
    return LineRefused(line, word.column, spelling, "there is no such flag here", instead.rstrip("?"))
