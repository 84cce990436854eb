"""Command lines of documents in a form that can be carried out, with what was changed and why.

A document is written for people with a shell: lines go on for ever, write into files, find files by patterns. Each such
line is changed as its refusal advises, step by step, until it can be read; if it never can, it is left to a person.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from bot.operations.job.nouns import Job
from bot.operations.line import Line, read_line
from bot.operations.refusal import LineRefused
from bot.runbooks.importer.sessions import editor, left_open, session, stream

_ADDRESS = re.compile(
    r"""\s+(["']?)(?:\$\{?DATABASE_URL\}?|<database-url>|\[database-url\])\1(?=\s|$)""", re.IGNORECASE
)
_STEPS = 8
"""So many things at most are changed in one line."""


@dataclass(frozen=True, slots=True)
class Adapted:
    """A line that can be carried out, and in clauses how it is not what the document has."""

    line: Line
    changes: tuple[str, ...] = ()


def adapt(text: str, programs: Collection[str], about: str = "") -> Adapted:
    """Return a command line in a form that can be carried out. Raises LineRefused when there is none.

    `about` is what the document says above it, which tells what is changed where an editor would be opened.
    """
    changes: list[str] = []
    for _ in range(_STEPS):
        try:
            line = read_line(text, programs=programs)
        except LineRefused as refused:
            changed = _changed(text, refused, about)
            if changed is None:
                raise
        else:
            changed = _without_address(line)
            if changed is None:
                return Adapted(line, tuple(changes))
        text, clause = changed
        changes.append(clause)
    return Adapted(read_line(text, programs=programs), tuple(changes))


def _without_address(line: Line) -> tuple[str, str] | None:
    """Leave out the address of a database that a job would be given: it has a password, which nobody types here."""
    if not isinstance(line.operation, Job):
        return None
    changed = _ADDRESS.sub("", line.text)
    clause = "the address has a password, so the job takes it from its environment (PGHOST, PGUSER, PGPASSWORD)"
    return (changed, clause) if changed != line.text else None


def _changed(text: str, refused: LineRefused, about: str) -> tuple[str, str] | None:
    """Return the text with one thing changed, and what that was; None when nothing helps."""
    for rule in _RULES:
        changed = rule(text, refused) or editor(text, about)
        if changed is not None and changed[0].strip() != text.strip():
            return changed[0].strip(), changed[1]
    return None


def _rest(text: str, refused: LineRefused) -> str:
    return text[refused.column - 1 :]


def _from_a_file(text: str, refused: LineRefused) -> tuple[str, str] | None:
    found = re.match(r"(psql\b.*?)\s<\s*(\S+)\s*$", text) if refused.word.startswith("<") else None
    return (
        (f"job {found[1]} -f {found[2]}", "the file is read by a job (-f), since there is no shell") if found else None
    )


def _into_a_file(text: str, refused: LineRefused) -> tuple[str, str] | None:
    if not refused.word.startswith(">") and not refused.word.startswith("&>"):
        return None
    at = refused.column - 1
    before = re.sub(r"\s+[0-9&]?$", "", text[:at])
    behind = re.sub(r"^&?>{1,2}\s*(?:&[0-9]|(?:\$\([^)]*\)|[^\s|])+)", "", _rest(text, refused))
    return f"{before} {behind.strip()}", "its output goes to the chat and not into a file"


def _substitution(text: str, refused: LineRefused) -> tuple[str, str] | None:
    if not _rest(text, refused).startswith("$("):
        return None
    inner = re.match(r"\$\(((?:[^()]|\([^()]*\))*)\)", _rest(text, refused))
    if inner is None:
        return None
    name = "date" if inner[1].startswith("date") else "value"
    at = refused.column - 1
    return text[:at] + f"<{name}>" + text[at + inner.end() :], f"{inner[0]} is asked for"


def _cut_expansion(text: str, _: LineRefused) -> tuple[str, str] | None:
    changed = re.sub(r"\$\{([A-Za-z_]\w*)[%#:/][^}]*\}", r"${\1}", text)
    return (changed, "a shell would cut the variable") if changed != text else None


def _files_by_pattern(text: str, refused: LineRefused) -> tuple[str, str] | None:
    if "looks for files" not in refused.reason:
        return None
    at = refused.column - 1
    word = re.match(r"\S+", text[at:])
    return (text[:at] + "<file>" + text[at + word.end() :], f"the file ({word[0]}) is asked for") if word else None


def _advised(text: str, refused: LineRefused) -> tuple[str, str] | None:
    """Take the line that the refusal itself gives."""
    found = re.match(
        r"(?:run it once: |write |run it as a job: |use )(.+?)(?:, (?:which|or|and) .*)?$", refused.instead
    )
    if found is None or not re.match(r"[a-z][\w-]*(?: .+)?$", found[1]) or not _leads_on(found[1], text):
        return None
    return found[1], refused.reason


def _leads_on(candidate: str, text: str) -> bool:
    """Tell whether advice is about this very line: most of its words are there already."""
    words, there = re.findall(r"[\w./:-]+", candidate), set(re.findall(r"[\w./:-]+", text))
    return len(words) > 1 and sum(word in there for word in words) >= len(words) - 1


def _without(text: str, refused: LineRefused) -> tuple[str, str] | None:
    """Leave out the flag that never ends or that needs a terminal."""
    flag = re.match(r"-[A-Za-z]{1,2}\b|--[a-z-]+(?:=\S*)?", refused.word)
    if flag is None or not re.search(r"leave (?:it|-\w+|--[\w-]+) out|tail -n", refused.instead):
        return None
    before = text[: refused.column - 1]
    return before + re.sub(r"^\S+\s*", "", _rest(text, refused)), refused.reason


def _without_the_pipe(text: str, refused: LineRefused) -> tuple[str, str] | None:
    """Leave out what stands behind a pipe and is no filter."""
    before = text[: refused.column - 1].rstrip()
    if before.endswith("||"):
        return before[:-2], "what happens when it fails is left out"
    if not before.endswith("|"):
        return None
    return before[:-1], f"what {refused.word.split()[0] if refused.word else 'follows'} does to its output is left out"


def _or_else(text: str, refused: LineRefused) -> tuple[str, str] | None:
    if refused.word != "||":
        return None
    return text[: refused.column - 1], "what happens when it fails is left out"


_RULES: tuple[Callable[[str, LineRefused], tuple[str, str] | None], ...] = (
    _cut_expansion,
    _or_else,
    _substitution,
    _from_a_file,
    _into_a_file,
    _files_by_pattern,
    session,
    stream,
    left_open,
    _without,
    _without_the_pipe,
    _advised,
)


def clauses(adapted: Adapted, original: str) -> Iterator[str]:
    """Yield sentences for the reader: what the document has, and why the line is another one."""
    if adapted.changes:
        yield f"The document has `{original}`."
        yield from (f"{clause[:1].upper()}{clause[1:]}." for clause in adapted.changes)
