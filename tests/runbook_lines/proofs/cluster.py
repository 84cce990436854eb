"""What a line changed in a cluster: the fields of its objects, and the pods that are there."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from bot.operations.kubernetes import changes
from bot.operations.line import Line
from bot.runbooks.targets import KubernetesTarget, Target
from tests.cluster.hands import Hands, Thing, until
from tests.runbook_lines.cases import Case
from tests.runbook_lines.cluster import bring_back, deploy, pod_of
from tests.runbook_lines.scenery import DEPLOYMENTS, PODS, SETTINGS
from tests.runbook_lines.world import World

Proof = Callable[[Hands, Any], AbstractAsyncContextManager[None]]
_RESTARTED = "kubectl.kubernetes.io/restartedAt"


@asynccontextmanager
async def proven(world: World, case: Case) -> AsyncIterator[tuple[Line, Target]]:
    """Prove a line on the cluster, and bring its Deployments back."""
    given = {"configmap": SETTINGS[2]["metadata"]["name"]} if "<configmap>" in case.text else {}
    line, target = world.line(case, given)
    operation = line.operation
    assert isinstance(target, KubernetesTarget)
    assert isinstance(operation, changes.Change)
    async with opened(world, operation.namespace or target.namespace) as hands:
        try:
            async with PROOFS[type(operation)](hands, operation):
                yield line, target
        finally:
            await _bring_back(world, hands, operation)


@asynccontextmanager
async def opened(world: World, namespace: str) -> AsyncIterator[Hands]:
    """Yield the admin's hands in a namespace."""
    hands = Hands(Path(world.settings["KUBECONFIG"]), namespace)
    try:
        yield hands
    finally:
        await hands.close()


@asynccontextmanager
async def _scaled(hands: Hands, operation: changes.Scale) -> AsyncIterator[None]:
    (thing,) = operation.things
    assert (await hands.get(thing.type, thing.name))["spec"]["replicas"] != operation.replicas
    yield
    assert (await hands.get(thing.type, thing.name))["spec"]["replicas"] == operation.replicas
    assert isinstance(operation.replicas, int)
    await hands.pods(f"app={thing.name}", operation.replicas)


@asynccontextmanager
async def _undone(hands: Hands, operation: changes.Undo) -> AsyncIterator[None]:
    name = operation.thing.name
    await _from_nothing(hands, name)  # another change has left a revision between the two
    assert _container(await hands.get("deployments", name))["image"] == f"example/{name}:2"
    assert operation.revision in (None, 1)
    yield
    assert _container(await hands.available(name))["image"] == f"example/{name}:1"
    assert [_container(pod)["image"] for pod in await hands.pods(f"app={name}")] == [f"example/{name}:1"]


@asynccontextmanager
async def _restarted(hands: Hands, operation: changes.Restart) -> AsyncIterator[None]:
    (thing,) = operation.things
    before = await hands.get(thing.type, thing.name)
    (old,) = await hands.pods(f"app={thing.name}")
    yield
    after = await hands.available(thing.name)
    assert _notes(after).get(_RESTARTED) not in (None, _notes(before).get(_RESTARTED))
    assert after["spec"]["template"]["spec"] == before["spec"]["template"]["spec"]
    (new,) = await hands.pods(f"app={thing.name}")
    assert new["metadata"]["uid"] != old["metadata"]["uid"]


@asynccontextmanager
async def _image_set(hands: Hands, operation: changes.SetImage) -> AsyncIterator[None]:
    yield
    found = await hands.available(operation.thing.name)
    images = {each["name"]: each["image"] for each in found["spec"]["template"]["spec"]["containers"]}
    assert operation.images
    assert set(operation.images) <= set(images.items())


@asynccontextmanager
async def _variables_set(hands: Hands, operation: changes.SetEnv) -> AsyncIterator[None]:
    before = _container(await hands.get("deployments", operation.thing.name)).get("env") or []
    yield
    found = _container(await hands.available(operation.thing.name))["env"]
    wanted = [{"name": name, "value": value} for name, value in operation.variables]
    assert wanted
    assert found == [*before, *wanted]


@asynccontextmanager
async def _resources_set(hands: Hands, operation: changes.SetResources) -> AsyncIterator[None]:
    assert not _container(await hands.get("deployments", operation.thing.name)).get("resources")
    yield
    found = _container(await hands.available(operation.thing.name))["resources"]
    assert {name: _canonical(text) for name, text in operation.limits} == found.get("limits", {})
    assert dict(operation.requests) == found.get("requests", {})


