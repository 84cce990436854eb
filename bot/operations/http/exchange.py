"""One request to one checked address, and its answer, read up to a size."""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.operations.http.faults import causes
from bot.operations.http.places import Way

_CONNECT_SECONDS = 5.0
# Less than all the time: a handshake that runs into its own limit closes its socket, one that is cancelled does not.
_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; `more` when the body goes on behind what was read, `expires` in days from now."""

    status: int
    reason: str
    version: str
    headers: httpx.Headers
    body: bytes
    more: bool
    expires: float | None


@dataclass(slots=True)
class Progress:
    """Whether any of a request was sent: before that, nobody has done anything for it."""

    sent: bool = False

    async def heard(self, event: str, _info: Mapping[str, Any]) -> None:
        """Take an event of the client's, such as `http11.send_request_headers.started`."""
        self.sent |= event.endswith("send_request_headers.started")


@dataclass(frozen=True, slots=True)
class Sending:
    """A request that is ready to be sent: no holes are left. `deadline` is of the monotonic clock."""

    method: str
    url: httpx.URL
    headers: Mapping[str, str]
    body: bytes | None
    deadline: float
    progress: Progress = field(default_factory=Progress)

    @property
    def port(self) -> int:
        """The port, also where the address names none."""
        return self.url.port or (443 if self.url.scheme == "https" else 80)


async def exchange(client: httpx.AsyncClient, sending: Sending, way: Way, size: int) -> Answer:
    """Send a request to the first of the way's addresses that takes a connection. Raises httpx's errors."""
    *others, last = (_address(sending, way, address) for address in way.addresses)
    for address in others:
        try:
            return await _exchange(client, sending, address, size)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes(error)):
                raise
    return await _exchange(client, sending, last, size)


def _address(sending: Sending, way: Way, address: str) -> httpx.URL:
    """Return the request's address with a checked one in place of the host."""
    url = sending.url.copy_with(host=address, username="", password="", fragment=None)
    if way.port != sending.port or way.plain:
        return url.copy_with(port=way.port, scheme="http" if way.plain else url.scheme)
    return url


async def _exchange(client: httpx.AsyncClient, sending: Sending, url: httpx.URL, size: int) -> Answer:
    """Send a request to one address; the host's name goes into the Host header and is what its certificate must say."""
    request = httpx.Request(
        sending.method,
        url,
        headers=[(name.encode(), value.encode()) for name, value in _headers(sending).items()],
        content=sending.body,
        extensions={
            "sni_hostname": sending.url.host,
            "timeout": {"connect": _connecting(sending.deadline)},
            "trace": sending.progress.heard,
        },
    )
    response = await client.send(request, stream=True)
    try:
        body, more = await _body(response, size)
        expires = _expires(response)
    finally:
        await response.aclose()
    reason = response.reason_phrase
    return Answer(response.status_code, reason, response.http_version, response.headers, body, more, expires)


def _connecting(deadline: float) -> float:
    """Return how many seconds a connection may take."""
    return min(_CONNECT_SECONDS, max(_SHARE * (deadline - time.monotonic()), 0.001))


def _headers(sending: Sending) -> dict[str, str]:
    host = sending.url.netloc.decode()
    # Answers are asked for as they are: a small compressed one could unfold into gigabytes.
    own = {"host": host, "user-agent": "opsroom", "accept": "*/*", "accept-encoding": "identity"}
    length = {"content-length": "0"} if sending.body is None and sending.method in ("POST", "PUT", "PATCH") else {}
    return {**own, **length, **sending.headers}


async def _body(response: httpx.Response, size: int) -> tuple[bytes, bool]:
    """Return the body as it came over the wire, at most `size` bytes of it, and whether there is more."""
    pieces: list[bytes] = []
    have = 0
    async for piece in response.aiter_raw():
        pieces.append(piece)
        have += len(piece)
        if have > size:
            return b"".join(pieces)[:size], True
    return b"".join(pieces), False


def _expires(response: httpx.Response) -> float | None:
    """Return in how many days the server's certificate expires; None without one."""
    stream = response.extensions.get("network_stream")
    secured = stream.get_extra_info("ssl_object") if stream is not None else None
    until = (secured.getpeercert() or {}).get("notAfter") if secured is not None else None
    return None if until is None else (ssl.cert_time_to_seconds(until) - time.time()) / 86400
