"""One pod on the node: its containers from the first to the last state, its deadline and its end."""

import asyncio
import signal
import time
from pathlib import Path
from typing import Any

from sandbox.cluster.kubelet import environment, notes
from sandbox.cluster.kubelet.container import Container
from sandbox.cluster.kubelet.environment import ConfigMissingError
from sandbox.cluster.kubelet.images import Images
from sandbox.cluster.kubelet.moments import stamp
from sandbox.cluster.kubelet.ports import Api

Thing = dict[str, Any]
_READY_AFTER = "0.1"


class PodRun:
    """A pod that this node runs."""

    def __init__(self, pod: Thing, api: Api, images: Images, address: str) -> None:
        self.pod, self._api, self._address = pod, api, address
        self.containers = [
            Container(pod, spec, images.fate(spec["image"]), self.report, self._tell)
            for spec in pod["spec"]["containers"]
        ]
        self.programs: Path | None = None
        self._start = time.time()
        self._overdue = False
        self._reporting = asyncio.Lock()
        self._working = asyncio.create_task(self._work())
        self._ending: asyncio.Task[None] | None = None

    @property
    def name(self) -> tuple[str, str]:
        """Its namespace and name."""
        return self.pod["metadata"]["namespace"], self.pod["metadata"]["name"]

    def container(self, name: str) -> Container | None:
        """Return one of its containers; its only one for the name ""."""
        named = [found for found in self.containers if found.name == name or not name]
        return named[0] if named else None

    def end(self, grace: float) -> None:
        """Let it end, within so many seconds, and remove it from the API; asking twice is asking once."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._end(grace))

    async def close(self) -> None:
        """Let go of it at once."""
        for task in filter(None, (self._ending, self._working)):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def report(self) -> None:
        """Tell the API how it is."""
        async with self._reporting:
            await self._api.report(self.pod, self._status())

    async def _work(self) -> None:
        limit = self.pod["spec"].get("activeDeadlineSeconds")
        try:
            async with asyncio.timeout(limit):
                await asyncio.sleep(float(notes.note(self.pod, notes.READY_AFTER, _READY_AFTER)))
                async with asyncio.TaskGroup() as containers:
                    for container in self.containers:
                        containers.create_task(self._contain(container))
        except TimeoutError:
            self._overdue = True
            for container in self.containers:
                container.cut_off()
            await self.report()

    async def _contain(self, container: Container) -> None:
        """Find out what a container runs, and run it."""
        namespace = await self._api.look("namespaces", "", self.name[0])
        folder = notes.note(namespace or {}, notes.PROGRAMS)
        self.programs = container.programs = Path(folder) if folder else None
        try:
            container.variables = await environment.variables(self.pod, container.spec, self._api.look)
        except ConfigMissingError as error:
            await container.wait_for_ever("CreateContainerConfigError", str(error))
        container.command = environment.command(container.spec, container.variables)
        await container.run()

    async def _end(self, grace: float) -> None:
        await self._tell("Normal", "Killing", f"Stopping container {self.containers[0].name}")
        for container in self.containers:
            container.signal(signal.SIGTERM)
        ended = asyncio.gather(
            asyncio.sleep(float(notes.note(self.pod, notes.STOP_AFTER, "0"))),
            *(container.idle.wait() for container in self.containers),
        )
        await asyncio.wait([ended], timeout=grace)
        ended.cancel()
        self._working.cancel()
        await asyncio.gather(self._working, return_exceptions=True)
        for container in self.containers:
            container.cut_off()
        await self.report()  # whoever made the pod must see how it ended, before it is gone
        await self._api.remove(self.pod)

    async def _tell(self, kind: str, reason: str, message: str) -> None:
        await self._api.event(self.pod, kind, reason, message)

    def _status(self) -> Thing:
        phase = self._phase()
        ready = all(container.ready for container in self.containers) and phase == "Running"
        unready = [container.name for container in self.containers if not container.ready]
        why = {"reason": "PodCompleted"} if phase == "Succeeded" else {"reason": "ContainersNotReady"}
        why["message"] = f"containers with unready status: [{' '.join(unready)}]"
        status: Thing = {
            "phase": phase,
            "hostIP": "127.0.0.1",
            "podIP": self._address,
            "podIPs": [{"ip": self._address}],
            "startTime": stamp(self._start),
            "containerStatuses": [container.status() for container in self.containers],
            "conditions": [
                {"type": "Initialized", "status": "True", "lastTransitionTime": stamp(self._start)},
                _condition("Ready", ready, why),
                _condition("ContainersReady", ready, why),
            ],
        }
        if self._overdue:
            status["reason"] = "DeadlineExceeded"
            status["message"] = "Pod was active on the node longer than the specified deadline"
        return status

    def _phase(self) -> str:
        if self._overdue:
            return "Failed"
        codes = [container.exit_code for container in self.containers]
        if all(code is not None for code in codes):
            return "Failed" if any(codes) else "Succeeded"
        return "Running" if any(container.started for container in self.containers) else "Pending"


def _condition(kind: str, holds: bool, why: Thing) -> Thing:  # noqa: FBT001 - a condition is a name and whether it holds
    more = {} if holds else why
    return {"type": kind, "status": str(holds), "lastTransitionTime": stamp(time.time()), **more}
