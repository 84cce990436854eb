"""What a verb can answer, as nouns; `bot.slack.views` turns them into messages and forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Button:
    """A button is a verb that somebody may press: `path` names it, `text` is what one would type behind it.

    `again` is the id of an earlier request that the click repeats as this verb; `insist` that the person was asked;
    `whole` that all that was typed belongs behind the verb, because no verb was typed at all;
    `confirm` is what the person is asked before the click counts, if anything.
    """

    label: str
    path: str
    text: str = ""
    again: str | None = None
    insist: bool = False
    whole: bool = False
    style: str | None = None
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence for the person who asked."""

    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal: what was wrong, and what would be right; `usage` is how one types it.

    Nothing in the text is formatted, because it may repeat what somebody typed.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    usage: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a field."""

    value: str
    label: str
    description: str = ""


class FieldKind(StrEnum):
    """How a field is filled in."""

    CHOICE = "choice"
    LINE = "line"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form.

    `refreshes`: another field depends on it, so the form is drawn anew when it changes. `given`: what this one's
    choices depend on; under something else it is another field, and what was chosen in it before does not count.
    """

    name: str
    label: str
    kind: FieldKind
    value: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    optional: bool = False
    refreshes: bool = False
    given: str = ""
    max_length: int = 3000


@dataclass(frozen=True, slots=True)
class Form:
    """A form for what a verb still needs to know, filled in with what was given.

    `notes` say what could not be read; `kept` are arguments that are known but not shown; `place` is where the request
    came from, so that the answer finds its way.
    """

    path: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    notes: tuple[str, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    place: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VerbHelp:
    """What help says of one verb."""

    usage: str
    summary: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class HelpPage:
    """The help of a command, with only what the reader may do."""

    command: str
    summary: str
    verbs: tuple[VerbHelp, ...]
    hidden: int = 0
