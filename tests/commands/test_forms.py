"""The form for what is missing: opened, redrawn, submitted, refused, gone."""

import asyncio
import sqlite3

import pytest

from bot.store import grants
from bot.store.grants import EVERYWHERE
from sandbox.slack.faults import Fault
from tests.commands.hands import choose, form, settled, submit
from tests.world import World

KINDS = {
    "Severity 1 Critical": "Complete service outage or data loss",
    "Severity 2 High": "Significant feature degradation that affects more than 10% of the users",
    "Severity 3 Medium": "Minor feature issues that affect less than 10% of the users",
}


def fitted(text: str) -> str:
    return text if len(text) <= 75 else text[:74].rstrip() + "…"


async def test_no_severity_opens_a_form_that_says_what_the_severities_mean(world: World) -> None:
    await world.say("/incident declare social-live checkout is down")
    asked = await form(world)
    assert asked.title == "Declare an incident"
    assert asked.notes == ()
    assert asked.fields == {"severity": "", "platform": "social-live", "summary": "checkout is down"}
    assert asked.choices["severity"] == {label: fitted(meaning) for label, meaning in KINDS.items()}
    assert (await submit(world, severity="2")).closed
    assert (await world.room()).severity == "2"
    assert "INC-1 is open" in await world.answer()


async def test_an_unknown_severity_says_which_exist_here_and_what_they_mean(world: World) -> None:
    await world.say("/incident declare P9 social-live checkout is down")
    asked = await form(world)
    kinds = "\n".join(f"• {label}: {meaning}" for label, meaning in KINDS.items())
    assert asked.notes == (f"Social Live has no severity “P9”. It has:\n{kinds}",)
    assert asked.fields == {"severity": "", "platform": "social-live", "summary": "checkout is down"}


async def test_an_unknown_platform_gets_the_nearest_one_chosen(world: World) -> None:
    await world.say("/incident declare P1 socal-live checkout is down")
    asked = await form(world)
    assert asked.notes == ("There is no platform “socal-live”. Did you mean social-live?",)
    assert asked.fields == {"platform": "social-live", "summary": "checkout is down"}
    await choose(world, "platform", "social-live")
    assert (await form(world, holding="severity")).fields["severity"] == "1"


async def test_no_platform_opens_a_form_with_one_select_prefilled_with_the_rest(world: World) -> None:
    await world.say("/incident declare P1 checkout is down")
    asked = await form(world)
    assert asked.fields == {"platform": "", "summary": "checkout is down"}
    assert list(asked.choices["platform"]) == ["Linkist", "Social Live", "Zephyr", "ZZIK Live"]
    await choose(world, "platform", "linkist")
    redrawn = await form(world, holding="severity")
    assert redrawn.fields == {"severity": "P1", "platform": "linkist", "summary": "checkout is down"}
    assert list(redrawn.choices["severity"]) == ["P0 Critical", "P1 High", "P2 Medium", "P3 Low"]
    assert (await submit(world)).closed
    room = await world.room()
    assert (room.platform, room.severity, room.title) == ("linkist", "P1", "checkout is down")


async def test_another_platform_forgets_a_severity_that_it_does_not_have(world: World) -> None:
    await world.say("/incident declare zzik-live search is slow")
    await form(world, holding="severity")
    await choose(world, "severity", "P0")
    await choose(world, "platform", "social-live")
    await world.until(lambda: "Severity 1" in str(world.modal()))
    asked = await form(world)
    assert asked.fields["severity"] == ""
    assert asked.notes[0].startswith("Social Live has no severity “P0”. It has:")


async def test_a_form_that_does_not_show_yet_what_is_missing_shows_it(world: World) -> None:
    await world.say("/incident declare")
    assert list((await form(world)).fields) == ["platform", "summary"]
    world.workspace.faults.add(Fault("views.update", "error", error="hash_conflict", times=None))
    answered = await submit(world, platform="zephyr", summary="votes are lost")
    assert answered.updated
    asked = await form(world)
    assert asked.notes == ("Choose the severity.",)
    assert asked.fields == {"severity": "", "platform": "zephyr", "summary": "votes are lost"}
    assert (await submit(world, severity="High")).closed
    assert (await world.room()).severity == "High"


