"""What is asked for before a command line can be carried out: the holes in it, with a title and a kind."""

from enum import StrEnum

from pydantic import Field

from bot.runbooks.entry import Entry
from bot.runbooks.words import Text


class ParameterKind(StrEnum):
    """What may fill a hole; it decides how the value is asked for and checked."""

    TEXT = "text"
    POD = "pod"
    DEPLOYMENT = "deployment"
    NUMBER = "number"
    DURATION = "duration"
    TIME = "time"
    NAME = "name"
    HOST = "host"
    SQL = "sql"
    """A SELECT, and nothing else."""


class Parameter(Entry):
    """One hole of a command line."""

    title: Text = Field(description="What people are asked for.")
    kind: ParameterKind = Field(default=ParameterKind.TEXT, strict=False)
    default: Text | None = Field(default=None, description="What is there unless somebody writes something else.")
    choices: tuple[Text, ...] = Field(default=(), description="The only values that are allowed, if there are such.")
    help: Text | None = Field(default=None, description="Where to find the value.")
