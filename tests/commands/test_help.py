"""`/incident` alone, help, and a first word that is no verb."""

from tests.commands.hands import form
from tests.world import World


def page(world: World, by: str) -> str:
    """Return all that the last answer to a person says."""
    return str(world.answers(by)[-1]["blocks"])


async def test_the_command_alone_is_help(world: World) -> None:
    await world.say("/incident")
    assert await world.answer() == "Help for /incident"
    for verb in ("ack", "declare", "help", "join", "list", "retry", "show"):
        assert f"`/incident {verb}" in page(world, "olivia")
    await world.say("/incident HELP", by="ada")
    assert await world.answer("ada") == "Help for /incident"


async def test_help_for_somebody_without_a_role(world: World) -> None:
    await world.say("/incident help", by="nils")
    await world.answer("nils")
    shown = page(world, "nils")
    assert "`/incident help [VERB]`" in shown
    assert "declare" not in shown.replace("Declare an incident and run it in a room of its own", "")
    assert "6 more need a role that you do not have. An Opsroom admin can give it to you." in shown


async def test_help_about_one_verb(world: World) -> None:
    await world.say("/incident help declare")
    assert await world.answer() == "Help for /incident declare"
    assert "_Needs a responder._" in page(world, "olivia")
    await world.say("/incident help declaer", by="ada")
    assert await world.answer("ada") == "There is no /incident declaer. Did you mean /incident help declare?"


async def test_the_nearest_verb_runs_with_the_same_words(world: World) -> None:
    await world.say("/incident declaer P1 social-live checkout *is* `down`")
    assert await world.answer() == "There is no /incident declaer. Did you mean /incident declare?"
    await world.press("Yes, declare")
    room = await world.room()
    assert (room.severity, room.platform, room.title) == ("1", "social-live", "checkout *is* `down`")
    assert "INC-1 is open" in await world.answer(holding="INC-1 is open")


async def test_a_verb_that_was_left_out_runs_with_all_the_words(world: World) -> None:
    await world.say("/incident P1 Social Live Checkout is down")
    assert await world.answer() == (
        "The verb is missing. Did you mean /incident declare P1 Social Live Checkout is down?"
    )
    await world.press("Declare")
    room = await world.room()
    assert (room.severity, room.platform, room.title) == ("1", "social-live", "Checkout is down")


async def test_the_button_of_a_verb_asks_for_what_is_missing(world: World) -> None:
    await world.say("/incident declaer checkout is down", by="omar")
    await world.press("Yes, declare", by="omar")
    asked = await form(world, "omar")
    assert asked.fields == {"severity": "", "platform": "social-live", "summary": "checkout is down"}


async def test_a_first_word_that_is_nothing_is_repeated_harmlessly(world: World) -> None:
    await world.say("/incident <script>@everyone")
    assert await world.answer(holding="There is no") == (
        "There is no /incident &lt;script&gt;@everyone. /incident help lists what you can do."
    )
    assert world.answers()[-1]["blocks"][0]["text"]["type"] == "plain_text"


async def test_lines_and_odd_spaces_separate_words_too(world: World) -> None:
    await world.say("/incident declare\nP1\u2003social-live\ncheckout is down")
    assert (await world.room()).title == "checkout is down"
