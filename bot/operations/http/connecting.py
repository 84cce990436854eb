"""Whether a port takes a connection."""

import asyncio
import time
from contextlib import suppress

from bot.operations.http.places import Way
from bot.operations.output import Output


async def connect(host: str, port: int, way: Way, seconds: float) -> Output:
    """Return whether one of a host's addresses takes a connection; that none does is an answer, with code 1."""
    started = time.monotonic()
    why = "no answer"
    try:
        async with asyncio.timeout(seconds):
            for address in way.addresses:
                try:
                    _, writer = await asyncio.open_connection(address, way.port)
                except OSError as error:
                    why = "connection refused" if isinstance(error, ConnectionRefusedError) else "no way leads to it"
                    continue
                taken = time.monotonic() - started
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()
                text = f"{host}:{port} takes connections ({1000 * taken:.1f} ms)"
                return Output(text, facts={"seconds": round(taken, 6), "status": "open"})
    except TimeoutError:
        why = f"no answer within {seconds:.3g} seconds"
    taken = round(time.monotonic() - started, 6)
    return Output(f"{host}:{port} takes no connection: {why}", code=1, facts={"seconds": taken, "status": "closed"})
