"""The namespaces of all platforms on a cluster, made for the tests of the runbooks' lines and removed afterwards."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox.cluster.kubelet import notes
from tests.cluster.hands import Hands, Thing, until
from tests.runbook_lines.scenery import (
    APP_LOG,
    BESIDE,
    CERTIFICATES,
    DEPLOYMENTS,
    INGRESS_LOG,
    PODS,
    VOLUME,
    deployed,
    write_programs,
)

_KINDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_NAMESPACES, _VOLUMES = "/api/v1/namespaces", "/api/v1/persistentvolumes"


@asynccontextmanager
async def furnished(kubeconfig: Path, programs: Path) -> AsyncIterator[Mapping[str, str]]:
    """Make everything, and yield the name of a pod for each platform."""
    hands = {name: Hands(kubeconfig, name) for name in DEPLOYMENTS}
    admin = hands["linkist"]
    try:
        await _make(admin, _KINDS, CERTIFICATES)
        await _make(admin, _VOLUMES, VOLUME)
        await asyncio.gather(*(_furnish(each, programs) for each in hands.values()))
        yield {platform: await pod_of(hands[home], label) for platform, (home, label) in PODS.items()}
    finally:
        whole = ((_KINDS, CERTIFICATES), (_VOLUMES, VOLUME))
        made = [f"{place}/{thing['metadata']['name']}" for place, thing in whole]
        for path in (*(f"{_NAMESPACES}/{name}" for name in hands), *made):
            await admin.http.request("DELETE", path)
        for each in hands.values():
            await each.close()


async def pod_of(hands: Hands, label: str) -> str:
    """Wait until there is one pod with a label, and return its name."""
    (pod,) = await hands.pods(label)
    return str(pod["metadata"]["name"])


async def _furnish(hands: Hands, programs: Path) -> None:
    own = programs / hands.namespace
    write_programs(own)
    meta = {"name": hands.namespace, "annotations": {notes.PROGRAMS: str(own)}}
    await _make(hands, _NAMESPACES, {"metadata": meta})
    for group, plural, thing in BESIDE.get(hands.namespace, ()):
        await _make(hands, hands.path(plural, group=group), thing)
    await asyncio.gather(*(deploy(hands, name) for name in DEPLOYMENTS[hands.namespace]))


async def deploy(hands: Hands, name: str) -> None:
    """Make a Deployment of two revisions, so that there is one to go back to."""
    await hands.make("deployments", _revision(hands, name, 1))
    await hands.available(name)
    await bring_back(hands, name)


async def bring_back(hands: Hands, name: str) -> None:
    """Give a Deployment its second revision and its number of pods."""
    await hands.patch("deployments", name, _revision(hands, name, 2))
    await hands.available(name)


def _revision(hands: Hands, name: str, number: int) -> Thing:
    log = INGRESS_LOG if "ingress" in name else APP_LOG
    return deployed(name, DEPLOYMENTS[hands.namespace][name], number, log)


async def _make(hands: Hands, path: str, thing: Thing) -> None:
    """Make a thing as soon as the cluster takes it: its kind may be new, its namesake may still be going."""

    async def made() -> bool | None:
        answer = await hands.http.post(path, json=thing)
        if answer.status_code == 409:
            await _let_go(hands, f"{path}/{thing['metadata']['name']}")
        assert answer.is_success or answer.status_code in (404, 409), answer.text
        return True if answer.is_success else None

    await until(made, f"{thing['metadata']['name']} is made")


async def _let_go(hands: Hands, path: str) -> None:
    """Remove what another run left, unless that is under way."""
    found = await hands.http.get(path)
    if found.is_success and "deletionTimestamp" not in found.json()["metadata"]:
        await hands.http.request("DELETE", path)
