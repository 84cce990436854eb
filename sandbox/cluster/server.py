"""A whole cluster, served over HTTP on loopback."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from sandbox.cluster.access import MASTERS, User
from sandbox.cluster.api.dispatch import Dispatch
from sandbox.cluster.control.loop import Loop
from sandbox.cluster.kinds import Kinds
from sandbox.cluster.kubelet.images import Images
from sandbox.cluster.kubelet.moments import stamp
from sandbox.cluster.machine import Machine
from sandbox.cluster.store import Store

Thing = dict[str, Any]
NODES = ("node-1", "node-2")
_MOST_BYTES = 16 * 1024 * 1024


class Cluster:
    """A cluster in this process; `url` is its address while it is served.

    The user `admin` may do everything, `bot` of the group `opsroom` what roles allow him.
    """

    def __init__(self, nodes: Sequence[str] = NODES) -> None:
        self.store = Store(Kinds())
        self.images = Images()
        self.tokens = {"admin": secrets.token_hex(16), "bot": secrets.token_hex(16)}
        self.url = ""
        self.machine = Machine(self.store, self.images)
        self.dispatch = Dispatch(self.store, self.machine.node, self._users())
        self._loop = Loop(self.store)
        for name in nodes:
            self._add("nodes", {"metadata": _node_meta(name), "spec": {}, "status": node_status(name)})
        for name in ("default", "kube-system"):
            self._add("namespaces", {"metadata": {"name": name}, "spec": {}, "status": {"phase": "Active"}})

    def kubeconfig(self) -> str:
        """Return a kubeconfig with a context for each user, of the user's name; `admin` is the current one."""
        return yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "sandbox", "cluster": {"server": self.url}}],
                "users": [{"name": name, "user": {"token": token}} for name, token in self.tokens.items()],
                "contexts": [{"name": name, "context": {"cluster": "sandbox", "user": name}} for name in self.tokens],
                "current-context": "admin",
            }
        )

    async def run(self) -> None:
        """Run the controllers for ever."""
        await self._loop.run()

    async def close(self) -> None:
        """Let go of all pods."""
        await self.machine.close()

    def _users(self) -> dict[str, User]:
        groups = {"admin": MASTERS, "bot": "opsroom"}
        return {self.tokens[name]: User(name, (group,)) for name, group in groups.items()}

    def _add(self, plural: str, thing: Thing) -> None:
        kind = self.store.kinds.get(plural)
        self.store.add(kind, self.store.complete(kind, "", thing))


@asynccontextmanager
async def serve(cluster: Cluster, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[Cluster]:
    """Serve a cluster for the duration of the block; port 0 takes any free one."""
    app = web.Application(client_max_size=_MOST_BYTES)
    app.router.add_route("*", "/{path:.*}", cluster.dispatch.handle)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.5)
    await runner.setup()
    running = asyncio.create_task(cluster.run())
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        cluster.url = f"http://{host}:{runner.addresses[0][1]}"
        yield cluster
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await runner.cleanup()
        await cluster.close()


def save_kubeconfig(cluster: Cluster, path: Path) -> None:
    """Write the kubeconfig to a file that only its owner can read."""
    path.touch(mode=0o600)
    path.write_text(cluster.kubeconfig(), encoding="utf-8")


def _node_meta(name: str) -> Thing:
    return {"name": name, "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"}}


def node_status(name: str, port: int = 0) -> Thing:
    """Return the status of a node that is ready; its kubelet answers at that port of this machine."""
    capacity = {"cpu": "8", "memory": "16Gi", "pods": "500", "ephemeral-storage": "100Gi"}
    conditions = {"Ready": "True", "MemoryPressure": "False", "DiskPressure": "False", "PIDPressure": "False"}
    unknown = ("machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "kubeProxyVersion")
    now = stamp(time.time())
    return {
        "capacity": capacity,
        "allocatable": capacity,
        "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}, {"type": "Hostname", "address": name}],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": port}},
        "conditions": [
            {
                "type": kind,
                "status": holds,
                "reason": f"Kubelet{kind}",
                "lastHeartbeatTime": now,
                "lastTransitionTime": now,
            }
            for kind, holds in conditions.items()
        ],
        "nodeInfo": {
            **dict.fromkeys(unknown, ""),
            "kubeletVersion": "v1.20.2",
            "containerRuntimeVersion": "stand-in://1",
            "operatingSystem": "linux",
            "architecture": "amd64",
        },
    }
