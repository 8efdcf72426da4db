"""Saved replies in a real Chromium: by keyboard, at the cursor, with the customer's facts, never sent by themselves."""

import pytest
from playwright.async_api import expect

from bot.domain.users import Role
from bot.replies import times
from tests.browser.axe import broken_rules
from tests.browser.test_inbox_pages import before_it
from tests.journeys.world import opened
from tests.webhooks.api.bookings.test_door import booked, slots
from tests.webhooks.console.people import token_of

pytestmark = [pytest.mark.mongo, pytest.mark.browser, pytest.mark.timeout(300)]


async def test_a_saved_reply_goes_in_at_the_cursor_in_the_customers_language_and_is_not_sent(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        budi = await world.phone("Budi Santoso")
        await budi.say("Halo, berapa harga pijatnya?")
        await world.quiet()
        lead = (await world.lead_of(budi))["id"]
        made = await booked(world, lead, (await slots(world))[0])
        await budi.say("Saya mau bicara dengan orang")
        await world.quiet()
        booking = (await world.stored(lead)).lead.open_booking
        assert booking is not None
        assert booking.chosen is not None
        business = world.process.business
        known = business.service(booking.service or "")
        assert known is not None
        clock = times.clock(booking.chosen.start, business.zone, "id")
        said = f"Halo Budi Santoso, kami sudah di jalan untuk {known.name.say('id')} jam {clock}."
        token = await token_of(world.process, "Dewi", Role.SALES)
        before = len(await budi.bubbles())
        async with before_it(world, token) as page:
            keys, field = page.keyboard, page.locator("#reply-text")
            await keys.press("j")
            await keys.press("Enter")
            await expect(page.locator("#composer")).to_have_attribute("data-state", "locked")
            await keys.press("t")
            await expect(field).to_be_focused()
            # the trigger, the first choice, and it stands there; Escape alone changes nothing
            await keys.press("/")
            await expect(page.locator("#canned")).to_be_visible()
            await keys.press("Escape")
            await expect(field).to_be_focused()
            await expect(field).to_have_value("")
            await keys.press("/")
            await expect(page.locator("#canned li button").first).to_be_focused()
            assert await broken_rules(page) == []
            await keys.press("ArrowDown")
            await expect(page.locator("#canned li button").nth(1)).to_be_focused()
            await keys.press("ArrowUp")
            await keys.press("Enter")
            await expect(page.locator("#canned")).to_be_hidden()
            await expect(field).to_be_focused()
            assert (await field.input_value()).startswith(said)
            # a slash among words is a slash; another reply goes in where the cursor stands
            await keys.press("Control+Home")
            await keys.type("1/2: ")
            await keys.press("Control+k")
            await keys.type("saved")
            await keys.press("Enter")
            await expect(page.locator("#canned li button").first).to_be_focused()
            await keys.press("ArrowDown")
            await keys.press("Enter")
            await expect(field).to_be_focused()
            both = await field.input_value()
            assert both.startswith("1/2: Ini tautan pembayaran untuk ")
            assert said in both
            assert made["reference"] not in both
            # what is free of charge has no link: its blank is marked, and what is typed next takes its place
            await keys.type("tidak perlu bayar. ")
            assert "[link]" not in await field.input_value()
            await expect(page.locator("#reply-saved")).to_have_text("✓")
            await world.quiet()
            assert len(await budi.bubbles()) == before
            await keys.press("Control+Enter")
            await expect(field).to_have_value("")
            await budi.expect("1/2: Ini tautan pembayaran untuk")


async def test_what_nobody_knows_is_named_and_asked_for_before_it_goes(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        sari = await world.phone("Sari")
        await sari.say("I want to talk to a human please")
        await world.quiet()
        token = await token_of(world.process, "Dewi", Role.SALES)
        async with before_it(world, token) as page:
            keys, field = page.keyboard, page.locator("#reply-text")
            await page.locator(".row", has_text="Sari").click()
            await page.locator("#take").click()
            await expect(field).to_be_focused()
            await keys.press("/")
            await expect(page.locator("#canned li").first).to_contain_text("Still to be filled in: service, time.")
            await keys.press("Enter")
            await expect(field).to_have_value(
                "Hi Sari, we are on our way for [service] at [time]. See you in a moment!"
            )
            await keys.press("Control+Enter")
            problem = page.locator("#composer-problem")
            await expect(problem).to_have_text("Still to be filled in: [service], [time].")
            # the first blank is marked: what is typed takes its place
            await keys.type("your massage")
            await expect(field).to_have_value(
                "Hi Sari, we are on our way for your massage at [time]. See you in a moment!"
            )
            assert await broken_rules(page) == []
            await field.fill("Hi Sari, we are on our way for your massage at ten. See you in a moment!")
            await keys.press("Control+Enter")
            await sari.expect("we are on our way for your massage at ten")
