"""What requests show to people, as nouns; `bot.slack.views` turns them into messages."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from bot.remediation.plan import Criterion, Plan
from bot.remediation.policy import Policy
from bot.runbooks.platform import Platform
from bot.store.decisions import Decision
from bot.store.requests import Request
from bot.store.switches import Switch


class TaskState(StrEnum):
    """How far a task of a run is."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing of a run that people follow: a change, its way through, a look whether it worked."""

    title: str
    state: TaskState = TaskState.PENDING
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Self:
        """Return the task that `as_json` wrote."""
        return cls(written["title"], TaskState(written["state"]), written["detail"])


@dataclass(frozen=True, slots=True)
class RequestBoard:
    """A request with its plan and whoever decided, always true; `ahead` is the request that has its target now."""

    request: Request
    platform: Platform
    plan: Plan
    policy: Policy
    decisions: tuple[Decision, ...] = ()
    ahead: int | None = None

    @property
    def tasks(self) -> tuple[Task, ...]:
        """How far each task of its run is; none before it began."""
        return tuple(Task.from_json(each) for each in self.request.progress or ())


@dataclass(frozen=True, slots=True)
class RequestList:
    """The requests that wait for somebody or are being done, of one platform or of all."""

    boards: tuple[RequestBoard, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class RequestEnded:
    """What came of a request, for the thread of its message; `can_undo` offers the way back."""

    request: Request
    can_undo: bool


@dataclass(frozen=True, slots=True)
class GlassBroken:
    """Somebody went round the approvals, for all to see."""

    request: Request
    platform: Platform
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen some time after a change: `fine`, or what is wrong; None when nobody can tell.

    `last` says that nobody looks any more.
    """

    request: Request
    minutes: int
    sentence: str
    fine: bool | None
    last: bool


@dataclass(frozen=True, slots=True)
class Release:
    """A revision of a service that one can go back to.

    `made_at` is when it was made, `served` for how long it ran after that, `cause` why it was made, as its author said.
    `proven` says that it served long enough to be trusted; `running` that it is the one that serves now.
    """

    number: int
    images: tuple[str, ...]
    made_at: datetime
    served: timedelta
    cause: str = ""
    proven: bool = False
    running: bool = False


@dataclass(frozen=True, slots=True)
class RollbackOffer:
    """The revisions of a service, the newest first, with the one to go back to, and the reasons for doing so.

    `proposed` is None when no earlier one has proven itself. `migrations` are the names of the platform's actions that
    take the database's schema back: they are asked for by themselves.
    """

    platform: Platform
    service: str
    releases: tuple[Release, ...]
    proposed: int | None
    criteria: tuple[Criterion, ...]
    migrations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionList:
    """What can be done on a platform, for whoever did not say what."""

    platform: Platform


@dataclass(frozen=True, slots=True)
class SwitchBoard:
    """The switches that are on."""

    switches: tuple[Switch, ...]
    titles: Mapping[str, str]
