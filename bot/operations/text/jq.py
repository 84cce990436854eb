"""jq: what is at a path in a JSON document. Paths only: `.items[].metadata.name`, `.a["b"][0]`, `.`."""

import json
import re
from collections.abc import Iterator

from bot.errors import AnswerUnreadable
from bot.operations.refusal import LineRefused
from bot.operations.text.nouns import Jq
from bot.operations.words import Word

_STEP = re.compile(
    r'\.?\[\s*(-?\d{1,9})?\s*\]|\.?\["((?:[^"\\]|\\.)*)"\]|\."((?:[^"\\]|\\.)*)"|\.([A-Za-z_]\w*)', re.ASCII
)
_DEEPEST = 50


def read_path(line: str, word: Word) -> tuple[str | int | None, ...]:
    """Return the steps of a path: a name, an index, or None for each element. Raises LineRefused for what is none."""
    text, at = word.text.strip(), 0
    steps: list[str | int | None] = []
    if text == ".":
        return ()
    while at < len(text):
        found = _STEP.match(text, at)
        if not found or not text.startswith(".") or len(steps) > _DEEPEST:
            reason = "jq takes a path here and nothing else"
            raise LineRefused(line, word.column, word.text, reason, "write one such as .status or .items[].name")
        index, bracketed, quoted, name = found.groups()
        text_of = next((given for given in (bracketed, quoted, name) if given is not None), None)
        steps.append(text_of if text_of is not None else int(index) if index else None)
        at = found.end()
    return tuple(steps)


def jq(filter_: Jq, text: str) -> tuple[list[str], int]:
    """Return the lines that jq would print, and its exit code. Raises AnswerUnreadable when the path leads nowhere."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise AnswerUnreadable("The answer is not JSON, so jq cannot read it.") from None
    found = list(_at(document, filter_.path))
    code = 1 if filter_.strict and (not found or found[-1] in (None, False)) else 0
    return [line for value in found for line in _shown(filter_, value).split("\n")], code


def _at(value: object, path: tuple[str | int | None, ...]) -> Iterator[object]:
    if not path:
        yield value
        return
    step, rest = path[0], path[1:]
    if step is None:
        if not isinstance(value, list | dict):
            raise _nowhere("[]", value)
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _at(inner, rest)
    else:
        yield from _at(_inside(value, step), rest)


def _inside(value: object, step: str | int) -> object:
    if value is None:
        return None
    if isinstance(step, str) and isinstance(value, dict):
        return value.get(step)
    if isinstance(step, int) and isinstance(value, list):
        return value[step] if -len(value) <= step < len(value) else None
    raise _nowhere(f".{step}" if isinstance(step, str) else f"[{step}]", value)


def _nowhere(step: str, value: object) -> AnswerUnreadable:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
    return AnswerUnreadable(f"jq finds no {step} in {kinds.get(type(value), 'null')}.")


def _shown(filter_: Jq, value: object) -> str:
    if filter_.raw and isinstance(value, str):
        return value
    if filter_.compact:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(value, ensure_ascii=False, indent=2)
