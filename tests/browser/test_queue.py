"""The queue in a real Chromium: live, by keyboard, ringing until taken, on a phone, and clean for a screen reader."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.axe import broken_rules
from tests.browser.drawn import box_of
from tests.browser.ours import House
from tests.browser.test_accessibility import NAMELESS
from tests.browser.test_console import LOOKS, before_the_console, phone_of
from tests.browser.test_notices import becomes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.mongo,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

PHONE = {"width": 390, "height": 844}
RINGS = "window.rings = []; document.addEventListener('console:rang', (event) => window.rings.push(event.detail))"
ASKS = "I want to talk to a human please"


async def pictured(page: Page, name: str) -> None:
    """The page as it is, where JANJI_PICTURES names a folder."""
    folder = os.environ.get("JANJI_PICTURES")
    if folder:
        await page.screenshot(path=str(Path(folder) / f"{name}.png"))


async def test_a_row_comes_by_itself_and_is_taken_and_given_back_by_keyboard(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house, path="/queue") as page, phone_of(house, "Sari") as phone:
        await expect(page.locator("#queue-list")).to_contain_text("Nobody waits. ".strip())
        await pictured(page, "queue-empty")
        await phone.say(ASKS)
        row = page.locator(".queue-row", has_text="Sari")
        await expect(row).to_be_visible()
        await pictured(page, "queue-desk")
        await page.keyboard.press("j")
        await expect(row.get_by_role("link", name="Sari")).to_be_focused()
        await page.keyboard.press("t")
        await expect(row.locator("[data-release]")).to_be_visible()
        await row.locator("[data-release]").click()
        await expect(row.locator("[data-take]")).to_be_visible()
        await page.keyboard.press("j")
        await expect(row.get_by_role("link", name="Sari")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(f"{house.url}/console/inbox/{await lead_of(house)}")


async def lead_of(house: House) -> str:
    items: list[dict[str, Any]] = (await house.asked("/attention"))["items"]
    return str(items[0]["lead_id"])


async def test_its_one_button_takes_the_conversation_over_and_the_row_is_gone(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house, path="/queue") as page, phone_of(house, "Sari") as phone:
        await phone.say(ASKS)
        await page.locator(".queue-row [data-does]").click()
        await expect(page.locator("#composer")).to_have_attribute("data-state", "open")
        await page.goto(f"{house.url}/console/queue")
        await expect(page.locator("#queue-list .empty")).to_be_visible()


async def test_what_is_urgent_rings_each_half_minute_until_somebody_takes_it(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house, path="/queue") as page, phone_of(house, "Sari") as phone:
        await page.clock.install()
        await page.evaluate(RINGS)
        await phone.say(ASKS)
        await expect(page.locator(".queue-row")).to_be_visible()
        await becomes(page, "window.rings.length === 1")
        await page.clock.fast_forward(31_000)
        await becomes(page, "window.rings.length === 2")
        await expect(page.locator(".rail a[href='/console/queue']")).to_have_attribute("data-count", "1")
        await page.locator("[data-take]").click()
        await expect(page.locator("[data-release]")).to_be_visible()
        await expect(page.locator("#bell [data-rings=mine]")).to_be_attached()
        await page.clock.fast_forward(95_000)
        assert await page.evaluate("window.rings.length") == 2


async def test_who_chose_quiet_is_left_in_peace(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house, path="/queue") as page, phone_of(house, "Sari") as phone:
        await page.get_by_label("Sound").uncheck()
        await page.evaluate(RINGS)
        await phone.say(ASKS)
        await expect(page.locator("#bell [data-rings=critical]")).to_be_attached()
        assert await page.evaluate("window.rings") == []


async def test_on_a_phone_it_is_one_column_for_thumbs(browser: Browser, house: House) -> None:
    async with (
        before_the_console(browser, house, path="/queue", viewport=PHONE) as page,
        phone_of(house, "Sari Anggraini Putri Lestari") as phone,
    ):
        await phone.say(ASKS)
        await expect(page.locator(".queue-row")).to_be_visible()
        await pictured(page, "queue-phone")
        assert await page.locator("#page").evaluate("one => one.scrollWidth - one.clientWidth") == 0
        for button in await page.locator(".queue-acts > *").all():
            assert (await box_of(button))["height"] >= 44
        await expect(page.locator(".rail a[aria-current=page]")).to_contain_text("Queue")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
async def test_a_screen_reader_finds_nothing_wrong(browser: Browser, house: House, scheme: Any, size: Any) -> None:
    async with (
        before_the_console(
            browser, house, path="/queue", viewport=size, color_scheme=scheme, reduced_motion="reduce"
        ) as page,
        phone_of(house, "Sari") as phone,
    ):
        await phone.say(ASKS)
        await expect(page.locator(".queue-row")).to_be_visible()
        await pictured(page, f"queue-{scheme}-{size['width']}")
        assert await broken_rules(page) == []
        assert await page.evaluate(NAMELESS) == []
