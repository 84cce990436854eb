"""What somebody types by accident with a change is in no message and in no log."""

from pathlib import Path

from bot.store import audit, requests
from tests.commands.hands import settled
from tests.remediation.bakery import Bakery, bakery

NOTE = """
  note:
    title: Leave a note on the oven
    run: kubectl annotate deployment/oven note=<note> --overwrite
    parameters:
      note: {title: What it says}
"""
SECRET = "xoxb-" + "123456789012-1234567890123-a1B2c3D4e5F6g7H8i9J0k1L2"


async def check_nowhere(shop: Bakery) -> None:
    """Assert that the secret was neither said nor written down."""
    await settled(shop.world)
    said = str([(call.args, call.response) for call in shop.world.workspace.calls])
    assert SECRET not in said
    assert SECRET not in str([entry async for entry in audit.walk(shop.world.bot.store, audit.Wanted())])


async def test_a_secret_is_no_value(tmp_path: Path) -> None:
    async with bakery(tmp_path, actions=NOTE) as shop:
        await shop.say(f"/run bakery note note={SECRET}")
        await shop.answered("its value is not a name")
        assert await shop.nothing_asked()
        await check_nowhere(shop)


async def test_a_secret_in_a_reason_is_blotted_out(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked(f"/run bakery restart it uses {SECRET} still")
        assert "[redacted" in shop.reads()
        await shop.press("Approve")
        assert (await shop.ended()).state == requests.DONE
        await check_nowhere(shop)
