"""What a cluster refuses: rights, names, namespaces."""

import pytest

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.kubernetes.backend import KubernetesBackend
from tests.cluster.hands import Hands
from tests.operations.kubernetes.contract.conftest import Run
from tests.operations.kubernetes.lines import operation


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("get pods", "list pods in namespace NAMESPACE"),
        ("get pod web", "get pods in namespace NAMESPACE"),
        ("get nodes", "list nodes in the cluster"),
        ("logs -l app=web", "list pods in namespace NAMESPACE"),
        ("rollout undo deployment/web", "get deployments in namespace NAMESPACE"),
        ("delete pod web", "get pods in namespace NAMESPACE"),
        ("get --raw /metrics", "get /metrics"),
        ("top pods", "list pods in namespace NAMESPACE"),
    ],
)
async def test_a_right_that_is_missing_is_named(hands: Hands, bot: KubernetesBackend, line: str, right: str) -> None:
    with pytest.raises(TargetRefused) as refused:
        await bot.run(operation(f"kubectl {line}"), Limits())
    expected = right.replace("NAMESPACE", hands.namespace)
    assert str(refused.value) == f"The cluster refuses: no right to {expected}."


async def test_a_right_that_is_granted_suffices(hands: Hands, bot: KubernetesBackend) -> None:
    await hands.deploy()
    await hands.available()
    await hands.grant(["get", "list"], ["pods", "pods/log", "deployments"])
    assert (await bot.run(operation("kubectl get pods"), Limits())).facts["count"] == 1.0
    assert (await bot.run(operation("kubectl logs deployment/backend"), Limits())).code == 0
    with pytest.raises(TargetRefused, match="no right to patch deployments/scale in namespace"):
        await bot.run(operation("kubectl scale deployment backend --replicas=3"), Limits())
    with pytest.raises(TargetRefused, match="no right to get pods/exec in namespace"):
        await bot.run(operation("kubectl exec deployment/backend -- ls"), Limits())


async def test_a_namespace_that_does_not_exist_is_told_with_the_nearest(hands: Hands, run: Run) -> None:
    for line in ("get pods", "logs -l app=web", "top pods", "get pod web", "delete pods -l app=web"):
        with pytest.raises(TargetRefused, match=r"There is no namespace defalt in the cluster; did you mean default"):
            await run(f"kubectl {line} -n defalt")


async def test_a_name_that_does_not_exist_is_told_with_the_nearest(hands: Hands, run: Run) -> None:
    await hands.deploy()
    for line in ("get deployment backnd", "rollout undo deployment/backnd", "logs deployment/backnd"):
        with pytest.raises(TargetRefused) as refused:
            await run(f"kubectl {line}")
        there = f"There is no deployment backnd in namespace {hands.namespace}; did you mean backend?"
        assert str(refused.value) == there


async def test_what_the_server_finds_wrong_is_passed_on(hands: Hands, run: Run) -> None:
    await hands.deploy()
    with pytest.raises(TargetRefused, match=r"less than or equal to cpu limit|must be less than"):
        await run("kubectl set resources deployment backend --limits=cpu=1 --requests=cpu=2")
    with pytest.raises(TargetRefused, match=r"field label not supported|not a known field selector"):
        await run("kubectl get pods --field-selector spec.colour=red")
