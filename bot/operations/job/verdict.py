"""How a job stands, read from its pod: it waits, it runs, it has ended, or it never will."""

from dataclasses import dataclass
from typing import Any

from bot.errors import TargetRefused
from bot.operations.output import Output

Json = dict[str, Any]
_HOPELESS = {
    "ImagePullBackOff": "its image cannot be pulled",
    "InvalidImageName": "the name of its image is none",
    "ErrImageNeverPull": "its image is not on the node, and may not be pulled",
    "CreateContainerConfigError": "its environment names something that is not there",
    "CreateContainerError": "its container cannot be made",
    "RunContainerError": "its container cannot be started",
}


class JobFailed(TargetRefused):
    """A job that was ended before its program ended by itself, or never began; `output` is what it said until then."""

    def __init__(self, sentence: str, output: Output) -> None:
        super().__init__(sentence)
        self.output = output


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code` is the exit code of the program, None while there is none; `fault` says why there is none to come.

    `begun` says that there is a log; `waits` why the program does not run yet, as a clause.
    """

    code: int | None = None
    fault: str = ""
    begun: bool = False
    waits: str = ""

    @property
    def final(self) -> bool:
        """Whether nothing more is to come."""
        return self.code is not None or bool(self.fault)


def verdict(job: Json, pod: Json | None, program: str, memory: str) -> Verdict:
    """Return how a job stands; `memory` is what its program may have."""
    failed = _condition(job, "Failed")
    if pod is None:
        return Verdict(fault=lost(failed, program)) if failed else Verdict(waits="its pod was not made yet")
    fault = _stopped(failed, pod["status"], program)
    if fault:
        return Verdict(fault=fault, begun=_began(pod))
    return _by_container(failed, pod, program, memory)


def _stopped(failed: Json, status: Json, program: str) -> str:
    """Return who stopped the pod as a whole, as a clause; "" when nobody did."""
    if "DeadlineExceeded" in {status.get("reason"), failed.get("reason")}:
        return too_long(program)
    if status.get("reason") == "Evicted":
        return f"{program} was evicted from its node: {_short(status.get('message') or 'no reason is given')}"
    return ""


def _by_container(failed: Json, pod: Json, program: str, memory: str) -> Verdict:
    state = _state(pod)
    if pod["metadata"].get("deletionTimestamp"):
        return Verdict(fault=lost(failed, program), begun=_began(pod))
    if "terminated" in state:
        return _ended(state["terminated"], program, memory)
    if "waiting" in state:
        return _waiting(state["waiting"], program)
    if "running" in state:
        return Verdict(begun=True)
    if failed:
        return Verdict(fault=lost(failed, program))
    return Verdict(waits=_unscheduled(pod))


def _ended(terminated: Json, program: str, memory: str) -> Verdict:
    reason, message = terminated.get("reason"), str(terminated.get("message") or "")
    if reason == "OOMKilled":
        return Verdict(fault=f"{program} needed more than {memory} of memory and was killed (OOMKilled)", begun=True)
    if reason in {"StartError", "ContainerCannotRun"}:
        missing = "executable file not found" in message or "no such file or directory" in message
        why = "the image has no such program" if missing else _short(message)
        return Verdict(fault=f"{program} could not be started: {why}")
    return Verdict(code=int(terminated["exitCode"]), begun=True)


def _waiting(waiting: Json, program: str) -> Verdict:
    reason, message = str(waiting.get("reason") or ""), _short(str(waiting.get("message") or ""))
    if reason in _HOPELESS:
        why = f"{_HOPELESS[reason]} ({reason})"
        return Verdict(fault=f"{program} did not run: {why}{f': {message}' if message else ''}")
    return Verdict(waits=f"its container waits ({reason})" if reason else "its container waits")


def _unscheduled(pod: Json) -> str:
    condition = _condition(pod, "PodScheduled", "False")
    if condition.get("reason") == "Unschedulable":
        return f"no node takes it ({_short(condition.get('message') or '')})"
    return "its pod waits for a node"


def lost(failed: Json, program: str) -> str:
    """Return what to say of a program whose pod is gone; `failed` is the condition of its job, if it has one.

    Kubernetes before 1.26 puts a new pod in the place of a deleted one at once, whatever the job's backoffLimit.
    """
    if failed.get("reason") == "DeadlineExceeded":
        return too_long(program)
    ended = f"{program} was ended by somebody or something else: its pod was taken away"
    return ended if failed else f"{ended}. The cluster may have begun to start it once more before it was stopped"


def too_long(program: str) -> str:
    """Return what to say of a program that was stopped because of its time limit."""
    return f"{program} did not end within its time and was stopped"


def _began(pod: Json) -> bool:
    return bool({"running", "terminated"} & _state(pod).keys())


def _state(pod: Json) -> Json:
    statuses = pod.get("status", {}).get("containerStatuses") or [{}]
    state: Json = statuses[0].get("state") or {}
    return state


def _condition(thing: Json, kind: str, holds: str = "True") -> Json:
    conditions: list[Json] = thing.get("status", {}).get("conditions") or []
    return next((found for found in conditions if found["type"] == kind and found["status"] == holds), {})


def _short(message: str) -> str:
    return " ".join(message.split())[:200].rstrip(".")
