"""A whole command line: one operation, and the text filters behind it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass

from bot.nearest import nearest
from bot.operations.advice import advise
from bot.operations.effect import Effect
from bot.operations.filters import Filter, read_filter
from bot.operations.heads import HEADS
from bot.operations.job.grammar import PROGRAMS, read_is_set, read_job, read_prefixed
from bot.operations.operation import Hole, Operation
from bot.operations.redis.grammar import delete_matching_from
from bot.operations.refusal import LineRefused
from bot.operations.values import with_values
from bot.operations.words import Part, Word, check_characters, hole_name, holes_in, split, whole

_SQL = re.compile(
    r"(?:alter|analyze|cluster|comment\s+on|copy|create|deallocate|delete\s+from|discard|drop|explain|grant|insert\s+into|"
    r"merge\s+into|prepare|reassign|refresh|reindex|revoke|select|truncate|update|vacuum|with)\b|"
    r"(?-i:ABORT|BEGIN|CALL|CHECKPOINT|COMMIT|DECLARE|DELETE|DO|END|EXECUTE|FETCH|IMPORT|INSERT|LISTEN|LOAD|LOCK|MERGE|NOTIFY|"
    r"RELEASE|RESET|ROLLBACK|SAVEPOINT|SECURITY|SET|SHOW|START|TABLE|UNLISTEN|VALUES)\b",
    re.IGNORECASE | re.ASCII,
)
_LOGIN = re.compile(r"://[^\s/@:]*:([^\s/@]+)@")


@dataclass(frozen=True, slots=True)
class Line:
    """A command line that was read. Two are equal when they do the same.

    `holes` are the names of what is not known yet and matters to the operation or its filters.
    """

    text: str = field(compare=False)
    operation: Operation
    filters: tuple[Filter, ...] = ()
    holes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def effect(self) -> Effect:
        """The worst that the line can do; filters do nothing."""
        return self.operation.effect


def read_line(text: str, values: Mapping[str, str] | None = None, programs: Collection[str] = PROGRAMS) -> Line:
    """Return what a command line does.

    `values` fill its holes by their names, such as `pod-name`; those that are missing stay holes. `programs` are the
    ones that may run as jobs. Raises LineRefused, and nothing else, for whatever is no operation.
    """
    line = text.strip()
    known = {hole_name(name): value for name, value in (values or {}).items()}
    try:
        read = _read_sql(line, known) if _SQL.match(line) else _read(line, known, programs)
    except RecursionError:
        raise LineRefused(line, 1, "", "the line is nested too deeply to be read", "write it more simply") from None
    return read


def is_sql(text: str) -> bool:
    """Whether a line is bare SQL, told by its first word."""
    return _SQL.match(text.strip()) is not None


def heads(programs: Collection[str] = PROGRAMS) -> tuple[str, ...]:
    """Return the words that a line can begin with."""
    return tuple(sorted({*HEADS, *programs, "job", "is-set"}))


def _read_sql(line: str, values: Mapping[str, str]) -> Line:
    check_characters(line)
    part = with_values(line, (Word("psql", 1), Word("-c", 1), whole(line)), values)
    operation = HEADS["psql"](line, part)
    return Line(line, operation, (), _holes(part[2].holes, operation))


def _read(line: str, values: Mapping[str, str], programs: Collection[str]) -> Line:
    first, *rest = split(line)
    _check_logins(line, first)
    _check_head(line, first, programs)
    if rest and rest[0][0].text == "xargs" and (deletion := _deletion(line, (first, *rest), values)):
        return deletion
    part = with_values(line, first, values)
    operation = _operation(line, part)
    filters = tuple(read_filter(line, behind, values) for behind in rest)
    left = [name for word in (*part, *(word for behind in rest for word in behind)) for name in word.holes]
    return Line(line, operation, filters, _holes(left, (operation, filters)))


def _deletion(line: str, parts: Sequence[Part], values: Mapping[str, str]) -> Line | None:
    """Return what `redis-cli --scan --pattern X | xargs redis-cli DEL` is as a whole, or None for anything else."""
    known = [with_values(line, part, values) for part in parts]
    operation = delete_matching_from(line, known)
    left = [name for part in known for word in part for name in word.holes]
    return None if operation is None else Line(line, operation, (), _holes(left, operation))


def _check_head(line: str, part: Part, programs: Collection[str]) -> None:
    """Raise LineRefused unless somebody reads lines with this first word."""
    head = part[0]
    if head.holes:
        raise LineRefused(line, head.column, head.text, "the command itself must be known", "write its name")
    if head.text in ("job", "is-set") or head.text in HEADS:
        return _check_program(line, part, programs)
    if head.text in _NEVER or head.text not in programs:
        advise(line, part)
    if head.text not in programs or head.text in _NEVER:
        raise LineRefused(line, head.column, head.text, "this is no command known here", _nearest(head.text, programs))
    return None


def _check_program(line: str, part: Part, programs: Collection[str]) -> None:
    """Raise LineRefused when `job` is to run a program that it may not."""
    if part[0].text != "job" or len(part) < 2:
        return
    program = part[1]
    if program.text in _NEVER:
        advise(line, part[1:])
    if program.text in _NEVER or program.text not in {*programs, *HEADS}:
        instead = f"list {program.text} among the programs of the job target"
        raise LineRefused(line, program.column, program.text, "this program may not run as a job", instead)


_NEVER = ("bash", "sh", "zsh", "dash", "ksh", "fish", "eval", "exec", "source", "env", "sudo", "su", "xargs", "nohup")
"""What runs anything, and so would be a way around the list of programs."""


def _operation(line: str, part: Part) -> Operation:
    head = part[0].text
    if head == "job":
        return read_prefixed(line, part)
    if head == "is-set":
        return read_is_set(line, part)
    return HEADS.get(head, read_job)(line, part)


def _nearest(word: str, programs: Collection[str]) -> str:
    close = nearest(word, heads(programs), limit=1)
    if close:
        return f"did you mean {close[0]}?"
    return "write kubectl, psql, redis-cli, curl, promql, SQL, or a program that the job target lists"


def _check_logins(line: str, part: Part) -> None:
    """Raise LineRefused for an address with a password in it; the target knows its password."""
    for word in part:
        for found in _LOGIN.finditer(word.text):
            if not holes_in(found[1]):
                instead = "leave the login out; it comes from the settings of the target"
                raise LineRefused(line, word.column, "", "the address has a password in it", instead)


def _holes(left: Collection[str], read: object) -> tuple[str, ...]:
    """Return the names that are still open in what was read, in the order of the line.

    A hole that only says how to connect is dropped by its reader, since the target knows that.
    """
    found = set(_open_in(read))
    return tuple(name for name in dict.fromkeys(left) if name in found)


def _open_in(value: object) -> Iterator[str]:
    if isinstance(value, Hole):
        yield hole_name(value.name)
    elif isinstance(value, str):
        yield from holes_in(value)
    elif isinstance(value, Mapping):
        yield from _open_in(tuple(value.items()))
    elif isinstance(value, tuple | list | frozenset | set):
        for inner in value:
            yield from _open_in(inner)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _open_in(getattr(value, each.name))
