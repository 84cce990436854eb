"""Remembering what an outside directory answered, for a short while."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.errors import SlackError, SlackRefused
from bot.wallclock import Clock

logger = logging.getLogger(__name__)

T = TypeVar("T")

FRESH = timedelta(seconds=60)
"""So long an answer is as good as a new one."""
STALE = timedelta(minutes=10)
"""So long an answer still counts when there is no new one; after that there is none."""
REST = timedelta(seconds=10)
"""So long nobody asks again after a question without an answer: whoever comes meanwhile need not wait in vain."""
PATIENCE = 3.0
"""Seconds that a question may take."""


@dataclass(frozen=True, slots=True)
class _Answer(Generic[T]):
    value: T
    at: datetime


class Remembered(Generic[T]):
    """Answers by what was asked. Those who ask the same at once share one question."""

    def __init__(self, ask: Callable[[str, float], Awaitable[T]], clock: Clock) -> None:
        self._ask, self._clock = ask, clock
        self._answers: dict[str, _Answer[T]] = {}
        self._questions: dict[str, asyncio.Task[None]] = {}
        self._asked_in_vain: dict[str, datetime] = {}

    async def get(self, about: str, patience: float | None = None) -> T | None:
        """Return the answer about something; None when there is none, within `patience` seconds, that still counts.

        A question that takes longer than somebody waits goes on, for those who come next.
        """
        if (fresh := self._known(about, FRESH)) is not None:
            return fresh
        if question := self._question(about):
            await asyncio.wait({question}, timeout=PATIENCE if patience is None else patience)
        return self._known(about, STALE)

    def _question(self, about: str) -> asyncio.Task[None] | None:
        """Return the question that is under way, or a new one; None while it is no use to ask."""
        in_vain = self._asked_in_vain.get(about)
        if in_vain and self._clock.now() - in_vain < REST:
            return None
        if about not in self._questions:
            self._questions[about] = asyncio.create_task(self._put(about))
        return self._questions[about]

    def _known(self, about: str, life: timedelta) -> T | None:
        answer = self._answers.get(about)
        return answer.value if answer and self._clock.now() - answer.at < life else None

    async def _put(self, about: str) -> None:
        """Ask, and keep the answer; when Slack says no, what was known before no longer counts."""
        try:
            value = await self._ask(about, PATIENCE)
            self._answers[about] = _Answer(value, self._clock.now())
            self._asked_in_vain.pop(about, None)
        except SlackError as error:
            logger.warning("Slack does not say who holds a role: %s", error)
            self._asked_in_vain[about] = self._clock.now()
            if isinstance(error, SlackRefused):
                self._answers.pop(about, None)
        finally:
            del self._questions[about]
