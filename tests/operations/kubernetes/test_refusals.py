"""Lines that are refused: the word at fault, and what to do instead."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.effect import Effect
from bot.operations.kubernetes.grammar import REFUSED, VERBS, read
from bot.operations.kubernetes.kinds import WORDS
from bot.operations.kubernetes.nouns import KubernetesOperation
from bot.operations.refusal import LineRefused
from bot.operations.words import Part, Word, split
from tests.operations.kubernetes.lines import operation

REFUSALS = [
    ("kubectl", "kubectl", "there are get"),
    ("kubectl gett pods", "gett", "did you mean get"),
    ("kubectl edit deployment web", "edit", "use kubectl set resources"),
    ("kubectl cp a:/x .", "cp", "use kubectl exec"),
    ("kubectl port-forward web 80", "port-forward", "use curl"),
    ("kubectl attach web", "attach", "use kubectl logs"),
    ("kubectl proxy", "proxy", "--raw"),
    ("kubectl debug web", "debug", "describe or logs"),
    ("kubectl rollout", "rollout", "there are history"),
    ("kubectl rollout undoo deployment/web", "undoo", "did you mean undo"),
    ("kubectl get", "get", "name a kind"),
    ("kubectl get podss", "podss", "write pod"),
    ("kubectl get depolyments", "depolyments", "write deployments"),
    ("kubectl get all", "all", "write pods,services"),
    ("kubectl get pods -w", "-w", "leave it out"),
    ("kubectl get pods --context=prod", "--context", "leave it out"),
    ("kubectl get pods --kubeconfig x", "--kubeconfig", "leave it out"),
    ("kubectl --token=abc get pods", "--token", "leave it out"),
    ("kubectl get pods --show-label", "--show-label", "did you mean --show-labels"),
    ("kubectl get pods -o custom-columns=A:.b", "custom-columns=A:.b", "there are wide"),
    ("kubectl get pods -o jsonpath={.a", "jsonpath={.a", "write it like"),
    ("kubectl get pods -l =x", "=x", "write it like app=web"),
    ("kubectl get pods -n Shop", "Shop", "lower-case"),
    ("kubectl get pods ../secrets", "../secrets", "kind/name"),
    ("kubectl get pods 'a b'", "a b", "names have letters"),
    ("kubectl get secrets -o yaml", "yaml", "names and ages"),
    ("kubectl get secret db -o jsonpath={.data}", "jsonpath={.data}", "names and ages"),
    ("kubectl get pods,secrets -ojson", "json", "names and ages"),
    ("kubectl get secrets --sort-by=.data.password", ".data.password", "names and ages"),
    ("kubectl get --raw /api/v1/namespaces/x/secrets/db", "/api/v1/namespaces/x/secrets/db", "use get"),
    ("kubectl get --raw /api/v1/namespaces/x/%73ecrets", "/api/v1/namespaces/x/%73ecrets", "use get"),
    ("kubectl get --raw https://example.com/", "https://example.com/", "/api/v1/nodes"),
    ("kubectl get --raw /api/v1/../x", "/api/v1/../x", "/api/v1/nodes"),
    ("kubectl get --raw /api/v1/pods?watch=1", "/api/v1/pods?watch=1", "use get"),
    ("kubectl get --raw /api/v1/nodes/a/proxy/run/x", "/api/v1/nodes/a/proxy/run/x", "stats/summary"),
    (
        "kubectl get --raw /api/v1/namespaces/x/services/y/proxy/z",
        "/api/v1/namespaces/x/services/y/proxy/z",
        "use curl",
    ),
    ("kubectl top deployments", "deployments", "top pods or top nodes"),
    ("kubectl top pods --sort-by=name", "name", "sort by cpu or memory"),
    ("kubectl logs -f deployment/web", "-f", "leave -f out"),
    ("kubectl logs --follow web-1", "--follow", "leave -f out"),
    ("kubectl logs", "logs", "give one of them"),
    ("kubectl logs web-1 -l app=web", "web-1", "give one of them"),
    ("kubectl logs deployment web", "deployment", "write deployment/web"),
    ("kubectl logs web-1 --tail=some", "some", "write one, such as"),
    ("kubectl logs web-1 --tail=-2", "-2", "write one, such as"),
    ("kubectl logs web-1 --since=2d", "2d", "720h"),
    ("kubectl logs web-1 --since-time=yesterday", "yesterday", "2026-"),
    ("kubectl wait pod/a", "wait", "--for=condition=ready"),
    ("kubectl wait pods --for=condition=ready", "pods", "--all"),
    ("kubectl wait pod/a --for=luck", "luck", "condition=ready"),
    ("kubectl wait secret/a --for=jsonpath={.data.b}=c", "jsonpath={.data.b}=c", "create or delete"),
    ("kubectl rollout status pod/a", "pod/a", "deployments"),
    ("kubectl rollout undo deployment/a deployment/b", "deployment/b", "one command for each"),
    ("kubectl rollout restart deployment", "deployment", "deployment/web"),
    ("kubectl scale deployment web", "scale", "--replicas=3"),
    ("kubectl scale deployment web --replicas=-1", "-1", "write one"),
    ("kubectl scale deployment web --replicas=five", "five", "write one"),
    ("kubectl scale deployment --all --replicas=0", "--all", "write kind/name"),
    ("kubectl scale configmap a --replicas=1", "configmap", "deployments"),
    ("kubectl set image deployment/web", "image", "name=value"),
    ("kubectl set image deployment/web web=", "web=", "registry.example.com"),
    ("kubectl set resources deployment web --limits=cpu=much", "cpu=much", "cpu=500m"),
    ("kubectl set env deployment/web --from=secret/db", "--from", "envFrom"),
    ("kubectl set env deployment/web --list", "--list", "describe"),
    ("kubectl delete pods", "pods", "-l app=web"),
    ("kubectl delete pods --all", "--all", "select it with -l"),
    ("kubectl delete pods -l app!=web", "app!=web", "name what is to be deleted"),
    ("kubectl delete pods -l app", "app", "name what is to be deleted"),
    ("kubectl delete configmap --field-selector metadata.name!=a", "metadata.name!=a", "name what is to be deleted"),
    ("kubectl delete pods --field-selector metadata.namespace=a", "metadata.namespace=a", "name what is"),
    ("kubectl delete -f k8s/", "-f", "write kind/name"),
    ("kubectl delete pod a --force", "--force", "--grace-period=1"),
    ("kubectl delete pod a --grace-period=0", "0", "write one"),
    ("kubectl delete <kind> a", "<kind>", "write one"),
    ("kubectl exec -it web-1 -- bash", "-i", "leave it out"),
    ("kubectl exec web-1 ls", "ls", "behind --"),
    ("kubectl exec web-1", "exec", "behind --"),
    ("kubectl apply -f https://example.com/x.yml", "https://example.com/x.yml", "platform's folder"),
    ("kubectl apply -f ../../etc", "../../etc", "platform's folder"),
    ("kubectl apply -f /etc/passwd", "/etc/passwd", "platform's folder"),
    ("kubectl apply -f -", "-", "platform's folder"),
    ("kubectl apply -f k8s --prune", "--prune", "by its name"),
    ("kubectl label pod a 'team=a b'", "team=a b", "team=payments"),
    ("kubectl annotate pod a", "annotate", "name=value"),
    ("kubectl drain", "drain", "name it"),
    ("kubectl cordon -l zone=a", "-l", "kind/name"),
    ("kubectl get pods --no-headers=maybe", "maybe", "leave the value out"),
    ("kubectl get pods -n a -n b", "-n", "give it once"),
    ("kubectl get pods -n", "-n", "write the value"),
    ("kubectl get pods -- x", "--", "leave -- out"),
]


@pytest.mark.parametrize(("line", "word", "instead"), REFUSALS)
def test_a_line_is_refused_at_its_word(line: str, word: str, instead: str) -> None:
    with pytest.raises(LineRefused) as refusal:
        operation(line)
    error = refusal.value
    assert error.word == word
    assert instead in error.instead
    assert line[error.column - 1 :].lstrip("'").startswith(error.word) or error.word in line
    assert error.line == line


@pytest.mark.parametrize(
    "line",
    [
        "kubectl delete pod a; rm -rf /",
        "kubectl get pods && reboot",
        "kubectl get pods `id`",
        "kubectl get pods $(id)",
        "kubectl get pods > /etc/x",
        "kubectl get pods\nkubectl delete pod a",
        "kubectl get pods &",
        'kubectl get pods -l "app=$(id)"',
    ],
)
def test_what_only_a_shell_could_do_is_refused(line: str) -> None:
    with pytest.raises(LineRefused, match="there is no shell"):
        operation(line)


def _inventory() -> list[str]:
    rows = csv.DictReader((Path(__file__).parents[2] / "data" / "procedures.csv").read_text("utf-8").splitlines())
    found: set[str] = set()
    for row in rows:
        if row["kind"] in ("probe", "action", "checklist-item"):
            detail = re.split(r"\s*\[[A-Z]+[: ]", row["detail"])[0]
            found |= {piece.strip() for piece in re.findall(r"kubectl [a-z][^;]*", detail)}
    return sorted(found)


REFUSED_ROWS = {
    "kubectl delete configmap --field-selector metadata.name!=active-config -n social-live-prod",
    "kubectl edit deployment zephyr-backend",
    "kubectl exec -it <pod-name> -- node --inspect /app/dist/main.js",
    "kubectl exec -it web-pod-xxx -- kill -USR2 1",
    "kubectl logs -f deployment/zephyr-backend",
    'kubectl logs -f deployment/zephyr-backend --since=5m | grep \'"level":"error"\'',
    'kubectl logs -f deployment/zephyr-backend | grep \'"event":"disconnect"\'',
}
WRITES = ("rollout undo", "rollout restart", "scale", "set image", "delete pod", "apply")


def test_the_inventory_has_lines() -> None:
    assert len(_inventory()) > 40
    assert set(_inventory()) > REFUSED_ROWS


@pytest.mark.parametrize("line", _inventory())
def test_every_line_of_the_inventory_is_read_or_refused_with_advice(line: str) -> None:
    if line in REFUSED_ROWS:
        with pytest.raises(LineRefused) as refusal:
            operation(line)
        assert refusal.value.instead
        return
    writes = any(line.startswith(f"kubectl {verb}") for verb in WRITES)
    assert operation(line).effect is (Effect.WRITE if writes else Effect.READ)


_pieces = st.one_of(
    st.sampled_from(
        [*VERBS, *REFUSED, *WORDS, "undo", "status", "image", "env", "-n", "-l", "-o", "--", "--for=delete"]
    ),
    st.sampled_from(
        ["deployment/web", "a=b", "a-", "--raw", "/api/v1/pods", "json", "-A", "-it", "<pod>", "--tail=<n>"]
    ),
    st.text(max_size=12),
)


@given(st.lists(_pieces, max_size=8))
def test_any_words_are_an_operation_or_a_refusal(words: list[str]) -> None:
    part = tuple(Word(text, at + 1) for at, text in enumerate(["kubectl", *words]))
    found = _outcome("kubectl", part)
    if isinstance(found, LineRefused):
        assert found.reason
        assert found.instead
    else:
        reading = ("get", "top", "describe", "logs", "wait", "history", "status")
        assert found.effect > Effect.READ or any(word in reading for word in words)


@given(st.text(max_size=60))
def test_any_text_is_an_operation_or_a_refusal(text: str) -> None:
    assert str(_outcome(f"kubectl {text}", None))


def _outcome(line: str, part: Part | None) -> KubernetesOperation | LineRefused:
    try:
        return read(line, part or split(line)[0])
    except LineRefused as refusal:
        return refusal
