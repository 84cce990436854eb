"""Tripwires: what the workspace is asked, call by call, and what a test does at one of them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack import Workspace
from sandbox.slack.calls import Call, Calls
from sandbox.slack.faults import Fault, Faults
from sandbox.slack.refusals import Json


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A moment in the life of a call: `asked` is before Slack does the work, `done` before its answer leaves.

    `method` names the kind of message as well, as in `chat.postMessage header`; `number` counts these calls since the
    tripwire was set, from 1.
    """

    method: str
    number: int
    stage: str

    def __str__(self) -> str:
        return f"{self.method} {self.number} {self.stage}"


TOLD = Moment("response_url", 1, "done")
"""The declarer has read that the room is open."""


class Tripwire:
    """Sees every call to a workspace. Set it, and it calls `sprung` once, at that moment."""

    def __init__(self, workspace: Workspace) -> None:
        self.seen: list[Moment] = []
        self._counts: Counter[tuple[str, str]] = Counter()
        self._at: Moment | None = None
        self._sprung: Callable[[], object] = lambda: None
        workspace.faults = _Faults(self)
        workspace.calls = _Calls(self)

    def set(self, at: Moment | None, sprung: Callable[[], object]) -> None:
        """Begin to count anew."""
        self.seen.clear()
        self._counts.clear()
        self._at, self._sprung = at, sprung

    @property
    def is_sprung(self) -> bool:
        """Whether the moment has come."""
        return self._at in self.seen

    def note(self, method: str, args: Json, stage: str) -> None:
        """Note one moment."""
        what = f"{method} {kind}" if (kind := _kind(args)) else method
        self._counts[what, stage] += 1
        moment = Moment(what, self._counts[what, stage], stage)
        self.seen.append(moment)
        if moment == self._at:
            self._sprung()


def _kind(args: Json) -> str:
    """Return what kind of message is posted, by the key in its metadata; empty for calls that post none."""
    metadata = args.get("metadata")
    if not isinstance(metadata, dict):
        return ""
    return str(metadata["event_payload"]["key"]).partition(":")[0]


class _Faults(Faults):
    """The workspace looks for faults just before it does the work."""

    def __init__(self, tripwire: Tripwire) -> None:
        super().__init__()
        self._tripwire = tripwire

    def take(self, method: str, args: Json) -> Fault | None:
        self._tripwire.note(method, args, "asked")
        return super().take(method, args)


class _Calls(Calls):
    """The workspace logs a call when its work is done and before the answer leaves."""

    def __init__(self, tripwire: Tripwire) -> None:
        super().__init__()
        self._tripwire = tripwire

    def add(self, call: Call) -> None:
        super().add(call)
        self._tripwire.note(call.method, call.args, "done")
