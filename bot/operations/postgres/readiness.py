"""Whether a server accepts connections, told as pg_isready does: without logging in.

libpq's own PQping would hold the event loop up for as long as a server is silent, so the first two messages of the
protocol are exchanged here: we say who we would be, and look at what the server answers.
Source: PostgreSQL manual, chapter Frontend/Backend Protocol, Message Formats (StartupMessage, ErrorResponse).
"""

import asyncio
import struct
import time
from collections.abc import Sequence
from contextlib import suppress

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.output import Output
from bot.operations.postgres.address import Address

ACCEPTS, REJECTS, SILENT = 0, 1, 2
_SAID = {ACCEPTS: "accepting connections", REJECTS: "rejecting connections", SILENT: "no response"}
_VERSION = 3 << 16
_NOT_NOW = b"C57P03\0"  # the field with the code cannot_connect_now: it starts up, shuts down or recovers
_LONGEST = 30_000  # bytes of an error
_SOCKETS = ("/var/run/postgresql", "/tmp")  # noqa: S108 - where libpq's builds look


async def is_ready(address: Address, limits: Limits) -> Output:
    """Return what pg_isready would print and its exit code: 0 accepts, 1 rejects (starting up), 2 does not answer.

    Facts: `seconds`. Raises TargetRefused when the address makes no sense.
    """
    began = time.monotonic()
    code = SILENT
    with suppress(TimeoutError):
        async with asyncio.timeout(limits.seconds):
            code = await _first_answer(address)
    facts: dict[str, float | str] = {"seconds": time.monotonic() - began}
    return Output(f"{address.door} - {_SAID[code]}", code=code, facts=facts)


async def _first_answer(address: Address) -> int:
    """Return what the first of the address's hosts says that says anything."""
    for host, port in _doors(address):
        try:
            return await _knock(host, port, address)
        except (OSError, EOFError, ValueError):
            continue
    return SILENT


def _doors(address: Address) -> Sequence[tuple[str, int]]:
    """Return the hosts, or the folders of sockets, and their ports; one port may stand for all hosts."""
    said = address.settings.get("hostaddr") or address.settings.get("host") or ""
    hosts = said.split(",") if said else list(_SOCKETS)
    ports = [int(port or 5432) for port in (address.settings.get("port") or "5432").split(",")]
    if len(ports) not in (1, len(hosts)):
        raise TargetRefused("The database cannot be asked: its address names more ports than hosts, or fewer.")
    return list(zip(hosts, ports * len(hosts) if len(ports) == 1 else ports, strict=True))


async def _knock(host: str, port: int, address: Address) -> int:
    if host.startswith(("/", "@")):
        opened = asyncio.open_unix_connection(f"{host.replace('@', chr(0), 1)}/.s.PGSQL.{port}")
    else:
        opened = asyncio.open_connection(host, port)
    reader, writer = await opened
    try:
        writer.write(_startup(address))
        kind, size = struct.unpack("!cI", await reader.readexactly(5))
        if kind == b"E":
            return REJECTS if _NOT_NOW in await reader.readexactly(min(size - 4, _LONGEST)) else ACCEPTS
        return ACCEPTS if kind == b"R" else SILENT
    finally:
        writer.close()


def _startup(address: Address) -> bytes:
    """Return the StartupMessage of the user and the database of an address."""
    user = address.settings.get("user") or "opsroom"
    pairs = ("user", user, "database", address.settings.get("dbname") or user)
    body = struct.pack("!I", _VERSION) + b"".join(text.encode() + b"\0" for text in pairs) + b"\0"
    return struct.pack("!I", len(body) + 4) + body
