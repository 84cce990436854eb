"""The steps of a procedure as a walkthrough keeps them: what they are called stays, even if the runbook changes."""

from collections.abc import Iterator

from bot.runbooks.actions import Action
from bot.runbooks.platform import Platform
from bot.runbooks.probes import Probe
from bot.runbooks.procedures import Procedure
from bot.runbooks.steps import ActionHere, ActionStep, PlainStep, ProbeHere, ProbeStep, ProcedureStep
from bot.runbooks.steps import Step as Written
from bot.store.walkthroughs import Step, Walkthrough

PROBE, ACTION, PROCEDURE, HUMAN, OPSROOM = "probe", "action", "procedure", "human", "opsroom"
"""What a step is: something to look at, to change, another procedure, a person's deed, a command of Opsroom."""


def steps_of(platform: Platform, procedure: Procedure) -> tuple[Step, ...]:
    """Return the steps of a procedure in order, none of them done."""
    return tuple(_steps(platform, procedure))


def entry_of(platform: Platform, walkthrough: Walkthrough, step: Step) -> Probe | Action | None:
    """Return what a step looks at or does, with the values that the runbook says at it; None when that is nothing.

    The runbook may have changed since the walkthrough began: then it is the entry of that name, wherever it stands now.
    """
    procedure = platform.procedures.get(walkthrough.procedure)
    written = [each for _, each in procedure.steps()] if procedure else []
    entries = [platform.entry_of(each) for each in (*written[step.position - 1 : step.position], *written)]
    named = (entry for entry in entries if entry is not None and (_kind(entry), entry.name) == (step.kind, step.name))
    return next(named, None) or _by_name(platform, step)


def _kind(entry: Probe | Action) -> str:
    return PROBE if isinstance(entry, Probe) else ACTION


def _by_name(platform: Platform, step: Step) -> Probe | Action | None:
    if step.kind == PROBE:
        return platform.probes.get(step.name)
    return platform.actions.get(step.name) if step.kind == ACTION else None


def _steps(platform: Platform, procedure: Procedure) -> Iterator[Step]:
    for position, ((part, _), step) in enumerate(procedure.steps(), start=1):
        kind, name, title = _told(platform, step)
        yield Step(position, part, kind, name, title)


def _told(platform: Platform, step: Written) -> tuple[str, str, str]:
    """Return kind, name and title of a step."""
    match step:
        case ProbeStep() | ProbeHere():
            return _named(PROBE, step.probe, platform.probes.get(step.probe))
        case ActionStep() | ActionHere():
            return _named(ACTION, step.action, platform.actions.get(step.action))
        case ProcedureStep():
            other = platform.procedures.get(step.procedure)
            return PROCEDURE, step.procedure, other.title if other else step.procedure
        case PlainStep(human=str() as human):
            return HUMAN, "", step.title or human
        case _:
            return OPSROOM, "", step.title or step.opsroom or ""


def _named(kind: str, name: str, entry: Probe | Action | None) -> tuple[str, str, str]:
    """Return a named deed; one that a person does is a person's step, whatever it is called."""
    if entry is None:
        return HUMAN, name, name
    if entry.human:
        return HUMAN, name, entry.title if entry.human.startswith(entry.title) else f"{entry.title}: {entry.human}"
    return (OPSROOM, name, entry.title) if entry.opsroom else (kind, name, entry.title)
