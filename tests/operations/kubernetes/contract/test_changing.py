"""Changes that are foreseen, done once, and looked at."""

from pathlib import Path

import pytest

from bot.errors import ChangeUnclear, TargetRefused
from bot.operations.backend import Limits
from bot.operations.changing import Changer
from bot.operations.effect import Effect
from bot.operations.kubernetes.backend import KubernetesBackend
from bot.operations.kubernetes.changes import Cordon, Delete, Restart, Undo
from bot.operations.kubernetes.nouns import Status, Thing, Wait
from bot.operations.kubernetes.session import REQUEST
from bot.operations.line import read_line
from tests.cluster.hands import Hands, until
from tests.operations.kubernetes.contract.conftest import Deeds, Foresee, Run
from tests.operations.kubernetes.lines import operation

LIMITS = Limits(seconds=30)
WEB = Thing("deployments", "web")
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: %s}\n"


async def deployed(hands: Hands) -> None:
    """Make a Deployment with two revisions, two pods and a service."""
    await hands.deploy("web", "shop:v1", 2, env=[{"name": "TOKEN", "value": "hush"}])
    await hands.available("web")
    await hands.make("services", {"metadata": {"name": "front"}, "spec": {"selector": {"app": "web"}, "ports": PORTS}})
    template = {"spec": {"containers": [{"name": "web", "image": "shop:v2"}]}}
    strategic = {"Content-Type": "application/strategic-merge-patch+json"}
    await hands.call("PATCH", hands.path("deployments", "web"), {"spec": {"template": template}}, **strategic)
    await hands.available("web")


PORTS = [{"port": 80}]


CHANGES = [
    (
        "rollout undo deployment/web",
        "web: shop:v2",
        "web: shop:v1",
        "kubectl rollout undo deployment/web --to-revision=2",
    ),
    ("scale deployment/web --replicas=3", "2 replicas", "3 replicas", "kubectl scale deployment/web --replicas=2"),
    (
        "set image deployment/web web=shop:v3",
        "web: shop:v2",
        "web: shop:v3",
        "kubectl set image deployment/web web=shop:v2",
    ),
    ("rollout pause deployment/web", "rolls out", "paused", "kubectl rollout resume deployment/web"),
    (
        "set env deployment/web TOKEN=other LEVEL=debug",
        "web: LEVEL not set, web: TOKEN set",
        "web: LEVEL set, web: TOKEN set to another value",
        "kubectl rollout undo deployment/web --to-revision=2",
    ),
    (
        "set resources deployment/web --limits=memory=1Gi",
        "web: memory limits none",
        "web: memory limits 1Gi",
        "kubectl rollout undo deployment/web --to-revision=2",
    ),
    (
        "label deployment/web team=a app=shop --overwrite",
        "app=web, no team",
        "app=shop, team=a",
        "kubectl label deployment/web app=web team- --overwrite",
    ),
    (
        "annotate deployment/web kubernetes.io/change-cause='as told'",
        "no kubernetes.io/change-cause",
        "kubernetes.io/change-cause=as told",
        "kubectl annotate deployment/web kubernetes.io/change-cause- --overwrite",
    ),
]


