"""A container's log as an answer, followed if asked."""

import asyncio
import time
from dataclasses import replace

from aiohttp import web

from sandbox.cluster.kubelet.container import Container
from sandbox.cluster.kubelet.journal import Journal, LogRequest

_GLANCE = 0.05  # seconds between two looks for more lines
_CHUNK = 65_536


async def send_log(request: web.Request, container: Container) -> web.StreamResponse:
    """Answer with the part of the log that the request asks for."""
    try:
        wanted = LogRequest.of(request.query, time.time())
    except ValueError as error:
        return web.Response(status=400, text=str(error))
    if not container.started and not wanted.previous:
        return web.Response(status=400, text=_not_started(container))
    journal = container.previous if wanted.previous else container.journal
    if journal is None:
        name = f'previous terminated container "{container.name}" in pod "{container.pod["metadata"]["name"]}"'
        return web.Response(status=400, text=f"{name} not found")
    response = web.StreamResponse(headers={"Content-Type": "text/plain"})
    await response.prepare(request)
    sent = await _send(response, journal, wanted)
    while wanted.follow and not wanted.previous and container.exit_code is None and container.journal is journal:
        await asyncio.sleep(_GLANCE)
        sent = await _send_since(response, journal, wanted, sent)
    await response.write_eof()
    return response


def _not_started(container: Container) -> str:
    """Return a kubelet's words for a container that has no log yet."""
    reason = container.state["waiting"]["reason"]
    why = "trying and failing to pull image" if reason in ("ErrImagePull", "ImagePullBackOff") else reason
    name, pod = container.name, container.pod["metadata"]["name"]
    return f'container "{name}" in pod "{pod}" is waiting to start: {why}'


async def _send(response: web.StreamResponse, journal: Journal, wanted: LogRequest) -> int:
    """Send what is there, and return how many lines that were."""
    there, pending = len(journal.lines), bytearray()
    for line in journal.read(wanted):
        pending += line
        if len(pending) > _CHUNK:
            await response.write(bytes(pending))
            pending.clear()
    if pending:
        await response.write(bytes(pending))
    return there


async def _send_since(response: web.StreamResponse, journal: Journal, wanted: LogRequest, sent: int) -> int:
    fresh = Journal(journal.lines[sent:])
    await _send(response, fresh, replace(wanted, tail=None))
    return sent + len(fresh.lines)
