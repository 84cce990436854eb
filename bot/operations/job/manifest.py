"""The Job object: one container, one try, one program, with as few rights as it can have."""

import hashlib
import re
import secrets
from typing import Any

from bot.errors import TargetRefused
from bot.nearest import hint
from bot.operations.job.nouns import Job
from bot.operations.job.toolbox import Toolbox

Json = dict[str, Any]
MANAGED_BY = {"app.kubernetes.io/managed-by": "opsroom"}
MAIN = "main"
"""The name of the container."""
KEPT = 3600
"""Seconds that a finished job stays should nobody remove it; clusters do that from Kubernetes 1.21 on."""
_PATIENCE = 60  # seconds for finding a node and pulling the image, beside the program's own time
_GRACE = 5  # seconds between asking a program to end and ending it
# A mesh's proxy beside the program would keep the pod from ever being done.
_ISTIO, _LINKERD = {"sidecar.istio.io/inject": "false"}, {"linkerd.io/inject": "disabled"}
_COPIED = ("imagePullSecrets", "nodeSelector", "tolerations", "affinity", "dnsPolicy", "dnsConfig", "hostAliases")
_FROM_CONTAINER = ("image", "imagePullPolicy", "env", "envFrom", "workingDir")
_FILES = ("configMap", "secret", "projected", "emptyDir", "downwardAPI")
"""The volumes that a second pod may mount: disks often belong to one, and a host's folder is nobody's business."""
_SHARED = "opsroom-shared"
"""The name of the toolbox's own volume."""


def name_of(operation: Job, identity: str) -> str:
    """Return the name of a job: the same for the same identity, a new one each time without."""
    said = re.sub(r"[^a-z0-9]+", "-", operation.program.rpartition("/")[2].lower()).strip("-")[:24]
    mark = hashlib.sha256(identity.encode()).hexdigest()[:16] if identity else secrets.token_hex(8)
    return "-".join(filter(None, ("opsroom", said, mark)))


def manifest(name: str, operation: Job, toolbox: Toolbox, template: Json, seconds: int) -> Json:
    """Return the Job; `template` is the pod template of the toolbox's Deployment, empty for a toolbox with an image.

    The pod has a deadline of its own, so that one that ran too long keeps its log; the Job's is for the case that it
    never comes to run. Its labels and annotations are ours alone: with the Deployment's it
    would get the traffic of its Services, and be scraped and injected as it is.
    """
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "labels": MANAGED_BY},
        "spec": {
            "backoffLimit": 0,
            "activeDeadlineSeconds": seconds + _PATIENCE,
            "ttlSecondsAfterFinished": KEPT,
            "template": {
                "metadata": {"labels": {**MANAGED_BY, **_ISTIO}, "annotations": {**_ISTIO, **_LINKERD}},
                "spec": _pod(operation, toolbox, template, seconds),
            },
        },
    }


def _pod(operation: Job, toolbox: Toolbox, template: Json, seconds: int) -> Json:
    theirs: Json = template.get("spec", {})
    volumes = [volume for volume in theirs.get("volumes") or [] if any(kind in volume for kind in _FILES)]
    shared: list[Json] = (
        [{"name": _SHARED, "persistentVolumeClaim": {"claimName": toolbox.volume}}] if toolbox.volume else []
    )
    return {
        **{key: theirs[key] for key in _COPIED if key in theirs},
        "restartPolicy": "Never",
        "activeDeadlineSeconds": seconds,
        "terminationGracePeriodSeconds": _GRACE,
        "automountServiceAccountToken": False,
        "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}, **(theirs.get("securityContext") or {})},
        "volumes": [*volumes, *shared],
        "containers": [_container(operation, toolbox, theirs, {volume["name"] for volume in volumes})],
    }


def _container(operation: Job, toolbox: Toolbox, theirs: Json, volumes: set[str]) -> Json:
    source = container_of(toolbox, {"spec": theirs})
    most = {"cpu": toolbox.processors, "memory": toolbox.memory}
    return {
        **{key: source[key] for key in _FROM_CONTAINER if key in source},
        "name": MAIN,
        # Kubernetes fills in $(NAME) in a command; $$ is a dollar sign that is meant.
        "command": [word.replace("$", "$$") for word in (operation.program, *operation.arguments)],
        "volumeMounts": _mounts(source, toolbox, volumes),
        "resources": {"limits": most, "requests": {"cpu": "50m", "memory": "64Mi"}},
        "securityContext": _confined(source.get("securityContext") or {}),
    }


def _mounts(source: Json, toolbox: Toolbox, volumes: set[str]) -> list[Json]:
    """Return the mounts of the container's own files and of the toolbox's volume, which alone has its path."""
    theirs = [mount for mount in source.get("volumeMounts") or [] if mount["name"] in volumes]
    if not toolbox.volume:
        return theirs
    place = toolbox.volume_at.rstrip("/")
    others = [mount for mount in theirs if mount["mountPath"].rstrip("/") != place]
    return [*others, {"name": _SHARED, "mountPath": toolbox.volume_at}]


def container_of(toolbox: Toolbox, template: Json) -> Json:
    """Return the container whose image and environment jobs get. Raises TargetRefused when there is none."""
    containers: list[Json] = template.get("spec", {}).get("containers") or [{"name": "", "image": toolbox.image}]
    named = [found for found in containers if found["name"] == toolbox.container]
    if toolbox.container and not named:
        told = hint(toolbox.container, [found["name"] for found in containers])
        raise TargetRefused(f"The deployment {toolbox.deployment} has no container {toolbox.container}; {told}.")
    return (named or containers)[0]


def _confined(context: Json) -> Json:
    """Return a container's security context without anything that would give it more rights."""
    kept: Json = {key: context[key] for key in ("runAsUser", "runAsGroup", "runAsNonRoot") if key in context}
    read_only = {"readOnlyRootFilesystem": True} if context.get("readOnlyRootFilesystem") else {}
    return {**kept, **read_only, "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
