"""What the API answers, word for word as far as anybody reads it: every test runs on a real control plane as well."""

from typing import Any

import httpx
import pytest

from tests.cluster.hands import Hands, Thing, deployment, until

MERGE, STRATEGIC = "application/merge-patch+json", "application/strategic-merge-patch+json"
JSON_PATCH, APPLY = "application/json-patch+json", "application/apply-patch+yaml"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"


async def asked(hands: Hands, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    return await hands.http.request(
        method, path, json=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def told(answer: httpx.Response) -> tuple[int, str, str]:
    status = answer.json()
    return answer.status_code, status["reason"], status["message"]


async def configmap(hands: Hands, name: str = "c", **data: str) -> Thing:
    return await hands.make("configmaps", {"metadata": {"name": name, "labels": {"app": name}}, "data": data})


async def patched(hands: Hands, path: str, body: Any, kind: str, query: str = "") -> httpx.Response:
    return await asked(hands, "PATCH", f"{path}{query}", body, Content_Type=kind)


async def test_what_is_not_there_is_named(hands: Hands) -> None:
    missing = await asked(hands, "GET", hands.path("deployments", "web"))
    assert told(missing) == (404, "NotFound", 'deployments.apps "web" not found')
    missing = await asked(hands, "GET", hands.path("pods", "web"))
    assert told(missing) == (404, "NotFound", 'pods "web" not found')


async def test_a_namespace_that_is_not_there_has_nothing_and_takes_nothing(hands: Hands) -> None:
    path = "/api/v1/namespaces/no-such-place/configmaps"
    assert (await asked(hands, "GET", path)).json()["items"] == []
    refused = await asked(hands, "POST", path, {"metadata": {"name": "c"}})
    assert told(refused) == (404, "NotFound", 'namespaces "no-such-place" not found')


async def test_a_kind_that_is_not_there(hands: Hands) -> None:
    answer = await asked(hands, "GET", f"/apis/nothing.example.com/v1/namespaces/{hands.namespace}/things")
    assert answer.status_code == 404


async def test_a_name_is_given_once(hands: Hands) -> None:
    await configmap(hands)
    refused = await asked(hands, "POST", hands.path("configmaps"), {"metadata": {"name": "c"}})
    assert told(refused) == (409, "AlreadyExists", 'configmaps "c" already exists')


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"selector": {"matchLabels": {"app": "other"}}}, "`selector` does not match template `labels`"),
        ({"replicas": -1}, "must be greater than or equal to 0"),
    ],
)
async def test_what_cannot_be_is_invalid(hands: Hands, change: Thing, fault: str) -> None:
    body = deployment("web", "web:1")
    body["spec"] |= change
    code, reason, message = told(await asked(hands, "POST", hands.path("deployments"), body))
    assert (code, reason) == (422, "Invalid")
    assert message.startswith('Deployment.apps "web" is invalid: ')
    assert fault in message


async def test_a_change_of_something_old_is_a_conflict(hands: Hands) -> None:
    before = await configmap(hands, a="1")
    path = hands.path("configmaps", "c")
    await patched(hands, path, {"data": {"a": "2"}}, MERGE)
    stale = {"metadata": {"resourceVersion": before["metadata"]["resourceVersion"]}, "data": {"a": "3"}}
    code, reason, message = told(await patched(hands, path, stale, MERGE))
    assert (code, reason) == (409, "Conflict")
    assert message.startswith('Operation cannot be fulfilled on configmaps "c": ')
    code, reason, _ = told(await asked(hands, "PUT", path, {**before, "data": {"a": "4"}}))
    assert (code, reason) == (409, "Conflict")
    assert (await hands.get("configmaps", "c"))["data"] == {"a": "2"}


