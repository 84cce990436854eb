"""News arrives by itself, and what a person is doing stays as it is."""

import re

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from sandbox.slack import Workspace, serve
from sandbox.slack.server import application
from tests.fixtures.browser import Windows
from tests.sandbox.page import gallery
from tests.sandbox.page.app import MANIFEST
from tests.sandbox.page.conftest import Office, enter, furnish, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AT_END = "node => node.scrollHeight - node.scrollTop - node.clientHeight < 3"


async def test_two_people_in_two_windows(office: Office, windows: Windows, page: Page) -> None:
    other = await enter(windows, office, "bob", "ops")
    await page.get_by_label("Message #ops").fill("hello @bob")
    await page.keyboard.press("Enter")
    message = other.get_by_role("article").filter(has_text="hello @Bob Tanaka")
    await expect(message).to_be_visible()
    await expect(message).to_have_class(re.compile("mentions-me"))


async def test_the_address_and_the_switcher_say_who_acts(office: Office, page: Page) -> None:
    await page.get_by_role("button", name="Acting as Alice Moreau").click()
    await expect(page.get_by_role("menuitemradio", name=re.compile("Alice"))).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Acting as Carol Núñez")).to_be_visible()
    await expect(page.get_by_role("heading", name="ops", exact=True)).to_be_visible()
    assert page.url == office.address("carol", "ops")
    await page.go_back()
    await expect(page.get_by_role("button", name="Acting as Alice Moreau")).to_be_visible()


async def test_news_keeps_focus_selection_and_half_typed_words(office: Office, page: Page) -> None:
    box = page.get_by_label("Message #ops")
    await box.fill("half a sentence")
    await box.evaluate("node => node.setSelectionRange(5, 5)")
    await office.say("bob", "ops", "meanwhile")
    await expect(page.get_by_role("article").filter(has_text="meanwhile")).to_be_visible()
    await expect(box).to_be_focused()
    await page.keyboard.type("of ")
    await expect(box).to_have_value("half of a sentence")


async def test_drafts_stay_with_their_channels(office: Office, page: Page) -> None:
    await page.get_by_label("Message #ops").fill("for ops")
    await page.get_by_role("link", name="general").click()
    await expect(page.get_by_label("Message #general")).to_have_value("")
    await page.get_by_label("Message #general").fill("for all")
    await page.get_by_role("link", name="ops").click()
    await expect(page.get_by_label("Message #ops")).to_have_value("for ops")


async def test_an_edit_keeps_the_element_and_the_keyboard_on_it(office: Office, page: Page) -> None:
    ts = await office.post("ops", blocks=gallery.incident(1))
    button = page.get_by_role("button", name="Update")
    await button.focus()
    node = await button.element_handle()
    changed = gallery.incident(1)
    changed[0]["text"]["text"] = "P1 · Acknowledged"
    await office.app.client.chat_update(channel=office.ids["ops"], ts=ts, text="t", blocks=changed)
    await expect(page.get_by_role("heading", name="P1 · Acknowledged")).to_be_visible()
    assert node is not None
    assert await node.evaluate("node => node.isConnected && node === document.activeElement")


async def test_the_list_stays_at_its_end_or_where_it_was(office: Office, page: Page) -> None:
    for number in range(40):
        await office.say("bob", "ops", f"line {number}")
    box = page.locator("#messages")
    await expect(page.get_by_text("line 39", exact=True)).to_be_visible()
    await until(lambda: box.evaluate(AT_END))
    await office.say("bob", "ops", "the last one")
    await expect(page.get_by_text("the last one", exact=True)).to_be_in_viewport()
    await box.evaluate("node => { node.scrollTop = 100 }")
    await expect(page.get_by_role("button", name="To the latest")).to_be_visible()
    await office.say("bob", "ops", "far below")
    await expect(page.get_by_text("far below", exact=True)).to_be_attached()
    assert await box.evaluate("node => node.scrollTop") == 100
    await page.get_by_role("button", name="New messages").click()
    await expect(page.get_by_text("far below", exact=True)).to_be_in_viewport()
    await page.get_by_role("link", name="general").click()
    await page.get_by_role("link", name="ops").click()
    await expect(page.get_by_text("far below", exact=True)).to_be_in_viewport()


