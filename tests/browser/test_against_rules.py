"""Against the rules of the house, in a real Chromium: a time that no list shows is wished, the rules that refuse it are
read, and whoever may gives the reason and goes on; others read who can. On a phone, by keyboard."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from bot.domain.users import Role
from tests.browser.answered import answered
from tests.browser.axe import broken_rules
from tests.browser.test_desk_pages import DESK, PHONE, TOO_WIDE, drags_to, looking
from tests.browser.test_inbox_pages import before_it
from tests.browser.test_queue import pictured
from tests.journeys.world import World, opened
from tests.webhooks.api.bookings.test_door import Json, booked, customer, slots
from tests.webhooks.console.people import token_of

pytestmark = [pytest.mark.mongo, pytest.mark.browser, pytest.mark.timeout(300)]

NARROW = {"width": PHONE[0], "height": PHONE[1]}
REFUSES = "the timetable has no such time"
WHY = "her flight leaves at dawn"


async def fits(page: Page) -> None:
    """As wide as its screen, and clean by axe."""
    assert await page.evaluate(TOO_WIDE) <= 0
    assert await broken_rules(page) == []


async def history(world: World, reference: str, to: str) -> Json:
    """The newest move there."""
    told = (await world.api.get(f"/bookings/{reference}")).json()
    found: Json = [move for move in told["history"] if move["to"] == to][-1]
    return found


async def wishes_three_in_the_morning(page: Page, fold: str) -> None:
    """Of the day that is chosen."""
    other = page.locator(fold)
    await other.locator("summary").press("Enter")
    await other.locator("input[name=other_at]").fill("03:00")


async def test_a_caller_is_booked_at_a_time_that_the_rules_refuse(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        day = (await world.process.parts.clock.business_now() + timedelta(days=2)).date().isoformat()
        admin = await token_of(world.process, "Nyoman", Role.ADMIN)
        async with before_it(world, admin, viewport=NARROW) as page:
            await page.get_by_role("button", name="New booking").click()
            dialog = page.locator("#caller")
            async with answered(page, "**/callers/who"):
                await dialog.locator("#caller-phone").fill("+62 812 0000 0077")
                await dialog.locator("#caller-phone").press("Tab")
            await dialog.locator("#caller-name").fill("Emma Watson")
            async with answered(page, "**/callers/times"):
                await dialog.locator("#caller-service").select_option("planning-call")
            async with answered(page, "**/callers/times"):
                await dialog.locator("#caller-day").fill(day)
                await dialog.locator("#caller-day").press("Tab")
            await wishes_three_in_the_morning(page, "#caller-other")
            await fits(page)
            await pictured(page, "rules-caller-other")
            await dialog.get_by_role("button", name="See price and message").click()
            why = dialog.get_by_label("Why all the same")
            await expect(why).to_be_focused()
            await expect(dialog.get_by_role("alert")).to_contain_text(REFUSES)
            await fits(page)
            await pictured(page, "rules-caller-refused")
            # without a reason nothing goes on
            await dialog.get_by_role("button", name="See the price all the same").click()
            await expect(why).to_be_focused()
            # what was filled in is there, for another time
            await dialog.get_by_role("button", name="Back").click()
            await expect(dialog.locator("#caller-other input[name=other_at]")).to_have_value("03:00")
            await expect(dialog.locator("#caller-name")).to_have_value("Emma Watson")
            await dialog.get_by_role("button", name="See price and message").click()
            await expect(why).to_be_focused()
            await page.keyboard.type(WHY)
            await dialog.get_by_role("button", name="See the price all the same").press("Enter")
            await expect(dialog.locator(".quote")).to_contain_text(f"{REFUSES} · {WHY}")
            assert WHY not in await dialog.locator(".as-read").inner_text()
            await fits(page)
            await dialog.get_by_role("button", name="Book it").click()
            reference = await dialog.locator("[data-booked]").get_attribute("data-booked") or ""
            move = await history(world, reference, "SLOT_PROPOSED")
            assert (move["overridden"], move["reason"], move["role"]) == (["opening_hours"], WHY, "admin")
            await dialog.get_by_role("link", name="Open the conversation").click()
            # loaded, so that its buttons do something
            await page.wait_for_url(re.compile(r"/console/inbox/\w"))
            await page.get_by_role("button", name="Show the booking").click()
            card = page.locator(f"#card-{reference}")
            await card.get_by_text("History").click()
            await expect(card.locator(".history")).to_contain_text(f"by Nyoman, against the rules ({REFUSES}): {WHY}")


async def test_a_booking_is_moved_to_a_time_that_the_rules_refuse(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        made = await booked(world, await customer(world), (await slots(world))[0])
        reference = made["reference"]
        sales = await token_of(world.process, "Dewi", Role.SALES)
        async with before_it(world, sales, viewport=NARROW) as page:
            await move_asked(page, world, made)
            dialog = page.locator("#change")
            await expect(dialog.get_by_role("alert")).to_contain_text(REFUSES)
            await expect(dialog).to_contain_text("It can be done all the same by: operations, an admin.")
            await expect(dialog.get_by_role("button", name="Back")).to_be_focused()
            assert await dialog.locator("textarea").count() == 0
            await fits(page)
            await pictured(page, "rules-move-refused")
            await page.keyboard.press("Enter")
            await expect(dialog.locator("#change-other input[name=other_at]")).to_have_value("03:00")
            await expect(dialog.locator("input[name=reason]")).to_have_value("her wish")
        operations = await token_of(world.process, "Komang", Role.OPERATIONS)
        async with before_it(world, operations, viewport=NARROW) as page:
            await move_asked(page, world, made)
            dialog = page.locator("#change")
            await expect(dialog.get_by_label("Why all the same")).to_be_focused()
            await fits(page)
            await pictured(page, "rules-move-why")
            await page.keyboard.type(WHY)
            await dialog.get_by_role("button", name="See the price all the same").press("Enter")
            await expect(dialog.locator(".quote")).to_contain_text(f"{REFUSES} · {WHY}")
            await fits(page)
            still = (await world.api.get(f"/bookings/{reference}")).json()
            assert still["start"] == made["start"], "a quote alone moves nothing"
            await dialog.get_by_role("button", name="Confirm").click()
            await expect(dialog).to_be_hidden()
            move = await history(world, reference, "RESCHEDULED")
            assert (move["overridden"], move["reason"], move["role"]) == (["opening_hours"], WHY, "operations")
            told = (await world.api.get(f"/bookings/{reference}")).json()
            assert told["start"][11:16] == "03:00"


async def move_asked(page: Page, world: World, made: Json) -> None:
    """Three in the morning of its day, in place of its time."""
    await page.goto(f"{world.url}/console/inbox/{made['lead_id']}")
    await page.get_by_role("button", name="Show the booking").click()
    await page.locator(f"#card-{made['reference']} .action[hx-get$=change_time]").click()
    dialog = page.locator("#change")
    await expect(dialog.locator("#change-other input[name=other_day]")).to_have_value(made["start"][:10])
    await wishes_three_in_the_morning(page, "#change-other")
    await dialog.locator("input[name=reason]").fill("her wish")
    await fits(page)
    await dialog.get_by_role("button", name="See what it costs").click()


async def test_a_booking_that_is_dragged_to_a_time_of_no_list_brings_that_time_along(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        made = await booked(world, await customer(world), (await slots(world))[0])
        # whatever comes in draws the page again, and a drag ends there
        await world.quiet()
        async with looking(world, DESK) as (page, outside):
            await page.goto(f"{world.url}/console/calendar?day={made['start'][:10]}")
            drawn = page.locator("#calendar .ec-event.drawn-booking")
            await expect(drawn).to_have_count(1)
            assert made["start"][11:16] > "08:00", "further than an hour away"
            # up to the first hours of the page, when nobody calls yet
            await drags_to(page, drawn, "07:00")
            other = page.locator("#change-other")
            await expect(other).to_have_attribute("open", "")
            await expect(other.locator("input[name=other_at]")).to_have_value(re.compile("^0[67]:"))
            await expect(other.locator("input[name=other_day]")).to_have_value(made["start"][:10])
            await expect(other.locator("select[name=other_provider]")).to_have_value("concierge")
            await page.locator("#change").get_by_role("button", name="See what it costs").click()
            await expect(page.locator("#change").get_by_role("alert")).to_contain_text(REFUSES)
            await expect(page.locator("#change").get_by_label("Why all the same")).to_be_focused()
            assert [said for said in outside if "409" not in said] == []
