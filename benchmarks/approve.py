"""Approve: our own time from the approving click to the target, and a whole rollback beside kubectl's.

A change of the small platform in `tests/data/changes` is asked for by one person and allowed by another, in a
workspace whose calls take no time of their own. The bot reaches the cluster through a relay that notes when it is asked
something: the first time after the click ends our own time, in which are the click's way through the workspace, the
rights of two people, the decision in the store, the start of the run. Then the same Deployment is rolled back in turn
by such a click and by `kubectl rollout undo && kubectl rollout status`, with pods that take five seconds to become
ready. Ours ends when the verdict stands in the request's thread, so that a second look at the plan and the checks of
the action are in it. Budgets: `docs/budgets.md`, the rows of `approve`.
"""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks.bot import bot
from benchmarks.budgets import APPROVE_SECONDS, ROLLOUT_SHARE
from benchmarks.chains import span
from benchmarks.furniture import PEOPLE, WHERE
from benchmarks.percentiles import median
from benchmarks.pods import cluster
from benchmarks.processes import HOME, BenchmarkError
from benchmarks.relay import Relay
from benchmarks.stores import prepared
from benchmarks.table import Figure
from benchmarks.workspace import Workspace, workspace
from bot.runbooks.loader import load_platforms
from sandbox.cluster.kubelet import notes
from tests.cluster.hands import Hands, deployment, until

CLICKS = 20
READY_AFTER = 5.0
"""Seconds that a pod takes to become ready."""
_RUNBOOKS = HOME / "tests/data/changes"
_ASKER, _APPROVER = PEOPLE[:2]
_NAMESPACE, _NAME, _REPLICAS = "bakery", "oven", 2
_PATIENCE = 120.0


