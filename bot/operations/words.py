"""A command line as words: split as a shell would, with nothing expanded and nothing run.

What a shell would do beyond splitting (`;`, `&&`, `>`, backticks, `$(…)`) is refused, with the place and what to do
instead. `$NAME`, `${NAME}`, `<name>` and `[some-name]` are holes: parameters that are filled in before anything is
carried out. A value fills its hole as text within its word and is never split or read again, so that nothing can be
injected.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.operations.refusal import LineRefused

LONGEST = 10_000  # characters of a line, and of a value
_HOLE = re.compile(r"\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)|<([A-Za-z][\w-]*)>|\[([a-z]{2,}(?:[-_][a-z]+)+)\]", re.ASCII)
_JOINERS = {
    ";": "write one command on each line",
    "&": "write one command on each line; nothing runs in the background",
    ">": "leave it out; the output goes to Slack",
    "<": "name the file in the runbook instead; there is no shell to read it",
    "`": "write the value, or a <name> that is asked for",
    "\n": "write one command on each line",
}
_TYPESET = {
    **dict.fromkeys("“”„‘’", ("this is a typographic quote", "write a straight one")),
    **dict.fromkeys("–—", ("this is a typographic dash", "write - or --")),
    **dict.fromkeys("\u00a0\u2028\u2029\u202f\u200b\ufeff", ("this space is not a plain one", "type it again")),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hole is in its word: from `start` to before `end`."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a line: its text, where it starts (a column counted from 1), and the holes that are left in it.

    `glob` says that a shell would look for files, since a `*` or `?` stands outside of quotes.
    """

    text: str
    column: int
    holes: tuple[str, ...] = ()
    glob: bool = field(default=False, compare=False)
    places: tuple[Place, ...] = field(default=(), compare=False, repr=False)

    @property
    def is_hole(self) -> bool:
        """Whether nothing of the word is known."""
        return bool(self.holes) and _HOLE.fullmatch(self.text) is not None


Part = tuple[Word, ...]


def split(line: str, values: Mapping[str, str] | None = None) -> tuple[Part, ...]:
    """Return the words of a line, a tuple for each part between pipes; `values` fill holes by their names.

    Raises LineRefused for what only a shell could do, for quotes that do not end, and for an empty part.
    """
    check_characters(line)
    parts: list[list[Word]] = [[]]
    for word in _words(line):
        if word is None:
            parts.append([])
        else:
            parts[-1].append(filled(line, word, values) if values else word)
    if not all(parts):
        where = "the line is empty" if len(parts) == 1 else "there is nothing before or behind a pipe (|)"
        raise LineRefused(line, len(line.rstrip()) or 1, "", where, "write a command")
    return tuple(map(tuple, parts))


def whole(text: str, column: int = 1) -> Word:
    """Return text that is not to be split, such as bare SQL, as one word with its holes."""
    places = tuple(Place(_name_of(found), found.start(), found.end()) for found in _HOLE.finditer(text))
    return Word(text, column, _names(places), places=places)


def behind(word: Word, start: int) -> Word:
    """Return what follows the first `start` characters of a word: the value of `--tail=20` or `-n20`."""
    places = [
        Place(place.name, place.start - start, place.end - start) for place in word.places if place.start >= start
    ]
    return Word(word.text[start:], word.column + start, _names(places), word.glob, tuple(places))


def hole_name(text: str) -> str:
    """Return the name of a hole as runbooks write it: `DATABASE_URL` is `database-url`."""
    return text.replace("_", "-").lower()


def holes_in(text: str) -> tuple[str, ...]:
    """Return the names of the holes that a text still has, each once."""
    return tuple(dict.fromkeys(map(_name_of, _HOLE.finditer(text))))


def told(text: str, values: Mapping[str, str]) -> str:
    """Return a text as people read it: with the values in its holes, as they were given, where there are any."""
    return _HOLE.sub(lambda found: values.get(_name_of(found)) or found[0], text)


