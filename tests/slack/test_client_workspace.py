"""The client against the local workspace: what the faults of a whole Slack look like from here."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import OutcomeUnclear, SlackRefused, SlackUnavailable
from bot.slack.client import SlackClient, Wire
from bot.slack.pacing import Pacing
from sandbox.slack import Fault, Workspace, serve
from tests.slack.hands import HandClock, LeapingClock, until
from tests.slack.rig import MANIFEST, SharedClock

READ, ADD = "users.info", "chat.postMessage"


class Counting(Pacing):
    """Counts whom it lets through."""

    admitted = 0

    async def admit(self, method: str, channel: str = "", **options: Any) -> int:
        turn = await super().admit(method, channel, **options)
        self.admitted += 1
        return turn


class House:
    """A workspace, a channel, a client, and the clock of all of them."""

    def __init__(self, clock: HandClock | LeapingClock) -> None:
        self.clock = clock
        self.workspace = Workspace(manifest=MANIFEST, clock=SharedClock(self.clock))
        self.channel = self.workspace.add_channel("ops", members=[self.workspace.bot]).id
        self.alice = self.workspace.add_person("alice").id

    def client(self, **options: Any) -> SlackClient:
        url, token = f"{self.workspace.base_url}/api/", self.workspace.secrets.bot_token
        return SlackClient(token, self.clock, base_url=url, **options)

    def args(self, method: str) -> dict[str, Any]:
        return {"user": self.alice} if method == READ else {"channel": self.channel, "text": "hello"}

    @property
    def posts(self) -> int:
        return sum(message.text == "hello" for message in self.workspace.channels[self.channel].messages.values())


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House(LeapingClock())
    async with serve(house.workspace):
        yield house


@pytest.fixture
async def client(house: House) -> AsyncIterator[SlackClient]:
    client = house.client()
    yield client
    await client.close()


@pytest.mark.parametrize("kind", ["http_500", "cut_before", "cut_after", "error"])
async def test_reading_goes_on_whatever_breaks(house: House, client: SlackClient, kind: Any) -> None:
    house.workspace.faults.add(Fault(method=READ, kind=kind, times=2))
    answer = await client.call(READ, house.args(READ))
    assert answer["user"]["id"] == house.alice


@pytest.mark.parametrize(("kind", "posted"), [("http_500", 0), ("cut_before", 0), ("cut_after", 1), ("error", 0)])
async def test_posting_is_never_repeated_blindly(house: House, client: SlackClient, kind: Any, posted: int) -> None:
    house.workspace.faults.add(Fault(method=ADD, kind=kind))
    with pytest.raises(OutcomeUnclear):
        await client.call(ADD, house.args(ADD))
    assert house.posts == posted


@pytest.mark.parametrize("method", [READ, ADD])
async def test_429_is_waited_for_within_patience(house: House, client: SlackClient, method: str) -> None:
    house.workspace.faults.add(Fault(method=method, kind="rate_limited", retry_after=5))
    before = house.clock.now()
    assert (await client.call(method, house.args(method)))["ok"]
    assert (house.clock.now() - before).total_seconds() >= 5


async def test_a_slack_that_does_not_answer_is_given_up(house: House) -> None:
    client = house.client(wire=Wire(timeout=0.1), patience=0.05)
    house.workspace.stop_answering()
    with pytest.raises(SlackUnavailable, match="no answer came in time"):
        await client.call(READ, house.args(READ))
    with pytest.raises(OutcomeUnclear, match="no answer came in time"):
        await client.call(ADD, house.args(ADD))
    house.workspace.resume()
    await client.close()


async def test_a_missing_scope_is_named(house: House, client: SlackClient) -> None:
    with pytest.raises(SlackRefused, match="pins:write") as caught:
        await client.call("pins.add", {"channel": house.channel, "timestamp": "1.2"})
    assert caught.value.code == "missing_scope"


@pytest.mark.parametrize(("method", "limit"), [(READ, 100), ("conversations.history", 50), (ADD, 10)])
async def test_many_callers_at_once_never_meet_a_429(method: str, limit: int) -> None:
    clock = HandClock()
    house = House(clock)
    args = {"user": house.alice} if method == READ else {"channel": house.channel, "text": "hello"}
    args = {"channel": house.channel} if method == "conversations.history" else args
    async with serve(house.workspace):
        pacing = Counting(clock)
        client = house.client(pacing=pacing)
        calls = [asyncio.create_task(client.call(method, args, patience=float("inf"))) for _ in range(limit + 10)]
        while not all(call.done() for call in calls):
            await clock.advance(0.5)
            await until(lambda: len(house.workspace.calls) == pacing.admitted)
        await client.close()
    assert len(house.workspace.calls) == limit + 10
    assert {call.status for call in house.workspace.calls} == {200}


async def test_without_pacing_slack_says_it_is_too_much(house: House, client: SlackClient) -> None:
    calls = [client.call(ADD, house.args(ADD)) for _ in range(3)]
    await asyncio.gather(*calls)
    other = house.client()
    assert (await other.call(ADD, house.args(ADD)))["ok"]
    assert [call.status for call in house.workspace.calls if call.status != 200] == [429]
    await other.close()
