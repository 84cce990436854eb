"""The outside systems of the demo, and the environment in which the bot finds them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.runbooks.platforms import Platforms
from bot.runbooks.targets import HttpTarget, KubernetesTarget
from sandbox.cluster import Cluster, save_kubeconfig, serve
from sandbox.cluster.story import Story
from sandbox.demo.database import DATABASE, KEYS, fill
from sandbox.demo.social_live import SocialLive
from sandbox.targets import postgres, redis
from sandbox.targets.hosts import hosts
from sandbox.targets.prometheus import prometheus
from sandbox.targets.redis_twin import RedisTwin, redis_twin

PLATFORM = "social-live"
REAL, SIMULATED = "real", "simulated"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the outside systems: what it is called, and whether it is the real thing."""

    name: str
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Targets:
    """All of them: `environment` is for the bot, `social_live` can be broken, `filling` ends when all is there."""

    parts: Sequence[Part]
    environment: Mapping[str, str]
    social_live: SocialLive
    filling: "asyncio.Task[None]"


@asynccontextmanager
async def targets(platforms: Platforms, folder: Path) -> AsyncIterator[Targets]:
    """Run the outside systems while the block runs. Their files are in the folder, or where the system keeps such."""
    async with AsyncExitStack() as stack:
        cluster = await stack.enter_async_context(serve(Cluster()))
        story = Story(cluster)
        story.furnish()
        social_live = SocialLive(cluster, story)
        watch = asyncio.create_task(social_live.watch())
        stack.callback(watch.cancel)
        save_kubeconfig(cluster, folder / "kubeconfig")
        web = await stack.enter_async_context(hosts(social_live.pages()))
        metrics = await stack.enter_async_context(prometheus(social_live.gauges()))
        database = _database(stack)
        cache, address = await _cache(stack)
        filling = asyncio.create_task(_fill(database))
        stack.callback(filling.cancel)
        parts = [
            Part("Kubernetes", SIMULATED, "a small API server in the demo's process"),
            Part("PostgreSQL", *_said(database)),
            cache,
            Part("web hosts", SIMULATED, "the API is well when its pods are"),
            Part("Prometheus", SIMULATED, "answers the runbooks' queries"),
        ]
        environment = {
            **_clusters(platforms, folder),
            "OPSROOM_HOSTS": ",".join(f"{host}={web}" for host in _hosts(platforms)),
            "SOCIAL_LIVE_REDIS_URL": address,
            "SOCIAL_LIVE_PROMETHEUS_URL": metrics,
            **({"SOCIAL_LIVE_DATABASE_URL": database.address(DATABASE)} if database else {}),
        }
        yield Targets(parts, environment, social_live, filling)


def foreign(platforms: Platforms) -> set[str]:
    """Return the variables by which platforms' real systems are found: the demo's bot must know none of them."""
    named: set[str] = {"KUBECONFIG"}
    for target in (target for platform in platforms for target in platform.targets.values()):
        fields = ("url_from", "context_from", "manifests_from")
        named |= {name for field in fields if (name := getattr(target, field, None))}
        named |= set(target.secrets_from.values()) if isinstance(target, HttpTarget) else set()
    return named


def _clusters(platforms: Platforms, folder: Path) -> dict[str, str]:
    """Return the variables that lead all platforms' clusters to the demo's."""
    found = {"KUBECONFIG": str(folder / "kubeconfig")}
    for target in (target for platform in platforms for target in platform.targets.values()):
        if isinstance(target, KubernetesTarget):
            found |= {target.context_from: "admin"} if target.context_from else {}
            found |= {target.manifests_from: str(folder)} if target.manifests_from else {}
    return found


def _hosts(platforms: Platforms) -> list[str]:
    """Return all hosts that runbooks name: none of them is looked up."""
    every = (target for platform in platforms for target in platform.targets.values())
    return list(dict.fromkeys(host for target in every if isinstance(target, HttpTarget) for host in target.hosts))


def _database(stack: AsyncExitStack) -> postgres.Postgres | None:
    """Return a PostgreSQL server that is not started yet; None where there is none."""
    try:
        return stack.enter_context(postgres.prepared({"max_connections": "100"}))
    except RuntimeError:
        return None


async def _fill(server: postgres.Postgres | None) -> None:
    """Start the server and make what is in it."""
    if server is None:
        return
    await asyncio.to_thread(server.initialise)
    server.launch()  # on this thread: the server ends with the thread that starts it
    await asyncio.to_thread(server.wait)
    await asyncio.to_thread(fill, server)


def _said(server: postgres.Postgres | None) -> tuple[str, str]:
    if server is None:
        return "not there", "install the package postgresql to have one"
    return REAL, f"database {DATABASE}{'' if server.counts_statements else ', without pg_stat_statements'}"


async def _cache(stack: AsyncExitStack) -> tuple[Part, str]:
    """Start a Redis server, or a twin where there is none; return what it is and its address."""
    if redis.program() is None:
        twin = RedisTwin()
        twin.keys.update(KEYS)
        address = await stack.enter_async_context(redis_twin(twin))
        return Part("Redis", SIMULATED, "no redis-server was found"), address
    server = stack.enter_context(redis.prepared("--maxmemory", "256mb"))
    server.launch()
    await asyncio.to_thread(server.wait)
    await _keys(server.address())
    return Part("Redis", REAL, "with sessions and feeds"), server.address()


async def _keys(address: str) -> None:
    from redis.asyncio import Redis  # here, where there is a server

    client = Redis.from_url(address)
    await client.mset(dict(KEYS))
    await client.aclose()
