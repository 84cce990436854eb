"""The connection to one cluster: the official client, in threads of its own, behind coroutines.

The typed models of that client are left alone: what goes in and out is JSON. Its defaults are not ours: there is always
a time limit, and only what reads is tried again.
"""

import asyncio
import json
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from bot.errors import TargetRefused, TargetUnreachable
from bot.operations.kubernetes import faults, library

if TYPE_CHECKING:
    from kubernetes.client.api_client import ApiClient

Json = Any
"""What json.loads returns; the API server's schema says which."""
Query = Sequence[tuple[str, str]]
Result = TypeVar("Result")
THREADS = 10
CONNECT, READ, WRITE = 2.0, 15.0, 5.0
"""Seconds: to connect, and to wait for the next bytes of an answer to a read and to a write."""
_TRIES = 3
_PAUSE = 0.2  # seconds before a read is tried again
_CHUNK = 1 << 16
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"


@dataclass(frozen=True, slots=True)
class Request:
    """One exchange with the API server; no more than `size` bytes of its answer are read."""

    method: str
    path: str
    query: Query = ()
    body: Json = None
    accept: str = "application/json"
    content: str = "application/json"
    size: int = 256_000_000

    @property
    def reads(self) -> bool:
        """Whether it may be sent again."""
        return self.method == "GET"


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of an answer, and whether there were more."""

    content: bytes
    cut: bool = False

    def json(self) -> Json:
        """Return what the bytes say. Raises AnswerUnreadable."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            raise faults.unreadable() from None


