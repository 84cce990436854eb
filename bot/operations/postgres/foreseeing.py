"""What a statement would do, asked of the server without doing it.

A count goes into `world` as `roughly` says it, so that an approval outlives the rows that come and go meanwhile, and
not a table that is suddenly a hundred times as full.
"""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.changing import Foresight
from bot.operations.effect import Effect
from bot.operations.postgres.calls import called
from bot.operations.postgres.changing import read_rows
from bot.operations.postgres.effects import effect_of
from bot.operations.postgres.foresight import counting_of, plan_of
from bot.operations.postgres.limiting import Lend, to_read
from bot.operations.postgres.naming import Named, named_by
from bot.operations.postgres.nouns import Sql
from bot.operations.postgres.pure import PURE
from bot.operations.postgres.reading import read_query, read_stream
from bot.operations.postgres.relations import (
    Relation,
    is_there,
    relation_of,
    setting_of,
)
from bot.operations.postgres.sessions import CANCEL, frozen, is_frozen, is_open, sessions_of, signal_of, started
from bot.operations.postgres.statement import QUERIES, Statement
from bot.operations.postgres.undoing import NO_NEED, undo_of
from bot.operations.roughly import counted, roughly

if TYPE_CHECKING:
    from bot.operations.postgres.connections import Connection

_PLAN_LINES = 12
_SHOWN_SESSIONS = 5
_GUESS = re.compile(r"rows=(\d+)")
_ROWS = frozenset({"delete", "update", "insert", "merge"})
_PLAIN = {
    "vacuum": "the space of its dead rows can be used again",
    "analyze": "the planner's statistics are new",
    "analyse": "the planner's statistics are new",
    "reindex": "its indexes are built anew",
    "cluster": "its rows are in the order of an index; nobody can use it meanwhile",
    "checkpoint": "all changed pages are on disk",
}


async def foresee(lend: Lend, operation: Sql, limits: Limits) -> Foresight:
    """Return what a statement would do now. Raises TargetRefused when it would surely fail, or TargetError."""
    end = time.monotonic() + limits.seconds
    plan = await _plan(lend, operation.statement, limits)
    limits = _left(limits, end)
    async with lend(limits, to_read(limits), reading=True) as connection:
        looking = _Looking(connection, operation, limits)
        foresight = await _seer(operation.statement)(looking)
        await connection.execute(b"ROLLBACK")
    if foresight.reach or operation.statement.verb not in _ROWS:
        return replace(foresight, rehearsal=plan)
    return await _with_rows(lend, operation.statement, replace(foresight, rehearsal=plan), _left(limits, end))


def _left(limits: Limits, end: float) -> Limits:
    """Return the limits with the time that is left until a moment of the monotonic clock."""
    return replace(limits, seconds=max(end - time.monotonic(), 0.1))


@dataclass(frozen=True, slots=True)
class _Looking:
    """One look at what a statement is about."""

    connection: "Connection"
    operation: Sql
    limits: Limits

    @property
    def statement(self) -> Statement:
        return self.operation.statement

    @property
    def named(self) -> Named:
        return named_by(self.operation.statement)

    async def rows(self, query: str) -> list[tuple[str, ...]]:
        return await read_rows(self.connection, query, self.limits)


_See = Callable[[_Looking], Awaitable[Foresight]]


def _seer(statement: Statement) -> _See:
    """Return who foresees this kind of statement."""
    kind = named_by(statement).kind
    if signal_of(statement):
        return _signal
    match statement.verb, kind:
        case ("delete" | "update" | "insert" | "merge" | "truncate", _) | ("drop", "table"):
            return _rows
        case ("create", "index"):
            return _new_index
        case ("drop", "index"):
            return _lost_index
        case ("alter", "system"):
            return _setting
    return _maintenance if statement.head in _PLAIN else _other


async def _plan(lend: Lend, statement: Statement, limits: Limits) -> str:
    """Return the first lines of the server's plan; nothing where it makes none, or would do something to make it."""
    plan = plan_of(statement)
    if plan is None or effect_of(plan) is not Effect.READ:
        return ""
    async with lend(limits, to_read(limits), reading=True) as connection:
        answer = await read_stream(connection, plan.text, limits)
        await connection.execute(b"ROLLBACK")
    lines = [row[0] for row in answer.rows.rows]
    more = [f"… {len(lines) - _PLAN_LINES} more lines"] if len(lines) > _PLAN_LINES else []
    return "\n".join([*lines[:_PLAN_LINES], *more])