async def measure(
    folder: Path, *, runs: int = 5, clicks: int = CLICKS, ready_after: float = READY_AFTER
) -> list[Figure]:
    """Allow `clicks` changes, then roll back `runs` times with each. Raises BenchmarkError without kubectl."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        raise BenchmarkError("kubectl is not installed; this benchmark compares with it.")
    async with (
        cluster(folder) as (where, kubeconfig),
        _oven(kubeconfig) as hands,
        _counter(folder, kubeconfig) as counter,
    ):
        own = [(await counter.allowed(f"scale replicas={2 + at % 2}")).own for at in range(1, clicks + 2)][1:]
        await _renewed(hands, ready_after)
        ours, theirs = [], []
        for _ in range(runs):
            await _at_rest(hands)
            ours.append((await counter.allowed("roll-back")).whole)
            await _at_rest(hands)
            theirs.append(await _by_kubectl(kubectl, kubeconfig))
    return [
        Figure("approve: from the click to the first request to the target, median", median(own), "s", APPROVE_SECONDS),
        Figure(f"approve: the same, the worst of {clicks}", max(own), "s", APPROVE_SECONDS),
        Figure(f"approve: from the click to the verdict of a rollback on {where}, median", median(ours), "s"),
        Figure("approve: the same by kubectl, median", median(theirs), "s"),
        Figure("approve: ours in percent of kubectl's", 100 * median(ours) / median(theirs), "%", ROLLOUT_SHARE),
    ]


@dataclass(frozen=True, slots=True)
class Allowed:
    """A change that was allowed: seconds until the target was asked, and until its verdict was read."""

    own: float
    whole: float


@dataclass(slots=True)
class Counter:
    """Where changes are asked for and allowed."""

    slack: Workspace
    relay: Relay
    _asked: int = field(default=0, init=False)
    _seen: int = field(default=0, init=False)

    async def allowed(self, what: str) -> Allowed:
        """Ask for a change, allow it, and wait for its verdict. Raises BenchmarkError when it did not work."""
        self._asked += 1
        said = await self.slack.command(_ASKER, f"/run {_NAMESPACE} {what}", WHERE)
        if not said["acked"]:
            raise BenchmarkError(f"A request was not acknowledged: {said['error']}")
        ts, button = await self._until_posted(_button)
        clicked = time.time()
        press = {"channel_id": self.slack.channels[WHERE], "message_ts": ts, "action_id": button}
        await self.slack.control("POST", f"/people/{self.slack.people[_APPROVER]}/click", press)
        text, ended = await self._until_posted(_verdict)
        if "Done in" not in text:
            raise BenchmarkError(f"REQ-{self._asked} did not work: {text}")
        return Allowed(self.relay.first_after(clicked) - clicked, ended - clicked)

    async def _until_posted(self, found_in: Any) -> Any:
        """Return what is found in one of the messages that are posted about the newest request."""
        name, deadline = f"REQ-{self._asked}", time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            for call in await self.slack.calls(self._seen):
                self._seen = max(self._seen, call["seq"])
                posted = call["method"] == "chat.postMessage" and call["response"].get("ok")
                if posted and name in str(call["args"]) and (found := found_in(call)):
                    return found
            await asyncio.sleep(0.02)
        raise BenchmarkError(f"{name} did not come on within {_PATIENCE:g} s.")


def _button(call: dict[str, Any]) -> tuple[str, str] | None:
    """Return the message and the action of the button that allows a request."""
    rows = [block["elements"] for block in call["args"].get("blocks", []) if block["type"] == "actions"]
    found = [button["action_id"] for row in rows for button in row if button["text"]["text"] == "Approve"]
    return (call["response"]["ts"], found[0]) if found else None


def _verdict(call: dict[str, Any]) -> tuple[str, float] | None:
    """Return what a thread says of the end of a request, and when it said so."""
    return (call["args"]["text"], span(call).end) if call["args"].get("thread_ts") else None


@asynccontextmanager
async def _counter(folder: Path, kubeconfig: Path) -> AsyncIterator[Counter]:
    """Run the workspace and the bot, which finds the cluster behind a relay."""
    known = yaml.safe_load(kubeconfig.read_text())
    (served,) = [entry["cluster"] for entry in known["clusters"]]
    async with Relay(served["server"]).serving() as relay, workspace(load_platforms(_RUNBOOKS), folder) as slack:
        served["server"] = relay.address
        through = folder / "kubeconfig-through-relay"
        through.touch(mode=0o600)
        through.write_text(yaml.safe_dump(known))
        targets = {"KUBECONFIG": str(through), "BAKERY_KUBE_CONTEXT": "admin", "OPSROOM_RUNBOOKS": str(_RUNBOOKS)}
        await prepared(folder, slack.people)
        async with bot(slack, folder, targets=targets):
            joining = {"channel_id": slack.channels[WHERE], "who": (await slack.as_app("auth.test"))["user_id"]}
            await slack.control("POST", f"/people/{slack.people[_ASKER]}/invite", joining)
            yield Counter(slack, relay)


@asynccontextmanager
async def _oven(kubeconfig: Path) -> AsyncIterator[Hands]:
    """Make what is changed: a Deployment of pods that are ready at once."""
    hands = Hands(kubeconfig, _NAMESPACE)
    await hands.call("POST", "/api/v1/namespaces", {"metadata": {"name": _NAMESPACE}})
    await hands.deploy(_NAME, "bakery/oven:1.0", _REPLICAS)
    await hands.available(_NAME)
    yield hands
    await hands.close()


async def _renewed(hands: Hands, ready_after: float) -> None:
    """Give the Deployment two revisions whose pods take their time."""
    for image in ("bakery/oven:1.1", "bakery/oven:1.2"):
        slow = deployment(_NAME, image, _REPLICAS, {notes.READY_AFTER: str(ready_after)})
        await hands.patch("deployments", _NAME, slow)
        await _at_rest(hands)


async def _at_rest(hands: Hands) -> None:
    """Wait until the Deployment has its pods and no other."""
    await hands.available(_NAME)
    await hands.pods(f"app={_NAME}", _REPLICAS)

    async def alone() -> bool | None:
        return len(await hands.listed("pods", f"app={_NAME}")) == _REPLICAS or None

    await until(alone, "the pods of the last revision are gone")


async def _by_kubectl(kubectl: str, kubeconfig: Path) -> float:
    """Return the seconds that it takes a person who has typed the two commands."""
    began = time.perf_counter()
    for verb in ("undo", "status"):
        asked = ("--kubeconfig", str(kubeconfig), "-n", _NAMESPACE, "rollout", verb, f"deployment/{_NAME}")
        process = await asyncio.create_subprocess_exec(
            kubectl, *asked, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await process.communicate()
        if process.returncode:
            raise BenchmarkError(f"kubectl rollout {verb} failed: {said.decode()}")
    return time.perf_counter() - began
