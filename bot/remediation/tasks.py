"""The tasks of a run, in the order in which people follow them: the changes, their ways through, the checks."""

from bot.operations.kubernetes.nouns import Status
from bot.operations.operation import Operation
from bot.remediation.nouns import RequestBoard, Task
from bot.remediation.plan import Plan
from bot.runbooks.actions import Action
from bot.store.requests import RUNNING


def tasks_of(board: RequestBoard, plan: Plan, action: Action | None) -> tuple[Task, ...]:
    """Return the tasks of a run; those of an earlier try of it keep how far they are."""
    if board.request.state == RUNNING and board.tasks:
        return board.tasks
    changes = [Task(change.line) for change in plan.changes]
    ways = [Task(_waiting(operation)) for change in plan.changes for operation in change.then]
    checks = [Task("See whether it has worked")] if action and action.verify else []
    return (*changes, *ways, *checks)


def _waiting(operation: Operation) -> str:
    """Return what is waited for: `Wait for the rollout of backend`."""
    if isinstance(operation, Status):
        return f"Wait for the rollout of {operation.thing.name}"
    return "Wait until it is through"


def place_of_way(plan: Plan, at: int, which: int) -> int:
    """Return which task it is to wait for a change."""
    return len(plan.changes) + sum(len(change.then) for change in plan.changes[:at]) + which
