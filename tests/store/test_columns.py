"""Moments and JSON go in and come out the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from bot.store.columns import Json, UtcDateTime
from bot.store.database import Store

things = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime),
    Column("what", Json),
)


@pytest.fixture
async def table(store: Store) -> None:
    async with store.begin() as connection:
        await connection.run_sync(things.create)


async def kept(store: Store, **values: Any) -> Any:
    async with store.begin() as connection:
        await connection.execute(insert(things).values(id=1, **values))
    async with store.read() as connection:
        return (await connection.execute(select(things))).one()


@pytest.mark.usefixtures("table")
async def test_a_moment_comes_back_in_utc_to_the_microsecond(store: Store) -> None:
    moment = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-7)))
    row = await kept(store, at=moment)
    assert row.at == moment
    assert row.at.utcoffset() == timedelta(0)
    assert row.at.isoformat() == "2026-03-29T09:30:00.123456+00:00"


@pytest.mark.usefixtures("table")
async def test_no_moment_stays_no_moment(store: Store) -> None:
    assert (await kept(store, at=None)).at is None


@pytest.mark.usefixtures("table")
async def test_a_naive_datetime_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="has no time zone"):
        await kept(store, at=datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.usefixtures("table")
async def test_moments_compare_in_the_database_as_they_do_in_python(store: Store) -> None:
    early = datetime(2026, 1, 1, 12, tzinfo=UTC)
    late = early + timedelta(microseconds=1)
    async with store.begin() as connection:
        await connection.execute(insert(things), [{"id": 1, "at": late}, {"id": 2, "at": early}])
    east = early.astimezone(timezone(timedelta(hours=9)))
    async with store.read() as connection:
        found = await connection.execute(select(things.c.id).where(things.c.at <= east))
        assert found.scalars().all() == [2]


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    "value",
    [{"b": [1, 2.5, None, True], "a": "\x00 “smart” \U0001f525 <script>"}, [], "", 0, False, "\ud800"],
)
async def test_json_comes_back_as_it_was(store: Store, value: object) -> None:
    assert (await kept(store, what=value)).what == value


@pytest.mark.usefixtures("table")
async def test_none_is_the_null_of_the_database(store: Store) -> None:
    await kept(store, what=None)
    async with store.read() as connection:
        found = await connection.execute(select(things.c.id).where(things.c.what.is_(None)))
        assert found.scalars().all() == [1]
