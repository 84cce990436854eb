"""Lines that read."""

import pytest

from bot.operations.effect import Effect
from bot.operations.kubernetes.nouns import (
    Describe,
    Get,
    History,
    KubernetesOperation,
    Logs,
    Raw,
    Status,
    Thing,
    Top,
    Wait,
)
from bot.operations.operation import Hole, TargetKind
from tests.operations.kubernetes.lines import operation

PODS, WEB = (Thing("pods"),), Thing("deployments", "web")

READS: list[tuple[str, KubernetesOperation]] = [
    ("kubectl get pods", Get(things=PODS)),
    ("kubectl get po -n shop", Get("shop", things=PODS)),
    ("kubectl -n shop get pod", Get("shop", things=PODS)),
    ("kubectl get pods -nshop -A", Get("shop", things=PODS, everywhere=True)),
    ("kubectl get pods --namespace=shop -owide", Get("shop", things=PODS, output="wide")),
    ("kubectl get pod a b", Get(things=(Thing("pods", "a"), Thing("pods", "b")))),
    ("kubectl get deploy/web svc/api", Get(things=(WEB, Thing("services", "api")))),
    ("kubectl get deployments.apps web", Get(things=(WEB,))),
    ("kubectl get svc,ing", Get(things=(Thing("services"), Thing("ingresses")))),
    ("kubectl get hpa", Get(things=(Thing("horizontalpodautoscalers"),))),
    ("kubectl get certificates", Get(things=(Thing("certificates"),))),
    ("kubectl get certificates.cert-manager.io", Get(things=(Thing("certificates.cert-manager.io"),))),
    ("kubectl get secrets", Get(things=(Thing("secrets"),))),
    ("kubectl get secrets -o name", Get(things=(Thing("secrets"),), output="name")),
    (
        "kubectl get pods -l 'tier in (b, a), app == web' --field-selector status.phase==Failed",
        Get(things=PODS, labels="app=web,tier in (a,b)", fields="status.phase=Failed"),
    ),
    (
        "kubectl get pods -o jsonpath='{.items[*].metadata.name}' --sort-by=.status.startTime --no-headers",
        Get(
            things=PODS,
            output="jsonpath",
            path="{.items[*].metadata.name}",
            sort_by=".status.startTime",
            headers=False,
        ),
    ),
    ("kubectl get pods --show-labels", Get(things=PODS, show_labels=True)),
    ("kubectl get --raw /api/v1/nodes/a/proxy/stats/summary", Raw(path="/api/v1/nodes/a/proxy/stats/summary")),
    ("kubectl top nodes", Top(what="nodes")),
    ("kubectl top pod web-1 --containers", Top(name="web-1", containers=True)),
    ("kubectl top po -A --sort-by=memory -l app=web", Top(everywhere=True, sort_by="memory", labels="app=web")),
    ("kubectl describe pod <failing-pod>", Describe(things=(Thing("pods", "<failing-pod>"),))),
    ("kubectl describe deployment web", Describe(things=(WEB,))),
    ("kubectl describe node", Describe(things=(Thing("nodes"),))),
    ("kubectl logs web-1", Logs(thing=Thing("pods", "web-1"))),
    ("kubectl logs web-1 app -p", Logs(thing=Thing("pods", "web-1"), container="app", previous=True)),
    ("kubectl logs deployment/web --tail=100 -c app", Logs(thing=WEB, tail=100, container="app")),
    ("kubectl logs -l app=web --since=24h", Logs(labels="app=web", tail=10, since=86400.0)),
    ("kubectl logs -l app=web --tail=-1 --all-containers", Logs(labels="app=web", all_containers=True)),
    ("kubectl logs web-1 --tail=<lines>", Logs(thing=Thing("pods", "web-1"), tail=Hole("lines"))),
    (
        "kubectl logs web-1 --since-time=2026-11-02T09:30:00Z --timestamps --prefix",
        Logs(thing=Thing("pods", "web-1"), since_time="2026-11-02T09:30:00Z", timestamps=True, prefix=True),
    ),
    ("kubectl rollout history deployment/web", History(thing=WEB)),
    ("kubectl rollout history deployment web --revision=3", History(thing=WEB, revision=3)),
    ("kubectl rollout status deployment/web --timeout=5m", Status(thing=WEB, timeout=300.0)),
    ("kubectl rollout status deployment/web -w=false", Status(thing=WEB, watch=False)),
    (
        "kubectl wait --for=condition=Ready pod -l app=web --timeout=300s",
        Wait(things=PODS, labels="app=web", until="condition=ready=true", timeout=300.0),
    ),
    ("kubectl wait pod/web-1 --for=delete", Wait(things=(Thing("pods", "web-1"),), until="delete")),
    (
        "kubectl wait pod/a --for=jsonpath='{.status.phase}'=Running",
        Wait(things=(Thing("pods", "a"),), until="jsonpath={.status.phase}=Running"),
    ),
]


@pytest.mark.parametrize(("line", "read"), READS, ids=[line for line, _ in READS])
def test_a_line_that_reads(line: str, read: KubernetesOperation) -> None:
    assert operation(line) == read
    assert operation(line).effect is Effect.READ
    assert operation(line).kind is TargetKind.KUBERNETES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kubectl get pods -n shop -l app=web", "kubectl -n shop get po --selector='app == web'"),
        ("kubectl logs web-1 -c app", "kubectl logs pod/web-1 app"),
        ("kubectl logs -l app=web", "kubectl logs --tail=10 -l app=web"),
        ("kubectl top pod -n x", "kubectl top pods --namespace x"),
        ("kubectl rollout status deploy/web --timeout=5m", "kubectl rollout status deployment web --timeout 300s"),
    ],
)
def test_lines_are_equal_that_do_the_same(one: str, other: str) -> None:
    assert operation(one) == operation(other)
