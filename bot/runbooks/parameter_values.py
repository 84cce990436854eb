"""Whether what somebody gave is a value of its parameter: a number, a pod's name, one of the choices.

What the line around it makes of a value is for `bot.operations.values`; this is what people can be told beside a field.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.errors import OpsroomError
from bot.nearest import one_of
from bot.operations.effect import Effect
from bot.operations.line import read_line
from bot.runbooks.parameters import Parameter, ParameterKind
from bot.runbooks.words import parse_duration

_SHOWN = 60
_KUBERNETES = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
"""Kubernetes docs, object names and ids: a DNS subdomain name."""
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_NAME = re.compile(r"\w[\w./:@+=-]{0,252}", re.ASCII)
_HOST = re.compile(r"(?:\w[\w.-]{0,252}|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)
_SELECT = re.compile(r"(?:SELECT|WITH)\b", re.IGNORECASE)


def refusal_of(parameter: Parameter, value: str) -> str:
    """Return a sentence that says why a value cannot be this parameter's; empty when it can."""
    shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    if parameter.choices:
        return "" if value in parameter.choices else f"“{shown}” is none of the choices: {one_of(parameter.choices)}."
    fits, wanted = _KINDS[parameter.kind]
    return "" if fits(value) else f"“{shown}” is {wanted}."


def _is_duration(value: str) -> bool:
    try:
        return parse_duration(value) is not None
    except ValueError:
        return False


def _is_time(value: str) -> bool:
    try:
        return datetime.fromisoformat(value) is not None
    except ValueError:
        return False


def _only_reads(value: str) -> bool:
    """Tell whether a value is a statement that reads; holes in it would be filled by nobody."""
    if not _SELECT.match(value):
        return False
    try:
        line = read_line(value)
    except OpsroomError:
        return False
    return line.effect is Effect.READ and not line.holes


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: pattern.fullmatch(value) is not None


_KINDS: Mapping[ParameterKind, tuple[Callable[[str], bool], str]] = {
    ParameterKind.TEXT: (lambda value: bool(value.strip()), "no text"),
    ParameterKind.POD: (_matches(_KUBERNETES), "no pod’s name. Names look like web-7d9f8b6c5-x2x4q"),
    ParameterKind.DEPLOYMENT: (_matches(_KUBERNETES), "no deployment’s name. Names look like checkout-backend"),
    ParameterKind.NUMBER: (_matches(_NUMBER), "no number. Write digits, such as 42 or 0.5"),
    ParameterKind.DURATION: (_is_duration, "no length of time. Write one such as 30s, 15m, 4h or 1d"),
    ParameterKind.TIME: (_is_time, "no moment. Write one such as 2026-11-20T10:00:00Z"),
    ParameterKind.NAME: (_matches(_NAME), "no name. Names have no spaces and begin with a letter or a digit"),
    ParameterKind.HOST: (_matches(_HOST), "no host. Hosts look like api.example.com"),
    ParameterKind.SQL: (_only_reads, "no query that only reads. Write one SELECT"),
}
"""For each kind, what fits it, and what to say of what does not."""
