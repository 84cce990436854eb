"""Label and field selectors, as the API reads them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.cluster.kinds import Kind
from sandbox.cluster.refusals import bad_request

Thing = dict[str, Any]
Matches = Callable[[Mapping[str, str]], bool]
_SET = re.compile(r"\s*([\w./-]+)\s+(in|notin)\s*\(([^()]*)\)\s*")
_EQUAL = re.compile(r"\s*([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)\s*")
_THERE = re.compile(r"\s*(!?)\s*([\w./-]+)\s*")
_FIELD = re.compile(r"\s*([\w.\[\]/'-]+?)\s*(==|=|!=)\s*(.*?)\s*")
_ALWAYS = ("metadata.name", "metadata.namespace")
_FIELDS = {
    "pods": (
        *("spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName"),
        *("status.phase", "status.podIP", "status.nominatedNodeName"),
    ),
    "events": (
        *(f"involvedObject.{key}" for key in ("apiVersion", "fieldPath", "kind", "name", "namespace", "uid")),
        *("reason", "reportingComponent", "source", "type"),
    ),
    "nodes": ("spec.unschedulable",),
    "secrets": ("type",),
    "namespaces": ("status.phase",),
    "jobs": ("status.successful",),
    "replicasets": ("status.replicas",),
}


def labels(selector: str) -> Matches:
    """Return what tells whether labels are selected. Raises Refused (400)."""
    tests = [_label(part) for part in re.split(r",(?![^(]*\))", selector)] if selector.strip() else []
    return lambda found: all(test(found) for test in tests)


def _label(part: str) -> Matches:
    if one_of := _SET.fullmatch(part):
        key, wanted = one_of[1], {value.strip() for value in one_of[3].split(",")}
        within = one_of[2] == "in"
        return lambda found: (found.get(key) in wanted) if within else found.get(key) not in wanted
    if equal := _EQUAL.fullmatch(part):
        key, value, same = equal[1], equal[3], equal[2] != "!="
        return lambda found: (found.get(key) == value) is same
    if there := _THERE.fullmatch(part):
        key, wanted_there = there[2], not there[1]
        return lambda found: (key in found) is wanted_there
    raise bad_request(f"unable to parse requirement: found '{part.strip()}', expected: identifier")


def structured(selector: Thing) -> Matches:
    """Return what tells whether labels are selected by a `selector` of an object."""
    equal = selector.get("matchLabels") or {}
    parts = [f"{key}={value}" for key, value in equal.items()]
    for one in selector.get("matchExpressions") or []:
        values = ",".join(one.get("values") or [])
        by = {"In": f"{one['key']} in ({values})", "NotIn": f"{one['key']} notin ({values})"}
        parts.append({**by, "Exists": one["key"], "DoesNotExist": f"!{one['key']}"}[one["operator"]])
    return labels(",".join(parts))


def fields(kind: Kind, selector: str) -> Callable[[Thing], bool]:
    """Return what tells whether an object is selected by its fields. Raises Refused (400)."""
    tests: list[tuple[str, bool, str]] = []
    for part in filter(None, (piece.strip() for piece in selector.split(","))):
        found = _FIELD.fullmatch(part)
        if found is None:
            raise bad_request(f"invalid selector: '{part}'; can't understand '{part}'")
        if found[1] not in (*_ALWAYS, *_FIELDS.get(kind.plural, ())):
            known = f'"{found[1]}" is not a known field selector: only "metadata.name", "metadata.namespace"'
            raise bad_request(f"field label not supported: {found[1]}" if kind.plural in _FIELDS else known)
        tests.append((found[1], found[2] != "!=", found[3]))
    return lambda thing: all((_value(thing, path) == value) is same for path, same, value in tests)


def _value(thing: Thing, path: str) -> str:
    if path == "source":
        path = "source.component"
    value: Any = thing
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
