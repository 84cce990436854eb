"""What the validator reports: one Problem per fault, and the Tally that a validation keeps while it runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Surface: TypeAlias = Literal["message", "modal", "home"]

Spot: TypeAlias = "tuple[Spot, str | int] | None"
"""A place in the payload as a chain towards the root, spelled out only when there is something to report."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a payload.

    `path` says where (`blocks[3].elements[0].text.text`, empty for the whole payload), `rule` names what was
    broken in one word that tests and programs compare (Slack's own error code where Slack has one), and
    `message` is the rest of the sentence that starts with the path.
    """

    path: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or 'The payload'} {self.message}."


SLACK_ERRORS = frozenset(
    {
        "invalid_metadata_format",
        "markdown_text_conflict",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
        "view_too_large",
    }
)
"""The rules that are error codes of the Web API."""


def slack_error(problems: Sequence[Problem], otherwise: str = "invalid_blocks") -> str:
    """Return the error code that Slack answers for these problems, or `otherwise`."""
    for problem in problems:
        if problem.rule in SLACK_ERRORS:
            return problem.rule
        if problem.path.startswith("metadata"):
            return "invalid_metadata_format"
    return otherwise


def spell(spot: Spot) -> str:
    """Write a place the way people write it: names joined by dots, positions in brackets."""
    steps: list[str | int] = []
    while spot is not None:
        spot, step = spot
        steps.append(step)
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in reversed(steps))
    return path.removeprefix(".")


@dataclass(slots=True)
class Tally:
    """What one validation has seen so far.

    `characters` counts the text that people read, `markdown` the part of it in markdown blocks, `seen` holds
    the identifiers that must not come twice, by kind.
    """

    surface: Surface
    problems: list[Problem] = field(default_factory=list)
    characters: int = 0
    markdown: int = 0
    seen: dict[str, set[str]] = field(default_factory=dict)

    def report(self, spot: Spot, rule: str, message: str) -> None:
        """Record that what stands at `spot` breaks `rule`."""
        self.problems.append(Problem(spell(spot), rule, message))
