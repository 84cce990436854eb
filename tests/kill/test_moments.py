"""SIGKILL between the receipt, the acknowledgement, the first step, and at moments all over a declare."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.slack import CommandResult
from tests.kill.evidence import Evidence
from tests.kill.lane import Lane, lane
from tests.kill.process import until
from tests.kill.slices import run_slice, run_until
from tests.kill.tripwire import TOLD

pytestmark = pytest.mark.kill

_TRIES = 20
"""How often a moment may slip through between two slices of time."""


@pytest.fixture(name="alone")
async def _alone(tmp_path: Path) -> AsyncIterator[Lane]:
    async with lane(tmp_path / "lane") as made:
        yield made


class Saying:
    """A declare that is under way: the person waits for Slack, Slack for the bot."""

    def __init__(self, lane: Lane, occasion: object) -> None:
        lane.tripwire.set(None, lambda: None)
        self.evidence = Evidence(lane.world, lane.title(occasion))
        lane.declared.append(self.evidence)
        self._lane, self._before = lane, lane.receipts()
        text = f"/incident declare P1 social-live {self.evidence.title}"
        self.result: asyncio.Task[CommandResult] = asyncio.create_task(lane.world.say(text))

    @property
    def received(self) -> bool:
        """Whether the bot has written the request down."""
        return self._lane.receipts() > self._before

    @property
    def acknowledged(self) -> bool:
        """Whether Slack knows."""
        return self.result.done()

    @property
    def begun(self) -> bool:
        """Whether the workspace was asked for anything."""
        return bool(self._lane.tripwire.seen)

    async def goes_on(self) -> None:
        """Kill the bot here, start the next one, and find that all is done once."""
        told = TOLD in self._lane.tripwire.seen
        await self._lane.restart()
        await self.evidence.complete()
        self.evidence.check(most_answers=2 if told else 1)
        await self.result


async def test_killed_before_the_receipt_it_is_delivered_again_or_never_acknowledged(alone: Lane) -> None:
    alone.bot.freeze()
    saying = Saying(alone, "before the receipt")
    await until(lambda: alone.unacknowledged, "Slack has sent it")
    assert not saying.received
    await alone.restart()
    if (await saying.result).acked:
        await saying.evidence.complete()
        saying.evidence.check()
    else:  # the start took more than Slack's three seconds, and the person knows that nothing was done
        alone.declared.clear()
    await alone.check()


async def test_killed_between_receipt_and_acknowledgement(alone: Lane) -> None:
    for number in range(_TRIES):
        saying = Saying(alone, f"receipt {number}")
        await run_until(alone.bot, lambda: saying.received or saying.acknowledged)  # noqa: B023 used at once
        met = saying.received and not saying.acknowledged
        await saying.goes_on()
        if met:
            break
    else:
        raise AssertionError(f"The moment slipped through {_TRIES} times")
    await alone.check()


async def test_killed_between_acknowledgement_and_first_step(alone: Lane) -> None:
    for number in range(_TRIES):
        saying = Saying(alone, f"acknowledgement {number}")
        await run_until(alone.bot, lambda: saying.acknowledged)  # noqa: B023 used at once
        met = not saying.begun
        await saying.goes_on()
        if met:
            break
    else:
        raise AssertionError(f"The moment slipped through {_TRIES} times")
    await alone.check()


async def test_killed_at_moments_all_over_a_declare(alone: Lane) -> None:
    """Between two calls there are commits: of receipt, incident, workflow, steps, effects, outbox."""
    for slices in range(3, 180, 16):
        saying = Saying(alone, slices)
        await run_until(alone.bot, lambda: saying.acknowledged)  # noqa: B023 used at once
        for _ in range(slices):
            await run_slice(alone.bot)
        await saying.goes_on()
    await alone.check()


async def test_terminated_it_hands_over_and_the_next_process_goes_on(alone: Lane) -> None:
    for method in ("conversations.create", "chat.postMessage header", "pins.add"):
        for stage in ("asked", "done"):
            alone.terminate_at(method, stage)
            evidence = await alone.declare(f"{method} {stage}")
            assert await alone.bot.gone() == 0
            told = TOLD in alone.tripwire.seen
            await alone.bot.start()
            await evidence.complete()
            evidence.check(most_answers=2 if told else 1)
    await alone.check()
