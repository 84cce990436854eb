"""The table of Web API methods and the checks of arguments that follow from it.

The table holds, per method: how it may be called, its arguments, scopes, rate tier and error codes.
Sources: Slack's method reference and its published type packages; where they disagree, the stricter figure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from sandbox.slack.refusals import Json, SlackError

_ARG = re.compile(r"(?P<kind>string|boolean|integer|json)(?P<required>!)?(<=(?P<most>\d+))?( (?P<choices>\S+))?")
_FORMAT_ERRORS = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_attachments",
    "metadata": "invalid_metadata_format",
}
_MAY_BE_EMPTY = {"topic", "purpose", "text"}


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: kind is string, boolean, integer or json; `most` is its greatest length in characters."""

    kind: str
    required: bool
    most: int | None
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """One row of the table. `token` is bot, app or none."""

    name: str
    http: tuple[str, ...]
    takes_json: bool
    tier: str
    token: str
    scopes: tuple[str, ...]
    arguments: Mapping[str, Argument]
    errors: frozenset[str]


@cache
def method_table() -> Mapping[str, Method]:
    """Return all methods by name; the table is read once."""
    rows: Json = json.loads(resources.files("sandbox.slack").joinpath("methods.json").read_text("utf-8"))
    everywhere = rows.pop("*")
    return {name: _method(name, row, everywhere) for name, row in rows.items()}


def _method(name: str, row: Json, everywhere: Json) -> Method:
    """Read one row; what stands under "*" is common to all methods (Bolt sends team_id with every call)."""
    return Method(
        name=name,
        http=tuple(row["http"].split()),
        takes_json=row.get("json", False),
        tier=row["tier"],
        token=row.get("token", "bot"),
        scopes=tuple(row.get("scopes", "").split()),
        arguments={arg: _argument(text) for arg, text in {**everywhere["args"], **row["args"]}.items()},
        errors=frozenset(f"{everywhere['errors']} {row['errors']}".split()),
    )


def _argument(text: str) -> Argument:
    """Read for example `string!<=256 read|write`."""
    found = _ARG.fullmatch(text)
    if not found:
        raise ValueError(f"methods.json: {text!r} describes no argument")
    return Argument(
        kind=found["kind"],
        required=found["required"] is not None,
        most=int(found["most"]) if found["most"] else None,
        choices=tuple(found["choices"].split("|")) if found["choices"] else (),
    )


def read_arguments(method: Method, given: Mapping[str, Any]) -> Json:
    """Return the arguments in their right types, absent ones left out.

    Raises SlackError: invalid_arg_name for one that the method does not have, the method's own code (or
    invalid_arguments) for one that is missing, of the wrong type, too long or not among the choices.
    """
    if unknown := sorted(set(given) - set(method.arguments)):
        raise SlackError("invalid_arg_name", *(f"[ERROR] unknown argument: {name}" for name in unknown))
    read = {name: _value(method, name, given[name]) for name in method.arguments if given.get(name) is not None}
    for name, argument in method.arguments.items():
        if argument.required and (name not in read or (read[name] == "" and name not in _MAY_BE_EMPTY)):
            raise SlackError(_code_for_missing(method, name), f"[ERROR] missing required field: {name}")
    return read


def _code_for_missing(method: Method, name: str) -> str:
    """Return the code that the method has for a missing argument."""
    if name == "name" and "invalid_name_required" in method.errors:
        return "invalid_name_required"
    return "missing_argument" if "missing_argument" in method.errors else "invalid_arguments"


def _value(method: Method, name: str, raw: Any) -> Any:
    """Return one value in its right type."""
    argument = method.arguments[name]
    if argument.kind == "boolean":
        return _boolean(name, raw)
    if argument.kind == "integer":
        return _integer(name, raw)
    if argument.kind == "json":
        return _from_json(method, name, raw)
    return _text(name, raw, argument)


def _boolean(name: str, raw: object) -> bool:
    """Read true, false, 1 or 0."""
    value = {"true": True, "1": True, "false": False, "0": False}.get(str(raw).lower())
    if value is None:
        raise SlackError("invalid_arguments", f"[ERROR] must be a boolean: {name}")
    return value


def _integer(name: str, raw: object) -> int:
    """Read a whole number."""
    if isinstance(raw, bool) or not re.fullmatch(r"-?\d{1,15}", str(raw)):
        raise SlackError("invalid_arguments", f"[ERROR] must be an integer: {name}")
    return int(str(raw))


def _from_json(method: Method, name: str, raw: Any) -> Any:
    """Read a JSON value that came as such or as a string."""
    wanted: type = dict if name in {"view", "metadata"} else list
    if raw == "" and name in _FORMAT_ERRORS:
        return wanted()
    try:
        value = json.loads(raw) if isinstance(raw, str) else raw
    except ValueError:
        value = None
    if not isinstance(value, wanted):
        code = _FORMAT_ERRORS.get(name, "")
        kind = "an object" if wanted is dict else "an array"
        raise SlackError(code if code in method.errors else "invalid_arguments", f"[ERROR] must be {kind}: {name}")
    return value


def _text(name: str, raw: object, argument: Argument) -> str:
    """Read a string within its length and among its choices; lists of ids may come as JSON arrays."""
    if isinstance(raw, list) and all(isinstance(part, str) for part in raw):
        raw = ",".join(raw)
    if not isinstance(raw, str):
        raise SlackError("invalid_arguments", f"[ERROR] must be a string: {name}")
    if argument.most is not None and len(raw) > argument.most:
        raise SlackError("invalid_arguments", f"[ERROR] must be at most {argument.most} characters long: {name}")
    if argument.choices and raw not in argument.choices:
        raise SlackError("invalid_arguments", f"[ERROR] must be one of {', '.join(argument.choices)}: {name}")
    return raw
