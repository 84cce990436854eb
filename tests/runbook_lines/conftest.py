"""The world of the runbooks' lines: one cluster, one cache, one store of metrics, and a database for each platform.

A kind of server that the machine does not have skips its own lines and no others.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.operations.operation import TargetKind
from bot.runbooks.targets import KubernetesTarget, PostgresTarget, PrometheusTarget, RedisTarget, Target
from tests.runbook_lines.cache import fill
from tests.runbook_lines.cases import Case, cases, platforms
from tests.runbook_lines.cluster import furnished
from tests.runbook_lines.database import create, listening
from tests.runbook_lines.metrics import samples
from tests.runbook_lines.scenery import write_manifests
from tests.runbook_lines.web import hosts, serving
from tests.runbook_lines.world import World
from tests.servers.postgres import Postgres
from tests.servers.prometheus import running as running_prometheus
from tests.servers.redis import running as running_redis


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def world() -> AsyncIterator[World]:
    """Return what carries lines out, on the servers that were started so far."""
    made = World()
    yield made
    await made.close()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def cluster(real_kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory, world: World) -> AsyncIterator[None]:
    """Make the platforms' namespaces on the control plane."""
    programs, manifests = tmp_path_factory.mktemp("programs"), tmp_path_factory.mktemp("manifests")
    write_manifests(manifests)
    world.programs = programs
    world.settings["KUBECONFIG"] = str(real_kubeconfig)
    for target in _targets():
        if isinstance(target, KubernetesTarget):
            known = {target.context_from: "admin", target.manifests_from: str(manifests)}
            world.settings |= {variable: value for variable, value in known.items() if variable}
    async with furnished(real_kubeconfig, programs) as pods:
        world.pods.update(pods)
        yield


@pytest.fixture(scope="package")
def databases(world: World) -> Iterator[Postgres]:
    """Start a server with a database for each platform."""
    with listening() as (server, host):
        for target in _targets():
            if isinstance(target, PostgresTarget):
                name = target.database or target.url_from.lower()
                create(server, name)
                world.settings[target.url_from] = f"postgresql://opsroom@{host}/{name}"
        yield server


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def cache(world: World) -> AsyncIterator[None]:
    """Start a cache, with a database for each platform and keys of all kinds that lines name."""
    with running_redis("--maxmemory", "100mb", "--slowlog-log-slower-than", "0") as server:
        variables = [target.url_from for target in _targets() if isinstance(target, RedisTarget)]
        for number, variable in enumerate(variables):
            world.settings[variable] = server.address(number)
            await fill(server.address(number))
        yield


@pytest.fixture(scope="package")
def metrics(world: World) -> Iterator[None]:
    """Start a store of metrics."""
    with running_prometheus(samples()) as server:
        for target in _targets():
            if isinstance(target, PrometheusTarget) and target.url_from:
                world.settings[target.url_from] = server.address
        yield


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def sites(world: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[None]:
    """Serve all web hosts."""
    async with serving(hosts(platforms()), cases(), tmp_path_factory.mktemp("sites")) as (servers, trusted):
        world.sites.update(servers)
        world.trusted = trusted
        yield


SERVERS = {
    TargetKind.KUBERNETES: "cluster",
    TargetKind.JOB: "cluster",
    TargetKind.POSTGRES: "databases",
    TargetKind.REDIS: "cache",
    TargetKind.PROMETHEUS: "metrics",
    TargetKind.HTTP: "sites",
}


@pytest.fixture
def server(request: pytest.FixtureRequest, case: Case) -> None:
    """Start what the test's line is carried out on, if it does not run yet."""
    started = request.getfixturevalue(SERVERS[case.kind])
    if isinstance(started, Postgres) and "pg_stat_statements" in case.text and not started.counts_statements:
        pytest.skip("This PostgreSQL has no pg_stat_statements: install the package postgresql-contrib.")


def _targets() -> list[Target]:
    return [target for platform in platforms() for target in platform.targets.values()]
