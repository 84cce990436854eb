"""The audit log: who changed what, in rows that are only ever added, each sealed with the hash of the one before.

`hash` is the SHA-256 of the entry as canonical JSON, all fields and the hash of the entry before it included: whoever
changes, removes or inserts an entry later would have to write all that follow anew. `audit_head` remembers how many
there are and the hash of the newest, so that a cut-off end is found too. Triggers of both databases, made by migration
0004, move the head along, let nothing in that does not continue the chain, and refuse every change and removal.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    Text,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.store.database import Store
from bot.store.schema import metadata

BEGINNING = "0" * 64
"""What the first entry has in place of the hash of the one before it."""

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(80), nullable=False),
    Column("platform", String(80)),
    Column("subject", String(255), nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_platform_number", "platform", "number"),
    Index("ix_audit_subject_number", "subject", "number"),
    Index("ix_audit_actor_number", "actor", "number"),
)
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("length", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("id = 1", name="only"),
)


@dataclass(frozen=True, slots=True)
class Record:
    """What is to be put on record: who did what, to what, and when.

    `actor` is a person's Slack id, `opsroom` itself, or `shell:` and a user of the machine; `action` a word like
    `role.granted`, `subject` what it was done to (`REQ-7`, a person), `platform` None when it concerns all of them,
    `details` JSON values by name.
    """

    at: datetime
    actor: str
    action: str
    subject: str = ""
    platform: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is on record, exactly as it is kept: `at` and `details` are the very text that was hashed, UTC and JSON.

    Numbers are counted from 1 without gaps.
    """

    number: int
    at: str
    actor: str
    action: str
    platform: str | None
    subject: str
    details: str
    previous: str
    hash: str

    @property
    def moment(self) -> datetime:
        """When it was done."""
        return datetime.fromisoformat(self.at)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values; raises ValueError when somebody broke the details."""
        return {**asdict(self), "details": json.loads(self.details)}

    @property
    def fits(self) -> bool:
        """Whether the hash is that of the contents, so that nothing was changed since."""
        try:
            told = self.as_json()
            return canonical(told["details"]) == self.details and seal(told) == self.hash
        except (TypeError, ValueError, RecursionError):  # whoever changes a row need not leave JSON
            return False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of these platforms, of one subject, actor or action, in a span of time; all of them by default.

    `person` is who did it or to whom it was done. `before` and `upto` bound the number, `since` and `until` the time
    (`until` itself excluded).
    """

    platforms: Collection[str] | None = None
    subject: str | None = None
    actor: str | None = None
    person: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    upto: int | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """How far the log goes: the `length` and `hash` that the head remembers, and the number of the `newest` entry."""

    length: int
    hash: str
    newest: int


def canonical(value: Any) -> str:
    """Return JSON in the one form that is hashed: keys in order, no spaces, ASCII alone."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def seal(told: Mapping[str, Any]) -> str:
    """Return the hash of an entry's fields, in hexadecimal; a hash among them does not count."""
    counted = {name: value for name, value in told.items() if name != "hash"}
    return hashlib.sha256(canonical(counted).encode("ascii")).hexdigest()


def as_text(at: datetime) -> str:
    """Return a moment as the log keeps it: in UTC, with microseconds, so that text sorts as time does."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


_HEAD = select(audit_head.c.length, audit_head.c.hash)
_LOCKED = _HEAD.with_for_update()
_ADD = insert(audit)
_NEWEST = select(func.coalesce(func.max(audit.c.number), 0)).scalar_subquery()
_ENDS = select(audit_head.c.length, audit_head.c.hash, _NEWEST.label("newest"))


async def append(connection: AsyncConnection, record: Record) -> Entry:
    """Add an entry in the caller's transaction and return it: what was done and its record stand or fall together.

    From here to the end of the transaction other replicas wait before they append; so append last.
    """
    head = (await connection.execute(_LOCKED)).one_or_none()
    if head is None:
        raise StoreError("The audit log has lost its head, so nothing can be recorded: run `opsroom audit verify`.")
    told = {
        "number": head.length + 1,
        "at": as_text(record.at),
        "actor": record.actor,
        "action": record.action,
        "platform": record.platform,
        "subject": record.subject,
        "details": record.details,
        "previous": head.hash,
    }
    row = {**told, "details": canonical(record.details), "hash": seal(told)}
    await connection.execute(_ADD, row)  # a trigger moves the head along
    return Entry(**row)


async def ends(connection: AsyncConnection) -> Ends | None:
    """Return how far the log goes, in one look; None when its head is gone."""
    found = (await connection.execute(_ENDS)).one_or_none()
    return Ends(**found._mapping) if found else None


async def newest(connection: AsyncConnection, wanted: Wanted, limit: int) -> list[Entry]:
    """Return the newest entries, the newest first."""
    chosen = select(audit).where(*_conditions(wanted)).order_by(audit.c.number.desc()).limit(limit)
    return [Entry(**row._mapping) for row in await connection.execute(chosen)]


async def walk(store: Store, wanted: Wanted, batch: int = 500) -> AsyncIterator[Entry]:
    """Yield entries in their order, read in batches, each in a short transaction of its own."""
    conditions, more = _conditions(wanted), True
    after: list[ColumnElement[bool]] = []
    while more:
        chosen = select(audit).where(*conditions, *after).order_by(audit.c.number).limit(batch)
        async with store.read() as connection:
            rows = [Entry(**row._mapping) for row in await connection.execute(chosen)]
        for row in rows:
            yield row
        more = len(rows) == batch
        after = [audit.c.number > rows[-1].number] if rows else []


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    column = audit.c
    asked = ((column.subject, wanted.subject), (column.actor, wanted.actor), (column.action, wanted.action))
    conditions = [key == value for key, value in asked if value is not None]
    if wanted.platforms is not None:
        conditions.append(column.platform.in_(wanted.platforms))
    if wanted.person is not None:
        conditions.append(or_(column.actor == wanted.person, column.subject == wanted.person))
    if wanted.since is not None:
        conditions.append(column.at >= as_text(wanted.since))
    if wanted.until is not None:
        conditions.append(column.at < as_text(wanted.until))
    if wanted.before is not None:
        conditions.append(column.number < wanted.before)
    if wanted.upto is not None:
        conditions.append(column.number <= wanted.upto)
    return conditions
