"""Changes that are refused before anybody approves them, or after, with the reason."""

from pathlib import Path

import pytest

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.kubernetes.backend import KubernetesBackend
from tests.cluster.hands import Hands
from tests.operations.kubernetes.contract.conftest import Deeds, Foresee, Run
from tests.operations.kubernetes.lines import operation

LIMITS = Limits(seconds=30)


async def test_what_would_fail_or_change_nothing_is_refused_before(hands: Hands, foresee: Foresee, run: Run) -> None:
    await hands.deploy("web", "shop:v1", 2)
    await hands.available("web")
    where = f"in namespace {hands.namespace}"
    for line, why in (
        ("rollout undo deployment/web", "Deployment web has no earlier revision to go back to."),
        ("rollout undo deployment/web --to-revision=1", "Deployment web already runs revision 1 (shop:v1)."),
        ("rollout undo deployment/web --to-revision=7", "Deployment web has no revision 7; it has 1."),
        ("scale deployment/web --replicas=2", "Deployment web has 2 replicas already; nothing would change."),
        ("scale deployment/wbe --replicas=2", f"There is no deployment wbe {where}; did you mean web?"),
        ("set image deployment/web web=shop:v1", "It is so already; nothing would change."),
        ("set image deployment/web wbe=shop:v2", "Deployment web has no container wbe; did you mean web."),
        ("rollout resume deployment/web", "Deployment web is not paused."),
        ("rollout restart deployment -l app=none", f"There are no deployments {where} with app=none."),
        ("label deployment/web app=web", "It is so already; nothing would change."),
        ("label pods -l app=none a=b", f"There are no pods {where} with app=none."),
        (
            "delete pods -l app=none",
            f"There are no pods {where} with app=none; nothing would be deleted.",
        ),
        ("delete pod gone", f"There is no pod gone in namespace {hands.namespace}."),
        ("exec deployment/web -c wbe -- ls", None),
    ):  # fmt: skip
        with pytest.raises(TargetRefused) as refused:
            await foresee(f"kubectl {line}")
        assert why is None or str(refused.value) == why
    await run("kubectl rollout pause deployment/web")
    for line in ("undo", "restart", "pause"):
        with pytest.raises(TargetRefused, match=r"Deployment web is (already )?paused"):
            await foresee(f"kubectl rollout {line} deployment/web")


async def test_a_right_that_is_missing_is_named_before(hands: Hands, bot: KubernetesBackend) -> None:
    await hands.deploy("web")
    await hands.available("web")
    await hands.grant(["get", "list"], ["pods", "deployments", "replicasets"])
    for line, right in (
        ("scale deployment/web --replicas=3", "patch deployments"),
        ("rollout restart deployment/web", "patch deployments"),
        ("delete pods -l app=web", "delete pods"),
        ("exec deployment/web -- ls", "get pods/exec"),
    ):
        with pytest.raises(TargetRefused) as refused:
            await bot.foresee(operation(f"kubectl {line}"), LIMITS)
        assert str(refused.value) == f"The cluster refuses: no right to {right} in namespace {hands.namespace}."


async def test_what_we_may_not_see_of_what_depends_on_it_is_left_out(hands: Hands, bot: KubernetesBackend) -> None:
    await hands.deploy("web")
    await hands.available("web")
    await hands.grant(["get", "list", "patch"], ["pods", "deployments"])
    foreseen = await bot.foresee(operation("kubectl set env deployment/web A=b"), LIMITS)
    assert (foreseen.reach, foreseen.undo) == (
        "1 pod",
        "No single command takes it back; put it back as it was before.",
    )


async def test_what_the_server_finds_wrong_is_told_before(hands: Hands, foresee: Foresee, folder: Path) -> None:
    await hands.deploy("web")
    with pytest.raises(TargetRefused, match="must be less than or equal to cpu limit"):
        await foresee("kubectl set resources deployment web --limits=cpu=1 --requests=cpu=2")
    (folder / "a.yml").write_text("apiVersion: v1\nkind: Wigdet\nmetadata: {name: x}\n")
    with pytest.raises(TargetRefused, match="no kind Wigdet"):
        await foresee("kubectl apply -f a.yml")


async def test_what_was_paused_or_deleted_after_the_plan_is_not_changed(
    hands: Hands, backend: KubernetesBackend, foresee: Foresee, run: Run, deeds: Deeds
) -> None:
    await hands.deploy("web", "shop:v1")
    await hands.available("web")
    await run("kubectl set image deployment/web web=shop:v2")
    await hands.available("web")
    meant = (await foresee("kubectl rollout undo deployment/web")).operation
    await run("kubectl rollout pause deployment/web")
    with pytest.raises(TargetRefused, match="Deployment web is paused; resume it first"):
        await backend.change(meant, LIMITS, deeds.deed())
    await run("kubectl rollout resume deployment/web")
    await run("kubectl rollout undo deployment/web")
    with pytest.raises(TargetRefused, match=r"Deployment web has no revision 1; it has 2 and 3|already runs"):
        await backend.change(meant, LIMITS, deeds.deed())
    await hands.delete("deployments", "web")
    with pytest.raises(TargetRefused, match="There is no deployment web"):
        await backend.change(meant, LIMITS, deeds.deed())
    assert await backend.look(meant, LIMITS, deeds.deed()) is None
