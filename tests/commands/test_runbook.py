"""`/runbook` as people use it, several at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.errors import TargetUnreachable
from bot.operations.output import Output
from bot.runbooks.platforms import Platforms
from bot.store import walkthroughs
from bot.store.audit import Wanted, walk
from sandbox.slack.faults import Fault
from tests.commands.hands import form, settled, submit
from tests.commands.shop import shop
from tests.commands.test_diagnose import words
from tests.world import World


def board(world: World, channel: str = "ops") -> str:
    """Return what the walkthrough's message says."""
    found = [m for m in world.messages(channel) if "WALK-" in m["text"]]
    return words(found[-1]) if found else ""


async def press(world: World, label: str, step: int, by: str = "olivia", channel: str = "ops") -> None:
    """Press a button of one step, as it is drawn now."""

    def look() -> tuple[str, str] | None:
        for message in world.messages(channel, by):
            for block in message["blocks"]:
                for element in block.get("elements", []) if block["type"] == "actions" else []:
                    if element["text"]["text"] == label and f'WALK-1 {step}"' in element["value"]:
                        return message["ts"], element["action_id"], block["block_id"]  # type: ignore[return-value]
        return None

    found: Any = await world.until(look)
    await world.workspace.people.click(world.person(by), world.channel(channel), found[0], found[1], block_id=found[2])


async def started(world: World, channel: str = "ops") -> None:
    await world.say("/runbook start shop service-down", channel=channel)
    await world.until(lambda: "0 of 6 steps" in board(world, channel))


