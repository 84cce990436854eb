"""The outbox: messages that must reach Slack once, what became of each, and what each is to show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    case,
    delete,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Json, UtcDateTime
from bot.store.schema import metadata
from bot.store.upsert import upsert

WAITING, SENDING, SENT, REFUSED = "waiting", "sending", "sent", "refused"
"""Surely not posted yet; perhaps posted; posted; Slack said no."""

KEY_LENGTH = 255

outbox = Table(
    "outbox",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("key", String(KEY_LENGTH), nullable=False, unique=True),
    Column("channel", String(85), nullable=False),
    Column("thread_ts", String(40)),
    Column("payload", Json, nullable=False),
    # Whether it goes out in the background, in order with the others of its channel.
    Column("queued", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    Column("put_at", UtcDateTime, nullable=False),
    Column("ts", String(40)),
    Column("code", String(80)),
    Column("reason", Text),
    # Who is at it and until when; `tries` counts the claims, and so tells one claim from the next.
    Column("claimed_by", String(80)),
    Column("claimed_until", UtcDateTime),
    Column("tries", Integer, nullable=False),
    # When the first and the last attempt began, and when one may be made again after an unclear one.
    Column("first_try_at", UtcDateTime),
    Column("last_try_at", UtcDateTime),
    Column("again_at", UtcDateTime),
    # Edits in place: the newest content asked for, how many were asked for, the digest of what Slack shows.
    Column("edit", Json),
    Column("edits", Integer, nullable=False),
    Column("shown", String(64)),
    Index("ix_outbox_channel_number", "channel", "number"),
    Index("ix_outbox_state", "state"),
    Index("ix_outbox_claimed_by", "claimed_by"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A message of the outbox, as the table has it; moments in UTC."""

    number: int
    key: str
    channel: str
    thread_ts: str | None
    payload: dict[str, Any]
    queued: bool
    state: str
    put_at: datetime
    ts: str | None
    code: str | None
    reason: str | None
    claimed_by: str | None
    claimed_until: datetime | None
    tries: int
    first_try_at: datetime | None
    last_try_at: datetime | None
    again_at: datetime | None
    edit: dict[str, Any] | None
    edits: int
    shown: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be written down: `key` names it, `queued` puts it in line with others of its channel."""

    key: str
    channel: str
    thread_ts: str | None
    payload: dict[str, Any]
    queued: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send a message: whose it is, from when, until when.

    `again` is when another attempt may be made should nothing be heard of this one.
    """

    replica: str
    now: datetime
    until: datetime
    again: datetime


_ADD = upsert(outbox).on_conflict_do_nothing(index_elements=["key"]).returning(outbox.c.number)
_FIND = select(outbox).where(outbox.c.key == bindparam("key"))
_UNSENT = or_(outbox.c.state == WAITING, outbox.c.state == SENDING)
_IN_LINE = (
    select(outbox)
    .where(outbox.c.channel == bindparam("channel"), outbox.c.queued, _UNSENT)
    .order_by(outbox.c.number)
    .limit(1)
)
_ADD_SENT = upsert(outbox)
_ADD_SENT = _ADD_SENT.on_conflict_do_update(
    index_elements=["key"], set_={"state": SENT, "ts": _ADD_SENT.excluded.ts, "shown": None}
)
_ASK_EDIT = (
    update(outbox)
    .where(outbox.c.key == bindparam("which"))
    .values(edit=bindparam("content", type_=outbox.c.edit.type), edits=outbox.c.edits + 1)
    .returning(outbox)
)
_MINE = update(outbox).where(outbox.c.number == bindparam("which"), outbox.c.tries == bindparam("claim"))
_CLAIM = (
    _MINE.where(
        outbox.c.state == bindparam("as_read"),
        or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= bindparam("now")),
    )
    .values(tries=outbox.c.tries + 1)
    .returning(outbox)
)
_SETTLED = outbox.c.edits == bindparam("wish")
_EDITED = _MINE.values(
    shown=bindparam("content"),
    edit=case((_SETTLED, null()), else_=outbox.c.edit),
    claimed_by=None,
    claimed_until=None,
).returning(outbox.c.edits)
_DROP_EDIT = update(outbox).where(outbox.c.number == bindparam("which"), _SETTLED).values(edit=null())


async def add(connection: AsyncConnection, draft: Draft, now: datetime) -> bool:
    """Write a message down; False when its key is known already, and the earlier one stands."""
    row = {
        "key": draft.key,
        "channel": draft.channel,
        "thread_ts": draft.thread_ts,
        "payload": draft.payload,
        "queued": draft.queued,
        "state": WAITING,
        "put_at": now,
        "tries": 0,
        "edits": 0,
    }
    return (await connection.execute(_ADD, row)).one_or_none() is not None


