"""Who and where: a platform's severities, channels, contacts, links, messages and rules."""

from typing import Annotated

from pydantic import Field

from bot.runbooks.entry import Entry, Ref, Sourced
from bot.runbooks.words import ChannelName, Duration, Email, Handle, Key, Phone, TemplateFile, Text, Url, Word


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
    escalate_to: Annotated[tuple[Key, ...], Ref("contact")] = Field(
        default=(), description="Contacts, the first one first."
    )
    update_every: Duration = Field(default=None, description="Somebody is asked for an update every.")
    invite: tuple[Handle, ...] = Field(default=(), description="User groups that join the channel.")
    page: Annotated[tuple[Key, ...], Ref("contact")] = Field(default=(), description="Contacts that are paged.")
    notify: Annotated[tuple[Key, ...], Ref("contact", "channel")] = Field(
        default=(), description="Contacts or channels that are told."
    )

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

    channel: Annotated[Key, Ref("channel")] = Field(
        description="One of the platform's channels, by its name in this file."
    )
    template: TemplateFile = "announcement.md.j2"


class Message(Sourced):
    """A message to a group of people, written from a template."""

    title: Text
    audience: Text
    template: TemplateFile


class Policy(Sourced):
    """A rule that people follow, in one sentence."""

    rule: Text
