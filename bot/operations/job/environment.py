"""Whether a variable of the platform's environment is set: read from what its containers are given, value unseen."""

from typing import Any

from bot.operations.job.manifest import container_of
from bot.operations.job.nouns import IsSet
from bot.operations.job.toolbox import Toolbox
from bot.operations.kubernetes.connection import Cluster, Request
from bot.operations.kubernetes.faults import ClusterRefused
from bot.operations.output import Output

Json = dict[str, Any]
_SOURCES = (("secretKeyRef", "secretRef", "secrets"), ("configMapKeyRef", "configMapRef", "configmaps"))


async def is_set(question: IsSet, cluster: Cluster, toolbox: Toolbox, template: Json, until: float) -> Output:
    """Answer `set` with the exit code 0, or `not set` with 1. Raises TargetError."""
    found = await _Reader(cluster, toolbox.namespace, until).has(container_of(toolbox, template), question.name)
    return Output("set\n" if found else "not set\n", code=0 if found else 1)


class _Reader:
    """Reads which keys secrets and configmaps have."""

    def __init__(self, cluster: Cluster, namespace: str, until: float) -> None:
        self._cluster, self._namespace, self._until = cluster, namespace, until

    async def has(self, container: Json, name: str) -> bool:
        """Return whether a container has a variable with a value."""
        for variable in container.get("env") or []:
            if variable["name"] == name:
                return await self._variable(variable)
        for source in container.get("envFrom") or []:
            prefix = source.get("prefix", "")
            for _, reference, plural in _SOURCES:
                if reference in source and name.startswith(prefix):
                    keys = await self._keys(plural, source[reference]["name"])
                    if name.removeprefix(prefix) in keys:
                        return True
        return False

    async def _variable(self, variable: Json) -> bool:
        origin: Json = variable.get("valueFrom") or {}
        for reference, _, plural in _SOURCES:
            if reference in origin:
                return origin[reference]["key"] in await self._keys(plural, origin[reference]["name"])
        return bool(origin or variable.get("value"))

    async def _keys(self, plural: str, name: str) -> set[str]:
        """Return the keys that have a value; the values go no further than here."""
        path = f"/api/v1/namespaces/{self._namespace}/{plural}/{name}"
        try:
            found = await self._cluster.json(Request("GET", path), self._until)
        except ClusterRefused as error:
            if error.status == 404:
                return set()
            raise
        return {key for key, value in (found.get("data") or {}).items() if value}
