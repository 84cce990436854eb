"""The web doorway under uvicorn, inside the process that serves everything else."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.errors import SettingsError

_LEAVE = 3
"""Seconds that requests under way may take to end; one that never ends must not keep the program from ending."""


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the program has its own, for all of it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


@contextlib.asynccontextmanager
async def web_server(routes: Sequence[BaseRoute], host: str, port: int) -> AsyncIterator[int]:
    """Serve while the block runs; yields the port, which matters when 0 was asked for."""
    with _listening(host, port) as listener:
        config = uvicorn.Config(
            Starlette(routes=list(routes)),
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=_LEAVE,
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]), name="web")
        try:
            yield int(listener.getsockname()[1])
        finally:
            server.should_exit = True
            await serving


def _listening(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise SettingsError(f"Port {port} of {host} cannot be used ({error.strerror}). Set OPSROOM_PORT.") from None
    return listener
