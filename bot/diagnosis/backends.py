"""Which backend stands behind a target, made from what the runbook says and the environment knows.

The backends are imported when the first target of their kind is asked: some of them bring large libraries.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import BadInput, TargetRefused
from bot.operations.backend import Backend
from bot.operations.http.places import Place
from bot.operations.operation import TargetKind
from bot.runbooks.platform import Platform
from bot.runbooks.targets import (
    AnyTarget,
    HttpTarget,
    JobTarget,
    KubernetesTarget,
    PostgresTarget,
    PrometheusTarget,
    RedisTarget,
    Target,
)

if TYPE_CHECKING:
    from bot.operations.kubernetes.connection import Cluster

Secrets = Callable[[str], str | None]
"""Returns the value of a variable of the environment, if it is set."""

_LIBRARIES: Mapping[TargetKind, tuple[str, ...]] = {
    TargetKind.KUBERNETES: ("bot.operations.kubernetes.backend",),
    TargetKind.POSTGRES: ("bot.operations.postgres.backend", "psycopg", "sqlglot"),
    TargetKind.REDIS: ("bot.operations.redis.backend",),
    TargetKind.HTTP: ("bot.operations.http.backend", "httpcore", "h11", "anyio"),
    TargetKind.PROMETHEUS: ("bot.operations.prometheus.backend", "httpcore", "h11", "anyio"),
    TargetKind.JOB: ("bot.operations.job.backend",),
}
"""What is imported, or else would be, when a target of a kind is first asked; a cluster's login brings its library."""


def load(kind: TargetKind) -> None:
    """Import what the backends of a kind need; takes tenths of a second, so call it in a thread."""
    for library in _LIBRARIES[kind]:
        importlib.import_module(library)


class Backends:
    """Makes backends. Those of one cluster share its connection; `places` are hosts whose names are not looked up."""

    def __init__(self, secrets: Secrets, places: Mapping[str, Place] | None = None) -> None:
        self._secrets, self._places = secrets, places
        self._clusters: dict[tuple[str, str], Cluster] = {}
        self._warm: set[Cluster] = set()

    def of(self, platform: Platform, target: Target) -> Backend:
        """Return a backend for a target, not connected yet.

        Raises TargetRefused that names the variable when one is not set, and when an address cannot be read.
        """
        try:
            return self._made(platform, target)
        except BadInput as error:
            raise TargetRefused(f"The target {target.name} is not set up well: {error}") from None

    async def log_in(self, target: KubernetesTarget) -> None:
        """Load the login to a target's cluster, once for all of its targets.

        Raises TargetRefused, or TargetUnreachable when that takes too long.
        """
        cluster = self._cluster(target)
        if cluster not in self._warm:
            self._warm.add(cluster)
            await cluster.warm()

    async def close(self) -> None:
        """Let go of the clusters, after their backends were closed."""
        clusters, self._clusters, self._warm = list(self._clusters.values()), {}, set()
        for cluster in clusters:
            await cluster.close()

    def _made(self, platform: Platform, target: Target) -> Backend:
        match target:
            case KubernetesTarget():
                return self._kubernetes(platform, target)
            case PostgresTarget():
                from bot.operations.postgres.backend import PostgresBackend

                return PostgresBackend(self._required(target, target.url_from), target.database)
            case RedisTarget():
                from bot.operations.redis.backend import RedisBackend

                return RedisBackend(self._required(target, target.url_from))
            case HttpTarget():
                return self._http(target)
            case PrometheusTarget():
                return self._prometheus(target)
            case JobTarget():
                return self._job(platform, target)
        raise TargetRefused(f"The target {target.name} is of no kind that can be asked.")

    def _kubernetes(self, platform: Platform, target: KubernetesTarget) -> Backend:
        from bot.operations.kubernetes.backend import KubernetesBackend

        folder = Path(self._required(target, target.manifests_from)) if target.manifests_from else platform.home
        return KubernetesBackend(self._cluster(target), target.namespace, folder)

    def _http(self, target: HttpTarget) -> Backend:
        from bot.operations.http.backend import HttpBackend

        known = {hole: value for hole, variable in target.secrets_from.items() if (value := self._secrets(variable))}
        return HttpBackend(target.hosts, private=target.private, secrets=known, places=self._places)

    def _prometheus(self, target: PrometheusTarget) -> Backend:
        from bot.operations.prometheus.backend import PrometheusBackend

        token = self._required(target, target.token_from) if target.token_from else ""
        return PrometheusBackend(target.url or self._required(target, target.url_from or ""), token=token)

    def _job(self, platform: Platform, target: JobTarget) -> Backend:
        from bot.operations.job.backend import JobBackend
        from bot.operations.job.toolbox import Toolbox

        where = platform.targets.get(target.cluster)
        if not isinstance(where, KubernetesTarget):
            raise TargetRefused(f"The target {target.name} runs on {target.cluster}, which is no cluster.")
        toolbox = Toolbox(
            where.namespace,
            target.deployment or "",
            target.container or "",
            target.image or "",
            target.programs,
            volume=target.volume or "",
            volume_at=target.volume_at if target.volume else "",
        )
        if target.time_limit:
            toolbox = replace(toolbox, seconds=target.time_limit.total_seconds())
        return JobBackend(self._cluster(where), toolbox)

    def _cluster(self, target: KubernetesTarget) -> "Cluster":
        """Return the connection for a target: by KUBECONFIG, by the user's own file, or as the pod that we run in."""
        from bot.operations.kubernetes.connection import Cluster

        own = Path(self._secrets("HOME") or "/") / ".kube" / "config"
        file = self._secrets("KUBECONFIG") or (str(own) if own.is_file() else "")
        context = self._required(target, target.context_from) if target.context_from else ""
        if (file, context) not in self._clusters:
            self._clusters[file, context] = Cluster(file or None, context)
        return self._clusters[file, context]

    def _required(self, target: AnyTarget, variable: str) -> str:
        if value := self._secrets(variable):
            return value
        raise TargetRefused(f"The target {target.name} is not set up yet: set {variable}.")
