"""`/incident list`, `show`, `join`, `retry`: each person sees what they may, the worst first."""

from datetime import UTC, datetime, timedelta

from bot.store import incidents
from sandbox.slack.faults import Fault
from tests.commands.hands import settled
from tests.world import World

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def had(world: World, platform: str, severity: str, rank: int, title: str) -> int:
    """Put an open incident into the store and return its number."""
    async with world.bot.store.begin() as connection:
        count = await incidents.count_open(connection, (platform,))
        made = await incidents.add(
            connection,
            origin=f"test:{platform}:{title}:{count}",
            platform=platform,
            severity=severity,
            rank=rank,
            title=title,
            summary=title,
            declared_by=world.person("ada"),
            declared_at=NOON + timedelta(minutes=count),
            declared_in=world.channel("general"),
        )
    return made.number


def lines(world: World, by: str, channel: str = "general") -> list[str]:
    blocks = world.answers(by, channel)[-1]["blocks"]
    texts = [block["text"] if "text" in block else block.get("elements", [{}])[0] for block in blocks]
    return [str(text["text"]) for text in texts if text]


async def test_nothing_is_open(world: World) -> None:
    await world.say("/incident list", by="vera")
    assert await world.answer("vera") == "No open incidents."
    await world.say("/incident list zephyr", by="ada")
    assert await world.answer("ada") == "No open incidents on Zephyr."


async def test_each_person_sees_what_they_may_the_worst_first(world: World) -> None:
    await had(world, "social-live", "3", 2, "avatars are slow")
    await had(world, "linkist", "P0", 0, "uploads fail")
    await had(world, "social-live", "1", 0, "checkout <b>returns</b> 500")
    await had(world, "zephyr", "High", 1, "votes are late")
    await world.say("/incident list", by="vera")
    assert await world.answer("vera") == "4 open incidents"
    said = lines(world, "vera")
    assert [line.split("·")[-1].strip() for line in (text.split("\n")[0] for text in said[1:])] == [
        "checkout &lt;b&gt;returns&lt;/b&gt; 500", "uploads fail", "votes are late", "avatars are slow",
    ]  # fmt: skip
    await world.say("/incident list", by="omar")
    assert await world.answer("omar") == "2 open incidents"
    assert "uploads" not in str(lines(world, "omar"))
    await world.say("/incident list linkist", by="vera")
    assert await world.answer("vera", holding="Linkist") == "1 open incident on Linkist"


async def test_a_platform_that_one_may_not_read_is_refused(world: World) -> None:
    await had(world, "linkist", "P0", 0, "uploads fail")
    await world.say("/incident list linkist", by="omar")
    assert await world.answer("omar") == (
        "This needs a viewer on linkist, and you have no role there yet. Ask an Opsroom admin for that role."
    )


async def test_in_a_platforms_channel_all_are_listed(world: World) -> None:
    await had(world, "linkist", "P0", 0, "uploads fail")
    await world.say("/incident list", channel="social-live-ops")
    assert await world.answer(channel="social-live-ops") == "1 open incident"


async def test_more_than_fit_on_a_screen_are_counted(world: World) -> None:
    for at in range(17):
        await had(world, "linkist" if at % 2 else "zephyr", "P1", 1, f"thing {at}")
    await world.say("/incident list")
    assert await world.answer() == "17 open incidents"
    assert lines(world, "olivia")[-1] == "And 2 more. `/incident list PLATFORM` shows those of one platform."
    assert len(lines(world, "olivia")) == 17
    for at in range(9):
        await had(world, "zephyr", "Low", 3, f"more {at}")
    await world.say("/incident list zephyr")
    await world.answer(holding="on Zephyr")
    assert lines(world, "olivia")[-1] == "And 3 more."


async def test_show_tells_what_how_bad_who_and_what_happened(world: World) -> None:
    await world.say("/incident declare P1 social-live\ncheckout is down\nsince 14:02 <!channel>")
    room = await world.room()
    await world.answer(holding="INC-1 is open")
    await world.say("/incident show", channel=room.channel_name or "", by="olivia")
    await world.answer(channel=room.channel_name or "", holding="INC-1")
    said = lines(world, "olivia", room.channel_name or "")
    assert said[0].startswith("🔴 *INC-1* Severity 1 Critical · checkout is down\nSocial Live · <#")
    assert "declared, not acknowledged yet" in said[0]
    assert said[1] == "checkout is down\nsince 14:02 &lt;!channel&gt;"
    assert f"<@{world.person('olivia')}> Declared Severity 1 Critical on Social Live" in str(said)
    await world.say("/incident show 1", by="vera")
    assert "INC-1" in await world.answer("vera")


async def test_show_of_nothing(world: World) -> None:
    await world.say("/incident show 7", by="vera")
    assert await world.answer("vera") == "There is no incident INC-7. /incident list shows those that are open."
    await world.say("/incident show seven", by="ada")
    assert await world.answer("ada") == "No incident is open where you could do that."


async def test_join_brings_one_into_the_room(world: World) -> None:
    await world.say("/incident declare P1 social-live checkout is down")
    room = await world.room()
    await world.say("/incident join INC-1", by="ada")
    assert await world.answer("ada") == f"You are in <#{room.channel_id}>."
    assert world.person("ada") in world.workspace.channels[room.channel_id or ""].members
    await world.say("/incident join INC-1", by="ada")
    await world.until(lambda: world.answers("ada")[1:])
    assert world.answers("ada")[-1]["text"] == f"You are in <#{room.channel_id}>."


async def test_join_of_a_room_that_is_not_open_yet(world: World) -> None:
    await had(world, "zephyr", "High", 1, "votes are late")
    await world.say("/incident join 1", by="ada")
    assert await world.answer("ada") == "The room of INC-1 is not open yet. Try again in a moment."


async def test_retry_of_what_works_and_of_what_there_is_not(world: World) -> None:
    await world.say("/incident declare P1 social-live checkout is down")
    await world.room()
    await world.answer(holding="is open")
    await world.say("/incident retry INC-1 pin")
    assert await world.answer(holding="room of") == (
        "The room of INC-1 has no trouble with “pin”. There is nothing to try again."
    )
    await world.say("/incident retry INC-1 roof", by="ada")
    assert await world.answer("ada") == "The room of INC-1 has no part “roof”. There is nothing to try again."


async def test_retry_mends_what_was_broken(world: World) -> None:
    world.workspace.faults.add(Fault("pins.add", "error", error="not_pinnable", times=1))
    await world.say("/incident declare P1 social-live checkout is down")
    room = (await world.room()).channel_name or ""
    await world.until(lambda: [text for text in world.texts(room) if "I could not pin the header" in text])
    await world.say("/incident retry INC-1 bookmarks")
    assert await world.answer(holding="no trouble with") == (
        "The room of INC-1 has no trouble with “bookmarks”. Trouble is with pin."
    )
    await world.press("Try again", channel=room)
    said = await world.answer(channel=room, holding="Trying again")
    assert said == "Trying again: pin of INC-1. The room will say how it went."
    await world.until(lambda: [text for text in world.texts(room) if "The header is pinned now." in text])
    await settled(world)
    assert world.workspace.channels[world.channel(room)].pins
