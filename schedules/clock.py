"""APScheduler, used as a clock and as nothing else: it ticks in every replica and keeps no state.

A schedule is a module of this folder: `EVERY` says how often, `tick` what to do. The types of its parameters say which
parts of Opsroom it needs. What must happen once is claimed in the store, so that it does not matter who ticks.
"""

import importlib
import logging
import pkgutil
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, get_type_hints

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import OpsroomError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One kind of clock work, with the parts that it needs."""

    name: str
    every: timedelta
    tick: Callable[..., Awaitable[object]]
    parts: Mapping[str, Any]

    async def run(self) -> None:
        """Tick once. An error ends this tick and no other."""
        try:
            await self.tick(**self.parts)
        except OpsroomError as error:
            logger.warning("%s: %s", self.name, error)
        except Exception:
            logger.exception("%s failed", self.name)


def scan(services: Mapping[type, Any]) -> Iterator[Schedule]:
    """Yield the schedules of this folder. Raises TypeError when one needs a part that there is not."""
    folder = importlib.import_module(__package__)
    for found in pkgutil.iter_modules(folder.__path__):
        module = importlib.import_module(f"{__package__}.{found.name}")
        if found.name == "clock" or found.name.startswith("_"):
            continue
        needs = {name: kind for name, kind in get_type_hints(module.tick).items() if name != "return"}
        if missing := [kind.__name__ for kind in needs.values() if kind not in services]:
            raise TypeError(f"schedules/{found.name}.py needs {missing}, which nothing provides.")
        yield Schedule(found.name, module.EVERY, module.tick, {name: services[kind] for name, kind in needs.items()})


class Clockwork:
    """The running clock."""

    def __init__(self, services: Mapping[type, Any]) -> None:
        self.schedules = tuple(scan(services))
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        """Start ticking. A tick that is late is made once; one that still runs is not started again."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        for schedule in self.schedules:
            trigger = IntervalTrigger(seconds=schedule.every.total_seconds(), timezone=UTC)
            options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
            self._scheduler.add_job(schedule.run, trigger, id=schedule.name, **options)
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking; what runs ends by itself."""
        self._scheduler.shutdown(wait=False)
