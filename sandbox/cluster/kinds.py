"""The kinds of objects that the cluster has: where they live, what they are called, and what can be asked of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Thing = dict[str, Any]
VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of objects. `parts` are its subresources."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool = True
    short: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    """For a custom kind: the heads of its columns and the JSON paths to what is in them."""
    custom: bool = False

    @property
    def api_version(self) -> str:
        """What its objects say as `apiVersion`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def full(self) -> str:
        """Its name in messages: `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def resources(self) -> Iterator[Thing]:
        """Yield what discovery says of it and of its subresources."""
        names = {"singularName": self.kind.lower(), "shortNames": list(self.short)}
        common = {"namespaced": self.namespaced, "kind": self.kind}
        yield {"name": self.plural, **names, **common, "verbs": VERBS}
        for part in self.parts:
            kind = {"scale": "Scale", "eviction": "Eviction"}.get(part, self.kind)
            yield {
                "name": f"{self.plural}/{part}",
                "singularName": "",
                **common,
                "kind": kind,
                "verbs": ["get", "patch"],
            }


_RBAC = "rbac.authorization.k8s.io"
_SCALED = ("scale", "status")
_STATUS = ("status",)
BUILT_IN = (
    Kind("", "v1", "pods", "Pod", short=("po",), parts=("eviction", "exec", "log", "status")),
    Kind("", "v1", "nodes", "Node", namespaced=False, short=("no",), parts=("proxy", "status")),
    Kind("", "v1", "namespaces", "Namespace", namespaced=False, short=("ns",), parts=_STATUS),
    Kind("", "v1", "services", "Service", short=("svc",), parts=_STATUS),
    Kind("", "v1", "endpoints", "Endpoints", short=("ep",)),
    Kind("", "v1", "configmaps", "ConfigMap", short=("cm",)),
    Kind("", "v1", "secrets", "Secret"),
    Kind("", "v1", "events", "Event", short=("ev",)),
    Kind("", "v1", "serviceaccounts", "ServiceAccount", short=("sa",)),
    Kind("", "v1", "resourcequotas", "ResourceQuota", short=("quota",), parts=_STATUS),
    Kind("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", short=("pvc",), parts=_STATUS),
    Kind("", "v1", "persistentvolumes", "PersistentVolume", namespaced=False, short=("pv",), parts=_STATUS),
    Kind("apps", "v1", "deployments", "Deployment", short=("deploy",), parts=_SCALED),
    Kind("apps", "v1", "replicasets", "ReplicaSet", short=("rs",), parts=_SCALED),
    Kind("apps", "v1", "statefulsets", "StatefulSet", short=("sts",), parts=_SCALED),
    Kind("apps", "v1", "daemonsets", "DaemonSet", short=("ds",), parts=_STATUS),
    Kind("apps", "v1", "controllerrevisions", "ControllerRevision"),
    Kind("batch", "v1", "jobs", "Job", parts=_STATUS),
    Kind("batch", "v1beta1", "cronjobs", "CronJob", short=("cj",), parts=_STATUS),
    Kind("autoscaling", "v1", "horizontalpodautoscalers", "HorizontalPodAutoscaler", short=("hpa",), parts=_STATUS),
    Kind("networking.k8s.io", "v1", "ingresses", "Ingress", short=("ing",), parts=_STATUS),
    Kind("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", short=("netpol",)),
    Kind("policy", "v1beta1", "poddisruptionbudgets", "PodDisruptionBudget", short=("pdb",), parts=_STATUS),
    Kind("storage.k8s.io", "v1", "storageclasses", "StorageClass", namespaced=False, short=("sc",)),
    Kind(_RBAC, "v1", "roles", "Role"),
    Kind(_RBAC, "v1", "rolebindings", "RoleBinding"),
    Kind(_RBAC, "v1", "clusterroles", "ClusterRole", namespaced=False),
    Kind(_RBAC, "v1", "clusterrolebindings", "ClusterRoleBinding", namespaced=False),
    Kind("coordination.k8s.io", "v1", "leases", "Lease"),
    Kind(
        "apiextensions.k8s.io",
        "v1",
        "customresourcedefinitions",
        "CustomResourceDefinition",
        namespaced=False,
        short=("crd",),
        parts=_STATUS,
    ),
)


class Kinds:
    """All kinds of one cluster: those that are built in, and custom ones."""

    def __init__(self) -> None:
        self._kinds = {(kind.group, kind.plural): kind for kind in BUILT_IN}

    def __iter__(self) -> Iterator[Kind]:
        return iter(tuple(self._kinds.values()))

    def find(self, group: str, version: str, plural: str) -> Kind | None:
        """Return the kind that a path means."""
        kind = self._kinds.get((group, plural))
        return kind if kind is not None and kind.version == version else None

    def get(self, plural: str, group: str = "") -> Kind:
        """Return a kind that is known to be there."""
        return self._kinds[group, plural]

    def versions(self) -> dict[str, list[str]]:
        """Return the versions of every group, the preferred one first; the core group is ""."""
        found: dict[str, list[str]] = {}
        for kind in self:
            versions = found.setdefault(kind.group, [])
            if kind.version not in versions:
                versions.append(kind.version)
        return found

    def define(self, definition: Thing) -> None:
        """Add the custom kind of a CustomResourceDefinition."""
        spec, names = definition["spec"], definition["spec"]["names"]
        version = next(found for found in spec["versions"] if found.get("storage"))
        columns = tuple((one["name"], one["jsonPath"]) for one in version.get("additionalPrinterColumns") or [])
        self._kinds[spec["group"], names["plural"]] = Kind(
            spec["group"],
            version["name"],
            names["plural"],
            names["kind"],
            namespaced=spec.get("scope") != "Cluster",
            short=tuple(names.get("shortNames") or ()),
            parts=_STATUS,
            columns=columns,
            custom=True,
        )

    def forget(self, definition: Thing) -> None:
        """Take a custom kind away."""
        self._kinds.pop((definition["spec"]["group"], definition["spec"]["names"]["plural"]), None)
