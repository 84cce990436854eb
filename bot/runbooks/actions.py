"""Actions: what changes something, who has to allow it, and how one sees that it worked."""

import re
from typing import Annotated, Any

from pydantic import Field, PlainSerializer, PlainValidator, ValidationInfo, WithJsonSchema

from bot.operations.effect import Effect
from bot.operations.line import Line
from bot.runbooks.commands import read
from bot.runbooks.deeds import DoneHere
from bot.runbooks.entry import Entry, Named
from bot.runbooks.words import KEY, Duration, Text

APPROVALS = {Effect.READ: 0, Effect.WRITE: 1, Effect.DESTROY: 2}
"""How many people have to allow what has this effect, at the least."""


def _check(value: Any, info: ValidationInfo) -> str | Line:
    """Return the name of a probe as it is, and anything else as a command line."""
    return value if isinstance(value, str) and re.fullmatch(KEY, value) else read(value, info)


Check = Annotated[
    str | Line,
    PlainValidator(_check),
    PlainSerializer(lambda check: check if isinstance(check, str) else check.text),
    WithJsonSchema({"type": "string", "minLength": 1}),
]
"""The name of a probe, or a command line that reads."""


class Action(DoneHere):
    """A named thing to do."""

    title: Text = Field(description="What is done, in a few words.")
    when: Text | None = Field(default=None, description="When to do it, as people say it.")
    approvals: int | None = Field(
        default=None, ge=0, le=5, description="How many people allow it; by its effect if left out: 0, 1 or 2."
    )
    confirm: bool = Field(default=False, description="Whoever asks for it types the target's name.")
    verify: tuple[Check, ...] = Field(default=(), description="Probes or command lines that tell whether it worked.")
    verify_within: Duration = Field(default=None, description="It has worked within; 2m if left out.")
    watch: Duration = Field(default=None, description="For so long afterwards it is looked whether it stays so.")
    undo: Text | None = Field(default=None, description="The action that takes it back, or how to, in a sentence.")

    @property
    def name(self) -> str:
        """Its name on its platform."""
        return self.name_in_file

    @property
    def approvals_needed(self) -> int:
        """How many people have to allow it."""
        return APPROVALS[self.effect] if self.approvals is None else self.approvals

    @property
    def undo_action(self) -> str | None:
        """The name of the action that takes it back, if `undo` is a name and not a sentence."""
        return self.undo if self.undo and re.fullmatch(KEY, self.undo) else None


class ActionsFile(Entry):
    """The content of `actions.yml`."""

    actions: Named[Action] = Field(default={})
