"""What customers send, in a real browser: seen and heard, on a phone too, and nothing of it runs."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.axe import broken_rules
from tests.browser.drawn import scrolled_to
from tests.browser.ours import House
from tests.browser.test_console import DESK, PHONE, before_the_console, phone_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.mongo,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="session"),
]

HOSTILE = b"<svg xmlns='http://www.w3.org/2000/svg' onload='top.document.title=1'><script>top.owned=1</script></svg>"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_what_customers_send_is_shown_and_nothing_of_it_runs(
    browser: Browser, house: House, size: Any, screenshots: Path
) -> None:
    async with before_the_console(browser, house, viewport=size) as page, phone_of(house, "Sari") as phone:
        await phone.say("*Hello*, I want to talk to a human please")
        first = await phone.say("Is _this_ your pool?")
        await phone.do("file", caption="Our ~old~ *new* pool")
        await phone.do("location", latitude=-8.65, longitude=115.13, name="Villa Padi")
        await phone.do("contact", people=[{"name": "Budi Santoso", "phone": "+62 812 3456"}])
        await phone.do("file", mime_type="audio/ogg", content_base64=b64encode(b"OggS\x00\x02").decode())
        await phone.say("This one", quote=first)
        hostile = b64encode(HOSTILE).decode()
        await phone.do("file", mime_type="image/svg+xml", content_base64=hostile, caption="look at me")
        await page.locator(".row", has_text="Sari").click()
        thread = page.locator("#thread")
        await expect(thread.locator("strong", has_text="Hello")).to_be_visible()
        await expect(thread.locator(".about em", has_text="this")).to_be_visible()
        await expect(thread.locator("s", has_text="old")).to_be_attached()
        await expect(thread.locator("audio")).to_be_attached()
        await expect(thread).to_contain_text("+62 812 3456")
        picture = thread.locator(".media.image img").first
        await scrolled_to(picture)
        await expect(picture).to_have_js_property("complete", True)
        await expect(picture).not_to_have_js_property("naturalWidth", 0)
        # what is no picture says so in its place, and nothing in it has run
        await scrolled_to(thread.get_by_text("look at me"))
        await expect(thread.locator(".gone-file")).to_contain_text("cannot be fetched")
        assert await page.evaluate("window.owned === undefined && document.title !== '1'")
        assert await broken_rules(page) == []
        await page.screenshot(path=screenshots / f"console-readable-{size['width']}.png")
        wide = await page.locator("#conversation *").evaluate_all(
            "all => all.filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.className)"
        )
        assert wide == []


async def test_a_hostile_file_that_is_opened_by_itself_is_saved_and_never_shown(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say("I want to talk to a human please")
        page_of_html = b64encode(b"<!doctype html><script>document.title='owned'</script>").decode()
        await phone.do("file", mime_type="text/html", content_base64=page_of_html, filename="invoice.html")
        await page.locator(".row", has_text="Sari").click()
        link = page.locator("#thread .media a.button")
        await expect(link).to_have_text("invoice.html")
        address = await link.get_attribute("href")
        async with page.expect_download() as saved:
            # as an address that somebody pastes: not even then does a browser show it
            await page.evaluate("address => { location.href = address; }", address)
        assert (await saved.value).suggested_filename == "invoice.html"
        assert "owned" not in await page.title()
