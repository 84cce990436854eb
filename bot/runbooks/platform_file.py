"""The content of `platform.yml`."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.access.environments import Environment
from bot.runbooks.channel_names import check_template
from bot.runbooks.entry import Named, Ref
from bot.runbooks.monitors import Monitor
from bot.runbooks.people import Announcement, Channel, Contact, Link, Message, Policy, Severity
from bot.runbooks.permissions import Permissions
from bot.runbooks.rota import Rota
from bot.runbooks.targets import Target
from bot.runbooks.words import Handle, Key, Text, TimeZone, Word


class PlatformFile(Permissions):
    """The content of `runbooks/<platform>/platform.yml`."""

    title: Text = Field(description="What people call the platform.")
    aliases: tuple[Word, ...] = Field(default=(), description="Other words that people type for it.")
    summary: Text = Field(description="What the platform does, in a sentence.")
    time_zone: TimeZone = Field(description="Clock times of this platform are meant in this zone.")
    environment: Environment = Field(
        default=Environment.PRODUCTION,
        strict=False,
        description="What it is for; production if left out. Roles can be given in one environment alone.",
    )
    note: Text | None = None
    channel_name: Annotated[Text, AfterValidator(check_template)] = Field(
        default="inc-{number}-{platform}-{slug}",
        description="Name of incident channels; {number}, {platform}, {severity}, {slug}, {declared:%Y}.",
    )
    on_call_group: Handle | None = Field(default=None, description="User group that joins every incident channel.")
    severities: tuple[Severity, ...] = Field(strict=False, min_length=1, description="The worst one first.")
    channels: dict[Key, Channel] = Field(min_length=1)
    contacts: dict[Key, Contact] = Field(default={})
    links: dict[Key, Link] = Field(default={})
    announcement: Announcement
    messages: dict[Key, Message] = Field(default={})
    policies: dict[Key, Policy] = Field(default={})
    targets: Named[Target] = Field(default={}, description="Outside systems; the first of a kind is its default.")
    initial_assessment: Annotated[Key | None, Ref("procedure")] = Field(
        default=None, description="The procedure that looks the platform over when an incident is declared."
    )
    rota: Rota | None = None
    monitors: Named[Monitor] = Field(default={})

    def severity_named(self, text: str) -> Severity | None:
        """Return the severity that a person means: by name or alias, in any case, `sev-1` like `SEV1`."""
        wanted = folded(text)
        return next((s for s in self.severities if wanted and wanted in map(folded, s.words)), None)

    def groups_for(self, severity: Severity) -> tuple[str, ...]:
        """Return the handles of the user groups that join an incident channel, on call first, each once."""
        first = (self.on_call_group,) if self.on_call_group else ()
        return tuple(dict.fromkeys((*first, *severity.invite)))

    @property
    def announcement_channel(self) -> str:
        """Name of the Slack channel in which incidents are announced."""
        return self.channels[self.announcement.channel].name


def folded(text: str) -> str:
    """Return text as words are compared: no case, spaces, hyphens or underscores; `severity` is `sev`."""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()
    return f"sev{plain[8:]}" if re.fullmatch(r"severity\w+", plain) else plain
