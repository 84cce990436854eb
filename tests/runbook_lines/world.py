"""The targets of all platforms, on real servers."""

import asyncio
import ssl
from collections.abc import Mapping
from pathlib import Path

from bot.access.redaction import redact
from bot.diagnosis.backends import Backends
from bot.diagnosis.binding import bound
from bot.diagnosis.connected import AT_ONCE, ConnectedTargets
from bot.diagnosis.ports import Reader
from bot.operations.backend import Backend, Limits
from bot.operations.http.backend import HttpBackend
from bot.operations.http.places import Place
from bot.operations.line import Line, read_line
from bot.operations.output import Output
from bot.runbooks.platform import Platform
from bot.runbooks.targets import HttpTarget, Target
from tests.runbook_lines.cases import Case
from tests.runbook_lines.values import samples
from tests.servers.web import WebServer

SECRET = "token-of-these-tests"
"""What fills the holes of requests."""
LEAST = 60.0
"""Seconds that any line gets: these tests look at what comes back, on a machine that may be busy."""


class World:
    """Carries cases out.

    What starts the servers fills in how to reach them: `settings` are variables of the environment, `sites` are those
    of the web hosts, `trusted` their certificates, `pods` a pod for each platform, `programs` where those of each
    namespace are.
    """

    def __init__(self) -> None:
        self.settings: dict[str, str] = {}
        self.sites: dict[str, WebServer] = {}
        self.trusted: ssl.SSLContext | None = None
        self.pods: dict[str, str] = {}
        self.programs = Path()
        self._backends = Backends(self._setting)
        self._made: dict[tuple[str, str], Backend] = {}
        self._targets = ConnectedTargets(self._setting, redact, self.backend_of)
        self._gates: dict[tuple[str, str], asyncio.Semaphore] = {}

    def backend_of(self, platform: Platform, target: Target) -> Backend:
        """Return the backend of a target, made once; that of a web target trusts the certificates of the tests."""
        key = platform.name, target.name
        if key not in self._made:
            self._made[key] = self._backend(platform, target)
        return self._made[key]

    def values(self, case: Case) -> Mapping[str, str]:
        """Return sample values for the holes of a case's line."""
        return samples(case.deed.parameters, self.pods.get(case.platform.name, ""))

    def line(self, case: Case, given: Mapping[str, str] | None = None) -> tuple[Line, Target]:
        """Return a case's line with sample values in its holes, or those given, and where it is carried out."""
        values = {**self.values(case), **(given or {})}
        if case.probe:
            return bound(case.platform, case.probe, case.line, values)
        line = read_line(case.line.text, values, case.platform.programs)
        return line, case.platform.target_for(line.operation, case.deed.target)

    async def read(self, case: Case) -> tuple[Line, Output]:
        """Carry a case out, as a diagnosis does. Raises TargetError."""
        line, target = self.line(case)
        stated = case.deed.stated_effect.effect if case.deed.stated_effect else None
        limit = case.deed.time_limit.total_seconds() if case.deed.time_limit else LEAST
        key = case.platform.name, target.name
        gate = self._gates.setdefault(key, asyncio.Semaphore(AT_ONCE[target.kind]))
        async with gate:  # nobody's time runs while it waits for its turn
            limits = Limits(seconds=max(limit, LEAST))
            output = await Reader(self._targets).read(case.platform, line, target.name, limits, stated)
        return line, output

    def again(self) -> "World":
        """Return the same world, with connections of its own."""
        made = World()
        for name in ("settings", "sites", "trusted", "pods", "programs"):
            setattr(made, name, getattr(self, name))
        return made

    async def close(self) -> None:
        """Close every backend."""
        await self._targets.close()
        for backend in self._made.values():
            await backend.close()
        await self._backends.close()

    def _backend(self, platform: Platform, target: Target) -> Backend:
        if not isinstance(target, HttpTarget):
            return self._backends.of(platform, target)
        secrets = dict.fromkeys(target.secrets_from, SECRET)
        places = {host: Place("127.0.0.1", site.port) for host, site in self.sites.items()}
        return HttpBackend(target.hosts, private=target.private, secrets=secrets, tls=self.trusted, places=places)

    def _setting(self, name: str) -> str | None:
        return self.settings.get(name)
