"""What happened, against our own backend: the place that is lit, what runs out, who gets what, and why not."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.async_api import Locator, expect

from tests.browser.ours import House
from tests.browser.person import Person
from tests.conftest import sampled
from tests.journeys.world import API_TOKEN, until

# One Chromium at a time, also where the suite runs on several workers.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.mongo,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(180),
]

WISH = "I want to book the Balinese massage 60 min in four weeks in the afternoon at Villa Melati"


def part(person: Person, name: str) -> Locator:
    """One part of the booking's inside."""
    return person.page.locator(f"#happened-pane [data-part={name}]")


async def shown_times(person: Person) -> None:
    """A phone with times offered."""
    await person.opens_a_phone("Grace", "en", "6281234500021")
    await person.says(WISH, answer="Tap one")


async def linked(person: Person) -> None:
    """And one of them booked, unpaid."""
    await shown_times(person)
    await person.says("the first", answer="Please confirm")
    await person.taps("Yes, book it", answer="Please pay by")
    await person.is_at("PAYMENT_PENDING")


async def shortly_before(house: House, timer: str) -> None:
    """Everybody's clock stands a few minutes before that timer of the one customer there is."""
    row = await house.process.database["leads"].find_one({"timers": {"$ne": {}}})
    assert row is not None
    (due,) = [at for name, at in row["timers"].items() if name.startswith(f"{timer}:")]
    now = datetime.fromisoformat((await house.asked("/clock"))["now"])
    async with httpx.AsyncClient(base_url=house.sim_url, trust_env=False, timeout=30) as outside:
        to_it = (due - now - timedelta(minutes=5)).total_seconds()
        (await outside.post("/sim/time", json={"move": to_it})).raise_for_status()


async def moves(person: Person, button: str) -> None:
    """Moves everybody's clock; the page knows how late it is then, and goes on from there."""
    async with person.page.expect_response("**/sim/clock"):
        await person.page.get_by_role("button", name=button).click()


async def test_offered_times_are_held_with_a_countdown_that_runs(person: Person, house: House) -> None:
    await shown_times(person)
    await person.is_at("SLOT_PROPOSED")
    await expect(person.page.locator(".lifecycle .been", has_text="SERVICE_SELECTED")).to_have_count(1)
    await expect(person.page.locator(".lifecycle .way.on, .lifecycle .way.off")).not_to_have_count(0)
    left = part(person, "holds").locator("time.until").first
    await expect(left).to_have_text(re.compile(r"^in \d+:\d\d$"))
    before = await left.inner_text()
    await expect(left).not_to_have_text(before)
    await person.page.get_by_role("button", name="+1 day").click()
    await expect(part(person, "holds")).to_contain_text("Nothing is held or booked")


async def test_timers_verdicts_and_the_way_on_of_an_unpaid_booking(person: Person, house: House) -> None:
    await linked(person)
    await expect(part(person, "timers")).to_contain_text("pay by")
    await expect(part(person, "timers").locator("time.until").last).to_have_text(re.compile(r"^in \d"))
    await part(person, "verdicts").locator("summary").click()
    row = part(person, "verdicts").locator("tr", has_text="paid")
    await expect(row).to_contain_text("what is due has not come in")
    await expect(row).to_contain_text("Wait until the payment has come in")
    await expect(part(person, "outbox")).to_contain_text("Nothing waits to be done")


async def test_the_deadline_comes_when_the_clock_is_moved_and_the_time_is_free_again(
    person: Person, house: House
) -> None:
    await linked(person)
    for _ in range(4):
        await person.page.get_by_role("button", name="+30 min").click()
    await expect(person.page.locator(".now")).to_contain_text("+2 h")
    await person.is_at("CANCELLED")
    await person.reads("so I have cancelled it")
    await expect(part(person, "holds")).to_contain_text("Nothing is held or booked")


