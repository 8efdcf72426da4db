"""The answer to a question of the house is noted in the booking's card, on a phone and by keyboard; the customer is
shown times by it."""

import pytest
from playwright.async_api import expect

from bot.domain.users import Role
from tests.browser.axe import broken_rules
from tests.browser.test_desk_pages import TOO_WIDE
from tests.browser.test_inbox_pages import PHONE, before_it
from tests.browser.test_queue import pictured
from tests.journeys.test_booking_by_chat import said
from tests.journeys.world import opened
from tests.webhooks.console.people import token_of
from webhooks.business import sample_path

pytestmark = [pytest.mark.mongo, pytest.mark.browser, pytest.mark.timeout(300)]


async def test_what_a_patient_said_on_the_phone_is_noted_and_they_are_shown_times(mongodb_uri: str) -> None:
    async with opened(mongodb_uri, ours={"business_file": sample_path("clinic")}) as world:
        phone = await world.phone("Ngọc", wa_id="84900000777")
        await said(world, phone, "mình muốn đặt khám răng hai tuần nữa buổi sáng")
        lead = (await world.lead_of(phone))["id"]
        token = await token_of(world.process, "Dewi", Role.SALES)
        async with before_it(world, token, viewport=PHONE) as page:
            await page.goto(f"{world.url}/console/inbox/{lead}")
            await page.get_by_role("button", name="Show the booking").click()
            missing = page.locator("#context .missing")
            note = missing.get_by_role("button", name="Note the answer")
            assert await broken_rules(page) == []
            await note.press("Enter")
            dialog = page.locator("#change")
            answer = dialog.get_by_label("What they answered")
            await expect(answer).to_be_focused()
            await expect(dialog).to_contain_text("Lần đầu bạn đến khám")
            assert await page.evaluate(TOO_WIDE) <= 0
            assert await broken_rules(page) == []
            await pictured(page, "answer")
            # nothing but blanks is no answer
            await page.keyboard.type("   ")
            await dialog.get_by_role("button", name="Note the answer").press("Enter")
            await expect(dialog.get_by_role("alert")).to_be_visible()
            await expect(answer).to_be_focused()
            await page.keyboard.type("penicillin")
            await dialog.get_by_role("button", name="Note the answer").press("Enter")
            await expect(dialog).to_be_hidden()
            await expect(page.locator("#toasts")).to_contain_text("The answer is noted.")
            await phone.expect("chọn một giờ")
            await expect(note).to_have_count(0)
            (field,) = (await world.stored(lead)).lead.fields
            assert (field.name, field.value) == ("medical-history", "penicillin")
