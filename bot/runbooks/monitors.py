"""Monitors: what is looked at again and again, and after how many failures somebody hears of it."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.runbooks.entry import Ref
from bot.runbooks.probes import Measured
from bot.runbooks.words import Interval, Key, Text


class Monitor(Measured):
    """A probe on an interval: one by its name, or one that is written here."""

    title: Text
    every: Interval = Field(description="How often.")
    probe: Annotated[Key | None, Ref("probe")] = Field(default=None, description="What is looked at, by its name.")
    failures: int = Field(default=2, ge=1, le=100, description="It is down after so many failures in a row.")
    alert: Annotated[Key | None, Ref("alert")] = Field(default=None, description="The alert that is raised then.")

    @property
    def name(self) -> str:
        """Its name on its platform."""
        return self.name_in_file

    @property
    def pace(self) -> timedelta:
        """How long it is from one look to the next."""
        return self.every

    @model_validator(mode="after")
    def _something(self) -> Self:
        if bool(self.probe) == self.is_done_here:
            raise ValueError("should name a probe, or say run, human or opsroom, and not both")
        return self
