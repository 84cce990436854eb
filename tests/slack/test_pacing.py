"""Slack's rate limits, kept on our side."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import combinations

import pytest

from bot.errors import SlackUnavailable
from bot.slack.gates import Gate, Pace
from bot.slack.methods import METHODS, Tier
from bot.slack.pacing import PACES, Pacing
from tests.slack.hands import START, HandClock, settle

POST = "chat.postMessage"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def pacing(clock: HandClock) -> AsyncIterator[Pacing]:
    pacing = Pacing(clock)
    yield pacing
    pacing.close()


class Door:
    """Lets callers ask for admission and writes down who came through and when."""

    def __init__(self, pacing: Pacing, clock: HandClock) -> None:
        self._pacing, self._clock = pacing, clock
        self.passed: list[tuple[str, float]] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def ask(
        self,
        name: str,
        method: str = POST,
        channel: str = "C1",
        *,
        urgent: bool = False,
        turn: int | None = None,
    ) -> None:
        self.tasks.append(asyncio.create_task(self._pass(name, method, channel, urgent, turn)))
        await settle()

    async def _pass(self, name: str, method: str, channel: str, urgent: bool, turn: int | None) -> None:
        await self._pacing.admit(method, channel, urgent=urgent, turn=turn)
        self.passed.append((name, (self._clock.now() - START).total_seconds()))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.passed]


@pytest.fixture
async def door(pacing: Pacing, clock: HandClock) -> AsyncIterator[Door]:
    door = Door(pacing, clock)
    yield door
    # Errors that nobody asks for are logged by the garbage collector, in the middle of whatever runs then.
    for task in door.tasks:
        task.cancel()
    await asyncio.gather(*door.tasks, return_exceptions=True)


async def test_a_burst_goes_at_once_and_the_rest_a_second_apart(door: Door, clock: HandClock) -> None:
    for number in range(20):
        await door.ask(str(number))
    assert door.names == ["0", "1", "2"]
    await clock.advance(30)
    moments = [moment for _, moment in door.passed]
    assert len(moments) == 20
    for earlier, later in combinations(range(20), 2):
        between = later - earlier + 1
        assert moments[later] - moments[earlier] >= between - 3, "one a second, and a burst of three"


async def test_a_channel_is_served_in_the_order_of_arrival(door: Door, clock: HandClock) -> None:
    for number in range(12):
        await door.ask(str(number))
    await clock.advance(30)
    assert door.names == [str(number) for number in range(12)]


async def test_a_busy_channel_holds_nobody_else_up(door: Door) -> None:
    for number in range(10):
        await door.ask(str(number), channel="C1")
    await door.ask("other", channel="C2")
    assert door.names[-1] == "other"


async def test_foreground_goes_before_background(door: Door, clock: HandClock) -> None:
    for number in range(6):
        await door.ask(str(number))
    await door.ask("declare", urgent=True)
    await clock.advance(30)
    assert door.names == ["0", "1", "2", "declare", "3", "4", "5"]


@pytest.mark.parametrize(
    ("method", "tier"),
    [
        ("pins.add", Tier.T2),
        ("conversations.history", Tier.T3),
        ("users.info", Tier.T4),
        ("auth.test", Tier.GENEROUS),
    ],
)
async def test_a_method_keeps_its_tier_in_any_minute(door: Door, clock: HandClock, method: str, tier: Tier) -> None:
    limit = PACES[tier].calls
    for number in range(2 * limit + 1):
        await door.ask(str(number), method=method)
    assert len(door.passed) == limit
    await clock.advance(59.9)
    assert len(door.passed) == limit
    await clock.advance(2)
    assert len(door.passed) == 2 * limit


async def test_posting_keeps_the_limit_of_the_workspace(door: Door) -> None:
    for number in range(400):
        await door.ask(str(number), channel=f"C{number}")
    assert len(door.passed) == 300


async def test_methods_do_not_share_a_limit(door: Door) -> None:
    for number in range(21):
        await door.ask(str(number), method="pins.add")
    await door.ask("topic", method="conversations.setTopic")
    assert door.names[-1] == "topic"


async def test_an_unknown_method_is_called_rarely(door: Door) -> None:
    for number in range(30):
        await door.ask(str(number), method="brand.new")
    assert len(door.passed) == 20


async def test_a_pause_holds_everyone_and_releases_them_in_order(door: Door, pacing: Pacing, clock: HandClock) -> None:
    pacing.pause("users.info", 30)
    for name in "abc":
        await door.ask(name, method="users.info")
    await door.ask("other", method="users.list")
    await clock.advance(29.9)
    assert door.names == ["other"]
    await clock.advance(0.2)
    assert door.names == ["other", "a", "b", "c"]


async def test_who_comes_back_keeps_his_place(door: Door, pacing: Pacing, clock: HandClock) -> None:
    turn = await pacing.admit("users.info")
    pacing.pause("users.info", 5)
    await door.ask("later", method="users.info")
    await door.ask("first", method="users.info", turn=turn)
    await clock.advance(6)
    assert door.names == ["first", "later"]


async def test_a_wait_that_is_too_long_is_refused_at_once(pacing: Pacing) -> None:
    pacing.pause("users.info", 30)
    with pytest.raises(SlackUnavailable, match="for the next 30 s") as caught:
        await pacing.admit("users.info", patience=8)
    assert caught.value.retry_after == 30


async def test_a_long_queue_is_refused_at_once(door: Door, pacing: Pacing) -> None:
    for number in range(100):
        await door.ask(str(number))
    with pytest.raises(SlackUnavailable):
        await pacing.admit(POST, "C1", patience=8)


async def test_patience_ends_when_a_pause_grows(pacing: Pacing, clock: HandClock) -> None:
    pacing.pause("users.info", 5)
    waiting = asyncio.create_task(pacing.admit("users.info", patience=8))
    await clock.advance(1)
    pacing.pause("users.info", 60)
    with pytest.raises(SlackUnavailable):
        await waiting


async def test_patience_ends_when_others_are_always_first(door: Door, pacing: Pacing, clock: HandClock) -> None:
    for number in range(3):
        await door.ask(str(number))
    waiting = asyncio.create_task(pacing.admit(POST, "C1", patience=4))
    for number in range(20):
        await door.ask(f"urgent {number}", urgent=True)
    await clock.advance(5)
    with pytest.raises(SlackUnavailable):
        await waiting


async def test_who_gave_up_is_skipped(door: Door, clock: HandClock) -> None:
    for number in range(6):
        await door.ask(str(number))
    door.tasks[3].cancel()
    await clock.advance(30)
    assert door.names == ["0", "1", "2", "4", "5"]


async def test_switched_off_nothing_is_counted_but_a_pause_holds(clock: HandClock) -> None:
    pacing = Pacing(clock, enforce=False)
    door = Door(pacing, clock)
    for number in range(500):
        await door.ask(str(number))
    assert len(door.passed) == 500
    pacing.pause(POST, 10)
    await door.ask("late")
    assert len(door.passed) == 500
    await clock.advance(11)
    assert len(door.passed) == 501
    pacing.close()


async def test_quiet_channels_are_forgotten(pacing: Pacing, clock: HandClock) -> None:
    for number in range(2000):
        await pacing.admit(POST, f"C{number}", patience=0)
        await clock.advance(0.25)
    assert pacing.remembered(POST) < 150


async def test_closing_sends_everyone_away(door: Door, pacing: Pacing) -> None:
    pacing.pause(POST, 10)
    await door.ask("waiting")
    pacing.close()
    with pytest.raises(SlackUnavailable, match="shutting down"):
        await door.tasks[0]


def test_a_clock_that_is_set_back_holds_nobody_for_ever() -> None:
    gate = Gate(Pace(1, 60))
    gate.take(START.timestamp())
    assert gate.wait((START - timedelta(hours=5)).timestamp()) == 60


def test_every_tier_that_is_used_has_a_pace() -> None:
    assert {method.tier for method in METHODS.values()} - {Tier.UNLIMITED} <= PACES.keys()
