"""The stand-in node: pods, logs, figures, processes, as a kubelet would have them."""

import json
from collections.abc import Callable

from sandbox.cluster.kubelet import notes
from tests.cluster.hands import Hands, Thing, until

Write = Callable[[str, str], None]


def job(name: str, *command: str, image: str = "tools:1", pod: Thing | None = None, **spec: object) -> Thing:
    container = {"name": "main", "image": image, "command": list(command)}
    template = {"spec": {"restartPolicy": "Never", "containers": [container], **(pod or {})}}
    return {"metadata": {"name": name}, "spec": {"backoffLimit": 0, "template": template, **spec}}


async def finished(hands: Hands, name: str) -> Thing:
    async def there() -> Thing | None:
        found = await hands.get("jobs", name)
        return found if found.get("status", {}).get("conditions") else None

    return await until(there, f"job {name} is over")


async def log(hands: Hands, pod: Thing, query: str = "") -> str:
    answer = await hands.http.get(f"{hands.path('pods', pod['metadata']['name'])}/log?{query}")
    return answer.text


async def test_a_pod_becomes_ready_and_has_an_address(hands: Hands) -> None:
    await hands.deploy(replicas=2)
    await hands.available()
    pods = await hands.pods("app=backend", 2)
    assert {pod["status"]["hostIP"] for pod in pods} == {"127.0.0.1"}
    assert len({pod["status"]["podIP"] for pod in pods}) == 2
    ready = {condition["type"]: condition["status"] for condition in pods[0]["status"]["conditions"]}
    assert ready == {"Initialized": "True", "Ready": "True", "ContainersReady": "True", "PodScheduled": "True"}


async def test_an_image_that_is_missing_is_never_pulled(hands: Hands) -> None:
    await hands.deploy(image="sociallive/backend:missing")
    pod = await hands.waiting("app=backend", "ImagePullBackOff")
    assert pod["status"]["phase"] == "Pending"


async def test_an_image_that_is_broken_crashes_again_and_again(hands: Hands) -> None:
    await hands.deploy(image="sociallive/backend:2-broken", notes={notes.LOG: "cannot find module"})
    pod = await hands.waiting("app=backend", "CrashLoopBackOff")
    status = pod["status"]["containerStatuses"][0]
    assert status["restartCount"] > 0
    assert status["lastState"]["terminated"]["exitCode"] == 1
    assert await log(hands, pod, "previous=true") == "cannot find module\n"


async def test_an_image_that_takes_too_much_memory_is_killed_for_it(hands: Hands) -> None:
    await hands.deploy(image="sociallive/backend:2-oom")
    pod = await hands.waiting("app=backend", "CrashLoopBackOff")
    ended = pod["status"]["containerStatuses"][0]["lastState"]["terminated"]
    assert (ended["reason"], ended["exitCode"]) == ("OOMKilled", 137)


async def test_an_image_that_never_answers_runs_and_is_not_ready(hands: Hands) -> None:
    await hands.deploy(image="sociallive/backend:2-unready")
    (pod,) = await hands.pods("app=backend")
    assert not pod["status"]["containerStatuses"][0]["ready"]


async def test_a_log_is_told_by_its_tail_its_age_and_its_size(hands: Hands) -> None:
    await hands.deploy(notes={notes.LOG: "@-7200 long ago\n@-60 a minute ago\nnow"})
    (pod,) = await hands.pods("app=backend")
    assert await log(hands, pod) == "long ago\na minute ago\nnow\n"
    assert await log(hands, pod, "tailLines=1") == "now\n"
    assert await log(hands, pod, "sinceSeconds=3600") == "a minute ago\nnow\n"
    assert await log(hands, pod, "limitBytes=6") == "long a"
    assert (await log(hands, pod, "timestamps=true&tailLines=1")).endswith("Z now\n")


async def test_a_log_of_any_size_comes_as_it_is_read(hands: Hands) -> None:
    await hands.deploy(notes={notes.LOG: "x" * 999, notes.LOG_REPEAT: "2000000"})
    (pod,) = await hands.pods("app=backend")
    assert len(await log(hands, pod, "limitBytes=300000")) == 300_000
    assert len(await log(hands, pod, "tailLines=3")) == 3000


async def test_the_summary_of_a_node_has_its_network(hands: Hands) -> None:
    answer = await hands.call("GET", "/api/v1/nodes/node-1/proxy/stats/summary")
    assert answer["node"]["network"]["rxBytes"] > 0


async def test_what_pods_use_is_what_their_notes_say(hands: Hands) -> None:
    await hands.deploy(notes={notes.USAGE: "250m/300Mi"})
    await hands.pods("app=backend")
    path = f"/apis/metrics.k8s.io/v1beta1/namespaces/{hands.namespace}/pods"
    (item,) = (await hands.call("GET", path))["items"]
    assert item["containers"] == [{"name": "backend", "usage": {"cpu": "250000000n", "memory": "307200Ki"}}]
    alone = await hands.call("GET", f"{path}/{item['metadata']['name']}")
    assert (alone["kind"], alone["containers"]) == ("PodMetrics", item["containers"])
    assert (await hands.http.get(f"{path}/nobody")).json()["reason"] == "NotFound"


