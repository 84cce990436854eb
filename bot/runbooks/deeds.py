"""What an entry does: command lines, one of Opsroom's own commands, or something that only a person can do."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, PrivateAttr, model_validator

from bot.operations.effect import Effect
from bot.operations.operation import Operation
from bot.runbooks.commands import CommandLines
from bot.runbooks.entry import Ref, Sourced
from bot.runbooks.parameters import Parameter
from bot.runbooks.words import Duration, Key, SlashCommand, Text

WAYS = ("run", "human", "opsroom")


class EffectWord(StrEnum):
    """An effect as files write it."""

    READ = "read"
    WRITE = "write"
    DESTROY = "destroy"

    @property
    def effect(self) -> Effect:
        """The effect that the word means."""
        return Effect[self.name]


class Deed(Sourced):
    """Something that is done, in one of three ways, or (where an entry may name another one) in none."""

    run: CommandLines = Field(default=(), description="One command line, or a list of them, as people type them.")
    human: Text | None = Field(default=None, description="What a person does, in a sentence.")
    opsroom: SlashCommand | None = Field(default=None, description="The command of Opsroom that does it.")
    because: Text | None = Field(default=None, description="Why a person does it. Only with `human`.")
    owner: Text | None = Field(default=None, description="The role that does it. Only with `human`.")
    differs: Text | None = Field(default=None, description="Why it is not what the inventory says.")
    target: Annotated[Key | None, Ref("target")] = Field(
        default=None, description="Where it is done; the first target of the operation's kind if left out."
    )
    stated_effect: EffectWord | None = Field(
        default=None,
        alias="effect",
        strict=False,
        description="What it does, where only people know (a job, an exec); elsewhere it can only be raised.",
    )
    time_limit: Duration = Field(default=None, description="It is given up after.")
    parameters: dict[Key, Parameter] = Field(default={}, description="The holes in the command lines.")

    _preset: Mapping[str, str] = PrivateAttr(default={})

    @property
    def preset(self) -> Mapping[str, str]:
        """The values that the step says in which it stands; they go before those that people give."""
        return self._preset

    def with_preset(self, values: Mapping[str, str]) -> Self:
        """Return it as a step has it that says these values."""
        copy = self.model_copy()
        copy._preset = dict(values)
        return copy

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What its command lines do, in order."""
        return tuple(line.operation for line in self.run)

    @property
    def effect(self) -> Effect:
        """The worst that it does: as stated, or else as read from its command lines."""
        if self.stated_effect:
            return self.stated_effect.effect
        return max((operation.effect for operation in self.operations), default=Effect.READ)

    @property
    def is_done_here(self) -> bool:
        """Whether the entry says what is done, rather than naming another entry."""
        return bool(self.run or self.human or self.opsroom)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        said = [way for way in WAYS if getattr(self, way)]
        if len(said) > 1:
            raise ValueError(f"says {' and '.join(said)}; keep one of them")
        for key in ("because", "owner"):
            if getattr(self, key) and not self.human:
                raise ValueError(f"has {key}, which is said only of what a person does (human)")
        if not self.run and (self.stated_effect or self.parameters):
            raise ValueError(f"has {'effect' if self.stated_effect else 'parameters'} and no run")
        return self


class DoneHere(Deed):
    """A deed that has to say itself what is done."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [way]} for way in WAYS]})

    @model_validator(mode="after")
    def _some_way(self) -> Self:
        if not self.is_done_here:
            raise ValueError("says nothing to do; write run, human or opsroom")
        return self
