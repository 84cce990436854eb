"""The demo's platform: well at first, ill under the bad release, well again after going back by whatever way."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.operations.backend import Limits
from bot.operations.kubernetes.backend import KubernetesBackend
from bot.operations.kubernetes.connection import Cluster as Connection
from sandbox.cluster import Cluster, save_kubeconfig, serve
from sandbox.cluster.story import SOCIAL, Story
from sandbox.demo.social_live import SocialLive
from tests.operations.kubernetes.lines import operation

PATIENCE = 20.0


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    async with serve(Cluster()) as served:
        yield served


@pytest.fixture
async def social_live(cluster: Cluster) -> AsyncIterator[SocialLive]:
    story = Story(cluster)
    story.furnish()
    made = SocialLive(cluster, story)
    watch = asyncio.create_task(made.watch())
    async with asyncio.timeout(PATIENCE):
        await made.up()
    yield made
    watch.cancel()


def health(social_live: SocialLive) -> int:
    return social_live.pages()["api.yourdomain.com/health"]()[0]


def errors(social_live: SocialLive) -> float:
    return social_live.gauges()[0].value(time.time())


async def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"it did not happen in {PATIENCE:g} s"
        await asyncio.sleep(0.02)


async def until_health(social_live: SocialLive, status: int) -> None:
    await until(lambda: health(social_live) == status)


async def test_it_is_well_at_first(social_live: SocialLive) -> None:
    assert (health(social_live), social_live.is_broken) == (200, False)
    assert errors(social_live) < 1


async def test_a_bad_release_takes_two_of_three_pods(social_live: SocialLive) -> None:
    social_live.break_it()
    await until_health(social_live, 503)
    assert social_live.is_broken
    await until(lambda: errors(social_live) > 5 and social_live.ready > 0.3)
    assert social_live.ready == pytest.approx(1 / 3)
    social_live.mend_it()
    await until_health(social_live, 200)
    assert not social_live.is_broken


async def test_what_was_is_remembered_as_it_was(social_live: SocialLive) -> None:
    before = time.time() - 600
    social_live.break_it()
    await until_health(social_live, 503)
    assert social_live.gauges()[0].value(before) < 1


async def test_an_undo_by_anybody_heals_it(social_live: SocialLive, cluster: Cluster, tmp_path: Path) -> None:
    social_live.break_it()
    await until_health(social_live, 503)
    path = tmp_path / "config"
    save_kubeconfig(cluster, path)
    connection = Connection(path)
    backend = KubernetesBackend(connection, SOCIAL)
    await backend.run(operation("kubectl rollout undo deployment/backend"), Limits(seconds=20))
    await until_health(social_live, 200)
    assert not social_live.is_broken
    await backend.close()
    await connection.close()
