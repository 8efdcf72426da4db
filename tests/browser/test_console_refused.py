"""What goes wrong in the middle of work, in a real browser: it is said, and nothing that was typed is lost."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from playwright.async_api import Browser, Error, Page, Route, expect

from bot.domain.users import Role
from bot.store import driver
from tests.browser.ours import House
from tests.browser.test_console import before_the_console, phone_of
from tests.webhooks.console.people import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.mongo,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

ASKS, WORDS, EMAIL = "I want to talk to a human please", "Half a sentence, and one more", "dewi@example.com"


async def writing(page: Page, words: str = WORDS) -> None:
    """They have taken Sari's conversation and are writing in it."""
    await page.locator(".row", has_text="Sari").click()
    await page.locator("#take").click()
    await expect(page.locator("#reply-text")).to_be_focused()
    await page.locator("#reply-text").press_sequentially(words)


@asynccontextmanager
async def held(page: Page, address: str) -> AsyncIterator[None]:
    """What is asked for there is under way until the end."""
    goes_on = asyncio.Event()

    async def later(route: Route) -> None:
        await goes_on.wait()
        await route.continue_()

    await page.route(address, later)
    yield
    goes_on.set()


@asynccontextmanager
async def late(page: Page, address: str) -> AsyncIterator[None]:
    """What is asked for there first is answered now, and heard of at the end."""
    goes_on, asked = asyncio.Event(), count()

    async def later(route: Route) -> None:
        if next(asked):
            await route.continue_()
            return
        answer = await route.fetch()
        await goes_on.wait()
        # who asked may have given it up
        with suppress(Error):
            await route.fulfill(response=answer)

    await page.route(address, later)
    yield
    goes_on.set()
    await expect(page.locator(".htmx-request")).to_have_count(0)


async def revoked(house: House) -> None:
    """Every session of theirs is ended from elsewhere."""
    accounts = house.process.accounts
    user = await accounts.named(EMAIL)
    await accounts.sessions.revoke_all(user.id, await driver.server_now(house.process.database))


async def expired(house: House) -> None:
    """They were away for longer than a session lasts."""
    ago = await driver.server_now(house.process.database) - timedelta(days=1)
    await house.process.database["user_sessions"].update_many({}, {"$set": {"seen_at": ago}})


@pytest.mark.parametrize("ends", [revoked, expired])
async def test_a_session_that_ends_in_the_middle_of_work_leads_back_to_what_was_typed(
    browser: Browser, house: House, ends: Any
) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say(ASKS)
        # nothing of it reaches the server before the end
        await page.route("**/draft", lambda route: route.abort())
        await writing(page)
        await page.wait_for_url(re.compile(r"/console/inbox/\w"))
        there = page.url
        await ends(house)
        if ends is expired:
            # nobody tells the page by itself: their next act does
            await page.keyboard.press("Control+Enter")
        await expect(page).to_have_url(re.compile(r"/console/sign-in\?next="))
        await page.unroute("**/draft")
        await page.locator("#email").fill(EMAIL)
        await page.locator("#password").fill(PASSWORD)
        await page.locator("button[type=submit]").click()
        await page.wait_for_url(there)
        await expect(page.locator("#reply-text")).to_have_value(WORDS)
        await expect(page.locator("#reply-saved")).to_have_text("✓")
        await page.locator("#reply-form .send").click()
        await phone.expect(WORDS)


async def test_a_role_lost_in_the_middle_of_work_is_told_and_its_words_wait_for_it(
    browser: Browser, house: House
) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say(ASKS)
        await writing(page)
        await expect(page.locator("#reply-saved")).to_have_text("✓")
        await house.process.accounts.set_roles(EMAIL, [Role.OPERATIONS])
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".toast.bad")).to_contain_text("Your roles do not allow this")
        await expect(page.locator("#reply-text")).to_have_value(WORDS)
        await phone.say("Hello?")
        await expect(page.locator("#composer")).to_have_attribute("data-state", "read_only")
        await house.process.accounts.set_roles(EMAIL, [Role.SALES])
        await page.reload()
        await expect(page.locator("#reply-text")).to_have_value(WORDS)


async def test_a_word_that_comes_while_an_answer_is_written_refuses_it_once(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say(ASKS)
        await writing(page, "At nine")
        await phone.say("At ten please")
        # it is there before their eyes, and still they wrote before it came
        await expect(page.locator("#thread")).to_contain_text("At ten please")
        await page.keyboard.press("Control+Enter")
        problem = page.locator("#composer-problem")
        await expect(problem).to_contain_text("wrote meanwhile")
        # news come in while they read that: the list asks for its own, and the composer is answered meanwhile
        async with held(page, "**/inbox/rows**"):
            async with page.expect_request("**/inbox/rows**"):
                await page.locator("#list").dispatch_event("live")
            async with page.expect_response("**/composer"):
                await page.locator("#composer").dispatch_event("live")
            await expect(page.locator("#composer.htmx-request")).to_have_count(0)
            await expect(problem).to_contain_text("wrote meanwhile")
        # a press while the first answer is still put in its place would count as pressed twice
        await expect(page.locator(".htmx-request")).to_have_count(0)
        await expect(page.locator("#reply-text")).to_have_value("At nine")
        await page.keyboard.press("Control+Enter")
        await phone.expect("At nine")


async def test_words_that_no_server_takes_stay_and_go_later(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say(ASKS)
        await writing(page)
        await page.route("**/send", lambda route: route.abort())
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".toast.bad")).to_contain_text("What you typed is still here")
        await expect(page.locator("#reply-text")).to_have_value(WORDS)
        await page.unroute("**/send")
        await page.keyboard.press("Control+Enter")
        await phone.expect(WORDS)


async def test_a_paste_of_ten_megabytes_is_told_and_what_fits_is_kept_though_the_browser_is_full(
    browser: Browser, house: House
) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await phone.say(ASKS)
        await writing(page, "So: ")
        # another page has filled what a browser keeps
        await page.evaluate(
            """() => { let size = 1 << 20;
            for (let n = 0; size > 0; n += 1) {
                try { sessionStorage.setItem(`full${n}`, 'x'.repeat(size)); } catch { size >>= 1; }
            } }"""
        )
        await page.evaluate("navigator.clipboard.writeText('y'.repeat(10_000_000))")
        await page.locator("#reply-text").press("Control+v")
        await expect(page.locator(".toast.bad")).to_contain_text("at most 4096 characters")
        kept = "So: " + "y" * 4092
        await expect(page.locator("#reply-text")).to_have_value(kept)
        await expect(page.locator("#reply-saved")).to_have_text("✓")
        await page.evaluate("sessionStorage.clear()")
        await page.reload()
        await expect(page.locator("#reply-text")).to_have_value(kept)


async def test_an_answer_asked_for_before_they_took_it_does_not_lock_what_they_write(
    browser: Browser, house: House
) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say(ASKS)
        await page.locator(".row", has_text="Sari").click()
        await expect(page.locator("#take")).to_be_visible()
        async with late(page, "**/composer"):
            async with page.expect_request("**/composer"):
                await page.locator("#composer").dispatch_event("live")
            await page.locator("#take").click()
            await expect(page.locator("#reply-text")).to_be_focused()
            await page.locator("#reply-text").press_sequentially("At ni")
        await page.locator("#reply-text").press_sequentially("ne")
        await expect(page.locator("#composer")).to_have_attribute("data-state", "open")
        await expect(page.locator("#reply-text")).to_be_focused()
        await expect(page.locator("#reply-text")).to_have_value("At nine")
