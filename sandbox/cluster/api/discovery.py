"""What there is: versions, groups and kinds."""

from typing import Any

from sandbox.cluster.kinds import Kinds
from sandbox.cluster.refusals import no_such_path

Thing = dict[str, Any]
VERSION = {"major": "1", "minor": "20", "gitVersion": "v1.20.2", "platform": "linux/amd64"}
METRICS = "metrics.k8s.io"
_METRICS = [
    {"name": "nodes", "singularName": "", "namespaced": False, "kind": "NodeMetrics", "verbs": ["get", "list"]},
    {"name": "pods", "singularName": "", "namespaced": True, "kind": "PodMetrics", "verbs": ["get", "list"]},
]


def discovered(kinds: Kinds, path: str, *, metrics: bool) -> Thing | None:
    """Return what a path of discovery answers; None for one that is none. Raises Refused (404)."""
    versions = {**kinds.versions(), **({METRICS: ["v1beta1"]} if metrics else {})}
    match path.strip("/").split("/"):
        case ["version"]:
            return VERSION
        case ["api"]:
            return {"kind": "APIVersions", "versions": ["v1"]}
        case ["apis"]:
            groups = [_group(group, served) for group, served in versions.items() if group]
            return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
        case ["api", version]:
            return _resources(kinds, versions, "", version)
        case ["apis", group, version]:
            return _resources(kinds, versions, group, version)
    return None


def _group(group: str, versions: list[str]) -> Thing:
    listed = [{"groupVersion": f"{group}/{version}", "version": version} for version in versions]
    return {"name": group, "versions": listed, "preferredVersion": listed[0]}


def _resources(kinds: Kinds, versions: dict[str, list[str]], group: str, version: str) -> Thing:
    if version not in versions.get(group, []):
        raise no_such_path()
    found = [entry for kind in kinds if (kind.group, kind.version) == (group, version) for entry in kind.resources()]
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": f"{group}/{version}" if group else version,
        "resources": _METRICS if group == METRICS else found,
    }