async def test_a_job_really_runs_its_program_in_an_empty_folder(hands: Hands, program: Write) -> None:
    program("npm", 'echo "$1 in $(ls -A | wc -l) files as $TIER"; echo oops >&2')
    env = [{"name": "TIER", "value": "gold"}]
    body = job("smoke", "npm", "test")
    body["spec"]["template"]["spec"]["containers"][0]["env"] = env
    await hands.make("jobs", body)
    done = await finished(hands, "smoke")
    assert done["status"]["conditions"][0]["type"] == "Complete"
    (pod,) = await hands.pods("job-name=smoke", phase="Succeeded")
    assert (await log(hands, pod)).splitlines() == ["test in 0 files as gold", "oops"]


async def test_a_job_that_fails_says_with_which_code(hands: Hands, program: Write) -> None:
    program("npm", "exit 3")
    await hands.make("jobs", job("smoke", "npm"))
    await finished(hands, "smoke")
    (pod,) = await hands.pods("job-name=smoke", phase="Failed")
    assert pod["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"] == 3


async def test_a_program_that_nobody_scripted_is_not_found_whatever_this_machine_has(hands: Hands) -> None:
    await hands.make("jobs", job("smoke", "/usr/bin/python3", "-V"))
    await finished(hands, "smoke")
    (pod,) = await hands.pods("job-name=smoke", phase="Failed")
    ended = pod["status"]["containerStatuses"][0]["state"]["terminated"]
    assert (ended["reason"], ended["exitCode"]) == ("StartError", 128)
    assert "executable file not found" in ended["message"]


async def test_a_pod_that_outlives_its_deadline_is_ended(hands: Hands, program: Write) -> None:
    program("npm", "echo begun; sleep 600")
    await hands.make("jobs", job("slow", "npm", pod={"activeDeadlineSeconds": 1}))
    await finished(hands, "slow")
    (pod,) = await hands.pods("job-name=slow", phase="Failed")
    assert pod["status"]["reason"] == "DeadlineExceeded"
    assert await log(hands, pod) == "begun\n"


async def test_a_job_that_outlives_its_deadline_loses_its_pod(hands: Hands, program: Write) -> None:
    program("npm", "sleep 600")
    await hands.make("jobs", job("slow", "npm", activeDeadlineSeconds=1))
    done = await finished(hands, "slow")
    assert done["status"]["conditions"][0]["reason"] == "DeadlineExceeded"


async def test_a_program_that_takes_too_much_memory_is_killed_for_it(hands: Hands, program: Write) -> None:
    program("hog", "exec python3 -c 'import time; kept = bytearray(200_000_000); time.sleep(600)'")
    body = job("hog", "hog")
    body["spec"]["template"]["spec"]["containers"][0]["resources"] = {"limits": {"memory": "100Mi"}}
    await hands.make("jobs", body)
    await finished(hands, "hog")
    (pod,) = await hands.pods("job-name=hog", phase="Failed")
    assert pod["status"]["containerStatuses"][0]["state"]["terminated"]["reason"] == "OOMKilled"


async def test_a_pod_that_is_deleted_ends_its_program_in_the_time_it_has(hands: Hands, program: Write) -> None:
    program("npm", "trap 'exit 0' TERM; echo up; while :; do sleep 0.05; done")
    await hands.make("jobs", job("slow", "npm"))
    (pod,) = await hands.pods("job-name=slow")
    await hands.call("DELETE", f"{hands.path('jobs', 'slow')}?propagationPolicy=Background")

    async def gone() -> bool | None:
        return None if await hands.listed("pods", "job-name=slow") else True

    assert await until(gone, f"{pod['metadata']['name']} is gone")


async def test_a_secret_becomes_a_variable(hands: Hands, program: Write) -> None:
    program("env", 'echo "$PASSWORD $WHERE"')
    await hands.make("secrets", {"metadata": {"name": "database"}, "stringData": {"password": "hunter2"}})
    await hands.make("configmaps", {"metadata": {"name": "places"}, "data": {"WHERE": "here"}})
    body = job("env", "env")
    reference = {"secretKeyRef": {"name": "database", "key": "password"}}
    body["spec"]["template"]["spec"]["containers"][0] |= {
        "env": [{"name": "PASSWORD", "valueFrom": reference}],
        "envFrom": [{"configMapRef": {"name": "places"}}],
    }
    await hands.make("jobs", body)
    await finished(hands, "env")
    (pod,) = await hands.pods("job-name=env", phase="Succeeded")
    assert await log(hands, pod) == "hunter2 here\n"


async def test_the_user_bot_may_do_nothing_until_it_is_granted(hands: Hands, bot_headers: dict[str, str]) -> None:
    path = hands.path("pods")
    refused = await hands.http.get(path, headers=bot_headers)
    assert refused.status_code == 403
    assert json.loads(refused.text)["reason"] == "Forbidden"
    await hands.grant(["list"], ["pods"])

    async def allowed() -> bool | None:
        return (await hands.http.get(path, headers=bot_headers)).is_success or None

    assert await until(allowed, "the right is in force")
