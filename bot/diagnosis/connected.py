"""The targets that platforms name, connected when they are first asked."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.diagnosis.backends import Backends, Secrets, load
from bot.diagnosis.leaving import Redact, leaving, redacted_error
from bot.errors import TargetError, TargetUnreachable
from bot.operations.backend import Backend, Limits
from bot.operations.http.places import Place
from bot.operations.line import Line
from bot.operations.operation import TargetKind
from bot.operations.output import Output
from bot.runbooks.platform import Platform
from bot.runbooks.targets import KubernetesTarget, Target

logger = logging.getLogger(__name__)

AT_ONCE = {
    TargetKind.KUBERNETES: 8,
    TargetKind.POSTGRES: 8,
    TargetKind.REDIS: 8,
    TargetKind.HTTP: 32,
    TargetKind.PROMETHEUS: 16,
    TargetKind.JOB: 4,
}
"""Operations that one target carries out side by side; more wait for their turn."""

BackendOf = Callable[[Platform, Target], Backend]


@dataclass(frozen=True, slots=True)
class _Open:
    """A target that was connected: what the runbook said of it then, and the gate before it."""

    entry: Target
    backend: Backend
    gate: asyncio.Semaphore


class ConnectedTargets:
    """The targets of all platforms. Addresses and passwords come from `secrets`, and nothing leaves unredacted.

    `backend_of` makes the backends in place of those that speak to the outside world; `places` are hosts whose
    names are not looked up.
    """

    def __init__(
        self,
        secrets: Secrets,
        redact: Redact,
        backend_of: BackendOf | None = None,
        *,
        places: Mapping[str, Place] | None = None,
    ) -> None:
        self._secrets, self._redact, self._backends = secrets, redact, Backends(secrets, places)
        self._backend_of = backend_of or self._backends.of
        self._open: dict[tuple[str, str], _Open] = {}
        self._replaced: list[Backend] = []

    async def run(self, platform: Platform, line: Line, target: str | None, limits: Limits) -> Output:
        """Carry out a line on a target, within the limits, waiting for a turn included.

        Raises TargetError, or NoTarget when the platform has no such target.
        """
        async with self.turn(platform, platform.target_for(line.operation, target), limits) as (backend, left):
            return await leaving(await backend.run(line.operation, left), line.filters, self._redact)

    @asynccontextmanager
    async def turn(self, platform: Platform, target: Target, limits: Limits) -> AsyncIterator[tuple[Backend, Limits]]:
        """Wait for a turn at a target, and lend its backend with what is left of the limits.

        What is raised in the block leaves redacted; what is returned from it, the caller redacts. Raises TargetError.
        """
        try:
            opened = self._opened(platform, target)
            async with self._turn(opened, limits) as left:
                yield opened.backend, left
        except TargetError as error:
            raise redacted_error(error, self._redact) from None

    def is_set_up(self, platform: Platform) -> bool:
        """Tell whether a variable is set that says how to reach a target; where none is asked for, all is said."""
        variables = [name for target in platform.targets.values() for name in target.variables]
        return any(map(self._secrets, variables)) if variables else bool(platform.targets)

    async def warm(self, platforms: Iterable[Platform]) -> None:
        """Load the libraries and the logins of the targets that are set up, so that who asks first need not wait.

        No target is asked anything. The libraries are loaded one after another, in a thread: several at once would
        leave the event loop too little time. What cannot be loaded is logged, and told again to whoever asks.
        """
        targets = [(platform, target) for platform in platforms for target in self._set_up(platform)]
        for kind in dict.fromkeys(target.kind for _, target in targets):
            await asyncio.to_thread(load, kind)
        async with asyncio.TaskGroup() as logins:
            for platform, target in targets:
                if isinstance(target, KubernetesTarget):
                    logins.create_task(self._log_in(platform, target))

    async def close(self) -> None:
        """Close every target that was connected."""
        backends = [*self._replaced, *(each.backend for each in self._open.values())]
        self._open, self._replaced = {}, []
        for backend in backends:
            await backend.close()
        await self._backends.close()

    def _set_up(self, platform: Platform) -> list[Target]:
        """Return the targets that could be asked now; none of a platform for which nothing was said."""
        if not self.is_set_up(platform):
            return []
        return [target for target in platform.targets.values() if all(map(self._secrets, target.variables))]

    async def _log_in(self, platform: Platform, target: KubernetesTarget) -> None:
        try:
            await self._backends.log_in(target)
        except TargetError as error:
            reason = redacted_error(error, self._redact)
            logger.warning("The target %s of %s is not warm: %s", target.name, platform.title, reason)

    @staticmethod
    @asynccontextmanager
    async def _turn(opened: _Open, limits: Limits) -> AsyncIterator[Limits]:
        came = time.monotonic()
        try:
            async with asyncio.timeout(limits.seconds):
                await opened.gate.acquire()
        except TimeoutError:
            name, at_once = opened.entry.name, AT_ONCE[opened.entry.kind]
            busy = f"The target {name} is busy: {at_once} operations before this one took {limits.seconds:g} s."
            raise TargetUnreachable(busy) from None
        try:
            yield replace(limits, seconds=max(limits.seconds - (time.monotonic() - came), 0.001))
        finally:
            opened.gate.release()

    def _opened(self, platform: Platform, entry: Target) -> _Open:
        """Return the target as it is connected, anew when its runbook was changed. Raises TargetRefused."""
        key = platform.name, entry.name
        known = self._open.get(key)
        if known is None or known.entry != entry:
            fresh = _Open(entry, self._backend_of(platform, entry), asyncio.Semaphore(AT_ONCE[entry.kind]))
            if known:
                self._replaced.append(known.backend)
            self._open[key] = known = fresh
        return known
