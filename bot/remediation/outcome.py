"""How a run ended, in a sentence that says what was done and what was not."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.remediation.nouns import Task, TaskState
from bot.remediation.verifying import Sign
from bot.store.requests import DONE, FAILED, REHEARSED, UNCLEAR, VOID


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state in which a request ends, and the sentence."""

    state: str
    sentence: str


class RunEnded(Exception):
    """A run cannot go on; `outcome` says why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.sentence)
        self.outcome = outcome


def void(said: Sequence[str]) -> Outcome:
    """Return the outcome of a plan that no longer held."""
    what = "; ".join(clause.rstrip(".") for clause in said)
    return Outcome(VOID, f"Nothing was changed: the world has moved since this was planned. {_capital(what)}.")


def stopped(why: str) -> Outcome:
    """Return the outcome of a run that was not to begin any more."""
    return Outcome(VOID, f"Nothing was changed. {why}")


def broken(tasks: Sequence[Task], sentence: str, *, unclear: bool = False) -> Outcome:
    """Return the outcome of a run that broke off: what failed, what was done before it, what was not begun."""
    parts = [sentence.rstrip(".") + "."]
    if done := [task.title for task in tasks if task.state is TaskState.DONE]:
        parts.append(f"Done before: {', '.join(done)}.")
    if left := [task.title for task in tasks if task.state is TaskState.PENDING]:
        parts.append(f"Not begun: {', '.join(left)}.")
    return Outcome(UNCLEAR if unclear else FAILED, " ".join(parts))


def rehearsed(said: Sequence[str]) -> Outcome:
    """Return the outcome of a run that was only to rehearse."""
    told = "; ".join(each.rstrip(".") for each in said if each)
    return Outcome(REHEARSED, f"Only rehearsed: nothing was changed.{f' The server said: {told}.' if told else ''}")


def done(seconds: float, signs: Sequence[Sign]) -> Outcome:
    """Return the outcome of a run that went through; a sign that warns is named."""
    checked = f", and {len(signs)} {'check' if len(signs) == 1 else 'checks'} passed" if signs else ""
    warned = " ".join(f"{sign.title}: {sign.said}" for sign in signs if sign.warns)
    took = f"{seconds:.0f} s" if seconds >= 1 else "less than 1 s"
    return Outcome(DONE, f"Done in {took}{checked}.{f' Keep an eye on it: {warned}' if warned else ''}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
