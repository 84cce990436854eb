"""What a plan asks before a job: the server tries to make it, and keeps nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.job.backend import JobBackend
from bot.operations.job.nouns import IsSet, Job
from bot.operations.job.toolbox import Toolbox
from bot.operations.kubernetes.connection import Cluster
from tests.cluster.hands import Hands


@pytest.fixture
async def connection(kubeconfig: Path) -> AsyncIterator[Cluster]:
    opened = Cluster(kubeconfig)
    yield opened
    await opened.close()


async def test_the_server_tries_a_job_and_keeps_nothing(connection: Cluster, hands: Hands) -> None:
    backend = JobBackend(connection, Toolbox(hands.namespace, image="tools:1", programs=("npm",)))
    tried = await backend.dry_run(Job("npm", ("run", "build")), Limits())
    assert tried.text.startswith("job.batch/opsroom-npm-")
    assert await hands.listed("jobs") == []
    with pytest.raises(TargetRefused, match="node is not run here"):
        await backend.dry_run(Job("node", ()), Limits())
    with pytest.raises(TargetRefused, match="runs no program"):
        await backend.dry_run(IsSet("NAME"), Limits())


async def test_what_the_server_would_refuse_is_known_before(connection: Cluster, hands: Hands) -> None:
    nobody = JobBackend(connection, Toolbox(hands.namespace, deployment="nobody"))
    with pytest.raises(TargetRefused, match="There is no deployment nobody"):
        await nobody.dry_run(Job("npm", ("test",)), Limits())
    wrong = JobBackend(connection, Toolbox(hands.namespace, image="tools:1", memory="a lot"))
    with pytest.raises(TargetRefused):
        await wrong.dry_run(Job("npm", ("test",)), Limits())
