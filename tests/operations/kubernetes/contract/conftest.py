"""A backend in the namespace of each test, and what carries a line out on it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.operations.backend import Limits
from bot.operations.changing import Deed, Foresight
from bot.operations.kubernetes.backend import KubernetesBackend
from bot.operations.kubernetes.connection import Cluster
from bot.operations.output import Output
from tests.cluster.hands import Hands
from tests.operations.kubernetes.lines import operation

Run = Callable[..., Awaitable[Output]]
Foresee = Callable[[str], Awaitable[Foresight]]


class Deeds:
    """Deeds that write down what they note, so that a later try of the same one finds it."""

    def __init__(self) -> None:
        self.noted: dict[str, Any] = {}

    def deed(self, identity: str = "request-1") -> Deed:
        """Return a deed as it stands now."""

        async def note(value: Any) -> None:
            self.noted[identity] = json.loads(json.dumps(value))

        return Deed(identity, note, self.noted.get(identity))


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


@pytest.fixture
def foresee(backend: KubernetesBackend) -> Foresee:
    """Return what foresees a line."""

    async def foresee_line(line: str) -> Foresight:
        return await backend.foresee(operation(line), Limits(seconds=30))

    return foresee_line


@pytest.fixture
def deeds() -> Deeds:
    """Return the deeds of one test."""
    return Deeds()
