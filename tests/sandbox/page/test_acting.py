"""What a person does: write, command, press, choose, react, pin, answer in threads, join."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.fixtures.browser import Windows
from tests.sandbox.page import gallery
from tests.sandbox.page.conftest import Office, enter, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def last(page: Page) -> Any:
    return page.get_by_role("region", name="Messages in").get_by_role("article").last


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Message #ops").fill(text)
    await page.keyboard.press("Enter")


async def test_writing_a_message(office: Office, page: Page) -> None:
    await write(page, "all *calm* <here> & there, @bob")
    await expect(last(page)).to_contain_text("all calm <here> & there, @Bob Tanaka")
    await expect(page.get_by_label("Message #ops")).to_have_value("")
    said = list(office.workspace.channel("ops").messages.values())[-1]
    assert said.text == f"all *calm* &lt;here&gt; &amp; there, <@{office.ids['bob']}>"


async def test_shift_enter_starts_a_line(office: Office, page: Page) -> None:
    box = page.get_by_label("Message #ops")
    await box.press_sequentially("one")
    await box.press("Shift+Enter")
    await box.press_sequentially("two")
    await box.press("Enter")
    await until(lambda: any(m.text == "one\ntwo" for m in office.workspace.channel("ops").messages.values()))


async def test_a_command_reaches_the_app_and_its_answer_is_seen(office: Office, page: Page) -> None:
    await write(page, "/incident declare P1 social-live checkout")
    await expect(last(page)).to_contain_text("You said: declare P1 social-live checkout")
    await expect(last(page)).to_contain_text("Only visible to you")
    (body,) = office.app.heard.of("command")
    assert (body["command"], body["text"]) == ("/incident", "declare P1 social-live checkout")
    assert body["channel_id"] == office.ids["ops"]


async def test_an_unknown_command_is_said_to_be_unknown(office: Office, page: Page) -> None:
    await write(page, "/nonsense now")
    notice = page.get_by_role("alert")
    await expect(notice).to_contain_text("/nonsense is not a valid command.")
    await expect(notice).to_contain_text("Only visible to you")
    await notice.get_by_role("button", name="Dismiss").click()
    await expect(notice).to_have_count(0)


async def test_a_command_that_the_app_does_not_answer(office: Office, page: Page) -> None:
    await write(page, "/inform everybody")
    await expect(page.get_by_text("Waiting for the app…")).to_be_visible()
    await expect(page.get_by_role("alert")).to_contain_text("/inform failed with the error “operation_timeout”")


async def test_commands_complete_with_tab(office: Office, page: Page) -> None:
    box = page.get_by_label("Message #ops")
    await box.press_sequentially("/in")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await expect(options).to_have_count(2)
    await expect(options.first).to_contain_text("declare P1 platform what is wrong")
    await expect(options.first).to_contain_text("Declare and run incidents")
    await box.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await box.press("Tab")
    await expect(box).to_have_value("/inform ")
    await expect(page.get_by_text("Tell stakeholders")).to_be_visible()
    await expect(box).to_be_focused()


async def test_people_and_channels_complete(office: Office, page: Page) -> None:
    box = page.get_by_label("Message #ops")
    await box.press_sequentially("ask @tan")
    await expect(page.get_by_role("option", name=re.compile("Bob Tanaka"))).to_be_visible()
    await box.press("Enter")
    await expect(box).to_have_value("ask @bob ")
    await box.press_sequentially("in #gen")
    await box.press("Tab")
    await expect(box).to_have_value("ask @bob in #general ")
    await box.press_sequentially("or @onc")
    await page.get_by_role("option", name=re.compile("oncall")).click()
    await box.press("Enter")
    await expect(last(page)).to_contain_text("ask @Bob Tanaka in #general or @oncall")


async def test_escape_closes_the_suggestions_and_keeps_the_words(office: Office, page: Page) -> None:
    box = page.get_by_label("Message #ops")
    await box.press_sequentially("/in")
    await box.press("Escape")
    await expect(page.get_by_role("listbox")).to_have_count(0)
    await expect(box).to_have_value("/in")


async def test_pressing_a_button(office: Office, page: Page) -> None:
    ts = await office.post("ops", blocks=gallery.incident(1))
    await page.get_by_role("button", name="Acknowledge").click()
    (body,) = await until(lambda: office.app.heard.of("block_actions"))
    assert body["actions"][0]["action_id"] == "ack"
    assert body["actions"][0]["value"] == "INC-7"
    assert body["message"]["ts"] == ts
    assert body["user"]["id"] == office.ids["alice"]


async def test_a_button_that_asks_first(office: Office, page: Page) -> None:
    await office.post("ops", blocks=gallery.incident(1))
    button = page.get_by_role("button", name="Roll back")
    await button.click()
    question = page.get_by_role("alertdialog", name="Roll back the backend?")
    await expect(question.get_by_role("button", name="Not now")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(question).to_have_count(0)
    await expect(button).to_be_focused()
    assert office.app.heard.of("block_actions") == []
    await button.click()
    await question.get_by_role("button", name="Roll back").click()
    (body,) = await until(lambda: office.app.heard.of("block_actions"))
    assert body["actions"][0]["action_id"] == "roll_back"


async def test_an_overflow_menu(office: Office, page: Page) -> None:
    await office.post("ops", blocks=gallery.incident(1))
    await page.get_by_role("article").last.get_by_role("button", name="More actions", exact=True).click()
    await page.get_by_role("menuitem", name="Change severity").click()
    (body,) = await until(lambda: office.app.heard.of("block_actions"))
    assert body["actions"][0]["selected_option"]["value"] == "severity"


async def test_a_select_and_a_date_in_a_message(office: Office, page: Page) -> None:
    select = {
        "type": "static_select",
        "action_id": "pick",
        "options": gallery.SEVERITIES,
        "placeholder": gallery.plain("Severity"),
    }
    await office.post(
        "ops",
        blocks=[{"type": "actions", "block_id": "b", "elements": [select, {"type": "datepicker", "action_id": "day"}]}],
    )
    box = page.get_by_role("combobox", name="Severity")
    await box.click()
    await page.get_by_role("option", name=re.compile("P2")).click()
    (picked,) = await until(lambda: office.app.heard.of("block_actions"))
    assert picked["actions"][0]["selected_option"]["value"] == "P2"
    await expect(box).to_have_value("P2 · Major")
    await page.locator("input[type=date]").fill("2026-12-24")
    await until(lambda: len(office.app.heard.of("block_actions")) == 2)
    assert office.app.heard.of("block_actions")[1]["actions"][0]["selected_date"] == "2026-12-24"
    await page.reload()
    await expect(page.get_by_role("combobox", name="Severity")).to_have_value("P2 · Major")


async def test_checkboxes_in_a_message(office: Office, page: Page) -> None:
    boxes = {
        "type": "checkboxes",
        "action_id": "boxes",
        "options": [gallery.option("Logs", "logs"), gallery.option("Metrics", "metrics")],
    }
    await office.post("ops", blocks=[{"type": "section", "text": gallery.mrkdwn("Checked"), "accessory": boxes}])
    await page.get_by_role("checkbox", name="Metrics").check()
    (body,) = await until(lambda: office.app.heard.of("block_actions"))
    assert [one["value"] for one in body["actions"][0]["selected_options"]] == ["metrics"]
    await expect(page.get_by_role("checkbox", name="Metrics")).to_be_checked()


async def test_a_link_button_leads_out_and_tells_the_app(office: Office, page: Page) -> None:
    await office.post("ops", blocks=gallery.incident(1))
    link = page.get_by_role("link", name="Open dashboard")
    await expect(link).to_have_attribute("href", "https://dash.example/checkout")
    await expect(link).to_have_attribute("rel", re.compile("noopener"))


async def test_feedback(office: Office, page: Page) -> None:
    await office.post("ops", blocks=gallery.modern())
    await page.get_by_role("button", name="Not useful").click()
    (body,) = await until(lambda: office.app.heard.of("block_actions"))
    assert body["actions"][0]["value"] == "no"


async def test_reacting_and_taking_it_back(office: Office, page: Page) -> None:
    ts = await office.say("bob", "ops", "it works")
    message = last(page)
    await message.hover()
    await message.get_by_role("button", name="Add a reaction").first.click()
    await page.get_by_role("searchbox", name="Find an emoji").fill("tada")
    await page.get_by_role("button", name="tada", exact=True).click()
    mine = message.get_by_role("button", name="tada, 1, Alice Moreau")
    await expect(mine).to_have_attribute("aria-pressed", "true")
    assert office.workspace.channel("ops").messages[ts].reactions == {"tada": [office.ids["alice"]]}
    await mine.click()
    await expect(mine).to_have_count(0)


async def test_pinning_from_the_menu(office: Office, page: Page) -> None:
    await office.say("bob", "ops", "keep this")
    message = page.get_by_role("article").filter(has_text="keep this").first
    await message.hover()
    await message.get_by_role("button", name="More actions on the message").click()
    await page.get_by_role("menuitem", name="Pin to channel").click()
    await expect(page.get_by_role("button", name="1 pinned")).to_be_visible()


async def test_a_message_shortcut(office: Office, page: Page) -> None:
    ts = await office.say("bob", "ops", "we saw it first at 14:02")
    await last(page).focus()
    await last(page).get_by_role("button", name="More actions on the message").click()
    await page.get_by_role("menuitem", name=re.compile("Add to timeline")).click()
    (body,) = await until(lambda: office.app.heard.of("message_action"))
    assert (body["callback_id"], body["message"]["ts"]) == ("add_to_timeline", ts)


async def test_a_global_shortcut(office: Office, page: Page) -> None:
    await page.get_by_role("button", name="Shortcuts").click()
    await page.get_by_role("menuitem", name=re.compile("Declare an incident")).click()
    await expect(page.get_by_role("dialog", name="Declare an incident")).to_be_visible()
    assert office.app.heard.of("shortcut")[0]["callback_id"] == "declare_anywhere"


async def test_a_thread(office: Office, page: Page) -> None:
    ts = await office.say("bob", "ops", "who looks at it?")
    await last(page).hover()
    await last(page).get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("No replies yet")
    await thread.get_by_label("Reply in the thread").fill("I do")
    await page.keyboard.press("Enter")
    await expect(thread).to_contain_text("1 reply")
    await expect(thread.get_by_role("article").last).to_contain_text("I do")
    assert list(office.workspace.channel("ops").messages.values())[-1].thread_ts == ts
    await expect(page.get_by_role("main").get_by_role("link", name=re.compile("1 reply"))).to_be_visible()
    await thread.get_by_label("Reply in the thread").fill("/incident list")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("/incident does not work in threads")
    await thread.get_by_role("button", name="Close the thread").click()
    await expect(thread).to_have_count(0)


async def test_joining_a_channel(office: Office, windows: Windows) -> None:
    page = await enter(windows, office, "alice", "design")
    await expect(page.get_by_text("You are not in #design")).to_be_visible()
    await page.get_by_role("main").get_by_role("button", name="Join channel").click()
    await expect(page.get_by_label("Message #design")).to_be_visible()
    assert office.ids["alice"] in office.workspace.channel("design").members


async def test_leaving_a_channel(office: Office, page: Page) -> None:
    await page.get_by_role("button", name="Channel actions").click()
    await page.get_by_role("menuitem", name="Leave channel").click()
    await expect(page.get_by_text("You are not in #ops")).to_be_visible()


async def test_an_archived_channel_is_read_only(office: Office, windows: Windows) -> None:
    page = await enter(windows, office, "alice", "attic")
    await expect(page.get_by_text("This channel is archived.")).to_be_visible()
    await expect(page.get_by_role("textbox")).to_have_count(0)


async def test_a_direct_message(office: Office, page: Page) -> None:
    await page.get_by_role("button", name="New direct message").click()
    await page.get_by_role("menuitem", name=re.compile("Carol")).click()
    await page.get_by_label("Message Carol Núñez").fill("may I roll back?")
    await page.keyboard.press("Enter")
    await expect(last(page)).to_contain_text("may I roll back?")
    await expect(page.get_by_role("link", name="Carol Núñez")).to_have_attribute("aria-current", "page")


async def test_a_refusal_is_a_sentence(office: Office, windows: Windows, page: Page) -> None:
    windows.expected = ("status of 409",)
    ts = await office.post("ops", blocks=gallery.incident(1))
    await expect(page.get_by_role("button", name="Acknowledge")).to_be_visible()
    office.workspace.channel("ops").messages[ts].app_id = ""
    await page.get_by_role("button", name="Acknowledge").click()
    await expect(page.get_by_role("alert")).to_contain_text("That message is not the app’s.")


async def test_an_app_that_is_down(office: Office, page: Page) -> None:
    await office.post("ops", blocks=gallery.incident(1))
    await office.app.stop()
    await page.get_by_role("button", name="Acknowledge").click()
    await expect(page.get_by_role("alert").first).to_contain_text(re.compile("did not react|could not be reached"))


async def test_fields_in_a_message_are_sent_along_with_a_press(office: Office, page: Page) -> None:
    field = {
        "type": "input",
        "block_id": "why",
        "label": gallery.plain("Reason"),
        "element": {"type": "plain_text_input", "action_id": "in"},
    }
    press = {"type": "actions", "elements": [gallery.button("Send", "send")]}
    await office.post("ops", blocks=[field, press])
    await page.get_by_label("Reason").fill("because")
    await last(page).get_by_role("button", name="Send").click()
    (body,) = await until(lambda: office.app.heard.of("block_actions"))
    assert body["state"]["values"]["why"]["in"]["value"] == "because"


async def test_sharing_a_file(office: Office, page: Page) -> None:
    await page.get_by_role("button", name="Shortcuts").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("menuitem", name="Share a file").click()
    await (await chooser.value).set_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"seen at 14:02"})
    await expect(last(page)).to_contain_text("notes.txt")
    (file,) = office.workspace.files.values()
    assert file.content == b"seen at 14:02"


async def test_adding_somebody_and_archiving(office: Office, page: Page) -> None:
    actions = page.get_by_role("button", name="Channel actions")
    await actions.click()
    await page.get_by_role("menuitem", name="Add somebody").click()
    await page.get_by_role("menuitem", name=re.compile("Eve")).click()
    await until(lambda: office.ids["eve"] in office.workspace.channel("ops").members)
    await actions.click()
    await page.get_by_role("menuitem", name="Archive channel").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Archive").click()
    await expect(page.get_by_text("This channel is archived.")).to_be_visible()


async def test_trouble_at_a_place_without_a_composer(office: Office, page: Page) -> None:
    await page.get_by_role("button", name="Watch").click()
    await page.get_by_role("link", name="Home", exact=True).click()
    await expect(page.get_by_role("button", name="Show")).to_be_visible()
    office.workspace.notice(office.ids["alice"], "Something went wrong.")
    await expect(page.get_by_role("alert")).to_contain_text("Something went wrong.")
