"""`kubectl exec`: one command in a running container, over a websocket, without a terminal or input."""

import json
import re
import time
from collections.abc import Sequence
from typing import Any

from bot.errors import TargetError, TargetUnreachable
from bot.operations.kubernetes import faults, library
from bot.operations.kubernetes import pods as podlike
from bot.operations.kubernetes.changes import Exec
from bot.operations.kubernetes.connection import Cluster
from bot.operations.kubernetes.session import Session
from bot.operations.output import Output

_WRITTEN, _RESULT = (1, 2), 3
"""Channels of the remote command protocol: what the command wrote, and how it ended."""
_PATIENCE = 5.0  # seconds to open the connection
_STATUS = re.compile(r"Handshake status (\d{3})")


async def execute(session: Session, operation: Exec) -> Output:
    """Carry out `kubectl exec`: the exit code is the command's.

    Raises TargetUnreachable when it does not end in time; the command may go on then.
    """
    pod = await podlike.one(session, operation.thing)
    container = podlike.container(session, pod, operation.container)
    meta = pod["metadata"]
    if session.dry:
        return Output(f"would run in container {container} of pod {meta['name']}")
    path = podlike.PODS.path(meta["namespace"], meta["name"], "exec")
    query = [("container", container), ("stdout", "true"), ("stderr", "true")]
    query += [("command", word) for word in operation.command]
    until = session.until - min(0.25, session.limits.seconds / 10)
    text, code, cut = await session.cluster.within(
        session.until, lambda: _run(session.cluster, path, query, until, session.limits.size), long=True
    )
    if cut:
        session.cut.append(cut)
    return Output(text, code=code, cut="; ".join(session.cut))


def _run(
    cluster: Cluster, path: str, query: Sequence[tuple[str, str]], until: float, size: int
) -> tuple[str, int, str]:
    """Run in a thread: return what the command wrote, its exit code, and what is missing."""
    library.load()
    import websocket
    from kubernetes.client.exceptions import ApiException
    from kubernetes.stream import ws_client

    websocket.setdefaulttimeout(_PATIENCE)  # nobody else uses this library; without it a connect may take for ever
    url, headers = cluster.signed("GET", path, query)
    settings = cluster.client().configuration
    try:
        stream: Any = ws_client.websocket_call(  # type: ignore[no-untyped-call]
            settings, "GET", url, headers=headers, _preload_content=False, capture_all=False, binary=True
        )
    except ApiException as error:
        raise _refused(str(error.reason)) from None
    try:
        return _read(stream, until, size)
    except (websocket.WebSocketException, OSError) as error:
        raise faults.broken(error) from None
    finally:
        # close() does nothing once the server has said goodbye, and would wait for a goodbye otherwise.
        stream.sock.shutdown()


def _read(stream: Any, until: float, size: int) -> tuple[str, int, str]:
    written, held = bytearray(), 0
    while True:
        for channel in _WRITTEN:
            piece: bytes = stream.read_channel(channel) if channel in stream._channels else b""
            written += piece[: max(size - held, 0)]
            held += len(piece)
        if held > size:
            return _text(written), 0, f"what is behind the first {size} bytes; the command was left to itself"
        if not stream.is_open():
            return _text(written), _code(stream.read_channel(_RESULT)), ""
        left = until - time.monotonic()
        if left <= 0:
            raise TargetUnreachable("The command did not end in time; it may go on in the container.")
        stream.update(timeout=left)


def _text(written: bytearray) -> str:
    return written.decode("utf-8", "replace").replace("\0", "\ufffd")


def _code(result: bytes) -> int:
    """Return the exit code that the last message of a command says. Raises TargetRefused when it could not start."""
    try:
        said = json.loads(result)
    except ValueError:
        raise faults.unreadable() from None
    if said.get("status") == "Success":
        return 0
    causes = (said.get("details") or {}).get("causes") or []
    codes = [one["message"] for one in causes if one.get("reason") == "ExitCode"]
    if codes:
        return int(codes[0])
    raise faults.ClusterRefused(f"The command could not be run: {said.get('message') or 'no reason was given'}.", 500)


def _refused(reason: str) -> TargetError:
    """Return the error for a connection that was not opened; the reason holds the server's answer."""
    found = _STATUS.search(reason)
    if not found:
        kind = faults.NotSent if "refused" in reason else TargetUnreachable
        return kind("The cluster does not open a connection for the command.")
    body = re.search(r"\{.*\}", reason.rpartition("-+-+-")[2])
    return faults.refusal(int(found[1]), body[0].encode() if body else b"", {})
