"""delete, exec, apply, cordon, drain; and what a plan asks before a change."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.kubernetes.backend import KubernetesBackend
from tests.cluster.hands import Hands
from tests.operations.kubernetes.contract.conftest import Run
from tests.operations.kubernetes.lines import operation

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: %s}\n"


async def test_pods_are_deleted_by_name_and_their_controller_makes_new_ones(hands: Hands, run: Run) -> None:
    await hands.deploy()
    (pod,) = await hands.pods("app=backend")
    name = pod["metadata"]["name"]
    found = await run(f"kubectl delete pod {name}")
    assert (found.text, found.facts["count"], found.cut) == (f'pod "{name}" deleted', 1.0, "")
    (new,) = await hands.pods("app=backend")
    assert new["metadata"]["name"] != name
    with pytest.raises(TargetRefused, match=f"There is no pod {name} in namespace"):
        await run(f"kubectl delete pod {name}")
    assert (await run(f"kubectl delete pod {name} --ignore-not-found")).facts["count"] == 0.0


async def test_a_selector_deletes_what_it_finds_and_nothing_else(hands: Hands, run: Run) -> None:
    for name, team in (("a", "x"), ("b", "x"), ("c", "y")):
        await hands.make("configmaps", {"metadata": {"name": name, "labels": {"team": team}}})
    assert (await run("kubectl delete cm -l team=x")).facts["count"] == 2.0
    left = {one["metadata"]["name"] for one in await hands.listed("configmaps")}
    assert left & {"a", "b", "c"} == {"c"}
    assert (await run("kubectl delete pods --field-selector=status.phase=Succeeded")).facts["count"] == 0.0


async def test_a_command_runs_in_a_container(hands: Hands, run: Run, program: Callable[[str, str], None]) -> None:
    program("tell", 'echo "$1"; echo trouble >&2; exit "$2"')
    await hands.deploy()
    await hands.available()
    (pod,) = await hands.pods("app=backend")
    well = await run(f"kubectl exec {pod['metadata']['name']} -- tell 'a  b; c' 0")
    assert (sorted(well.text.splitlines()), well.code) == (["a  b; c", "trouble"], 0)
    assert (await run("kubectl exec deploy/backend -c backend -- tell x 3")).code == 3
    with pytest.raises(TargetRefused, match=r"could not be run|executable file not found"):
        await run("kubectl exec deploy/backend -- nothing-of-that-name")


async def test_a_command_that_does_not_end_is_left(hands: Hands, run: Run, program: Callable[[str, str], None]) -> None:
    program("linger", "exec sleep 60")
    program("flood", "while true; do echo many words; done")
    await hands.deploy()
    await hands.available()
    with pytest.raises(TargetUnreachable, match="did not end in time"):
        await run("kubectl exec deploy/backend -- linger", Limits(seconds=1))
    flood = await run("kubectl exec deploy/backend -- flood", Limits(seconds=20, size=10_000))
    assert (len(flood.text), "first 10000 bytes" in flood.cut) == (10_000, True)


async def test_manifests_of_the_folder_are_applied(hands: Hands, run: Run, folder: Path) -> None:
    (folder / "k8s").mkdir()
    (folder / "k8s" / "a.yml").write_text(CONFIG % "info" + "---\n" + (CONFIG % "x").replace("settings", "other"))
    (folder / "k8s" / "notes.txt").write_text("no manifest")
    made = await run("kubectl apply -f k8s/")
    assert made.text == "configmap/settings created\nconfigmap/other created"
    assert (await run("kubectl apply -f k8s/a.yml")).text.count("unchanged") == 2
    (folder / "k8s" / "a.yml").write_text(CONFIG % "debug")
    assert (await run("kubectl apply -f k8s")).text == "configmap/settings configured"
    assert (await hands.get("configmaps", "settings"))["data"] == {"level": "debug"}
    (folder / "k8s" / "kustomization.yaml").write_text("resources: [a.yml]\n")
    assert (await run("kubectl apply -k k8s")).text == "configmap/settings unchanged"
    (folder / "k8s" / "kustomization.yaml").write_text("resources: [a.yml]\ncommonLabels: {a: b}\n")
    with pytest.raises(TargetRefused, match="has commonLabels, which is not read here"):
        await run("kubectl apply -k k8s")


async def test_manifests_that_are_wrong_change_nothing(hands: Hands, run: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.yml").write_text(CONFIG % "x")
    (folder / "link.yml").symlink_to(tmp_path / "outside.yml")
    (folder / "bad.yml").write_text("a: [")
    (folder / "odd.yml").write_text(CONFIG % "x" + "---\nkind: Wigdet\napiVersion: v1\nmetadata: {name: x}\n")
    (folder / "elsewhere.yml").write_text(
        (CONFIG % "x").replace("{name: settings}", "{name: s, namespace: kube-system}")
    )
    for line, why in (
        ("-f link.yml", "outside of the platform's folder"),
        ("-f bad.yml", "cannot be read as YAML"),
        ("-f none.yml", "There is no none.yml"),
        ("-f odd.yml", "no kind Wigdet"),
        (f"-f elsewhere.yml -n {hands.namespace}", "says namespace kube-system"),
    ):
        with pytest.raises(TargetRefused, match=why):
            await run(f"kubectl apply {line}")
    names = {one["metadata"]["name"] for one in await hands.listed("configmaps")}
    assert not names & {"settings", "s"}


async def test_nodes_are_closed_and_opened(run: Run) -> None:
    try:
        assert (await run("kubectl cordon node-2")).text == "node/node-2 cordoned"
        assert (await run("kubectl cordon node-2")).text == "node/node-2 already cordoned"
        assert "SchedulingDisabled" in (await run("kubectl get node node-2")).text
    finally:
        assert (await run("kubectl uncordon node-2")).text == "node/node-2 uncordoned"


async def test_a_node_is_drained_as_budgets_allow(hands: Hands, run: Run) -> None:
    await hands.deploy(hands.namespace, replicas=1)
    await hands.available(hands.namespace)
    (pod,) = await hands.pods(f"app={hands.namespace}")
    node = pod["spec"]["nodeName"]
    budget = {"minAvailable": 1, "selector": {"matchLabels": {"app": hands.namespace}}}
    groups = (await hands.call("GET", "/apis"))["groups"]
    policy = next(f"/apis/{one['preferredVersion']['groupVersion']}" for one in groups if one["name"] == "policy")
    await hands.make("poddisruptionbudgets", {"metadata": {"name": "b"}, "spec": budget}, policy)
    line = f"kubectl drain {node} --pod-selector=app={hands.namespace} --ignore-daemonsets"
    try:
        refused = await run(line, Limits(seconds=2))
        assert refused.code == 1
        assert "disruption budget" in refused.text
        await hands.delete("poddisruptionbudgets", "b", policy)
        drained = await run(line)
        assert (drained.code, drained.text.splitlines()[-1]) == (0, f"node/{node} drained")
    finally:
        await run(f"kubectl uncordon {node}")


async def test_a_pod_that_would_be_lost_is_not_drained(hands: Hands, run: Run) -> None:
    # Without a token it need not wait for the namespace's service account to have one.
    spec = {"automountServiceAccountToken": False, "containers": [{"name": "c", "image": "shop/lone:1"}]}
    await hands.make("pods", {"metadata": {"name": "lone", "labels": {"of": hands.namespace}}, "spec": spec})
    (pod,) = await hands.pods(f"of={hands.namespace}")
    node = pod["spec"]["nodeName"]
    with pytest.raises(TargetRefused, match="has no controller and would be lost; add --force"):
        await run(f"kubectl drain {node} --pod-selector=of={hands.namespace}")
    assert not (await hands.call("GET", f"/api/v1/nodes/{node}"))["spec"].get("unschedulable")


async def test_the_server_tries_a_change_and_keeps_nothing(hands: Hands, backend: KubernetesBackend) -> None:
    await hands.deploy(replicas=2)
    await hands.available()
    before = await hands.get("deployments", "backend")
    (first, _) = await hands.pods("app=backend", 2)
    for line in (
        "scale deployment backend --replicas=5",
        "set image deployment/backend backend=shop/backend:9",
        "rollout restart deployment/backend",
        "label deployment/backend team=a",
        f"delete pod {first['metadata']['name']}",
        "delete deployment backend",
        "exec deploy/backend -- reboot",
    ):
        assert (await backend.dry_run(operation(f"kubectl {line}"), Limits())).text
    after = await hands.get("deployments", "backend")
    assert after["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]
    assert len(await hands.pods("app=backend", 2)) == 2
    with pytest.raises(TargetRefused, match="only reads"):
        await backend.dry_run(operation("kubectl get pods"), Limits())


async def test_what_a_change_touches_is_known_before(hands: Hands, backend: KubernetesBackend) -> None:
    await hands.deploy(replicas=2)
    deployment = await hands.available()
    (scaled,) = await backend.touches(operation("kubectl scale deployment backend --replicas=5"), Limits())
    assert (scaled.kind, scaled.name, scaled.pods) == ("deployment.apps", "backend", 2)
    assert scaled.version == deployment["metadata"]["resourceVersion"]
    assert scaled.state == {"replicas": "2", "images": "sociallive/backend:1"}
    pods = await backend.touches(operation("kubectl delete pods -l app=backend"), Limits())
    assert [(one.pods, one.controller.split("-")[0]) for one in pods] == [(1, "ReplicaSet/backend")] * 2
    (node,) = await backend.touches(operation("kubectl cordon node-1"), Limits())
    assert node.state == {"takes-new-pods": "true"}
    assert await backend.touches(operation("kubectl get pods"), Limits()) == ()
