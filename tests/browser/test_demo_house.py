"""The demo as a person plays it: a guest, an agent and a provider side by side, signed in with what is printed."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.answered import is_ready
from tests.browser.person import Person
from tests.browser.test_bookings import books, pays
from tests.browser.test_phones import all_phones, phone_of, writes
from webhooks.local import demo
from webhooks.settings import load

pytestmark = [
    pytest.mark.browser,
    pytest.mark.mongo,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="session"),
]


async def test_guest_agent_and_provider_are_played_side_by_side_with_what_is_printed(
    browser: Browser, mongodb_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # its key and its note are written where it is started
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".janji").mkdir()
    async with demo.shown(load(env_file=None, demo=True), mongodb_uri, ports=demo.Ports(0, 0), seed=7) as played:
        printed = "\n".join(str(part) for part in demo.addresses(played).renderables[1:])
        (console,) = re.findall(r"http://\S+/console", printed)
        ((email, password),) = re.findall(r"(agent@\S+), password: (.+)", printed)
        phones = await browser.new_page(viewport={"width": 1500, "height": 860}, locale="en-GB")
        desk = await browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
        try:
            await all_phones(phones, played.simulator_url)
            guest, provider = phone_of(phones, ""), phone_of(phones, "provider")
            await desk.goto(console)
            await desk.locator("#email").fill(email)
            await desk.locator("#password").fill(password.strip())
            await desk.locator("button[type=submit]").click()
            await expect(desk.locator("#list")).to_be_visible()
            await is_ready(desk)
            await writes(guest, "I want to talk to a human please")
            await desk.locator(".row").first.click()
            await desk.locator("#take").click()
            await desk.locator("#reply-text").fill("Dewi here: a massage, and when?")
            await desk.keyboard.press("Control+Enter")
            await expect(guest.locator(".bubble.business").last).to_contain_text("Dewi here")
            await desk.locator("#give").click()
            await desk.locator("#hand-back textarea").fill("Wants a massage")
            await desk.locator("#hand-back button[type=submit]").click()
            await expect(desk.locator("#composer")).to_have_attribute("data-state", "locked")
            await guest.get_by_role("textbox").click()
            await books(Person(phones))
            await pays(Person(phones), "Pay now", "OVO", "Paid")
            await expect(provider.locator(".bubble.business")).not_to_have_count(0)
            await expect(desk.locator("#context .card").first).to_contain_text("Confirmed")
        finally:
            await phones.context.close()
            await desk.context.close()
