"""`python -m tests.cluster.node KUBECONFIG FOLDER`: run the nodes of a control plane until SIGTERM.

Writes `node.ready` into the folder as soon as pods can be scheduled.
"""

import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from sandbox.cluster.kubelet.node import Node
from tests.cluster.node.client import Client
from tests.cluster.node.kubelet import Kubelet, serving

NODES = ("node-1", "node-2")
_BEAT = 10.0  # seconds between two signs of life


async def main(kubeconfig: Path, folder: Path) -> None:
    """Serve, register, and run pods."""
    async with Client(kubeconfig) as client:
        node = Node(client)
        async with serving(Kubelet(node, client).application(), folder) as port:
            for name in NODES:
                await client.register(name, port)
            await _offer_metrics(client, port)
            async with asyncio.TaskGroup() as group:
                group.create_task(_stay_alive(client))
                group.create_task(_run_pods(client, node))
                (folder / "node.ready").touch()


async def _run_pods(client: Client, node: Node) -> None:
    try:
        async for what, pod in client.watch():
            if what == "DELETED":
                await node.lost(pod)
            else:
                node.see(pod)
    finally:
        await node.close()


async def _stay_alive(client: Client) -> None:
    while True:
        for name in NODES:
            await client.renew(name)
        await asyncio.sleep(_BEAT)


async def _offer_metrics(client: Client, port: int) -> None:
    """Register this process as the metrics server, behind the aggregation layer."""
    spec = {"type": "ExternalName", "externalName": "localhost", "ports": [{"port": port}]}
    services = "/api/v1/namespaces/kube-system/services"
    await client.call("POST", services, {"metadata": {"name": "metrics-server"}, "spec": spec})
    service = {
        "group": "metrics.k8s.io",
        "version": "v1beta1",
        "groupPriorityMinimum": 100,
        "versionPriority": 100,
        "insecureSkipTLSVerify": True,
        "service": {"namespace": "kube-system", "name": "metrics-server", "port": port},
    }
    name = {"metadata": {"name": "v1beta1.metrics.k8s.io"}}
    await client.call("POST", "/apis/apiregistration.k8s.io/v1/apiservices", {**name, "spec": service})


async def _until_stopped(kubeconfig: Path, folder: Path) -> None:
    work = asyncio.create_task(main(kubeconfig, folder))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work


if __name__ == "__main__":
    asyncio.run(_until_stopped(Path(sys.argv[1]), Path(sys.argv[2])))
