"""What the database's drivers raise, as our own errors."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import StoreUnavailable

_SQLITE_ERROR = 1  # SQLite's code for wrong SQL or a missing table: our fault, not the database's
_LONGEST_REASON = 200


@contextmanager
def translated(name: str, password: object) -> Iterator[None]:
    """Raise StoreUnavailable for what the database could not do now; let our own mistakes through.

    `name` is the store's, for the sentence; `password` is kept out of it. The cause is dropped, because a
    driver's message may hold what was sent.
    """
    try:
        yield
    except PoolTimeoutError:
        raise StoreUnavailable(f"The store {name} is busy: no connection came free in time.") from None
    except DBAPIError as error:
        if not is_outage(error):
            raise
        raise StoreUnavailable(f"The store {name} does not answer: {_reason(error, password)}.") from None


def is_outage(error: DBAPIError) -> bool:
    """Say whether the database could not do it now, rather than not at all."""
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return isinstance(error, OperationalError) and code != _SQLITE_ERROR
    return isinstance(error, (OperationalError, InterfaceError))


def _reason(error: DBAPIError, password: object) -> str:
    lines = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
    reason = lines[0].rstrip(".:")
    if password:
        reason = reason.replace(str(password), "…")
    return reason[:_LONGEST_REASON]
