"""Every verb by every role: allowed, or kindly refused."""

import pytest

from bot.access.roles import Role
from bot.store import grants
from bot.store.grants import EVERYWHERE, Grant
from bot.verbs.catalogue import scan
from tests.commands.hands import settled
from tests.verbs.scenes import NOON
from tests.world import World

LINES = {
    "audit": "",
    "diagnose": "social-live",
    "incident ack": "INC-1",
    "incident declare": "P3 social-live another thing entirely",
    "incident help": "",
    "incident join": "INC-1",
    "incident list": "",
    "incident retry": "INC-1 pin",
    "incident show": "INC-1",
    "runbook done": "WALK-1 1",
    "runbook end": "WALK-1",
    "runbook help": "",
    "runbook list": "social-live",
    "runbook run": "WALK-1 1",
    "runbook show": "social-live high-error-rate",
    "runbook skip": "WALK-1 1 because",
    "runbook start": "social-live high-error-rate",
}
ALLOWED = {
    "audit": Role.ADMIN,
    "incident help": Role.NOBODY,
    "incident list": Role.VIEWER,
    "incident show": Role.VIEWER,
    "diagnose": Role.RESPONDER,
    "incident ack": Role.RESPONDER,
    "incident declare": Role.RESPONDER,
    "incident join": Role.RESPONDER,
    "incident retry": Role.RESPONDER,
    "runbook help": Role.NOBODY,
    "runbook list": Role.VIEWER,
    "runbook show": Role.VIEWER,
    "runbook done": Role.RESPONDER,
    "runbook end": Role.RESPONDER,
    "runbook run": Role.RESPONDER,
    "runbook skip": Role.RESPONDER,
    "runbook start": Role.RESPONDER,
}
DECLARE = "/incident declare P1 social-live checkout returns 500"


def test_the_table_knows_every_verb() -> None:
    assert set(LINES) == set(ALLOWED) == {verb.path for verb in scan("commands").verbs}


async def answer_to(world: World, line: str) -> str:
    """Let nils type a command, and return the first thing that he sees of it."""
    before = len(world.messages("general", "nils"))
    await world.say(line, by="nils")
    await world.until(lambda: len(world.messages("general", "nils")) > before)
    return str(world.messages("general", "nils")[before]["text"])


@pytest.mark.parametrize("role", list(Role))
async def test_every_verb_is_allowed_or_kindly_refused(world: World, role: Role) -> None:
    await world.say(DECLARE)
    await world.room()
    if role:
        async with world.bot.store.begin() as connection:
            grant = Grant(world.person("nils"), EVERYWHERE, role.name.lower(), "the tests", NOON)
            await grants.give(connection, grant)
    has = f"you are {role.title}" if role else "you have no role yet"
    for path, line in LINES.items():
        said = await answer_to(world, f"/{path} {line}")
        refusal = f"This needs {ALLOWED[path].title}, and {has}. Ask an Opsroom admin for that role."
        assert (said == refusal) is (role < ALLOWED[path]), (path, said)
    await settled(world)
    assert (await world.incident(2) is not None) is (role >= Role.RESPONDER)
    known = await world.incident(1)
    assert known is not None
    assert (known.acknowledged_by is not None) is (role >= Role.RESPONDER)


async def test_a_button_is_checked_again_when_it_is_pressed(world: World) -> None:
    await world.say(DECLARE)
    room = await world.room()
    for name in ("vera", "nils"):
        await world.workspace.people.join(world.person(name), room.channel_id or "")
    await world.press("Acknowledge", channel=room.channel_id or "", by="vera")
    said = await world.answer("vera", room.channel_id or "")
    assert said == ("This needs a responder, and you are a viewer. Ask an Opsroom admin for that role.")
    await world.press("Join", channel="social-live-ops", by="nils")
    said = await world.answer("nils", "social-live-ops")
    assert said == "This needs a responder, and you have no role yet. Ask an Opsroom admin for that role."
