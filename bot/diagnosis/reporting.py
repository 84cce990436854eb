"""Reporting: a diagnosis as a message that fills up while its findings come, with the evidence in its thread."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from bot.diagnosis import evidence
from bot.diagnosis.board import Board
from bot.diagnosis.diagnosis import Diagnosis
from bot.diagnosis.finding import Finding, Level
from bot.diagnosis.report import Inquiry, Report, Unshared, report_of
from bot.errors import SlackError, SlackRefused
from bot.runbooks.platform import Platform
from bot.store import timeline
from bot.store.database import Store
from bot.store.timeline import Entry
from bot.wallclock import Clock

logger = logging.getLogger(__name__)

_AT_ONCE = 1.0
"""Seconds: a report that is done by then is posted whole; before that nothing is posted, and never more often."""
_TABLES = 5
"""Tables in a thread; the rest is left to the files."""
_NAMED = 5


class Reports:
    """Diagnoses, and shows what is found."""

    def __init__(self, diagnosis: Diagnosis, board: Board, store: Store, clock: Clock) -> None:
        self._diagnosis, self._board = diagnosis, board
        self._store, self._clock = store, clock

    async def report(self, inquiry: Inquiry) -> Report:
        """Diagnose and report where it was asked; in a room the result becomes evidence of its incident.

        Where Opsroom cannot write, and where the subject is restricted, the one who asked gets the report alone, once
        it is done. Raises SlackError.
        """
        if inquiry.is_restricted:
            return await self._tell(inquiry)
        live = _Live(inquiry, self._board, self._clock)
        task = asyncio.create_task(live.show())
        try:
            await self._diagnosis.run(inquiry.platform, inquiry.probes, inquiry.given, live.found)
            report = live.whole()
            await self._record(inquiry, report)
            live.done()
            shown = await task
        finally:
            task.cancel()
        if shown is None:
            await self._answer(inquiry, report)
        else:
            await self._attach(inquiry, report, inquiry.thread or shown)
        return report

    async def first_look(self, platform: Platform, incident: int, channel: str, header: str, at: datetime) -> None:
        """Look a platform over for a new incident, in the thread of its header; nothing where nothing can be asked."""
        inquiry = Inquiry(
            key=f"incident:{incident}",
            platform=platform,
            subject=None,
            given={},
            by=None,
            at=at,
            channel=channel,
            thread=header,
            incident=incident,
        )
        if inquiry.probes and self._diagnosis.is_possible(platform):
            await self.report(inquiry)

    async def _tell(self, inquiry: Inquiry) -> Report:
        """Diagnose, and show all of it to the one who asked and to nobody else; an incident keeps how bad it is."""
        started = self._clock.now()
        findings = await self._diagnosis.run(inquiry.platform, inquiry.probes, inquiry.given)
        return await self.tell(inquiry, findings, (self._clock.now() - started).total_seconds())

    async def tell(self, inquiry: Inquiry, findings: Sequence[Finding], seconds: float | None = None) -> Report:
        """Show what a restricted probe found to the one who asked, with the evidence. Raises SlackError.

        `seconds` is how long that took; if left out, as long as the slowest of the findings.
        """
        took = max((finding.seconds for finding in findings), default=0.0) if seconds is None else seconds
        report = report_of(inquiry, findings, took)
        await self._record(inquiry, report)
        await self._answer(inquiry, report)
        return report

    async def _answer(self, inquiry: Inquiry, report: Report) -> None:
        if inquiry.by:
            evident = [*evidence.tables(report.findings), *evidence.excerpts(report.findings)]
            for noun in (report, *(evident if inquiry.is_restricted else ())):
                await self._board.answer(inquiry.reply_to, inquiry.channel, inquiry.by, noun)

    async def _attach(self, inquiry: Inquiry, report: Report, thread: str) -> None:
        """Put the evidence into the thread; a channel that takes no files is told what it misses.

        What nobody asked for has evidence of what is wrong alone: a room has better things to read.
        """
        telling = [finding for finding in report.findings if inquiry.by or finding.level is not Level.OK]
        for at, table in enumerate(evidence.tables(telling)[:_TABLES]):
            await self._board.post(f"{_name(inquiry)}:table:{at}", inquiry.channel, table, thread)
        key = _name(inquiry).replace(":", "-")
        made = await asyncio.to_thread(evidence.files, key, inquiry.probes, telling)
        try:
            await self._board.attach(inquiry.channel, thread, made)
        except SlackRefused:
            missed = Unshared(tuple(attachment.title for attachment in made))
            await self._board.post(f"{_name(inquiry)}:unshared", inquiry.channel, missed, thread)

    async def _record(self, inquiry: Inquiry, report: Report) -> None:
        if inquiry.incident is None:
            return
        entry = Entry(_name(inquiry), self._clock.now(), "finding", summary(report), inquiry.by)
        async with self._store.begin() as connection:
            await timeline.record(connection, inquiry.incident, entry)


class _Live:
    """A report on its way: one message, edited while there is news, at most once a second."""

    def __init__(self, inquiry: Inquiry, board: Board, clock: Clock) -> None:
        self._inquiry, self._board, self._clock = inquiry, board, clock
        self._findings: list[Finding] = []
        self._started: datetime = clock.now()
        self._ended: datetime | None = None
        self._end = asyncio.Event()

    async def found(self, finding: Finding) -> None:
        """Take a finding as soon as there is one."""
        self._findings.append(finding)

    def whole(self) -> Report:
        """Return the report; there are no more findings."""
        self._ended = self._clock.now()
        return self._report()

    def done(self) -> None:
        """Let the message show the last of it."""
        self._end.set()

    async def show(self) -> str | None:
        """Post the report and keep it up to date until it is done; None when the channel does not take it."""
        inquiry, shown = self._inquiry, -1
        message: str | None = None
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), _AT_ONCE)
            ended, news = self._end.is_set(), len(self._findings)
            try:
                if message is None:
                    message = await self._board.post(_name(inquiry), inquiry.channel, self._report(), inquiry.thread)
                # Edited even if posted just now: it may be there since before a crash, and say what was true then.
                if news != shown or ended:
                    await self._board.edit(_name(inquiry), inquiry.channel, message, self._report())
                    shown = news
            except SlackRefused:
                return None
            except SlackError as error:
                if ended:
                    raise
                logger.info("%s shows its findings later: %s", _name(inquiry), error)
            if ended:
                return message

    def _report(self) -> Report:
        seconds = ((self._ended or self._clock.now()) - self._started).total_seconds()
        return report_of(self._inquiry, self._findings, seconds)


def summary(report: Report) -> str:
    """Return a report in a line: `Service down: 2 critical (Backend pods, API health), 5 ok`."""
    parts = []
    for level, number in report.counts:
        names = [finding.title for finding in report.findings if finding.level is level]
        named = f" ({_few(names)})" if level is not Level.OK else ""
        parts.append(f"{number} {level.word}{named}")
    return f"{report.inquiry.title}: {', '.join(parts) or 'nothing to look at'}"


def _few(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _name(inquiry: Inquiry) -> str:
    """Return the name of a report's message, by which it is found again."""
    return f"diagnosis:{inquiry.key}"
