"""The console in a real browser: live, by keyboard alone, on a phone, and with nothing from elsewhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from bot.domain.users import Role
from simulator.customer import Phone
from tests.browser.axe import broken_rules
from tests.browser.ours import House
from tests.conftest import sampled
from tests.webhooks.console.people import token_of
from webhooks.edge.sessions import PLAIN_COOKIE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.mongo,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]


@asynccontextmanager
async def before_the_console(
    browser: Browser,
    house: House,
    name: str = "Dewi",
    *,
    path: str = "/inbox?tab=all",
    role: Role = Role.SALES,
    **more: Any,
) -> AsyncIterator[Page]:
    """Somebody who is signed in; what the page throws, refuses or asks of elsewhere fails the test."""
    token = await token_of(house.process, name, role)
    context = await browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **more})
    await context.add_cookies([{"name": PLAIN_COOKIE, "value": token, "url": house.url}])
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("request", lambda sent: None if _is_ours(sent.url, house) else wrong.append(sent.url))
    await page.goto(f"{house.url}/console{path}")
    await expect(page.locator("body[data-ready=yes][data-live=yes]")).to_be_attached()
    yield page
    await context.close()
    assert not wrong, wrong


def _is_ours(url: str, house: House) -> bool:
    return urlsplit(url).netloc == urlsplit(house.url).netloc


@asynccontextmanager
async def phone_of(house: House, name: str) -> AsyncIterator[Phone]:
    """A customer's phone."""
    async with Phone(house.sim_url, name=name) as phone:
        yield phone


async def test_a_word_of_a_customer_appears_by_itself_in_list_and_thread(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say("I want to talk to a human please")
        row = page.locator(".row", has_text="Sari")
        await expect(row).to_be_visible()
        await row.click()
        await expect(page.locator("#thread")).to_contain_text("I want to talk to a human please")
        await phone.say("Are you there?")
        await expect(page.locator("#thread")).to_contain_text("Are you there?")


async def test_taken_over_answered_noted_and_handed_back_by_keyboard_alone(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say("I want to talk to a human please")
        await expect(page.locator(".row", has_text="Sari")).to_be_visible()
        keys = page.keyboard
        await keys.press("j")
        await keys.press("Enter")
        await expect(page.locator("#composer")).to_have_attribute("data-state", "locked")
        await keys.press("t")
        await expect(page.locator("#reply-text")).to_be_focused()
        await keys.type("Hello Sari, j k t h are letters")
        await keys.press("Control+Enter")
        await phone.expect("Hello Sari, j k t h are letters")
        await expect(page.locator("#reply-text")).to_have_value("")
        await keys.press("Escape")
        await keys.press("n")
        await expect(page.locator("#composer")).to_have_attribute("data-mode", "note")
        await keys.type("Be kind")
        await keys.press("Control+Enter")
        await expect(page.locator(".bubble.note")).to_contain_text("Be kind")
        await expect(page.locator("#composer")).to_have_attribute("data-mode", "note")
        await keys.press("Escape")
        await keys.press("h")
        await expect(page.locator("#hand-back")).to_be_visible()
        await keys.press("Escape")


async def test_a_draft_outlives_the_page_and_is_on_the_next_device(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say("I want to talk to a human please")
        await page.locator(".row", has_text="Sari").click()
        await page.locator("#take").click()
        await page.locator("#reply-text").fill("Half a sente")
        await expect(page.locator("#reply-saved")).to_have_text("✓")
        await page.reload()
        await expect(page.locator("#reply-text")).to_have_value("Half a sente")


async def test_on_a_phone_it_is_one_column_with_a_way_back(browser: Browser, house: House) -> None:
    size = {"width": 390, "height": 844}
    async with before_the_console(browser, house, viewport=size) as page, phone_of(house, "Sari") as phone:
        await phone.say("I want to talk to a human please")
        await page.locator(".row", has_text="Sari").click()
        await expect(page.locator("#thread")).to_be_visible()
        await expect(page.locator("#list")).to_be_hidden()
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390
        await page.get_by_role("link", name="Back").click()
        await expect(page.locator("#list")).to_be_visible()


DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LOOKS = sampled([(DESK, "light"), (PHONE, "light"), (DESK, "dark"), (PHONE, "dark")], 3, of_many=True)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
async def test_axe_finds_nothing_wrong_with_list_conversation_and_sign_in(
    browser: Browser, house: House, scheme: Any, size: Any
) -> None:
    wrong: list[str] = []
    more = {"viewport": size, "color_scheme": scheme, "reduced_motion": "reduce"}
    async with before_the_console(browser, house, **more) as page, phone_of(house, "Sari") as phone:
        await phone.say("I want to talk to a human please")
        row = page.locator(".row", has_text="Sari")
        await expect(row).to_be_visible()
        wrong += await broken_rules(page)
        await row.click()
        await expect(page.locator("#composer")).to_have_attribute("data-state", "locked")
        wrong += await broken_rules(page)
        await page.locator("#take").click()
        # whoever has taken it writes: that is over before a note is begun
        await expect(page.locator("#reply-text")).to_be_focused()
        wrong += await broken_rules(page)
        await page.keyboard.press("Escape")
        await page.keyboard.press("n")
        await expect(page.locator("#note-text")).to_be_visible()
        wrong += await broken_rules(page)
        # left first: who is signed out is led there by the page itself, and of two ways at once one breaks off
        await page.goto("about:blank")
        await page.context.clear_cookies()
        await page.goto(f"{house.url}/console/sign-in")
        wrong += await broken_rules(page)
    assert wrong == []