_UNTYPED = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories of characters that no keyboard sends: controls, directions and joiners, halves, ends of lines."""


def check_characters(line: str) -> None:
    """Raise LineRefused for a line that is too long, or has characters that no keyboard sends.

    Among those are the ones that nobody sees and that make a line look like another one to whoever allows it.
    """
    if len(line) > LONGEST:
        raise LineRefused(line, LONGEST, "", f"the line has more than {LONGEST:,} characters", "write a shorter one")
    for at, char in enumerate(line):
        if char not in "\t\n" and unicodedata.category(char) in _UNTYPED:
            raise LineRefused(line, at + 1, "", f"the character U+{ord(char):04X} cannot be used", "leave it out")


def filled(line: str, word: Word, values: Mapping[str, str]) -> Word:
    """Return the word with the holes filled for which there are values.

    Raises LineRefused for a value that is empty or too long, has control characters, or would make the word an option.
    """
    text, at = "", 0
    places: list[Place] = []
    for place in word.places:
        text += word.text[at : place.start]
        at = place.end
        if place.name in values:
            text += _safe(line, word, place, values[place.name])
        else:
            places.append(Place(place.name, len(text), len(text) + place.end - place.start))
            text += word.text[place.start : place.end]
    return Word(text + word.text[at:], word.column, _names(places), word.glob, tuple(places))


def refused_value(line: str, word: Word, place: Place, reason: str, instead: str) -> LineRefused:
    """Return the refusal of a value. It names the hole and not the value, which may be nobody's business."""
    return LineRefused(line, word.column, word.text[place.start : place.end], f"its value {reason}", instead)


def _safe(line: str, word: Word, place: Place, value: str) -> str:
    if not value.strip():
        raise refused_value(line, word, place, "is empty", "give one")
    if len(value) > LONGEST:
        raise refused_value(line, word, place, f"has more than {LONGEST:,} characters", "give a shorter one")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in value):
        raise refused_value(line, word, place, "has a control character", "give it as one line of plain text")
    if place.start == 0 and value.lstrip().startswith("-"):
        raise refused_value(line, word, place, "begins with -, as an option does", "give one that does not")
    return value


def _names(places: "tuple[Place, ...] | list[Place]") -> tuple[str, ...]:
    return tuple(dict.fromkeys(place.name for place in places))


def _name_of(found: "re.Match[str]") -> str:
    return hole_name(next(filter(None, found.groups())))


def _words(line: str) -> Iterator[Word | None]:
    """Yield the words of a line, and None for each pipe."""
    at, size = 0, len(line)
    while at < size:
        char = line[at]
        if char in " \t":
            at += 1
        elif char == "|":
            if line[at : at + 2] == "||":
                raise LineRefused(line, at + 1, "||", "there is no shell to choose", _JOINERS[";"])
            yield None
            at += 1
        else:
            word, at = _word(line, at)
            yield word


def _word(line: str, start: int) -> tuple[Word, int]:
    """Return the word at `start`, without its quotes, and where it ends."""
    at, text, glob = start, "", False
    places: list[Place] = []
    while at < len(line) and line[at] not in " \t|":
        char, found = line[at], _HOLE.match(line, at)
        if char in "'\"":
            piece, at = _quoted(line, at, len(text), places)
        elif char == "\\" and at + 1 < len(line) and line[at + 1] != "\n":
            piece, at = line[at + 1], at + 2
        elif found:
            places.append(Place(_name_of(found), len(text), len(text) + len(found[0])))
            piece, at = found[0], found.end()
        else:
            _check(line, at)
            glob = glob or char in "*?"
            piece, at = char, at + 1
        text += piece
    return Word(text, start + 1, _names(places), glob, tuple(places)), at


def _quoted(line: str, start: int, offset: int, places: list[Place]) -> tuple[str, int]:
    """Return what is between the quotes that open at `start`, and where the word goes on; add the holes in it."""
    quote, at, text = line[start], start + 1, ""
    while at < len(line) and line[at] != quote:
        found = _HOLE.match(line, at)
        if quote == '"' and (line[at] == "`" or line.startswith("$(", at)):
            raise _shell(line, at)
        if quote == '"' and line[at] == "\\" and line[at + 1 : at + 2] in ('"', "\\", "$", "`"):
            piece, at = line[at + 1], at + 2
        elif found:
            places.append(Place(_name_of(found), offset + len(text), offset + len(text) + len(found[0])))
            piece, at = found[0], found.end()
        else:
            piece, at = line[at], at + 1
        text += piece
    if at >= len(line):
        raise LineRefused(line, start + 1, quote, "this quote does not end", f"close it with {quote}")
    return text, at + 1


def _check(line: str, at: int) -> None:
    """Raise LineRefused for a character outside of quotes that only a shell or a word processor knows."""
    char = line[at]
    if char in _JOINERS or line.startswith("$(", at):
        raise _shell(line, at)
    if char in _TYPESET and (char not in "–—" or at == 0 or line[at - 1] in " \t"):
        reason, instead = _TYPESET[char]
        raise LineRefused(line, at + 1, char, reason, instead)


def _shell(line: str, at: int) -> LineRefused:
    found = line[at : at + 2] if line[at : at + 2] in ("$(", "&&", ">>", "<<") else line[at]
    instead = _JOINERS["`"] if found == "$(" else _JOINERS[found[0]]
    return LineRefused(line, at + 1, found, "there is no shell here", instead)
