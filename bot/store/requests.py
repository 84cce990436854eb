"""Requests: changes that somebody asked for, from the plan to the result.

A request changes its state only from one of the states that the change expects, so that of two clicks at once one
counts. Every change counts `version` up: who shows it can tell whether what is shown is the newest.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Json, UtcDateTime
from bot.store.schema import metadata
from bot.store.upsert import upsert

WAITING, QUEUED, RUNNING = "waiting", "queued", "running"
DONE, FAILED, UNCLEAR, VOID = "done", "failed", "unclear", "void"
REHEARSED = "rehearsed"
"""It was approved while nothing was to be changed: it would have gone through, and was not done."""
DENIED, WITHDRAWN, EXPIRED = "denied", "withdrawn", "expired"
OPEN = (WAITING, QUEUED, RUNNING)
"""What has not come to its end: it waits for people, for its target, or is being done."""

requests = Table(
    "requests",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("origin", String(255), nullable=False, unique=True),
    Column("platform", String(80), nullable=False),
    Column("action", String(80)),
    Column("title", Text, nullable=False),
    Column("given", Json, nullable=False),
    Column("reason", Text),
    Column("undoes", Integer, ForeignKey("requests.number")),
    Column("incident", Integer, ForeignKey("incidents.number")),
    Column("channel", String(40), nullable=False),
    Column("message_ts", String(40)),
    Column("requested_by", String(40), nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("plan", Json, nullable=False),
    Column("policy", Json, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("state", String(20), nullable=False),
    Column("decided_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("outcome", Text),
    Column("progress", Json),
    Column("notes", Json),
    Column("version", Integer, nullable=False),
    Index("ix_requests_state", "state"),
    Index("ix_requests_incident", "incident"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request begins with; `origin` names the click or command, so that the same one asks nothing twice.

    `plan` and `policy` are JSON of `bot.remediation`; `undoes` is the request that this one takes back.
    """

    origin: str
    platform: str
    action: str | None
    title: str
    given: dict[str, str]
    reason: str | None
    undoes: int | None
    incident: int | None
    channel: str
    requested_by: str
    requested_at: datetime
    plan: Any
    policy: Any
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """A change that somebody asked for; `message_ts` is where it is shown, `outcome` how it ended in a sentence.

    `progress` and `notes` are JSON of the run: how far each task is, and what a look after a crash needs.
    """

    number: int
    platform: str
    action: str | None
    title: str
    given: dict[str, str]
    reason: str | None
    undoes: int | None
    incident: int | None
    channel: str
    message_ts: str | None
    requested_by: str
    requested_at: datetime
    plan: Any
    policy: Any
    expires_at: datetime
    state: str
    decided_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    progress: Any
    notes: Any
    version: int

    @property
    def ref(self) -> str:
        """How people name it: `REQ-7`."""
        return f"REQ-{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it has not come to its end."""
        return self.state in OPEN


_ALL = [requests.c[name] for name in Request.__slots__]


async def ask(connection: AsyncConnection, asked: Asked) -> tuple[Request, bool]:
    """Write a request down and return it, and whether it is new; the one of the same origin if there is one."""
    values = {name: getattr(asked, name) for name in Asked.__slots__}
    row = upsert(requests).values(**values, state=WAITING, version=0)
    fresh = row.on_conflict_do_nothing(index_elements=["origin"]).returning(requests.c.number)
    number = (await connection.execute(fresh)).scalar()
    wanted = requests.c.origin == asked.origin if number is None else requests.c.number == number
    found = (await connection.execute(select(*_ALL).where(wanted))).one()
    return Request(**found._mapping), number is not None


async def by_number(connection: AsyncConnection, number: int, *, hold: bool = False) -> Request | None:
    """Return a request; `hold` keeps others from changing it until the transaction ends."""
    wanted = select(*_ALL).where(requests.c.number == number)
    row = (await connection.execute(wanted.with_for_update() if hold else wanted)).one_or_none()
    return Request(**row._mapping) if row else None


async def by_origin(connection: AsyncConnection, origin: str) -> Request | None:
    """Return the request that a click or command has asked for."""
    row = (await connection.execute(select(*_ALL).where(requests.c.origin == origin))).one_or_none()
    return Request(**row._mapping) if row else None


async def listed(
    connection: AsyncConnection, platforms: Collection[str], states: Collection[str], limit: int
) -> list[Request]:
    """Return the requests of these platforms in one of these states, the newest first."""
    wanted = select(*_ALL).where(requests.c.platform.in_(platforms), requests.c.state.in_(states))
    rows = await connection.execute(wanted.order_by(requests.c.number.desc()).limit(limit))
    return [Request(**row._mapping) for row in rows]


async def shown_at(connection: AsyncConnection, number: int, message_ts: str) -> None:
    """Note where a request is shown."""
    await connection.execute(update(requests).where(requests.c.number == number).values(message_ts=message_ts))


async def change(connection: AsyncConnection, number: int, expected: Collection[str], **changes: Any) -> bool:
    """Change a request that is in one of the expected states; False when it is not."""
    row = update(requests).where(requests.c.number == number, requests.c.state.in_(expected))
    changed = await connection.execute(row.values(**changes, version=requests.c.version + 1))
    return changed.rowcount == 1


async def count_up(connection: AsyncConnection, number: int) -> None:
    """Say that something about a request is new that stands in another table."""
    row = update(requests).where(requests.c.number == number)
    await connection.execute(row.values(version=requests.c.version + 1))
