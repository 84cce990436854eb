"""top, describe and logs."""

import pytest

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from sandbox.cluster.kubelet import notes
from tests.cluster.hands import Hands
from tests.operations.kubernetes.contract.conftest import Run


async def test_top_says_what_pods_use(hands: Hands, run: Run) -> None:
    await hands.deploy("small", notes={notes.USAGE: "250m/300Mi"})
    await hands.deploy("large", notes={notes.USAGE: "1500m/200Mi"})
    await hands.available("small")
    await hands.available("large")
    found = await run("kubectl top pods --sort-by=cpu")
    assert found.table is not None
    assert found.table.columns == ("NAME", "CPU(cores)", "MEMORY(bytes)")
    assert [row[1:] for row in found.table.rows] == [("1500m", "200Mi"), ("250m", "300Mi")]
    assert (found.facts["max-cpu"], found.facts["max-memory"]) == (1.5, 300 * 2**20)
    by_container = await run("kubectl top pods -l app=small --containers")
    assert by_container.table is not None
    assert [row[1:] for row in by_container.table.rows] == [("small", "250m", "300Mi")]


async def test_top_says_how_much_of_a_node_is_used(run: Run) -> None:
    found = await run("kubectl top nodes")
    assert found.table is not None
    assert found.table.columns == ("NAME", "CPU(cores)", "CPU%", "MEMORY(bytes)", "MEMORY%")
    assert 0 < float(found.facts["max-cpu-percent"]) <= 100


async def test_describe_says_why_a_pod_is_not_running(hands: Hands, run: Run) -> None:
    await hands.deploy(image="shop/backend:2-broken")
    pod = await hands.waiting("app=backend", "CrashLoopBackOff")
    found = (await run(f"kubectl describe pod {pod['metadata']['name']}")).text
    assert "Waiting: CrashLoopBackOff" in found
    assert "Terminated: Error, exit code 1" in found
    assert "Image:          shop/backend:2-broken" in found
    assert "Events:" in found
    workload = (await run("kubectl describe deployment backend")).text
    assert "1 desired, 1 updated, 0 ready, 0 available" in workload
    assert f"{pod['metadata']['name']}: CrashLoopBackOff" in workload


@pytest.mark.parametrize("thing", ["node/node-1", "cm/settings", "svc/api", "ns/default"])
async def test_describe_knows_other_kinds(hands: Hands, run: Run, thing: str) -> None:
    await hands.make("configmaps", {"metadata": {"name": "settings"}, "data": {"token": "abc-def"}})
    await hands.make("services", {"metadata": {"name": "api"}, "spec": {"ports": [{"port": 80}]}})
    found = (await run(f"kubectl describe {thing}")).text
    assert thing.partition("/")[2] in found.splitlines()[0]
    assert "abc-def" not in found


async def test_the_log_of_one_pod(hands: Hands, run: Run) -> None:
    await hands.deploy(notes={notes.LOG: "@-7200 old\n@-60 recent\nnow", notes.PREVIOUS_LOG: "before"})
    (pod,) = await hands.pods("app=backend")
    name = pod["metadata"]["name"]
    assert (await run(f"kubectl logs {name}")).text == "old\nrecent\nnow\n"
    assert (await run(f"kubectl logs {name} --tail=1")).text == "now\n"
    assert (await run(f"kubectl logs pod/{name} backend --since=1h")).text == "recent\nnow\n"
    assert (await run(f"kubectl logs {name} --tail=1 --timestamps")).text.endswith("Z now\n")
    assert (await run("kubectl logs deployment/backend --tail=1")).text == "now\n"
    with pytest.raises(TargetRefused, match="has no container app; it has backend"):
        await run(f"kubectl logs {name} -c app")


async def test_a_workload_means_one_pod_and_a_selector_all(hands: Hands, run: Run) -> None:
    await hands.deploy(replicas=3, notes={notes.LOG: "\n".join(f"line {at}" for at in range(20))})
    await hands.available()
    one = await run("kubectl logs deployment/backend --tail=2")
    assert one.text == "line 18\nline 19\n"
    assert one.cut.startswith("2 of the 3 pods: this is backend-")
    every = await run("kubectl logs -l app=backend")
    assert len(every.text.splitlines()) == 30
    assert all(line.startswith("[pod/backend-") for line in every.text.splitlines())
    assert (every.facts["pods"], every.cut) == (3.0, "")
    whole = await run("kubectl logs -l app=backend --tail=-1")
    assert len(whole.text.splitlines()) == 60


async def test_a_pod_that_has_no_log_does_not_hide_the_others(hands: Hands, run: Run) -> None:
    await hands.deploy("well", notes={notes.LOG: "fine"})
    await hands.deploy("ill", image="shop/ill:1-missing")
    await hands.pods("app=well")
    await hands.waiting("app=ill", "ImagePullBackOff")
    found = await run("kubectl logs -l 'app in (well,ill)'")
    assert found.text.endswith("fine\n")
    assert "which has no log" in found.cut
    with pytest.raises(TargetRefused, match="waiting to start"):
        await run("kubectl logs deployment/ill")


async def test_a_log_of_two_gigabytes_is_read_from_its_end(hands: Hands, run: Run) -> None:
    await hands.deploy(notes={notes.LOG: "x" * 999, notes.LOG_REPEAT: "2000000"})
    await hands.pods("app=backend")
    found = await run("kubectl logs deployment/backend", Limits(seconds=30, size=100_000))
    assert 10_000 < len(found.text) <= 100_000
    assert found.text.count("\n") * 1000 == len(found.text)
    assert found.cut.startswith("all but the last ")


async def test_what_is_no_text_in_a_log_is_read_all_the_same(hands: Hands, run: Run) -> None:
    await hands.deploy(notes={notes.LOG: "a\0b \ufffd \u202e c"})
    await hands.pods("app=backend")
    found = await run("kubectl logs deployment/backend")
    assert "\0" not in found.text
    assert found.text.startswith("a")
