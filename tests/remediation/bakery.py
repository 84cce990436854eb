"""A small platform with a cluster that can be changed, and people who ask for changes and allow them."""

import json
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.access.redaction import redact
from bot.diagnosis.connected import ConnectedTargets
from bot.store import grants, incidents, requests
from bot.store.grants import EVERYWHERE, Grant
from bot.store.requests import Request
from bot.wallclock import Clock
from sandbox.cluster.server import Cluster, save_kubeconfig, serve
from tests.cluster.hands import Hands, Thing
from tests.world import HOME, ROLES, World, world

RUNBOOKS = HOME / "tests" / "data" / "changes"
NAMESPACE = "bakery"
MORE_PEOPLE = {"arne": "approver", "abe": "admin"}
"""A second approver and an admin, beside the people that every test has."""
ENDS = (requests.DONE, requests.FAILED, requests.UNCLEAR, requests.VOID, requests.REHEARSED)
"""How a request ends that was begun."""


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

    def message(self, number: int = 1, by: str = "olivia") -> dict[str, Any] | None:
        """Return the message of a request as a person sees it; None when there is none."""
        found = (m for m in self._seen(by) if f" · REQ-{number} · " in m["text"])
        return next((m for m in found if m["thread_ts"] in (None, m["ts"]) and not m["ephemeral"]), None)

    def reads(self, number: int = 1, by: str = "olivia") -> str:
        """Return what the message of a request says, line by line, as people read it; "" when there is none."""
        message = self.message(number, by)
        return read_aloud(message) if message else ""

    def thread(self, number: int = 1, by: str = "olivia") -> list[str]:
        """Return what was said in the thread of a request, as people read it."""
        head = self.message(number, by)
        replies = (m for m in self._seen(by) if head and m["thread_ts"] == head["ts"] != m["ts"])
        return [read_aloud(reply) for reply in replies]

    def _seen(self, by: str) -> list[dict[str, Any]]:
        """Return what a person sees in all channels."""
        screen = self.world.workspace.screen(self.world.person(by))
        return [message for messages in screen["messages"].values() for message in messages]

    async def told(self, *parts: str, number: int = 1) -> str:
        """Wait until the message of a request says all of this, and return it."""
        await self.world.until(lambda: all(part in self.reads(number) for part in parts))
        return self.reads(number)

    async def answered(self, holding: str, by: str = "olivia") -> str:
        """Wait for an answer that only this person sees, and return it."""
        return await self.world.answer(by, "ops", holding=holding)

    async def ended(self, number: int = 1) -> Request:
        """Wait until a request has come to its end and its thread says so, and return it."""
        found = await self.in_state(*ENDS, number=number)
        await self.world.until(lambda: self.thread(number))
        return found

    async def close_incident(self, number: int = 1) -> None:
        """Close an incident, as its commander does."""
        async with self.world.bot.store.begin() as connection:
            await incidents.change(connection, number, status="closed")

    async def nothing_asked(self) -> bool:
        """Tell whether there is no request at all."""
        async with self.world.bot.store.read() as connection:
            return await requests.by_number(connection, 1) is None

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
            await hands.call("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
            async with bakery_in(folder, hands, kubeconfig, start=start, **changes) as shop:
                yield shop
        finally:
            await hands.close()


@asynccontextmanager
async def bakery_in(
    folder: Path,
    hands: Hands,
    kubeconfig: Path,
    *,
    start: bool = True,
    clock: Clock | None = None,
    context: str = "admin",
    platform: str = "",
    actions: str = "",
    **changes: Any,
) -> AsyncIterator[Bakery]:
    """Yield the bakery in the namespace of these hands, on a cluster that Opsroom reaches by this kubeconfig.

    `platform` and `actions` are added to its runbook's files of these names.
    """
    await _furnished(hands)
    runbooks = _written(folder / "runbooks", hands.namespace, platform, actions)
    targets = ConnectedTargets({"KUBECONFIG": str(kubeconfig), "BAKERY_KUBE_CONTEXT": context}.get, redact)
    async with world(folder, targets=targets, runbooks=runbooks, start=False, **changes) as made:
        made.clock = clock
        workspace = made.workspace
        for name in MORE_PEOPLE:
            workspace.add_person(name, display_name=name.capitalize())
        workspace.add_channel(
            "ops", members=[workspace.bot.id, *(made.person(each) for each in (*ROLES, *MORE_PEOPLE))]
        )
        shop = Bakery(made, hands)
        if not start:
            yield shop
            return
        async with made.running():
            await grant_more(made)
            yield shop


def _written(folder: Path, namespace: str, platform: str, actions: str) -> Path:
    """Write the runbook into a folder of the test's own, with what it adds."""
    shutil.copytree(RUNBOOKS, folder)
    for name, more in (("platform.yml", platform), ("actions.yml", actions)):
        path = folder / "bakery" / name
        path.write_text(path.read_text().replace(f"namespace: {NAMESPACE}", f"namespace: {namespace}") + more)
    return folder


def read_aloud(message: dict[str, Any]) -> str:
    """Return the texts of a message's blocks and the labels of its buttons, each on a line of its own."""
    return "\n".join(_texts(message["blocks"])) or str(message["text"])


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _texts(each)
    elif isinstance(part, dict):
        if part.get("type") == "button":
            yield f"[{part['text']['text']}]"
            return
        for key, value in part.items():
            if key in ("text", "title") and isinstance(value, str):
                yield value
            elif isinstance(value, dict | list):
                yield from _texts(value)


async def grant_more(made: World) -> None:
    """Give the people of this platform their roles."""
    async with made.bot.store.begin() as connection:
        for name, role in MORE_PEOPLE.items():
            await grants.give(connection, Grant(made.person(name), EVERYWHERE, role, "the tests", datetime.now(UTC)))


async def _furnished(hands: Hands) -> None:
    await hands.deploy("oven", "bakery/oven:1.0", replicas=2)
    await hands.available("oven")
    container = {"name": "oven", "image": "bakery/oven:1.1"}
    await hands.patch("deployments", "oven", {"spec": {"template": {"spec": {"containers": [container]}}}})
    await hands.available("oven")
    await hands.make("configmaps", {"metadata": {"name": "rye"}, "data": {"flour": "rye"}})
