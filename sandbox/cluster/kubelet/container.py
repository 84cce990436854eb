"""One container of a pod: its runs, one after the other, and the state that a kubelet reports of it."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.cluster.kubelet import notes
from sandbox.cluster.kubelet.images import Fate
from sandbox.cluster.kubelet.journal import Journal
from sandbox.cluster.kubelet.moments import stamp
from sandbox.cluster.kubelet.process import Ending, NoSuchProgramError, Process, program
from sandbox.cluster.kubelet.quantities import quantity

Thing = dict[str, Any]
Tell = Callable[[str, str, str], Awaitable[None]]
"""Takes the kind, reason and message of an event."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 300.0  # seconds between restarts; a kubelet starts with 10
_CHUNK = 65_536


@dataclass
class Container:
    """A container; `changed` is called when its state has, `tell` records an event about it."""

    pod: Thing
    spec: Thing
    fate: Fate
    changed: Callable[[], Awaitable[None]]
    tell: Tell
    programs: Path | None = None
    command: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    state: Thing = field(default_factory=lambda: {"waiting": {"reason": "ContainerCreating"}})
    last: Thing = field(default_factory=dict)
    restarts: int = 0
    ready: bool = False
    journal: Journal = field(default_factory=Journal)
    previous: Journal | None = None
    process: Process | None = None
    _last_ending: Ending | None = None
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while no process of its own runs."""

    def __post_init__(self) -> None:
        self.idle.set()

    @property
    def name(self) -> str:
        """Its name within the pod."""
        return str(self.spec["name"])

    @property
    def exit_code(self) -> int | None:
        """The exit code of its last run; None while it runs or will run again."""
        return self.state["terminated"]["exitCode"] if "terminated" in self.state else None

    @property
    def started(self) -> bool:
        """Whether it ever ran."""
        return bool(self.last) or "waiting" not in self.state

    def status(self) -> Thing:
        """Return what a kubelet reports."""
        known = {"imageID": f"docker-pullable://{self.spec['image']}", "containerID": f"stand-in://{self.name}"}
        return {
            "name": self.name,
            "image": self.spec["image"],
            **(known if self.started else {"imageID": ""}),
            "state": self.state,
            "lastState": self.last,
            "ready": self.ready,
            "started": "running" in self.state,
            "restartCount": self.restarts,
        }

    async def wait_for_ever(self, reason: str, message: str) -> None:
        """Stay as it is, with a reason: nothing can be started."""
        self.state = {"waiting": {"reason": reason, "message": message}}
        await self.changed()
        await asyncio.Event().wait()

    async def run(self) -> None:
        """Run until its last run has ended, which for most containers is never."""
        if self.fate is Fate.MISSING:
            await self._pull_in_vain()
        await self.tell("Normal", "Pulled", f'Container image "{self.spec["image"]}" already present on machine')
        policy = self.pod["spec"].get("restartPolicy", "Always")
        while True:
            started = time.time()
            ending = await self._once(policy)
            await self._ended(ending, started)
            if policy == "Never" or (policy == "OnFailure" and ending.code == 0):
                await self.changed()
                return
            await self._back_off()

    def cut_off(self) -> None:
        """Count it as ended: its pod is, because it ran for longer than it may or was asked to end."""
        if "running" in self.state:
            code = self._last_ending.code if self._last_ending else 137
            ended = {"exitCode": code, "reason": "Error" if code else "Completed", "finishedAt": stamp(time.time())}
            self.state = {"terminated": {**self.state["running"], **ended}}
        self.ready = False

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to its process, if it has one."""
        if self.process is not None:
            self.process.signal(number)

    async def _pull_in_vain(self) -> None:
        image = self.spec["image"]
        why = f'rpc error: code = NotFound desc = failed to pull and unpack image "{image}": not found'
        self.state = {"waiting": {"reason": "ErrImagePull", "message": why}}
        await self.changed()
        await self.tell("Warning", "Failed", f'Failed to pull image "{image}": {why}')
        await self.tell("Warning", "BackOff", f'Back-off pulling image "{image}"')
        await self.wait_for_ever("ImagePullBackOff", f'Back-off pulling image "{image}"')

    async def _once(self, policy: str) -> Ending:
        """Do one run and return how it ended."""
        self.journal = self._scripted(notes.LOG)
        if self.fate is Fate.BROKEN:
            return Ending(1)
        if self.fate is Fate.OOM:
            return Ending(137, out_of_memory=True)
        if self.command and (policy != "Always" or self._scripted_program()):
            return await self._started()
        await self._is_running()
        if policy == "Always":
            await asyncio.Event().wait()
        return Ending(0)

    async def _started(self) -> Ending:
        limit = ((self.spec.get("resources") or {}).get("limits") or {}).get("memory")
        memory = int(quantity(limit)) if limit else None
        try:
            process = await Process.start(self.command, self.programs, self.variables, memory=memory)
        except NoSuchProgramError as error:
            return await self._not_started(f"failed to create containerd task: OCI runtime create failed: {error}")
        self.process = process
        self.idle.clear()
        pumping = asyncio.create_task(self._pump(process))
        try:
            await self._is_running()
            self._last_ending = await process.ended()
            return self._last_ending
        finally:
            process.signal(signal.SIGKILL)
            await pumping
            self.process = None
            self.idle.set()

    async def _not_started(self, why: str) -> Ending:
        self.journal = Journal()
        await self.tell("Warning", "Failed", f"Error: {why}")
        self.state = {"terminated": {"message": why}}
        return Ending(128)

    async def _pump(self, process: Process) -> None:
        while data := await process.stdout.read(_CHUNK):
            self.journal.write(data, time.time())
        self.journal.end(time.time())

    async def _is_running(self) -> None:
        self.state = {"running": {"startedAt": stamp(time.time())}}
        self.ready = self.fate is not Fate.UNREADY
        await self.changed()
        await self.tell("Normal", "Started", f"Started container {self.name}")
        if not self.ready:
            await self.tell("Warning", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503")

    async def _ended(self, ending: Ending, started: float) -> None:
        why = self.state.get("terminated", {}).get("message")
        reason = "OOMKilled" if ending.out_of_memory else "Completed" if ending.code == 0 else "Error"
        self.state = {
            "terminated": {
                "exitCode": ending.code,
                "reason": "StartError" if why else reason,
                "startedAt": stamp(started),
                "finishedAt": stamp(time.time()),
                **({"message": why} if why else {}),
            }
        }
        self.ready = False

    async def _back_off(self) -> None:
        pause = min(_FIRST_PAUSE * 2**self.restarts, _LONGEST_PAUSE)
        scripted = notes.note(self.pod, notes.PREVIOUS_LOG)
        self.previous = self._scripted(notes.PREVIOUS_LOG) if scripted else self.journal
        self.last, self.restarts = self.state, self.restarts + 1
        where = f"{self.name} in pod {self.pod['metadata']['name']}_{self.pod['metadata']['namespace']}"
        message = f"back-off {round(pause * 50)}s restarting failed container={where}"
        self.state = {"waiting": {"reason": "CrashLoopBackOff", "message": message}}
        await self.changed()
        await self.tell("Warning", "BackOff", "Back-off restarting failed container")
        await asyncio.sleep(pause)

    def _scripted(self, name: str) -> Journal:
        """Return the log that a note scripts: for all containers, or for this one by its name behind the note's."""
        text = notes.note(self.pod, f"{name}.{self.name}", notes.note(self.pod, name))
        return Journal.scripted(text, time.time(), int(notes.note(self.pod, notes.LOG_REPEAT, "1")))

    def _scripted_program(self) -> bool:
        try:
            program(self.command, self.programs)
        except NoSuchProgramError:
            return False
        return True