class Cluster:
    """One cluster, as one user of it.

    `kubeconfig` is a file, None means the service account of the pod that we run in; `context` is one of the
    file's, empty means its current one. Nothing is read or connected before the first request or `warm`. It may
    be shared by any number of backends; close it with `close`.
    """

    def __init__(self, kubeconfig: Path | str | None, context: str = "") -> None:
        self._kubeconfig, self._context = kubeconfig, context
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="kubernetes")
        self._long = ThreadPoolExecutor(4, thread_name_prefix="kubernetes-exec")
        self._lock, self._client = threading.Lock(), None

    _client: "ApiClient | None"

    async def warm(self) -> None:
        """Load the client and the login, so that the first request need not. Raises TargetRefused for a bad login."""
        await self.within(time.monotonic() + 30.0, self.client)

    async def send(self, request: Request, until: float) -> Answer:
        """Send a request and return its answer before the moment `until` of time.monotonic().

        Raises TargetRefused or TargetUnreachable; a write that raises the latter may have been done.
        """
        return await self.within(until, lambda: self._exchange(request, until))

    async def json(self, request: Request, until: float) -> Json:
        """Send a request and return the JSON of its answer, read in the thread."""
        return await self.within(until, lambda: self._exchange(request, until).json())

    async def within(self, until: float, work: Callable[[], Result], *, long: bool = False) -> Result:
        """Run blocking work in a thread and return its result before `until`; `long` work has threads of its own."""
        left = until - time.monotonic()
        if left <= 0:
            raise late()
        threads = self._long if long else self._threads
        try:
            future = asyncio.get_running_loop().run_in_executor(threads, work)
        except RuntimeError:  # the threads are gone
            raise TargetUnreachable("The connection to the cluster was closed; Opsroom is being stopped.") from None
        try:
            async with asyncio.timeout(left):
                return await future
        except TimeoutError:
            raise late() from None

    async def close(self) -> None:
        """Let go of the threads and the connections; what is under way ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._long.shutdown(wait=False, cancel_futures=True)
        if self._client is not None:
            pools = self._client.rest_client.pool_manager.pools
            for key in pools.keys():  # noqa: SIM118 - it is no dict and cannot be iterated
                pools[key].close()  # clear() would leave the sockets to the garbage collector
            self._client.close()  # type: ignore[no-untyped-call]

    def client(self) -> "ApiClient":
        """Return the official client; only to be called in a thread. Raises TargetRefused."""
        with self._lock:
            if self._client is None:
                self._client = _load(self._kubeconfig, self._context)
            return self._client

    def signed(self, method: str, path: str, query: Query) -> tuple[str, dict[str, str]]:
        """Return the address and the headers, login included, of a request; only to be called in a thread."""
        client = self.client()
        url, headers = client.param_serialize(method, path, auth_settings=["BearerToken"])[1:3]
        return f"{url}?{urlencode(query)}" if query else url, dict(headers)

    def _exchange(self, request: Request, until: float) -> Answer:
        for attempt in range(_TRIES if request.reads else 1):
            try:
                return self._once(request, until)
            except TargetUnreachable as error:
                wait = error.retry_after or _PAUSE * (attempt + 1)
                last = attempt + 1 >= _TRIES or time.monotonic() + wait >= until
                if last or not request.reads or "certificate" in str(error):
                    raise
                time.sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _once(self, request: Request, until: float) -> Answer:
        library.load()
        from kubernetes.client.exceptions import ApiException
        from pydantic import ValidationError
        from urllib3.exceptions import HTTPError

        url, headers = self.signed(request.method, request.path, request.query)
        headers |= {"Accept": request.accept}
        if request.method != "GET":
            headers["Content-Type"] = request.content
        left = max(until - time.monotonic(), 0.05)
        timeout = (min(CONNECT, left), min(READ if request.reads else WRITE, left))
        try:
            response = self.client().call_api(
                request.method, url, header_params=headers, body=request.body, _request_timeout=timeout
            )
            return _read(response.response, request.size, until)
        except (ApiException, HTTPError, ValidationError, OSError) as error:
            raise faults.broken(error) from None


def late() -> TargetUnreachable:
    """Return the error for what did not end within its time limit."""
    return TargetUnreachable("The cluster does not answer in time.")


def _read(response: Any, size: int, until: float) -> Answer:
    pieces: list[bytes] = []
    held, limit, whole = 0, size if response.status < 400 else _CHUNK, False
    try:
        while held <= limit:
            piece = response.read1(_CHUNK)  # read() would wait for all of them, however slowly they come
            if not piece:
                whole = True
                break
            pieces.append(piece)
            held += len(piece)
            if time.monotonic() > until:
                raise late()
    finally:
        # A connection whose answer was not read to its end cannot be used again.
        response.release_conn() if whole else response.close()
    content = b"".join(pieces)
    if response.status >= 400:
        raise faults.refusal(response.status, content, response.headers)
    return Answer(content[:limit], held > limit)


def _load(kubeconfig: Path | str | None, context: str) -> "ApiClient":
    """Read the login and return a client for it."""
    library.load()
    from kubernetes.client.api_client import ApiClient
    from kubernetes.client.configuration import Configuration
    from kubernetes.config import ConfigException, load_incluster_config, load_kube_config
    from urllib3.exceptions import InsecureRequestWarning
    from yaml import YAMLError

    settings = Configuration()
    try:
        if kubeconfig is None:
            load_incluster_config(client_configuration=settings)  # type: ignore[no-untyped-call]
        else:
            load_kube_config(  # type: ignore[no-untyped-call]
                str(kubeconfig), context=context or None, client_configuration=settings, persist_config=False
            )
    except ConfigException as error:
        raise TargetRefused(f"The login to the cluster cannot be read: {_first_line(error)}.") from None
    except (OSError, YAMLError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise TargetRefused(f"The login to the cluster cannot be read ({type(error).__name__}).") from None
    settings.retries = False  # urllib3 would repeat a DELETE whose answer was lost
    settings.connection_pool_maxsize = THREADS + 4
    if not settings.verify_ssl:
        warnings.simplefilter("ignore", InsecureRequestWarning)  # the kubeconfig says so, once is enough
    return ApiClient(settings)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0].rstrip(".")[:200]