async def test_a_dry_run_answers_as_if_and_keeps_nothing(hands: Hands) -> None:
    await configmap(hands, a="1")
    path = hands.path("configmaps", "c")
    answer = await patched(hands, path, {"data": {"a": "2"}}, MERGE, "?dryRun=All")
    assert answer.json()["data"] == {"a": "2"}
    fresh = await asked(hands, "POST", f"{hands.path('configmaps')}?dryRun=All", {"metadata": {"name": "d"}})
    assert (fresh.status_code, fresh.json()["metadata"]["name"]) == (201, "d")
    gone = await asked(hands, "DELETE", path, {"dryRun": ["All"]})
    assert gone.is_success
    assert [(one["metadata"]["name"], one["data"]) for one in await hands.listed("configmaps", "app")] == [
        ("c", {"a": "1"})
    ]


async def test_a_patch_that_changes_nothing_makes_no_version(hands: Hands) -> None:
    before = await configmap(hands, a="1")
    after = (await patched(hands, hands.path("configmaps", "c"), {"data": {"a": "1"}}, MERGE)).json()
    assert after["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]


async def test_a_merge_patch_takes_away_what_is_null(hands: Hands) -> None:
    await configmap(hands, a="1", b="2")
    after = await patched(hands, hands.path("configmaps", "c"), {"data": {"a": None, "c": "3"}}, MERGE)
    assert after.json()["data"] == {"b": "2", "c": "3"}


async def test_a_strategic_patch_changes_one_container_and_its_variables_by_name(hands: Hands) -> None:
    body = deployment("web", "web:1", 0, env=[{"name": "A", "value": "1"}, {"name": "B", "value": "2"}])
    body["spec"]["template"]["spec"]["containers"].append({"name": "side", "image": "side:1"})
    await hands.make("deployments", body)
    containers = [
        {"name": "web", "image": "web:2", "env": [{"name": "B", "value": "3"}, {"name": "A", "$patch": "delete"}]}
    ]
    patch = {"spec": {"template": {"spec": {"containers": containers}}}}
    after = (await patched(hands, hands.path("deployments", "web"), patch, STRATEGIC)).json()
    found = {one["name"]: one for one in after["spec"]["template"]["spec"]["containers"]}
    assert {name: one["image"] for name, one in found.items()} == {"web": "web:2", "side": "side:1"}
    assert found["web"]["env"] == [{"name": "B", "value": "3"}]


async def test_a_json_patch_tests_before_it_changes(hands: Hands) -> None:
    await configmap(hands, a="1")
    path = hands.path("configmaps", "c")
    right = [{"op": "test", "path": "/data/a", "value": "1"}, {"op": "replace", "path": "/data/a", "value": "2"}]
    assert (await patched(hands, path, right, JSON_PATCH)).json()["data"] == {"a": "2"}
    assert (await patched(hands, path, right, JSON_PATCH)).status_code == 422


async def test_apply_makes_and_changes(hands: Hands) -> None:
    path = hands.path("configmaps", "c")
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1"}}
    made = await patched(hands, path, body, APPLY, "?fieldManager=test&force=true")
    assert made.status_code == 201
    changed = await patched(hands, path, {**body, "data": {"a": "2"}}, APPLY, "?fieldManager=test&force=true")
    assert (changed.status_code, changed.json()["data"]) == (200, {"a": "2"})


async def test_only_what_should_be_counts_as_a_generation(hands: Hands) -> None:
    await hands.make("deployments", deployment("web", "web:1", 0))
    path = hands.path("deployments", "web")
    noted = await patched(hands, path, {"metadata": {"labels": {"why": "because"}}}, MERGE)
    assert noted.json()["metadata"]["generation"] == 1
    scaled = await patched(hands, path, {"spec": {"paused": True}}, MERGE)
    assert scaled.json()["metadata"]["generation"] == 2


async def test_scale_is_a_part_of_its_own(hands: Hands) -> None:
    await hands.make("deployments", deployment("web", "web:1", 0))
    path = f"{hands.path('deployments', 'web')}/scale"
    answer = (await patched(hands, path, {"spec": {"replicas": 2}}, MERGE)).json()
    assert (answer["kind"], answer["spec"]) == ("Scale", {"replicas": 2})
    assert answer["status"]["selector"] == "app=web"
    assert (await hands.get("deployments", "web"))["spec"]["replicas"] == 2


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ("app=a", {"a"}),
        ("app!=a", {"b", "c"}),
        ("app in (a,b)", {"a", "b"}),
        ("app notin (a,b)", {"c"}),
        ("app,app!=c", {"a", "b"}),
        ("!other,app", {"a", "b", "c"}),
        ("app==b", {"b"}),
    ],
)
async def test_labels_select(hands: Hands, selector: str, names: set[str]) -> None:
    for name in ("a", "b", "c"):
        await configmap(hands, name)
    found = {one["metadata"]["name"] for one in await hands.listed("configmaps", f"app,{selector}")}
    assert found == names


