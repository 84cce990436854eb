"""Typed arguments: a verb names them with their types, and each type has a reader.

Reading never raises for what a person typed: it returns what is known, and a problem for each argument that is missing
or wrong, so that a form can ask for just that.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from bot.errors import BadInput
from bot.verbs.readers import READERS, Missing, Reader
from bot.verbs.replies import Field, Form
from bot.verbs.scene import Scene
from bot.verbs.words import Words


@dataclass(frozen=True, slots=True)
class Hint:
    """What people should know of an argument: its help, and how long a text may be."""

    help: str
    max_length: int = 3000


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a verb."""

    name: str
    reader: Reader
    hint: Hint
    optional: bool

    @property
    def usage(self) -> str:
        """How help writes it: `PLATFORM`, in brackets when it can be left out."""
        name = self.name.upper().replace("_", " ")
        return f"[{name}]" if self.optional or self.reader.guessed else name


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an argument has no value: `missing`, or wrong for the reason in `sentence`."""

    sentence: str
    missing: bool


@dataclass(slots=True)
class Reading:
    """What could be read: `values` by argument, a problem for each of the others, and the words that were theirs."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


def arguments_of(declared: type) -> tuple[Argument, ...]:
    """Return the arguments that a verb's dataclass declares."""
    hints = get_type_hints(declared, include_extras=True)
    return tuple(_argument(f.name, hints[f.name], optional=_has_default(f)) for f in fields(declared))


def _has_default(declared: Any) -> bool:
    return declared.default is not MISSING


def _argument(name: str, annotation: Any, *, optional: bool) -> Argument:
    hint = Hint("")
    if get_origin(annotation) is Annotated:
        annotation, *extras = get_args(annotation)
        hint = next((extra for extra in extras if isinstance(extra, Hint)), hint)
    kinds = [kind for kind in (*get_args(annotation), annotation) if kind in READERS]
    if not kinds:
        raise TypeError(f"The argument {name!r} has a type that nothing can read: {annotation!r}.")
    return Argument(name, READERS[kinds[0]], hint, optional)


def split(arguments: tuple[Argument, ...], words: Words, scene: Scene) -> dict[str, str]:
    """Give each argument the words that are its own; they may come in any order, free text comes last."""
    typed: dict[str, str] = {}
    left = [argument for argument in arguments if not argument.reader.takes_rest]
    at = 0
    while taker := next(((a, n) for a in left if (n := a.reader.take(words, at, scene))), None):
        argument, count = taker
        typed[argument.name] = " ".join(words[at + i] for i in range(count))
        left.remove(argument)
        at += count
    for argument in arguments:
        if argument.reader.takes_rest and (rest := words.rest(at)):
            typed[argument.name] = rest
            at = len(words)
    return typed


def read(arguments: tuple[Argument, ...], typed: Mapping[str, str], scene: Scene) -> Reading:
    """Turn what was typed, or filled in, into values; arguments that others depend on come first."""
    reading = Reading(typed=dict(typed))
    for argument in sorted(arguments, key=lambda a: a.reader.rank):
        try:
            reading.values[argument.name] = argument.reader.read(typed.get(argument.name, ""), scene, reading.values)
            argument.reader.check_length(reading.values[argument.name], argument.hint.max_length)
        except Missing as missing:
            if not argument.optional:
                reading.problems[argument.name] = Problem(str(missing), missing=True)
        except BadInput as wrong:
            reading.problems[argument.name] = Problem(str(wrong), missing=False)
    return reading


def form_for(path: str, arguments: tuple[Argument, ...], reading: Reading, scene: Scene) -> Form:
    """Return the form that asks for what is missing, filled in with the rest."""
    shown: list[Field] = []
    kept: dict[str, str] = {}
    for argument in arguments:
        typed = reading.typed.get(argument.name, "")
        drawn = argument.reader.field(argument.name, typed, scene, reading.values)
        if drawn is None:
            kept[argument.name] = typed
        else:
            shown.append(_hinted(drawn, argument))
    notes = tuple(problem.sentence for problem in reading.problems.values() if not problem.missing)
    verb = path.rsplit(maxsplit=1)[-1].capitalize()
    return Form(path, f"{verb} · Opsroom", verb, tuple(shown), notes, {k: v for k, v in kept.items() if v})


def _hinted(drawn: Field, argument: Argument) -> Field:
    limit = min(drawn.max_length, argument.hint.max_length)
    return replace(drawn, hint=drawn.hint or argument.hint.help, optional=argument.optional, max_length=limit)
