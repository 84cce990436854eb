"""A Prometheus server for the run, with data from two hours ago to two hours from now."""

import time
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.operations.prometheus.backend import PrometheusBackend
from tests.servers.prometheus import Prometheus, running

STEP = 15
NOW = int(time.time()) // STEP * STEP
START, END = NOW - 7200, NOW + 7200
TIMES = range(START, END + 1, STEP)


@pytest.fixture(scope="session")
def prometheus() -> Iterator[Prometheus]:
    """Start one server: `up` of two jobs, and errors that grow by 2 a second."""
    samples = {
        'up{job="api",pod="api-1"}': [(at, 1.0) for at in TIMES],
        'up{job="web",pod="web-1"}': [(at, 0.0) for at in TIMES],
        'http_errors_total{code="500"}': [(at, 2.0 * (at - START)) for at in TIMES],
        **{f'many{{n="{n:03d}"}}': [(at, float(n)) for at in TIMES[::4]] for n in range(120)},
    }
    with running(samples) as server:
        yield server


@pytest.fixture
async def backend(prometheus: Prometheus) -> AsyncIterator[PrometheusBackend]:
    """Return a target on the server."""
    opened = PrometheusBackend(prometheus.address)
    yield opened
    await opened.close()
