"""What is restricted: operators ask for it, and nobody but the one who asked sees what was found."""

from pathlib import Path

from bot.operations.output import Output, Table
from bot.store import timeline
from tests.commands.shop import shop
from tests.commands.test_diagnose import reported, words
from tests.commands.test_runbook import board, press
from tests.world import World

LOGINS = Table(("name", "address"), (("Ada", "192.0.2.7"), ("Bo", "192.0.2.8")))
ANSWERS = {
    'psql -c "SELECT name, address FROM logins;"': Output("Ada\nBo", table=LOGINS),
    "kubectl logs deployment/login --tail=500": Output("".join(f"login {n} of Ada\n" for n in range(1000))),
    "redis-cli PING": Output("PONG"),
}
ALONE = "only you see this"


def seen(world: World, by: str, channel: str = "ops") -> str:
    """Return everything that a person sees in a channel, with the names of files."""
    said = []
    for message in world.messages(channel, by):
        said += [message["text"], words({"blocks": [b for b in message.get("blocks", []) if b["type"] != "table"]})]
        said += [str(b["rows"]) for b in message.get("blocks", []) if b["type"] == "table"]
        said += [file["name"] for file in message.get("files", [])]
    return "\n".join(said)


async def test_only_operators_may_ask(tmp_path: Path) -> None:
    async with shop(tmp_path, ANSWERS) as world:
        await world.say("/diagnose shop logins", by="rita", channel="ops")
        said = await world.answer("rita", "ops", holding="This needs")
        assert said.startswith("This needs an operator on shop, and you are a responder there.")
        assert "Ada" not in seen(world, "rita")


async def test_a_table_is_for_the_one_who_asked(tmp_path: Path) -> None:
    async with shop(tmp_path, ANSWERS) as world:
        await world.say("/diagnose shop logins", channel="ops")
        await world.until(lambda: "192.0.2.8" in seen(world, "olivia"))
        assert ALONE in seen(world, "olivia")
        assert not [text for text in ("Ada", "192.0.2", "logins") if text in seen(world, "rita")]


async def test_a_log_is_no_file_for_all(tmp_path: Path) -> None:
    async with shop(tmp_path, ANSWERS) as world:
        await world.say("/diagnose shop login-log", channel="ops")
        await world.until(lambda: "login 299 of Ada" in seen(world, "olivia"))
        assert "Not shown: " in seen(world, "olivia")
        assert "Ada" not in seen(world, "rita")
        assert not world.workspace.files


async def test_a_report_for_all_leaves_it_out_and_says_how_to_ask(tmp_path: Path) -> None:
    async with shop(tmp_path, ANSWERS) as world:
        await world.say("/diagnose shop break-in", channel="ops")
        said = words(await reported(world, "Break-in", "ops"))
        assert "🟢 *Cache*: PONG" in said
        assert "🔒 *Latest logins*: `/diagnose shop logins`" in said
        assert "Ada" not in seen(world, "olivia")


async def test_in_a_walkthrough_a_step_shows_how_bad_it_is_and_no_more(tmp_path: Path) -> None:
    async with shop(tmp_path, ANSWERS) as world:
        await world.say("/incident declare P1 shop somebody broke in")
        room = (await world.room()).channel_name or ""
        await world.say("/runbook start shop break-in", channel=room)
        await world.until(lambda: "0 of 3 steps" in board(world, room))
        await world.say("/runbook run WALK-1 2", by="rita", channel=room)
        assert (await world.answer("rita", room, holding="This needs")).startswith("This needs an operator on shop")
        await press(world, "Run", 2, channel=room)
        await world.until(lambda: "1 of 3 steps" in board(world, room))
        assert "✅ *2.* Latest logins · 🟢 Shown to the one who ran it alone." in board(world, room)
        await world.until(lambda: "192.0.2.8" in seen(world, "olivia", room))
        assert "Ada" not in seen(world, "rita", room)
        async with world.bot.store.read() as connection:
            entries = await timeline.entries(connection, 1)
        assert not [entry for entry in entries if "Ada" in entry.text]
