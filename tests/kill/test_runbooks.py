"""SIGKILL while a diagnosis or a step of a walkthrough goes on: it is answered, once, and nothing stays half done."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.kill.lane import Lane, lane
from tests.kill.process import until
from tests.kill.shop import Room, Shop, opened, shop
from tests.kill.test_replicas import DEAD_AFTER, Fleet, fleet
from tests.kill.tripwire import Moment
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.kill


@asynccontextmanager
async def _room(folder: Path) -> AsyncIterator[tuple[Room, Shop]]:
    async with shop(folder) as made, lane(folder / "lane", **made.settings) as alone:
        yield await opened(alone), made


async def _dies(lane: Lane) -> None:
    await until(lambda: not lane.bot.alive, "the bot was killed")
    await lane.restart()


def _whole(room: Room, reports: int) -> Callable[[], bool]:
    """Return whether so many reports are complete, each with its file."""

    def look() -> bool:
        done = [message for message in room.posted("diagnosis") if "⏳" not in message.text]
        return len(done) == reports and len(room.shared()) >= reports

    return look


async def test_a_diagnosis_is_answered_once_whenever_the_bot_dies(tmp_path: Path) -> None:
    moments = [
        ("chat.postMessage diagnosis", "asked"),
        ("chat.postMessage diagnosis", "done"),
        ("files.getUploadURLExternal", "done"),
        ("files.completeUploadExternal", "asked"),
        ("files.completeUploadExternal", "done"),
    ]
    async with _room(tmp_path) as (room, _):
        for count, (method, stage) in enumerate(moments, 1):
            room.lane.tripwire.set(Moment(method, 1, stage), room.lane.bot.kill)
            await room.say("/diagnose log")
            await _dies(room.lane)
            await until(_whole(room, count), f"{method} {stage}: {room.posted('diagnosis')}")
            await room.at_rest()
            assert (len(room.posted("diagnosis")), room.shared()) == (count, ["Log"] * count)
            assert room.noted("finding") == count


async def test_killed_while_a_target_is_asked_the_report_still_comes_to_its_end(tmp_path: Path) -> None:
    async with _room(tmp_path) as (room, made):
        made.free.clear()
        made.asked.clear()
        await room.say("/diagnose look-around")
        await until(lambda: room.posted("diagnosis"), "it shows that it is looking")
        assert "⏳" in room.posted("diagnosis")[0].text
        room.lane.bot.kill()
        made.free.set()
        await _dies(room.lane)
        await until(_whole(room, 1), "the report is whole")
        await room.at_rest()
        assert (len(room.posted("diagnosis")), room.shared(), room.noted("finding")) == (1, ["Log"], 1)


async def test_a_walkthrough_begins_once_and_its_steps_come_to_their_end(tmp_path: Path) -> None:
    async with _room(tmp_path) as (room, made):
        for count, stage in enumerate(("asked", "done"), 1):
            room.lane.tripwire.set(Moment("chat.postMessage walkthrough", 1, stage), room.lane.bot.kill)
            await room.say("/runbook start look-around")
            await _dies(room.lane)
            await until(lambda: len(room.posted("walkthrough")) == count, stage)  # noqa: B023 used at once
            await room.at_rest()
            assert (len(room.posted("walkthrough")), room.noted("runbook")) == (count, count)
        made.free.clear()
        made.asked.clear()
        await _press(room, "Run", "WALK-1 1")
        await until(made.asked.is_set, "the target is asked")
        room.lane.bot.kill()
        made.free.set()
        await _dies(room.lane)
        await until(lambda: "1 of 3 steps" in room.posted("walkthrough")[0].text, "the step is done")
        for number, (label, step, stage) in enumerate([("Done", 3, "asked"), ("Run", 2, "done")], 2):
            room.lane.tripwire.set(Moment("chat.update", 1, stage), room.lane.bot.kill)
            await _press(room, label, f"WALK-1 {step}")
            await _dies(room.lane)
            shown = f"{number} of 3 steps"
            await until(lambda: shown in room.posted("walkthrough")[0].text, shown)  # noqa: B023 used at once
            await room.at_rest()
            assert room.noted("step") == number


async def test_three_replicas_answer_while_one_of_them_dies(tmp_path: Path, postgres: Postgres) -> None:
    async with shop(tmp_path) as made, fleet(tmp_path, postgres, DEAD_AFTER, **made.settings) as three:
        room = await opened(three)
        made.free.clear()
        made.asked.clear()
        await room.say("/diagnose look-around")
        await until(made.asked.is_set, "the target is asked")
        await _replaced(three, made)
        await until(_whole(room, 1), "the report is whole")
        await room.say("/runbook start look-around")
        await until(lambda: room.posted("walkthrough"), "it begins")
        made.free.clear()
        made.asked.clear()
        await _press(room, "Run", "WALK-1 2")
        await until(made.asked.is_set, "the target is asked")
        await _replaced(three, made)
        await until(lambda: "1 of 3 steps" in room.posted("walkthrough")[0].text, "the step is done")
        await room.at_rest()
        assert (len(room.posted("diagnosis")), len(room.posted("walkthrough")), room.shared()) == (1, 1, ["Log"])
        assert (room.noted("finding"), room.noted("runbook"), room.noted("step")) == (1, 1, 1)


async def _replaced(three: Fleet, made: Shop) -> None:
    """Kill the replica that took the latest request, and start another one."""
    three.taker().kill()
    await until(lambda: three.dead, "it is dead")
    made.free.set()
    await three.replace()


async def _press(room: Room, label: str, where: str) -> None:
    """Press a button of one step, as it is drawn now."""

    def look() -> Any:
        for message in room.posted("walkthrough"):
            for block in message.blocks:
                for element in block["elements"] if block["type"] == "actions" else []:
                    if (element["text"]["text"], json.loads(element["value"])["text"]) == (label, where):
                        return message.ts, element["action_id"], block["block_id"]
        return None

    await until(look, f"{label} of {where} is there")
    ts, action, block = look()
    world = room.lane.world
    await world.workspace.people.click(world.person("olivia"), room.channel.id, ts, action, block_id=block)