async def test_fields_select_and_others_are_refused(hands: Hands) -> None:
    for name in ("a", "b"):
        await configmap(hands, name)
    path = hands.path("configmaps")
    found = await asked(hands, "GET", f"{path}?fieldSelector=metadata.name!=a&labelSelector=app")
    assert [one["metadata"]["name"] for one in found.json()["items"]] == ["b"]
    refused = await asked(hands, "GET", f"{path}?fieldSelector=data.a=1")
    assert refused.status_code == 400
    assert '"data.a" is not a known field selector' in refused.json()["message"]
    refused = await asked(hands, "GET", f"{hands.path('pods')}?fieldSelector=data.a=1")
    assert "field label not supported: data.a" in refused.json()["message"]
    assert (await asked(hands, "GET", f"{path}?labelSelector=a%20b%20c")).status_code == 400


async def test_a_long_list_comes_in_pages(hands: Hands) -> None:
    for name in ("a", "b", "c"):
        await configmap(hands, name)
    path = f"{hands.path('configmaps')}?labelSelector=app&limit=2"
    first = (await asked(hands, "GET", path)).json()
    again = (await asked(hands, "GET", f"{path}&continue={first['metadata']['continue']}")).json()
    assert [one["metadata"]["name"] for one in first["items"] + again["items"]] == ["a", "b", "c"]
    assert "continue" not in again["metadata"]


async def table(hands: Hands, plural: str, group: str = "") -> tuple[list[str], list[list[Any]]]:
    answer = (await asked(hands, "GET", hands.path(plural, group=group), Accept=TABLE)).json()
    return [one["name"] for one in answer["columnDefinitions"]], [row["cells"] for row in answer["rows"]]


def without_age(columns: list[str], rows: list[list[Any]]) -> list[list[Any]]:
    hidden = {"Age", "Node", "IP"}
    return [[cell for name, cell in zip(columns, row, strict=True) if name not in hidden] for row in rows]


async def test_pods_as_a_table(hands: Hands) -> None:
    await hands.deploy("web", "web:2-broken")
    pod = await hands.waiting("app=web", "CrashLoopBackOff")
    columns, rows = await table(hands, "pods")
    expected = ["Name", "Ready", "Status", "Restarts", "Age", "IP", "Node", "Nominated Node", "Readiness Gates"]
    assert columns == expected
    (row,) = without_age(columns, rows)
    assert row[:3] == [pod["metadata"]["name"], "0/1", "CrashLoopBackOff"]
    assert row[4:] == ["<none>", "<none>"]


async def test_workloads_as_tables(hands: Hands) -> None:
    await hands.deploy("web", "web:1", 2)
    await hands.available("web")
    columns, rows = await table(hands, "deployments")
    expected = ["Name", "Ready", "Up-to-date", "Available", "Age", "Containers", "Images", "Selector"]
    assert columns == expected
    assert without_age(columns, rows) == [["web", "2/2", 2, 2, "web", "web:1", "app=web"]]
    columns, rows = await table(hands, "replicasets")
    assert columns == ["Name", "Desired", "Current", "Ready", "Age", "Containers", "Images", "Selector"]
    assert rows[0][1:4] == [2, 2, 2]


