"""Lines that change."""

import pytest

from bot.operations.effect import Effect
from bot.operations.kubernetes.changes import (
    Apply,
    Cordon,
    Delete,
    Drain,
    Exec,
    Mark,
    Pause,
    Restart,
    Scale,
    SetEnv,
    SetImage,
    SetResources,
    Undo,
)
from bot.operations.kubernetes.nouns import KubernetesOperation, Thing
from bot.operations.operation import Hole
from tests.operations.kubernetes.lines import operation

PODS, WEB = (Thing("pods"),), Thing("deployments", "web")
W, D = Effect.WRITE, Effect.DESTROY

CHANGES: list[tuple[str, KubernetesOperation, Effect]] = [
    ("kubectl rollout undo deployment/web", Undo(thing=WEB), W),
    ("kubectl rollout undo deploy/web --to-revision=<number>", Undo(thing=WEB, revision=Hole("number")), W),
    ("kubectl rollout undo deploy/web --to-revision=0", Undo(thing=WEB), W),
    ("kubectl rollout restart deployment web -n shop", Restart("shop", things=(WEB,)), W),
    ("kubectl rollout restart deployment -l app=web", Restart(things=(Thing("deployments"),), labels="app=web"), W),
    ("kubectl rollout pause deployment/web", Pause(thing=WEB, paused=True), W),
    ("kubectl rollout resume deployment/web", Pause(thing=WEB, paused=False), W),
    ("kubectl scale deployment web --replicas=5", Scale(things=(WEB,), replicas=5), W),
    ("kubectl scale deploy/web --replicas=0 --current-replicas=2", Scale(things=(WEB,), replicas=0, current=2), W),
    ("kubectl scale deploy/web --replicas=<count>", Scale(things=(WEB,), replicas=Hole("count")), W),
    (
        "kubectl set image deployment/web web=shop/web:1.4 log=shop/log:2",
        SetImage(thing=WEB, images=(("log", "shop/log:2"), ("web", "shop/web:1.4"))),
        W,
    ),
    (
        "kubectl set resources deployment web -c app --limits=memory=2Gi,cpu=1000m",
        SetResources(thing=WEB, container="app", limits=(("cpu", "1000m"), ("memory", "2Gi"))),
        W,
    ),
    (
        "kubectl set env deployment/web LOG_LEVEL=debug OLD-",
        SetEnv(thing=WEB, variables=(("LOG_LEVEL", "debug"), ("OLD", None))),
        W,
    ),
    ("kubectl delete pod a b", Delete(things=(Thing("pods", "a"), Thing("pods", "b"))), W),
    ("kubectl delete pod/a --grace-period=5", Delete(things=(Thing("pods", "a"),), grace=5), W),
    (
        "kubectl delete pods -l app=web --field-selector=status.phase=Succeeded",
        Delete(things=PODS, labels="app=web", fields="status.phase=Succeeded", ignore_missing=True),
        W,
    ),
    ("kubectl delete configmap old", Delete(things=(Thing("configmaps", "old"),)), D),
    ("kubectl delete pod/a cm/b", Delete(things=(Thing("pods", "a"), Thing("configmaps", "b"))), D),
    ("kubectl delete namespace shop", Delete(things=(Thing("namespaces", "shop"),)), D),
    ("kubectl exec web-1 -- df -h", Exec(thing=Thing("pods", "web-1"), command=("df", "-h")), W),
    (
        "kubectl exec deploy/web -c app -- sh -c 'a; b'",
        Exec(thing=WEB, container="app", command=("sh", "-c", "a; b")),
        W,
    ),
    ("kubectl apply -f k8s/staging/", Apply(paths=("k8s/staging",)), W),
    ("kubectl apply -f a.yml,b.yml -R", Apply(paths=("a.yml", "b.yml"), recursive=True), W),
    ("kubectl apply -k k8s/production", Apply(paths=("k8s/production",), kustomize=True), W),
    (
        "kubectl label pod a tier=web old- --overwrite",
        Mark(things=(Thing("pods", "a"),), pairs=(("old", None), ("tier", "web")), overwrite=True),
        W,
    ),
    (
        "kubectl annotate deployment/web kubernetes.io/change-cause='roll back'",
        Mark(what="annotations", things=(WEB,), pairs=(("kubernetes.io/change-cause", "roll back"),)),
        W,
    ),
    ("kubectl cordon node-1", Cordon(nodes=("node-1",)), W),
    ("kubectl uncordon node/node-1", Cordon(nodes=("node-1",), on=False), W),
    ("kubectl drain node-1 --ignore-daemonsets", Drain(node="node-1", ignore_daemonsets=True), W),
    ("kubectl drain node-1 --force", Drain(node="node-1", force=True), D),
    ("kubectl drain node-1 --delete-emptydir-data", Drain(node="node-1", delete_empty_dir_data=True), D),
]


@pytest.mark.parametrize(("line", "change", "effect"), CHANGES, ids=[line for line, _, _ in CHANGES])
def test_a_line_that_changes(line: str, change: KubernetesOperation, effect: Effect) -> None:
    assert operation(line) == change
    assert operation(line).effect is effect
