"""Who may allow a change: people, of the groups that the platform names."""

from dataclasses import replace

import pytest

from bot.access.remembering import FRESH, REST
from sandbox.slack.faults import Fault
from tests.access.offices import SILENCE, Office


async def test_a_member_may_approve(office: Office) -> None:
    assert await office.approvers.may_approve(office.person("ada"), "linkist") is None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("gus", "Guests allow no changes on linkist."),
        ("dora", "This account is deactivated, and allows no changes on linkist."),
    ],
)
async def test_whoever_is_no_full_member_may_not_in_whatever_group(office: Office, name: str, sentence: str) -> None:
    office.group("leads", name)
    assert await office.approvers.may_approve(office.person(name), "linkist", ["leads"]) == sentence


async def test_bots_and_strangers_may_not(office: Office) -> None:
    bot = office.workspace.bot.id
    assert await office.approvers.may_approve(bot, "linkist") == "Bots allow no changes on linkist."
    assert await office.approvers.may_approve("U0NOBODY", "linkist") == (
        "Slack does not know this account, and so it allows no changes on linkist."
    )


async def test_one_of_the_groups_is_enough(office: Office) -> None:
    office.group("leads", "olivia")
    office.group("dba", "ada")
    assert await office.approvers.may_approve(office.person("ada"), "linkist", ["leads", "dba"]) is None


async def test_whoever_is_in_none_of_the_groups_is_told_which_they_are(office: Office) -> None:
    office.group("leads", "olivia")
    office.group("dba")
    assert await office.approvers.may_approve(office.person("ada"), "linkist", ["leads", "dba", "gone"]) == (
        "People of @leads or @dba allow changes like this on linkist, and you are not one of them."
    )


async def test_a_group_that_does_not_exist_is_named(office: Office) -> None:
    assert await office.approvers.may_approve(office.person("ada"), "linkist", ["gone"]) == (
        "There is no user group @gone in Slack, so nobody can allow changes on linkist: its runbook names it."
    )
    assert await office.approvers.may_approve(office.person("ada"), "linkist", ["gone", "lost"]) == (
        "There are no user groups @gone or @lost in Slack, so nobody can allow changes on linkist: "
        "its runbook names them."
    )


async def test_somebody_deactivated_a_minute_ago_may_no_longer(office: Office) -> None:
    ada = office.person("ada")
    assert await office.approvers.may_approve(ada, "linkist") is None
    office.workspace.users[ada] = replace(office.workspace.users[ada], deactivated=True)
    office.clock.leap(FRESH.total_seconds())
    assert await office.approvers.may_approve(ada, "linkist") == (
        "This account is deactivated, and allows no changes on linkist."
    )


async def test_what_nobody_can_tell_is_a_no(office: Office) -> None:
    office.group("leads", "ada")
    ada = office.person("ada")
    office.workspace.faults.add(SILENCE)
    assert await office.approvers.may_approve(ada, "linkist", ["leads"]) == (
        "Slack does not say just now who you are, so nothing is allowed on linkist. Try again in a minute."
    )
    office.workspace.faults.clear()
    office.clock.leap(REST.total_seconds())
    for method in ("usergroups.list", "usergroups.users.list"):
        office.workspace.faults.add(Fault(method=method, kind="http_500", times=None))
        assert await office.approvers.may_approve(ada, "linkist", ["leads"]) == (
            "Slack does not say just now who is in @leads. Try again in a minute."
        )
        office.workspace.faults.clear()
        office.clock.leap(REST.total_seconds())
    assert await office.approvers.may_approve(ada, "linkist", ["leads"]) is None
