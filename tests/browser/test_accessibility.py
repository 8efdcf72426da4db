"""Who has no mouse, or no sight of the page, books as well; names, roles, focus and contrast are held."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import bodies
from tests.browser.endpoint import Endpoint
from tests.browser.ours import House
from tests.browser.person import Person
from tests.browser.shop import Place, Shop
from tests.browser.test_chat import say
from tests.browser.test_forms import booked, publish

# One Chromium at a time, also where the suite runs on several workers.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAMELESS = """() => [...document.querySelectorAll('button, a[href], input, select, textarea, iframe, dialog, section')]
    .filter((one) => one.checkVisibility() || one.type === 'file')
    .filter((one) => !(one.getAttribute('aria-label') || one.labels?.length || one.title))
    .filter((one) => !(one.matches('button, a') && one.textContent.trim()))
    .map((one) => one.outerHTML.slice(0, 120))"""
"""Controls that a screen reader could not name."""

FAINT = """() => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const bright = ([r, g, b]) => [r, g, b].map((one) => one / 255)
        .map((one) => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const behind = (one) => {
        const layers = [];
        for (let here = one; here; here = here.parentElement) layers.unshift(getComputedStyle(here).backgroundColor);
        canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
        canvas.fillRect(0, 0, 1, 1);
        for (const colour of layers) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
        return canvas.getImageData(0, 0, 1, 1).data;
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Set();
    while (texts.nextNode()) {
        const one = texts.currentNode.parentElement;
        if (!texts.currentNode.textContent.trim() || !one.checkVisibility({opacityProperty: true})) continue;
        if (one.closest('.spoken, option, :disabled, [aria-disabled=true]')) continue;
        const [ink, ground] = [bright(numbers(getComputedStyle(one).color)), bright(behind(one))];
        const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
        if (ratio < 4.5) found.add(`${one.className || one.tagName}: ${ratio.toFixed(2)}`);
    }
    return [...found];
}"""
"""Words whose contrast with what is behind them is under 4.5 (WCAG 2.2, 1.4.3)."""


async def furnished(page: Page, place: Place) -> None:
    """A page with about everything on it: bubbles of many kinds, a form, what happened."""
    shop = place.shop
    endpoint = Endpoint(booked)
    shop.flow_door = endpoint.door
    await endpoint.publish_key(shop)
    await publish(shop, "7.3_booking")
    shop.says(
        "hi",
        bodies.buttons("When?", "Today"),
        bodies.listing("Our massages", "See all", Body=[("Thai", "90 min")]),
        bodies.link("Pay", "Pay now", "https://pay.example/1"),
        bodies.place("Spa Melati", "Jl. Sudirman 1"),
        bodies.form("Book here", "Book now", "77", flow_action="data_exchange"),
    )
    await say(page, "hi")
    await expect(page.get_by_role("button", name="Book now")).to_be_visible()


async def test_every_control_of_page_form_and_sheets_has_a_name(page: Page, place: Place) -> None:
    await furnished(page, place)
    assert await page.evaluate(NAMELESS) == []
    for opener in ("Phone menu", "Attach", "See all", "Open a second phone", "Book now"):
        await page.get_by_role("button", name=opener).last.click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_be_visible()
        await expect(dialog).not_to_have_accessible_name("")
        assert await page.evaluate(NAMELESS) == []
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out_from_what_is_behind_them(page: Page, place: Place, scheme: str) -> None:
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    await furnished(page, place)
    assert await page.evaluate(FAINT) == []
    await page.get_by_role("button", name="Book now").click()
    await expect(page.get_by_role("dialog")).to_have_accessible_name("Which day?")
    assert await page.evaluate(FAINT) == []


async def test_a_new_bubble_is_read_aloud_and_nothing_else_again(page: Page, shop: Shop) -> None:
    shop.says("hi", bodies.text("Hello"))
    thread = page.get_by_role("log", name="Phone")
    await expect(thread).to_have_attribute("aria-live", "polite")
    await say(page, "hi")
    await expect(thread.get_by_role("article")).to_have_count(2)
    watch = """() => { window.added = []; new MutationObserver((records) => {
        for (const record of records) for (const node of record.addedNodes) {
            if (node.matches?.('article')) window.added.push(node.textContent);
        }
    }).observe(document.querySelector('.thread'), {childList: true}); }"""
    await page.evaluate(watch)
    shop.says("more", bodies.text("Anything else?"))
    await say(page, "more")
    await expect(thread.get_by_role("article").filter(has_text="Anything else?")).to_have_count(1)
    await expect(page.locator(".customer .tick.read")).to_have_count(2)
    await expect(thread.get_by_role("article")).to_have_count(4)
    added = await page.evaluate("window.added")
    assert any("Anything else?" in words for words in added)
    assert not any("Hello" in words for words in added)


async def test_the_first_stop_of_the_keyboard_leads_to_the_message_field(page: Page) -> None:
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the message field")
    await expect(skip).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#composer-text")).to_be_focused()


async def test_an_open_form_keeps_the_focus_and_gives_it_back(page: Page, place: Place) -> None:
    await furnished(page, place)
    opener = page.get_by_role("button", name="Book now")
    await opener.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_accessible_name("Which day?")
    for _ in range(12):
        await page.keyboard.press("Tab")
        # The browser's own controls may be passed through; nothing of the page behind the form is.
        assert await page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()


async def tab_to(page: Page, name: str, back: bool = False) -> None:
    """Walks with the Tab key until the control of this name has the focus."""
    words = """() => { const one = document.activeElement;
        return one.getAttribute('aria-label') || one.labels?.[0]?.textContent || one.textContent; }"""
    for _ in range(80):
        await page.keyboard.press("Shift+Tab" if back else "Tab")
        if name in (await page.evaluate(words) or ""):
            return
    raise AssertionError(f"the keyboard never came to {name}")


@pytest.mark.mongo
@pytest.mark.timeout(180)
async def test_a_booking_with_the_keyboard_alone(person: Person, house: House) -> None:
    page = person.page
    await tab_to(page, "Message")
    await page.keyboard.type("Hi, I would like to book the free planning call tomorrow afternoon")
    await page.keyboard.press("Enter")
    await person.reads("Tap one")
    (first, *_) = await person.offered()
    await tab_to(page, first, back=True)
    await page.keyboard.press("Enter")
    await person.reads("Please confirm")
    await tab_to(page, "Yes, book it")
    await page.keyboard.press("Enter")
    await person.reads("Booked")
    await house.bookings_in("CONFIRMED")


@pytest.mark.mongo
@pytest.mark.timeout(180)
async def test_a_form_is_filled_and_sent_with_the_keyboard_alone(person: Person, house: House) -> None:
    page, form, keys = person.page, person.form, person.page.keyboard

    async def go_on(name: str = "Continue") -> None:
        await tab_to(page, name)
        await keys.press("Enter")

    await tab_to(page, "Message")
    await keys.type("Hi, I would like to book")
    await keys.press("Enter")
    await person.reads("tap the button")
    await tab_to(page, "Book now", back=True)
    await keys.press("Enter")
    await expect(form).to_have_accessible_name("Book")
    await tab_to(page, "Free planning call")
    await keys.press("Space")
    await go_on()
    await expect(form).to_have_accessible_name("Choose a day")
    await tab_to(page, " 20")
    for _ in range(31):
        await keys.press("ArrowRight")
        if await page.evaluate("document.activeElement.ariaDisabled") == "false":
            break
    await keys.press("Enter")
    await expect(form.locator(".day-cell.picked")).to_have_count(1)
    await go_on()
    await expect(form).to_have_accessible_name("Choose a time")
    await tab_to(page, "Time")
    await keys.press("ArrowDown")
    await go_on()
    await expect(form).to_have_accessible_name("Your details")
    await tab_to(page, "Guests")
    await keys.press("ArrowDown")
    await tab_to(page, "Your name")
    await keys.type("Grace")
    await go_on()
    await expect(form).to_have_accessible_name("Check and confirm")
    await go_on("Confirm booking")
    await person.reads("Booked")
    await house.bookings_in("CONFIRMED")
