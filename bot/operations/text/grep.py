"""grep: lines in which a pattern is found."""

import re
from collections.abc import Callable, Iterator

from bot.operations.refusal import LineRefused
from bot.operations.text.automaton import Automaton
from bot.operations.text.nouns import Grep, Syntax
from bot.operations.text.pattern import Choice, Edge, Node, PatternFault, Sequence, literal, read_pattern
from bot.operations.words import Word

_SIGNS = {Syntax.FIXED: "", Syntax.BASIC: r"\.[]*^$", Syntax.EXTENDED: r"\.[]*^$+?(){}|"}


def escaped(value: str, syntax: Syntax) -> str:
    """Return a pattern that finds just this text."""
    return "".join(f"\\{char}" if char in _SIGNS[syntax] else char for char in value)


def checked(line: str, word: Word, pattern: str, syntax: Syntax) -> None:
    """Raise LineRefused when a pattern cannot be read."""
    if syntax is Syntax.FIXED:
        return
    try:
        read_pattern(pattern, extended=syntax is Syntax.EXTENDED)
    except PatternFault as fault:
        reason = f"this pattern cannot be read: {fault}"
        raise LineRefused(line, word.column, word.text, reason, "write grep -F to find it as it stands") from None


def grep(filter_: Grep, lines: list[str]) -> tuple[list[str], int]:
    """Return the lines that are found, or their number, and the exit code: 1 when there is none."""
    found = _matcher(filter_)
    most = filter_.most if isinstance(filter_.most, int) else len(lines)
    hits: list[int] = []
    for at, line in enumerate(lines):
        if len(hits) >= most:
            break
        if found(line) is not filter_.inverted:
            hits.append(at)
    if filter_.count:
        return [str(len(hits))], 0 if hits else 1
    return list(_shown(filter_, lines, hits)), 0 if hits else 1


def _matcher(filter_: Grep) -> Callable[[str], bool]:
    """Return what tells whether a line is found: a search for text where the pattern is plain, else an automaton."""
    plain = [_plain(pattern, filter_.syntax) for pattern in filter_.patterns]
    if all(text is not None for text in plain) and not (filter_.words or filter_.lines):
        texts = [text.lower() if filter_.fold else text for text in plain if text is not None]
        if filter_.fold:
            return lambda line: any(text in line.lower() for text in texts)
        return lambda line: any(text in line for text in texts)
    node: Node = Choice(tuple(_tree(pattern, filter_.syntax) for pattern in filter_.patterns))
    if filter_.words:
        node = Sequence((Edge("(w"), node, Edge("w)")))
    if filter_.lines:
        node = Sequence((Edge("^"), node, Edge("$")))
    return Automaton(node, fold=filter_.fold).matches


def _plain(pattern: str, syntax: Syntax) -> str | None:
    """Return the text that a pattern stands for, or None when it stands for more than one."""
    return pattern if syntax is Syntax.FIXED or not re.search(r"[\\.\[\]*^$+?(){}|]", pattern) else None


def _tree(pattern: str, syntax: Syntax) -> Node:
    if syntax is Syntax.FIXED:
        return literal(pattern)
    return read_pattern(pattern, extended=syntax is Syntax.EXTENDED)


def _shown(filter_: Grep, lines: list[str], hits: list[int]) -> Iterator[str]:
    before = filter_.before if isinstance(filter_.before, int) else 0
    after = filter_.after if isinstance(filter_.after, int) else 0
    last, hit = -1, set(hits)
    for at in hits:
        start = max(at - before, last + 1, 0)
        if (before or after) and last >= 0 and start > last + 1:
            yield "--"
        for line in range(start, min(at + after, len(lines) - 1) + 1):
            yield f"{line + 1}{':' if line in hit else '-'}{lines[line]}" if filter_.numbered else lines[line]
        last = max(last, min(at + after, len(lines) - 1))
