"""A cluster that measures nothing, and one that is large."""

from pathlib import Path

import pytest

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.kubernetes.backend import KubernetesBackend
from bot.operations.kubernetes.connection import Cluster as Connection
from sandbox.cluster import Cluster, save_kubeconfig, serve
from tests.cluster.hands import Hands
from tests.operations.kubernetes.lines import operation


async def test_without_a_metrics_server_top_says_so(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    async with serve(Cluster()) as cluster:
        cluster.dispatch.metrics = False
        save_kubeconfig(cluster, path)
        backend = KubernetesBackend(Connection(path), "default")
        with pytest.raises(TargetRefused, match="metrics"):
            await backend.run(operation("kubectl top nodes"), Limits())
        await backend.close()


async def test_a_thousand_pods_become_ready(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    async with serve(Cluster()) as cluster:
        save_kubeconfig(cluster, path)
        hands = Hands(path, "default")
        await hands.deploy("many", replicas=1000)
        await hands.available("many")
        await hands.close()
