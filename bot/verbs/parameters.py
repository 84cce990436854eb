"""Forms for the values that a runbook's command lines need."""

from collections.abc import Mapping

from bot.runbooks.parameters import Parameter
from bot.verbs.replies import Choice, Field, FieldKind, Form

_LONGEST = 200


def form_for_values(
    path: str, title: str, wanted: Mapping[str, Parameter], given: Mapping[str, str], kept: Mapping[str, str]
) -> Form:
    """Return the form that asks for each value by its title; `kept` and the values already given go along."""
    fields = tuple(_field(name, parameter) for name, parameter in wanted.items())
    known = {f"given.{name}": value for name, value in given.items() if name not in wanted}
    verb = path.rsplit(maxsplit=1)[-1].capitalize()
    return Form(path, title, verb, fields, kept={**{k: v for k, v in kept.items() if v}, **known})


def _field(name: str, parameter: Parameter) -> Field:
    key, hint = f"given.{name}", parameter.help or ""
    if parameter.choices:
        choices = tuple(Choice(choice, choice) for choice in parameter.choices)
        return Field(key, parameter.title, FieldKind.CHOICE, parameter.default or "", hint, choices)
    return Field(key, parameter.title, FieldKind.LINE, parameter.default or "", hint, max_length=_LONGEST)
