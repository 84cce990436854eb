"""Who may allow a change: people of the team, of the groups that are named, and never whoever asked."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.access.roles import rights_of
from bot.errors import NotAllowed
from bot.remediation.deciding import Deciding, Hand
from bot.store import requests
from tests.commands.hands import settled
from tests.remediation.bakery import Bakery, bakery

GROUPS = """
approvals:
  - {groups: [bakers, night-bakers]}
"""


async def refused(shop: Bakery, by: str, sentence: str) -> None:
    """Assert that somebody cannot approve, and is told why."""
    await shop.say("/request approve REQ-1", by=by)
    assert await shop.answered(sentence, by=by) == sentence
    assert (await shop.request()).state == requests.WAITING


def become(shop: Bakery, name: str, **traits: bool) -> None:
    """Make somebody another kind of account, as the workspace's admins do."""
    users = shop.world.workspace.users
    who = shop.world.person(name)
    users[who] = replace(users[who], **traits)  # type: ignore[arg-type]  # all of them are bool


async def test_whoever_asked_does_not_get_around_it_through_a_second_group(tmp_path: Path) -> None:
    async with bakery(tmp_path, platform=GROUPS) as shop:
        for handle in ("bakers", "night-bakers"):
            shop.world.workspace.add_usergroup(handle, users=["ada"])
        await shop.say("/run bakery restart", by="ada")
        await shop.in_state(requests.WAITING)
        await refused(shop, "ada", "You asked for REQ-1, so somebody else has to allow it.")


async def test_only_people_of_a_named_group_allow_it(tmp_path: Path) -> None:
    async with bakery(tmp_path, platform=GROUPS) as shop:
        shop.world.workspace.add_usergroup("bakers", users=["abe"])
        shop.world.workspace.add_usergroup("night-bakers", users=["arne"])
        await shop.asked()
        await shop.told("by approvers in @bakers or @night-bakers, and not by whoever asked")
        outside = "People of @bakers or @night-bakers allow changes like this on Bakery, and you are not one of them."
        await refused(shop, "ada", outside)
        await shop.press("Approve", by="arne")
        assert (await shop.ended()).state == requests.DONE


async def test_nobody_allows_it_when_there_is_no_such_group(tmp_path: Path) -> None:
    async with bakery(tmp_path, platform=GROUPS) as shop:
        await shop.asked()
        gone = "There are no user groups @bakers or @night-bakers in Slack, so nobody can allow changes on Bakery"
        await refused(shop, "ada", f"{gone}: its runbook names them.")


async def test_a_guest_allows_nothing(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        become(shop, "ada", guest=True)
        await shop.asked()
        await refused(shop, "ada", "Guests allow no changes on Bakery.")


@pytest.mark.parametrize(
    ("trait", "sentence"),
    [
        ("is_bot", "Bots allow no changes on Bakery."),
        ("deactivated", "This account is deactivated, and allows no changes on Bakery."),
    ],
)
async def test_an_account_that_no_person_uses_any_more_allows_nothing(
    tmp_path: Path, trait: str, sentence: str
) -> None:
    """Slack lets neither of them press anything: their click is one that was under way already."""
    async with bakery(tmp_path) as shop:
        await shop.asked()
        become(shop, "ada", **{trait: True})
        ada, bot = shop.world.person("ada"), shop.world.bot
        async with bot.store.read() as connection:
            rights = await rights_of(connection, ada)
        with pytest.raises(NotAllowed) as refusal:
            await bot.services[Deciding].approve(1, rights, Hand(ada, datetime.now(UTC), "click"))
        assert str(refusal.value) == sentence
        assert (await shop.request()).state == requests.WAITING


async def test_a_guest_does_not_break_the_glass_either(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        become(shop, "abe", guest=True)
        await shop.asked()
        await shop.say("/request break-glass REQ-1 it burns", by="abe")
        await shop.answered("Guests allow no changes on Bakery.", by="abe")
        await settled(shop.world)
        assert (await shop.request()).state == requests.WAITING