async def _with_rows(lend: Lend, statement: Statement, foresight: Foresight, limits: Limits) -> Foresight:
    """Return it with the number of rows that are touched: counted, or as the planner guesses."""
    name = named_by(statement).name
    number = await _count(lend, statement, limits)
    if number is None:
        guesses = [int(found[1]) for found in _GUESS.finditer(foresight.rehearsal) if found[1] != "0"]
        reach = f"about {counted(guesses[0], 'row')}, as the planner guesses" if guesses else ""
        return replace(foresight, reach=reach)
    before = f"{counted(number, 'row')} of {foresight.before or name}"
    after = "gone" if statement.verb == "delete" else "with new values"
    return replace(
        foresight,
        before=before,
        after=after,
        reach=counted(number, "row"),
        world={**foresight.world, f"Rows of {name} that match": roughly(number)},
    )


async def _count(lend: Lend, statement: Statement, limits: Limits) -> int | None:
    """Return how many rows are touched; None when that cannot be counted, or not by this user."""
    counting = counting_of(statement)
    if counting is None or effect_of(counting) is not Effect.READ:
        return None
    try:
        async with lend(limits, to_read(limits), reading=True) as connection:
            answer = await read_query(connection, counting.text, limits)
            await connection.execute(b"ROLLBACK")
    except TargetRefused:  # no right to read, or too many rows to count in time: the plan has shown that it works
        return None
    return int(answer.rows.rows[0][0])


async def _rows(looking: _Looking) -> Foresight:
    """Foresee what changes rows of a table, or loses all of them."""
    statement, named = looking.statement, looking.named
    undo, final = undo_of(statement), statement.verb != "insert"
    if statement.verb in _ROWS:
        relation = await relation_of(looking.rows, named.name)
        where = relation.spoken if relation else named.name
        after = f"new rows in {named.name}" if statement.verb == "insert" else f"changed rows in {named.name}"
        return Foresight(looking.operation, where, after, undo=undo, final=final)
    return await _whole(looking)


async def _whole(looking: _Looking) -> Foresight:
    """Foresee that tables lose all their rows, or are dropped."""
    named, statement = looking.named, looking.statement
    found = {name: await relation_of(looking.rows, name) for name in named.all_names}
    tables = [table for table in found.values() if table is not None]
    if len(tables) < len(found):
        return _missing(looking, replace(named, name=next(name for name, table in found.items() if table is None)))
    rows = {table.name: await _all_rows(looking, table) for table in tables}
    reach = f"about {counted(sum(rows.values()), 'row')}"
    gone = "gone, and the table with them" if statement.head == "drop" else "gone"
    more = ", and whatever depends on it (CASCADE)" if "cascade" in statement.words else ""
    world = {f"Rows of {name}": roughly(number) for name, number in rows.items()}
    before = f"{reach} of {', '.join(table.spoken for table in tables)}"
    return Foresight(looking.operation, before, gone + more, world, reach, undo_of(statement), final=True)


async def _all_rows(looking: _Looking, table: Relation) -> int:
    """Return how many rows a table has: as the planner believes, or counted where it never looked."""
    if table.rows >= 0:
        return table.rows
    ((number,),) = await looking.rows(f"SELECT count(*)::text FROM {table.name}")  # noqa: S608 - as in the statement
    return int(number)


def _missing(looking: _Looking, named: Named) -> Foresight:
    """Return that nothing would happen where IF EXISTS allows for it. Raises TargetRefused otherwise."""
    if "exists" in looking.statement.words:
        return Foresight(looking.operation, f"no {named.kind} {named.name}", "as it is", undo=NO_NEED)
    raise TargetRefused(f"There is no {named.kind} {named.name} in this database.")


async def _signal(looking: _Looking) -> Foresight:
    """Foresee whom a signal reaches; sessions that are chosen when it runs are chosen now, and named."""
    statement, name = looking.statement, signal_of(looking.statement)
    sessions = await sessions_of(looking.connection, statement, looking.limits)
    if not sessions:
        raise TargetRefused("There is no such session, or not any more.")
    what = "Query of session" if name == CANCEL else "Session"
    ends = "the query is cancelled, the session stays" if name == CANCEL else "the session is ended, and rolled back"
    operation, world = looking.operation, {f"{what} {each.pid}": f"since {started(name, each)}" for each in sessions}
    if is_frozen(statement) or is_open(statement):
        world = {}  # the statement itself says which sessions, and can reach no others
    if is_open(statement) and not is_frozen(statement):
        operation = replace(operation, statement=frozen(statement, sessions))
    more = [f"… and {len(sessions) - _SHOWN_SESSIONS} more"] if len(sessions) > _SHOWN_SESSIONS else []
    before = "\n".join([*(each.spoken for each in sessions[:_SHOWN_SESSIONS]), *more])
    return Foresight(operation, before, ends, world, counted(len(sessions), "session"), undo_of(statement))


