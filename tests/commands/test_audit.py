"""`/audit` as admins use it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.access import audit, granting
from bot.access.audit import Record
from bot.store.grants import EVERYWHERE, Grant
from tests.commands.hands import form, settled, submit
from tests.commands.test_diagnose import words
from tests.verbs.scenes import NOON
from tests.world import World


async def admin(world: World, name: str = "ada", platform: str = EVERYWHERE) -> None:
    """Make somebody an admin, as `opsroom roles grant` does."""
    async with world.bot.store.begin() as connection:
        await granting.give(connection, Grant(world.person(name), platform, "admin", "shell:root", NOON))


async def happened(world: World, *records: Record) -> None:
    async with world.bot.store.begin() as connection:
        for record in records:
            await audit.append(connection, record)


def scaled(world: World, by: str = "omar", **changes: Any) -> Record:
    told: dict[str, Any] = {
        "at": NOON,
        "actor": world.person(by),
        "action": "change.after",
        "subject": "REQ-7",
        "platform": "social-live",
        "details": {"from": 2, "to": "4 <!channel>", "why": None},
    }
    return Record(**{**told, **changes})


async def said(world: World, line: str, by: str = "ada") -> str:
    """Type a command and return all that the newest answer says."""
    before = len(world.answers(by))
    await world.say(line, by=by)
    await world.until(lambda: len(world.answers(by)) > before)
    return words(world.answers(by)[-1])


async def test_it_says_who_did_what_to_what_when_and_where(world: World) -> None:
    await admin(world)
    await happened(world, scaled(world))
    told = await said(world, "/audit")
    omar, ada = world.person("omar"), world.person("ada")
    assert f"2 · <!date^{int(NOON.timestamp())}^" in told
    assert f"<@{omar}> · *change.after* · REQ-7 · social-live\nfrom: 2, to: 4 &lt;!channel&gt;, why: –" in told
    assert f"shell:root · *role.granted* · <@{ada}> · everywhere\nbefore: approver, role: admin" in told
    assert told.index("change.after") < told.index("role.granted")
    assert "Entry 2 has the hash `" in told
    assert "⚠️" not in told


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("/audit", ["5", "4", "3", "2", "1"]),
        ("/audit social-live", ["3", "2"]),
        ("/audit req-7", ["4", "2"]),
        ("/audit zephyr REQ-7", ["4"]),
        ("/audit request.denied", ["3"]),
        ("/audit shell:root", ["1"]),
        ("/audit @rita", ["5", "3"]),
        ("/audit @rita social-live", ["3"]),
        ("/audit before 3 social-live", ["2"]),
        ("/audit deployment/web", ["5"]),
    ],
)
async def test_it_is_narrowed_down(world: World, line: str, numbers: list[str]) -> None:
    await admin(world)
    await happened(
        world,
        scaled(world),
        scaled(world, "rita", subject="REQ-8", action="request.denied"),
        scaled(world, platform="zephyr"),
        scaled(world, "rita", platform="linkist", subject="deployment/web"),
    )
    told = (await said(world, line)).splitlines()
    assert [row.split(" · ")[0] for row in told if "<!date" in row] == numbers


async def test_nothing_of_that_is_said(world: World) -> None:
    await admin(world)
    assert await said(world, "/audit REQ-99") == "*Audit log* · REQ-99: nothing is on record."
    await world.say("/audit @nobody", by="ada")
    asked = await form(world, "ada")
    assert asked.notes == (
        "I do not know who “@nobody” is. Choose the person from the list that Slack shows behind the @.",
    )
    assert asked.fields == {"platform": "", "person": "@nobody", "before": "", "subject": ""}
    assert (await submit(world, "ada", person=world.person("omar"))).closed
    assert "nothing is on record" in await world.answer("ada", holding=world.person("omar"))


async def test_its_help_says_how_to_ask(world: World) -> None:
    await admin(world)
    assert "`/audit [PLATFORM] [PERSON] [BEFORE] [SUBJECT]`" in await said(world, "/audit help")


async def test_older_entries_are_a_click_away(world: World) -> None:
    await admin(world)
    await happened(world, *(scaled(world, at=NOON + timedelta(minutes=n)) for n in range(25)))
    first = await said(world, "/audit social-live @omar REQ-7")
    assert first.count("change.after") == 20
    await world.press("Older", by="ada")
    await world.until(lambda: len(world.answers("ada")) > 1)
    second = words(world.answers("ada")[-1])
    assert second.startswith(f"*Audit log* · social-live · REQ-7 · <@{world.person('omar')}> · before 7")
    assert second.count("change.after") == 5
    assert "has the hash" not in second


async def test_an_admin_of_one_platform_sees_that_one(world: World) -> None:
    await admin(world, "nils", "zephyr")
    await happened(world, scaled(world), scaled(world, platform="zephyr"))
    told = await said(world, "/audit", by="nils")
    assert "social-live" not in told
    assert "has the hash" not in told
    refused = await said(world, "/audit social-live", by="nils")
    assert refused.startswith("This needs an admin on social-live, and you have no role there yet.")


async def test_only_the_one_who_asks_sees_it(world: World) -> None:
    await admin(world)
    await said(world, "/audit")
    await settled(world)
    assert world.texts("general", "vera") == []
    told = await said(world, "/audit", by="vera")
    assert told == "This needs an admin, and you are a viewer. Ask an Opsroom admin for that role."
