"""Paths into a JSON document: `.dependencies.database.status`, `.items[0].name`, `."odd key"`; a `.` alone is all."""

import re
from typing import Any

from bot.errors import AnswerUnreadable
from bot.nearest import nearest

_STEP = re.compile(r"\.?\[(-?\d{1,6})\]|\.([A-Za-z_][\w-]*)|\.\"([^\"]+)\"|\.?\[\"([^\"]+)\"\]")


def parse_path(text: str) -> tuple[str | int, ...]:
    """Return the steps of a path: keys and positions. Raises ValueError with what would be right."""
    steps: list[str | int] = []
    at = 1 if text == "." else 0
    while at < len(text):
        if not (found := _STEP.match(text, at)):
            raise ValueError(f'"{text}" is not a path; write it like .checks.database.status or .items[0].name')
        steps.append(int(found[1]) if found[1] else found[2] or found[3] or found[4])
        at = found.end()
    return tuple(steps)


def value_at(document: Any, path: str) -> Any:
    """Return what is at the path. Raises AnswerUnreadable that says where the path ends and what there is."""
    here, walked = document, ""
    for step in parse_path(path):
        if not _has(here, step):
            raise AnswerUnreadable(f"The answer has no {path}: {walked or 'it'} {_holds(here, step)}.")
        here = here[step]
        walked += f".{step}" if isinstance(step, str) else f"[{step}]"
    return here


def _has(here: Any, step: str | int) -> bool:
    if isinstance(step, str):
        return isinstance(here, dict) and step in here
    return isinstance(here, list) and -len(here) <= step < len(here)


def _holds(here: Any, step: str | int) -> str:
    if isinstance(here, dict):
        close = nearest(str(step), map(str, here)) or tuple(map(str, here))[:5]
        return f"has {', '.join(close)}" if close else "is empty"
    if isinstance(here, list):
        return f"is a list of {len(here)}"
    return f"is {str(here)[:40]}"
