"""What is wrong with the values of a document, measured by a pydantic model and told with line and column."""

from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails

from bot.nearest import hint
from bot.runbooks.commands import LineFault
from bot.runbooks.document import TODO, Document, Location

_WANTED = {
    "string_type": "text",
    "tuple_type": "a list",
    "dict_type": "a mapping of names to entries",
    "model_type": "a mapping",
}
_SIZES = {
    "too_short": "needs at least one entry",
    "string_too_short": "is empty",
}


def note_shape_faults(document: Document, model: type[BaseModel], error: ValidationError) -> None:
    """Add every error of a validation to the document's faults."""
    for detail in error.errors(include_url=False):
        _note(document, model, detail)


def known_keys(model: type[BaseModel], location: Location) -> list[str]:
    """Return the keys that the mapping at `location` may have."""
    kind: Any = model
    for step in location:
        kind = _bare(_inside(kind, step))
    return [str(info.alias or name) for name, info in kind.model_fields.items()] if _is_model(kind) else []


def _note(document: Document, model: type[BaseModel], detail: ErrorDetails) -> None:
    tagged, kind = detail["loc"], detail["type"]
    location = tuple(step for step in tagged if not _is_tag(step))
    if isinstance(detail["input"], str) and detail["input"].startswith(TODO):
        return  # the document says already that it is to be filled in
    name = str(location[-1]) if location else "the file"
    match kind:
        case "extra_forbidden":
            document.fault(
                document.key(location),
                f'unknown key "{name}"; {hint(name, known_keys(model, tagged[:-1]))}',
            )
        case "missing":
            place = document.key(location[:-1]) if len(location) > 1 else document.value(())
            document.fault(place, f'"{name}" is missing {_in(location[:-1])}')
        case _ if location and location[-1] == "[key]":
            document.fault(document.key(location[:-1]), str(detail.get("ctx", {}).get("error", detail["msg"])))
        case "value_error" if isinstance(fault := detail["ctx"]["error"], LineFault):
            document.fault(document.inside(location, fault.refused.column), f"{_named(location)} {fault}")
        case _:
            document.fault(document.value(location), f"{_named(location)} {_complaint(document, location, detail)}")


def _complaint(document: Document, location: Location, detail: ErrorDetails) -> str:
    kind, given = detail["type"], detail["input"]
    if given is None and not location:
        return "is empty"
    if given is None and kind in _WANTED:
        line = document.lines[document.value(location)[0] - 1] if document.lines else ""
        comment = "; what follows a # is a comment, so write the name without it" if "#" in line else ""
        return f"has no value{comment}"
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "too_long":
        return f"has {detail['ctx']['actual_length']} entries, {detail['ctx']['max_length']} is the most"
    if kind in _WANTED:
        return f"should be {_WANTED[kind]}, not {_described(given)}"
    return _SIZES.get(kind) or detail["msg"][:1].lower() + detail["msg"][1:]


def _described(value: object) -> str:
    match value:
        case bool():
            return f"{str(value).lower()} (put it in quotes if you mean the word)"
        case int() | float():
            return f"the number {value} (put it in quotes if you mean text)"
        case str():
            return f'the text "{value[:40]}"'
        case list():
            return "a list"
        case _:
            return "a mapping"


def _named(location: Location) -> str:
    names = [str(step) for step in location if isinstance(step, str)]
    return f"{names[-1]}:" if names else "the file"


def _in(location: Location) -> str:
    names = ".".join(str(step) if isinstance(step, str) else f"{step + 1}" for step in location)
    return f"in {names}" if names else "in the file"


def _is_tag(step: str | int) -> bool:
    """Tell whether a step of a location is the tag of a union's member, which is not in the file."""
    return isinstance(step, str) and step.startswith("<") and step.endswith(">")


def _inside(kind: Any, step: str | int) -> Any:
    """Return the annotation of what stands at `step` in a value of this kind, or of the member with this tag."""
    if _is_tag(step):
        return next((member for member in get_args(kind) if Tag(str(step)) in get_args(member)), None)
    if _is_model(kind):
        return next((info.annotation for name, info in kind.model_fields.items() if step in (info.alias, name)), None)
    inner = [argument for argument in get_args(kind) if argument is not Ellipsis]
    return inner[-1] if inner else None


def _bare(kind: Any) -> Any:
    """Return an annotation without `Annotated` and `| None`."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType) and type(None) in get_args(kind):
        return _bare(next(argument for argument in get_args(kind) if argument is not type(None)))
    return kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
