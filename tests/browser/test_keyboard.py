"""Every page of the console without a mouse: its main act, a focus that is seen wherever it is, and no trap."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.domain.users import Role
from payments.domain.ids import RefundId
from tests.browser.answered import is_ready
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.test_notices import becomes
from tests.journeys import payments as p
from tests.journeys.world import World, opened
from tests.webhooks.api.bookings.test_door import booked, slots
from tests.webhooks.api.money.test_refunds import held
from tests.webhooks.console.people import token_of
from webhooks.edge.sessions import PLAIN_COOKIE

pytestmark = [pytest.mark.mongo, pytest.mark.browser, pytest.mark.timeout(600)]

# What has the focus, and whether somebody who looks at the screen sees that: a ring, a bar at its edge, or the frame of
# what a field stands in.
FOCUSED: Final = """selector => {
    const one = document.activeElement;
    if (!one || one === document.body) return {name: '', isSeen: true, isIt: false};
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
        && !/, 0\\)$/.test(style.outlineColor);
    const framed = one.closest('.composer, .search, .palette-head') !== null;
    const drawn = ring || framed || style.boxShadow.includes('inset');
    window.focusCount ??= 0;
    one.dataset.focusNumber ??= String(++window.focusCount);
    const words = one.textContent.trim().slice(0, 30);
    return {
        name: `${one.dataset.focusNumber} ${one.tagName}#${one.id}.${one.className} ${words}`,
        isSeen: drawn && box.width > 0 && box.height > 0,
        isIt: one.matches(selector),
    };
}"""
MOST: Final = 200
"""No page has so many places to stop at."""
SAME: Final = 9
"""A field for day and time has a stop for each of its parts; more than these are a trap."""


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until that has the focus; each stop on the way is seen, and none holds it."""
    last, times = "", 0
    for _ in range(MOST):
        await page.keyboard.press("Tab")
        found: dict[str, Any] = await page.evaluate(FOCUSED, selector)
        assert found["isSeen"], f"nobody sees that this has the focus: {found['name']}"
        if found["isIt"]:
            return
        times = times + 1 if found["name"] == last else 1
        assert times < SAME, f"a trap: {found['name']}"
        last = found["name"]
    raise AssertionError(f"no Tab leads to {selector}; the last stop was {last}")


async def goes_round(page: Page) -> None:
    """From the first stop to the last and to the first again."""
    await tab_to(page, ".skip")
    await tab_to(page, ".skip")


async def go(page: Page, letter: str, address: str) -> None:
    """`g` and its letter, to another page."""
    await is_ready(page)
    # in one go: the letter counts for a second and a half
    await page.keyboard.type(f"g{letter}")
    await page.wait_for_url(f"**/console{address}**")
    await is_ready(page)


async def furnished(world: World) -> str:
    """A customer who waits for a person, a booking of theirs, work for tomorrow, a refund that needs a yes."""
    phone = await world.phone("Sari")
    await phone.say("Hello")
    await world.quiet()
    lead: str = (await world.lead_of(phone))["id"]
    await booked(world, lead, (await slots(world))[0])
    await phone.say("I want to talk to a human please")
    await world.quiet()
    due = (await world.process.parts.clock.business_now() + timedelta(hours=30)).isoformat()
    task = (await world.api.post("/tasks", json={"title": "Buy flowers", "due": due, "task_role": "host"})).json()
    refund = replace(held(), id=RefundId("rf-9"), ordered_by=("somebody",))
    await p.money_of(world).store.refunds.insert(refund)
    return str(task["id"])


async def test_the_main_act_of_every_page_is_done_without_a_mouse(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world, async_playwright() as tool:
        task = await furnished(world)
        token = await token_of(world.process, "Nyoman", Role.ADMIN)
        running = await tool.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await running.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        await context.add_cookies([{"name": PLAIN_COOKIE, "value": token, "url": world.url}])
        page = await context.new_page()
        keys = page.keyboard
        await page.goto(f"{world.url}/console/queue")
        await expect(page.locator("body[data-live=yes]")).to_be_attached()

        # queue: taken, and given back by its button
        await expect(page.locator(".queue-row").first).to_be_visible()
        await goes_round(page)
        await keys.press("j")
        await keys.press("t")
        await expect(page.locator("[data-release]").first).to_be_visible()
        await tab_to(page, "[data-release]")
        await keys.press("Enter")
        await expect(page.locator("[data-release]")).to_have_count(0)

        # inbox: taken over and answered
        await go(page, "i", "/inbox")
        await expect(page.locator(".row").first).to_be_visible()
        await keys.press("j")
        await keys.press("Enter")
        await expect(page.locator("#composer")).to_have_attribute("data-state", "locked")
        await goes_round(page)
        await keys.press("t")
        await expect(page.locator("#reply-text")).to_be_focused()
        await keys.type("Hello Sari, how can I help?")
        await tab_to(page, ".send")
        await keys.press("Enter")
        await world.phones[-1].expect("Hello Sari, how can I help?")
        await goes_round(page)

        # calendar: tomorrow is closed for somebody, and opened again
        await go(page, "c", "/calendar")
        await goes_round(page)
        await tab_to(page, ".calendar-tools a[aria-label='After']")
        await keys.press("Enter")
        await page.wait_for_url("**day=**")
        await tab_to(page, "[data-opens=block-time]")
        await keys.press("Enter")
        await expect(page.locator("#block-time")).to_be_visible()
        await tab_to(page, "#block-time [name=reason]")
        await keys.type("dentist")
        await keys.press("Enter")
        await expect(page.locator(".said")).to_be_visible()
        await tab_to(page, "[data-lift]")
        await keys.press("Enter")
        await expect(page.locator("[data-lift]")).to_have_count(0)

        # work: what is to be done tomorrow is done
        await go(page, "w", "/work")
        await tab_to(page, "a[href*='tab=coming']")
        await keys.press("Enter")
        card = page.locator("article", has_text="Buy flowers")
        await expect(card).to_be_visible()
        await goes_round(page)
        await tab_to(page, "form[action*='house'][action*='/done'] button")
        await keys.press("Enter")
        await expect(card).to_have_count(0)
        assert (await world.api.get(f"/tasks/{task}")).json()["state"] == "done"

        # money: a second person's yes
        await go(page, "m", "/money")
        await goes_round(page)
        await tab_to(page, "form[action*='rf-9/approve'] button")
        await keys.press("Enter")
        await expect(page.locator(".said")).to_be_visible()
        approved = await p.money_of(world).store.refunds.load("rf-9")
        assert approved is not None
        assert not approved.awaits_approval

        # reports: another one, other days, and the rows of a figure
        await go(page, "r", "/reports")
        await goes_round(page)
        await tab_to(page, ".tabs a[href*='/reports/funnel']")
        await keys.press("Enter")
        await page.wait_for_url("**/reports/funnel**")
        await tab_to(page, ".period button")
        async with page.expect_navigation():
            await keys.press("Enter")
        await tab_to(page, ".table a")
        await keys.press("Enter")
        await page.wait_for_url("**/rows**")
        await goes_round(page)

        # settings: Meta is asked once more, and the page is scrolled by keys
        await go(page, "e", "/settings")
        await expect(page.locator("#ask-meta")).to_be_visible()
        await goes_round(page)
        await tab_to(page, "#ask-meta")
        await keys.press("Enter")
        # another button than the one that was tabbed to: the answer has brought it
        await expect(page.locator("#ask-meta:not([data-focus-number])")).to_be_visible()
        await tab_to(page, "#page")
        await keys.press("PageDown")
        await becomes(page, "document.getElementById('page').scrollTop > 0")
        await running.close()
