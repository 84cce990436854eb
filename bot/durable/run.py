"""What every engine does alike: a step with its patience, and the end of a workflow."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from bot.durable.engine import Ending, Json, StepFailed, Steps, Workflow, as_json
from bot.errors import OpsroomError

_log = logging.getLogger(__name__)


async def ended(name: str, workflow_id: str, deed: Callable[[], Awaitable[Any]]) -> Ending:
    """Do a deed and return how it ended; a fault of our own is logged and becomes a failure too."""
    try:
        return Ending(as_json(await deed()))
    except StepFailed as failure:
        return Ending(failure=failure)
    except OpsroomError as error:
        code = getattr(error, "code", None) or type(error).__name__
        return Ending(failure=StepFailed(name, code, str(error)))
    except Exception as error:  # noqa: BLE001 the doorway of durable work: one fault must not end the rest
        _log.exception("A fault in %s of %s", name, workflow_id)
        sentence = f"Opsroom made a mistake in '{name}' ({type(error).__name__}); its log says more."
        return Ending(failure=StepFailed(name, "fault", sentence))


async def run_workflow(name: str, workflow: Workflow, steps: Steps, argument: Json) -> dict[str, Any]:
    """Run a workflow to its end and return the ending as it is recorded."""
    ending = await ended(name, steps.workflow_id, lambda: workflow(steps, argument))
    return ending.to_json()


async def unguarded() -> None:
    """Let everything through: the guard of an engine that has its work to itself."""


class Names:
    """The names of a workflow's steps, each of which may be used once per run."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def use(self, name: str) -> None:
        """Note a name; raise ValueError when the workflow has a step of that name already."""
        if name in self._used:
            raise ValueError(f"Two steps of one workflow are called '{name}': what was done is known by name.")
        self._used.add(name)
