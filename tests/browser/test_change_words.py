"""The change dialog on a phone: the customer's words are read, edited, refused where there are none, and sent."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.domain.users import Role
from tests.browser.axe import broken_rules
from tests.browser.drawn import box_of
from tests.browser.test_inbox_pages import PHONE, before_it, furnished
from tests.journeys.world import opened
from tests.webhooks.console.people import token_of

pytestmark = [pytest.mark.mongo, pytest.mark.browser, pytest.mark.timeout(300)]


async def test_the_words_the_customer_will_read_are_edited_and_sent(mongodb_uri: str, screenshots: Path) -> None:
    async with opened(mongodb_uri) as world:
        await furnished(world)
        token = await token_of(world.process, "Dewi", Role.SALES)
        async with before_it(world, token, viewport=PHONE) as page:
            await page.locator(".row", has_text="Grace").click()
            await page.locator("#take").click()
            await expect(page.locator("#reply-text")).to_be_visible()
            await page.get_by_role("button", name="Show the booking").click()
            await page.locator("#context .action.ends").click()
            dialog = page.locator("#change")
            await dialog.locator("input[name=reason]").fill("Grace is ill")
            await dialog.locator("button[type=submit]").click()
            words = dialog.locator("textarea[name=words]")
            await expect(words).to_have_value(re.compile("Planning call", re.IGNORECASE))
            assert await broken_rules(page) == []
            box = await box_of(dialog)
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
            await page.screenshot(path=screenshots / "console-change-words.png")
            await words.fill("   ")
            await dialog.get_by_role("button", name="Confirm").click()
            await expect(dialog.locator("#words-refused")).to_be_visible()
            assert await broken_rules(page) == []
            await words.fill("Dear Grace, get well soon. Your call is cancelled.")
            await dialog.get_by_role("button", name="Confirm").click()
            await expect(dialog).to_be_hidden()
            bubble = await world.phones[-1].expect("get well soon", timeout=30)
            assert bubble.text == "Dear Grace, get well soon. Your call is cancelled."
            await expect(page.locator("#thread")).to_contain_text("edited the words about this change")
