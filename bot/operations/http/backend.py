"""Web servers as a target: only the hosts that the platform lists, also behind redirects and behind their names."""

import asyncio
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import httpx

from bot.errors import AnswerUnreadable, ChangeUnclear, TargetError, TargetRefused
from bot.operations.backend import Limits
from bot.operations.changing import Deed, Foresight
from bot.operations.http import changing
from bot.operations.http.connecting import connect
from bot.operations.http.exchange import Answer, Progress, Sending, exchange
from bot.operations.http.faults import fault, slow
from bot.operations.http.hosts import Resolve, addresses, is_listed, look_up
from bot.operations.http.nouns import HttpRequest, TcpConnect
from bot.operations.http.places import Place, Way, way_to
from bot.operations.http.printing import printed
from bot.operations.http.secrets import basic, filled, hidden
from bot.operations.http.sending import REDIRECTS, redirected, sending_of
from bot.operations.http.trust import trusting
from bot.operations.operation import Operation
from bot.operations.output import Output

_MOST_REDIRECTS = 5
_CONNECT_SECONDS = 5.0


class HttpBackend:
    """Sends requests to the hosts of one target.

    `hosts` are names, `*.suffix` or either with a port; `private` allows addresses that are not public; `secrets` fill
    the holes of a request by their names; `tls` decides which certificates are trusted, the machine's if None; `places`
    are hosts whose names are not looked up, because whoever runs Opsroom said where they are.
    """

    def __init__(
        self,
        hosts: Sequence[str],
        *,
        private: bool = False,
        secrets: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve = look_up,
        places: Mapping[str, Place] | None = None,
    ) -> None:
        self._hosts, self._private, self._resolve = tuple(hosts), private, resolve
        self._places = places or {}
        self._secrets = dict(secrets or {})
        self._tls = tls
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()

    async def run(self, operation: Operation, limits: Limits) -> Output:
        """Carry an operation out. Raises TargetError, and nothing else."""
        if isinstance(operation, TcpConnect):
            return await self._connect(operation, limits)
        if not isinstance(operation, HttpRequest):
            raise TargetRefused("A web server cannot do this: it is not a curl line.")
        return await self._request(operation, limits, Progress())

    async def foresee(self, operation: Operation, limits: Limits) -> Foresight:
        """Return what would be sent where; nothing is. Raises TargetRefused when it could not be sent."""
        request = changing.changing(operation)
        sending = sending_of(filled(request, self._secrets), time.monotonic() + limits.seconds)
        try:
            async with asyncio.timeout(limits.seconds):
                await self._checked(sending.url.host, sending.port)
        except TimeoutError:
            raise slow(sending.url.host, limits.seconds) from None
        return changing.foresee(request)

    async def change(self, operation: Operation, limits: Limits, deed: Deed) -> Output:
        """Send a request; an answer of 400 and above is exit code 22. Raises ChangeUnclear, or TargetError."""
        request, progress = changing.changing(operation), Progress()
        await deed.note({"method": request.method})
        try:
            output = await self._request(changing.with_key(request, deed), limits, progress)
        except TargetError as error:
            if not progress.sent:
                raise
            raise ChangeUnclear(f"{error} It may have been done.") from None
        return changing.judged(request, output, again=deed.noted is not None)

    async def look(self, operation: Operation, limits: Limits, deed: Deed) -> Output | None:
        """Return None when a request may be sent (again). Raises ChangeUnclear when that is not known."""
        return changing.look(changing.changing(operation), deed)

    async def _request(self, operation: HttpRequest, limits: Limits, progress: Progress) -> Output:
        request = filled(operation, self._secrets)
        used = {secret.name: self._secrets[secret.name] for secret in operation.secrets}
        if request.user:
            used["the login as it is sent"] = basic(request.user).removeprefix("Basic ")
        started = time.monotonic()
        answer, redirects = await self._within(request, operation, limits, progress)
        output = printed(operation, answer, time.monotonic() - started, redirects)
        return replace(output, text=hidden(output.text, used))

    async def close(self) -> None:
        """Let go of the client; connections are never kept."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _connect(self, operation: TcpConnect, limits: Limits) -> Output:
        if not isinstance(operation.port, int):
            raise TargetRefused(f"No value for {operation.port.name}: a port is needed.")
        seconds = min(operation.seconds or _CONNECT_SECONDS, limits.seconds)
        end = time.monotonic() + seconds
        try:
            async with asyncio.timeout(seconds):
                way = await self._checked(operation.host, operation.port)
        except TimeoutError:
            raise slow(operation.host, seconds) from None
        return await connect(operation.host, operation.port, way, max(end - time.monotonic(), 0.001))

    async def _within(
        self, request: HttpRequest, template: HttpRequest, limits: Limits, progress: Progress
    ) -> tuple[Answer, int]:
        """Return the last answer and how many redirects led to it, within the time limit."""
        seconds = min(request.seconds or limits.seconds, limits.seconds)
        sending = sending_of(request, time.monotonic() + seconds, progress)
        try:
            async with asyncio.timeout(seconds):
                return await self._answered(sending, template, limits.size)
        except TimeoutError:
            raise slow(sending.url.host, seconds) from None

    async def _answered(self, sending: Sending, template: HttpRequest, size: int) -> tuple[Answer, int]:
        for redirects in range(_MOST_REDIRECTS + 1):
            answer = await self._sent(sending, size)
            where = answer.headers.get("location", "")
            if not (template.follow and answer.status in REDIRECTS and where):
                return answer, redirects
            sending = redirected(sending, template, answer.status, where)
        raise AnswerUnreadable(f"{sending.url.host} leads from one address to the next, more than 5 times.")

    async def _sent(self, sending: Sending, size: int) -> Answer:
        way = await self._checked(sending.url.host, sending.port)
        client = await self._opened()
        try:
            return await exchange(client, sending, way, size)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            raise fault(error, sending.url.host) from None

    async def _checked(self, host: str, port: int) -> Way:
        """Return the way to a host. Raises TargetRefused when it is not one to ask."""
        if not is_listed(host, port, self._hosts):
            raise TargetRefused(f"{host[:100]} (port {port}) is not among the hosts that the platform's target lists.")
        own = way_to(host, port, self._places)
        return own or Way(await addresses(host, port, self._resolve, private=self._private), port)

    async def _opened(self) -> httpx.AsyncClient:
        async with self._opening:  # reading the machine's certificates takes long, and the first requests come together
            if self._tls is None:
                self._tls = await asyncio.to_thread(trusting)
            if self._client is None:
                none_kept = httpx.Limits(max_keepalive_connections=0)
                self._client = httpx.AsyncClient(verify=self._tls, trust_env=False, limits=none_kept)
        return self._client
