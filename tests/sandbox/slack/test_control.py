"""The control API, the screen, files, and the workspace as a program."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from tests.sandbox.slack.world import World, manifest, refusal


@pytest.fixture
async def http(world: World) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(world.workspace.base_url) as session:
        yield session


async def asked(http: aiohttp.ClientSession, verb: str, path: str, body: Any = None) -> tuple[int, Any]:
    async with http.request(verb, path, json=body) as got:
        return got.status, await got.json()


async def test_people_act_over_http(world: World, http: aiohttp.ClientSession) -> None:
    status, ts = await asked(
        http, "POST", f"/control/people/{world.alice}/say", {"channel_id": world.general, "text": "hello"}
    )
    assert (status, world.said(world.general)) == (200, ["hello"])
    status, answer = await asked(
        http, "POST", f"/control/people/{world.bob}/react",
        {"channel_id": world.general, "message_ts": ts, "name": "eyes"},
    )  # fmt: skip
    assert (status, answer) == (200, None)
    status, result = await asked(
        http, "POST", "/control/people/alice/command", {"channel_id": "general", "line": "/probe"}
    )
    assert (status, result["error"]) == (200, "dispatch_failed")
    status, channel = await asked(http, "POST", "/control/people/alice/open_dm", {"other_id": world.bob})
    assert (status, channel[0]) == (200, "D")


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        ("/control/people/alice/say", {"channel_id": "general"}, 409, "missing a required argument: 'text'"),
        ("/control/people/alice/fly", {}, 409, "There is no deed fly"),
        ("/control/people/eve/say", {"channel_id": "general", "text": "x"}, 409, "Nobody with the id eve"),
        ("/control/people", {"name": "alice"}, 400, "somebody called alice is already"),
        ("/control/channels", {"name": "x", "members": ["eve"]}, 404, "nobody called eve"),
        ("/control/faults", {"method": "*", "kind": "meteor"}, 400, "no kind of fault"),
    ],
)
async def test_mistakes_get_a_sentence(
    http: aiohttp.ClientSession, path: str, body: Any, status: int, sentence: str
) -> None:
    answer = await asked(http, "POST", path, body)
    assert answer[0] == status
    assert sentence in answer[1]["error"]


async def test_everything_can_be_steered(world: World, http: aiohttp.ClientSession) -> None:
    _, person = await asked(http, "POST", "/control/people", {"name": "carol", "tz": "Asia/Seoul"})
    _, channel = await asked(http, "POST", "/control/channels", {"name": "ops", "members": ["carol"]})
    _, group = await asked(http, "POST", "/control/usergroups", {"handle": "oncall", "users": ["carol"]})
    assert (await world.client.usergroups_users_list(usergroup=group["id"]))["users"] == [person["id"]]
    assert (await world.client.conversations_members(channel=channel["id"]))["members"] == [person["id"]]
    await asked(http, "POST", "/control/faults", {"method": "auth.test", "kind": "error", "error": "fatal_error"})
    assert await refusal(world.client.auth_test()) == "fatal_error"
    await asked(http, "POST", "/control/faults", {"method": "*", "kind": "http_500", "times": None})
    await asked(http, "DELETE", "/control/faults")
    assert (await world.client.auth_test())["ok"]
    _, calls = await asked(http, "GET", "/control/calls")
    _, later = await asked(http, "GET", f"/control/calls?since={calls[-2]['seq']}")
    assert [call["method"] for call in later] == ["auth.test"]
    await asked(http, "DELETE", "/control/calls")
    assert (await asked(http, "GET", "/control/calls"))[1] == []
    now = world.clock.now()
    assert (await asked(http, "POST", "/control/clock", {"advance": 5}))[1] == {"now": now + 5}
    assert (await asked(http, "POST", "/control/latency", {"seconds": 0.01}))[1] == {"seconds": 0.01}
    assert (await asked(http, "POST", "/control/rate_limits", {"on": True}))[1] == {"on": True}
    assert world.workspace.limits.on
    assert (await asked(http, "POST", "/control/sockets/cut", {"reason": None}))[1] == {"cut": 0}
    _, state = await asked(http, "GET", "/control/state")
    assert {each["name"] for each in state["channels"]} == {"general", "random", "ops"}
    assert (await asked(http, "GET", "/manifest"))[1]["display_information"] == {"name": "Probe"}


async def test_a_screen_holds_what_its_person_sees(world: World, http: aiohttp.ClientSession) -> None:
    secret = world.workspace.add_channel("secret", private=True, members=[world.bob]).id
    guest = world.workspace.add_person("guest", guest=True).id
    _, mine = await asked(http, "GET", f"/control/screen/{world.alice}")
    _, theirs = await asked(http, "GET", f"/control/screen/{world.bob}")
    _, guests = await asked(http, "GET", f"/control/screen/{guest}")
    assert secret in theirs["messages"]
    assert secret not in mine["messages"]
    assert guests["channels"] == []
    assert mine["commands"][0] == {"command": "/probe", "description": "Try it", "usage_hint": "now"}
    assert mine["me"]["display_name"] == "Alice"
    assert (await asked(http, "GET", "/control/screen/eve"))[0] == 404


async def test_an_open_page_is_told_of_what_its_person_sees(world: World, http: aiohttp.ClientSession) -> None:
    secret = world.workspace.add_channel("secret", private=True, members=[world.bob]).id
    async with http.ws_connect(f"/control/stream/{world.alice}") as page:
        first = await page.receive_json()
        await world.workspace.people.say(world.bob, secret, "hush")
        with pytest.raises(TimeoutError):
            await page.receive(timeout=0.15)
        for _ in range(20):
            await world.workspace.people.say(world.bob, world.general, "news")
        news = await page.receive_json()
        assert news["seq"] == world.workspace.screen(world.alice)["seq"] > first["seq"]
        with pytest.raises(TimeoutError):
            await page.receive(timeout=0.15)


async def test_files_go_up_in_three_steps_and_come_down_with_a_token(world: World) -> None:
    content = b"all is well\n"
    answer = await world.client.files_upload_v2(
        filename="log.txt", content=content, channel=world.general, initial_comment="the log", title="Log"
    )
    file = answer["files"][0]
    message = world.workspace.channels[world.general].messages[world.workspace.channels[world.general].order[-1]]
    assert (message.text, message.subtype, message.files[0]["id"]) == ("the log", "file_share", file["id"])
    info = (await world.client.files_info(file=file["id"]))["file"]
    assert (info["title"], info["size"], info["mimetype"]) == ("Log", len(content), "text/plain")
    token = {"Authorization": f"Bearer {world.workspace.secrets.bot_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.get(info["url_private"], headers=token) as got:
            assert await got.read() == content
        async with session.get(info["url_private"]) as got:
            assert got.status == 403
        shown = world.workspace.screen(world.bob)["messages"][world.general][-1]["files"][0]["preview_url"]
        async with session.get(f"{world.workspace.base_url}{shown}") as got:
            assert await got.read() == content


async def test_uploads_are_checked(world: World) -> None:
    client = world.client
    assert await refusal(client.files_getUploadURLExternal(filename="a", length=0)) == "missing_argument"
    long = client.files_getUploadURLExternal(filename="a", length=1, alt_txt="x" * 1001)
    assert await refusal(long) == "alt_txt_too_large"
    announced = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    done = client.files_completeUploadExternal(files=[{"id": announced["file_id"]}], channel_id=world.general)
    assert await refusal(done) == "file_not_found"
    async with aiohttp.ClientSession() as session, session.post(announced["upload_url"], data=b"four") as got:
        assert got.status == 400


async def test_people_share_files(world: World) -> None:
    ts = await world.workspace.people.share_file(world.alice, world.general, "graph.png", b"\x89PNG", "look")
    shown = world.workspace.channels[world.general].messages[ts]
    assert (shown.text, shown.files[0]["mimetype"], shown.user) == ("look", "image/png", world.alice)
    assert (await world.client.files_info(file=shown.files[0]["id"]))["file"]["user"] == world.alice


async def test_users_are_looked_up(world: World) -> None:
    gone = world.workspace.add_person("gone", deactivated=True)
    alice = (await world.client.users_info(user=world.alice))["user"]
    assert (alice["tz"], alice["profile"]["email"]) == ("Europe/Berlin", "alice@sandbox.example")
    assert (await world.client.users_info(user=gone.id))["user"]["deleted"]
    assert (await world.client.users_lookupByEmail(email="Alice@sandbox.example"))["user"]["id"] == world.alice
    assert await refusal(world.client.users_lookupByEmail(email=gone.email)) == "users_not_found"
    assert (await world.client.users_profile_get(user=world.bob))["profile"]["display_name"] == "Bob"
    assert await refusal(world.client.users_info(user="U0")) == "user_not_found"
    assert len((await world.client.users_list())["members"]) == 4
    assert (await world.client.team_info())["team"]["domain"] == "sandbox"
    assert (await world.client.bots_info(bot=world.workspace.bot.bot_id))["bot"]["user_id"] == world.bot


async def test_the_workspace_runs_as_a_program(tmp_path: Path) -> None:
    people = {
        "people": [{"name": "alice"}],
        "channels": [{"name": "general", "members": ["alice"], "is_general": True, "app": True}],
        "usergroups": [{"handle": "oncall", "users": ["alice"]}],
    }
    (tmp_path / "people.json").write_text(json.dumps(people), "utf-8")
    (tmp_path / "manifest.yml").write_text(yaml.safe_dump(manifest()), "utf-8")
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox.slack", "--port", "0", "--manifest", str(tmp_path / "manifest.yml"),
        "--people", str(tmp_path / "people.json"), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert program.stdout is not None
        line = (await asyncio.wait_for(program.stdout.readline(), 15)).decode().strip()
        assert line.startswith("Workspace at http://127.0.0.1:")
        async with aiohttp.ClientSession(line.removeprefix("Workspace at ")) as session:
            _, members = await asked(session, "GET", "/control/people")
            assert [member["name"] for member in members] == ["probe", "alice"]
    finally:
        program.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(program.wait(), 10) == 0
