"""What people say they changed by hand: steps of a walkthrough that belong into the audit log."""

from datetime import datetime

from bot.access.audit import Record
from bot.runbooks.platform import Platform
from bot.store.walkthroughs import Step, Walkthrough
from bot.walkthroughs.steps import ACTION, HUMAN


def by_hand(
    platform: Platform, walkthrough: Walkthrough, step: Step, note: str, by: str, at: datetime
) -> Record | None:
    """Return what to put on record when somebody says that a step is done; None when it changes no system."""
    if not _changes_something(platform, step):
        return None
    details = {
        "procedure": walkthrough.procedure,
        "step": step.position,
        "action": step.name,
        "title": step.title,
        "note": note or None,
        "incident": f"INC-{walkthrough.incident}" if walkthrough.incident is not None else None,
    }
    return Record(at, by, "step.done", walkthrough.ref, platform.name, details)


def _changes_something(platform: Platform, step: Step) -> bool:
    """Tell whether a step is an action, or one that the runbook leaves to a person's hands."""
    if step.kind == HUMAN:
        return step.name in platform.actions and step.name not in platform.probes
    return step.kind == ACTION
