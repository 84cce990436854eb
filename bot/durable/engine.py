"""The port of durable work: what a workflow is given, and what starts it. The engines implement it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias, TypeVar

from bot.durable.retry import PATIENT, Patience
from bot.errors import OpsroomError

T = TypeVar("T")

Json: TypeAlias = bool | int | float | str | list[Any] | dict[str, Any] | None
"""What goes into a workflow, comes out of it, and is recorded of its steps."""


class StepFailed(OpsroomError):
    """A step was refused, or given up; also a workflow that did not get over it.

    `name` is the step's, `code` Slack's error code or the kind of error, and the text is the sentence. It is
    recorded, so that a workflow that is resumed elsewhere sees the same failure again.
    """

    def __init__(self, name: str, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name, self.code = name, code


class Steps(Protocol):
    """What a workflow is given to do its work with.

    A workflow may be run again from its beginning, on another replica: all that it does goes through here,
    and what it decides follows from its argument and from what the steps returned. Names are unique within a
    workflow; what was done is known by its name, so that steps may run side by side (`asyncio.gather`) and a
    newer program may add some.
    """

    @property
    def workflow_id(self) -> str:
        """The id that the workflow was started under."""

    async def step(self, name: str, deed: Callable[[], Awaitable[T]], patience: Patience = PATIENT) -> T:
        """Do something that may be done more than once, and return its result, which is JSON and is recorded.

        A passing error is met with patience; a refusal, or the end of patience, raises StepFailed.
        """

    async def effect(
        self,
        name: str,
        deed: Callable[[], Awaitable[T]],
        look: Callable[[], Awaitable[T | None]],
        patience: Patience = PATIENT,
    ) -> T:
        """Do something that must be done once; otherwise as `step`.

        `look` asks the outside world for what an earlier try may have done, and returns its result, or None
        for "not done". It is asked before the deed is repeated whenever the last outcome is not known.
        """


Workflow: TypeAlias = Callable[[Steps, Json], Awaitable[Json]]
"""A workflow: given its steps and its argument, it returns its outcome."""

Guard: TypeAlias = Callable[[], Awaitable[None]]
"""Returns when this replica may act on the outside world; waits for ever when it no longer may."""


class Engine(Protocol):
    """What runs workflows, each to its end, whatever happens to the process."""

    def register(self, name: str, workflow: Workflow) -> None:
        """Name a workflow, before the launch."""

    async def launch(self) -> None:
        """Begin to work."""

    async def close(self) -> None:
        """Stop at once; what is unfinished is left for others to `adopt`."""

    async def start(self, workflow: str, workflow_id: str, argument: Json) -> None:
        """Return once the workflow is recorded and will run to its end.

        The id is the idempotency key: when it is known already, that one goes on and nothing is started.
        Raise StoreUnavailable when it could not be recorded in time; it may still start, so repeat it with
        the same id.
        """

    async def outcome(self, workflow_id: str, timeout: float) -> Json:  # noqa: ASYNC109 the engines poll
        """Wait for a workflow's end and return its outcome, or raise its StepFailed.

        Raise TimeoutError after `timeout` seconds.
        """

    async def adopt(self, replica: str) -> int:
        """Resume what another replica has left unfinished, and return how many workflows that were."""

    async def owners(self) -> set[str]:
        """Return the ids of the replicas that have unfinished workflows."""

    async def forget(self, before: datetime) -> int:
        """Forget some of the workflows that ended before a moment, and return how many those were.

        Their ids start new ones from then on: nothing that old is repeated any more.
        """


@dataclass(frozen=True, slots=True)
class Ending:
    """How a step or a workflow ended: with a value, or with a failure."""

    value: Any = None
    failure: StepFailed | None = None

    def result(self) -> Any:
        """Return the value or raise the failure."""
        if self.failure is not None:
            raise self.failure
        return self.value

    def to_json(self) -> dict[str, Any]:
        """Return it as it is recorded."""
        if self.failure is None:
            return {"value": self.value}
        return {"failed": [self.failure.name, self.failure.code, str(self.failure)]}


def read_ending(recorded: dict[str, Any]) -> Ending:
    """Read an ending as it was recorded."""
    if "failed" in recorded:
        return Ending(failure=StepFailed(*recorded["failed"]))
    return Ending(recorded.get("value"))


def as_json(value: Any) -> Any:
    """Return the value as it will be read back (a tuple as a list); raise TypeError when it is not JSON."""
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise TypeError(f"{type(value).__name__} cannot be recorded: {error}") from None
