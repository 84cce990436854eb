"""A web server that answers `/SECONDS` after that many seconds, in a thread of its own so that it costs us no turn."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def slow_server() -> Iterator[int]:
    """Serve on a free port of loopback while the block runs; its number is what one gets."""
    loop, ready, ports = asyncio.new_event_loop(), threading.Event(), list[int]()
    over = asyncio.Event()

    async def serve() -> None:
        async with await asyncio.start_server(_answer, "127.0.0.1", 0, backlog=256) as server:
            ports.append(server.sockets[0].getsockname()[1])
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="slow-server")
    thread.start()
    ready.wait()
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(float(head.split(b" ", 2)[1].partition(b"?")[0].strip(b"/")))
    body = b'{"status": "ok", "lines": 12}'
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(body), body))
    await writer.drain()
    writer.close()
