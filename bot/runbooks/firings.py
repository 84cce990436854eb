"""When checklists and hand-overs come next, in the time zones of their platforms."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim

from bot.runbooks.platform import Platform


@dataclass(frozen=True, slots=True, order=True)
class Firing:
    """Something that the clock starts. `at` is in the time zone in which it was written."""

    moment: datetime
    """The same moment in UTC, by which firings are sorted."""
    at: datetime
    platform: str
    what: str


def next_firing(cron: str, time_zone: str, after: datetime) -> datetime:
    """Return the first moment after `after` (aware) at which a cron expression fires, in its time zone.

    The expression is one that was loaded, so that it fires some day. Clock changes are cronsim's: a moment that is
    skipped in spring fires right after the gap, one that comes twice in autumn fires once.
    """
    return next(CronSim(cron, after.astimezone(ZoneInfo(time_zone))))


def next_firings(platforms: Iterable[Platform], after: datetime) -> list[Firing]:
    """Return the next firing of every checklist and rota, the soonest first."""
    return sorted(firing for platform in platforms for firing in _of(platform, after))


def _of(platform: Platform, after: datetime) -> Iterator[Firing]:
    crons = [(c.cron, c.time_zone, f"checklist {c.name}") for c in platform.checklists.values() if c.cron]
    if platform.rota:
        crons.append((platform.rota.handover, platform.rota.time_zone, "hand-over of the rota"))
    for cron, time_zone, what in crons:
        at = next_firing(cron, time_zone or platform.time_zone, after)
        yield Firing(at.astimezone(UTC), at, platform.name, what)
