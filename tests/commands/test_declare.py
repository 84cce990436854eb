"""`/incident declare`, as people do it."""

import re

from tests.world import World

DECLARE = "/incident declare P1 social-live checkout returns 500"


async def test_opens_a_room_with_the_declarer_the_responders_a_header_and_a_topic(world: World) -> None:
    result = await world.say(DECLARE)
    assert result.acked
    room = await world.room()
    await world.answer(holding="INC-1 is open")
    channel = world.workspace.channels[room.channel_id or ""]
    assert re.fullmatch(r"incident-\d{4}-\d\d-\d\d-\d{6}", channel.name)
    assert {world.person("olivia"), world.person("rita")} <= set(channel.members)
    await world.until(lambda: channel.pins)
    assert "checkout returns 500" in channel.topic.value
    header = next(message for message in world.messages(channel.id) if message["ts"] == room.header_ts)
    assert header["blocks"][0]["text"]["text"] == "🔴 INC-1 · checkout returns 500"
