"""What the node needs of an API server: the real one over HTTP, or the sandbox's own at hand."""

from typing import Any, Protocol

Thing = dict[str, Any]


class Api(Protocol):
    """The API server, as the node sees it."""

    async def look(self, plural: str, namespace: str, name: str) -> Thing | None:
        """Return an object of the core group; None when there is none. Cluster-wide ones have the namespace ""."""

    async def report(self, pod: Thing, status: Thing) -> None:
        """Merge this into a pod's status, conditions by their type. A pod that is gone is no fault."""

    async def remove(self, pod: Thing) -> None:
        """Remove a pod that was asked to end and has. One that is gone is no fault."""

    async def event(self, pod: Thing, kind: str, reason: str, message: str) -> None:
        """Record an event about a pod; `kind` is Normal or Warning."""