async def test_unread_ones_are_marked_off(office: Office, page: Page) -> None:
    await page.get_by_role("link", name="general").click()
    await office.say("bob", "general", "old")
    await expect(page.get_by_role("article").filter(has_text="old")).to_be_visible()
    await page.get_by_role("link", name="ops").click()
    await office.say("bob", "general", "brand new")
    await expect(page.get_by_role("link", name=re.compile("^general"))).to_contain_text("1 unread")
    await page.get_by_role("link", name=re.compile("^general")).click()
    await expect(page.get_by_role("separator", name="New messages")).to_be_visible()


async def test_new_messages_are_read_aloud(office: Office, page: Page) -> None:
    await office.say("bob", "ops", "the *database* answers")
    await expect(page.locator("#live")).to_have_text("Bob Tanaka: the database answers")


async def test_a_new_room_is_announced_with_a_way_in(office: Office, page: Page) -> None:
    made = await office.app.client.conversations_create(name="incident-7")
    await office.app.client.conversations_invite(channel=made["channel"]["id"], users=office.ids["alice"])
    await page.get_by_role("link", name="Open").click()
    await expect(page.get_by_role("heading", name="incident-7", exact=True)).to_be_visible()
    made = await office.app.client.conversations_create(name="incident-8")
    await office.app.client.conversations_invite(channel=made["channel"]["id"], users=office.ids["alice"])
    await expect(page.get_by_text("You are now in #incident-8.")).to_be_visible()
    await page.get_by_role("link", name=re.compile("^incident-8")).click()
    await expect(page.get_by_text("You are now in #incident-8.")).to_have_count(0)
    await expect(page.get_by_label("Message #incident-8")).to_be_focused()


async def test_two_hundred_messages_are_drawn_once(office: Office, page: Page) -> None:
    for number in range(200):
        await office.post("ops", f"*line* {number} with `code`, <https://docs.example/|a link> and :fire:")
    await expect(page.get_by_role("article")).to_have_count(200)
    await page.evaluate("document.querySelectorAll('.message').forEach((node, at) => { node.mark = at })")
    cost = await page.evaluate(
        """async () => {
          const { change } = await import('/js/state.js');
          const start = performance.now();
          for (let turn = 0; turn < 20; turn++) { change(); await null; await null; }
          document.body.offsetHeight;
          return (performance.now() - start) / 20;
        }"""
    )
    assert cost < 40, f"one redraw of 200 unchanged messages took {cost:.1f} ms"
    await office.say("bob", "ops", "one more")
    await expect(page.get_by_role("article").last).to_contain_text("one more")
    kept = await page.evaluate("[...document.querySelectorAll('.message')].filter((node) => 'mark' in node).length")
    assert kept == 199


async def test_a_workspace_that_goes_away_and_comes_back(windows: Windows) -> None:
    windows.expected = ("ERR_CONNECTION_REFUSED", "WebSocket", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")
    workspace = Workspace(manifest=MANIFEST, name="Northwind")
    ids = furnish(workspace)
    async with serve(workspace) as server:
        port = int(server.url.rpartition(":")[2])
        page = await windows.open(f"{server.url}/#/{ids['alice']}/{ids['ops']}")
        await expect(page.get_by_label("Message #ops")).to_be_visible()
    await expect(page.get_by_text("The connection to the workspace is lost.")).to_be_visible()
    await page.get_by_label("Message #ops").fill("is anybody there?")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("The workspace does not answer.")
    await expect(page.get_by_label("Message #ops")).to_have_value("is anybody there?")
    runner = web.AppRunner(application(workspace), shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
    try:
        await expect(page.get_by_text("The connection to the workspace is lost.")).to_have_count(0, timeout=12_000)
        await page.get_by_label("Message #ops").press("Enter")
        await expect(page.get_by_role("article").last).to_contain_text("is anybody there?")
        await page.close()
    finally:
        await runner.cleanup()