async def test_money_is_shown_by_party_and_settles_as_days_pass(person: Person, house: House) -> None:
    await linked(person)
    checkout = await person.opens_the_checkout("Pay now")
    await checkout.get_by_role("radio", name="QRIS").check()
    await checkout.locator("button.main").click()
    await person.is_at("CONFIRMED")
    await expect(part(person, "money")).to_contain_text("350,000 IDR")
    provider = part(person, "money").locator("tr", has_text="provider")
    await expect(provider).to_contain_text("250,000 IDR")

    async def paid_out() -> bool:
        await person.page.get_by_role("button", name="+1 day").click()
        return "succeeded" in await provider.inner_text()

    await until(paid_out, 120, "the provider's payout", poll=1.0)


async def test_the_clock_goes_to_the_appointment(person: Person, house: House) -> None:
    await linked(person)
    checkout = await person.opens_the_checkout("Pay now")
    await checkout.get_by_role("radio", name="QRIS").check()
    await checkout.locator("button.main").click()
    await person.is_at("CONFIRMED")
    (booking,) = await house.bookings_in("CONFIRMED")
    await person.page.get_by_role("button", name="To the appointment").click()
    await expect(person.page.locator(".now")).to_contain_text(re.compile(r"\+2[78] d"))
    start = datetime.fromisoformat(booking["start"])

    async def is_then() -> bool:
        return datetime.fromisoformat((await house.asked("/clock"))["now"]) >= start - timedelta(minutes=1)

    # a process goes by its last look at a moved clock for half a second
    await until(is_then, what="the backend at the appointment")
    await person.page.get_by_role("button", name="Now", exact=True).click()
    await expect(person.page.locator(".now")).not_to_contain_text("+")


async def test_reminders_and_the_no_show_come_as_the_clock_is_moved(person: Person, house: House) -> None:
    await person.opens_a_phone("Grace", "en", "6281234500023")
    await person.says("book the free planning call in three days", answer="Tap one")
    await person.says("the first", answer="Please confirm")
    await person.taps("Yes, book it", answer="Booked")
    await person.is_at("CONFIRMED")
    await expect(part(person, "timers")).to_contain_text("day before")
    await shortly_before(house, "day_before")
    await moves(person, "+30 min")
    await person.reads("A reminder")
    await person.is_at("REMINDER_SENT")

    # no further: a reminder that was missed is a person's to look at, and a person judges the no-show
    await shortly_before(house, "hours_before")
    await moves(person, "+30 min")
    await person.reads("See you soon")
    await moves(person, "To the appointment")
    await moves(person, "+30 min")
    await person.reads("Did you come?")
    for _ in range(2):
        await moves(person, "+30 min")
    await person.reads("We missed you")
    await person.is_at("NO_SHOW")


async def test_a_refusal_is_shown_with_its_reason_and_no_secret_is(person: Person, house: House) -> None:
    await person.opens_a_phone("Grace", "en", "6281234500022")
    await person.says("a private chef at Villa Karang on friday evening for 40 people", answer="12")
    refused = part(person, "refused")
    await expect(refused).to_contain_text("the service does not take so many people")
    await expect(refused).to_contain_text("Ask for how many people")
    assert API_TOKEN not in await person.page.content()


@pytest.mark.parametrize(
    ("language", "number"),
    sampled([("vi", "84912000073"), ("en", "6281200000071"), ("id", "6281200000072")], 3, of_many=True),
)
async def test_the_phone_shows_the_business_by_name_and_the_clock_of_its_place(
    person: Person, house: House, language: str, number: str
) -> None:
    await person.opens_a_phone("Sari", language, number)
    await expect(person.page.locator(".phone-title strong")).to_have_text("Rumah Senja")
    await person.page.locator("#composer-text").fill("halo")
    await person.page.keyboard.press("Enter")
    bubble = person.page.locator(".bubble.customer").last
    # it has left the phone: until then the time is the page's own
    await expect(bubble.locator(".tick.read")).to_be_visible()
    sent = await bubble.locator("time").first.get_attribute("datetime")
    assert sent is not None
    bali = datetime.fromisoformat(sent).astimezone(ZoneInfo("Asia/Makassar"))
    await expect(bubble).to_contain_text(f"{bali:%H:%M}" if language != "id" else f"{bali:%H.%M}")
