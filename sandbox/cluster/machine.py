"""The node beside the store: pods are run as soon as they are placed, and what becomes of them is put back."""

import asyncio
from typing import Any

from sandbox.cluster.control.hands import set_status, tell, with_conditions
from sandbox.cluster.kinds import Kind
from sandbox.cluster.kubelet.images import Images
from sandbox.cluster.kubelet.node import Node
from sandbox.cluster.store import Store

Thing = dict[str, Any]


class Machine:
    """Runs the pods of a store; what the kubelet's port asks for."""

    def __init__(self, store: Store, images: Images) -> None:
        self._store = store
        self._pods = store.kinds.get("pods")
        self.node = Node(self, images)
        self._leaving: set[asyncio.Task[None]] = set()
        store.hear(self._hear)

    async def look(self, plural: str, namespace: str, name: str) -> Thing | None:
        """Return an object of the core group."""
        return self._store.find(self._store.kinds.get(plural), namespace, name)

    async def report(self, pod: Thing, status: Thing) -> None:
        """Merge this into a pod's status."""
        there = self._there(pod)
        if there is not None:
            conditions = with_conditions(there["status"], status["conditions"])
            set_status(self._store, self._pods, there, {**there["status"], **status, "conditions": conditions})

    async def remove(self, pod: Thing) -> None:
        """Remove a pod that has ended."""
        there = self._there(pod)
        if there is not None:
            self._store.remove(self._pods, there)

    async def event(self, pod: Thing, kind: str, reason: str, message: str) -> None:
        """Record an event about a pod."""
        if self._there(pod) is not None:
            tell(self._store, self._pods, pod, kind, reason, message, "kubelet")

    async def close(self) -> None:
        """Let go of all pods."""
        await self.node.close()
        await asyncio.gather(*self._leaving)

    def _there(self, pod: Thing) -> Thing | None:
        """Return the pod as it is now, if it is still the same one."""
        meta = pod["metadata"]
        found = self._store.find(self._pods, meta["namespace"], meta["name"])
        return found if found is not None and found["metadata"]["uid"] == meta["uid"] else None

    def _hear(self, what: str, kind: Kind, thing: Thing) -> None:
        if kind is not self._pods:
            return
        if what == "DELETED":
            leaving = asyncio.create_task(self.node.lost(thing))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)
        else:
            self.node.see(thing)
