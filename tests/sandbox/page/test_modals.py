"""Modals and App Home: filling in, objections, stacks, the keyboard."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.fixtures.browser import Windows
from tests.sandbox.page import gallery
from tests.sandbox.page.app import pushed
from tests.sandbox.page.conftest import Office, enter, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def opened(page: Page) -> Locator:
    await page.get_by_label("Message #ops").fill("/incident ")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Declare an incident")
    await expect(dialog).to_be_visible()
    return dialog


async def choose(page: Page, field: str, option: str) -> None:
    await page.get_by_role("combobox", name=field).click()
    await page.get_by_role("option", name=re.compile(option)).click()


async def test_every_kind_of_field_is_submitted(office: Office, page: Page) -> None:
    dialog = await opened(page)
    await expect(dialog.get_by_role("note")).to_have_count(5)
    await dialog.get_by_label("Title").fill("Checkout returns 500")
    await choose(page, "Severity", "P2")
    await dialog.get_by_label("Details").fill("one\ntwo")
    await dialog.get_by_label("Affected customers").fill("12")
    await choose(page, "Services", "Backend")
    await page.get_by_role("option", name="Search").click()
    await page.keyboard.press("Escape")
    await choose(page, "Commander", "Bob")
    await choose(page, "Room", "general")
    await choose(page, "Tell", "ops")
    await page.keyboard.press("Escape")
    await dialog.get_by_label("Metrics").check()
    await dialog.get_by_label("All").check()
    await dialog.get_by_label("Day").fill("2026-12-24")
    await dialog.get_by_label("Hour").fill("14:30")
    await dialog.get_by_label("Began").fill("2026-07-01T12:00")
    await dialog.get_by_role("button", name="Declare").click()
    await expect(dialog).to_have_count(0)
    (body,) = office.app.heard.of("view_submission")
    values = {block: actions["in"] for block, actions in body["view"]["state"]["values"].items()}
    assert values["title"]["value"] == "Checkout returns 500"
    assert values["severity"]["selected_option"]["value"] == "P2"
    assert values["details"]["value"] == "one\ntwo"
    assert values["affected"]["value"] == "12"
    assert [one["value"] for one in values["services"]["selected_options"]] == ["backend", "search"]
    assert values["commander"]["selected_user"] == office.ids["bob"]
    assert values["room"]["selected_channel"] == office.ids["general"]
    assert values["tell"]["selected_conversations"] == [office.ids["ops"]]
    assert [one["value"] for one in values["checks"]["selected_options"]] == ["metrics"]
    assert values["impact"]["selected_option"]["value"] == "all"
    assert values["day"]["selected_date"] == "2026-12-24"
    assert values["hour"]["selected_time"] == "14:30"
    assert values["began"]["selected_date_time"] == 1_782_900_000  # 12:00 in Berlin is 10:00 UTC


async def test_required_fields_are_marked_and_the_first_gets_the_keyboard(office: Office, page: Page) -> None:
    dialog = await opened(page)
    await dialog.get_by_role("button", name="Declare").click()
    title = dialog.get_by_label("Title")
    await expect(title).to_be_focused()
    await expect(title).to_have_attribute("aria-invalid", "true")
    await expect(dialog.get_by_text("Please complete this required field.")).to_have_count(2)
    described = await title.get_attribute("aria-describedby")
    assert described
    texts = [await page.inner_text(f"#{part}") for part in described.split()]
    assert "Please complete this required field." in " ".join(texts)
    await title.press_sequentially("x")
    await title.blur()
    await choose(page, "Severity", "P1")
    await expect(dialog.get_by_text("Please complete this required field.")).to_have_count(0)
    assert office.app.heard.of("view_submission") == []


async def test_the_apps_objections_stand_beside_the_fields(office: Office, page: Page) -> None:
    office.app.answers["declare"] = {"response_action": "errors", "errors": {"title": "Say a little more."}}
    dialog = await opened(page)
    await dialog.get_by_label("Title").fill("x")
    await choose(page, "Severity", "P1")
    await dialog.get_by_role("button", name="Declare").click()
    await expect(dialog.locator("[data-block=title]")).to_contain_text("Say a little more.")
    await expect(dialog.get_by_label("Title")).to_have_value("x")
    office.app.answers.clear()
    await dialog.get_by_label("Title").fill("much more")
    await dialog.get_by_role("button", name="Declare").click()
    await expect(dialog).to_have_count(0)


async def test_enter_in_a_field_submits(office: Office, page: Page) -> None:
    dialog = await opened(page)
    await choose(page, "Severity", "P1")
    await dialog.get_by_label("Title").fill("x")
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    assert len(office.app.heard.of("view_submission")) == 1


async def test_the_keyboard_stays_inside_and_returns(office: Office, page: Page) -> None:
    await office.post("ops", blocks=gallery.incident(1))
    update = page.get_by_role("button", name="Update")
    await update.click()
    dialog = page.get_by_role("dialog", name="Post an update")
    await expect(dialog.get_by_label("Title")).to_be_focused()
    for key in ["Shift+Tab"] * 4 + ["Tab"] * 24:
        await page.keyboard.press(key)
        assert await dialog.evaluate("node => node.contains(document.activeElement)")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(update).to_be_focused()


async def test_escape_closes_a_list_first_and_the_modal_then(office: Office, page: Page) -> None:
    dialog = await opened(page)
    await page.get_by_role("combobox", name="Severity").click()
    await expect(page.get_by_role("listbox")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("listbox")).to_have_count(0)
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_label("Message #ops")).to_be_focused()


async def test_choosing_by_keyboard_and_by_typing(office: Office, page: Page) -> None:
    await opened(page)
    box = page.get_by_role("combobox", name="Severity")
    await box.focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("P2 · Major")
    await box.press_sequentially("inconv")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("P3 · Minor")
    services = page.get_by_role("combobox", name="Services")
    await services.press_sequentially("web")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Remove Web")).to_be_visible()
    await services.press("Backspace")
    await expect(page.get_by_role("button", name="Remove Web")).to_have_count(0)


async def test_a_second_modal_on_top_and_back(office: Office, page: Page) -> None:
    office.app.answers["declare"] = {"response_action": "push", "view": pushed()}
    dialog = await opened(page)
    await dialog.get_by_label("Title").fill("kept")
    await choose(page, "Severity", "P1")
    await dialog.get_by_role("button", name="Declare").click()
    second = page.get_by_role("dialog", name="Are you sure?")
    await expect(second).to_contain_text("This pages the on-call engineer.")
    await second.get_by_role("button", name="Back").click()
    await expect(dialog.get_by_label("Title")).to_have_value("kept")
    await expect(page.get_by_role("combobox", name="Severity")).to_have_value("P1 · Critical")


async def test_typed_words_survive_an_update_of_the_view(office: Office, page: Page) -> None:
    dialog = await opened(page)
    await dialog.get_by_label("Title").press_sequentially("half typ")
    view = office.screen("alice")["modal"]
    changed = gallery.form()
    changed["blocks"].insert(0, {"type": "section", "text": gallery.mrkdwn("Two others are open.")})
    await office.app.client.views_update(view_id=view["id"], view=changed)
    await expect(dialog).to_contain_text("Two others are open.")
    await expect(dialog.get_by_label("Title")).to_be_focused()
    await page.keyboard.type("ed")
    await expect(dialog.get_by_label("Title")).to_have_value("half typed")


async def test_trouble_with_the_app_is_said_in_the_modal(office: Office, page: Page) -> None:
    dialog = await opened(page)
    await dialog.get_by_label("Title").fill("x")
    await choose(page, "Severity", "P1")
    await office.app.stop()
    await dialog.get_by_role("button", name="Declare").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("We had some trouble connecting.")
    await expect(dialog.get_by_label("Title")).to_have_value("x")


async def test_app_home(office: Office, page: Page) -> None:
    await page.get_by_role("button", name="Watch").click()
    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_role("heading", name="Open incidents")).to_be_visible()
    assert [event["tab"] for event in office.app.heard.of("app_home_opened")][-1] == "home"
    await page.get_by_role("button", name="Show").click()
    (body,) = await until(lambda: office.app.heard.of("block_actions"))
    assert (body["actions"][0]["value"], body["view"]["type"]) == ("INC-7", "home")
    await page.get_by_role("combobox", name="Any severity").click()
    await page.get_by_role("option", name=re.compile("P1")).click()
    await until(lambda: len(office.app.heard.of("block_actions")) == 2)
    assert office.app.heard.of("block_actions")[1]["actions"][0]["selected_option"]["value"] == "P1"
    await page.get_by_label("Find").fill("check")
    await page.keyboard.press("Enter")
    await until(lambda: len(office.app.heard.of("block_actions")) == 3)
    assert office.app.heard.of("block_actions")[2]["actions"][0]["value"] == "check"
    await page.get_by_role("link", name="Messages", exact=True).click()
    await expect(page.get_by_label("Message Watch")).to_be_visible()


async def test_an_app_that_takes_no_messages(office: Office, windows: Windows) -> None:
    office.workspace.raw_manifest["features"]["app_home"] |= {
        "home_tab_enabled": False,
        "messages_tab_read_only_enabled": True,
    }
    page = await enter(windows, office, "alice", "ops")
    await page.get_by_role("button", name="Watch").click()
    await expect(page.get_by_text("Watch writes here, but does not take messages.")).to_be_visible()
    await expect(page.get_by_role("link", name="Home")).to_have_count(0)
    await expect(page.get_by_role("textbox")).to_have_count(0)
