"""What changes a workload in place: scale, set image, set resources, set env, label, annotate."""

from collections.abc import Sequence
from typing import Any

from bot.errors import TargetRefused
from bot.nearest import hint
from bot.operations.kubernetes.changes import Mark, Scale, SetEnv, SetImage, SetResources
from bot.operations.kubernetes.connection import MERGE, STRATEGIC, Json
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.rollouts import done
from bot.operations.kubernetes.session import Session, carries
from bot.operations.output import Output

_SHOWN = 63
"""Characters of a label's value at most; a longer annotation is not shown."""


async def scale(session: Session, operation: Scale) -> Output:
    """Carry out `kubectl scale`, through the part of an object that is its scale."""
    lines, facts = [], dict[str, float | str]()
    for thing in operation.things:
        resource = await session.resource(thing.type)
        held = await session.get(resource, f"{thing.name}")
        now = held["spec"].get("replicas", 1)
        if operation.current not in (None, -1, now) and not carries(held, session.request):
            raise TargetRefused(f"{resource.kind} {thing.name} has {now} replicas and not {operation.current}.")
        await _scale(session, operation, resource, held)
        lines.append(f"{resource.full}/{thing.name} scaled from {now} to {operation.replicas}")
        facts = {"from": float(now), "to": float(str(operation.replicas))}
    return Output("\n".join(lines), facts=facts)


async def _scale(session: Session, operation: Scale, resource: Resource, held: Json) -> None:
    body: dict[str, Any] = {"spec": {"replicas": operation.replicas}}
    if session.request:  # which cannot be written on the scale alone
        await session.patch(resource, held, body)
        return
    if operation.current is not None:
        body["metadata"] = {"resourceVersion": held["metadata"]["resourceVersion"]}
    path = resource.path(session.namespace, held["metadata"]["name"], "scale")
    await session.write("PATCH", path, body, MERGE)


async def set_image(session: Session, operation: SetImage) -> Output:
    """Carry out `kubectl set image`."""
    resource, workload = await session.find(operation.thing)
    wanted = dict(operation.images)
    changed: dict[str, list[Json]] = {}
    told = []
    for part, containers in _parts(_spec(workload)).items():
        for one in containers:
            image = wanted.get(one["name"], wanted.get("*"))
            if image is not None and image != one.get("image"):
                changed.setdefault(part, []).append({"name": one["name"], "image": image})
                told.append(f"{one['name']}: {one.get('image')} to {image}")
    _check_names(resource, workload, [name for name in wanted if name != "*"])
    return await _changed(session, resource, workload, changed, "image updated", told)


async def set_resources(session: Session, operation: SetResources) -> Output:
    """Carry out `kubectl set resources`, of one container or of all."""
    resource, workload = await session.find(operation.thing)
    body = {
        key: dict(pairs) for key, pairs in (("limits", operation.limits), ("requests", operation.requests)) if pairs
    }
    _check_names(resource, workload, [operation.container] if operation.container else [])
    changed, told = [], []
    for one in _spec(workload)["containers"]:
        held = one.get("resources") or {}
        merged = {**held, **{key: {**(held.get(key) or {}), **pairs} for key, pairs in body.items()}}
        if operation.container in ("", one["name"]) and merged != held:
            changed.append({"name": one["name"], "resources": body})
            told.append(f"{one['name']}: {_short(held)} to {_short(merged)}")
    parts = {"containers": changed} if changed else {}
    return await _changed(session, resource, workload, parts, "resource requirements updated", told)


async def set_env(session: Session, operation: SetEnv) -> Output:
    """Carry out `kubectl set env`, of one container or of all; what the values are is not said."""
    resource, workload = await session.find(operation.thing)
    _check_names(resource, workload, [operation.container] if operation.container else [])
    changed, told = [], []
    for one in _spec(workload)["containers"]:
        if operation.container not in ("", one["name"]):
            continue
        held = {entry["name"]: entry for entry in one.get("env") or []}
        env: list[Json] = []
        for name, value in operation.variables:
            if value is None and name in held:
                env.append({"name": name, "$patch": "delete"})
            elif value is not None and held.get(name) != {"name": name, "value": value}:
                env.append({"name": name, "value": value, "valueFrom": None})
        if env:
            changed.append({"name": one["name"], "env": env})
            told.append(f"{one['name']}: {', '.join(entry['name'] for entry in env)}")
    parts = {"containers": changed} if changed else {}
    return await _changed(session, resource, workload, parts, "env updated", told)


async def mark(session: Session, operation: Mark) -> Output:
    """Carry out `kubectl label` and `kubectl annotate`."""
    lines = []
    word = "labeled" if operation.what == "labels" else "annotated"
    found = await session.selected(operation.things, operation.labels)
    for _, item in found:
        held = item["metadata"].get(operation.what) or {}
        taken = [key for key, value in operation.pairs if value is not None and held.get(key, value) != value]
        if taken and not operation.overwrite:
            name, key = item["metadata"]["name"], taken[0]
            # What kubectl last applied to a secret is in an annotation, and holds the secret.
            value = f' with the value "{held[key]}"' if len(held[key]) <= _SHOWN else ""
            raise TargetRefused(f"{name} already has {key}{value}; add --overwrite to change it.")
    for resource, item in found:
        body = {"metadata": {operation.what: dict(operation.pairs)}}
        await session.patch(resource, item, body)
        lines.append(f"{resource.full}/{item['metadata']['name']} {word}")
    return done(lines)


async def _changed(
    session: Session, resource: Resource, workload: Json, parts: Json, word: str, told: Sequence[str]
) -> Output:
    name = f"{resource.full}/{workload['metadata']['name']}"
    if not parts:
        return Output(f"{name} was so already", facts={"count": 0.0})
    template: Json = {"spec": parts}
    if resource.plural == "cronjobs":
        body = {"spec": {"jobTemplate": {"spec": {"template": template}}}}
    else:
        body = {"spec": {"template": template}}
    await session.patch(resource, workload, body, STRATEGIC)
    return Output(f"{name} {word} ({'; '.join(told)})", facts={"count": float(len(told))})


def _spec(workload: Json) -> Json:
    """Return the pod spec of a workload's template."""
    spec = workload["spec"]
    return (spec["jobTemplate"]["spec"] if "jobTemplate" in spec else spec)["template"]["spec"]


def _parts(spec: Json) -> dict[str, list[Json]]:
    return {part: spec.get(part) or [] for part in ("containers", "initContainers")}


def _check_names(resource: Resource, workload: Json, wanted: Sequence[str]) -> None:
    """Raise TargetRefused for a container that the workload does not have."""
    known = [one["name"] for containers in _parts(_spec(workload)).values() for one in containers]
    for name in wanted:
        if name not in known:
            called = f"{resource.kind} {workload['metadata']['name']}"
            raise TargetRefused(f"{called} has no container {name}; {hint(name, known).rstrip('?')}.")


def _short(resources: Json) -> str:
    pieces = [
        f"{key} " + " ".join(f"{name}={amount}" for name, amount in sorted(resources[key].items()))
        for key in ("limits", "requests")
        if resources.get(key)
    ]
    return ", ".join(pieces) or "none"
