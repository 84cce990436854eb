"""What the demo's cluster runs, how it is broken, and how it recovers.

`Story.furnish` makes the workloads of the four platforms in the namespaces that their runbooks name. `Story.ship` rolls
out a release of Social Live's backend as a deployment pipeline would; three of the releases are bad in ways of their
own, and a `kubectl rollout undo` heals each: all that is wrong with a release is in its image and its pod template.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.cluster.api.addresses import Address
from sandbox.cluster.api.verbs import Verbs
from sandbox.cluster.kubelet import notes
from sandbox.cluster.kubelet.images import Fate
from sandbox.cluster.patches import strategic
from sandbox.cluster.server import Cluster
from sandbox.cluster.story_logs import access_log, error_log, quiet_log, start_failure

Thing = dict[str, Any]
PROGRAMS = Path(__file__).parent / "programs"
"""What jobs and exec may run in the demo's containers."""
SOCIAL, ZZIK, LINKIST, ZEPHYR, INGRESS = "social-live-prod", "production", "linkist", "zephyr", "ingress-nginx"
_CERTIFICATES = "cert-manager.io"
_CAUSE = "kubernetes.io/change-cause"


@dataclass(frozen=True, slots=True)
class Release:
    """A version of Social Live's backend: what becomes of its containers, and what they write."""

    version: str
    cause: str
    fate: Fate = Fate.WELL
    log: str = field(default="", repr=False)
    previous_log: str = field(default="", repr=False)

    @property
    def image(self) -> str:
        """Its image."""
        return f"sociallive/backend:{self.version}"


GOOD = Release("2.4.1", "release 2.4.1: faster feed", log=quiet_log())
ERRORS = Release("2.5.0", "release 2.5.0: new checkout", log=error_log())
"""It runs and is ready, and every second request fails."""
CRASHES = Release("2.5.1", "release 2.5.1: fix of checkout", Fate.BROKEN, start_failure(), start_failure())
"""It ends as soon as it starts: a variable of its environment is missing."""
NO_IMAGE = Release("2.5.2", "release 2.5.2: second fix of checkout", Fate.MISSING)
"""Its image was never pushed."""
RELEASES = {release.version: release for release in (GOOD, ERRORS, CRASHES, NO_IMAGE)}