@asynccontextmanager
async def _deleted(hands: Hands, operation: changes.Delete) -> AsyncIterator[None]:
    """By name or by selector: what was meant is gone, everything else is there, and a Deployment makes its pod anew."""
    (kind,) = {thing.type for thing in operation.things}
    if operation.fields:
        await _finished_pod(hands, operation)
    before = {each["metadata"]["name"]: each for each in await hands.listed(kind)}
    meant = {name for name, each in before.items() if _is_meant(operation, each)}
    assert meant
    yield

    async def gone() -> bool | None:
        left = {each["metadata"]["uid"] for each in await hands.listed(kind)}
        return True if not left & {before[name]["metadata"]["uid"] for name in meant} else None

    assert await until(gone, f"{', '.join(meant)} are gone")
    assert set(before) - meant <= {each["metadata"]["name"] for each in await hands.listed(kind)}
    for name in DEPLOYMENTS[hands.namespace] if kind == "pods" else ():
        await hands.pods(f"app={name}")


@asynccontextmanager
async def _applied(hands: Hands, operation: changes.Apply) -> AsyncIterator[None]:
    assert operation.paths
    await hands.http.delete(hands.path("configmaps", "release"))
    yield
    assert (await hands.get("configmaps", "release"))["data"] == {"version": "v2"}
    await hands.delete("configmaps", "release")


PROOFS: Mapping[type, Proof] = {
    changes.Scale: _scaled,
    changes.Undo: _undone,
    changes.Restart: _restarted,
    changes.SetImage: _image_set,
    changes.SetEnv: _variables_set,
    changes.SetResources: _resources_set,
    changes.Delete: _deleted,
    changes.Apply: _applied,
}
"""How each kind of change is proven; a new kind in a runbook needs an entry here."""


async def _finished_pod(hands: Hands, operation: changes.Delete) -> None:
    """Make a pod that has done its work, which its selectors find beside those that run."""
    labels = dict(pair.split("=") for pair in operation.labels.split(","))
    container = {"name": "main", "image": "tools:1", "command": ["npm", "run", "once"]}
    spec = {"restartPolicy": "Never", "containers": [container]}
    pod = await hands.make(
        "pods", {"metadata": {"name": "finished", "labels": {**labels, "once": "yes"}}, "spec": spec}
    )
    await hands.pods("once=yes", phase="Succeeded")
    assert pod["metadata"]["name"] == "finished"


def _is_meant(operation: changes.Delete, found: Thing) -> bool:
    names = {thing.name for thing in operation.things if thing.name}
    if names:
        return found["metadata"]["name"] in names
    assert operation.fields == "status.phase=Succeeded", "the only field that lines select by"
    labels = found["metadata"].get("labels", {})
    wanted = dict(pair.split("=") for pair in operation.labels.split(","))
    return wanted.items() <= labels.items() and bool(found["status"]["phase"] == "Succeeded")


async def _bring_back(world: World, hands: Hands, operation: changes.Change) -> None:
    """Make the namespace as it was; a pod that lines ask for may have another name now."""
    if isinstance(operation, changes.Undo):
        await _from_nothing(hands, operation.thing.name)
    elif isinstance(operation, changes.Delete) and all(thing.type == "configmaps" for thing in operation.things):
        await hands.http.post(hands.path("configmaps"), json=SETTINGS[2])
    elif not isinstance(operation, changes.Apply):
        for name in DEPLOYMENTS[hands.namespace]:
            await bring_back(hands, name)
    for platform, (home, label) in PODS.items():
        if home == hands.namespace:
            world.pods[platform] = await pod_of(hands, label)


async def _from_nothing(hands: Hands, name: str) -> None:
    """Make a Deployment once more, so that its revisions have their numbers."""
    await hands.delete("deployments", name)

    async def gone() -> bool | None:
        return None if await hands.listed("replicasets", f"app={name}") else True

    assert await until(gone, f"the revisions of {name} are gone")
    await deploy(hands, name)


def _container(owner: Thing) -> Thing:
    template = owner["spec"].get("template", owner)
    found: Thing = template["spec"]["containers"][0]
    return found


def _notes(found: Thing) -> Mapping[str, str]:
    return found["spec"]["template"]["metadata"].get("annotations") or {}


def _canonical(quantity: str) -> str:
    """Return a quantity as the server writes it: `1000m` is 1."""
    return quantity.removesuffix("000m") if quantity.endswith("000m") else quantity
