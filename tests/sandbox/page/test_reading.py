"""What a person sees: places, messages, blocks."""

import re
import time

import pytest
from playwright.async_api import Page, expect

from tests.fixtures.browser import Windows
from tests.sandbox.page import gallery
from tests.sandbox.page.conftest import Office, enter

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_sidebar_lists_the_places_of_a_person(office: Office, page: Page) -> None:
    sidebar = page.get_by_role("navigation", name="Workspace")
    await expect(sidebar.get_by_text("Northwind")).to_be_visible()
    await expect(sidebar.get_by_role("link", name="general")).to_be_visible()
    await expect(sidebar.get_by_role("link", name="ops")).to_have_attribute("aria-current", "page")
    await expect(sidebar.get_by_role("link", name="security")).to_be_visible()
    await expect(sidebar.get_by_role("link", name="design")).to_have_count(0)
    await sidebar.get_by_role("button", name="More channels (1)").click()
    await expect(sidebar.get_by_role("link", name="design")).to_be_visible()
    await sidebar.get_by_role("button", name="Archived (1)").click()
    await expect(sidebar.get_by_role("link", name="attic")).to_be_visible()


async def test_a_private_channel_is_hidden_from_those_outside(office: Office, windows: Windows) -> None:
    page = await enter(windows, office, "dan", "general")
    await expect(page.get_by_role("link", name="security")).to_have_count(0)
    await page.goto(office.address("dan", "security"))
    await expect(page.get_by_text("This conversation does not exist, or you may not see it")).to_be_visible()


async def test_unread_messages_are_counted_until_they_are_read(office: Office, page: Page) -> None:
    await office.say("bob", "general", "one")
    await office.say("bob", "general", "two")
    link = page.get_by_role("link", name=re.compile("^general"))
    await expect(link).to_contain_text("2 unread")
    await link.click()
    await expect(page.get_by_role("article").filter(has_text="two")).to_be_visible()
    await page.get_by_role("link", name="ops").click()
    await expect(link).not_to_contain_text("unread")


async def test_the_header_shows_topic_members_pins_and_bookmarks(office: Office, page: Page) -> None:
    ts = await office.post("ops", "the *plan*")
    await office.app.client.conversations_setTopic(channel=office.ids["ops"], topic="P1 is open")
    await office.app.client.pins_add(channel=office.ids["ops"], timestamp=ts)
    await office.app.client.bookmarks_add(
        channel_id=office.ids["ops"], title="Runbook", type="link", link="https://docs.example/rb"
    )
    await expect(page.get_by_role("main").get_by_text("P1 is open", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name="Runbook")).to_have_attribute("href", "https://docs.example/rb")
    await page.get_by_role("button", name="1 pinned").click()
    await expect(page.get_by_role("dialog", name="Pinned messages")).to_contain_text("the plan")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="4 members").click()
    await expect(page.get_by_role("menuitem", name=re.compile("Carol"))).to_be_visible()


async def test_times_are_in_the_zone_of_the_person(office: Office, windows: Windows) -> None:
    noon = 1_789_300_800  # 2026-09-13 12:00 UTC
    await office.post("ops", f"at <!date^{noon}^{{date_num}} {{time}}|noon>")
    for who, shown in (("alice", "2026-09-13 14:00"), ("bob", "2026-09-13 21:00"), ("carol", "2026-09-13 08:00")):
        page = await enter(windows, office, who, "ops")
        await expect(page.get_by_role("article").last).to_contain_text(f"at {shown}")


async def test_messages_carry_author_edit_mark_reactions_and_pins(office: Office, page: Page) -> None:
    ts = await office.post("ops", "before")
    await office.app.client.chat_update(channel=office.ids["ops"], ts=ts, text="after")
    await office.workspace.people.react("bob", "ops", ts, "eyes")
    await office.workspace.people.pin("bob", "ops", ts)
    message = page.get_by_role("article").filter(has_text="after")
    await expect(message).to_contain_text("Watch")
    await expect(message).to_contain_text("App")
    await expect(message).to_contain_text("edited")
    await expect(message).to_contain_text("Pinned")
    await expect(message.get_by_role("button", name="eyes, 1, Bob Tanaka")).to_be_visible()
    await expect(page.get_by_role("article").filter(has_text="pinned a message")).to_be_visible()


async def test_an_ephemeral_message_is_seen_by_one(office: Office, windows: Windows, page: Page) -> None:
    await office.app.client.chat_postEphemeral(channel=office.ids["ops"], user=office.ids["alice"], text="psst")
    message = page.get_by_role("article").filter(has_text="psst")
    await expect(message).to_contain_text("Only visible to you")
    other = await enter(windows, office, "bob", "ops")
    await office.say("alice", "ops", "said aloud")
    await expect(other.get_by_role("article").filter(has_text="said aloud")).to_be_visible()
    await expect(other.get_by_role("article").filter(has_text="psst")).to_have_count(0)


