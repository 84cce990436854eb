"""Changes of Deployments that are asked for, approved and carried out by bots that die meanwhile."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from bot.store.outbox import SENT
from sandbox.slack.state.channels import Channel
from tests.kill.cluster import Machines
from tests.kill.evidence import marked
from tests.kill.lane import Lane
from tests.kill.process import until

CHANGES = {"restart": 1, "scale": 1, "renew": 2, "mix": 1}
"""How many changes each action makes."""
_UNFINISHED = ('"Approve"', '"in_progress"', '"pending"', '"error"')
"""What the message of a change that has been made does not show."""


@dataclass
class Kitchen:
    """What people do and see around the machines, and what the store knows of it."""

    lane: Lane
    machines: Machines
    _revisions: int
    actions: list[str] = field(default_factory=list)

    @classmethod
    async def furnished(cls, lane: Lane, machines: Machines) -> "Kitchen":
        """Open the channel ops to everybody, and let the lane's tripwire hear the cluster, too."""
        workspace = lane.world.workspace
        people = [lane.world.person(name) for name in ("olivia", "omar", "ada", "vera")]
        workspace.add_channel("ops", members=[*people, workspace.bot.id])
        machines.api.tripwire = lane.tripwire
        return cls(lane, machines, await machines.revisions())

    async def asked(self, action: str) -> int:
        """Ask for a change as olivia, and return its number once its message can be approved."""
        number = len(self.actions) + 1
        if action == "renew":  # what is so already would not be changed
            await self.machines.hands.patch("deployments", "oven", {"metadata": {"annotations": {"renewed": None}}})
        values = {
            "renew": f"renew version=2.{number}",
            "scale": f"scale replicas={3 - self.actions.count('scale') % 2}",
        }
        await self.lane.world.say(f"/run bakery {values.get(action, action)}", channel="ops")
        self.actions.append(action)
        await until(lambda: "Approve" in self.said(number), lambda: f"{action} is asked for: {self._answers()}")
        await until(self.lane.at_rest, "nothing else is under way")
        return number

    async def approve(self, number: int, *by: str) -> None:
        """Let ada, or others in the same moment, press the button below a request."""
        world, (where, block) = self.lane.world, self._button(number)
        press = world.workspace.people.click
        people = [world.person(name) for name in by or ("ada",)]
        await asyncio.gather(*(press(person, self._ops.id, *where, block_id=block) for person in people))

    def _button(self, number: int) -> tuple[tuple[str, str], str]:
        for message in self._messages(f"request:{number}"):
            for block in message.blocks:
                for element in block["elements"] if block["type"] == "actions" else []:
                    if element["text"]["text"] == "Approve":
                        return (message.ts, element["action_id"]), block["block_id"]
        raise AssertionError(f"REQ-{number} cannot be approved: {self.said(number)}")

    def _answers(self) -> list[str]:
        return [answer["text"] for answer in self.lane.world.answers("olivia", "ops")]

    def said(self, number: int) -> str:
        """Return all that the message of a request says."""
        return json.dumps([message.blocks for message in self._messages(f"request:{number}")], ensure_ascii=False)

    def results(self, number: int) -> list[Any]:
        """Return the messages that say how a request ended."""
        return self._messages(f"request:{number}:ended")

    def state(self, number: int) -> str:
        """Return the state of a request."""
        return str(self.lane.ask(f"SELECT state FROM requests WHERE number = {number}"))

    def _messages(self, key: str) -> list[Any]:
        return [m for m in marked(self._ops, key) if m.metadata["event_payload"]["key"] == key]

    @property
    def _ops(self) -> Channel:
        return self.lane.world.workspace.channel(self.lane.world.channel("ops"))

    async def ended(self, *numbers: int) -> None:
        """Wait until requests have ended and everything is at rest, and look at what came of them."""
        await until(lambda: all(self.results(number) for number in numbers), f"{numbers} end")
        await until(self.lane.at_rest, "everything ends")
        for number in numbers:
            await self._check(number)

    async def _check(self, number: int) -> None:
        """Assert that a request was carried out once, and that people are told so, once."""
        ref = f"REQ-{number}"
        assert self.state(number) == "done", self.said(number)
        deeds = {deed: count for deed, count in self.machines.api.written.items() if deed.startswith(f"{ref}.")}
        assert deeds == {f"{ref}.{at}": 1 for at in range(CHANGES[self.actions[number - 1]])}
        (result,) = self.results(number)
        (shown,) = self._messages(f"request:{number}")
        assert result.thread_ts == shown.ts
        assert f"*{ref}* Done in" in result.text
        said = self.said(number)
        assert "Done in" in said
        assert not [word for word in _UNFINISHED if word in said], said
        entries = f"SELECT count(*) FROM audit WHERE subject = '{ref}' AND action = "
        for action in ("request.made", "request.approved", "change.begun", "change.ended"):
            assert self.lane.ask(f"{entries}'{action}'") == 1, action

    async def check(self) -> None:
        """Stop every bot and assert that nothing else was changed, and that nothing is held or left to do."""
        assert self.lane.ask("SELECT count(*) FROM target_locks") == 0
        assert sum(self.machines.api.written.values()) == sum(CHANGES[action] for action in self.actions)
        assert await self.machines.revisions() == self._revisions + len(self.machines.api.templates)
        assert self.lane.ask(f"SELECT count(*) FROM outbox WHERE state != '{SENT}'") == 0
        for bot in self.lane.bots:
            assert await bot.stop() == 0
