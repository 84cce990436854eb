"""Forms for the values that a runbook's command lines need."""

from collections.abc import Mapping

from bot.runbooks.parameters import Parameter, ParameterKind
from bot.verbs.replies import Choice, Field, FieldKind, Form

_LONGEST, _LONGEST_QUERY = 200, 2000
"""Characters of a value; a longer one does not go along into the next form and is asked for again."""


def form_for_values(
    path: str,
    title: str,
    wanted: Mapping[str, Parameter],
    given: Mapping[str, str],
    kept: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
) -> Form:
    """Return the form that asks for each value by its title; `kept` and the values already given go along.

    `wrong` says by name why a value that was given cannot be used; it is asked for as well.
    """
    fields = tuple(_field(name, parameter, given.get(name, "")) for name, parameter in wanted.items())
    known = {field_name(name): value for name, value in given.items() if name not in wanted and len(value) <= _LONGEST}
    verb = path.rsplit(maxsplit=1)[-1].capitalize()
    notes = tuple(f"{wanted[name].title}: {sentence}" for name, sentence in (wrong or {}).items())
    return Form(path, title, verb, fields, notes, kept={**{k: v for k, v in kept.items() if v}, **known})


def field_name(parameter: str) -> str:
    """Return the name of the field that asks for a parameter."""
    return f"given.{parameter}"


def _field(name: str, parameter: Parameter, typed: str) -> Field:
    key, hint, value = field_name(name), parameter.help or "", typed or parameter.default or ""
    if parameter.choices:
        choices = tuple(Choice(choice, choice) for choice in parameter.choices)
        return Field(key, parameter.title, FieldKind.CHOICE, value, hint, choices)
    if parameter.kind is ParameterKind.SQL:
        return Field(key, parameter.title, FieldKind.PARAGRAPH, value, hint, max_length=_LONGEST_QUERY)
    return Field(key, parameter.title, FieldKind.LINE, value, hint, max_length=_LONGEST)
