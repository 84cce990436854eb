"""Social Live as the demo has it: its backend in the sandbox's cluster, and what follows from how that one is.

Whether the API answers and what is measured of it is computed from the pods that are ready, so that everything is red
when a bad release is rolled out, and green again as soon as somebody goes back, by whatever way.
"""

import asyncio
import bisect
import math
import time
from typing import Any

from sandbox.cluster import Cluster, Fate
from sandbox.cluster.api.addresses import Address
from sandbox.cluster.api.verbs import Verbs
from sandbox.cluster.kubelet.moments import stamp
from sandbox.cluster.patches import strategic
from sandbox.cluster.story import GOOD, SOCIAL, Release, Story
from sandbox.targets.hosts import Page
from sandbox.targets.prometheus import Gauge

_RETRIES = 40
_SMOOTH = 20.0  # seconds over which figures are averaged, so that a change is seen soon and not at once
_EACH, _AT_FIRST = 1.0, 0.05  # seconds between two looks at the pods
_SERVED = 3 * 86_400.0  # seconds for which the good release has served when the bad one comes
_ALIKE = 0.5  # share of ready pods below which the API says that it is not well


def _log() -> str:
    """Return what the bad release writes before it ends."""
    trying = (
        f"@-{_RETRIES - at} ERROR [Checkout] payment provider: connect ECONNREFUSED 10.0.31.7:8443 (attempt {at + 1})"
        for at in range(_RETRIES)
    )
    return "\n".join(
        (
            f"@-{_RETRIES + 2} INFO  [Bootstrap] Social Live backend 2.6.0",
            f"@-{_RETRIES + 1} INFO  [Checkout] using the new payment provider",
            *trying,
            "ERROR [Bootstrap] the application could not be started: checkout is not available",
        )
    )


BAD = Release("2.6.0", "release 2.6.0: checkout by the new payment provider", Fate.BROKEN, _log(), _log())
"""Its pods end as soon as they start; while it is rolled out, one of three old ones is left."""


class SocialLive:
    """Social Live on a cluster that a story has furnished."""

    def __init__(self, cluster: Cluster, story: Story) -> None:
        self._store, self._story = cluster.store, story
        self._seen: list[tuple[float, float]] = [(0.0, 0.0)]
        self._up = asyncio.Event()
        cluster.images.script({BAD.image: BAD.fate})
        self._let_rollouts_hurt(Verbs(cluster.store))

    @property
    def is_broken(self) -> bool:
        """Whether the bad release is what should run."""
        deployment = self._deployment()
        return bool(deployment["spec"]["template"]["spec"]["containers"][0]["image"] == BAD.image)

    def break_it(self) -> None:
        """Roll the bad release out, three days after the one that is there."""
        self._age()
        self._story.ship(BAD)

    def mend_it(self) -> None:
        """Go back to the good release."""
        self._story.ship(GOOD)

    async def up(self) -> None:
        """Return once all pods are ready."""
        await self._up.wait()

    async def watch(self) -> None:
        """Note for ever how many pods are ready, as soon as all of them once were."""
        while True:  # pods become ready by themselves, and the picture has a point every few seconds
            ready = self.ready
            if ready == 1.0:
                self._up.set()
            if self._up.is_set():
                self._note(time.time(), 1.0 - ready)
            await asyncio.sleep(_EACH if self._up.is_set() else _AT_FIRST)

    @property
    def ready(self) -> float:
        """The share of the backend's pods that are ready, from 0 to 1."""
        wanted = int(self._deployment()["spec"]["replicas"]) or 1
        return min(1.0, sum(map(_is_ready, self._store.each("pods"))) / wanted)

    def pages(self) -> dict[str, Page]:
        """Return what its hosts answer, by `host/path`."""
        return {
            "api.yourdomain.com/health": self._health,
            "app.yourdomain.com/": lambda: (200, "<!doctype html><title>Social Live</title>"),
        }

    def gauges(self) -> list[Gauge]:
        """Return what is measured of it: rates of requests and errors, times, memory."""
        return [
            Gauge('http_requests_total{status=~"5', lambda at: 0.02 + 0.01 * _wave(at) + 62 * self._missing(at)),
            Gauge("http_request_duration_seconds", lambda at: 0.156 + 0.012 * _wave(at) + 1.3 * self._missing(at)),
            Gauge("http_requests_total", lambda at: 2341 + 160 * _wave(at) - 900 * self._missing(at)),
            Gauge("container_memory_working_set_bytes", lambda at: 62 + 3 * _wave(at / 4)),
        ]

    def _health(self) -> tuple[int, Any]:
        if self.ready >= _ALIKE:
            return 200, {"status": "ok", "database": "ok", "cache": "ok"}
        return 503, {"status": "error", "error": "no healthy upstream"}

    def _missing(self, at: float) -> float:
        """Return the mean share of pods that were not ready just before a moment."""
        first = bisect.bisect_right(self._seen, at - _SMOOTH, key=lambda seen: seen[0]) - 1
        total, until = 0.0, at
        for since, missing in reversed(self._seen[max(first, 0) :]):
            if since < until:
                total += missing * (until - max(since, at - _SMOOTH))
                until = since
        return total / _SMOOTH

    def _note(self, at: float, missing: float) -> None:
        if missing != self._seen[-1][1]:
            self._seen.append((at, missing))

    def _deployment(self) -> dict[str, Any]:
        return self._store.get(self._store.kinds.get("deployments", "apps"), SOCIAL, "backend")

    def _age(self) -> None:
        """Let the releases that are there have served for a while, as those of a real platform have."""
        kind, since = self._store.kinds.get("replicasets", "apps"), stamp(time.time() - _SERVED)
        for found in self._store.each("replicasets", "apps"):
            if found["metadata"]["namespace"] == SOCIAL:
                self._store.mark(kind, found, creationTimestamp=since)

    def _let_rollouts_hurt(self, verbs: Verbs) -> None:
        """Let two of three pods be taken away before the new ones answer: what makes a bad release an incident."""
        before = self._deployment()
        where = Address(self._store.kinds.get("deployments", "apps"), SOCIAL, "backend")
        patch = {"spec": {"strategy": {"rollingUpdate": {"maxUnavailable": 2, "maxSurge": 1}}}}
        verbs.changed(where, before, strategic(before, patch))


def _is_ready(pod: dict[str, Any]) -> bool:
    meta = pod["metadata"]
    mine = meta["namespace"] == SOCIAL and (meta.get("labels") or {}).get("app") == "backend"
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return mine and any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _wave(at: float) -> float:
    """Return a figure between -1 and 1 that goes up and down as traffic does, the same at the same moment."""
    return (math.sin(at / 173) + math.sin(at / 41) + math.sin(at / 611)) / 3