@pytest.mark.parametrize(("line", "told", "undo"), [(line, told, undo) for line, *told, undo in CHANGES])
async def test_a_change_of_a_workload_is_foreseen_and_done_once(
    hands: Hands, backend: KubernetesBackend, deeds: Deeds, line: str, told: list[str], undo: str
) -> None:
    await deployed(hands)
    first = await hands.get("deployments", "web")
    foreseen = await backend.foresee(operation(f"kubectl {line}"), LIMITS)
    assert [foreseen.before, foreseen.after] == told
    assert foreseen.reach == "2 pods, service front"
    assert foreseen.undo == f"{undo} -n {hands.namespace}"
    assert read_line(foreseen.undo).effect is Effect.WRITE
    assert foreseen.rehearsal
    assert "hush" not in repr(foreseen)
    untouched = await hands.get("deployments", "web")
    assert untouched["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]
    assert await backend.look(foreseen.operation, LIMITS, deeds.deed()) is None
    assert (await backend.change(foreseen.operation, LIMITS, deeds.deed())).code == 0
    changed = await hands.get("deployments", "web")
    assert changed["metadata"]["annotations"][REQUEST] == "request-1"
    assert REQUEST not in changed["spec"]["template"]["metadata"].get("annotations", {})
    for step in foreseen.then:
        assert (await backend.run(step, LIMITS)).code == 0
    settled = await hands.get("deployments", "web")
    assert await backend.look(foreseen.operation, LIMITS, deeds.deed()) is not None
    await backend.change(foreseen.operation, LIMITS, deeds.deed())
    again = await hands.get("deployments", "web")
    assert again["spec"] == settled["spec"]
    assert again["metadata"]["generation"] == settled["metadata"]["generation"]
    back = await backend.foresee(operation(foreseen.undo), LIMITS)
    assert [back.after, back.before] == [text.replace(" to another value", "") for text in told] or "TOKEN" in line


async def test_the_backend_is_a_changer(backend: KubernetesBackend) -> None:
    assert isinstance(backend, Changer)
    with pytest.raises(TargetRefused, match="only reads"):
        await backend.foresee(operation("kubectl get pods"), LIMITS)


async def test_an_undo_says_its_revision_and_waits_for_the_rollout(hands: Hands, foresee: Foresee) -> None:
    await deployed(hands)
    foreseen = await foresee("kubectl rollout undo deployment/web")
    assert foreseen.operation == Undo(thing=WEB, revision=1)
    assert foreseen.then == (Status(hands.namespace, thing=WEB),)
    assert foreseen.world["Deployment web: replicas"] == "2"
    assert foreseen.world["Deployment web: revision 1"].startswith("shop:v1 (")


async def test_a_restart_happens_once_at_one_time(
    hands: Hands, backend: KubernetesBackend, foresee: Foresee, deeds: Deeds
) -> None:
    await hands.deploy("web", replicas=2)
    await hands.available("web")
    foreseen = await foresee("kubectl rollout restart deployment -l app=web")
    assert foreseen.operation == Restart(things=(WEB,))
    assert (foreseen.before, foreseen.after) == ("2 pods", "2 new pods, one after the other")
    await backend.change(foreseen.operation, LIMITS, deeds.deed())
    template = (await hands.get("deployments", "web"))["spec"]["template"]
    time = template["metadata"]["annotations"]["kubectl.kubernetes.io/restartedAt"]
    assert time == deeds.noted["request-1"]["moment"]
    await hands.patch("deployments", "web", {"metadata": {"annotations": {REQUEST: None}}})
    await backend.change(foreseen.operation, LIMITS, deeds.deed())
    assert (await hands.get("deployments", "web"))["spec"]["template"] == template


async def test_pods_are_deleted_as_those_that_were_meant(
    hands: Hands, backend: KubernetesBackend, foresee: Foresee, deeds: Deeds
) -> None:
    await hands.deploy("web", replicas=2)
    await hands.available("web")
    pods = await hands.pods("app=web", 2)
    uids = {pod["metadata"]["uid"] for pod in pods}
    foreseen = await foresee("kubectl delete pods -l app=web")
    names = tuple(sorted(pod["metadata"]["name"] for pod in pods))
    assert isinstance(foreseen.operation, Delete)
    assert tuple(sorted(thing.name for thing in foreseen.operation.things)) == names
    assert (foreseen.operation.labels, foreseen.final) == ("", False)
    assert all(any(uid in value for value in foreseen.world.values()) for uid in uids)
    assert (foreseen.undo, foreseen.reach) == ("Its controller makes a new pod.", "2 pods")
    assert foreseen.then == (Status(hands.namespace, thing=WEB),)
    assert await backend.look(foreseen.operation, LIMITS, deeds.deed()) is None
    await backend.change(foreseen.operation, LIMITS, deeds.deed())
    assert await backend.look(foreseen.operation, LIMITS, deeds.deed()) is not None
    (step,) = foreseen.then
    assert (await backend.run(step, LIMITS)).code == 0
    new = {pod["metadata"]["uid"] for pod in await hands.pods("app=web", 2)}
    await backend.change(foreseen.operation, LIMITS, deeds.deed())
    assert {pod["metadata"]["uid"] for pod in await hands.pods("app=web", 2)} == new


async def test_what_cannot_be_made_again_is_final(
    hands: Hands, backend: KubernetesBackend, foresee: Foresee, deeds: Deeds
) -> None:
    await hands.make("configmaps", {"metadata": {"name": "old"}, "data": {"a": "1"}})
    foreseen = await foresee("kubectl delete configmap old")
    assert (foreseen.before, foreseen.after, foreseen.final) == ("ConfigMap old", "gone", True)
    assert foreseen.undo == "It cannot be taken back."
    (step,) = foreseen.then
    assert isinstance(step, Wait)
    await hands.patch("configmaps", "old", {"data": {"a": "2"}})
    moved = await foresee("kubectl delete configmap old")
    assert [key for key, value in moved.world.items() if foreseen.world[key] != value] == ["ConfigMap old: contents"]
    await backend.change(moved.operation, LIMITS, deeds.deed())
    assert (await backend.run(step, LIMITS)).code == 0
    await hands.make("configmaps", {"metadata": {"name": "old"}})
    assert await backend.look(moved.operation, LIMITS, deeds.deed()) is not None
    await backend.change(moved.operation, LIMITS, deeds.deed())
    assert (await hands.get("configmaps", "old"))["metadata"]["name"] == "old"


async def test_a_command_is_foreseen_in_its_pod_and_never_run_twice(
    hands: Hands, backend: KubernetesBackend, foresee: Foresee, deeds: Deeds, programs: Path
) -> None:
    script = programs / "count"
    script.write_text(f'#!/bin/sh\necho "$1" >> {programs}/ran\necho done\n')
    script.chmod(0o755)
    await hands.deploy("web")
    await hands.available("web")
    (pod,) = await hands.pods("app=web")
    name = pod["metadata"]["name"]
    foreseen = await foresee("kubectl exec deployment/web -- count 'a b'")
    assert foreseen.after == f"count 'a b' runs in container web of pod {name}"
    assert await backend.look(foreseen.operation, LIMITS, deeds.deed()) is None
    assert (await backend.change(foreseen.operation, LIMITS, deeds.deed())).text == "done\n"
    with pytest.raises(ChangeUnclear, match="cannot be told"):
        await backend.look(foreseen.operation, LIMITS, deeds.deed())
    with pytest.raises(ChangeUnclear, match="cannot be told"):
        await backend.change(foreseen.operation, LIMITS, deeds.deed())
    assert (programs / "ran").read_text() == "a b\n"


async def test_manifests_are_foreseen_and_applied_once(
    hands: Hands, backend: KubernetesBackend, foresee: Foresee, deeds: Deeds, folder: Path
) -> None:
    (folder / "a.yml").write_text(CONFIG % "info")
    made = await foresee("kubectl apply -f a.yml")
    assert (made.before, made.after) == ("not there", "made")
    assert made.world["ConfigMap settings"] == "not there"
    await backend.change(made.operation, LIMITS, deeds.deed())
    assert await backend.look(made.operation, LIMITS, deeds.deed()) is not None
    with pytest.raises(TargetRefused, match="so already"):
        await foresee("kubectl apply -f a.yml")
    (folder / "a.yml").write_text(CONFIG % "debug")
    changed = await foresee("kubectl apply -f a.yml")
    assert (changed.before, changed.after) == ("level there", "level with another value")
    assert changed.world["manifests"] != made.world["manifests"]
    assert (await backend.change(changed.operation, LIMITS, deeds.deed("request-2"))).text.endswith("configured")
    found = await hands.get("configmaps", "settings")
    assert (found["data"], found["metadata"]["annotations"]) == ({"level": "debug"}, {REQUEST: "request-2"})


async def test_a_namespace_and_what_is_in_it_are_foreseen_together(
    hands: Hands, backend: KubernetesBackend, foresee: Foresee, deeds: Deeds, folder: Path
) -> None:
    name = f"{hands.namespace}-new"
    space = f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n---\n"
    (folder / "a.yml").write_text(space + (CONFIG % "info").replace("settings", f"settings, namespace: {name}"))
    foreseen = await foresee("kubectl apply -f a.yml")
    assert foreseen.before == f"Namespace {name}: not there, ConfigMap settings: not there"
    try:
        await backend.change(foreseen.operation, LIMITS, deeds.deed())
        assert await backend.look(foreseen.operation, LIMITS, deeds.deed()) is not None
        deleting = await foresee(f"kubectl delete namespace {name}")
        assert (deleting.before, deleting.final) == (f"Namespace {name}", True)
    finally:
        await hands.call("DELETE", f"/api/v1/namespaces/{name}")


async def test_of_several_things_only_some_may_differ(
    hands: Hands, backend: KubernetesBackend, foresee: Foresee, deeds: Deeds
) -> None:
    for name, replicas in (("a", 1), ("b", 2), ("c", 3)):
        await hands.deploy(name, replicas=replicas)
    foreseen = await foresee("kubectl scale deployment/a deployment/b deployment/c --replicas=2")
    assert foreseen.before == "Deployment a: 1 replica, Deployment c: 3 replicas"
    assert foreseen.after == "Deployment a: 2 replicas, Deployment c: 2 replicas"
    assert foreseen.world["Deployment b: replicas"] == "2"
    assert foreseen.undo == "Scale a to 1 replica, c to 3 replicas."
    await backend.change(foreseen.operation, LIMITS, deeds.deed())
    found = await hands.listed("deployments")
    assert [one["spec"]["replicas"] for one in found] == [2, 2, 2]
    assert await backend.look(foreseen.operation, LIMITS, deeds.deed()) is not None


async def test_nodes_that_are_closed_already_are_left_out(hands: Hands, foresee: Foresee, run: Run) -> None:
    await run("kubectl cordon node-2")
    try:
        foreseen = await foresee("kubectl cordon node-1 node-2")
        assert foreseen.operation == Cordon(nodes=("node-1",))
        assert foreseen.undo == "kubectl uncordon node-1"
    finally:
        await run("kubectl uncordon node-2")


async def test_an_undo_tells_what_differs_and_not_why_it_came(hands: Hands, foresee: Foresee, run: Run) -> None:
    await deployed(hands)
    await run("kubectl annotate deployment/web kubernetes.io/change-cause='for the sale'")
    foreseen = await foresee("kubectl rollout undo deployment/web")
    assert (foreseen.before, foreseen.after) == ("web: shop:v2", "web: shop:v1")


async def test_a_paused_workload_is_waited_for_by_nobody(hands: Hands, foresee: Foresee, run: Run) -> None:
    await hands.deploy("web")
    await hands.available("web")
    await run("kubectl rollout pause deployment/web")
    assert (await foresee("kubectl set image deployment/web web=shop:v9")).then == ()


async def test_a_node_is_closed_drained_and_opened(
    hands: Hands, backend: KubernetesBackend, foresee: Foresee, deeds: Deeds, run: Run
) -> None:
    await hands.deploy(hands.namespace, replicas=1)
    await hands.available(hands.namespace)
    (pod,) = await hands.pods(f"app={hands.namespace}")
    node = pod["spec"]["nodeName"]
    try:
        closing = await foresee(f"kubectl cordon {node}")
        assert (closing.before, closing.after) == ("takes new pods", "takes no new pods")
        assert closing.undo == f"kubectl uncordon {node}"
        draining = await foresee(f"kubectl drain {node} --pod-selector=app={hands.namespace} --ignore-daemonsets")
        assert draining.before == "takes new pods, 1 pod to leave"
        assert pod["metadata"]["uid"] in draining.world["pods to leave"]
        assert await backend.look(draining.operation, LIMITS, deeds.deed("drain")) is None
        assert (await backend.change(draining.operation, LIMITS, deeds.deed("drain"))).code == 0
        assert await backend.look(draining.operation, LIMITS, deeds.deed("drain")) is not None
        with pytest.raises(TargetRefused, match="already closed to new pods"):
            await foresee(f"kubectl cordon {node}")
        opening = await foresee(f"kubectl uncordon {node}")
        await backend.change(opening.operation, LIMITS, deeds.deed("open"))
        assert not (await hands.call("GET", f"/api/v1/nodes/{node}"))["spec"].get("unschedulable")
        assert await backend.look(opening.operation, LIMITS, deeds.deed("open")) is not None
    finally:
        await run(f"kubectl uncordon {node}")


async def test_the_world_moves_with_what_is_meant_and_not_with_what_happens(hands: Hands, foresee: Foresee) -> None:
    await hands.deploy("web", "shop:v1")
    line = "kubectl set resources deployment/web --limits=memory=1Gi"
    first = (await foresee(line)).world
    await hands.available("web")  # its status moved, and its annotations
    await hands.patch("deployments", "web", {"metadata": {"annotations": {"seen-by": "somebody"}}})
    assert (await foresee(line)).world == first
    for body, key in (
        ({"spec": {"replicas": 2}}, "replicas"),
        ({"spec": {"paused": True}}, "rollout"),
        ({"spec": {"template": {"metadata": {"annotations": {"a": "b"}}}}}, "pod template"),
        ({"spec": {"minReadySeconds": 1}}, "other settings"),
    ):
        before = (await foresee(line)).world
        await hands.patch("deployments", "web", body)
        now = (await foresee(line)).world
        assert [name for name, value in now.items() if before[name] != value] == [f"Deployment web: {key}"]
    before = (await foresee(line)).world
    await hands.delete("deployments", "web")
    with pytest.raises(TargetRefused, match="There is no deployment web"):
        await foresee(line)

    async def gone() -> bool | None:
        return True if not await hands.listed("pods", "app=web") else None

    await until(gone, "the pods are gone")
    await hands.deploy("web", "shop:v1")
    now = (await foresee(line)).world
    assert now["Deployment web"] != before["Deployment web"]


async def test_a_scaler_is_told(hands: Hands, foresee: Foresee) -> None:
    await hands.deploy("web")
    aim = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": aim, "minReplicas": 1, "maxReplicas": 9}
    await hands.make("horizontalpodautoscalers", {"metadata": {"name": "h"}, "spec": spec}, "/apis/autoscaling/v1")
    foreseen = await foresee("kubectl scale deployment/web --replicas=4")
    assert foreseen.reach.endswith("HorizontalPodAutoscaler h keeps web at 1 to 9 replicas")


async def test_revisions_say_how_long_they_served(hands: Hands, backend: KubernetesBackend, run: Run) -> None:
    await hands.deploy("web", "shop:v1")
    await hands.available("web")
    await run("kubectl annotate deployment/web kubernetes.io/change-cause='the first'")

    async def caused() -> bool | None:
        return (await backend.revisions(WEB, LIMITS))[0].cause == "the first" or None

    await until(caused, "the cause is on the revision")
    await run("kubectl set image deployment/web web=shop:v2")
    await hands.available("web")
    second, first = await backend.revisions(WEB, LIMITS)
    assert (first.number, first.images, first.cause, first.running) == (1, ("shop:v1",), "the first", False)
    assert (second.number, second.images, second.running) == (2, ("shop:v2",), True)
    assert first.seconds == (second.made - first.made).total_seconds()
    assert second.seconds is not None
    await run("kubectl rollout undo deployment/web")
    await hands.available("web")
    third, second = await backend.revisions(WEB, LIMITS)
    assert (third.number, third.running, third.made) == (3, True, first.made)
    assert second.seconds is None or second.seconds >= 0
