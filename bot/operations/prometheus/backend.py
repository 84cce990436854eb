"""A Prometheus server as a target."""

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.http.faults import fault, slow
from bot.operations.http.trust import trusting
from bot.operations.operation import Hole, Operation
from bot.operations.output import Output
from bot.operations.prometheus.answers import MOST_POINTS, output_of
from bot.operations.prometheus.faults import data_of
from bot.operations.prometheus.nouns import PromQuery

_NAME = "Prometheus"
_POINTS = 250  # of a range without a step: enough for the width of a picture
_CONNECT_SECONDS = 5.0
_CONNECTIONS = 10
_LONGEST_WARNING = 300  # characters


class PrometheusBackend:
    """Asks one server; `url` may hold a name and password, and a path that it is served under."""

    def __init__(self, url: str, *, token: str = "", tls: ssl.SSLContext | None = None) -> None:
        self._url, self._token, self._tls = url, token, tls
        self._client: httpx.AsyncClient | None = None

    async def run(self, operation: Operation, limits: Limits) -> Output:
        """Carry an operation out. Raises TargetError, and nothing else."""
        if not isinstance(operation, PromQuery):
            raise TargetRefused("Prometheus cannot do this: it is not a promql line.")
        path, parameters, coarser = _asked(operation, limits.seconds)
        started = time.monotonic()
        try:
            async with asyncio.timeout(limits.seconds):
                answer = await self._answer(path, parameters, limits)
        except TimeoutError:
            raise slow(_NAME, limits.seconds) from None
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            raise fault(error, _NAME) from None
        output = await asyncio.to_thread(output_of, answer.get("data"), limits.rows)
        warned = _warnings(answer.get("warnings"))
        facts = {**output.facts, "seconds": round(time.monotonic() - started, 6)}
        return replace(output, facts=facts, cut="; ".join(filter(None, (output.cut, coarser, *warned))))

    async def close(self) -> None:
        """Let go of all connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _answer(self, path: str, parameters: Mapping[str, str], limits: Limits) -> Mapping[str, Any]:
        """Return what the server says to a query, which must not be longer than the limit."""
        client = await self._opened()
        async with client.stream("GET", path, params=dict(parameters)) as response:
            body = await _read(response, limits.size)
        return await asyncio.to_thread(data_of, response.status_code, body)

    async def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            if self._tls is None:
                self._tls = await asyncio.to_thread(trusting)
            # Answers are asked for as they are: a small compressed one could unfold into gigabytes.
            headers = {"accept-encoding": "identity", "user-agent": "opsroom"}
            if self._token:
                headers["authorization"] = f"Bearer {self._token}"
            opened = httpx.AsyncClient(
                base_url=_address(self._url),
                headers=headers,
                verify=self._tls,
                trust_env=False,
                timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),
                limits=httpx.Limits(max_connections=_CONNECTIONS),
            )
            self._client = self._client or opened
        return self._client


async def _read(response: httpx.Response, most: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in response.aiter_raw():
        pieces.append(piece)
        size += len(piece)
        if size > most:
            raise TargetRefused(f"Prometheus found more than {most:,} bytes: narrow the query, as sum by (…) does.")
    return b"".join(pieces)


def _warnings(found: Any) -> list[str]:
    return [str(text)[:_LONGEST_WARNING] for text in found[:3]] if isinstance(found, list) else []


def _address(url: str) -> httpx.URL:
    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, TypeError):
        found = httpx.URL()
    if found.scheme not in ("http", "https") or not found.host:
        raise TargetRefused("The target's address is not one of Prometheus: it starts with http:// or https://.")
    return found


def _asked(query: PromQuery, seconds: float) -> tuple[str, Mapping[str, str], str]:
    """Return the path and parameters of a query, and what is said when its step had to be raised."""
    if isinstance(query.range, Hole) or isinstance(query.step, Hole):
        raise TargetRefused("No value for the range or the step of the query.")
    parameters = {"query": query.expression, "timeout": f"{max(seconds, 0.1):.3f}"}
    if query.range is None:
        return "api/v1/query", {**parameters, **({"time": f"{_moment(query.at):.3f}"} if query.at else {})}, ""
    least = query.range / (MOST_POINTS - 1)
    wanted = query.step if query.step is not None else max(query.range / _POINTS, 1.0)
    step = max(wanted, least)
    end = _moment(query.at)
    span = {"start": f"{end - query.range:.3f}", "end": f"{end:.3f}", "step": f"{step:.3f}"}
    coarser = f"a point every {step:.3g} s instead of {wanted:g} s, for at most {MOST_POINTS:,} points"
    return "api/v1/query_range", {**parameters, **span}, coarser if step > wanted else ""


def _moment(text: str) -> float:
    """Return Unix time, that of now for nothing."""
    if not text:
        return time.time()
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise TargetRefused("No value for the moment of the query.") from None