async def _new_index(looking: _Looking) -> Foresight:
    """Foresee an index that is made."""
    named, statement = looking.named, looking.statement
    table = await relation_of(looking.rows, named.on)
    if table is None:
        raise TargetRefused(f"There is no table {named.on} in this database.")
    there = await relation_of(looking.rows, named.name) if named.name else None
    if there and there.is_valid and "exists" in statement.words:
        return Foresight(looking.operation, there.spoken, "as it is", undo=NO_NEED)
    if there:
        out = "is there already" if there.is_valid else "is there already, invalid: drop it before you make it again"
        raise TargetRefused(f"The index {named.name} {out}.")
    blocked = "" if "concurrently" in statement.words else "; nobody can write to the table meanwhile"
    after = f"an index {named.name or 'with a name that the server makes'} on {named.on}{blocked}"
    world = {f"Index {named.name}": "none"} if named.name else {}
    return Foresight(looking.operation, f"{table.spoken} without it", after, world, "1 index", undo_of(statement))


async def _lost_index(looking: _Looking) -> Foresight:
    """Foresee an index that is dropped; its definition brings it back."""
    named = looking.named
    index = await relation_of(looking.rows, named.name)
    if index is None:
        return _missing(looking, named)
    world = {f"Index {named.name}": index.definition}
    undo = index.definition or undo_of(looking.statement)
    return Foresight(looking.operation, f"index {index.spoken}", "gone", world, "1 index", undo)


async def _setting(looking: _Looking) -> Foresight:
    """Foresee a setting of the server that is changed for good."""
    words = [token for token in looking.statement.tokens[2:] if not token.is_word("set", "reset", "to")]
    setting = await setting_of(looking.rows, words[0].text if words else "")
    if setting is None:
        raise TargetRefused(f"The server has no setting {words[0].text if words else ''}.")
    wanted = " ".join(token.shown for token in words[1:] if not token.is_sign("=")) or "its default"
    world: Mapping[str, str] = {f"Setting {setting.name}": setting.value}
    before, after = f"{setting.name} is {setting.value}", f"{setting.name} is {wanted}, {setting.when}"
    return Foresight(looking.operation, before, after, world, "the whole server", setting.undo)


async def _maintenance(looking: _Looking) -> Foresight:
    """Foresee what keeps a table in order and changes no data."""
    named, statement = looking.named, looking.statement
    after = _PLAIN[statement.head]
    full = statement.head == "vacuum" and "full" in statement.words
    if full:
        after = "it is written anew without dead rows; nobody can use it meanwhile"
    if not named.name or named.kind in ("database", "system", "schema"):
        await is_there(looking.rows, named)
        return Foresight(looking.operation, "", after, {}, named.name or "the whole database", NO_NEED)
    relation = await relation_of(looking.rows, named.name)
    if relation is None:
        return _missing(looking, named)
    return Foresight(looking.operation, _upkeep(relation), after, {}, f"{named.kind} {named.name}", NO_NEED)


def _upkeep(relation: Relation) -> str:
    """Return a relation with what tells how badly it needs to be kept in order."""
    dead = f", {counted(relation.dead, 'dead row')}" if relation.dead else ""
    vacuumed, analyzed = relation.vacuumed or "never", relation.analyzed or "never"
    return f"{relation.spoken}{dead}, last vacuumed {vacuumed}, last analyzed {analyzed}"


async def _other(looking: _Looking) -> Foresight:
    """Foresee what only its words tell of."""
    named, statement = looking.named, looking.statement
    final = looking.operation.effect is Effect.DESTROY
    relation = await relation_of(looking.rows, named.name) if named.kind in ("table", "view", "sequence") else None
    if relation is None and named.kind in ("table", "view") and statement.head in ("alter", "drop"):
        return _missing(looking, named)
    reach = f"{named.kind} {named.name}" if named.kind else ""
    before = relation.spoken if relation else ""
    after = "gone" if statement.head == "drop" else f"{statement.verb.upper()} is carried out"
    if functions := sorted(set(called(statement.tokens)) - PURE if statement.verb in QUERIES else ()):
        after = f"{', '.join(f'{name}()' for name in functions)} is called"
    return Foresight(looking.operation, before, after, {}, reach, undo_of(statement), final=final)
