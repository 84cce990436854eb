"""A stand-in for Prometheus: its HTTP API over figures that somebody else computes.

It does not evaluate PromQL. A query is answered by the first gauge whose mark occurs in it; of what no gauge knows it
says so, as Prometheus says what it cannot evaluate.
"""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from sandbox.targets.serving import served

_MOST_POINTS = 11_000  # as Prometheus has it


@dataclass(frozen=True, slots=True)
class Gauge:
    """What queries with this mark in them are answered with: a value at a Unix time."""

    mark: str
    value: Callable[[float], float]


@asynccontextmanager
async def prometheus(gauges: Sequence[Gauge]) -> AsyncIterator[str]:
    """Serve gauges while the block runs; yield the address."""
    api = _Api(gauges)
    app = web.Application()
    for verb in ("GET", "POST"):
        app.router.add_route(verb, "/api/v1/query", api.query)
        app.router.add_route(verb, "/api/v1/query_range", api.query_range)
    app.router.add_get("/-/ready", _ready)
    async with served(app) as address:
        yield address


class _Api:
    """What https://prometheus.io/docs/prometheus/latest/querying/api/ says of queries."""

    def __init__(self, gauges: Sequence[Gauge]) -> None:
        self._gauges = gauges

    async def query(self, request: web.Request) -> web.Response:
        """Answer an instant query."""
        asked = await _parameters(request)
        gauge = self._gauge(asked.get("query", ""))
        if gauge is None:
            return _unknown()
        at = float(asked.get("time", time.time()))
        return _success("vector", [{"metric": {}, "value": [at, f"{gauge.value(at):.6g}"]}])

    async def query_range(self, request: web.Request) -> web.Response:
        """Answer a range query."""
        asked = await _parameters(request)
        gauge = self._gauge(asked.get("query", ""))
        if gauge is None:
            return _unknown()
        try:
            start, end, step = (float(asked[name]) for name in ("start", "end", "step"))
            count = int((end - start) / step) + 1
        except (KeyError, ValueError, ZeroDivisionError):
            return _failure(400, "bad_data", "start, end and step are needed, as numbers")
        if not 0 < count <= _MOST_POINTS:
            return _failure(400, "bad_data", "exceeded maximum resolution of 11,000 points per timeseries")
        moments = [start + number * step for number in range(count)]
        return _success("matrix", [{"metric": {}, "values": [[at, f"{gauge.value(at):.6g}"] for at in moments]}])

    def _gauge(self, query: str) -> Gauge | None:
        return next((gauge for gauge in self._gauges if gauge.mark in query), None)


async def _parameters(request: web.Request) -> dict[str, str]:
    sent = await request.post() if request.method == "POST" else {}
    return {**request.query, **{name: str(value) for name, value in sent.items()}}


async def _ready(_request: web.Request) -> web.Response:
    return web.Response(text="Ready.\n")


def _success(kind: str, result: list[object]) -> web.Response:
    return web.json_response({"status": "success", "data": {"resultType": kind, "result": result}})


def _unknown() -> web.Response:
    return _failure(422, "execution", "this stand-in knows only the queries of the demo's runbooks")


def _failure(status: int, kind: str, sentence: str) -> web.Response:
    return web.json_response({"status": "error", "errorType": kind, "error": sentence}, status=status)
