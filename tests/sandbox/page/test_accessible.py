"""For everybody: checked by axe, by keyboard alone, on a narrow screen, without motion."""

import re
import time
from typing import Literal

import pytest
from playwright.async_api import Page, expect

from tests.fixtures.browser import Windows, accessibility_faults
from tests.sandbox.page import gallery
from tests.sandbox.page.conftest import Office, enter

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Scheme = Literal["light", "dark"]


async def fill(office: Office) -> str:
    """Put one of everything into #ops; return the incident's timestamp."""
    ts = await office.post("ops", blocks=gallery.incident(int(time.time()) - 60))
    await office.post("ops", blocks=gallery.modern())
    await office.post("ops", blocks=gallery.written())
    people = office.workspace.people
    await people.react("bob", "ops", ts, "eyes")
    await people.react("alice", "ops", ts, "tada")
    await people.pin("bob", "ops", ts)
    await people.say("bob", "ops", "@alice look", ts)
    await people.say("bob", "ops", "@alice at this, @carol and `that`")
    await people.share_file("bob", "ops", "backend.log", b"ERROR", "log")
    await people.say("bob", "general", "unread")
    await office.app.client.chat_postEphemeral(channel=office.ids["ops"], user=office.ids["alice"], text="only *you*")
    await office.app.client.conversations_setTopic(channel=office.ids["ops"], topic="P1 open")
    await office.app.client.bookmarks_add(
        channel_id=office.ids["ops"], title="Docs", type="link", link="https://docs.example/"
    )
    return ts


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(office: Office, windows: Windows, scheme: Scheme) -> None:
    ts = await fill(office)
    page = await enter(windows, office, "alice", "ops", f"/t/{ts}", scheme=scheme, reduced_motion="reduce")
    await expect(page.get_by_role("complementary", name="Thread")).to_be_visible()
    assert await accessibility_faults(page) == []
    await page.get_by_role("button", name="Acting as").click()
    assert await accessibility_faults(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_label("Message #ops").fill("/inc")
    assert await accessibility_faults(page) == []
    await page.get_by_label("Message #ops").fill("/nonsense")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await accessibility_faults(page) == []
    await page.get_by_role("main").get_by_role("button", name="Roll back").click()
    await expect(page.get_by_role("alertdialog")).to_be_visible()
    assert await accessibility_faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_forms_and_home(office: Office, windows: Windows, scheme: Scheme) -> None:
    page = await enter(windows, office, "alice", "ops", scheme=scheme, reduced_motion="reduce")
    await page.get_by_label("Message #ops").fill("/incident ")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    assert await accessibility_faults(page) == []
    await dialog.get_by_role("button", name="Declare").click()
    await expect(dialog.get_by_text("Please complete this required field.")).to_have_count(2)
    await page.get_by_role("combobox", name="Services").click()
    await page.get_by_role("option", name="Web").click()
    assert await accessibility_faults(page) == []
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Watch").click()
    await page.get_by_role("link", name="Home", exact=True).click()
    await expect(page.get_by_role("heading", name="Open incidents")).to_be_visible()
    assert await accessibility_faults(page) == []


async def test_landmarks_and_headings(office: Office, page: Page) -> None:
    await expect(page.get_by_role("main", name="ops")).to_have_count(1)
    await expect(page.get_by_role("navigation", name="Workspace")).to_have_count(1)
    await expect(page.get_by_role("heading", level=1)).to_have_count(1)
    await expect(page.get_by_role("log")).to_have_count(1)
    assert await page.get_attribute("html", "lang") == "en"
    assert await page.title() == "#ops · Alice Moreau"


async def test_a_day_by_keyboard_alone(office: Office, page: Page) -> None:
    await office.post("ops", blocks=gallery.incident(1))
    await expect(page.get_by_role("button", name="Acknowledge")).to_be_visible()
    keys = page.keyboard
    skip = page.get_by_role("link", name="Skip to writing")
    await expect(skip).not_to_be_in_viewport()
    await skip.focus()
    await expect(skip).to_be_in_viewport()
    await keys.press("Enter")
    await expect(page.get_by_label("Message #ops")).to_be_focused()
    await keys.press("ArrowUp")
    await expect(page.get_by_role("article").last).to_be_focused()
    await keys.press("Tab")
    await expect(page.get_by_role("link", name="Open dashboard")).to_be_focused()
    await keys.press("Tab")
    await expect(page.get_by_role("button", name="Acknowledge")).to_be_focused()
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(page.get_by_role("alertdialog")).to_be_visible()
    await keys.press("Tab")
    await keys.press("Tab")
    await expect(page.get_by_role("button", name="Not now")).to_be_focused()
    await keys.press("Enter")
    await page.get_by_role("link", name="general").focus()
    await keys.press("ArrowDown")
    await expect(page.get_by_role("link", name="ops")).to_be_focused()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(page.get_by_role("heading", name="security", exact=True)).to_be_visible()


async def test_messages_are_walked_with_the_arrow_keys(office: Office, page: Page) -> None:
    for number in range(3):
        await office.say("bob", "ops", f"line {number}")
    await expect(page.get_by_text("line 2", exact=True)).to_be_visible()
    await page.locator("#messages").focus()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("article").last).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("article").nth(1)).to_be_focused()
    await page.keyboard.press("Home")
    await expect(page.get_by_role("article").first).to_be_focused()
    tools = page.get_by_role("article").first.get_by_role("group", name="Message")
    await expect(tools.get_by_role("button", name="Reply in thread")).to_be_visible()


async def test_focus_is_seen(office: Office, page: Page) -> None:
    link = page.get_by_role("link", name="general")
    await page.get_by_role("link", name="ops").focus()
    await page.keyboard.press("ArrowUp")
    await expect(link).to_be_focused()
    assert await link.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"


async def test_nothing_moves_for_those_who_ask(office: Office, windows: Windows) -> None:
    page = await enter(windows, office, "alice", "ops", reduced_motion="reduce")
    await office.post("ops", blocks=gallery.modern())
    spinner = page.locator(".task.in-progress .task-mark")
    seconds = await spinner.evaluate("node => parseFloat(getComputedStyle(node).animationDuration)")
    assert seconds < 0.001


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_telephone(office: Office, windows: Windows, scheme: Scheme) -> None:
    ts = await fill(office)
    page = await enter(
        windows, office, "alice", "ops", width=390, height=844, scheme=scheme, has_touch=True, is_mobile=True
    )
    await expect(page.get_by_role("article").last).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    over = await page.evaluate(
        """[...document.querySelectorAll('.message-main')]
             .filter((node) => node.getBoundingClientRect().right > 391).length"""
    )
    assert over == 0
    assert await accessibility_faults(page) == []
    sidebar = page.get_by_role("navigation", name="Workspace")
    await expect(sidebar).to_be_hidden()
    await page.get_by_role("button", name="Channels").click()
    await sidebar.get_by_role("link", name=re.compile("^general")).click()
    await expect(sidebar).to_be_hidden()
    await expect(page.get_by_label("Message #general")).to_be_visible()
    await page.goto(office.address("alice", "ops", f"/t/{ts}"))
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_label("Reply in the thread")).to_be_in_viewport()
    await thread.get_by_role("button", name="Close the thread").click()
    await page.get_by_label("Message #ops").fill("/incident ")
    await page.get_by_role("button", name="Send").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Declare")).to_be_in_viewport()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