async def test_the_list_names_every_runbook_and_how_to_go_on(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/runbook list shop", by="vera")
        said = words((await world.until(lambda: world.answers("vera")))[-1])
        assert "• `service-down` Service down – Nobody can buy" in said
        assert "`/runbook start shop NAME` begins it." in said


async def test_a_page_shows_the_commands_and_what_they_are_for(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/runbook show shop service down", by="vera")
        said = words((await world.until(lambda: world.answers("vera")))[-1])
        assert "• Backend pods\n    `kubectl get pods -l app=backend`" in said
        assert "• Look at the dashboard (on-call engineer)" in said
        assert "• Restart the backend (when pods is critical)\n    `kubectl rollout restart deployment/backend`" in said


async def test_people_go_through_it_together(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await started(world)
        await press(world, "Run", 1)
        await world.until(lambda: "🔴 1 pod, which is critical" in board(world))
        await press(world, "Done", 3, by="rita")
        await world.until(lambda: "2 of 6 steps" in board(world))
        await press(world, "Skip", 5)
        asked = await form(world)
        assert asked.fields["note"] == ""
        assert (await submit(world, note="they say that all is well")).closed
        await world.until(lambda: "_they say that all is well_" in board(world))
        await world.press("End this walkthrough", channel="ops")
        said = await world.until(lambda: board(world) if "Ended by" in board(world) else "")
        assert "Done" not in said
        assert f"✅ *3.* Look at the dashboard · <@{world.person('rita')}>" in said


async def test_a_step_that_needs_a_value_asks_for_it(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await started(world)
        await press(world, "Run", 2)
        assert (await form(world)).fields == {"given.pod-name": ""}
        assert (await submit(world, **{"given.pod-name": "web-2"})).closed
        await world.until(lambda: "✅ *2.* Log of one pod · 🟢" in board(world))


async def test_a_step_takes_no_value_of_the_wrong_kind(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/runbook start shop service-down pod-name=WEB", channel="ops")
        said = "“WEB” is no pod’s name. Names look like web-7d9f8b6c5-x2x4q."
        answer = await world.answer(channel="ops", holding="Nothing")
        assert answer == f"Nothing was started. The value of pod-name: {said}"
        await started(world)
        await press(world, "Run", 2)
        await form(world)
        assert not (await submit(world, **{"given.pod-name": "WEB"})).closed
        assert (await form(world)).errors == {"given.pod-name": said}
        assert "⬜ *2.*" in board(world)


async def _looking(world: World, since: timedelta) -> None:
    """Let somebody have begun to look at the first step, and never come back."""
    async with world.bot.store.begin() as connection:
        held: dict[str, Any] = {"state": "running", "by": world.person("olivia"), "at": datetime.now(UTC) - since}
        assert await walkthroughs.change(connection, 1, 1, ("open",), **held)


async def test_a_look_that_never_came_back_can_be_begun_by_anybody(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await started(world)
        await _looking(world, timedelta(seconds=5))
        await world.say("/runbook run WALK-1 1", by="rita", channel="ops")
        said = await world.answer("rita", "ops", holding="looking")
        assert said == "Somebody is looking at step 1 right now. If nothing comes of it, try again in some minutes."
        await press(world, "Done", 3)
        await world.until(lambda: "is looking" in board(world))
        async with world.bot.store.begin() as connection:
            assert await walkthroughs.change(connection, 1, 1, ("running",), at=datetime.now(UTC) - timedelta(hours=1))
        await press(world, "Run again", 1, by="rita")
        await world.until(lambda: "✅ *1.* Backend pods · 🔴" in board(world))


async def test_a_look_that_never_came_back_can_be_skipped(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await started(world)
        await _looking(world, timedelta(seconds=5))
        await world.say("/runbook skip WALK-1 1 it hangs", by="rita", channel="ops")
        await world.until(lambda: "⏭️ *1.* Backend pods · _it hangs_" in board(world))


async def test_a_look_without_an_answer_is_not_done(tmp_path: Path) -> None:
    gone = TargetUnreachable("The cluster does not answer.")
    async with shop(tmp_path, {"kubectl get pods -l app=backend": gone}) as world:
        await started(world)
        await press(world, "Run", 1)
        await world.until(lambda: "⚠️ *1.* Backend pods · ⚪ The cluster does not answer." in board(world))
        assert "0 of 6 steps" in board(world)
        await press(world, "Run again", 1)
        await settled(world)
        await press(world, "Done", 1)
        await world.until(lambda: "1 of 6 steps" in board(world))


async def test_a_click_before_it_is_known_where_the_message_is_shows_all_the_same(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        world.workspace.faults.add(Fault(method="chat.postMessage", kind="cut_after"))
        await world.say("/runbook start shop service-down", channel="ops")
        await world.until(lambda: board(world))
        await world.say("/runbook done WALK-1 3", channel="ops")
        await world.until(lambda: "1 of 6 steps" in board(world))


async def test_a_runbook_that_changed_meanwhile_leaves_nobody_without_a_way(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await started(world)
        platforms = world.bot.services[Platforms]
        old = platforms.all
        platforms.all = tuple(
            shop.model_copy(update={"probes": {}, "procedures": {}}) if shop.name == "shop" else shop for shop in old
        )
        await world.say("/runbook run WALK-1 1", channel="ops")
        said = await world.answer(channel="ops", holding="changed")
        assert said.startswith("The runbook has changed: it no longer says how to look at step 1. Do it by hand")
        await press(world, "Done", 3)
        await press(world, "Done", 1)
        await world.until(lambda: "2 of 6 steps" in board(world))
        platforms.all = ()
        await world.say("/runbook done WALK-1 4", channel="ops")
        assert await world.answer(channel="ops", holding="platform") == (
            "The platform shop of WALK-1 is no longer in the runbooks."
        )


async def test_a_value_that_the_step_says_is_not_asked_for_and_stays(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/runbook show shop second-pod", by="vera")
        page = words((await world.until(lambda: world.answers("vera")))[-1])
        assert "`kubectl logs &lt;pod-name&gt; --tail=200`\n    with pod-name: web-2" in page
        await world.say("/runbook start shop second-pod pod-name=web-9", channel="ops")
        await world.until(lambda: "0 of 1 steps" in board(world))
        assert "with pod-name: web-2" in board(world)
        await press(world, "Run", 1)
        await world.until(lambda: "1 of 1 steps" in board(world))
        assert "✅ *1.* Log of one pod · 🟢" in board(world)


async def test_of_two_clicks_at_once_one_counts_and_no_click_is_lost(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await started(world)
        both = [press(world, "Done", 3, by="olivia"), press(world, "Done", 3, by="rita")]
        others = [press(world, "Done", step, by="rita") for step in (4, 5, 6)]
        await asyncio.gather(*both, *others)
        await settled(world)
        await world.until(lambda: "4 of 6 steps" in board(world))
        said = [a["text"] for name in ("olivia", "rita") for a in world.answers(name, "ops")]
        assert said == ["Step 3 is done already."]
        async with world.bot.store.read() as connection:
            kept = await walkthroughs.by_number(connection, 1)
        assert kept is not None
        assert [step.state for step in kept.steps] == ["open", "open", "done", "done", "done", "done"]


async def test_a_step_that_changes_something_has_no_run_button(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await started(world)
        await world.say("/runbook run WALK-1 4", channel="ops")
        said = await world.answer(channel="ops", holding="Step 4")
        assert said.startswith("Step 4 is nothing that Opsroom can look at: ask for it with /run shop restart-backend")


async def test_what_somebody_changed_by_hand_is_in_the_audit_log_once(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await started(world)
        await press(world, "Done", 3)
        await asyncio.gather(*(press(world, "Done", 4, by=name) for name in ("olivia", "rita")))
        await settled(world)
        await world.until(lambda: "2 of 6 steps" in board(world))
        kept = [entry async for entry in walk(world.bot.store, Wanted())]
        assert [(e.action, e.subject, e.platform) for e in kept] == [("step.done", "WALK-1", "shop")]
        assert kept[0].actor in (world.person("olivia"), world.person("rita"))
        assert kept[0].as_json()["details"] == {
            "procedure": "service-down",
            "step": 4,
            "action": "restart-backend",
            "title": "Restart the backend",
            "note": None,
            "incident": None,
        }


async def test_in_a_room_what_is_done_is_in_the_timeline(tmp_path: Path) -> None:
    async with shop(tmp_path, {"redis-cli PING": Output("PONG")}) as world:
        await world.say("/incident declare P1 shop nobody can buy")
        room = (await world.room()).channel_name or ""
        await started(world, room)
        await press(world, "Done", 3, channel=room)
        await world.until(lambda: "1 of 6 steps" in board(world, room))
        await world.say("/incident show INC-1")
        said = words((await world.until(world.answers))[-1])
        assert "Started Service down" in await world.until(
            lambda: next((w for a in world.answers() if "Started" in (w := words(a))), "")
        ), said
        assert any("Service down, step 3 done: Look at the dashboard" in words(a) for a in world.answers())


async def test_where_opsroom_cannot_write_nothing_is_started(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        world.workspace.add_channel("secret", members=[world.person("olivia")], private=True)
        await world.say("/runbook start shop service-down", channel="secret")
        assert "I cannot write here." in await world.answer(channel="secret", holding="write")
        async with world.bot.store.read() as connection:
            assert await walkthroughs.still_open(connection, ["shop"], 5) == []


async def test_what_does_not_exist_is_said_kindly(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/runbook done WALK-9 1")
        assert await world.answer(holding="WALK-9") == (
            "There is no walkthrough WALK-9. /runbook list shows those that go on."
        )
        await started(world)
        await world.say("/runbook done WALK-1 77", channel="ops")
        assert await world.answer(channel="ops", holding="77") == "WALK-1 has no step 77; it has 6."
