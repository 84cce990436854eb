"""The table in docs/access.md: every verb and every button by every role, allowed or kindly refused as it says."""

import re

import pytest

from bot.access.roles import Role
from bot.slack.views.buttons import actions
from bot.store import grants
from bot.store.grants import EVERYWHERE, Grant
from bot.verbs.catalogue import Verb, scan
from bot.verbs.replies import Button
from scripts.access_page import buttons
from tests.verbs.scenes import NOON
from tests.world import HOME, World

VERBS = scan("commands").verbs
_ROW = re.compile(r"^\| `/(?P<path>[a-z -]+)` \| (?P<role>[a-z]+) \|", re.MULTILINE)
_BUTTON_ROW = re.compile(r"^\| (?P<label>[^`|]+) \| `/(?P<path>[a-z -]+)` \| (?P<role>[a-z]+) \|", re.MULTILINE)
PAGE = (HOME / "docs" / "access.md").read_text(encoding="utf-8")
NEEDED = {row["path"]: row["role"] for row in _ROW.finditer(PAGE)}
DECLARE = "/incident declare P1 social-live checkout returns 500"


def needed(verb: Verb) -> Role:
    """Return the role that the table says."""
    said = NEEDED[verb.path]
    return Role.NOBODY if said == "nothing" else Role[said.upper()]


def test_the_table_has_every_verb_and_every_button() -> None:
    assert list(NEEDED) == [verb.path for verb in VERBS]
    rows = {(row["label"], row["path"]) for row in _BUTTON_ROW.finditer(PAGE)}
    assert rows == set(buttons())
    assert all(row["role"] == NEEDED[row["path"]] for row in _BUTTON_ROW.finditer(PAGE))


def test_what_changes_systems_needs_an_operator_at_least() -> None:
    for row in PAGE.splitlines():
        if row.endswith("leads to a change, or keeps from one |"):
            assert {"operator", "approver", "admin"} & set(row.replace("|", " ").split()), row


async def grant(world: World, role: Role) -> None:
    """Give nils a role everywhere."""
    if role:
        async with world.bot.store.begin() as connection:
            given = Grant(world.person("nils"), EVERYWHERE, role.name.lower(), "the tests", NOON)
            await grants.give(connection, given)


async def outcome(world: World, before: int) -> str:
    """Return the first thing that nils gets to see: a new message, or a form, which he closes."""
    await world.until(lambda: len(world.messages("general", "nils")) > before or world.modal("nils"))
    if world.modal("nils") is None:
        return str(world.messages("general", "nils")[before]["text"])
    await world.workspace.people.close_view(world.person("nils"))
    return "a form"


def refusal(verb: Verb, role: Role) -> str:
    has = f"you are {role.title}" if role else "you have no role yet"
    return f"This needs {needed(verb).title}, and {has}. Ask an Opsroom admin for that role."


@pytest.mark.parametrize("role", list(Role))
async def test_every_verb_is_allowed_or_kindly_refused(world: World, role: Role) -> None:
    await grant(world, role)
    for verb in VERBS:
        before = len(world.messages("general", "nils"))
        await world.say(f"/{verb.path}", by="nils")
        said = await outcome(world, before)
        assert (said == refusal(verb, role)) is (role < needed(verb)), (verb.path, said)


@pytest.mark.parametrize("role", list(Role))
async def test_every_button_is_checked_when_it_is_pressed(world: World, role: Role) -> None:
    await grant(world, role)
    for verb in VERBS:
        row = [block.to_dict() for block in actions([Button(verb.title, verb.path)])]
        message = {"channel": world.channel("general"), "text": verb.path, "blocks": row}
        posted = await world.bot.client.call("chat.postMessage", message)
        before = len(world.messages("general", "nils"))
        action = row[0]["elements"][0]["action_id"]
        await world.workspace.people.click(world.person("nils"), world.channel("general"), posted["ts"], action)
        said = await outcome(world, before)
        assert (said == refusal(verb, role)) is (role < needed(verb)), (verb.path, said)


async def test_a_role_that_was_taken_back_no_longer_presses_what_it_was_shown(world: World) -> None:
    await world.say(DECLARE)
    room = await world.room()
    await world.workspace.people.join(world.person("nils"), room.channel_id or "")
    await grant(world, Role.RESPONDER)
    await world.button("Acknowledge", channel=room.channel_id or "", by="nils")
    async with world.bot.store.begin() as connection:
        assert await grants.take_back(connection, world.person("nils"), EVERYWHERE)
    await world.press("Acknowledge", channel=room.channel_id or "", by="nils")
    said = await world.answer("nils", room.channel_id or "")
    assert said == "This needs a responder, and you have no role yet. Ask an Opsroom admin for that role."
    known = await world.incident()
    assert known is not None
    assert known.acknowledged_by is None


async def test_a_role_through_a_group_opens_the_command_and_the_button(world: World) -> None:
    group = world.workspace.add_usergroup("oncall", users=[world.person("nils")])
    async with world.bot.store.begin() as connection:
        given = Grant(group.id, "social-live", "responder", "the tests", NOON, "production", "oncall")
        await grants.give(connection, given)
    await world.say(DECLARE)
    await world.room()
    await world.say("/incident list", by="nils")
    assert await world.answer("nils", holding="1 open incident")
    await world.press("Join", channel="social-live-ops", by="nils")
    room = await world.room()
    await world.until(lambda: world.person("nils") in world.workspace.channels[room.channel_id or ""].members)
