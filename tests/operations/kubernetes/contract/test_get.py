"""get: tables as kubectl prints them, names, objects, paths."""

import json

import pytest
import yaml

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from tests.cluster.hands import Hands
from tests.operations.kubernetes.contract.conftest import Run

WIDGETS = {
    "metadata": {"name": "widgets.shop.example.com"},
    "spec": {
        "group": "shop.example.com",
        "scope": "Namespaced",
        "names": {"plural": "widgets", "singular": "widget", "kind": "Widget", "shortNames": ["wd"]},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
            }
        ],
    },
}


async def test_pods_are_a_table_with_counts(hands: Hands, run: Run) -> None:
    await hands.deploy(replicas=2)
    await hands.available()
    found = await run("kubectl get pods")
    assert found.table is not None
    assert found.table.columns == ("NAME", "READY", "STATUS", "RESTARTS", "AGE")
    assert [row[1:4] for row in found.table.rows] == [("1/1", "Running", "0")] * 2
    assert found.text.splitlines()[0].split() == ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    assert found.facts == {"count": 2.0, "ready": 2.0, "not-ready": 0.0, "restarts": 0.0}
    assert found.cut == ""


async def test_what_is_not_ready_is_counted(hands: Hands, run: Run) -> None:
    await hands.deploy(image="shop/backend:2-missing")
    await hands.waiting("app=backend", "ImagePullBackOff")
    found = await run("kubectl get pods -l app=backend")
    assert (found.facts["ready"], found.facts["not-ready"]) == (0.0, 1.0)
    assert "ImagePullBackOff" in found.text
    assert (await run("kubectl get deployments")).facts["not-ready"] == 1.0


async def test_columns_are_added_when_asked_for(hands: Hands, run: Run) -> None:
    await hands.deploy()
    await hands.available()
    wide = (await run("kubectl get pods -o wide")).table
    assert wide is not None
    assert "NODE" in wide.columns
    labelled = (await run("kubectl get deployment backend --show-labels")).table
    assert labelled is not None
    assert (labelled.columns[-1], labelled.rows[0][-1]) == ("LABELS", "app=backend")
    everywhere = (await run(f"kubectl get pods -A --field-selector metadata.namespace={hands.namespace}")).table
    assert everywhere is not None
    assert (everywhere.columns[0], everywhere.rows[0][0]) == ("NAMESPACE", hands.namespace)
    assert "NAME" not in (await run("kubectl get pods --no-headers")).text


async def test_several_kinds_are_several_tables(hands: Hands, run: Run) -> None:
    await hands.deploy()
    await hands.make("services", {"metadata": {"name": "api"}, "spec": {"ports": [{"port": 80}]}})
    found = await run("kubectl get deployments,services")
    assert "deployment.apps/backend" in found.text
    assert "service/api" in found.text
    assert found.facts["count"] == 2.0


async def test_names_and_objects(hands: Hands, run: Run) -> None:
    await hands.deploy()
    assert (await run("kubectl get deploy,cm -l app=backend -o name")).text == "deployment.apps/backend"
    one = json.loads((await run("kubectl get deployment backend -o json")).text)
    assert (one["kind"], one["metadata"]["name"]) == ("Deployment", "backend")
    assert "managedFields" not in one["metadata"]
    many = yaml.safe_load((await run("kubectl get deployments -o yaml")).text)
    assert (many["kind"], [item["kind"] for item in many["items"]]) == ("List", ["Deployment"])
    image = "jsonpath='{.items[*].spec.template.spec.containers[0].image}'"
    assert (await run(f"kubectl get deployments -o {image}")).text == "sociallive/backend:1"
    ranged = "jsonpath='{range .items[*]}{.metadata.name}={.spec.replicas}{\"\\n\"}{end}'"
    assert (await run(f"kubectl get deployments -o {ranged}")).text == "backend=1\n"


async def test_rows_are_sorted_by_a_path(hands: Hands, run: Run) -> None:
    for name, replicas in (("a", 3), ("b", 1), ("c", 2)):
        await hands.deploy(name, replicas=replicas)
    found = (await run("kubectl get deployments --sort-by=.spec.replicas")).table
    assert found is not None
    assert [row[0] for row in found.rows] == ["b", "c", "a"]


async def test_rows_beyond_the_limit_are_left_out_and_that_is_said(hands: Hands, run: Run) -> None:
    for at in range(5):
        await hands.make("configmaps", {"metadata": {"name": f"c{at}", "labels": {"of": "test"}}})
    found = await run("kubectl get cm -l of=test", Limits(seconds=30, rows=3))
    assert found.table is not None
    assert (len(found.table.rows), found.cut) == (3, "all but the first 3 rows")
    whole = await run("kubectl get cm -l of=test -o json", Limits(seconds=30, rows=3))
    assert (whole.facts["count"], whole.cut) == (3.0, "all but the first 3 objects")


async def test_what_secrets_hold_is_never_shown(hands: Hands, run: Run) -> None:
    await hands.make("secrets", {"metadata": {"name": "db"}, "stringData": {"password": "correct horse"}})
    for line in ("get secrets", "get secret db", "get secrets -o name", "get secrets -o wide", "describe secret db"):
        found = await run(f"kubectl {line}")
        assert "db" in found.text
        assert "correct horse" not in found.text
        assert "Y29ycmVjdCBob3JzZQ" not in found.text
    assert "password: 1" in (await run("kubectl describe secret db")).text


async def test_custom_resources_are_found_by_any_of_their_names(hands: Hands, run: Run) -> None:
    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    await hands.call("POST", path, WIDGETS)
    try:
        await run("kubectl wait --for=condition=established crd/widgets.shop.example.com")
        found = None
        for name in ("widgets", "wd", "widget.shop.example.com"):
            found = await run(f"kubectl get {name}")
            assert found.facts["count"] == 0.0
        with pytest.raises(TargetRefused, match="did you mean widgets"):
            await run("kubectl get widgts")
    finally:
        await hands.call("DELETE", f"{path}/widgets.shop.example.com")


@pytest.mark.parametrize("kind", ["hpa", "ingress", "cronjobs", "pdb", "events", "jobs", "pvc", "sts"])
async def test_kinds_are_found_in_whatever_version_the_cluster_has(hands: Hands, run: Run, kind: str) -> None:
    found = await run(f"kubectl get {kind}")
    assert (found.text, found.facts["count"]) == ("", 0.0)


async def test_a_raw_path(run: Run) -> None:
    summary = json.loads((await run("kubectl get --raw /api/v1/nodes/node-1/proxy/stats/summary")).text)
    assert "network" in summary["node"]
