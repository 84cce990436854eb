"""`/diagnose` as people use it."""

from pathlib import Path
from typing import Any

from bot.operations.output import Output
from tests.commands.hands import form, settled, submit
from tests.commands.shop import ANSWERS, RUNBOOKS, WELL, shop
from tests.world import World, world


def thread(world: World, ts: str, channel: str = "general") -> list[dict[str, Any]]:
    """Return the replies in a thread."""
    return [m for m in world.messages(channel) if m.get("thread_ts") == ts and m["ts"] != ts]


def shared(world: World, ts: str, channel: str) -> list[dict[str, Any]]:
    """Return the files in a thread."""
    return [file for message in thread(world, ts, channel) for file in message.get("files", [])]


async def reported(world: World, title: str, channel: str = "general") -> dict[str, Any]:
    """Wait until a report is complete, and return its message."""

    def look() -> list[dict[str, Any]]:
        return [m for m in world.messages(channel) if f"*{title}* on" in m["text"] and "⏳" not in m["text"]]

    return (await world.until(look))[-1]


def words(message: dict[str, Any]) -> str:
    """Return everything that a message's blocks say."""
    said = []
    for block in message["blocks"]:
        said += [block["text"]["text"]] if "text" in block else []
        said += [e["text"]["text"] if e["type"] == "button" else e["text"] for e in block.get("elements", [])]
    return "\n".join(said)


