"""Patches: JSON (RFC 6902), merge (RFC 7386) and strategic, in which lists merge by a key of their members."""

import copy
from collections.abc import Callable
from typing import Any

from sandbox.cluster.refusals import Refused, bad_request

Thing = dict[str, Any]
_KEYS = {
    "containers": "name",
    "initContainers": "name",
    "ephemeralContainers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "ports": "containerPort",
    "imagePullSecrets": "name",
    "conditions": "type",
    "taints": "key",
    "tolerations": "",
    "ownerReferences": "uid",
    "addresses": "type",
    "hostAliases": "ip",
    "secrets": "name",
    "topologySpreadConstraints": "topologyKey",
}
"""The field by which members of a list are the same in a strategic patch; the API's own types say it."""

_SERVICE_PORTS = "port"


def merge(target: Any, patch: Any) -> Any:
    """Return the target with a merge patch in it."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result


def strategic(target: Any, patch: Any, field: str = "") -> Any:
    """Return the target with a strategic merge patch in it; `field` is what the target is in its parent."""
    if isinstance(patch, list):
        return _lists(target if isinstance(target, list) else [], patch, field)
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    if patch.get("$patch") == "replace":
        return copy.deepcopy({key: value for key, value in patch.items() if key != "$patch"})
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if key.startswith("$setElementOrder/") or key == "$retainKeys":
            continue
        if key.startswith("$deleteFromPrimitiveList/"):
            name = key.partition("/")[2]
            result[name] = [kept for kept in result.get(name) or [] if kept not in value]
        elif value is None:
            result.pop(key, None)
        else:
            result[key] = strategic(result.get(key), value, key)
    return result


def _lists(target: list[Any], patch: list[Any], field: str) -> list[Any]:
    key = _KEYS.get(field)
    if key == "containerPort" and any(isinstance(one, dict) and key not in one for one in [*target, *patch]):
        key = _SERVICE_PORTS
    if not key or not all(isinstance(one, dict) for one in patch):
        return copy.deepcopy(patch)
    if any(one.get("$patch") == "replace" for one in patch):
        return [copy.deepcopy(one) for one in patch if "$patch" not in one]
    result = [dict(one) for one in target]
    for one in patch:
        if key not in one:
            raise bad_request(f"map: {one} does not contain declared merge key: {key}")
        at = next((index for index, there in enumerate(result) if there.get(key) == one[key]), None)
        if one.get("$patch") == "delete":
            result = [there for there in result if there.get(key) != one[key]]
        elif at is None:
            result.append(strategic({}, one))
        else:
            result[at] = strategic(result[at], one)
    return result


def json_patch(target: Thing, patch: Any) -> Thing:
    """Return the target with a JSON patch in it. Raises Refused (422) for a test that fails or a path that is none."""
    if not isinstance(patch, list):
        raise bad_request("json: cannot unmarshal object into Go value of type jsonpatch.Patch")
    document: Any = copy.deepcopy(target)
    for operation in patch:
        try:
            _operate(document, operation)
        except (KeyError, IndexError, ValueError, TypeError):
            message = "the server rejected our request due to an error in our request"
            raise Refused(422, "Invalid", message) from None
    result: Thing = document
    return result


def _operate(document: Any, operation: Thing) -> None:
    *parents, last = [piece.replace("~1", "/").replace("~0", "~") for piece in operation["path"].split("/")[1:]]
    holder = document
    for piece in parents:
        holder = holder[int(piece)] if isinstance(holder, list) else holder[piece]
    key: Any = last
    if isinstance(holder, list):
        key = len(holder) if last == "-" else int(last)
    _DEEDS[operation["op"]](holder, key, operation.get("value"))


def _test(holder: Any, key: Any, value: Any) -> None:
    if holder[key] != value:
        raise ValueError("the test failed")


def _remove(holder: Any, key: Any, _value: Any) -> None:
    del holder[key]


def _add(holder: Any, key: Any, value: Any) -> None:
    if isinstance(holder, list):
        holder.insert(key, value)
    else:
        holder[key] = value


def _replace(holder: Any, key: Any, value: Any) -> None:
    del holder[key]  # what is replaced must be there
    _add(holder, key, value)


_DEEDS: dict[str, Callable[[Any, Any, Any], None]] = {
    "test": _test,
    "remove": _remove,
    "add": _add,
    "replace": _replace,
}
