"""The variables of a container, and its command with them filled in."""

import base64
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Thing = dict[str, Any]
Look = Callable[[str, str, str], Awaitable[Thing | None]]
"""Takes a plural (`secrets`, `configmaps`), a namespace ("" for what has none) and a name; returns the object."""

_REFERENCE = re.compile(r"\$\$|\$\(([A-Za-z_][\w.-]*)\)")


class ConfigMissingError(Exception):
    """A container names a configmap, a secret or a key that does not exist: CreateContainerConfigError."""


async def variables(pod: Thing, container: Thing, look: Look) -> dict[str, str]:
    """Return the environment of a container. Raises ConfigMissingError."""
    namespace = pod["metadata"]["namespace"]
    found = {"HOSTNAME": pod["metadata"]["name"]}
    for source in container.get("envFrom") or []:
        for plural, key in (("configmaps", "configMapRef"), ("secrets", "secretRef")):
            if key in source:
                data = await _data(plural, namespace, source[key], look)
                found |= {source.get("prefix", "") + name: value for name, value in data.items()}
    for variable in container.get("env") or []:
        value = await _value(pod, variable, look)
        if value is not None:
            found[variable["name"]] = expanded(value, found)
    return found


async def _value(pod: Thing, variable: Thing, look: Look) -> str | None:
    origin = variable.get("valueFrom")
    if not origin:
        return str(variable.get("value", ""))
    if "fieldRef" in origin:
        return _field(pod, origin["fieldRef"]["fieldPath"])
    for plural, key in (("configmaps", "configMapKeyRef"), ("secrets", "secretKeyRef")):
        if key in origin:
            reference = origin[key]
            data = await _data(plural, pod["metadata"]["namespace"], reference, look)
            if reference["key"] not in data and not reference.get("optional"):
                raise ConfigMissingError(f"couldn't find key {reference['key']} in {plural[:-1]} {reference['name']}")
            return data.get(reference["key"])
    return ""


async def _data(plural: str, namespace: str, reference: Thing, look: Look) -> dict[str, str]:
    thing = await look(plural, namespace, reference["name"])
    if thing is None:
        if reference.get("optional"):
            return {}
        raise ConfigMissingError(f'{plural[:-1]} "{reference["name"]}" not found')
    data: dict[str, str] = thing.get("data") or {}
    if plural == "secrets":
        return {name: base64.b64decode(value).decode() for name, value in data.items()}
    return data


def _field(pod: Thing, path: str) -> str:
    value: Any = pod
    for part in path.split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return str(value)


def expanded(text: str, known: Mapping[str, str]) -> str:
    """Fill in `$(NAME)` as Kubernetes does: `$$` is a dollar sign, an unknown name stays as it is written."""
    return _REFERENCE.sub(lambda found: "$" if found[0] == "$$" else known.get(found[1], found[0]), text)


def command(container: Thing, known: Mapping[str, str]) -> list[str]:
    """Return the command and arguments of a container; empty when it runs what its image has."""
    return [expanded(str(word), known) for word in (*(container.get("command") or []), *(container.get("args") or []))]
