"""What `opsroom check` says of runbooks without faults: what is there, and what the clock starts next."""

from collections.abc import Iterator
from datetime import datetime

from bot.nearest import one_of
from bot.runbooks.counting import counted
from bot.runbooks.firings import next_firings
from bot.runbooks.platform import Platform
from bot.runbooks.platforms import Platforms
from bot.runbooks.spans import spoken

_KINDS = ("targets", "probes", "actions", "procedures", "checklists", "alerts", "monitors")


def summary(platforms: Platforms, now: datetime) -> str:
    """Return the summary, in lines."""
    head = f"{counted(len(platforms), 'platforms')}, no faults: {', '.join(platforms.names)}."
    return "\n".join([head, *map(_contents, platforms), *_next(platforms, now), *_again_and_again(platforms)])


def _contents(platform: Platform) -> str:
    counts = [(len(getattr(platform, kind)), kind) for kind in _KINDS]
    said = [counted(count, kind) for count, kind in counts if count]
    return f"  {platform.name}: {one_of(said, 'and') or 'people, channels and messages'}"


def _next(platforms: Platforms, now: datetime) -> Iterator[str]:
    firings = next_firings(platforms, now)
    if firings:
        yield "Next:"
    for firing in firings:
        zone = getattr(firing.at.tzinfo, "key", "UTC")
        yield f"  {firing.at:%a %Y-%m-%d %H:%M} {zone}  {firing.platform}: {firing.what}"


def _again_and_again(platforms: Platforms) -> Iterator[str]:
    monitors = [(monitor.every, p.name, monitor) for p in platforms for monitor in p.monitors.values()]
    if monitors:
        yield "Again and again:"
    for every, platform, monitor in sorted(monitors, key=lambda found: found[:2]):
        by = " (by a person)" if monitor.human else ""
        yield f"  every {spoken(every)}  {platform}: monitor {monitor.name}{by}"
