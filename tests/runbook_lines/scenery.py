"""What the runbooks' lines name in a cluster: Deployments with logs, programs, manifests and what is beside them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.cluster.hands import deployment

Thing = dict[str, Any]

DEPLOYMENTS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "social-live-prod": {"backend": {}},
    "linkist": {"app": {"STRIPE_WEBHOOK_SECRET": "sample", "S3_ACCESS_KEY_ID": "sample"}},
    "zephyr": {"zephyr-backend": {}},
    "production": {
        "web": {
            "DATABASE_URL": "sample",
            "JWT_SIGNING_KEY": "sample",
            "NODE_OPTIONS": "--heapsnapshot-signal=SIGUSR2",
        },
        "qr-worker": {},
        "ops-tools": {},
    },
    "staging": {},
    "ingress-nginx": {"nginx-ingress": {}},
}
"""The Deployments that lines name, by namespace, each with the variables of its container."""

PODS = {
    "social-live": ("social-live-prod", "app=backend"),
    "linkist": ("linkist", "app=app"),
    "zephyr": ("zephyr", "app=zephyr-backend"),
    "zzik-live": ("production", "app=web"),
}
"""Which pod is meant where a line asks for one: namespace and label, by platform."""

APP_LOG = "\n".join(
    [
        "@-50 INFO listening on 8080",
        '@-40 {"level":"error","message":"sample","correlationId":"sample"}',
        '@-30 {"event":"disconnect"}',
        "@-20 ERROR heap limit is near: memory 92%",
        "@-10 qr code 17 was scanned",
    ]
)
INGRESS_LOG = "\n".join(
    [
        '@-50 10.0.0.7 - - [05/Jan/2026:10:00:00 +0000] "GET /api/me HTTP/1.1" 401 162 "-" "app"',
        '@-40 10.0.0.8 - - [05/Jan/2026:10:00:01 +0000] "GET /api/search HTTP/1.1" 429 162 "-" "app"',
    ]
)

PROGRAMS = {
    **dict.fromkeys(("createdb", "gunzip", "k6", "kill", "pg_dump", "pg_restore"), 'echo "$*: done"'),
    "npm": 'echo "$*: all is well"',
    "which": 'echo "/usr/bin/$1"',
    "trivy": 'echo "Total: 0 (HIGH: 0, CRITICAL: 0)"',
    "gcloud": 'echo "state: RUNNABLE"',
    "find": 'echo "/backups/zzik_live_2026-01-05.dump"',
    "df": 'echo "Filesystem Size Used Avail Use% Mounted on"\necho "overlay 100G 40G 60G 40% /"',
    "aws": """\
case "$1 $2" in
"s3 ls") echo "2026-01-05 02:00:07 52428811 backup_2026-01-05.gz";;
"logs tail") echo "2026-01-05T10:00:00 backend sample";;
"rds describe-db-instances") echo '{"DBInstances": [{"DBInstanceClass": "db.r6g.large"}]}';;
*) echo "$*: done";;
esac""",
}
"""What programs in jobs and containers say, as shell scripts."""

MANIFESTS = ("overlays/production/rendered.yaml", "k8s/staging/release.yaml", "k8s/production/release.yaml")
"""The files that lines apply."""

AUTOSCALER = (
    "/apis/autoscaling/v1",
    "horizontalpodautoscalers",
    {
        "metadata": {"name": "backend"},
        "spec": {
            "minReplicas": 1,
            "maxReplicas": 3,
            "targetCPUUtilizationPercentage": 95,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "backend"},
        },
    },
)
_BACKEND = {"service": {"name": "backend", "port": {"number": 80}}}
_RULE = {"host": "api.example.com", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": _BACKEND}]}}
INGRESS = (
    "/apis/networking.k8s.io/v1",
    "ingresses",
    {"metadata": {"name": "web", "annotations": {"affinity": "cookie"}}, "spec": {"rules": [_RULE]}},
)
SERVICE = ("", "services", {"metadata": {"name": "backend"}, "spec": {"ports": [{"port": 80}]}})
SETTINGS = ("", "configmaps", {"metadata": {"name": "settings"}, "data": {"level": "info"}})
CLAIM = (
    "",
    "persistentvolumeclaims",
    {
        "metadata": {"name": "ops-tools"},
        "spec": {
            "accessModes": ["ReadWriteMany"],
            "resources": {"requests": {"storage": "1Gi"}},
            "storageClassName": "",
            "volumeName": "ops-tools",
        },
    },
)
VOLUME: Thing = {
    "apiVersion": "v1",
    "kind": "PersistentVolume",
    "metadata": {"name": "ops-tools"},
    "spec": {
        "accessModes": ["ReadWriteMany"],
        "capacity": {"storage": "1Gi"},
        "hostPath": {"path": "/nowhere"},
        "persistentVolumeReclaimPolicy": "Retain",
    },
}
"""The volume that a toolbox's jobs share; nothing is written to it."""
BESIDE = {
    "social-live-prod": (SERVICE, SETTINGS, INGRESS, AUTOSCALER, CLAIM),
    "zephyr": (SERVICE, SETTINGS, INGRESS),
    "production": (SERVICE, INGRESS),
}
"""Other things that lines name, by namespace: the group's path, the plural, the object."""

_READY = {"name": "Ready", "type": "string", "jsonPath": '.status.conditions[?(@.type=="Ready")].status'}
_ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
CERTIFICATES: Thing = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "certificates.cert-manager.io"},
    "spec": {
        "group": "cert-manager.io",
        "scope": "Namespaced",
        "names": {"plural": "certificates", "singular": "certificate", "kind": "Certificate"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": _ANYTHING},
                "additionalPrinterColumns": [_READY],
            }
        ],
    },
}
"""The kind of the certificates that cert-manager keeps."""


def deployed(name: str, environment: Mapping[str, str], revision: int, log: str) -> Thing:
    """Return a Deployment in one of its revisions."""
    env = [{"name": key, "value": value} for key, value in environment.items()]
    return deployment(name, f"example/{name}:{revision}", notes={"stand-in.opsroom/log": log}, env=env)


def write_programs(folder: Path) -> None:
    """Write the programs into a folder, each of which writes down how it was started; see `records`."""
    (folder / RECORDS).mkdir(parents=True)
    for name, script in PROGRAMS.items():
        path = folder / name
        path.write_text(_RECORDED.format(folder=folder, name=name, script=script))
        path.chmod(0o755)


RECORDS, FAILING, CODE = "records", "failing", 3
"""Where programs write down how they were started; the file that makes them fail while it is there, and how."""
_RECORDED = """\
#!/bin/sh
record=$(mktemp -d "{folder}/begun.XXXXXX")
printf '%s\\0' "{name}" "$@" > "$record/words"
env -0 > "$record/environment"
(
if [ -e "{folder}/failing" ]; then echo "no luck with $*"; exit 3; fi
{script}
) > "$record/log" 2>&1
code=$?
cat "$record/log"
mv "$record" "{folder}/records/"
exit $code
"""


def write_manifests(folder: Path) -> None:
    """Write the files that lines apply into a folder."""
    for path in MANIFESTS:
        file = folder / path
        file.parent.mkdir(parents=True)
        file.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: release}\ndata: {version: v2}\n")
