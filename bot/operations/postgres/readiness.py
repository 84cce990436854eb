"""Whether a server accepts connections, told as pg_isready does: without logging in."""

import asyncio
import time

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.output import Output
from bot.operations.postgres.address import Address

_SAID = {0: "accepting connections", 1: "rejecting connections", 2: "no response"}
_SHORTEST = 2  # seconds; libpq takes one second for two


async def is_ready(address: Address, limits: Limits) -> Output:
    """Return what pg_isready would print and its exit code: 0 accepts, 1 rejects (starting up), 2 does not answer.

    Facts: `seconds`. Raises TargetRefused when the address makes no sense to the driver.
    """
    from psycopg.conninfo import make_conninfo  # heavy: the driver is loaded by whoever has a database
    from psycopg.pq import PGconn

    began = time.monotonic()
    settings = {**address.settings, "connect_timeout": str(max(_SHORTEST, int(limits.seconds)))}
    asked = asyncio.to_thread(PGconn.ping, make_conninfo("", **settings).encode())
    try:
        async with asyncio.timeout(limits.seconds):
            code = int(await asked)
    except TimeoutError:
        code = 2
    if code not in _SAID:
        raise TargetRefused("The database cannot be asked: its address makes no sense to the driver.")
    facts: dict[str, float | str] = {"seconds": time.monotonic() - began}
    return Output(f"{address.door} - {_SAID[code]}", code=code, facts=facts)
