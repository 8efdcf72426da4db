"""The inbox with a booking in it, at a desk, in the dark and on a phone; pictures of it for the docs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.domain.users import Role
from bot.store.clock import BusinessClock
from tests.browser.axe import broken_rules
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.journeys.test_outside_the_window import approved
from tests.journeys.world import World, opened, until
from tests.webhooks.api.bookings.test_door import booked, slots
from tests.webhooks.console.people import token_of
from webhooks.edge.sessions import PLAIN_COOKIE

pytestmark = [pytest.mark.mongo, pytest.mark.browser, pytest.mark.timeout(300)]

RUNS_OVER = """one => [...one.querySelectorAll('a, summary, button')]
    .filter(part => part.getBoundingClientRect().right > one.getBoundingClientRect().right)
    .map(part => part.textContent.trim())"""
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@asynccontextmanager
async def before_it(world: World, token: str, **more: Any) -> AsyncIterator[Page]:
    """Somebody signed in, before the inbox."""
    async with async_playwright() as tool:
        running = await tool.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await running.new_context(**{"viewport": DESK, "locale": "en-GB", "reduced_motion": "reduce", **more})
        await context.add_cookies([{"name": PLAIN_COOKIE, "value": token, "url": world.url}])
        page = await context.new_page()
        await page.goto(f"{world.url}/console/inbox?tab=all")
        await expect(page.locator("body[data-ready=yes][data-live=yes]")).to_be_attached()
        yield page
        await running.close()


async def furnished(world: World) -> str:
    """A few customers, one of whom has booked and waits for a person."""
    for name, words in (("Budi Santoso", "Berapa harganya?"), ("Đặng Thị Thùy Dương", "Mình muốn gặp nhân viên")):
        phone = await world.phone(name)
        await phone.say(words)
    phone = await world.phone("Grace Hartono", wa_id="6281234567890")
    await phone.say("Hello")
    await world.quiet()
    lead: str = (await world.lead_of(phone))["id"]
    await booked(world, lead, (await slots(world))[0])
    await phone.say("I want to talk to a human please")
    await world.quiet()
    return lead


async def test_the_pane_has_booking_money_and_actions_and_a_change_shows_its_quote(
    mongodb_uri: str, screenshots: Path
) -> None:
    async with opened(mongodb_uri) as world:
        await furnished(world)
        token = await token_of(world.process, "Dewi", Role.SALES)
        async with before_it(world, token) as page:
            await page.screenshot(path=screenshots / "console-empty.png")
            assert await page.locator("#list").evaluate(RUNS_OVER) == []
            await page.locator(".row", has_text="Grace").click()
            pane = page.locator("#context")
            await expect(pane.locator(".card .figure").first).to_be_visible()
            await expect(pane.locator(".money")).to_be_visible()
            await page.locator("#take").click()
            await page.locator("#reply-text").fill("Hello Grace, of course: what would you like to know?")
            await expect(page.locator("#reply-saved")).to_have_text("✓")
            await page.locator("#head h1").click()
            await page.screenshot(path=screenshots / "console-inbox.png")
            await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            await page.screenshot(path=screenshots / "console-dark.png")
            await page.emulate_media(color_scheme="light", reduced_motion="reduce")
            await pane.locator(".action.ends").click()
            dialog = page.locator("#change")
            await dialog.locator("input[name=reason]").fill("Grace is ill")
            await dialog.locator("button[type=submit]").click()
            await expect(dialog.locator(".quote")).to_be_visible()
            await page.screenshot(path=screenshots / "console-change.png")
            assert await broken_rules(page) == []
            await page.keyboard.press("Escape")
            await expect(dialog).to_be_hidden()
            await page.keyboard.press("a")
            await expect(page.locator("#assign")).to_be_visible()
            await page.screenshot(path=screenshots / "console-assign.png")
            await page.keyboard.press("Escape")
            await page.locator("#person-menu summary").click()
            await page.get_by_role("button", name="Go on duty").click()
            await expect(page.locator("#duty")).to_have_attribute("data-on-duty", "yes")
            await page.locator("#person-menu summary").click()
            await page.screenshot(path=screenshots / "console-duty.png")
            assert await broken_rules(page) == []
        async with before_it(world, token, viewport=PHONE) as page:
            await page.screenshot(path=screenshots / "console-phone-list.png")
            await page.locator(".row", has_text="Grace").click()
            await expect(page.locator("#reply-text")).to_be_visible()
            wide = await page.locator("#conversation *").evaluate_all(
                "all => all.filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.className)"
            )
            assert wide == []
            await page.screenshot(path=screenshots / "console-phone.png")


async def test_a_template_stands_in_place_of_a_closed_window_and_is_sent(mongodb_uri: str, screenshots: Path) -> None:
    async with opened(mongodb_uri) as world:
        await approved(world)
        await furnished(world)
        parts = world.process.parts
        then = await parts.clock.business_now() + timedelta(hours=25)
        await BusinessClock(world.process.database).move(timedelta(hours=25), live_key=False)

        async def is_then() -> bool:
            return await parts.clock.business_now() >= then

        await until(is_then, what="the time that was moved to")
        await world.quiet()
        token = await token_of(world.process, "Dewi", Role.SALES)
        async with before_it(world, token) as page:
            await page.locator(".row", has_text="Grace").click()
            await page.locator("#take").click()
            template = page.locator("form.template").first
            await expect(template).to_be_visible()
            await page.screenshot(path=screenshots / "console-closed-window.png")
            assert await broken_rules(page) == []
            words = (await template.locator(".words").inner_text()).strip()
            await template.locator("button[type=submit]").click()
            grace = world.phones[-1]
            await grace.expect(words.splitlines()[0], timeout=30)
