"""The kinds of objects that Kubernetes has by itself: their names, aliases and groups, as `kubectl api-resources` says.

Any other word may be the name of a custom resource, which the cluster's own list of resources tells.
"""

import re
from dataclasses import dataclass

_ANY = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of objects: its plural, its kind, its group (empty for the core), and whether it lives in namespaces."""

    plural: str
    kind: str
    group: str = ""
    namespaced: bool = True
    aliases: tuple[str, ...] = ()

    @property
    def singular(self) -> str:
        """What one of them is called on a command line."""
        return self.kind.lower()

    @property
    def full(self) -> str:
        """How kubectl prints it before a name: `pod`, `deployment.apps`."""
        return f"{self.singular}.{self.group}" if self.group else self.singular


_NETWORK, _RBAC, _STORAGE = "networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io"
KINDS = (
    Kind("pods", "Pod", aliases=("po",)),
    Kind("nodes", "Node", namespaced=False, aliases=("no",)),
    Kind("services", "Service", aliases=("svc",)),
    Kind("endpoints", "Endpoints", aliases=("ep",)),
    Kind("configmaps", "ConfigMap", aliases=("cm",)),
    Kind("secrets", "Secret"),
    Kind("events", "Event", aliases=("ev",)),
    Kind("namespaces", "Namespace", namespaced=False, aliases=("ns",)),
    Kind("serviceaccounts", "ServiceAccount", aliases=("sa",)),
    Kind("persistentvolumes", "PersistentVolume", namespaced=False, aliases=("pv",)),
    Kind("persistentvolumeclaims", "PersistentVolumeClaim", aliases=("pvc",)),
    Kind("resourcequotas", "ResourceQuota", aliases=("quota",)),
    Kind("limitranges", "LimitRange", aliases=("limits",)),
    Kind("replicationcontrollers", "ReplicationController", aliases=("rc",)),
    Kind("componentstatuses", "ComponentStatus", namespaced=False, aliases=("cs",)),
    Kind("deployments", "Deployment", "apps", aliases=("deploy",)),
    Kind("replicasets", "ReplicaSet", "apps", aliases=("rs",)),
    Kind("statefulsets", "StatefulSet", "apps", aliases=("sts",)),
    Kind("daemonsets", "DaemonSet", "apps", aliases=("ds",)),
    Kind("controllerrevisions", "ControllerRevision", "apps"),
    Kind("jobs", "Job", "batch"),
    Kind("cronjobs", "CronJob", "batch", aliases=("cj",)),
    Kind("horizontalpodautoscalers", "HorizontalPodAutoscaler", "autoscaling", aliases=("hpa",)),
    Kind("ingresses", "Ingress", _NETWORK, aliases=("ing",)),
    Kind("ingressclasses", "IngressClass", _NETWORK, namespaced=False),
    Kind("networkpolicies", "NetworkPolicy", _NETWORK, aliases=("netpol",)),
    Kind("poddisruptionbudgets", "PodDisruptionBudget", "policy", aliases=("pdb",)),
    Kind("storageclasses", "StorageClass", _STORAGE, namespaced=False, aliases=("sc",)),
    Kind("roles", "Role", _RBAC),
    Kind("rolebindings", "RoleBinding", _RBAC),
    Kind("clusterroles", "ClusterRole", _RBAC, namespaced=False),
    Kind("clusterrolebindings", "ClusterRoleBinding", _RBAC, namespaced=False),
    Kind("leases", "Lease", "coordination.k8s.io"),
    Kind(
        "customresourcedefinitions",
        "CustomResourceDefinition",
        "apiextensions.k8s.io",
        namespaced=False,
        aliases=("crd", "crds"),
    ),
)
_BY_PLURAL = {kind.plural: kind for kind in KINDS}
_BY_WORD = {word: kind for kind in KINDS for word in (kind.plural, kind.singular, *kind.aliases)}
WORDS = tuple(_BY_WORD)
"""Every word for a kind that Kubernetes has by itself."""


def known(plural: str) -> Kind | None:
    """Return the kind with that plural, if Kubernetes has it by itself."""
    return _BY_PLURAL.get(plural)


def named(word: str) -> str | None:
    """Return the plural that a word stands for, the word itself if it may be a custom resource, else None."""
    lowered = word.lower()
    head, _, group = lowered.partition(".")
    kind = _BY_WORD.get(head)
    if kind and (not group or group == kind.group):
        return kind.plural
    return lowered if _ANY.fullmatch(lowered) and not _slip(lowered) else None


def _slip(word: str) -> bool:
    """Whether a word is one typing slip away from a kind that there is: `podss`, `ndoes`."""
    return "." not in word and any(len(known) > 3 and _one_apart(word, known) for known in WORDS)


def _one_apart(left: str, right: str) -> bool:
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    tails = [(left[at + 1 :], right[at + 1 :]), (left[at + 1 :], right[at:]), (left[at:], right[at + 1 :])]
    swapped = left[at : at + 2] == right[at : at + 2][::-1] and left[at + 2 :] == right[at + 2 :]
    return swapped or any(a == b for a, b in tails)
