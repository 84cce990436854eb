"""A part of the room that does not work: said once, everything else goes on, and the button helps."""

import asyncio
from dataclasses import replace

import pytest

from sandbox.slack.faults import Fault
from tests.faults.room import TRY_AGAIN, declared, texts, works
from tests.kill.evidence import ANNOUNCED_IN
from tests.world import World

PERMISSION = "Slack has not given Opsroom the permission. Install the app anew with the current manifest"
PAID = "User groups need a paid Slack plan. Invite people by hand, or change the plan"
CASES = [
    (
        "pin", "pins.add", "missing_scope",
        f"I could not pin the header. {PERMISSION}", "The header is pinned",
    ),
    (
        "pin", "pins.add", "too_many_pins",
        "I could not pin the header. This channel has as many pins as Slack allows. Remove one",
        "The header is pinned",
    ),
    (
        "bookmarks", "bookmarks.add", "missing_scope",
        f"I could not add the bookmarks. {PERMISSION}", "The bookmarks are there",
    ),
    (
        "responders", "usergroups.list", "missing_scope",
        f"I could not bring all responders in. {PERMISSION}", "The responders are in",
    ),
    (
        "responders", "usergroups.list", "plan_upgrade_required",
        f"I could not bring all responders in. {PAID}",
        "The responders are in",
    ),
    (
        "topic", "conversations.setTopic", "missing_scope",
        f"I could not set the topic. {PERMISSION}", "The topic is set",
    ),
]  # fmt: skip


SCOPES = [
    ("pin", "pins:write", "pins.add", "I could not pin the header"),
    ("bookmarks", "bookmarks:write", "bookmarks.add", "I could not add the bookmarks"),
    ("responders", "usergroups:read", "usergroups.list", "I could not bring all responders in"),
]


@pytest.mark.parametrize(("part", "scope", "method", "said"), SCOPES, ids=lambda value: str(value)[:30])
async def test_a_missing_scope_is_named(world: World, part: str, scope: str, method: str, said: str) -> None:
    granted = world.workspace.manifest
    world.workspace.manifest = replace(granted, scopes=granted.scopes - {scope})
    room = await declared(world)
    await works(world, room, part)
    await world.until(lambda: texts(room, "⚠️"))
    (told,) = texts(room, "⚠️")
    assert told == (
        f"⚠️ {said}. {PERMISSION}, then try again. Everything else goes on.\n"
        f"_Slack refused {method}: missing_scope (it needs the scope {scope})._"
    )
    world.workspace.manifest = granted
    await world.press(TRY_AGAIN, room.id)
    await works(world, room)


@pytest.mark.parametrize(("part", "method", "code", "said", "mended"), CASES, ids=lambda value: str(value)[:30])
async def test_a_trouble_is_said_once_and_mended_by_its_button(
    world: World, part: str, method: str, code: str, said: str, mended: str
) -> None:
    world.workspace.faults.add(Fault(method=method, kind="error", error=code, times=None))
    room = await declared(world)
    await works(world, room, part)
    await world.until(lambda: texts(room, "⚠️"))
    assert texts(room, "⚠️") == [
        f"⚠️ {said}, then try again. Everything else goes on.\n_Slack refused {method}: {code}._"
    ]

    await world.press(TRY_AGAIN, room.id)
    await world.until(lambda: len(texts(room, "⚠️")) == 2)

    world.workspace.faults.clear()
    world.workspace.enrol(room, world.person("ada"))
    await asyncio.gather(*(world.press(TRY_AGAIN, room.id, by=person) for person in ("olivia", "ada", "olivia")))
    await world.until(lambda: texts(room, "✅"))
    await works(world, room)
    await asyncio.sleep(0.1)  # a word too many would come about now
    assert texts(room, "✅") == [f"✅ {mended} now."]
    assert len(texts(room, "⚠️")) == 2


async def test_who_presses_late_hears_that_nothing_is_left_to_do(world: World) -> None:
    world.workspace.faults.add(Fault(method="pins.add", kind="error", error="too_many_pins", times=1))
    room = await declared(world)
    await world.press(TRY_AGAIN, room.id)
    await world.until(lambda: texts(room, "✅"))
    await world.press(TRY_AGAIN, room.id, by="rita")
    said = await world.answer("rita", room.id)
    assert said == "The room of INC-1 has no trouble with “pin”. There is nothing to try again."


async def test_the_announcement_channel_is_missing(world: World) -> None:
    channel = world.workspace.channel(ANNOUNCED_IN)
    del world.workspace.channel_names[ANNOUNCED_IN]
    room = await declared(world)
    await works(world, room, "announcement")
    await world.until(lambda: texts(room, "⚠️"))
    (said,) = texts(room, "⚠️")
    assert said == (
        "⚠️ I could not announce INC-1. There is no such channel, or Opsroom is not in it. Invite @opsroom there, "
        "then try again. Everything else goes on.\n_Slack refused chat.postMessage: channel_not_found._"
    )
    world.workspace.channel_names[ANNOUNCED_IN] = channel.id
    await world.press(TRY_AGAIN, room.id)
    await works(world, room)
    await world.until(lambda: texts(room, "✅"))
    assert texts(room, "✅") == ["✅ INC-1 is announced now."]


async def test_an_unknown_user_group_is_named(world: World) -> None:
    world.workspace.usergroups.clear()
    room = await declared(world)
    await works(world, room, "responders")
    await world.until(lambda: texts(room, "⚠️"))
    (said,) = texts(room, "⚠️")
    assert said == (
        "⚠️ I could not bring all responders in. There is no user group as the runbook names it. Make it, "
        "then try again. Everything else goes on.\n"
        "_Slack refused usergroups.list: no_such_group (@social-live-oncall)._"
    )
    world.workspace.add_usergroup("social-live-oncall", users=[world.person("rita")])
    await world.press(TRY_AGAIN, room.id)
    await works(world, room)


async def test_who_cannot_be_invited_is_told_so(world: World) -> None:
    fault = Fault(
        method="conversations.invite", kind="error", error="cant_invite", user=world.person("olivia"), times=1
    )
    world.workspace.faults.add(fault)
    room = await declared(world)
    said = await world.answer(holding="INC-1 is open")
    assert said == f"INC-1 is open: <#{room.id}>. I could not bring you in: please join it yourself."
    await world.press(TRY_AGAIN, room.id, by="rita")
    await world.answer(holding="You are in")
    assert texts(room, "✅") == ["✅ The declarer is in now."]