async def test_joining_and_topics_are_system_lines(office: Office, page: Page) -> None:
    await office.workspace.people.join("eve", "ops")
    line = page.get_by_role("article").filter(has_text="joined")
    await expect(line).to_contain_text("Eve Larsen")
    await office.app.client.conversations_setTopic(channel=office.ids["ops"], topic="calm")
    await expect(page.get_by_role("article").filter(has_text="set the channel topic")).to_contain_text("calm")


async def test_every_block_is_drawn(office: Office, page: Page) -> None:
    await office.post("ops", blocks=gallery.incident(int(time.time()) - 60))
    await office.post("ops", blocks=gallery.modern())
    await office.post("ops", blocks=gallery.written())
    await expect(page.get_by_role("heading", name="P1 · Checkout returns 500")).to_be_visible()
    plan = page.get_by_role("region", name="Plan: Roll back social-live/backend to revision 41")
    await expect(plan).to_contain_text("1 of 4 done")
    await expect(plan.get_by_role("img", name="Failed")).to_be_visible()
    await expect(page.get_by_role("columnheader", name="Restarts")).to_be_visible()
    await expect(page.get_by_role("cell", name="CrashLoopBackOff")).to_be_visible()
    await expect(page.get_by_role("group", name="2 cards")).to_contain_text("Was healthy for 6 days.")
    await expect(page.get_by_role("heading", name="Post-mortem")).to_be_visible()
    await expect(page.get_by_role("cell", name="1204")).to_be_visible()
    await expect(page.get_by_role("link", name="Graph of errors")).to_have_attribute(
        "href", "https://pictures.example/graph.png"
    )
    await expect(page.locator(".unknown-block, .unknown-part")).to_have_count(0)


async def test_a_container_folds(office: Office, page: Page) -> None:
    await office.post("ops", blocks=gallery.modern())
    again = page.get_by_role("button", name="Run again")
    await expect(again).to_be_visible()
    await page.get_by_role("button", name="Diagnosis").click()
    await expect(again).to_be_hidden()
    await page.get_by_role("button", name="Diagnosis").press("Enter")
    await expect(again).to_be_visible()


async def test_an_unknown_block_is_said_to_be_unknown(office: Office, page: Page) -> None:
    ts = await office.post("ops", "something new")
    message = office.workspace.channel("ops").messages[ts]
    message.blocks.append({"type": "hologram", "block_id": "h"})
    await office.say("bob", "ops", "next")
    await expect(page.get_by_role("note")).to_contain_text("cannot show hologram")


async def test_attachments_keep_their_colour_and_blocks(office: Office, page: Page) -> None:
    blocks = [{"type": "section", "text": gallery.mrkdwn("inside an attachment")}]
    await office.post("ops", attachments=[{"color": "#b3261e", "blocks": blocks, "fallback": "inside"}])
    attachment = page.locator(".attachment")
    await expect(attachment).to_contain_text("inside an attachment")
    stripe = await attachment.evaluate("node => getComputedStyle(node).borderLeftColor")
    assert stripe == "rgb(179, 38, 30)"


async def test_files_can_be_fetched_and_pictures_seen(office: Office, page: Page) -> None:
    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f00050001ffa25d0b2a"
        "0000000049454e44ae426082"
    )
    await office.workspace.people.share_file("bob", "ops", "graph.png", dot, "look")
    await office.workspace.people.share_file("bob", "ops", "backend.log", b"ERROR", "and this")
    picture = page.get_by_role("img", name="graph.png")
    await expect(picture).to_be_visible()
    await picture.evaluate("node => node.decode().catch(() => {})")
    assert await picture.evaluate("node => node.naturalWidth") == 1
    async with page.expect_download() as download:
        await page.get_by_role("link", name=re.compile("backend.log")).click()
    assert (await (await download.value).path()).read_bytes() == b"ERROR"


async def test_a_link_to_a_message_leads_to_it(office: Office, page: Page) -> None:
    ts = await office.say("bob", "general", "the one that matters")
    for number in range(60):
        await office.say("bob", "general", f"noise {number}")
    answer = await office.app.client.chat_getPermalink(channel=office.ids["general"], message_ts=ts)
    await office.post("ops", f"see <{answer['permalink']}|this>")
    await page.get_by_role("link", name="this", exact=True).click()
    await expect(page.get_by_role("article").filter(has_text="the one that matters")).to_be_in_viewport()


async def test_the_theme_follows_the_system_until_somebody_chooses(office: Office, windows: Windows) -> None:
    page = await enter(windows, office, "alice", "ops", scheme="dark")
    shade = "getComputedStyle(document.body).backgroundColor"
    dark = await page.evaluate(shade)
    await page.get_by_role("button", name="Use light colours").click()
    light = await page.evaluate(shade)
    assert dark != light
    await page.reload()
    await page.wait_for_selector("#channel-name")
    assert await page.evaluate(shade) == light
