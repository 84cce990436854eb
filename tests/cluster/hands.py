"""What a test does to a cluster beside the code under test: make things, grant rights, wait until something holds."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import yaml

Thing = dict[str, Any]
Found = TypeVar("Found")
PATIENCE = 30.0
"""Seconds after which a test gives up on something that should have happened."""

_APPS, _CORE, _RBAC = "/apis/apps/v1", "/api/v1", "/apis/rbac.authorization.k8s.io/v1"


class Hands:
    """The admin's hands in one namespace."""

    def __init__(self, kubeconfig: Path, namespace: str) -> None:
        known = yaml.safe_load(kubeconfig.read_text())
        token = next(user["user"]["token"] for user in known["users"] if user["name"] == "admin")
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        self.namespace = namespace
        self.http = httpx.AsyncClient(
            base_url=known["clusters"][0]["cluster"]["server"],
            headers={"Authorization": f"Bearer {token}"},
            verify=trusting,
            trust_env=False,
            timeout=30,
        )

    def path(self, plural: str, name: str = "", group: str = "") -> str:
        """Return the path of things in the namespace; the group is known for what is used often."""
        prefix = group or (_APPS if plural in {"deployments", "replicasets", "statefulsets", "daemonsets"} else _CORE)
        prefix = "/apis/batch/v1" if plural == "jobs" else prefix
        return f"{prefix}/namespaces/{self.namespace}/{plural}{'/' + name if name else ''}"

    async def call(self, method: str, path: str, body: Thing | None = None, **headers: str) -> Thing:
        """Call the API; anything but success fails the test with the API's own words."""
        answer = await self.http.request(method, path, json=body, headers=headers)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        found: Thing = answer.json()
        return found

    async def make(self, plural: str, body: Thing, group: str = "") -> Thing:
        """Make a thing in the namespace."""
        return await self.call("POST", self.path(plural, group=group), body)

    async def get(self, plural: str, name: str, group: str = "") -> Thing:
        """Return a thing of the namespace."""
        return await self.call("GET", self.path(plural, name, group))

    async def listed(self, plural: str, selector: str = "", group: str = "") -> list[Thing]:
        """Return the things of a kind, those with certain labels if given."""
        found = await self.call("GET", f"{self.path(plural, group=group)}?labelSelector={selector}")
        return list(found["items"])

    async def patch(self, plural: str, name: str, body: Thing, group: str = "") -> Thing:
        """Merge this into a thing of the namespace."""
        kind = {"Content-Type": "application/merge-patch+json"}
        return await self.call("PATCH", self.path(plural, name, group), body, **kind)

    async def delete(self, plural: str, name: str, group: str = "") -> None:
        """Delete a thing of the namespace."""
        await self.call("DELETE", self.path(plural, name, group))

    async def deploy(
        self,
        name: str = "backend",
        image: str = "sociallive/backend:1",
        replicas: int = 1,
        notes: dict[str, str] | None = None,
        **container: Any,
    ) -> Thing:
        """Make a Deployment of pods labelled `app: NAME`, with one container of its name; `notes` go on its pods."""
        return await self.make("deployments", deployment(name, image, replicas, notes, **container))

    async def available(self, name: str = "backend") -> Thing:
        """Wait until all replicas of a Deployment are as they should be, and return it."""

        async def there() -> Thing | None:
            found = await self.get("deployments", name)
            status, wanted = found.get("status", {}), found["spec"]["replicas"]
            seen = status.get("observedGeneration", 0) >= found["metadata"]["generation"]
            counts = [status.get(key, 0) for key in ("replicas", "updatedReplicas", "availableReplicas")]
            return found if seen and counts == [wanted] * 3 else None

        return await until(there, f"deployment {name} is available")

    async def pods(self, selector: str, count: int = 1, phase: str = "Running") -> list[Thing]:
        """Wait until there are that many pods with these labels in that phase, and return them."""

        async def there() -> list[Thing] | None:
            found = [pod for pod in await self.listed("pods", selector) if pod["status"].get("phase") == phase]
            return found if len(found) == count else None

        return await until(there, f"{count} pods {selector} are {phase}")

    async def waiting(self, selector: str, reason: str) -> Thing:
        """Wait until a pod with these labels has a container that waits for this reason, and return the pod."""

        async def there() -> Thing | None:
            for pod in await self.listed("pods", selector):
                for status in pod["status"].get("containerStatuses") or []:
                    if status["state"].get("waiting", {}).get("reason") == reason:
                        return pod
            return None

        return await until(there, f"a pod {selector} waits with {reason}")

    async def grant(
        self, verbs: list[str], resources: list[str], groups: tuple[str, ...] = ("", "apps", "batch")
    ) -> None:
        """Let the bot user do this in the namespace; a resource may name a subresource, as in `pods/log`."""
        name = f"may-{'-'.join([*verbs, *resources]).replace('/', '-').replace('*', 'all')}"[:60]
        rules = [{"verbs": verbs, "resources": resources, "apiGroups": list(groups)}]
        await self.make("roles", {"metadata": {"name": name}, "rules": rules}, _RBAC)
        subject = {"kind": "Group", "name": "opsroom", "apiGroup": "rbac.authorization.k8s.io"}
        role = {"kind": "Role", "name": name, "apiGroup": "rbac.authorization.k8s.io"}
        await self.make("rolebindings", {"metadata": {"name": name}, "subjects": [subject], "roleRef": role}, _RBAC)

    async def close(self) -> None:
        """Let go of the connection."""
        await self.http.aclose()


def deployment(
    name: str, image: str, replicas: int = 1, notes: dict[str, str] | None = None, **container: Any
) -> Thing:
    """Return a Deployment as `Hands.deploy` makes it."""
    labels = {"app": name}
    pod = {
        "metadata": {"labels": labels, "annotations": notes or {}},
        "spec": {"terminationGracePeriodSeconds": 1, "containers": [{"name": name, "image": image, **container}]},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": labels},
        "spec": {"replicas": replicas, "selector": {"matchLabels": labels}, "template": pod},
    }


async def until(look: Callable[[], Awaitable[Found | None]], what: str) -> Found:
    """Return what a look finds as soon as it finds something; `what` is named should it never."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = await look()
        if found is not None:
            return found
        assert time.monotonic() < deadline, f"it did not happen in {PATIENCE:g} s: {what}"
        await asyncio.sleep(0.05)
