"""Walkthroughs: procedures that people go through step by step, and how far each step is.

A step changes its state only from one of the states that the change expects, so that of two clicks at once one counts.
Every change counts the walkthrough's `version` up: who shows it can tell whether what is shown is the newest.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Json, UtcDateTime
from bot.store.schema import metadata
from bot.store.upsert import upsert

OPEN, RUNNING, DONE, SKIPPED, FAILED = "open", "running", "done", "skipped", "failed"

walkthroughs = Table(
    "walkthroughs",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("origin", String(255), nullable=False, unique=True),
    Column("platform", String(80), nullable=False),
    Column("procedure", String(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("incident", Integer, ForeignKey("incidents.number")),
    Column("channel", String(40), nullable=False),
    Column("message_ts", String(40)),
    Column("given", Json, nullable=False),
    Column("started_by", String(40), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_by", String(40)),
    Column("ended_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Index("ix_walkthroughs_incident", "incident"),
    Index("ix_walkthroughs_ended_at", "ended_at"),
    sqlite_autoincrement=True,
)

walkthrough_steps = Table(
    "walkthrough_steps",
    metadata,
    Column("walkthrough", Integer, ForeignKey("walkthroughs.number"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("part", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name", String(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("by", String(40)),
    Column("at", UtcDateTime),
    Column("level", String(20)),
    Column("outcome", Text),
    Column("note", Text),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `part` of the procedure, `kind` of deed, `name` of the entry it uses or empty.

    `by` and `at` are of the last change; `level` and `outcome` are the finding of a probe that was run; `note` is what
    a person wrote. Positions are counted from 1.
    """

    position: int
    part: str
    kind: str
    name: str
    title: str
    state: str = OPEN
    by: str | None = None
    at: datetime | None = None
    level: str | None = None
    outcome: str | None = None
    note: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nobody has to do anything about it any more."""
        return self.state in (DONE, SKIPPED)


@dataclass(frozen=True, slots=True)
class Start:
    """What a walkthrough begins with; `origin` names the request, so that the same one begins nothing twice."""

    origin: str
    platform: str
    procedure: str
    title: str
    incident: int | None
    channel: str
    given: dict[str, str]
    started_by: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Walkthrough:
    """A procedure that somebody goes through; `message_ts` is where it is shown."""

    number: int
    platform: str
    procedure: str
    title: str
    incident: int | None
    channel: str
    message_ts: str | None
    given: dict[str, str]
    started_by: str
    started_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    version: int
    steps: tuple[Step, ...] = ()

    @property
    def ref(self) -> str:
        """How people name it: `WALK-7`."""
        return f"WALK-{self.number}"

    def step(self, position: int) -> Step | None:
        """Return the step at a position, counted from 1."""
        return next((step for step in self.steps if step.position == position), None)


_HEAD = [column for column in walkthroughs.columns if column.name != "origin"]
_STEP = [column for column in walkthrough_steps.columns if column.name != "walkthrough"]


async def start(connection: AsyncConnection, begun: Start, steps: Sequence[Step]) -> Walkthrough:
    """Write a walkthrough down with its steps, and return it; the one of the same origin if there is one."""
    values = {name: getattr(begun, name) for name in Start.__slots__}
    row = upsert(walkthroughs).values(**values, version=0).on_conflict_do_nothing(index_elements=["origin"])
    number = (await connection.execute(row.returning(walkthroughs.c.number))).scalar()
    if number is not None and steps:
        fresh = [{"walkthrough": number, **{name: getattr(step, name) for name in Step.__slots__}} for step in steps]
        await connection.execute(insert(walkthrough_steps), fresh)
    if number is None:
        known = select(walkthroughs.c.number).where(walkthroughs.c.origin == begun.origin)
        number = (await connection.execute(known)).scalar_one()
    found = await by_number(connection, number)
    assert found is not None, "it was written down just now"
    return found


async def by_number(connection: AsyncConnection, number: int) -> Walkthrough | None:
    """Return a walkthrough with its steps."""
    head = (await connection.execute(select(*_HEAD).where(walkthroughs.c.number == number))).one_or_none()
    if head is None:
        return None
    wanted = select(*_STEP).where(walkthrough_steps.c.walkthrough == number).order_by(walkthrough_steps.c.position)
    steps = tuple(Step(**row._mapping) for row in await connection.execute(wanted))
    return Walkthrough(**head._mapping, steps=steps)


async def still_open(connection: AsyncConnection, platforms: Collection[str], limit: int) -> list[Walkthrough]:
    """Return the walkthroughs of these platforms that have not ended, the newest first, without their steps."""
    wanted = select(*_HEAD).where(walkthroughs.c.ended_at.is_(None), walkthroughs.c.platform.in_(platforms))
    rows = await connection.execute(wanted.order_by(walkthroughs.c.number.desc()).limit(limit))
    return [Walkthrough(**row._mapping) for row in rows]


async def shown_at(connection: AsyncConnection, number: int, message_ts: str) -> None:
    """Note where a walkthrough is shown."""
    row = update(walkthroughs).where(walkthroughs.c.number == number)
    await connection.execute(row.values(message_ts=message_ts))


async def change(
    connection: AsyncConnection,
    number: int,
    position: int,
    expected: Collection[str],
    since: datetime | None = None,
    **changes: Any,
) -> bool:
    """Change a step that is in one of the expected states, since that moment if one is given.

    False when it is not, or the walkthrough has ended.
    """
    going = select(walkthroughs.c.number).where(walkthroughs.c.number == number, walkthroughs.c.ended_at.is_(None))
    row = update(walkthrough_steps).where(
        walkthrough_steps.c.walkthrough.in_(going),
        walkthrough_steps.c.position == position,
        walkthrough_steps.c.state.in_(expected),
        *([walkthrough_steps.c.at == since] if since else []),
    )
    if (await connection.execute(row.values(**changes))).rowcount != 1:
        return False
    await _count_up(connection, number)
    return True


async def end(connection: AsyncConnection, number: int, by: str, at: datetime) -> bool:
    """End a walkthrough; False when it has ended already."""
    row = update(walkthroughs).where(walkthroughs.c.number == number, walkthroughs.c.ended_at.is_(None))
    if (await connection.execute(row.values(ended_by=by, ended_at=at))).rowcount != 1:
        return False
    await _count_up(connection, number)
    return True


async def _count_up(connection: AsyncConnection, number: int) -> None:
    row = update(walkthroughs).where(walkthroughs.c.number == number)
    await connection.execute(row.values(version=walkthroughs.c.version + 1))
