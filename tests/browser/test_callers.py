"""Booking by phone in a real Chromium: a free time of the calendar is pressed, the price is read, a template reaches
the phone, whose guest pays; and from the inbox, who is known, works with us or wants no messages."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.answered import answered
from tests.browser.axe import broken_rules
from tests.browser.drawn import box_of
from tests.browser.test_desk_pages import DESK, PHONE, TOO_WIDE, looking
from tests.browser.test_queue import pictured
from tests.journeys import payments as p
from tests.journeys.test_outside_the_window import approved
from tests.journeys.world import opened
from tests.webhooks.api.bookings.test_door import customer, slots

pytestmark = [pytest.mark.mongo, pytest.mark.browser, pytest.mark.timeout(300)]

PAY_BY = re.compile(r"by \w+ \d+ \w+ \d\d:\d\d")


async def typed(page: Page, number: str) -> None:
    """The number is written, and who has it is known."""
    dialog = page.locator("#caller")
    # whatever takes the focus from the field asks, so that is waited for from the first letter on
    async with answered(page, "**/callers/who"):
        await dialog.locator("#caller-phone").fill(number)
        await dialog.locator("#caller-phone").press("Tab")


async def test_a_free_time_is_pressed_quoted_booked_told_by_template_and_paid(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        await approved(world)
        phone = await world.phone("Emma", wa_id="6281200000077")
        slot = (await slots(world, "balinese-massage", place="villa-melati"))[0]
        async with looking(world, DESK) as (page, outside):
            await page.goto(f"{world.url}/console/calendar?day={slot['start'][:10]}")
            await _press(page, slot["provider"], int(slot["start"][11:13]))
            dialog = page.locator("#caller")
            await expect(dialog.locator("#caller-time")).to_be_visible()
            chosen = await dialog.locator("#caller-time").input_value()
            assert slot["provider"] in chosen.split("|"), "the column that was pressed"
            assert await broken_rules(page) == []
            await pictured(page, "caller-form")
            await typed(page, "+62 812 0000 0077")
            await expect(dialog.locator("#caller-who")).to_contain_text("New here")
            await dialog.locator("#caller-name").fill("Emma Watson")
            await dialog.locator("#caller-service").select_option("balinese-massage")
            await expect(dialog.locator("#caller-place")).to_be_visible()
            async with answered(page, "**/callers/times"):
                await dialog.locator("#caller-place").select_option("villa-melati")
            await dialog.get_by_role("button", name="See price and message").click()
            await expect(dialog.locator(".quote")).to_contain_text("350,000")
            read = await dialog.locator(".as-read").inner_text()
            assert read.startswith(f"This is {world.process.business.name}. As agreed on the phone")
            assert await world.leads() == [], "before the yes nobody is anybody's customer"
            assert await broken_rules(page) == []
            await pictured(page, "caller-quote")
            await dialog.get_by_role("button", name="Book it").click()
            await expect(dialog.locator("[data-booked]")).to_contain_text("Emma Watson")
            reference = await dialog.locator("[data-booked]").get_attribute("data-booked") or ""
            told = await phone.expect("As agreed on the phone", kind="template")
            # the time to pay begins with the yes, maybe a minute after it was read
            assert PAY_BY.search(told.text)
            assert PAY_BY.sub("", read.splitlines()[0].replace("BK-…", reference)) in PAY_BY.sub("", told.text)
            await dialog.get_by_role("link", name="Open the conversation").click()
            await expect(page.locator("#conversation")).to_contain_text("As agreed on the phone")
            await expect(page.locator(f"#card-{reference}")).to_be_visible()
            await p.pay(world, f"{reference}.1")
            await phone.expect("Paid and confirmed", kind="template")
            await expect(page.locator(f"#card-{reference} .badge")).to_contain_text("onfirmed")
            assert outside == []


async def _press(page: Page, provider: str, hour: int) -> None:
    """The mouse on that hour of that person's column."""
    # its columns and what stands in them are drawn
    await expect(page.locator("#calendar")).to_have_attribute("data-drawn", re.compile(r"\d"))
    head = page.locator("#calendar .ec-col-head", has_text=provider.capitalize()).first
    body = await box_of(head)
    row = await box_of(page.locator("#calendar .ec-sidebar time", has_text=f"{hour:02}:00").first)
    await page.mouse.click(body["x"] + body["width"] / 2, row["y"] + row["height"] + 4)


async def test_from_the_inbox_on_a_phone_it_says_who_has_the_number(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        known = await customer(world, "6281200000077")
        partner = world.process.business.providers[0].contact
        stopped = await world.phone("Tom", wa_id="6281200000078")
        await stopped.say("STOP")
        await world.quiet()
        async with looking(world, PHONE) as (page, outside):
            await page.goto(f"{world.url}/console/inbox?tab=all")
            await page.get_by_role("button", name="New booking").click()
            dialog = page.locator("#caller")
            await expect(dialog.locator("#caller-phone")).to_be_focused()
            who = dialog.locator("#caller-who")
            await typed(page, "0812 0000 0077")
            await expect(who).to_contain_text("with its country")
            await typed(page, partner.phone)
            await expect(who).to_contain_text(f"the number of {partner.name}")
            await typed(page, "+6281200000078")
            await expect(who).to_contain_text("has stopped our messages")
            # in the evening nothing may be free any more on the day it opens with
            async with answered(page, "**/callers/times"):
                await dialog.locator("#caller-service").select_option("planning-call")
            async with answered(page, "**/callers/times"):
                await dialog.locator("#caller-day").fill((await slots(world))[0]["start"][:10])
            await expect(dialog.locator("#caller-time")).to_be_visible()
            # its answer is the form once more, with the number it was asked for: who it is was refused before
            await dialog.get_by_role("button", name="See price and message").click()
            await expect(dialog.locator(".body > .refused")).to_contain_text("stopped our messages")
            await typed(page, "+62 812-0000-0077")
            await expect(who).to_contain_text("A customer already: Sari")
            assert await page.evaluate(TOO_WIDE) <= 0
            assert await broken_rules(page) == []
            await pictured(page, "caller-phone")
            await who.get_by_role("link", name="Open the conversation").click()
            await page.wait_for_url(f"**/console/inbox/{known}")
            refused = [said for said in outside if "409" not in said]
            assert refused == []
