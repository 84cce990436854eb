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
from bot.verbs.words import Words, clean


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
        name = self.reader.looks_like or self.name.upper().replace("_", " ")
        return f"[{name}]" if self.optional or self.reader.guessed else name


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an argument has no value: `missing`, or wrong for the reason in `sentence`."""

    sentence: str
    missing: bool


@dataclass(slots=True)
class Reading:
    """What could be read: `values` by argument, a problem for each of the others, and the words that were theirs.

    `guesses` are words that a form may offer for an argument, though nobody said that they were meant for it.
    """

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    guesses: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words, given out: `typed` by argument, `guesses` as in a Reading, and what was `left` over."""

    typed: Mapping[str, str]
    guesses: Mapping[str, str] = field(default_factory=dict)
    left: str = ""


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


def split(arguments: tuple[Argument, ...], words: Words, scene: Scene) -> Spoken:
    """Give each argument the words that are its own; they may come in any order, free text comes last.

    Words that nobody takes go to the first argument that has none, which can say what is wrong with them.
    """
    typed: dict[str, str] = {}
    waiting = [argument for argument in arguments if not argument.reader.takes_rest]
    at = 0
    while taker := next(((a, n) for a in waiting if (n := a.reader.take(words, at, scene))), None):
        argument, count = taker
        typed[argument.name] = argument.reader.said(words, at, count)
        waiting.remove(argument)
        at += count
    rest = words.rest(at)
    if not rest:
        return Spoken(typed)
    free = next((argument for argument in arguments if argument.reader.takes_rest), None)
    if free is None:
        return Spoken({**typed, waiting[0].name: rest}) if waiting else Spoken(typed, left=rest)
    beyond = Words(words.typed[words.start(at) :])
    guesses = {a.name: guess for a in waiting if (guess := a.reader.guess(beyond, scene))}
    return Spoken({**typed, free.name: rest}, guesses)


def read(arguments: tuple[Argument, ...], spoken: Spoken, scene: Scene) -> Reading:
    """Turn what was typed, or filled in, into values; arguments that others depend on come first.

    Raises NotAllowed when the person may not do what the verb does on the platform that was named.
    """
    typed = {name: clean(text) for name, text in spoken.typed.items()}
    reading = Reading(typed=typed, guesses=dict(spoken.guesses))
    for argument in sorted(arguments, key=lambda a: a.reader.rank):
        text = typed.get(argument.name, "")
        if argument.optional and not text:
            continue
        try:
            reading.values[argument.name] = argument.reader.read(text, scene, reading.values)
            argument.reader.check_length(reading.values[argument.name], argument.hint.max_length)
        except Missing as missing:
            reading.problems[argument.name] = Problem(str(missing), missing=True)
        except BadInput as wrong:
            reading.problems[argument.name] = Problem(str(wrong), missing=False)
    return reading


def form_for(path: str, title: str, arguments: tuple[Argument, ...], reading: Reading, scene: Scene) -> Form:
    """Return the form that asks for what is missing, filled in with the rest."""
    shown: list[Field] = []
    kept: dict[str, str] = {}
    for argument in arguments:
        typed = reading.typed.get(argument.name) or reading.guesses.get(argument.name, "")
        drawn = argument.reader.field(argument.name, typed, scene, reading.values)
        if drawn is None:
            kept[argument.name] = reading.typed.get(argument.name, "")
        else:
            shown.append(_hinted(drawn, argument))
    notes = tuple(problem.sentence for problem in reading.problems.values() if not problem.missing)
    verb = path.rsplit(maxsplit=1)[-1].capitalize()
    return Form(path, title, verb, tuple(shown), notes, {k: v for k, v in kept.items() if v})


def _hinted(drawn: Field, argument: Argument) -> Field:
    limit = min(drawn.max_length, argument.hint.max_length)
    return replace(drawn, hint=drawn.hint or argument.hint.help, optional=argument.optional, max_length=limit)
