"""Receipts: what arrived from Slack, written down before the acknowledgement, so that it happens once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Index, String, Table, and_, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Json, UtcDateTime
from bot.store.schema import metadata
from bot.store.upsert import upsert

receipts = Table(
    "receipts",
    metadata,
    Column("id", String(255), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("replica", String(80), nullable=False),
    Column("arrived_at", UtcDateTime, nullable=False),
    Column("request", Json, nullable=False),
    Index("ix_receipts_state_replica", "state", "replica"),
    Index("ix_receipts_arrived_at", "arrived_at"),
)

gestures = Table(
    "gestures",
    metadata,
    Column("gesture", String(255), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

DOUBLE_CLICK = timedelta(seconds=3)
"""The same person on the same button within this time means one click."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A request as it was written down; `request` is what is needed to do it later, on any replica."""

    id: str
    arrived_at: datetime
    request: Mapping[str, Any]


Place = tuple[datetime, str]
"""The place of a receipt among others: when it arrived, and its id."""

_TAKE = upsert(receipts).on_conflict_do_nothing(index_elements=["id"])
_FINISH = update(receipts).where(receipts.c.id == bindparam("done")).values(state=bindparam("how"))
_BY_ID = select(receipts.c.id, receipts.c.arrived_at, receipts.c.request).where(receipts.c.id == bindparam("id"))


async def take(connection: AsyncConnection, receipt: Receipt, replica: str, gesture: str | None) -> bool:
    """Write a request down for this replica; False when it has been here before.

    `gesture` names the button and the person, for two clicks have two ids: a second click of the same gesture within
    `DOUBLE_CLICK` is refused.
    """
    if gesture and not await _first_click(connection, gesture, receipt.arrived_at):
        return False
    row = {"id": receipt.id, "state": "open", "replica": replica, "arrived_at": receipt.arrived_at}
    done = await connection.execute(_TAKE, {**row, "request": dict(receipt.request)})
    return done.rowcount == 1


async def _first_click(connection: AsyncConnection, gesture: str, at: datetime) -> bool:
    row = upsert(gestures).values(gesture=gesture, at=at)
    fresh = row.on_conflict_do_update(
        index_elements=["gesture"], set_={"at": at}, where=gestures.c.at < at - DOUBLE_CLICK
    )
    return (await connection.execute(fresh.returning(gestures.c.at))).one_or_none() is not None


async def finish(connection: AsyncConnection, receipt_id: str, state: str = "done") -> None:
    """Note that nothing is left to do for it: `done`, or `failed` when it could not be done."""
    await connection.execute(_FINISH, {"done": receipt_id, "how": state})


async def by_id(connection: AsyncConnection, receipt_id: str) -> Receipt | None:
    """Return a receipt, finished or not."""
    row = (await connection.execute(_BY_ID, {"id": receipt_id})).one_or_none()
    return Receipt(**row._mapping) if row else None


async def still_open(
    connection: AsyncConnection, replica: str, before: datetime, limit: int, after: Place | None = None
) -> list[Receipt]:
    """Return the oldest open receipts of a replica that arrived before a moment, and after a place if given."""
    columns = (receipts.c.id, receipts.c.arrived_at, receipts.c.request)
    wanted = select(*columns).where(
        receipts.c.state == "open", receipts.c.replica == replica, receipts.c.arrived_at < before
    )
    if after is not None:
        at, last = after
        later = receipts.c.arrived_at > at
        wanted = wanted.where(or_(later, and_(receipts.c.arrived_at == at, receipts.c.id > last)))
    rows = await connection.execute(wanted.order_by(receipts.c.arrived_at, receipts.c.id).limit(limit))
    return [Receipt(**row._mapping) for row in rows]


async def withdraw(connection: AsyncConnection, receipt_id: str) -> None:
    """Delete an open receipt, as if the request had never arrived."""
    await connection.execute(delete(receipts).where(receipts.c.id == receipt_id, receipts.c.state == "open"))


async def owners(connection: AsyncConnection) -> set[str]:
    """Return the replicas that open receipts belong to."""
    found = await connection.execute(select(receipts.c.replica).where(receipts.c.state == "open").distinct())
    return set(found.scalars())


async def adopt(connection: AsyncConnection, lost: str, replica: str) -> int:
    """Move the open receipts of a lost replica to another one and return how many there were."""
    moved = update(receipts).where(receipts.c.state == "open", receipts.c.replica == lost).values(replica=replica)
    return (await connection.execute(moved)).rowcount


async def forget(connection: AsyncConnection, before: datetime) -> int:
    """Delete finished receipts that arrived before a moment and return how many there were."""
    old = delete(receipts).where(receipts.c.state != "open", receipts.c.arrived_at < before)
    await connection.execute(delete(gestures).where(gestures.c.at < before))
    return (await connection.execute(old)).rowcount