async def test_the_first_look_shows_the_worst_first_and_what_to_do_next(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/diagnose shop")
        message = await reported(world, "First look")
        said = words(message)
        assert message["text"] == "🔴 *First look* on Shop: 1 critical, 1 warning, 1 unknown, 1 ok"
        order = ["🔴 *Backend pods*: 1 pod, which is critical (&gt; 0).", "🟠 *Database connections*: 85"]
        order += ["⚪ *Cache*: Redis does not answer: connection refused.", "🟢 *API*"]
        assert [line for line in order if line not in said] == [], said
        assert [said.index(line) for line in order] == sorted(said.index(line) for line in order)
        assert "• Go on with Service down (_Backend pods_ is critical)" in said
        assert "Diagnose: Service down" in said
        assert "Tell the people of the database" not in said
        tables = await world.until(lambda: thread(world, message["ts"]))
        assert [block["type"] for block in tables[0]["blocks"]] == ["section", "table"]


async def test_a_button_goes_on_and_a_long_log_is_a_file_without_secrets(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/diagnose shop service-down pod-name=web-2", channel="ops")
        message = await reported(world, "Service down", "ops")
        files = await world.until(lambda: shared(world, message["ts"], "ops"))
        content = world.workspace.files[files[0]["id"]].content or b""
        assert files[0]["title"] == "Log of one pod"
        assert b"line 49" in content
        assert b"hunter2" not in content


async def test_where_opsroom_is_no_member_the_thread_says_what_it_misses(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/diagnose shop latency")
        message = await reported(world, "Latency")
        said = await world.until(lambda: thread(world, message["ts"]))
        assert "I can share files only in channels that I am in: Latency." in said[0]["text"]


async def test_a_value_that_is_missing_is_asked_for(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/diagnose shop pod-log")
        asked = await form(world)
        assert asked.title == "Log of one pod"
        assert asked.fields == {"given.pod-name": ""}
        assert (await submit(world, **{"given.pod-name": "web-2"})).closed
        assert "🟢" in (await reported(world, "Log of one pod"))["text"]


async def test_a_value_of_the_wrong_kind_is_said_beside_its_field_before_anything_runs(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/diagnose shop pod-log pod-name=web_2")
        asked = await form(world)
        said = "“web_2” is no pod’s name. Names look like web-7d9f8b6c5-x2x4q."
        assert asked.notes == (f"Pod: {said}",)
        assert asked.fields == {"given.pod-name": "web_2"}
        assert not (await submit(world, **{"given.pod-name": "web 2"})).closed
        assert (await form(world)).errors == {"given.pod-name": said.replace("web_2", "web 2")}
        assert not [text for text in world.texts("general") if "Log of one pod" in text]
        assert (await submit(world, **{"given.pod-name": "web-2"})).closed
        await reported(world, "Log of one pod")


async def test_a_value_that_nothing_takes_is_not_passed_over(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/diagnose shop pod-log pod=web-2")
        assert await world.answer(holding="pod") == "“pod” is no value that this takes; it takes pod-name."
        await world.say("/diagnose shop api pod=web-2")
        assert await world.answer(holding="no values") == "“pod” is no value that this takes; it takes no values."


async def test_what_needs_a_value_is_unknown_until_somebody_fills_it_in(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/diagnose shop service-down")
        assert "This needs a value for pod-name (Pod)." in words(await reported(world, "Service down"))
        await world.press("Fill in the values")
        assert await world.until(world.modal)


async def test_a_value_that_the_runbook_says_is_not_asked_for(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/diagnose shop second-pod", channel="general")
        report = await reported(world, "Second pod")
        assert "🟢 *Log of one pod*: 50 lines." in words(report)


async def test_a_range_becomes_a_picture_with_words_for_it(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/diagnose shop latency", channel="ops")
        message = await reported(world, "Latency", "ops")
        files = await world.until(lambda: shared(world, message["ts"], "ops"))
        stored = world.workspace.files[files[0]["id"]]
        assert (stored.content or b"").startswith(b"\x89PNG")
        assert "A chart of one line" in stored.alt_text


async def test_in_a_room_the_platform_is_known_and_the_result_is_evidence(tmp_path: Path) -> None:
    async with shop(tmp_path, {"kubectl get pods -l app=backend": Output("", table=WELL)}) as world:
        await world.say("/incident declare P1 shop nobody can buy")
        room = await world.room()
        assert room.channel_id
        await world.say("/diagnose pods", channel=room.channel_name or "")
        await reported(world, "Backend pods", room.channel_id)
        await world.say(f"/incident show {room.ref}")
        assert await world.until(lambda: [a for a in world.answers() if "Backend pods: 1 ok" in words(a)])


async def test_where_opsroom_cannot_write_the_answer_is_for_one_person(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        private = world.workspace.add_channel("secret", members=[world.person("olivia")], private=True)
        await world.say("/diagnose shop api", channel="secret")
        assert "🟢 *API* on Shop: 1 ok" in await world.answer(channel=private.id, holding="API")


async def test_what_does_not_exist_is_said_with_the_nearest(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/diagnose shop servce-down")
        asked = await form(world)
        assert asked.notes == ("Shop has no procedure or probe “servce-down”. Did you mean service-down?",)


async def test_a_platform_without_a_first_look_says_how_to_go_on(tmp_path: Path) -> None:
    quiet = tmp_path / "runbooks"
    (quiet / "shop").mkdir(parents=True)
    text = (RUNBOOKS / "shop" / "platform.yml").read_text(encoding="utf-8")
    (quiet / "shop" / "platform.yml").write_text(text.replace("initial-assessment: first-look\n", ""), encoding="utf-8")
    (quiet / "shop" / "templates").mkdir()
    template = "announcement.md.j2"
    (quiet / "shop" / "templates" / template).write_bytes((RUNBOOKS / "shop" / "templates" / template).read_bytes())
    async with world(tmp_path, runbooks=quiet) as made:
        await made.say("/diagnose shop")
        assert "Shop has no initial assessment." in await made.answer(holding="Shop")


async def test_help_says_how_it_is_typed(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/diagnose help")
        said = words((await world.until(world.answers))[-1])
        assert "/diagnose [PLATFORM] [SUBJECT] [NAME=VALUE …]" in said
        assert "Needs a responder." in said


def test_the_answers_are_all_for_lines_of_the_shop() -> None:
    assert len(ANSWERS) == 6


async def test_a_declared_incident_begins_with_the_first_look_in_its_thread(tmp_path: Path) -> None:
    async with shop(tmp_path) as world:
        await world.say("/incident declare P1 shop nobody can buy")
        room = await world.room()
        channel, header = room.channel_id or "", room.header_ts or ""
        looks = await world.until(lambda: [m for m in thread(world, header, channel) if "First look" in m["text"]])
        assert looks[0]["text"].startswith("🔴 *First look* on Shop: 1 critical")
        assert "Looked at by itself" in words(looks[0])
        tables = await world.until(lambda: [m for m in thread(world, header, channel) if "a table of" in m["text"]])
        assert len(tables) == 1
        await world.say("/incident show INC-1")
        assert await world.until(lambda: [a for a in world.answers() if "First look: 1 critical" in words(a)])


async def test_a_platform_whose_targets_nobody_has_set_up_is_not_looked_over(tmp_path: Path) -> None:
    async with shop(tmp_path, forget=True) as world:
        await world.say("/incident declare P1 shop nobody can buy")
        room = await world.room()
        await settled(world)
        assert thread(world, room.header_ts or "", room.channel_id or "") == []