class Story:
    """The demo's cluster; a `Cluster` in this process."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster, self._verbs = cluster, Verbs(cluster.store)

    def furnish(self) -> None:
        """Make everything, as it is on a good day."""
        self._cluster.images.script({release.image: release.fate for release in RELEASES.values()})
        for name in (SOCIAL, ZZIK, "staging", LINKIST, ZEPHYR, INGRESS):
            meta = {"name": name, "annotations": {notes.PROGRAMS: str(PROGRAMS)}}
            self._make("namespaces", "", {"metadata": meta})
        self._certificates()
        self._social_live()
        for namespace in (ZZIK, "staging"):
            self._deploy(namespace, "web", "zzik/web:3.2.0", 3, access_log())
            self._deploy(namespace, "qr-worker", "zzik/qr-worker:3.2.0", 2, quiet_log())
        self._deploy(ZZIK, "ops-tools", "zzik/ops-tools:12", 1)
        self._deploy(LINKIST, "app", "linkist/app:1.9.3", 2, quiet_log())
        self._deploy(ZEPHYR, "zephyr-backend", "zephyr/backend:0.14.2", 2, quiet_log())
        self._deploy(INGRESS, "nginx-ingress", "ingress-nginx/controller:1.9.4", 1, access_log())

    def ship(self, release: Release) -> None:
        """Roll a release of Social Live's backend out."""
        where = self._address("deployments", SOCIAL, "apps", "backend")
        before = self._cluster.store.get(where.kind, SOCIAL, "backend")
        container = {"name": "backend", "image": release.image}
        template = {"metadata": {"annotations": _notes(release)}, "spec": {"containers": [container]}}
        patch = {"metadata": {"annotations": {_CAUSE: release.cause}}, "spec": {"template": template}}
        self._verbs.changed(where, before, strategic(before, patch))

    def _social_live(self) -> None:
        first = Release("2.4.0", "release 2.4.0", log=quiet_log())
        env = [
            {"name": "NODE_ENV", "value": "production"},
            {"name": "STRIPE_WEBHOOK_SECRET", "value": "not-a-real-one"},
        ]
        self._deploy(SOCIAL, "backend", first.image, 3, first.log, cause=first.cause, env=env)
        self.ship(GOOD)
        self._deploy(SOCIAL, "frontend", "sociallive/frontend:2.4.1", 2, access_log())
        for name, port in (("backend", 3000), ("frontend", 80)):
            spec = {"selector": {"app": name}, "ports": [{"port": port, "targetPort": port}]}
            self._make("services", SOCIAL, {"metadata": {"name": name}, "spec": spec})
        scaling = {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "backend"},
            "minReplicas": 3,
            "maxReplicas": 50,
            "targetCPUUtilizationPercentage": 70,
        }
        self._make(
            "horizontalpodautoscalers", SOCIAL, {"metadata": {"name": "backend"}, "spec": scaling}, "autoscaling"
        )
        self._ingress(SOCIAL, {"api.yourdomain.com": "backend", "app.yourdomain.com": "frontend"})
        self._certificate(SOCIAL, "api-yourdomain-com")

    def _ingress(self, namespace: str, hosts: dict[str, str]) -> None:
        rules = [
            {"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": _backend(service)}]}}
            for host, service in hosts.items()
        ]
        spec = {"ingressClassName": "nginx", "rules": rules, "tls": [{"hosts": list(hosts)}]}
        thing = {"metadata": {"name": "social-live"}, "spec": spec}
        thing["status"] = {"loadBalancer": {"ingress": [{"ip": "203.0.113.10"}]}}
        self._make("ingresses", namespace, thing, "networking.k8s.io")

    def _certificates(self) -> None:
        """Define cert-manager's kind, which runbooks list."""
        columns = [
            {"name": "Ready", "jsonPath": ".status.ready", "type": "string"},
            {"name": "Secret", "jsonPath": ".spec.secretName", "type": "string"},
        ]
        names = {"plural": "certificates", "singular": "certificate", "kind": "Certificate", "shortNames": ["cert"]}
        version = {"name": "v1", "served": True, "storage": True, "additionalPrinterColumns": columns}
        spec = {"group": _CERTIFICATES, "names": names, "scope": "Namespaced", "versions": [version]}
        meta = {"name": f"certificates.{_CERTIFICATES}"}
        self._make("customresourcedefinitions", "", {"metadata": meta, "spec": spec}, "apiextensions.k8s.io")

    def _certificate(self, namespace: str, name: str) -> None:
        thing = {"metadata": {"name": name}, "spec": {"secretName": f"{name}-tls"}, "status": {"ready": "True"}}
        self._make("certificates", namespace, thing, _CERTIFICATES)

    def _deploy(
        self,
        namespace: str,
        name: str,
        image: str,
        replicas: int,
        log: str = "",
        *,
        cause: str = "",
        env: Iterable[Thing] = (),
    ) -> None:
        requests = {"cpu": "250m", "memory": "256Mi"}
        container = {
            "name": name,
            "image": image,
            "env": list(env),
            "resources": {"requests": requests, "limits": {"cpu": "1", "memory": "1Gi"}},
        }
        template = {
            "metadata": {"labels": {"app": name}, "annotations": {notes.LOG: log, notes.USAGE: "120m/310Mi"}},
            "spec": {"terminationGracePeriodSeconds": 2, "containers": [container]},
        }
        self._make(
            "deployments",
            namespace,
            {
                "metadata": {"name": name, "labels": {"app": name}, "annotations": {_CAUSE: cause} if cause else {}},
                "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template},
            },
            "apps",
        )

    def _make(self, plural: str, namespace: str, thing: Thing, group: str = "") -> None:
        self._verbs.make(self._address(plural, namespace, group), thing)

    def _address(self, plural: str, namespace: str, group: str = "", name: str = "") -> Address:
        return Address(self._cluster.store.kinds.get(plural, group), namespace, name)


def _notes(release: Release) -> dict[str, str]:
    return {notes.LOG: release.log, notes.PREVIOUS_LOG: release.previous_log}


def _backend(service: str) -> Thing:
    return {"service": {"name": service, "port": {"number": 3000 if service == "backend" else 80}}}
