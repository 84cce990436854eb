"""What incidents show to people, as nouns; `bot.slack.views` turns them into messages."""

from dataclasses import dataclass

from bot.runbooks.platform import Platform, Severity
from bot.store.incidents import Incident
from bot.store.timeline import Entry
from bot.store.troubles import Trouble


@dataclass(frozen=True, slots=True)
class Named:
    """An incident together with its platform and its severity."""

    incident: Incident
    platform: Platform

    @property
    def severity(self) -> Severity:
        """The severity as the platform defines it; the mildest one if the runbook no longer has it."""
        return self.platform.severity_named(self.incident.severity) or self.platform.severities[-1]


@dataclass(frozen=True, slots=True)
class Header(Named):
    """The pinned message of the room, always true."""


@dataclass(frozen=True, slots=True)
class Opened(Named):
    """To the declarer: the room is open. `inside` says whether they are in it."""

    inside: bool = True


@dataclass(frozen=True, slots=True)
class NotOpened(Named):
    """To the declarer: the room could not be opened, and why."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Similar(Named):
    """To the declarer `asked`: what looks like the same was declared just now. `again` is the request that waits."""

    again: str
    asked: str


@dataclass(frozen=True, slots=True)
class Announcement(Named):
    """To the platform's people: an incident was declared, in the words of the platform's template."""


@dataclass(frozen=True, slots=True)
class TroubleNote:
    """To the room: a part of it did not work; everything else went on."""

    incident: Incident
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Mended:
    """To the room: a part that did not work works now."""

    incident: Incident
    part: str


@dataclass(frozen=True, slots=True)
class AcknowledgedNote:
    """To the room: somebody is on it. `late` when the severity asked for an earlier answer."""

    incident: Incident
    late: bool


@dataclass(frozen=True, slots=True)
class Acknowledged(Named):
    """To whoever acknowledged it: the room knows."""


@dataclass(frozen=True, slots=True)
class AcknowledgedBefore(Named):
    """To whoever came later: who acknowledged it, and when; or that it has ended."""


@dataclass(frozen=True, slots=True)
class Joined(Named):
    """To whoever joined: where the room is."""


@dataclass(frozen=True, slots=True)
class Unacknowledged(Named):
    """To the room: the severity's time to respond is over and nobody has acknowledged."""


@dataclass(frozen=True, slots=True)
class IncidentList:
    """Open incidents, the worst first; `total` counts those that are not shown as well."""

    items: tuple[Named, ...]
    total: int
    scope: str


@dataclass(frozen=True, slots=True)
class IncidentCard(Named):
    """All about one incident: its latest happenings and what does not work in its room."""

    latest: tuple[Entry, ...]
    troubles: tuple[Trouble, ...]
