"""Where the store is: reading its address, and naming it without its password."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import BadInput

_POSTGRES = "postgresql+psycopg"
_DRIVERS = {"sqlite": "sqlite+embedded", "postgresql": _POSTGRES, "postgres": _POSTGRES}


def read_address(address: str) -> URL:
    """Read `sqlite:///file.db` or `postgresql://user:password@host/database` as a URL with our driver.

    Raise BadInput for anything else; the sentence never repeats the address, for it may hold a password.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise BadInput(
            "The store's address cannot be read: write sqlite:///opsroom.db or "
            "postgresql://user:password@host/database."
        ) from None
    kind = url.drivername.partition("+")[0]
    if kind not in _DRIVERS:
        raise BadInput(f"The store's address must begin with sqlite:/// or postgresql://, not {kind}://.")
    if kind == "sqlite" and url.database in (None, "", ":memory:"):
        raise BadInput("The store's address names no file: write sqlite:///opsroom.db.")
    return url.set(drivername=_DRIVERS[kind])


def is_embedded(url: URL) -> bool:
    """Say whether the store is a file of this process alone."""
    return url.get_backend_name() == "sqlite"


def file_of(url: URL) -> Path:
    """Return the whole path of an embedded store's file."""
    return Path(url.database or "").expanduser().resolve()


def spoken(url: URL) -> str:
    """Name the store for a person, without its password and its parameters."""
    if is_embedded(url):
        return str(file_of(url))
    host = url.host or url.query.get("host") or "localhost"
    return f"{url.database} on {host}{f':{url.port}' if url.port else ''}"