async def test_errors_stand_beside_their_fields_and_then_all_is_right(world: World) -> None:
    await world.say("/incident declare P1 social-live")
    await form(world)
    refused = await submit(world, summary=" \u200b ")
    assert refused.errors == {"summary": "Say it in a few words."}
    assert (await form(world)).errors == {"summary": "Say it in a few words."}
    assert (await submit(world, summary="checkout is down")).closed
    assert (await world.room()).title == "checkout is down"


async def test_a_form_submitted_twice_declares_once(world: World) -> None:
    await world.say("/incident declare social-live checkout is down")
    await form(world)
    both = await asyncio.gather(submit(world, severity="1"), submit(world, severity="1"))
    assert all(submitted.acked for submitted in both)
    await world.room()
    await settled(world)
    assert await world.incident(2) is None


async def test_a_closed_form_does_nothing(world: World) -> None:
    await world.say("/incident declare social-live checkout is down")
    await form(world)
    await world.workspace.people.close_view(world.person("olivia"))
    await settled(world)
    assert (world.modal(), world.answers(), await world.incident(1)) == (None, [], None)


async def test_a_text_that_is_too_long_keeps_its_end_in_sight(world: World) -> None:
    await world.say("/incident declare P1 social-live " + "a" * 3000 + " and the end")
    asked = await form(world)
    assert asked.fields["summary"] == "a" * 3000
    assert asked.notes == ("That is 3,012 characters long; 3,000 are the most. These do not fit: “ and the end”",)


async def test_a_role_taken_away_between_form_and_submit_is_said_in_the_form(world: World) -> None:
    await world.say("/incident declare social-live checkout is down")
    await form(world)
    async with world.bot.store.begin() as connection:
        await grants.take_back(connection, world.person("olivia"), EVERYWHERE)
    refused = await submit(world, severity="1")
    sentence = "This needs a responder, and you have no role yet. Ask an Opsroom admin for that role."
    assert sentence in (refused.errors or {}).values()
    assert await world.incident(1) is None


async def test_when_the_store_does_not_answer_the_form_says_so_and_stays(world: World) -> None:
    await world.say("/incident declare social-live checkout is down")
    await form(world)
    file = world.settings.database_url.get_secret_value().removeprefix("sqlite:///")
    await settled(world)
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = await submit(world, severity="1")
        other.execute("ROLLBACK")
    other.close()
    assert list((refused.errors or {}).values()) == [
        "Nothing was done: Opsroom's store does not answer. Please try again in a minute."
    ]
    assert refused.delay_seconds < 3
    assert (await submit(world, severity="1")).closed
    await world.room()


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id"])
async def test_a_trigger_that_is_too_old_becomes_a_button(world: World, code: str) -> None:
    world.workspace.faults.add(Fault("views.open", "error", error=code))
    await world.say("/incident declare P9 social-live <b>checkout</b> is down")
    said = await world.answer()
    assert said.startswith("Social Live has no severity “P9”. It has:\n• Severity 1 Critical")
    shown = world.answers()[-1]["blocks"]
    assert shown[0]["text"]["type"] == "plain_text"
    assert shown[1]["elements"][0]["text"] == ("It is typed like this: `/incident declare SEVERITY [PLATFORM] SUMMARY`")
    await world.press("Fill in the form")
    asked = await form(world)
    assert asked.fields == {"severity": "", "platform": "social-live", "summary": "<b>checkout</b> is down"}
    assert (await submit(world, severity="1")).closed
    await world.room()
    assert "INC-1 is open" in await world.answer(holding="INC-1 is open")


async def test_the_form_of_somebody_else_is_not_mine(world: World) -> None:
    world.workspace.faults.add(Fault("views.open", "error", error="expired_trigger_id"))
    await world.say("/incident declare P9 social-live checkout is down", by="omar")
    ts, action = await world.button("Fill in the form", by="omar")
    assert world.answers("olivia") == []
    await world.workspace.people.click(world.person("omar"), world.channel("general"), ts, action)
    await form(world, "omar")
    assert world.modal("olivia") is None
