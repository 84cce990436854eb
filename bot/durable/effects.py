"""The ledger of workflows, and effects: what must happen once in the outside world, through every crash.

The intent is recorded, the deed is done, the outcome is recorded. An intent without an outcome says that
nobody knows whether the deed was done: then the outside world is looked at, and the deed repeated only when it
says no.
"""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.durable.engine import Guard, as_json
from bot.durable.retry import ENDLESS, Patience, next_pause, persist
from bot.errors import OpsroomError, SlackUnavailable
from bot.store import effects, steps
from bot.store.database import Store
from bot.wallclock import Clock

_log = logging.getLogger(__name__)

Deed = Callable[[], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger says of a deed: `done` and its `outcome`, or only intended."""

    done: bool
    outcome: Any = None


class Ledger(Protocol):
    """Where intents and outcomes of effects are kept, and how steps ended."""

    async def intend(self, workflow: str, name: str) -> Known | None:
        """Record an intent; return what was there before, None when nothing was."""

    async def record(self, workflow: str, name: str, outcome: Any) -> None:
        """Record the outcome."""

    async def withdraw(self, workflow: str, name: str) -> None:
        """Take back an intent that was certainly not carried out."""

    async def note(self, workflow: str, name: str, ending: dict[str, Any]) -> dict[str, Any]:
        """Note how a step ended and return the ending that stands, which is the first one."""

    async def noted(self, workflow: str) -> dict[str, dict[str, Any]]:
        """Return how the steps of a workflow ended, by name."""


class StoreLedger:
    """The ledger in the store, which is waited for when it does not answer."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def intend(self, workflow: str, name: str) -> Known | None:
        """See Ledger."""

        async def write() -> effects.Effect | None:
            async with self._store.begin() as connection:
                return await effects.intend(connection, workflow, name, self._clock.now())

        earlier = await persist(write, self._clock, ENDLESS)
        return None if earlier is None else Known(earlier.done_at is not None, earlier.outcome)

    async def record(self, workflow: str, name: str, outcome: Any) -> None:
        """See Ledger."""

        async def write() -> None:
            async with self._store.begin() as connection:
                await effects.record(connection, workflow, name, self._clock.now(), outcome)

        await persist(write, self._clock, ENDLESS)

    async def withdraw(self, workflow: str, name: str) -> None:
        """See Ledger."""

        async def write() -> None:
            async with self._store.begin() as connection:
                await effects.withdraw(connection, workflow, name)

        await persist(write, self._clock, ENDLESS)

    async def note(self, workflow: str, name: str, ending: dict[str, Any]) -> dict[str, Any]:
        """See Ledger."""

        async def write() -> dict[str, Any]:
            async with self._store.begin() as connection:
                return await steps.record(connection, workflow, name, self._clock.now(), ending)

        return await persist(write, self._clock, ENDLESS)

    async def noted(self, workflow: str) -> dict[str, dict[str, Any]]:
        """See Ledger."""

        async def read() -> dict[str, dict[str, Any]]:
            async with self._store.read() as connection:
                return await steps.of(connection, workflow)

        return await persist(read, self._clock, ENDLESS)


@dataclass(slots=True)
class MemoryLedger:
    """The ledger of the in-memory twin."""

    rows: dict[tuple[str, str], Known] = field(default_factory=dict)
    endings: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    async def intend(self, workflow: str, name: str) -> Known | None:
        """See Ledger."""
        earlier = self.rows.get((workflow, name))
        self.rows.setdefault((workflow, name), Known(done=False))
        return earlier

    async def record(self, workflow: str, name: str, outcome: Any) -> None:
        """See Ledger."""
        if not self.rows[workflow, name].done:
            self.rows[workflow, name] = Known(done=True, outcome=outcome)

    async def withdraw(self, workflow: str, name: str) -> None:
        """See Ledger."""
        self.rows.pop((workflow, name), None)

    async def note(self, workflow: str, name: str, ending: dict[str, Any]) -> dict[str, Any]:
        """See Ledger."""
        return self.endings.setdefault(workflow, {}).setdefault(name, ending)

    async def noted(self, workflow: str) -> dict[str, dict[str, Any]]:
        """See Ledger."""
        return dict(self.endings.get(workflow, {}))


@dataclass(frozen=True, slots=True)
class Once:
    """Does deeds once, by the ledger. `guard` is asked before each."""

    ledger: Ledger
    clock: Clock
    guard: Guard

    async def do(self, key: tuple[str, str], deed: Deed, look: Deed, patience: Patience) -> Any:
        """Do the deed unless it is known to be done, and return its result; `key` is workflow and name.

        Raise the error of a refusal, or the last one when patience is over.
        """
        known = await self.ledger.intend(*key)
        if known is not None and known.done:
            return known.outcome
        attempt = _Attempt(deed, look, self.guard, unclear=known is not None)
        try:
            result = as_json(await self._repeat(attempt, patience))
        except OpsroomError:
            if not attempt.unclear:
                await self.ledger.withdraw(*key)
            raise
        await self.ledger.record(*key, result)
        return result

    async def _repeat(self, attempt: "_Attempt", patience: Patience) -> Any:
        began, tries = self.clock.now(), 0
        while True:
            try:
                return await attempt.make()
            except OpsroomError as error:
                tries += 1
                pause = next_pause(error, tries, patience, (self.clock.now() - began).total_seconds())
                if pause is None:
                    return await attempt.last_look(error)
                _log.info("Trying again in %.1f s: %s", pause, error)
            await self.clock.sleep(pause)


@dataclass(slots=True)
class _Attempt:
    """A deed that is being tried; `unclear` while nobody knows whether an earlier try did it."""

    deed: Deed
    look: Deed
    guard: Guard
    unclear: bool

    async def make(self) -> Any:
        """Look if need be, then do the deed."""
        if self.unclear:
            found = await self.look()
            if found is not None:
                return found
            self.unclear = False
        await self.guard()
        try:
            return await self.deed()
        except OpsroomError as error:
            # Only a refusal, and a call that never went out, are certain: the store may have failed after it.
            self.unclear = error.passing and not isinstance(error, SlackUnavailable)
            raise
        except BaseException:
            self.unclear = True
            raise

    async def last_look(self, error: OpsroomError) -> Any:
        """Return what was done after all, or raise the error that ended it."""
        if self.unclear and error.passing:
            with suppress(OpsroomError):
                found = await self.look()
                if found is not None:
                    return found
                self.unclear = False
        raise error
