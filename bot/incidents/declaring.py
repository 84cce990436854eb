"""Declaring: the row first, once for each request, then the work that opens the room."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.durable.engine import Engine
from bot.incidents.nouns import Opened, Similar
from bot.incidents.opening import WORKFLOW
from bot.runbooks.platform import Platform, Severity
from bot.store import incidents, timeline
from bot.store.database import Store
from bot.store.incidents import Incident
from bot.store.timeline import Entry
from bot.store.turns import take_turns

JUST_NOW = timedelta(seconds=60)
"""Two people who see the same thing declare it within this time."""
_ALIKE = 70.0
"""How much of 100 two titles must have in common, by their words in any order, to be asked about."""
_LONGEST_TITLE = 140
"""A Slack header takes 150 characters, and the severity stands before the title."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What somebody declares. `origin` is the id of the request; `insist` that they know of a similar incident."""

    origin: str
    by: str
    at: datetime
    platform: Platform
    severity: Severity
    summary: str
    channel: str
    reply_to: str | None = None
    insist: bool = False


class Declarations:
    """Takes declarations."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store, self._engine = store, engine

    async def declare(self, declared: Declaration) -> Similar | Opened | None:
        """Write the incident down and start opening its room; the room answers the declarer itself.

        Return the incident that looks the same instead, when somebody declared one within `JUST_NOW` and this
        declaration does not insist. The same request declares once, however often it is repeated; who insists again is
        shown the room.
        """
        async with self._store.begin() as connection:
            await take_turns(connection, f"declare {declared.platform.name}")
            incident = await incidents.by_origin(connection, declared.origin)
            if incident and incident.channel_id and declared.insist:
                return Opened(incident, declared.platform)
            if incident is None and not declared.insist and (same := await _similar(connection, declared)):
                return Similar(same, declared.platform, declared.origin, declared.by)
            incident = incident or await _write_down(connection, declared)
        await self._engine.start(WORKFLOW, f"declare:{declared.origin}", {"incident": incident.number})
        return None


def title_of(summary: str) -> str:
    """Return the first line of a summary, cut at a word if it is too long for a header."""
    line = next((line.strip() for line in summary.splitlines() if line.strip()), "")
    if len(line) <= _LONGEST_TITLE:
        return line
    cut = line[: _LONGEST_TITLE - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[_LONGEST_TITLE // 2 :] else cut).rstrip() + "…"


async def _write_down(connection: AsyncConnection, declared: Declaration) -> Incident:
    incident = await incidents.add(
        connection,
        origin=declared.origin,
        platform=declared.platform.name,
        severity=declared.severity.name,
        rank=declared.platform.severities.index(declared.severity),
        title=title_of(declared.summary),
        summary=declared.summary,
        declared_by=declared.by,
        declared_at=declared.at,
        declared_in=declared.channel,
        reply_to=declared.reply_to,
    )
    said = f"Declared {declared.severity.label} on {declared.platform.title}: {declared.summary}"
    await timeline.record(connection, incident.number, Entry("declared", declared.at, "declared", said, declared.by))
    return incident


async def _similar(connection: AsyncConnection, declared: Declaration) -> Incident | None:
    since = declared.at - JUST_NOW
    recent = await incidents.open_titles(connection, declared.platform.name, since)
    title = title_of(declared.summary).casefold()
    alike = {number: fuzz.token_set_ratio(title, other.casefold()) for number, other in recent}
    best = max(alike, key=lambda number: alike[number], default=None)
    return await incidents.by_number(connection, best) if best is not None and alike[best] >= _ALIKE else None
