"""A backend in the namespace of each test, and what carries a line out on it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.operations.backend import Limits
from bot.operations.kubernetes.backend import KubernetesBackend
from bot.operations.kubernetes.connection import Cluster
from bot.operations.output import Output
from tests.cluster.hands import Hands
from tests.operations.kubernetes.lines import operation

Run = Callable[..., Awaitable[Output]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a platform, for manifests."""
    path = tmp_path / "platform"
    path.mkdir()
    return path


@pytest.fixture
async def backend(kubeconfig: Path, hands: Hands, folder: Path) -> AsyncIterator[KubernetesBackend]:
    """Return the admin's backend."""
    made = KubernetesBackend(Cluster(kubeconfig), hands.namespace, folder)
    yield made
    await made.close()


@pytest.fixture
async def bot(bot_kubeconfig: Path, hands: Hands) -> AsyncIterator[KubernetesBackend]:
    """Return the backend of a user without rights."""
    made = KubernetesBackend(Cluster(bot_kubeconfig), hands.namespace)
    yield made
    await made.close()


@pytest.fixture
def run(backend: KubernetesBackend) -> Run:
    """Return what carries a line out."""

    async def carry_out(line: str, limits: Limits | None = None) -> Output:
        return await backend.run(operation(line), limits or Limits(seconds=30))

    return carry_out
