"""The options of a filter, read as getopt reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.nearest import one_of
from bot.operations.operation import Hole
from bot.operations.refusal import LineRefused
from bot.operations.words import Part, Word, behind


@dataclass(frozen=True, slots=True)
class Option:
    """One option as it was found: its letter, and its value if it takes one."""

    letter: str
    value: Word | None
    word: Word


@dataclass(frozen=True, slots=True)
class Options:
    """What a filter takes: letters without a value, letters with one, and long names for letters."""

    flags: str
    valued: str = ""
    long: Mapping[str, str] | None = None

    @property
    def shown(self) -> tuple[str, ...]:
        """The options as people write them."""
        return tuple(f"-{letter}" for letter in self.flags + self.valued)


def read_options(line: str, part: Part, options: Options) -> tuple[list[Option], list[Word]]:
    """Return the options and the operands of a filter, in their order. Raises LineRefused for an unknown one."""
    found: list[Option] = []
    operands: list[Word] = []
    rest = iter(part[1:])
    for word in rest:
        if word.text == "--":
            operands += rest
        elif word.text.startswith("--"):
            found.append(_long(line, part, word, rest, options))
        elif word.text.startswith("-") and len(word.text) > 1:
            found += _short(line, part, word, rest, options)
        else:
            operands.append(word)
    return found, operands


def number(line: str, word: Word, text: str | None = None) -> int | Hole:
    """Return a count between 0 and a million, or the hole that stands for one."""
    if word.is_hole and text is None:
        return Hole(word.holes[0])
    shown = word.text if text is None else text
    if not (shown.isascii() and shown.isdecimal() and len(shown) <= 7):
        raise LineRefused(line, word.column, word.text, "this is not a number of lines", "write one such as 20")
    return int(shown)


def unknown(line: str, part: Part, word: Word, shown: str, options: Options) -> LineRefused:
    """Return the refusal of an option."""
    reason = f"{part[0].text} has no option {shown} here"
    return LineRefused(line, word.column, word.text, reason, f"there is {one_of(options.shown, 'and') or 'none'}")


def _long(line: str, part: Part, word: Word, rest: Iterator[Word], options: Options) -> Option:
    name, given, _ = word.text[2:].partition("=")
    letter = (options.long or {}).get(name)
    if letter is None or (given and letter in options.flags):
        raise unknown(line, part, word, f"--{name}", options)
    if letter in options.flags:
        return Option(letter, None, word)
    return Option(letter, behind(word, len(name) + 3) if given else _next(line, word, rest), word)


def _short(line: str, part: Part, word: Word, rest: Iterator[Word], options: Options) -> Iterator[Option]:
    letters = word.text[1:]
    for at, letter in enumerate(letters):
        if letter in options.flags:
            yield Option(letter, None, word)
        elif letter in options.valued:
            attached = len(letters) > at + 1
            yield Option(letter, behind(word, at + 2) if attached else _next(line, word, rest), word)
            return
        else:
            raise unknown(line, part, word, f"-{letter}", options)


def _next(line: str, word: Word, rest: Iterator[Word]) -> Word:
    following = next(rest, None)
    if following is None:
        raise LineRefused(
            line, word.column, word.text, f"{word.text} needs a value", f"write {word.text} and the value"
        )
    return following
