"""A job as a change: what would be run, and how a program that was begun ended."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.errors import ChangeUnclear
from bot.operations.changing import Foresight
from bot.operations.effect import Effect
from bot.operations.job.manifest import KEPT, Json, container_of
from bot.operations.job.nouns import Job
from bot.operations.job.toolbox import Toolbox
from bot.operations.job.verdict import JobFailed
from bot.operations.output import Output

FAILED = -1
"""The exit code of a program that did not end by itself."""
_SHOWN = 20  # names of variables
_MARGIN = 60  # seconds by which our clock and the cluster's may differ


def foresee(operation: Job, toolbox: Toolbox, template: Json, rehearsal: str) -> Foresight:
    """Return what running a program would do; the image that it would run in must still be that when it is run.

    Of the environment it tells the names, never a value. Raises TargetRefused when the toolbox has no such container.
    """
    container = container_of(toolbox, template)
    image, line = str(container["image"]), " ".join((operation.program, *operation.arguments))
    where = f"in {image}, in namespace {toolbox.namespace}, for at most {toolbox.seconds:g} s"
    names = _environment(container)
    environment = f", with {', '.join(names)} in its environment" if names else ""
    undo = f"There is no way back that is known: {operation.program} may have one of its own."
    return Foresight(
        operation,
        after=f"{line} is run once {where}{environment}",
        world={f"Image that {operation.program} runs in": image},
        reach=f"what {operation.program} changes; the cluster cannot tell",
        undo=undo,
        rehearsal=rehearsal,
        final=operation.effect is Effect.DESTROY,
    )


def _environment(container: Json) -> list[str]:
    """Return the names of variables, and of what brings more of them."""
    names = [str(variable["name"]) for variable in container.get("env") or []]
    for source in container.get("envFrom") or []:
        for kind, word in (("secretRef", "secret"), ("configMapRef", "configmap")):
            if kind in source:
                names.append(f"all of the {word} {source[kind]['name']}")
    more = [f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    return [*names[:_SHOWN], *more]


def note_of(name: str) -> dict[str, Any]:
    """Return what a later look needs: the name of the job, and when it was made, in Unix seconds."""
    return {"job": name, "made": time.time()}


def check_kept(name: str, noted: Any) -> None:
    """Raise ChangeUnclear when a job that is not there may have been done and removed by the cluster since."""
    made = noted.get("made") if isinstance(noted, Mapping) else None
    if not isinstance(made, int | float) or time.time() - made > KEPT - _MARGIN:
        raise ChangeUnclear(
            f"The job {name} is not there, and would no longer be if it had been done: look at what it was to change."
        )


def failed(error: JobFailed) -> Output:
    """Return a program that did not end by itself as an output: what it said, and why it ended."""
    said = error.output
    return replace(said, text=f"{said.text.rstrip()}\n{error}".lstrip(), code=FAILED)
