"""Roles through user groups: who holds them, where, and for how long what Slack said counts."""

import asyncio
from dataclasses import replace

import pytest

from bot.access.remembering import FRESH, REST, STALE
from bot.access.roles import Role
from bot.errors import NotAllowed
from bot.store.grants import EVERYWHERE, Grant
from sandbox.slack.faults import Fault
from tests.access.offices import SILENCE, Office
from tests.slack.hands import START


def own(office: Office, name: str, role: str, platform: str = EVERYWHERE, environment: str | None = None) -> Grant:
    return Grant(office.person(name), platform, role, "the tests", START, environment)


async def test_members_of_a_group_hold_what_it_was_given_and_others_do_not(office: Office) -> None:
    office.group("oncall", "ada")
    granted = [office.to_group("oncall", "operator", "linkist")]
    ada, olivia = await office.rights("ada", granted), await office.rights("olivia", granted)
    assert (ada.on("linkist"), ada.on("zephyr"), ada.own_platforms) == (Role.OPERATOR, Role.NOBODY, ("linkist",))
    assert olivia.highest is Role.NOBODY


async def test_the_highest_of_the_own_role_and_those_of_all_groups_counts(office: Office) -> None:
    office.group("oncall", "ada")
    office.group("leads", "ada", "olivia")
    granted = [office.to_group("oncall", "operator"), office.to_group("leads", "approver", "zephyr")]
    rights = await office.rights("ada", [own(office, "ada", "viewer"), *granted])
    assert (rights.on("linkist"), rights.on("zephyr")) == (Role.OPERATOR, Role.APPROVER)


async def test_a_role_in_one_environment_counts_on_its_platforms_alone(office: Office) -> None:
    office.group("oncall", "ada")
    granted = [office.to_group("oncall", "admin", environment="staging"), own(office, "ada", "viewer")]
    rights = await office.rights("ada", granted)
    assert (rights.on("linkist"), rights.on("zephyr"), rights.on(EVERYWHERE)) == (
        Role.VIEWER,
        Role.ADMIN,
        Role.VIEWER,
    )
    assert rights.on("a platform that is gone") is Role.VIEWER


async def test_a_role_in_an_environment_without_a_platform_is_none(office: Office) -> None:
    nowhere = [
        own(office, "ada", "admin", environment="development"),
        own(office, "ada", "admin", "linkist", environment="staging"),
    ]
    rights = await office.rights("ada", nowhere)
    assert (rights.highest, rights.own_platforms) == (Role.NOBODY, ())


async def test_slack_is_not_asked_when_no_group_could_add_anything(office: Office) -> None:
    office.group("oncall", "ada")
    await office.rights("ada", [own(office, "ada", "operator")])
    await office.rights("ada", [own(office, "ada", "operator"), office.to_group("oncall", "operator", "linkist")])
    assert len(office.workspace.calls) == 0


async def test_an_answer_is_remembered_for_a_minute(office: Office) -> None:
    office.group("oncall", "ada")
    granted = [office.to_group("oncall", "operator")]
    await asyncio.gather(*(office.rights("ada", granted) for _ in range(20)))
    office.group("oncall")
    office.clock.leap(FRESH.total_seconds() - 1)
    assert (await office.rights("ada", granted)).highest is Role.OPERATOR
    assert (office.calls("usergroups.users.list"), office.calls("users.info")) == (1, 1)
    office.clock.leap(1)
    assert (await office.rights("ada", granted)).highest is Role.NOBODY
    assert office.calls("usergroups.users.list") == 2


async def test_when_slack_is_silent_an_answer_counts_for_ten_minutes_and_then_nothing_does(office: Office) -> None:
    office.group("oncall", "ada")
    granted = [office.to_group("oncall", "operator")]
    await office.rights("ada", granted)
    office.workspace.faults.add(SILENCE)
    office.clock.leap(STALE.total_seconds() - 60)
    assert (await office.rights("ada", granted)).highest is Role.OPERATOR
    office.clock.leap(60)
    rights = await office.rights("ada", granted)
    assert rights.highest is Role.NOBODY
    with pytest.raises(NotAllowed) as refused:
        rights.require(Role.OPERATOR, "linkist")
    assert str(refused.value) == (
        "This needs an operator on linkist, and you have no role there yet. "
        "Slack does not say just now whether you are in @oncall, which may change that. Try again in a minute."
    )
    office.workspace.faults.clear()
    office.clock.leap(REST.total_seconds())
    assert (await office.rights("ada", granted)).highest is Role.OPERATOR


async def test_nobody_waits_again_right_after_a_question_in_vain(office: Office) -> None:
    office.group("oncall", "ada")
    granted = [office.to_group("oncall", "operator")]
    office.workspace.faults.add(SILENCE)
    assert (await office.rights("ada", granted)).highest is Role.NOBODY
    asked = len(office.workspace.calls)
    assert (await office.rights("ada", granted)).highest is Role.NOBODY
    assert len(office.workspace.calls) == asked


async def test_who_has_little_time_does_not_wait_for_slack_but_the_next_one_has_the_answer(office: Office) -> None:
    office.group("oncall", "ada")
    granted = [office.to_group("oncall", "operator")]
    office.workspace.faults.add(Fault(method="usergroups.users.list", kind="slow", seconds=0.5))
    assert (await office.rights("ada", granted, patience=0.01)).highest is Role.NOBODY
    assert (await office.rights("ada", granted)).highest is Role.OPERATOR
    assert office.calls("usergroups.users.list") == 1


async def test_what_slack_refuses_to_tell_no_longer_counts(office: Office) -> None:
    office.group("oncall", "ada")
    granted = [office.to_group("oncall", "operator")]
    await office.rights("ada", granted)
    office.clock.leap(FRESH.total_seconds())
    refusal = Fault(method="usergroups.users.list", kind="error", error="plan_upgrade_required", times=None)
    office.workspace.faults.add(refusal)
    assert (await office.rights("ada", granted)).highest is Role.NOBODY


async def test_a_group_that_was_removed_gives_nothing(office: Office) -> None:
    group = office.group("oncall", "ada")
    granted = [office.to_group("oncall", "operator")]
    del office.workspace.usergroups[group]
    with pytest.raises(NotAllowed, match="Ask an Opsroom admin for that role"):
        (await office.rights("ada", granted)).require(Role.VIEWER)


async def test_another_group_that_took_the_handle_gives_nothing(office: Office) -> None:
    old = office.group("oncall", "ada")
    granted = [office.to_group("oncall", "operator")]
    office.workspace.usergroups[old] = replace(office.workspace.usergroups[old], handle="formerly")
    office.group("oncall", "olivia")
    assert (await office.rights("ada", granted)).highest is Role.OPERATOR
    assert (await office.rights("olivia", granted)).highest is Role.NOBODY


async def test_a_guest_in_a_group_is_a_viewer_at_most(office: Office) -> None:
    office.group("oncall", "gus")
    office.group("audience", "gus")
    granted = [office.to_group("oncall", "admin"), office.to_group("audience", "viewer")]
    assert (await office.rights("gus", granted)).highest is Role.VIEWER
