"""A small platform with a cluster that can be changed, and people who ask for changes and allow them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.access.redaction import redact
from bot.diagnosis.connected import ConnectedTargets
from bot.store import grants, requests
from bot.store.grants import EVERYWHERE, Grant
from bot.store.requests import Request
from sandbox.cluster.server import Cluster, save_kubeconfig, serve
from tests.cluster.hands import Hands, Thing
from tests.world import HOME, ROLES, World, world

RUNBOOKS = HOME / "tests" / "data" / "changes"
NAMESPACE = "bakery"
MORE_PEOPLE = {"arne": "approver", "abe": "admin"}
"""A second approver and an admin, beside the people that every test has."""


@dataclass
class Bakery:
    """The world, and the hands of somebody who works in the cluster without Opsroom."""

    world: World
    hands: Hands

    async def say(self, text: str, by: str = "olivia") -> None:
        """Type something into the channel ops."""
        await self.world.say(text, by=by, channel="ops")

    async def request(self, number: int = 1) -> Request:
        """Return a request as the store has it."""
        async with self.world.bot.store.read() as connection:
            found = await requests.by_number(connection, number)
        assert found is not None, f"there is no REQ-{number}"
        return found

    async def in_state(self, *states: str, number: int = 1) -> Request:
        """Wait until a request is in one of these states, and return it."""
        found: list[Request] = []

        async def look() -> bool:
            async with self.world.bot.store.read() as connection:
                now = await requests.by_number(connection, number)
            found[:] = [now] if now and now.state in states else []
            return bool(found)

        await self.world.sooner_or_later(look)
        return found[0]

    def said(self, number: int = 1, by: str = "olivia") -> str:
        """Return all that the message of a request says."""
        messages = [m for m in self.world.messages("ops", by) if f"REQ-{number}" in json.dumps(m["blocks"])]
        return json.dumps(messages[0], ensure_ascii=False) if messages else ""

    async def press(self, label: str, by: str = "ada") -> None:
        """Press a button in the channel ops."""
        await self.world.press(label, "ops", by)

    async def asked(self, text: str = "/run bakery restart", number: int = 1) -> Request:
        """Ask for a change, and wait until its message is there."""
        await self.say(text)
        found = await self.in_state(requests.WAITING, number=number)
        await self.world.until(lambda: "Approve" in self.said(number))
        return found

    async def oven(self) -> Thing:
        """Return the Deployment."""
        return await self.hands.get("deployments", "oven")

    async def image(self) -> str:
        """Return the image that the Deployment asks for."""
        found: str = (await self.oven())["spec"]["template"]["spec"]["containers"][0]["image"]
        return found

    async def deploy(self, image: str) -> None:
        """Roll another image out, by hand."""
        container: dict[str, Any] = {"name": "oven", "image": image}
        await self.hands.patch("deployments", "oven", {"spec": {"template": {"spec": {"containers": [container]}}}})


@asynccontextmanager
async def bakery(folder: Path, *, start: bool = True, **changes: Any) -> AsyncIterator[Bakery]:
    """Yield the bakery, whose oven runs release 1.1 after 1.0; Opsroom is in the channel ops."""
    async with serve(Cluster()) as cluster:
        kubeconfig = folder / "kubeconfig"
        save_kubeconfig(cluster, kubeconfig)
        hands = Hands(kubeconfig, NAMESPACE)
        try:
            await _furnished(hands)
            known = {"KUBECONFIG": str(kubeconfig), "BAKERY_KUBE_CONTEXT": "admin"}
            targets = ConnectedTargets(known.get, redact)
            async with world(folder, targets=targets, runbooks=RUNBOOKS, start=start, **changes) as made:
                workspace = made.workspace
                for name in MORE_PEOPLE:
                    workspace.add_person(name, display_name=name.capitalize())
                people = [made.person(name) for name in (*ROLES, *MORE_PEOPLE)]
                workspace.add_channel("ops", members=[workspace.bot.id, *people])
                if start:
                    await grant_more(made)
                yield Bakery(made, hands)
        finally:
            await hands.close()


async def grant_more(made: World) -> None:
    """Give the people of this platform their roles."""
    async with made.bot.store.begin() as connection:
        for name, role in MORE_PEOPLE.items():
            await grants.give(connection, Grant(made.person(name), EVERYWHERE, role, "the tests", datetime.now(UTC)))


async def _furnished(hands: Hands) -> None:
    await hands.call("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
    await hands.deploy("oven", "bakery/oven:1.0", replicas=2)
    await hands.available("oven")
    container = {"name": "oven", "image": "bakery/oven:1.1"}
    await hands.patch("deployments", "oven", {"spec": {"template": {"spec": {"containers": [container]}}}})
    await hands.available("oven")
    await hands.make("configmaps", {"metadata": {"name": "rye"}, "data": {"flour": "rye"}})
