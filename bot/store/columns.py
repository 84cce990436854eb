"""Column types that mean the same on SQLite and on PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: an aware `datetime` goes in, the same moment in UTC comes out.

    SQLite has no time zones and SQLAlchemy drops them there without a word; so the moment is stored in UTC
    and gets its zone back when it is read. A naive `datetime` raises TypeError: it names no moment.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into what the database keeps."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise TypeError(f"{value!r} has no time zone, and the store keeps moments: give it one.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON value, kept as it was written; Python's None is SQL's NULL.

    PostgreSQL's `json` and not `jsonb`: the latter refuses U+0000, which people can paste, and nothing here
    is queried by what is inside.
    """

    impl = JSON(none_as_null=True)
    cache_ok = True
