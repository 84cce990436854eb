"""The buttons for the world outside, below the sidebar."""

import pytest
from playwright.async_api import Page, expect

from sandbox.slack.levers import Lever
from tests.sandbox.page.conftest import Office

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_without_levers_there_is_no_place_for_them(office: Office, page: Page) -> None:
    await expect(page.get_by_role("group", name="The world outside")).to_have_count(0)


async def test_a_lever_is_pulled_and_says_what_comes_next(office: Office, page: Page) -> None:
    async def pull() -> None:
        lever.label, lever.hint, lever.danger = "Mend it", "Goes back.", False

    lever = Lever("it", "Break it", "Rolls out.", pull, danger=True)
    office.workspace.levers[lever.name] = lever
    office.workspace.changes.touch()
    button = page.get_by_role("button", name="Break it")
    await expect(button).to_have_accessible_description("Rolls out.")
    await button.click()
    await expect(page.get_by_role("button", name="Mend it")).to_have_accessible_description("Goes back.")