async def add_sent(connection: AsyncConnection, key: str, channel: str, ts: str, now: datetime) -> None:
    """Write down that a message stands in Slack, with what content is not known, so that it can be edited."""
    row = {"key": key, "channel": channel, "payload": {}, "queued": False, "state": SENT, "put_at": now, "ts": ts}
    await connection.execute(_ADD_SENT, {**row, "tries": 0, "edits": 0})


async def find(connection: AsyncConnection, key: str) -> Row | None:
    """Return the message of that key."""
    row = (await connection.execute(_FIND, {"key": key})).one_or_none()
    return Row(**row._mapping) if row else None


async def first_in_line(connection: AsyncConnection, channel: str) -> Row | None:
    """Return the oldest queued message of a channel that is neither sent nor refused."""
    row = (await connection.execute(_IN_LINE, {"channel": channel})).one_or_none()
    return Row(**row._mapping) if row else None


async def channels_in_line(connection: AsyncConnection) -> list[str]:
    """Return the channels that queued messages wait for."""
    waiting = select(outbox.c.channel).where(outbox.c.queued, _UNSENT)
    return sorted((await connection.execute(waiting.distinct())).scalars())


async def claim(connection: AsyncConnection, row: Row, claim: Claim) -> Row | None:
    """Take the right to post or edit a message as it was read; None when another has it or was faster."""
    begun = {
        "state": SENDING,
        "first_try_at": claim.now,
        "last_try_at": claim.now,
        "again_at": claim.again,
    }
    which = {"which": row.number, "claim": row.tries, "as_read": row.state, "now": claim.now}
    changes = {"claimed_by": claim.replica, "claimed_until": claim.until}
    if row.state in (WAITING, REFUSED):
        changes |= begun
    found = (await connection.execute(_CLAIM, {**which, **changes})).one_or_none()
    return Row(**found._mapping) if found else None


async def settle(connection: AsyncConnection, row: Row, **changes: Any) -> bool:
    """Write down what came of a claim and give it back; False when the claim was no longer ours."""
    which = {"which": row.number, "claim": row.tries}
    done = await connection.execute(_MINE, {**which, "claimed_by": None, "claimed_until": None, **changes})
    return done.rowcount == 1


async def prolong(connection: AsyncConnection, row: Row, claim: Claim) -> bool:
    """Keep a claim for longer, a new attempt beginning now; False when it was no longer ours."""
    begun = {"claimed_until": claim.until, "last_try_at": claim.now, "again_at": claim.again}
    done = await connection.execute(_MINE, {"which": row.number, "claim": row.tries, **begun})
    return done.rowcount == 1


async def ask_edit(connection: AsyncConnection, key: str, content: dict[str, Any]) -> Row:
    """Write down what a message is to show, in place of any earlier wish, and return the message with that wish."""
    row = (await connection.execute(_ASK_EDIT, {"which": key, "content": content})).one()
    return Row(**row._mapping)


async def edited(connection: AsyncConnection, row: Row, shown: str) -> bool:
    """Note what Slack shows now and give the claim back; the wish of `row` is settled unless a newer one has come.

    Return whether no wish is left; False as well when the claim was no longer ours, and then nothing is noted.
    """
    which = {"which": row.number, "claim": row.tries, "content": shown, "wish": row.edits}
    return bool((await connection.execute(_EDITED, which)).scalar_one_or_none() == row.edits)


async def drop_edit(connection: AsyncConnection, row: Row) -> None:
    """Note that the wish of `row` asks for what is shown already, unless a newer one has come."""
    await connection.execute(_DROP_EDIT, {"which": row.number, "wish": row.edits})


async def requeue(connection: AsyncConnection, key: str) -> Row | None:
    """Let a refused message be tried again; None when there is no refused one of that key."""
    back = update(outbox).where(outbox.c.key == key, outbox.c.state == REFUSED)
    found = (await connection.execute(back.values(state=WAITING).returning(outbox))).one_or_none()
    return Row(**found._mapping) if found else None


async def adopt(connection: AsyncConnection, lost: str) -> int:
    """Free what a dead replica was sending, and return how many messages that were."""
    freed = update(outbox).where(outbox.c.claimed_by == lost)
    return (await connection.execute(freed.values(claimed_by=None, claimed_until=None))).rowcount


async def refused(connection: AsyncConnection, limit: int = 100) -> list[Row]:
    """Return the messages that Slack refused, the newest first."""
    wanted = select(outbox).where(outbox.c.state == REFUSED).order_by(outbox.c.number.desc()).limit(limit)
    return [Row(**row._mapping) for row in await connection.execute(wanted)]


async def forget(connection: AsyncConnection, before: datetime) -> int:
    """Delete the sent messages that were written down before a moment, and return how many there were."""
    old = delete(outbox).where(outbox.c.state == SENT, outbox.c.put_at < before)
    return (await connection.execute(old)).rowcount
