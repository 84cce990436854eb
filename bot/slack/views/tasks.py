"""The tasks of a run: a plan block with a card for each, and the same in lines where nobody sees blocks."""

from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import Block, PlanBlock, RichTextBlock, RichTextSectionElement, TaskCardBlock
from slack_sdk.models.blocks.block_elements import RichTextElementParts

from bot.remediation.nouns import Task, TaskState
from bot.slack.views.lines import on_one_line
from bot.slack.views.text import fit

_STATUSES = {
    TaskState.PENDING: "pending",
    TaskState.RUNNING: "in_progress",
    TaskState.DONE: "complete",
    TaskState.FAILED: "error",
    TaskState.UNCLEAR: "error",
}
"""Slack has four; what nobody can tell is no success."""
_SIGNS = {
    TaskState.PENDING: "⬜",
    TaskState.RUNNING: "⏳",
    TaskState.DONE: "✅",
    TaskState.FAILED: "❌",
    TaskState.UNCLEAR: "❔",
}
_TROUBLES = {TaskState.FAILED: " failed", TaskState.UNCLEAR: " is unclear"}
_CARDS = 40
"""Tasks that are shown at once; Slack takes 50 cards, and a message about 13,000 characters."""
_BEFORE = 10
"""Of those, the tasks before the first one that is not done."""
_WITH_DETAILS = 50
"""Where a piece of text has fewer characters than that, tasks have their titles alone."""


def plan(tasks: Sequence[Task], version: int, limit: int) -> list[Block]:
    """Return tasks as a plan block; nothing when there are none.

    `version` makes the ids of this drawing differ from those of the one before, as Slack asks for; `limit` is how many
    characters each piece of text has.
    """
    if not tasks:
        return []
    first, shown = _shown(tasks)
    cards = [_card(task, first + at, version, limit) for at, task in enumerate(shown)]
    return [PlanBlock(title=_title(tasks, first, len(shown)), tasks=cards, block_id=f"tasks-{version}")]


def in_lines(tasks: Sequence[Task], limit: int) -> Iterator[str]:
    """Yield the tasks line by line, escaped."""
    _, shown = _shown(tasks)
    for task in shown:
        detail = f": {on_one_line(task.detail, limit)}" if task.detail and limit >= _WITH_DETAILS else ""
        yield f"{_SIGNS[task.state]} {on_one_line(_named(task), limit)}{detail}"


def _shown(tasks: Sequence[Task]) -> tuple[int, Sequence[Task]]:
    """Return those that matter now, and the position of the first of them."""
    now = next((at for at, task in enumerate(tasks) if task.state is not TaskState.DONE), len(tasks))
    first = max(0, min(now - _BEFORE, len(tasks) - _CARDS))
    return first, tasks[first : first + _CARDS]


def _title(tasks: Sequence[Task], first: int, shown: int) -> str:
    """Return at which task the run is, and what became of it."""
    part = f", here are {first + 1} to {first + shown}" if shown < len(tasks) else ""
    found = next(((at, task) for at, task in enumerate(tasks, start=1) if task.state is not TaskState.DONE), None)
    if found is None:
        return f"All is done{part}"
    at, task = found
    return f"Step {at} of {len(tasks)}{_TROUBLES.get(task.state, '')}{part}"


def _card(task: Task, at: int, version: int, limit: int) -> TaskCardBlock:
    return TaskCardBlock(
        task_id=str(at),
        title=fit(_named(task), limit),
        status=_STATUSES[task.state],
        details=_details(task, limit),
        block_id=f"task-{version}-{at}",
    )


def _named(task: Task) -> str:
    return f"Unclear: {task.title}" if task.state is TaskState.UNCLEAR else task.title


def _details(task: Task, limit: int) -> RichTextBlock | None:
    if not task.detail.strip() or limit < _WITH_DETAILS:
        return None
    text = RichTextElementParts.Text(text=fit(task.detail, limit))
    return RichTextBlock(elements=[RichTextSectionElement(elements=[text])])
