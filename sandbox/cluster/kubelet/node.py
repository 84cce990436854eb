"""The node: which pods it runs, and how they are found."""

import asyncio
import itertools
from typing import Any

from sandbox.cluster.kubelet.container import Container
from sandbox.cluster.kubelet.images import Images
from sandbox.cluster.kubelet.pod import PodRun
from sandbox.cluster.kubelet.ports import Api

Thing = dict[str, Any]


class Node:
    """Runs every pod that has a node, whichever: one stands in for all."""

    def __init__(self, api: Api, images: Images | None = None) -> None:
        self.images = images or Images()
        self._api = api
        self._runs: dict[str, PodRun] = {}
        self._addresses = (f"10.244.{third}.{last}" for third, last in itertools.product(range(255), range(1, 255)))

    def see(self, pod: Thing) -> None:
        """Take note of a pod as it is now: run it, or let it end."""
        meta = pod["metadata"]
        if not pod["spec"].get("nodeName"):
            return
        run = self._runs.get(meta["uid"])
        over = pod.get("status", {}).get("phase") in {"Succeeded", "Failed"}
        if run is None and (not over or meta.get("deletionTimestamp")):
            run = self._runs[meta["uid"]] = PodRun(pod, self._api, self.images, next(self._addresses))
        if run is not None:
            run.pod = pod
            if meta.get("deletionTimestamp"):
                run.end(0.0 if over else float(meta.get("deletionGracePeriodSeconds") or 0))

    async def lost(self, pod: Thing) -> None:
        """Take note that a pod is no longer there."""
        run = self._runs.pop(pod["metadata"]["uid"], None)
        if run is not None:
            await run.close()

    def container(self, namespace: str, pod: str, name: str = "") -> Container | None:
        """Return a container of a pod that runs here, or ran and was not removed."""
        runs = [run for run in self._runs.values() if run.name == (namespace, pod)]
        return runs[-1].container(name) if runs else None

    async def close(self) -> None:
        """Let go of all pods at once."""
        runs, self._runs = list(self._runs.values()), {}
        await asyncio.gather(*(run.close() for run in runs))
