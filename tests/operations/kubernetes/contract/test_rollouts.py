"""rollout history, status, undo, restart, pause, resume; scale; set; label and annotate; wait."""

import pytest

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from sandbox.cluster.kubelet import notes
from tests.cluster.hands import Hands, Thing
from tests.operations.kubernetes.contract.conftest import Run


async def image(hands: Hands) -> str:
    found = await hands.get("deployments", "backend")
    return str(found["spec"]["template"]["spec"]["containers"][0]["image"])


async def test_a_bad_image_is_seen_and_undone(hands: Hands, run: Run) -> None:
    await hands.deploy(image="shop/backend:1", replicas=2)
    assert (await run("kubectl rollout status deployment/backend")).facts["done"] == 1.0
    changed = await run("kubectl set image deployment/backend backend=shop/backend:2-missing")
    assert "backend: shop/backend:1 to shop/backend:2-missing" in changed.text
    await hands.waiting("app=backend", "ImagePullBackOff")
    stuck = await run("kubectl rollout status deployment/backend --timeout=1s")
    assert (stuck.code, stuck.facts["done"]) == (1, 0.0)
    assert "ImagePullBackOff" in stuck.text
    assert "timed out" in stuck.text
    history = (await run("kubectl rollout history deployment/backend")).table
    assert history is not None
    assert [row[:2] for row in history.rows] == [("1", "shop/backend:1"), ("2", "shop/backend:2-missing")]
    undone = await run("kubectl rollout undo deployment/backend")
    assert (undone.facts["from"], undone.facts["to"]) == (2.0, 1.0)
    assert await image(hands) == "shop/backend:1"
    assert (await run("kubectl rollout status deployment/backend --timeout=20s")).code == 0
    again = (await run("kubectl rollout history deployment/backend")).table
    assert again is not None
    assert [row[0] for row in again.rows] == ["2", "3"]


async def test_undo_goes_to_the_revision_that_is_asked_for_or_says_why_not(hands: Hands, run: Run) -> None:
    await hands.deploy(image="shop/backend:1")
    await hands.available()
    with pytest.raises(TargetRefused, match="no earlier revision"):
        await run("kubectl rollout undo deployment/backend")
    for tag in ("2", "3"):
        await run(f"kubectl set image deployment/backend backend=shop/backend:{tag}")
        await hands.available()
    with pytest.raises(TargetRefused, match="no revision 7; it has 1, 2 and 3"):
        await run("kubectl rollout undo deployment/backend --to-revision=7")
    with pytest.raises(TargetRefused, match="already runs revision 3"):
        await run("kubectl rollout undo deployment/backend --to-revision=3")
    await run("kubectl rollout undo deployment/backend --to-revision=1")
    assert await image(hands) == "shop/backend:1"
    await hands.available()
    await run("kubectl rollout pause deployment/backend")
    for line in ("undo", "restart", "pause"):
        with pytest.raises(TargetRefused, match="paused"):
            await run(f"kubectl rollout {line} deployment/backend")
    await run("kubectl rollout resume deployment/backend")
    assert "paused" not in (await hands.get("deployments", "backend"))["spec"]


async def test_the_cause_of_a_revision_is_kept(hands: Hands, run: Run) -> None:
    await hands.deploy(image="shop/backend:1")
    await hands.available()
    await run("kubectl annotate deployment/backend kubernetes.io/change-cause='first release'")
    await run("kubectl set image deployment/backend '*=shop/backend:2'")
    await run("kubectl annotate deployment/backend kubernetes.io/change-cause=second --overwrite")
    await hands.available()
    history = await run("kubectl rollout history deployment/backend")
    assert history.table is not None
    assert [row[3] for row in history.table.rows] == ["first release", "second"]
    await run("kubectl rollout undo deployment/backend")
    await hands.available()
    found = await hands.get("deployments", "backend")
    assert found["metadata"]["annotations"]["kubernetes.io/change-cause"] == "first release"


async def test_restart_makes_new_pods(hands: Hands, run: Run) -> None:
    await hands.deploy()
    await hands.available()
    (before,) = await hands.pods("app=backend")
    assert (await run("kubectl rollout restart deployment backend")).text == "deployment.apps/backend restarted"
    assert (await run("kubectl rollout status deploy/backend")).code == 0
    names = {pod["metadata"]["name"] for pod in await hands.listed("pods", "app=backend")}
    assert names - {before["metadata"]["name"]}


