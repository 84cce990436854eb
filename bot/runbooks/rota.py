"""The rota: who is on call with which roles, and when it is handed over."""

from typing import Annotated

from pydantic import Field

from bot.runbooks.entry import Ref, Sourced
from bot.runbooks.words import Cron, Duration, Key, Text, TimeZone


class Rota(Sourced):
    """When the people on call change."""

    handover: Cron = Field(description='When, as a cron expression: "0 10 * * MON".')
    time_zone: TimeZone | None = Field(default=None, description="The platform's if left out.")
    shift: Duration = Field(default=None, description="How long one shift is.")
    roles: Annotated[tuple[Key, ...], Ref("contact")] = Field(default=(), description="Contacts, by their names.")
    kit: tuple[Text, ...] = Field(default=(), description="What whoever is on call has at hand.")
