"""A command in a running container, over a WebSocket with a channel in the first byte of each message.

The protocol is `v4.channel.k8s.io`: channel 0 is stdin, 1 stdout, 2 stderr, 3 the outcome as a Status object, 4 the
size of the terminal.
"""

import asyncio
import json
import signal
from collections.abc import Sequence
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.cluster.kubelet.container import Container
from sandbox.cluster.kubelet.process import NoSuchProgramError, Process

PROTOCOL = "v4.channel.k8s.io"
_STDIN, _STDOUT, _STDERR, _OUTCOME = range(4)
_CHUNK = 32_768


async def execute(request: web.Request, container: Container, command: Sequence[str]) -> web.StreamResponse:
    """Run a command beside a container's own, and answer with what it says and how it ends."""
    socket = web.WebSocketResponse(protocols=(PROTOCOL,))
    await socket.prepare(request)
    try:
        process = await Process.start(command, container.programs, container.variables, apart=True)
    except NoSuchProgramError as error:
        message = f"error executing command in container: failed to exec in container: {error}"
        await _say(socket, {"status": "Failure", "reason": "InternalError", "message": message, "code": 500})
        await socket.close()
        return socket
    listening = asyncio.create_task(_listen(socket, process, attached=request.query.get("stdin") in {"1", "true"}))
    try:
        assert process.stderr is not None
        async with asyncio.TaskGroup() as group:
            group.create_task(_forward(socket, _STDOUT, process.stdout))
            group.create_task(_forward(socket, _STDERR, process.stderr))
            ended = group.create_task(process.ended())
        await _say(socket, _outcome(ended.result().code))
    finally:
        process.signal(signal.SIGKILL)
        listening.cancel()
    await socket.close()
    return socket


async def _listen(socket: web.WebSocketResponse, process: Process, *, attached: bool) -> None:
    """Pass on what is typed; a caller who leaves ends the command."""
    if process.stdin is not None and not attached:
        process.stdin.close()
    async for message in socket:
        if message.type is WSMsgType.BINARY and message.data[:1] == bytes([_STDIN]) and process.stdin and attached:
            process.stdin.write(message.data[1:])
    process.signal(signal.SIGKILL)


async def _forward(socket: web.WebSocketResponse, channel: int, stream: asyncio.StreamReader) -> None:
    while data := await stream.read(_CHUNK):
        if not socket.closed:
            await socket.send_bytes(bytes([channel]) + data)


def _outcome(code: int) -> dict[str, Any]:
    if code == 0:
        return {"status": "Success"}
    return {
        "status": "Failure",
        "reason": "NonZeroExitCode",
        "message": f"command terminated with non-zero exit code: exit status {code}",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }


async def _say(socket: web.WebSocketResponse, status: dict[str, Any]) -> None:
    if not socket.closed:
        await socket.send_bytes(bytes([_OUTCOME]) + json.dumps({"metadata": {}, **status}).encode())
