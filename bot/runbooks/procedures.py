"""Procedures: what one sees, how to find out why, what to do about it."""

from collections.abc import Iterator

from pydantic import Field

from bot.runbooks.entry import WidelySourced
from bot.runbooks.steps import Step
from bot.runbooks.words import Key, Text

PARTS = ("diagnose", "resolve", "follow-up")


class Procedure(WidelySourced):
    """The content of `procedures/<name>.yml`."""

    procedure: Key = Field(description="Its name, which is the file's name too.")
    title: Text
    summary: Text | None = None
    symptoms: tuple[Text, ...] = Field(default=(), description="What people see, or what is measured, when it is this.")
    diagnose: tuple[Step, ...] = Field(default=(), description="What to look at.")
    resolve: tuple[Step, ...] = Field(default=(), description="What to do.")
    follow_up: tuple[Step, ...] = Field(default=(), description="What to do afterwards.")
    differs: Text | None = Field(default=None, description="Why its steps are not what the inventory says.")

    @property
    def name(self) -> str:
        """Its name on its platform."""
        return self.procedure

    def steps(self) -> Iterator[tuple[tuple[str, int], Step]]:
        """Yield every step with its place: the part and the position in it, counted from 0."""
        for part in PARTS:
            yield from (((part, at), step) for at, step in enumerate(getattr(self, part.replace("-", "_"))))
