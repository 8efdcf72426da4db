"""Whole bookings through the page alone, against our own backend: by chat, by form, late, after a failed try."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.browser.ours import House
from tests.browser.person import Person

# One Chromium at a time, also where the suite runs on several workers.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.mongo,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(180),
]

WISH = {
    "id": "Halo, mau pesan Pijat Bali 60 menit lusa sore di Villa Melati",
    "vi": "Chào bạn, mình muốn đặt Massage Bali 60 phút ngày kia buổi chiều ở Villa Melati",
    "en": "I want to book the Balinese massage 60 min in two days in the afternoon at Villa Melati",
}


def reference_in(words: str) -> str:
    """The booking a bubble is about."""
    found = re.search(r"BK-\d{8}-[A-Z0-9]{6}", words)
    assert found, words
    return found[0]


async def test_a_booking_by_chat_in_indonesian(person: Person, house: House) -> None:
    page = person.page
    await person.opens_a_phone("Rina", "id", "6281234500001")
    await person.says(WISH["id"], answer="Saya simpan")
    await expect(page.locator(".customer .tick.read")).to_have_count(1)
    await person.says("yang pertama", answer="Mohon dicek")
    await person.is_at("SLOT_PROPOSED")
    link = await person.taps("Ya, pesan", answer="Bayarnya paling lambat")
    reference = reference_in(await link.inner_text())
    await person.is_at("PAYMENT_PENDING")

    checkout = await person.opens_the_checkout("Bayar sekarang")
    await expect(checkout.locator(".sum")).to_have_text("Rp350.000")
    await checkout.get_by_role("radio", name="QRIS").check()
    await checkout.locator("button.main").click()
    await expect(checkout.locator(".status")).to_contain_text("Lunas")

    receipt = await person.reads("Sudah lunas")
    await expect(receipt).to_contain_text(reference)
    await expect(receipt.locator("strong").first).to_have_text("Pijat Bali 60 menit")
    await person.is_at("CONFIRMED")
    await expect(person.money.filter(has_text=f"{reference}.1")).to_contain_text("PAID")
    await expect(person.log).to_contain_text("invoice.paid")
    await house.bookings_in("CONFIRMED")


async def test_a_booking_by_form_in_english(person: Person, house: House) -> None:
    await person.opens_a_phone("Grace", "en", "6281234500002")
    await opens_the_form(person)
    await fills_it_up_to_the_review(person)
    await expect(person.form).to_contain_text("IDR 350,000")
    await person.form.get_by_role("button", name="Confirm booking").click()
    await expect(person.form).to_have_count(0)
    await expect(person.page.locator(".bubble.customer").last).to_contain_text("Response sent")
    link = await person.reads("Please pay by")
    reference = reference_in(await link.inner_text())
    for step in (
        "INIT → 200 SERVICE",
        "SERVICE → 200 PLACE",
        "PLACE → 200 DAY",
        "DAY → 200 TIME",
        "REVIEW → 200 SUCCESS",
    ):
        await expect(person.log).to_contain_text(step)
    await expect(person.page.locator(".form-problems .none")).to_be_visible()

    await pays(person, "Pay now", "BCA", "Paid")
    await expect(await person.reads("Paid and confirmed")).to_contain_text(reference)
    await person.is_at("CONFIRMED")
    await house.bookings_in("CONFIRMED")


async def test_a_booking_in_vietnamese_that_changes_its_mind_pays_late_and_takes_another_time(
    person: Person, house: House
) -> None:
    page = person.page
    tell_late_money = page.get_by_role("button", name="Tell late money")
    await tell_late_money.click()
    await expect(tell_late_money).to_have_attribute("aria-pressed", "true")
    await person.opens_a_phone("Thảo", "vi", "84901230001")
    await person.says(WISH["vi"], answer="còn trống các giờ này")
    await person.says("chọn cái thứ 2", answer="Bạn xem lại giúp mình")
    summary = await person.says("à nhầm, cho mình 4 giờ chiều", answer="mình đổi thành")
    found = re.search(r"(\d+/\d+)/\d{4}, (16:00)", await summary.inner_text())
    assert found is not None, await summary.inner_text()
    day, hour = found.groups()
    link = await person.taps("Đồng ý đặt", answer="Bạn thanh toán trước")
    reference = reference_in(await link.inner_text())
    await person.is_at("PAYMENT_PENDING")

    for half_hours in range(1, 6):
        await page.get_by_role("button", name="+30 min").click()
        await expect(page.locator(".now")).to_contain_text(f"+{half_hours // 2} h {half_hours % 2 * 30} min")
    await person.reads("hết hạn thanh toán nên mình đã hủy")
    await person.is_at("CANCELLED")

    await person.opens_a_phone("Minh", "vi", "84901230002")
    wish = f"Mình muốn đặt Massage Bali 60 phút ngày {day} lúc {hour} ở Villa Melati"
    await person.says(wish, answer="Bạn xem lại giúp mình")
    await person.taps("Đồng ý đặt", answer="Bạn thanh toán trước")

    await person.takes_the_phone_of("Thảo")
    checkout = await person.opens_the_checkout("Thanh toán")
    await expect(checkout.locator(".status")).to_contain_text("Đã hết hạn")
    await checkout.get_by_role("button", name="Thanh toán muộn").click()
    await expect(checkout.locator(".status")).to_contain_text("Đã nhận: Rp350.000")
    await expect(person.log).to_contain_text("invoice.late")
    await person.reads("sau hạn và giờ đó đã có người đặt")
    (other, *_) = await person.offered()
    assert not other.endswith(f"{day} {hour}")
    await person.taps(other, answer="Bạn xem lại giúp mình")
    receipt = await person.taps("Đồng ý đặt", answer="Đã nhận thanh toán")
    await expect(receipt).to_contain_text("IDR 350.000")
    await person.is_at("CONFIRMED")
    await expect(person.money.filter(has_text=f"{reference}.1")).to_contain_text("350,000 IDR QRIS")
    await house.bookings_in("CANCELLED", "CONFIRMED", "PAYMENT_PENDING")


async def test_late_money_that_nobody_tells_is_found_a_day_later_and_told_by_an_approved_template(
    person: Person, house: House
) -> None:
    page = person.page
    await person.opens_a_phone("Linh", "vi", "84901230003")
    wish = "Mình muốn đặt Massage Bali 60 phút 4 ngày nữa buổi chiều ở Villa Melati"
    await person.says(wish, answer="còn trống các giờ này")
    (time, *_) = await person.offered()
    await person.taps(time, answer="Bạn xem lại giúp mình")
    await person.taps("Đồng ý đặt", answer="Bạn thanh toán trước")
    for half_hours in range(1, 6):
        await page.get_by_role("button", name="+30 min").click()
        await expect(page.locator(".now")).to_contain_text(f"+{half_hours // 2} h {half_hours % 2 * 30} min")
    await person.reads("hết hạn thanh toán nên mình đã hủy")
    # the look after the link's end is behind us: the money comes after it, and the next look is a day later
    await house.has_seen_the_link_end()
    checkout = await person.opens_the_checkout("Thanh toán")
    await checkout.get_by_role("button", name="Thanh toán muộn").click()
    await expect(checkout.locator(".status")).to_contain_text("Đã nhận: Rp350.000")
    await expect(person.log).not_to_contain_text("invoice.")

    await page.get_by_role("button", name="+1 day").click()
    await expect(page.locator(".phone-head")).to_contain_text("24 h window closed")
    await expect(page.locator(".kind-template")).to_have_count(1)
    await person.is_at("CONFIRMED")
    await house.bookings_in("CANCELLED", "CONFIRMED")


async def test_a_failed_try_is_recovered_with_another_way_to_pay(person: Person, house: House) -> None:
    await person.opens_a_phone("Oliver", "en", "6281234500003")
    link = await books(person)
    reference = reference_in(await link.inner_text())
    checkout = await person.opens_the_checkout("Pay now")
    await checkout.get_by_role("radio", name="OVO").check()
    await checkout.get_by_label("Reason").select_option(label="Not enough money")
    await checkout.get_by_role("button", name="Let this try fail").click()
    await expect(checkout.locator(".status")).to_contain_text("Not enough money (OVO)")
    row = person.money.filter(has_text=f"{reference}.1")
    await expect(row).to_contain_text("INSUFFICIENT_BALANCE")
    await expect(row).to_contain_text("PENDING")
    # Xendit tells nobody of a failed try, so the backend learns of it from the customer alone.
    await expect(person.log).not_to_contain_text("invoice.")

    await person.says("my payment failed, how else can I pay?", answer="As soon as the money arrives")
    await person.taps("Another way to pay", answer="by bank transfer")
    checkout = await person.opens_the_checkout("Pay now")
    await expect(checkout.locator("dd").first).to_have_text(f"{reference}.2")
    await expect(checkout.get_by_role("radio", name="OVO")).to_have_count(0)
    await checkout.get_by_role("radio", name="BCA").check()
    await checkout.locator("button.main").click()
    await expect(checkout.locator(".status")).to_contain_text("Paid")
    await expect(await person.reads("Paid and confirmed")).to_contain_text(reference)
    await person.is_at("CONFIRMED")
    await expect(person.money.filter(has_text=f"{reference}.1")).to_contain_text("EXPIRED")
    await expect(person.money.filter(has_text=f"{reference}.2")).to_contain_text("PAID")
    await house.bookings_in("CONFIRMED")


async def test_a_key_changed_while_the_form_is_open_is_fetched_and_the_step_made_once_more(
    person: Person, house: House
) -> None:
    await person.opens_a_phone("Emma", "en", "6281234500004")
    await opens_the_form(person)
    await house.start_again_with_another_form_key()
    await person.form.get_by_role("radio", name="Balinese massage 60").check()
    await person.form.get_by_role("button", name="Continue").click()
    await expect(person.form).to_have_accessible_name("Where?")
    await expect(person.log).to_contain_text("421 business-decryption-error")
    await expect(person.log).to_contain_text("200 PLACE (try 2)")
    await expect(person.form.locator(".snack")).to_be_hidden()


async def test_the_form_shows_what_was_said_in_the_chat_and_takes_another_word(person: Person, house: House) -> None:
    await person.opens_a_phone("Grace", "en", "6281234500007")
    wish = "I would like to book something in three days at 6 pm for two at Villa Padi"
    await person.says(wish, answer="tap the button")
    await person.says("IV vitamin drip, form please", answer="tap the button")
    await person.choice("Book now").click()
    form, go_on = person.form, person.form.get_by_role("button", name="Continue")
    await expect(form.get_by_role("radio", name="IV vitamin drip")).to_be_checked()
    await expect(form).to_contain_text("IDR 950,000 per person")
    await go_on.click()
    await expect(form.get_by_role("combobox")).to_have_value("villa-padi")
    await go_on.click()
    await expect(form).to_have_accessible_name("Choose a day")
    await go_on.click()
    await expect(form).to_have_accessible_name("Choose a time")
    await expect(form.get_by_role("combobox").locator("option:checked")).to_contain_text("18:00")
    await go_on.click()
    await expect(form.get_by_role("combobox")).to_have_value("2")
    await form.get_by_role("combobox").select_option("3")
    await go_on.click()
    await expect(form).to_contain_text("IDR 2,850,000 (3 × IDR 950,000 per person)")
    await expect(person.page.locator(".form-problems .none")).to_be_visible()


async def test_a_form_that_is_used_up_closes_with_words_and_its_button_is_off(person: Person, house: House) -> None:
    await person.opens_a_phone("Emma", "en", "6281234500005")
    await opens_the_form(person)
    await fills_it_up_to_the_review(person)
    await person.form.get_by_role("button", name="Confirm booking").click()
    await person.reads("Please pay by")
    await person.choice("Book now").click()
    closed = person.page.get_by_role("dialog", name="No longer available")
    told = await closed.get_by_role("alert").inner_text()
    assert told
    await person.page.keyboard.press("Escape")
    await expect(person.choice("Book now")).to_be_disabled()
    await expect(person.page.locator(".disabled-note")).to_have_text(told)
    await expect(person.log).to_contain_text("→ 427")
    await person.page.reload()
    await expect(person.choice("Book now")).to_be_disabled()
    await house.bookings_in("PAYMENT_PENDING")


async def test_screenshots_of_the_panes(person: Person, house: House, screenshots: Path) -> None:
    """`JANJI_SCREENSHOTS=1` writes docs/screenshots from this booking; without it nothing is kept."""
    page = person.page
    await page.set_viewport_size({"width": 1280, "height": 800})
    await person.opens_a_phone("Grace", "en", "6281234500006")
    await opens_the_form(person)
    await chooses_service_and_day(person)
    await page.screenshot(path=screenshots / "form.png")
    await goes_on_to_the_review(person)
    await person.form.get_by_role("button", name="Confirm booking").click()
    await person.reads("Please pay by")
    await person.is_at("PAYMENT_PENDING")
    await page.set_viewport_size({"width": 390, "height": 780})
    await page.screenshot(path=screenshots / "small-screen.png")
    await page.set_viewport_size({"width": 1280, "height": 800})
    checkout = await person.opens_the_checkout("Pay now")
    await expect(page.locator(".customer .tick.read").last).to_be_visible()
    await page.screenshot(path=screenshots / "phone-checkout-happened.png")
    await checkout.locator("button.main").click()
    await person.reads("Paid and confirmed")
    await person.is_at("CONFIRMED")
    await expect(page.locator("#happened-pane")).to_contain_text("By party")
    await page.get_by_role("button", name="Close the checkout").click()
    await page.locator("#happened-pane").screenshot(path=screenshots / "what-happened.png")


async def books(person: Person) -> Locator:
    """From the wish to the payment link, in English."""
    await person.says(WISH["en"], answer="Tap one")
    await person.says("the first", answer="Please confirm")
    return await person.taps("Yes, book it", answer="Please pay by")


async def pays(person: Person, button: str, channel: str, told: str) -> None:
    """Pays at the checkout."""
    checkout = await person.opens_the_checkout(button)
    await checkout.get_by_role("radio", name=channel, exact=True).check()
    await checkout.locator("button.main").click()
    await expect(checkout.locator(".status")).to_contain_text(told)


async def opens_the_form(person: Person) -> None:
    """Asks for it and taps its button."""
    await person.says("Hi, I would like to book", answer="tap the button")
    await person.choice("Book now").click()
    await expect(person.form).to_have_accessible_name("Book")


async def fills_it_up_to_the_review(person: Person) -> None:
    """A massage on the second day that is free, at the first time."""
    await chooses_service_and_day(person)
    await goes_on_to_the_review(person)


async def chooses_service_and_day(person: Person) -> None:
    """Service, place and day, the day not yet sent."""
    await person.form.get_by_role("radio", name="Balinese massage 60").check()
    await person.form.get_by_role("button", name="Continue").click()
    await expect(person.form).to_have_accessible_name("Where?")
    await person.form.get_by_role("combobox").select_option("villa-senja")
    await person.form.get_by_role("button", name="Continue").click()
    await expect(person.form).to_have_accessible_name("Choose a day")
    free = person.form.locator("[data-day][aria-disabled=false]")
    await expect(person.form.locator("[data-day]").first).to_be_visible()
    if await free.count() < 2:
        # the last days of a month
        await person.form.get_by_role("button", name="Next month").click()
    await free.nth(1).click()


async def goes_on_to_the_review(person: Person) -> None:
    """The first time of that day, one person, a name."""
    form = person.form
    go_on = form.get_by_role("button", name="Continue")
    await go_on.click()
    await expect(form).to_have_accessible_name("Choose a time")
    await form.get_by_role("combobox").select_option(index=1)
    await go_on.click()
    await expect(form).to_have_accessible_name("Your details")
    await form.get_by_role("combobox").select_option(label="1 person")
    await form.get_by_role("textbox", name="Your name").fill("Grace")
    await go_on.click()
    await expect(form).to_have_accessible_name("Check and confirm")
