"""The web hosts of all platforms: a server for each, over TLS with a certificate of its name."""

import json
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bot.operations.http.nouns import HttpRequest
from bot.runbooks.platforms import Platforms
from bot.runbooks.targets import HttpTarget
from tests.runbook_lines.cases import Case
from tests.runbook_lines.values import filled, samples
from tests.servers.certificates import Certificate, make
from tests.servers.web import Route, WebServer, answer, running

_WELL = json.dumps(
    {
        "status": "healthy",
        "dependencies": {"database": {"status": "up"}, "redis": {"status": "up"}},
    }
)
_RUNS = json.dumps({"workflow_runs": [{"conclusion": "success"}]})
_METRICS = "\n".join(f"zephyr_metric_{number} 1" for number in range(30))
_SPECIAL = {
    "/api/health": _WELL,
    "/metrics": _METRICS,
    "/api/v2/status.json": json.dumps({"status": {"indicator": "none"}}),
    "/repos/your-org/zephyr/actions/runs": _RUNS,
    "/repos/your-org/zephyr/actions/workflows/deploy.yml/runs": _RUNS,
}
"""What is answered where lines read more than the status."""


def hosts(platforms: Platforms) -> frozenset[str]:
    """Return every host that a target lists, with its port where the target names it."""
    targets = (target for platform in platforms for target in platform.targets.values())
    return frozenset(host for target in targets if isinstance(target, HttpTarget) for host in target.hosts)


@asynccontextmanager
async def serving(
    named: Iterable[str], cases: Iterable[Case], folder: Path
) -> AsyncIterator[tuple[Mapping[str, WebServer], ssl.SSLContext]]:
    """Start the servers; yield that of each host, and what trusts their certificates."""
    routes = _routes(cases)
    trusted = ssl.create_default_context()
    servers: dict[str, WebServer] = {}
    async with AsyncExitStack() as stack:
        for host in named:
            certificate = _certificate(folder, host.partition(":")[0])
            trusted.load_verify_locations(certificate.path)
            site = running(routes.get(host, {}), _showing(certificate))
            servers[host] = await stack.enter_async_context(site)
        yield servers, trusted


def _routes(cases: Iterable[Case]) -> dict[str, dict[str, Route]]:
    """Return an answer for every page that a line asks for, by host and path."""
    routes: dict[str, dict[str, Route]] = {}
    for case in cases:
        if isinstance(case.line.operation, HttpRequest):
            url = urlsplit(case.line.operation.url)
            path = filled(url.path, samples(case.deed.parameters, ""))
            routes.setdefault(url.netloc, {})[path] = answer(_SPECIAL.get(path, "ok"))
    return routes


def _certificate(folder: Path, host: str) -> Certificate:
    home = folder / host
    home.mkdir()
    return make(home, host, 90)


def _showing(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.path, certificate.key)
    return context
