"""Notices of the computer in a real Chromium: asked for by a press, while nobody sees the page, naming nobody."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.domain.ids import AgentId, LeadId
from bot.domain.users import Role
from tests.browser.conftest import ARGUMENTS, WHOLE
from tests.browser.ours import House
from tests.browser.test_console import before_the_console, phone_of
from tests.conftest import cannot_run
from tests.journeys.world import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.mongo,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

ASKS = "I want to talk to a human please"
# the real one still shows it; what it is told, when it is closed and when it is asked for is written down
WATCHED = """() => {
    window.notices = []; window.takenBack = 0; window.asked = 0;
    const Real = window.Notification;
    window.Notification = class extends Real {
        constructor(title, options) { super(title, options); window.notices.push(`${title}: ${options.body}`); }
        close() { window.takenBack += 1; super.close(); }
        static async requestPermission() { window.asked += 1; return Real.requestPermission(); }
    };
    document.addEventListener('console:rang', () => { window.rang = true; });
}"""
HIDDEN = """hidden => {
    Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
    document.dispatchEvent(new Event('visibilitychange'));
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A whole Chromium: the shell that has no window shows no notices either."""
    if not WHOLE:
        cannot_run("no Chromium on this machine that shows notices (CHROMIUM names another)")
    async with async_playwright() as tool:
        running = await tool.chromium.launch(executable_path=WHOLE, args=ARGUMENTS)
        yield running
        await running.close()


async def becomes(page: Page, true: str) -> None:
    """Wait until that is so; the policy of the page lets nobody else look again and again."""

    async def it_is() -> bool:
        found: bool = await page.evaluate(true)
        return found

    await until(it_is, 60, what=true)


async def shown(page: Page) -> list[str]:
    found: list[str] = await page.evaluate("window.notices")
    return found


async def test_it_is_shown_while_nobody_sees_the_page_until_somebody_takes_it(browser: Browser, house: House) -> None:
    more: dict[str, Any] = {"path": "/queue", "role": Role.FINANCE, "permissions": ["notifications"]}
    async with before_the_console(browser, house, "Putu", **more) as page, phone_of(house, "Sari Anggraini") as phone:
        await page.clock.install()
        await page.evaluate(WATCHED)
        assert await page.evaluate("window.asked") == 0
        await page.get_by_label("Notices on this computer").check()
        await becomes(page, "window.asked === 1")
        await expect(page.get_by_label("Notices on this computer")).to_be_checked()
        await page.get_by_label("Sound").uncheck()
        # whoever looks at the page needs none
        await phone.say(ASKS)
        await expect(page.locator("#bell [data-rings=critical]")).to_be_attached()
        # a request under way would be given up when half a minute goes by at once
        await expect(page.locator("[data-take]")).to_be_visible()
        assert await shown(page) == []
        await page.evaluate(HIDDEN, True)
        await page.clock.fast_forward(31_000)
        await becomes(page, "window.notices.length === 1")
        await page.clock.fast_forward(31_000)
        await becomes(page, "window.notices.length === 2")
        (said, again) = await shown(page)
        assert said == again
        assert house.process.business.name in said
        assert (await page.locator("#bell [data-rings]").text_content() or "?") in said
        # who may not see contacts, and whoever walks past the screen, learns nothing of the customer
        assert not any(word in said for word in ("Sari", "Anggraini", ASKS, "628"))
        await page.locator("[data-take]").click()
        await expect(page.locator("[data-release]")).to_be_visible()
        await expect(page.locator("#bell [data-rings=mine]")).to_be_attached()
        await page.clock.fast_forward(95_000)
        assert len(await shown(page)) == 2
        await page.locator("[data-release]").click()
        await expect(page.locator("[data-take]")).to_be_visible()
        await expect(page.locator("#bell [data-rings=critical]")).to_be_attached()
        await page.clock.fast_forward(31_000)
        await becomes(page, "window.notices.length === 3")


async def test_who_chose_quiet_gets_none_and_it_is_taken_back_when_it_is_over(browser: Browser, house: House) -> None:
    more: dict[str, Any] = {"path": "/queue", "permissions": ["notifications"]}
    async with before_the_console(browser, house, **more) as page, phone_of(house, "Sari") as phone:
        await page.evaluate(WATCHED)
        await page.evaluate(HIDDEN, True)
        await page.get_by_label("Sound").uncheck()
        await phone.say(ASKS)
        await expect(page.locator("#bell [data-rings=critical]")).to_be_attached()
        assert await page.evaluate("window.rang") is None
        assert await shown(page) == []
        await page.get_by_label("Notices on this computer").check()
        async with phone_of(house, "Budi") as other:
            await other.say(ASKS)
            await becomes(page, "window.notices.length === 1")
        takeovers = house.process.parts.takeovers
        for item in (await house.asked("/attention"))["items"]:
            await takeovers.take_over(LeadId(item["lead_id"]), AgentId("somebody"))
        await expect(page.locator("#bell [data-rings]")).to_have_count(0)
        await becomes(page, "window.takenBack > 0")


async def test_a_browser_that_says_no_is_told_of_and_the_box_is_off(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house, path="/queue") as page:
        await page.evaluate(WATCHED)
        # in braces: a function that an expression yields would be called at once
        says_no = "{ Notification.requestPermission = async () => { window.asked += 1; return 'denied'; }; }"
        await page.evaluate(f"() => {says_no}")
        box = page.get_by_label("Notices on this computer")
        await box.click()
        await becomes(page, "window.asked === 1")
        await expect(box).not_to_be_checked()
        await expect(page.locator("#toasts")).not_to_be_empty()
