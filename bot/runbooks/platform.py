"""What `platform.yml` says about a platform: its severities, channels, people, links and messages."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.runbooks.channel_names import check_template
from bot.runbooks.words import (
    ChannelName,
    Duration,
    Email,
    Handle,
    Key,
    Phone,
    Row,
    TemplateFile,
    Text,
    TimeZone,
    Url,
    Word,
)


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Entry(BaseModel):
    """A mapping in a runbook file: keys are written with hyphens, and unknown ones are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=_kebab, str_strip_whitespace=True)


class Sourced(Entry):
    """An entry that says where it comes from."""

    source: tuple[Row, ...] = Field(
        default=(), max_length=3, description="Inventory rows that this entry implements, three at most."
    )
    note: Text | None = Field(default=None, description="What the source leaves open, contradicts or gets wrong.")


class Channel(Sourced):
    """A Slack channel of the platform's people."""

    name: ChannelName = Field(description="Without the number sign.")
    purpose: Text
    audience: Text | None = None


class Link(Sourced):
    """A page or an endpoint that people open."""

    title: Text
    url: Url | None = Field(default=None, description="Left out when the source does not give one.")


class Ways(Entry):
    """The ways to reach somebody."""

    slack_channel: ChannelName | None = None
    slack_user: Handle | None = None
    slack_group: Handle | None = Field(default=None, description="Handle of a Slack user group, without the @.")
    email: Email | None = None
    phone: Phone | None = None
    pager: Text | None = Field(default=None, description="Name of the paging service and of the rotation in it.")
    url: Url | None = None


class Contact(Sourced):
    """A person, team or rotation, and how to reach it."""

    role: Text
    name: Text | None = Field(default=None, description="Who it is; left out while the source has a placeholder.")
    ways: Ways = Ways()
    availability: Text | None = None


class Severity(Sourced):
    """How bad an incident is, and what that asks of people."""

    name: Word = Field(description="What people type and what the header shows.")
    title: Text
    meaning: Text = Field(description="When an incident has this severity.")
    examples: tuple[Text, ...] = Field(default=())
    aliases: tuple[Word, ...] = Field(default=(), description="Other words that people type for it.")
    response: Duration = Field(default=None, description="Somebody answers within.")
    resolution: Duration = Field(default=None, description="It is resolved within.")
    escalate_after: Duration = Field(default=None, description="The next people are told when nobody answers for.")
    escalate_to: tuple[Key, ...] = Field(default=(), description="Contacts, the first one first.")
    update_every: Duration = Field(default=None, description="Somebody is asked for an update every.")
    invite: tuple[Handle, ...] = Field(default=(), description="User groups that join the channel.")
    page: tuple[Key, ...] = Field(default=(), description="Contacts that are paged.")
    notify: tuple[Key, ...] = Field(default=(), description="Contacts or channels that are told.")

    @property
    def label(self) -> str:
        """Name and title as people say them: `P1 High`, `Severity 1 Critical`, `Critical`."""
        spoken = f"Severity {self.name}" if self.name.isdigit() else self.name
        return spoken if spoken.casefold() == self.title.casefold() else f"{spoken} {self.title}"

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that people may type for this severity, the name first."""
        return (self.name, *self.aliases)


class Announcement(Sourced):
    """Where a new incident is announced, and the template of the message."""

    channel: Key = Field(description="One of the platform's channels, by its name in this file.")
    template: TemplateFile = "announcement.md.j2"


class Message(Sourced):
    """A message to a group of people, written from a template."""

    title: Text
    audience: Text
    template: TemplateFile


class Policy(Sourced):
    """A rule that people follow, in one sentence."""

    rule: Text


class PlatformFile(Entry):
    """The content of `runbooks/<platform>/platform.yml`."""

    title: Text = Field(description="What people call the platform.")
    aliases: tuple[Word, ...] = Field(default=(), description="Other words that people type for it.")
    summary: Text = Field(description="What the platform does, in a sentence.")
    time_zone: TimeZone = Field(description="Clock times of this platform are meant in this zone.")
    note: Text | None = None
    channel_name: Annotated[Text, AfterValidator(check_template)] = Field(
        default="inc-{number}-{platform}-{slug}",
        description="Name of incident channels; {number}, {platform}, {severity}, {slug}, {declared:%Y}.",
    )
    on_call_group: Handle | None = Field(default=None, description="User group that joins every incident channel.")
    severities: tuple[Severity, ...] = Field(strict=False, min_length=1, description="The worst one first.")
    channels: dict[Key, Channel] = Field(min_length=1)
    contacts: dict[Key, Contact] = {}
    links: dict[Key, Link] = {}
    announcement: Announcement
    messages: dict[Key, Message] = {}
    policies: dict[Key, Policy] = {}

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


class Platform(PlatformFile):
    """A platform as it was loaded: its file, its folder's name, and its templates' text by file name."""

    name: Key
    templates: Mapping[str, str]


def folded(text: str) -> str:
    """Return text as words are compared: no case, spaces, hyphens or underscores; `severity` is `sev`."""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()
    return f"sev{plain[8:]}" if re.fullmatch(r"severity\w+", plain) else plain


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of `platform.yml`, for completion and checks in editors."""
    schema = PlatformFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Opsroom platform"}
