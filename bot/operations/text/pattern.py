r"""Regular expressions as grep writes them, basic and extended, read into a tree.

Source of the syntax: POSIX.1-2017 chapter 9, and the GNU grep manual for `\|`, `\+`, `\?`, `\w`, `\s`, `\b`, `\<` and
`\>`. Back-references are refused: they cannot be matched in linear time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

MOST = 400  # atoms of a pattern after its repeats are written out; the work on each character grows with it


class PatternFault(ValueError):
    """A pattern that cannot be read; the text is a clause for a refusal."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of some: single ones, ranges (both ends belong to it) and the kinds `w`, `s`, `d`."""

    singles: frozenset[str] = frozenset()
    ranges: tuple[tuple[str, str], ...] = ()
    kinds: str = ""
    negated: bool = False

    def has(self, char: str) -> bool:
        """Whether the character is one of them."""
        found = (
            char in self.singles
            or any(low <= char <= high for low, high in self.ranges)
            or any(_KINDS[kind](char) for kind in self.kinds)
        )
        return found is not self.negated


@dataclass(frozen=True, slots=True)
class Edge:
    """A place between characters: `^`, `$`, `b`, `B`, `<`, `>`, or `w` for one with no word character on its side."""

    kind: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """`node` from `least` to `most` times; None is without end."""

    node: "Node"
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them."""

    nodes: "tuple[Node, ...]"


Node = Chars | Edge | Repeat | Sequence | Choice
ANY = Chars(negated=True)


def is_word(char: str) -> bool:
    """Whether a character is part of a word: a letter, a digit or an underscore."""
    return char.isalnum() or char == "_"


_KINDS: Mapping[str, Callable[[str], bool]] = {
    "w": is_word,
    "W": lambda char: not is_word(char),
    "s": str.isspace,
    "S": lambda char: not char.isspace(),
    "d": str.isdigit,
    "D": lambda char: not char.isdigit(),
    "a": str.isalpha,
    "n": str.isalnum,
    "l": str.islower,
    "u": str.isupper,
    "p": lambda char: char.isprintable() and not char.isalnum() and not char.isspace(),
}
_CLASSES = {
    "alpha": "a",
    "alnum": "n",
    "digit": "d",
    "lower": "l",
    "upper": "u",
    "space": "s",
    "blank": "s",
    "punct": "p",
}


def read_pattern(text: str, *, extended: bool) -> Node:
    """Return the tree of a pattern. Raises PatternFault with what is wrong."""
    reader = _Reader(text, extended)
    node = reader.choice(0)
    if reader.at < len(text):
        raise PatternFault("a ) has no (")
    if size(node) > MOST:
        raise PatternFault("the pattern is too large")
    return node


def literal(text: str) -> Node:
    """Return the tree that matches just this text."""
    return Sequence(tuple(Chars(frozenset(char)) for char in text))


def size(node: Node) -> int:
    """Return how many atoms a tree has when its repeats are written out."""
    if isinstance(node, Repeat):
        return (size(node.node) + 1) * max(node.least + 1, node.most or 0)
    if isinstance(node, Sequence | Choice):
        return sum(map(size, node.nodes)) + len(node.nodes)
    return 1


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str, extended: bool) -> None:  # noqa: FBT001 - a private reader with one caller
        self.text, self.extended, self.at = text, extended, 0

    def choice(self, depth: int) -> Node:
        """Read alternatives until the end, or the bracket that closes them."""
        if depth > 20:
            raise PatternFault("brackets are nested more than 20 deep")
        found = [self._sequence(depth)]
        while self._took("|"):
            found.append(self._sequence(depth))
        return found[0] if len(found) == 1 else Choice(tuple(found))

    def _sequence(self, depth: int) -> Node:
        nodes: list[Node] = []
        while self.at < len(self.text) and not self._is_next("|") and not (depth and self._is_next(")")):
            nodes.append(self._repeated(self._atom(depth, first=not nodes)))
            if len(nodes) > MOST:
                raise PatternFault("the pattern is too large")
        return Sequence(tuple(nodes))

    def _is_next(self, operator: str) -> bool:
        """Whether an operator is next; the basic form has a backslash in front of it."""
        return self.text.startswith(operator if self.extended else f"\\{operator}", self.at)

    def _took(self, operator: str) -> bool:
        found = self._is_next(operator)
        if found:
            self.at += 1 if self.extended else 2
        return found

    def _repeated(self, node: Node) -> Node:
        while self.at < len(self.text):
            if self.text[self.at] == "*":
                self.at, node = self.at + 1, Repeat(node, 0, None)
            elif self._took("+"):
                node = Repeat(node, 1, None)
            elif self._took("?"):
                node = Repeat(node, 0, 1)
            elif self._is_next("{") and (bounds := self._bounds()):
                node = Repeat(node, *bounds)
            else:
                break
            if size(node) > MOST:
                raise PatternFault("the repeats make the pattern too large")
        return node

    def _bounds(self) -> tuple[int, int | None] | None:
        """Read `{2}`, `{2,}`, `{2,5}` or `{,5}`; None when it is only a brace, which stands for itself."""
        start = self.at + (1 if self.extended else 2)
        closing = "}" if self.extended else "\\}"
        inside, found, _ = self.text[start : start + 12].partition(closing)
        low, comma, high = inside.partition(",")
        if not found or not (low + high).isdecimal() or len(low + high) > 6:
            return None
        self.at = start + len(inside) + len(closing)
        least = int(low or 0)
        most = int(high) if high else None if comma else least
        if least > MOST or (most is not None and (most < least or most > MOST)):
            raise PatternFault(f"{{{inside}}} is not a possible number of times")
        return least, most

    def _atom(self, depth: int, *, first: bool) -> Node:
        if self._took("("):
            node = self.choice(depth + 1)
            if not self._took(")"):
                raise PatternFault("a ( is not closed")
            return node
        char = self.text[self.at]
        self.at += 1
        if char == "\\":
            return self._escaped()
        if char == "[":
            return self._bracket()
        if char == ".":
            return ANY
        if self._is_edge(char, first=first):
            return Edge(char)
        if self.extended and char in "*+?" and first:
            raise PatternFault(f"there is nothing for {char} to repeat")
        return Chars(frozenset(char))

    def _is_edge(self, char: str, *, first: bool) -> bool:
        """Whether `^` or `$` is an anchor: anywhere in the extended form, at its end of the basic one."""
        if self.extended:
            return char in "^$"
        ends = self.at >= len(self.text) or self.text.startswith(("\\|", "\\)"), self.at)
        return (char == "^" and first) or (char == "$" and ends)

    def _escaped(self) -> Node:
        if self.at >= len(self.text):
            raise PatternFault("it ends with a backslash")
        char = self.text[self.at]
        self.at += 1
        if char in "123456789":
            raise PatternFault(f"\\{char} refers back, which cannot be matched quickly")
        if char in "bB<>":
            return Edge(char)
        if char in "`'":
            return Edge("^" if char == "`" else "$")
        if char in "wWsSdD":
            return Chars(kinds=char)
        return Chars(frozenset("\t" if char == "t" else char))

    def _bracket(self) -> Node:
        negated = self.text.startswith("^", self.at)
        self.at += negated
        singles: set[str] = set()
        ranges: list[tuple[str, str]] = []
        kinds, start = "", self.at
        while self.at == start or not self.text.startswith("]", self.at):
            if self.at >= len(self.text):
                raise PatternFault("a [ is not closed")
            if self.text.startswith("[:", self.at):
                kinds += self._class()
                continue
            low = self.text[self.at]
            self.at += 1
            if self.text.startswith("-", self.at) and self.text[self.at + 1 : self.at + 2] not in ("", "]"):
                high = self.text[self.at + 1]
                self.at += 2
                if high < low:
                    raise PatternFault(f"{low}-{high} runs backwards")
                ranges.append((low, high))
            else:
                singles.add(low)
        self.at += 1
        return Chars(frozenset(singles), tuple(ranges), kinds, negated)

    def _class(self) -> str:
        name, closed, _ = self.text[self.at + 2 :].partition(":]")
        if not closed or name not in _CLASSES:
            raise PatternFault(f"[:{name[:12]}:] is not a class of characters")
        self.at += len(name) + 4
        return _CLASSES[name]
