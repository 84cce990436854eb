"""Commands that wait for systems outside hold nobody up."""

from pathlib import Path

from bot.operations.output import Output
from tests.commands.shop import ANSWERS, shop


async def test_many_that_wait_leave_room_for_those_that_do_not(tmp_path: Path) -> None:
    never = dict.fromkeys(ANSWERS)
    async with shop(tmp_path, never | {"redis-cli PING": Output("PONG")}) as world:
        for _ in range(20):
            await world.say("/diagnose shop api")
        await world.say("/incident list", by="vera")
        assert await world.answer("vera", holding="No open incidents") == "No open incidents."