async def test_scaling_says_from_how_many_to_how_many(hands: Hands, run: Run) -> None:
    await hands.deploy(replicas=2)
    found = await run("kubectl scale deployment backend --replicas=3")
    assert (found.facts, found.text) == ({"from": 2.0, "to": 3.0}, "deployment.apps/backend scaled from 2 to 3")
    with pytest.raises(TargetRefused, match="has 3 replicas and not 2"):
        await run("kubectl scale deployment backend --replicas=5 --current-replicas=2")
    assert (await hands.get("deployments", "backend"))["spec"]["replicas"] == 3


async def test_resources_and_variables_are_set(hands: Hands, run: Run) -> None:
    limits = {"limits": {"cpu": "1", "memory": "1Gi"}}
    await hands.deploy(resources=limits, env=[{"name": "OLD", "value": "1"}, {"name": "KEPT", "value": "2"}])
    told = await run("kubectl set resources deployment backend --limits=memory=2Gi")
    assert "memory=1Gi to limits cpu=1 memory=2Gi" in told.text
    await run("kubectl set env deployment/backend LEVEL=debug OLD-")
    container = (await hands.get("deployments", "backend"))["spec"]["template"]["spec"]["containers"][0]
    assert container["resources"]["limits"] == {"cpu": "1", "memory": "2Gi"}
    assert {one["name"]: one["value"] for one in container["env"]} == {"KEPT": "2", "LEVEL": "debug"}
    assert (await run("kubectl set env deployment/backend LEVEL=debug")).facts["count"] == 0.0
    with pytest.raises(TargetRefused, match="has no container backnd; did you mean backend"):
        await run("kubectl set image deployment/backend backnd=x:1")


async def test_labels_are_changed_only_when_told_to(hands: Hands, run: Run) -> None:
    await hands.make("configmaps", {"metadata": {"name": "c", "labels": {"team": "a", "old": "x"}}})
    with pytest.raises(TargetRefused, match='already has team with the value "a"; add --overwrite'):
        await run("kubectl label cm c team=b")
    long = {"metadata": {"annotations": {"note": "x" * 100}}}
    await hands.patch("configmaps", "c", long)
    with pytest.raises(TargetRefused, match="already has note; add --overwrite"):
        await run("kubectl annotate cm c note=short")
    await run("kubectl label cm c team=b old- new=1 --overwrite")
    assert (await hands.get("configmaps", "c"))["metadata"]["labels"] == {"team": "b", "new": "1"}


async def test_waiting_ends_when_it_holds_or_the_time_is_over(hands: Hands, run: Run) -> None:
    await hands.deploy(notes={notes.READY_AFTER: "0.5"})
    await hands.deploy("ill", image="shop/ill:1-unready")
    await hands.pods("app=backend")
    met = await run("kubectl wait --for=condition=ready pod -l app=backend --timeout=20s")
    assert (met.code, met.facts["met"]) == (0, 1.0)
    phase = "jsonpath='{.status.phase}'=Running"
    assert (await run(f"kubectl wait pod -l app=backend --for={phase}")).code == 0
    unmet = await run("kubectl wait --for=condition=available deployment/ill --timeout=300ms")
    assert (unmet.code, unmet.facts["waiting"]) == (1, 1.0)
    assert "timed out waiting" in unmet.text
    nothing = await run("kubectl wait --for=condition=ready pod -l app=none")
    assert (nothing.code, nothing.text) == (1, "error: no matching resources found")
    short = await run("kubectl wait --for=condition=available deployment/ill --timeout=1h", Limits(seconds=0.5))
    assert short.code == 1


async def test_waiting_for_the_end_of_something(hands: Hands, run: Run) -> None:
    await hands.make("configmaps", {"metadata": {"name": "c"}})
    assert (await run("kubectl wait cm/c --for=delete --timeout=200ms")).code == 1
    await hands.delete("configmaps", "c")
    assert (await run("kubectl wait cm/c --for=delete")).code == 0


def stateful(image: str) -> Thing:
    labels = {"app": "store"}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "store", "image": image}]}}
    spec = {"replicas": 1, "serviceName": "store", "selector": {"matchLabels": labels}, "template": pod}
    return {"metadata": {"name": "store"}, "spec": spec}


async def test_a_stateful_set_has_revisions_too(hands: Hands, run: Run) -> None:
    await hands.make("statefulsets", stateful("shop/store:1"))
    assert (await run("kubectl rollout status sts/store")).code == 0
    await run("kubectl set image sts/store store=shop/store:2")
    assert (await run("kubectl rollout status sts/store")).code == 0
    history = await run("kubectl rollout history statefulset/store")
    assert history.table is not None
    assert [row[1] for row in history.table.rows] == ["shop/store:1", "shop/store:2"]
    await run("kubectl rollout undo sts/store")
    found = await hands.get("statefulsets", "store")
    assert found["spec"]["template"]["spec"]["containers"][0]["image"] == "shop/store:1"