async def test_a_job_as_a_table(hands: Hands) -> None:
    container = {"name": "main", "image": "tools:1"}
    template = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    await hands.make("jobs", {"metadata": {"name": "once"}, "spec": {"template": template}})

    async def complete() -> bool | None:
        return True if (await hands.get("jobs", "once")).get("status", {}).get("conditions") else None

    await until(complete, "the job is complete")
    columns, rows = await table(hands, "jobs")
    assert columns == ["Name", "Completions", "Duration", "Age", "Containers", "Images", "Selector"]
    assert rows[0][:2] == ["once", "1/1"]


async def test_other_kinds_as_tables(hands: Hands) -> None:
    ports = [{"name": "web", "port": 80, "targetPort": 8080}, {"name": "more", "port": 81}]
    await hands.make("services", {"metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}, "ports": ports}})
    await configmap(hands, a="1", b="2")
    columns, rows = await table(hands, "services")
    assert columns == ["Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector"]
    assert (rows[0][1], rows[0][3:5], rows[0][6]) == ("ClusterIP", ["<none>", "80/TCP,81/TCP"], "app=web")
    columns, rows = await table(hands, "configmaps")
    assert columns == ["Name", "Data", "Age"]
    assert ["c", 2] in [row[:2] for row in rows]
    rule = {"host": "shop.example.com", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": BACKEND}]}}
    group = "/apis/networking.k8s.io/v1"
    await hands.make("ingresses", {"metadata": {"name": "i"}, "spec": {"rules": [rule]}}, group)
    columns, rows = await table(hands, "ingresses", group)
    assert columns == ["Name", "Class", "Hosts", "Address", "Ports", "Age"]
    assert rows[0][:5] == ["i", "<none>", "shop.example.com", "", "80"]


BACKEND = {"service": {"name": "web", "port": {"number": 80}}}


async def test_an_autoscaler_as_a_table(hands: Hands) -> None:
    await hands.deploy("web", "web:1", 2)
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 5, "targetCPUUtilizationPercentage": 70}
    group = "/apis/autoscaling/v1"
    await hands.make("horizontalpodautoscalers", {"metadata": {"name": "web"}, "spec": spec}, group)

    async def counted() -> list[Any] | None:
        _, rows = await table(hands, "horizontalpodautoscalers", group)
        return rows[0] if rows[0][5] == 2 else None

    row = await until(counted, "the autoscaler has counted")
    assert row[:6] == ["web", "Deployment/web", "<unknown>/70%", "2", 5, 2]


async def test_a_pod_that_waits_has_no_log_and_says_why(hands: Hands) -> None:
    await hands.deploy("web", "web:missing")
    pod = await hands.waiting("app=web", "ImagePullBackOff")
    answer = await asked(hands, "GET", f"{hands.path('pods', pod['metadata']['name'])}/log")
    assert answer.status_code == 400
    assert "is waiting to start: trying and failing to pull image" in answer.json()["message"]


async def test_of_several_containers_one_must_be_named(hands: Hands) -> None:
    body = deployment("web", "web:1")
    body["spec"]["template"]["spec"]["containers"].append({"name": "side", "image": "side:1"})
    await hands.make("deployments", body)
    (pod,) = await hands.pods("app=web")
    name = pod["metadata"]["name"]
    path = f"{hands.path('pods', name)}/log"
    for query, message in {
        "": f"a container name must be specified for pod {name}, choose one of: [web side]",
        "?container=other": f"container other is not valid for pod {name}",
        "?container=web&previous=true": f'previous terminated container "web" in pod "{name}" not found',
    }.items():
        assert told(await asked(hands, "GET", f"{path}{query}")) == (400, "BadRequest", message)


async def test_what_the_rightless_are_told(hands: Hands, bot_headers: dict[str, str]) -> None:
    answer = await asked(hands, "GET", hands.path("pods"), **bot_headers)
    what = f'User "bot" cannot list resource "pods" in API group "" in the namespace "{hands.namespace}"'
    assert told(answer) == (403, "Forbidden", f"pods is forbidden: {what}")
    answer = await asked(hands, "PATCH", hands.path("deployments", "web"), {}, Content_Type=MERGE, **bot_headers)
    what = f'User "bot" cannot patch resource "deployments" in API group "apps" in the namespace "{hands.namespace}"'
    assert told(answer) == (403, "Forbidden", f'deployments.apps "web" is forbidden: {what}')
    answer = await asked(hands, "GET", "/api/v1/nodes", **bot_headers)
    what = 'User "bot" cannot list resource "nodes" in API group "" at the cluster scope'
    assert told(answer) == (403, "Forbidden", f"nodes is forbidden: {what}")


async def test_a_wrong_token_is_nobody(hands: Hands) -> None:
    answer = await asked(hands, "GET", hands.path("pods"), Authorization="Bearer wrong")
    assert told(answer) == (401, "Unauthorized", "Unauthorized")


async def test_what_belongs_to_something_goes_with_it(hands: Hands) -> None:
    await hands.deploy("web", "web:1", 2)
    await hands.pods("app=web", 2)
    await hands.delete("deployments", "web")

    async def gone() -> bool | None:
        left = [*await hands.listed("replicasets"), *await hands.listed("pods")]
        return None if left else True

    assert await until(gone, "ReplicaSets and pods are gone")


async def test_a_deleted_pod_ends_first_and_is_made_again(hands: Hands) -> None:
    await hands.deploy("web", "web:1")
    (pod,) = await hands.pods("app=web")
    answer = await hands.call("DELETE", hands.path("pods", pod["metadata"]["name"]))
    assert answer["metadata"]["deletionTimestamp"]

    async def another() -> bool | None:
        names = [one["metadata"]["name"] for one in await hands.pods("app=web")]
        return True if pod["metadata"]["name"] not in names else None

    assert await until(another, "there is another pod")


async def test_an_update_keeps_pods_available_and_counts_revisions(hands: Hands) -> None:
    await hands.deploy("web", "web:1", 3)
    await hands.available("web")
    bad = {"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "web:missing"}]}}}}
    await patched(hands, hands.path("deployments", "web"), bad, STRATEGIC)
    await hands.waiting("app=web", "ImagePullBackOff")
    found = await hands.get("deployments", "web")
    assert found["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "2"
    assert found["status"]["availableReplicas"] == 3
    sets = {one["spec"]["template"]["spec"]["containers"][0]["image"]: one for one in await hands.listed("replicasets")}
    assert {image: one["spec"]["replicas"] for image, one in sets.items()} == {"web:1": 3, "web:missing": 1}
    good = {"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "web:1"}]}}}}
    await patched(hands, hands.path("deployments", "web"), good, STRATEGIC)
    found = await hands.available("web")
    assert found["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "3"
    assert len(await hands.listed("replicasets")) == 2


async def test_a_rollout_that_gets_nowhere_says_so(hands: Hands) -> None:
    body = deployment("web", "web:missing")
    body["spec"]["progressDeadlineSeconds"] = 1
    await hands.make("deployments", body)

    async def late() -> Thing | None:
        conditions = (await hands.get("deployments", "web")).get("status", {}).get("conditions") or []
        return next((one for one in conditions if one["reason"] == "ProgressDeadlineExceeded"), None)

    condition = await until(late, "the rollout is late")
    assert (condition["type"], condition["status"]) == ("Progressing", "False")
    assert "has timed out progressing." in condition["message"]


async def test_a_pod_that_fits_no_node_waits(hands: Hands) -> None:
    place = {"kubernetes.io/hostname": "node-9"}
    spec = {"containers": [{"name": "web", "image": "web:1"}], "nodeSelector": place}
    await hands.make("pods", {"metadata": {"name": "web"}, "spec": spec})

    async def unplaced() -> Thing | None:
        conditions = (await hands.get("pods", "web")).get("status", {}).get("conditions") or []
        return next((one for one in conditions if one.get("reason") == "Unschedulable"), None)

    condition = await until(unplaced, "the pod waits for a node")
    assert condition["message"].startswith("0/2 nodes are available")
