"""The page about the files of a runbook, from the models that read them."""

from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from bot.runbooks.entry import Entry, Ref
from bot.runbooks.schemas import KINDS

_FILES = {
    "platform": "platform.yml",
    "probes": "probes.yml",
    "actions": "actions.yml",
    "alerts": "alerts.yml",
    "checklists": "checklists.yml",
    "procedure": "procedures/NAME.yml",
}
_WORDS = {
    "int": "number",
    "bool": "true or false",
    "timedelta": "span of time",
    "Line": "command line",
    "Reading": "value",
    "Condition": "condition",
    "Met": "condition on a finding",
}


def runbooks() -> str:
    """Return the page of all keys."""
    lines = [
        "# The files of a runbook, key by key",
        "",
        "_Generated from the models in `bot/runbooks/` by `make docs`._ [How to write them](../runbooks/README.md).",
    ]
    told: set[type] = set()
    for kind, model in KINDS.items():
        lines += ["", f"## `{_FILES[kind]}`"]
        lines += _tables(model, told)
    return "\n".join(lines) + "\n"


def _tables(model: type[Entry], told: set[type]) -> list[str]:
    """Return the table of a model and those of the models inside it, each once on the page."""
    if model in told or model.__name__.startswith("_"):
        return []
    told.add(model)
    summary = (model.__doc__ or "").splitlines()[0]
    lines = ["", f"### {_title(model)}", "", summary, "", "| key | what | |", "|---|---|---|"]
    for name, info in model.model_fields.items():
        needed = "**needed**" if info.is_required() else ""
        said = " ".join(filter(None, (needed, info.description)))
        lines.append(f"| `{info.alias or name}` | {_kind(info)} | {said} |".replace("  |", " |"))
    for info in model.model_fields.values():
        for inner in _models(info.annotation):
            lines += _tables(inner, told)
    return lines


def _title(model: type[Entry]) -> str:
    words = "".join(f" {c}" if c.isupper() else c for c in model.__name__.removesuffix("File")).strip().lower()
    return words.capitalize()


def _kind(info: FieldInfo) -> str:
    """Return what stands at a key: the name of another entry, or what its annotation says."""
    ref = next((mark for mark in info.metadata if isinstance(mark, Ref)), None)
    word = _word(info.annotation)
    if ref is None:
        return word
    kinds = [f"an {kind}" if kind[0] == "a" else f"a {kind}" for kind in ref.kinds]
    return ("names of " if word.startswith("list") else "name of ") + " or ".join(kinds)


def _word(annotation: Any) -> str:
    """Return what an annotation admits, in words."""
    kind = _bare(annotation)
    inner = [argument for argument in get_args(kind) if argument is not Ellipsis]
    if get_origin(kind) in (dict, tuple):
        what = _word(inner[-1])
        return f"names → {what}" if get_origin(kind) is dict else f"list of {what}"
    if get_origin(kind) in (Union, UnionType):
        models = [_title(each).lower() for each in _models(kind)]
        return " or ".join(dict.fromkeys(models or map(_word, inner)))
    if get_origin(kind) is Literal:
        return " or ".join(f"`{value.value}`" for value in inner)
    if issubclass(kind, StrEnum):
        return ", ".join(f"`{member.value}`" for member in kind)
    return _title(kind).lower() if issubclass(kind, Entry) else _WORDS.get(kind.__name__, "text")


def _models(kind: Any) -> list[type[Entry]]:
    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, Entry):
        return [] if kind.__name__.startswith("_") else [kind]
    return [model for argument in get_args(kind) for model in _models(argument)]


def _bare(kind: Any) -> Any:
    """Return an annotation without `Annotated` and `| None`."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType) and type(None) in get_args(kind):
        return _bare(next(argument for argument in get_args(kind) if argument is not type(None)))
    return kind
