"""What people may do to the world outside Slack."""

import aiohttp

from sandbox.slack.levers import Lever
from tests.sandbox.slack.world import World


async def test_a_lever_is_on_every_screen_and_says_what_it_did(world: World) -> None:
    async def pull() -> None:
        lever.label, lever.hint = "Mend it", "It is broken."

    lever = Lever("it", "Break it", "It is well.", pull, danger=True)
    world.workspace.levers[lever.name] = lever
    shown = world.workspace.screen(world.alice)["levers"]
    assert shown == [{"name": "it", "label": "Break it", "hint": "It is well.", "danger": True}]
    before = world.workspace.changes.seq
    async with aiohttp.ClientSession(world.workspace.base_url) as http:
        async with http.post("/control/levers/it") as answer:
            assert (answer.status, (await answer.json())["label"]) == (200, "Mend it")
        async with http.post("/control/levers/other") as answer:
            assert (answer.status, await answer.json()) == (404, {"error": "there is no such lever"})
    assert world.workspace.changes.seq > before
    assert world.workspace.screen(world.bob)["levers"][0]["hint"] == "It is broken."
