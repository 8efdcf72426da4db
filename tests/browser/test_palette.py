"""The palette in a real Chromium: conversations, bookings, pages and acts by name, and by keyboard alone."""

from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.domain.users import Role
from tests.browser.answered import is_ready
from tests.browser.axe import broken_rules
from tests.browser.ours import House
from tests.browser.test_console import before_the_console, phone_of
from tests.webhooks.console.people import token_of
from webhooks.edge.sessions import PLAIN_COOKIE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.mongo,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

ASKS = "I want to talk to a human please"
PHONE = {"width": 390, "height": 844}


def marked(page: Page) -> Locator:
    """What Enter would do."""
    return page.locator("#palette [role=option][aria-selected=true]")


async def test_a_page_an_act_and_a_conversation_are_reached_by_their_names(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house, path="/queue") as page, phone_of(house, "Đặng Sari") as phone:
        await phone.say(ASKS)
        await expect(page.locator(".queue-row")).to_be_visible()
        keys, field = page.keyboard, page.locator("#palette-input")
        await keys.press("Control+k")
        await expect(field).to_be_focused()
        # the customer by a name without its marks
        await keys.type("dang")
        await expect(marked(page)).to_contain_text("Đặng Sari")
        await keys.press("Enter")
        await expect(page.locator("#conversation")).to_contain_text(ASKS)
        await is_ready(page)
        # an act on the open conversation
        await keys.press("Control+k")
        await keys.type("take ov")
        await expect(marked(page)).to_contain_text("Take over")
        await keys.press("Enter")
        await expect(page.locator("#composer")).to_have_attribute("data-state", "open")
        await expect(page.locator("#reply-text")).to_be_focused()
        # from within the field, whose letters stay letters
        await keys.type("kg t")
        await keys.press("Control+k")
        await keys.type("work")
        await expect(marked(page)).to_have_attribute("data-href", "/console/work")
        await expect(page.locator("#reply-text")).to_have_value("kg t")
        await keys.press("Enter")
        await expect(page).to_have_url(f"{house.url}/console/work")


async def test_a_booking_for_a_caller_is_begun_from_it(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house) as page:
        await page.keyboard.press("Control+k")
        await page.keyboard.type("new booking")
        await expect(marked(page)).to_have_text("New booking")
        await page.keyboard.press("Enter")
        await expect(page.locator("#caller")).to_be_visible()


async def test_escape_leads_back_to_where_one_was_and_changes_nothing(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say(ASKS)
        await page.locator(".row", has_text="Sari").click()
        await page.locator("#take").click()
        field, keys = page.locator("#reply-text"), page.keyboard
        await expect(field).to_be_focused()
        await keys.type("Hello Sari")
        await keys.press("Home")
        await keys.press("Control+k")
        await keys.type("hand")
        await keys.press("Escape")
        await expect(page.locator("#palette")).to_be_hidden()
        await expect(field).to_be_focused()
        await keys.type("So: ")
        await expect(field).to_have_value("So: Hello Sari")
        await expect(page.locator("#hand-back")).to_be_hidden()
        # out of the field the thread is scrolled by keys; a bar says so, and no ring around half the screen
        await keys.press("Escape")
        thread = page.locator("#thread")
        await expect(thread).to_be_focused()
        looks = await thread.evaluate("one => [getComputedStyle(one).outlineColor, getComputedStyle(one).boxShadow]")
        assert looks[0] == "rgba(0, 0, 0, 0)"
        assert "inset" in looks[1]


async def test_it_is_walked_by_arrows_and_a_screen_reader_follows(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house, path="/queue", reduced_motion="reduce") as page:
        keys, field, count = page.keyboard, page.locator("#palette-input"), page.locator("#palette-count")
        await keys.press("Control+k")
        await expect(field).to_have_attribute("aria-activedescendant", "palette-page-1")
        await expect(field).to_have_attribute("aria-expanded", "true")
        first = await marked(page).inner_text()
        await keys.press("ArrowDown")
        await expect(marked(page)).to_have_count(1)
        assert await marked(page).inner_text() != first
        assert await marked(page).get_attribute("id") == await field.get_attribute("aria-activedescendant")
        await keys.press("ArrowUp")
        await keys.press("ArrowUp")
        await expect(marked(page)).to_contain_text("Your account")
        assert await broken_rules(page) == []
        await keys.type("zzzz")
        await expect(count).to_have_text("Nothing is called that.")
        await expect(page.locator("#palette-none")).to_be_visible()
        await expect(marked(page)).to_have_count(0)
        await keys.press("Enter")
        assert await broken_rules(page) == []
        await keys.press("Control+k")
        await expect(page.locator("#palette")).to_be_hidden()


@pytest.mark.parametrize(("language", "word"), [("id-ID", "antrean"), ("vi-VN", "hang")])
async def test_it_speaks_the_language_of_who_asks(browser: Browser, house: House, language: str, word: str) -> None:
    async with before_the_console(browser, house, path="/queue", locale=language, viewport=PHONE) as page:
        name = await page.locator("#palette-pages [data-href='/console/queue'] .option-text").text_content()
        await page.keyboard.press("Control+k")
        await page.keyboard.type((name or word).split(maxsplit=1)[0])
        await expect(marked(page)).to_have_attribute("data-href", "/console/queue")
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"]
        assert await broken_rules(page) == []


async def test_nobody_finds_what_they_may_not_do(browser: Browser, house: House) -> None:
    token = await token_of(house.process, "Made", Role.OPERATIONS)
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say(ASKS)
        await expect(page.locator(".row", has_text="Sari")).to_be_visible()
        context: Any = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        await context.add_cookies([{"name": PLAIN_COOKIE, "value": token, "url": house.url}])
        reader = await context.new_page()
        await reader.goto(f"{house.url}/console/inbox?tab=all")
        await expect(reader.locator("body[data-ready=yes][data-live=yes]")).to_be_attached()
        await reader.locator(".row", has_text="Sari").click()
        await expect(reader.locator("#composer")).to_have_attribute("data-state", "read_only")
        await reader.keyboard.press("Control+k")
        await expect(reader.locator("#palette-input")).to_be_focused()
        offered = await reader.locator("#palette [role=option]").all_inner_texts()
        said = " ".join(offered)
        assert "Inbox" in said
        for never in ("Take over", "Money", "Settings", "Note", "Snooze"):
            assert never not in said
        await context.close()
