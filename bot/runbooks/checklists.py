"""Checklists: what is looked after on the clock, or before a deployment, or when the rota is handed over."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.runbooks.entry import Entry, Named, Ref, WidelySourced
from bot.runbooks.probes import Measured
from bot.runbooks.words import EVENTS, Key, Schedule, Text, TimeZone


class Item(Measured):
    """One thing to look after: a probe, an action, or something written here."""

    title: Text
    probe: Annotated[Key | None, Ref("probe")] = Field(default=None, description="A probe, by its name.")
    action: Annotated[Key | None, Ref("action")] = Field(default=None, description="An action, by its name.")

    @property
    def name(self) -> str:
        """Its name in the checklist."""
        return self.name_in_file

    @model_validator(mode="after")
    def _something(self) -> Self:
        said = [bool(self.probe), bool(self.action), self.is_done_here]
        if said.count(True) != 1:
            raise ValueError("should say one of probe, action, run, human and opsroom")
        return self


class Checklist(WidelySourced):
    """Items that are looked after together."""

    title: Text
    schedule: Schedule = Field(description='A cron expression ("0 9 * * *"), or pre-deployment or hand-over.')
    time_zone: TimeZone | None = Field(default=None, description="The platform's if left out.")
    channel: Annotated[Key | None, Ref("channel")] = Field(default=None, description="Where the digest goes.")
    items: Named[Item] = Field(min_length=1)

    @property
    def name(self) -> str:
        """Its name on its platform."""
        return self.name_in_file

    @property
    def cron(self) -> str | None:
        """The cron expression; None when it is not the clock that starts it."""
        return None if self.schedule in EVENTS else self.schedule


class ChecklistsFile(Entry):
    """The content of `checklists.yml`."""

    checklists: Named[Checklist] = Field(default={})
