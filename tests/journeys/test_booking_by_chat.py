"""The free planning call through the real doors, in three languages: booked, moved, called off; the slots agree."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.domain.booking import Booking
from simulator.customer import Phone
from tests.journeys.world import World

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(90)]

WISHES = {
    "en": ("Hi, I'd like to book the free planning call", "the second one", "yes", "Booked ✅"),
    "id": ("halo, mau pesan telepon rencana gratis", "yang kedua", "ya, pesan", "Sudah dipesan ✅"),
    "vi": ("Mình muốn đặt gọi tư vấn miễn phí", "chọn cái thứ 2", "đồng ý", "Đã đặt xong ✅"),
}
WHEN = {"en": "tomorrow afternoon", "id": "besok siang", "vi": "ngày mai buổi chiều"}
SUMMARY = {"en": "Please confirm", "id": "Mohon dicek", "vi": "Bạn xem lại giúp mình"}


async def said(world: World, phone: Phone, *texts: str) -> None:
    """Words, each after the answer to the former."""
    for text in texts:
        await phone.say(text)
        await world.quiet()


async def last(phone: Phone) -> Any:
    """The newest bubble."""
    return (await phone.bubbles())[-1]


async def held(world: World) -> Sequence[Any]:
    """Every claim there is."""
    claims: list[Any] = await world.process.database["claims"].find().to_list(None)
    return claims


async def book(world: World, language: str, wa_id: str = "6281200000001") -> tuple[Phone, Booking]:
    """A booked planning call."""
    phone = await world.phone(wa_id=wa_id)
    wish, choice, yes, done = WISHES[language]
    await said(world, phone, wish, WHEN[language])
    assert len((await last(phone)).choices) == 3
    await said(world, phone, choice)
    assert (await last(phone)).says(SUMMARY[language])
    await said(world, phone, yes)
    assert (await last(phone)).says(done)
    return phone, await booking_of(world, phone)


async def booking_of(world: World, phone: Phone) -> Booking:
    """The one booking of that customer, as the read model has it."""
    lead = (await world.lead_of(phone))["id"]
    page = await world.process.parts.bookings.page(lead, None, 10, None)
    (recorded,) = page.bookings
    return recorded.booking


@pytest.mark.parametrize("language", ["en", "id", "vi"])
async def test_a_free_call_is_booked_in_few_words_and_lead_claims_and_read_model_agree(
    world: World, language: str
) -> None:
    phone, booking = await book(world, language)
    stored = await world.stored((await world.lead_of(phone))["id"])
    assert (booking.state.value, stored.lead.bookings) == ("CONFIRMED", (booking,))
    claims = await held(world)
    assert claims
    assert {(one["hold"], one["booked"], one["booking"]) for one in claims} == {
        (booking.booked_hold, True, booking.reference)
    }
    confirmation = await last(phone)
    assert booking.reference in confirmation.text
    assert len(await phone.bubbles()) == 4


@pytest.mark.parametrize(
    ("language", "ask", "yes", "told"),
    [
        ("en", "cancel my booking", "yes", "Cancelled"),
        ("id", "batalkan pesanan saya", "ya", "Dibatalkan"),
        ("vi", "hủy lịch của mình", "đồng ý", "Đã hủy"),
    ],
)
async def test_calling_off_is_asked_once_and_frees_the_time(
    world: World, language: str, ask: str, yes: str, told: str
) -> None:
    phone, _ = await book(world, language)
    await said(world, phone, ask)
    assert len((await last(phone)).choices) == 2
    assert await held(world)
    await said(world, phone, yes)
    assert (await last(phone)).says(told)
    assert (await booking_of(world, phone)).state.value == "CANCELLED"
    assert await held(world) == []


@pytest.mark.parametrize(
    ("language", "ask", "no", "told"),
    [
        ("en", "cancel my booking", "no", "it stays"),
        ("id", "batalkan pesanan saya", "tidak", "tetap"),
        ("vi", "hủy lịch của mình", "không", "giữ nguyên"),
    ],
)
async def test_a_cancellation_answered_with_no_keeps_the_booking(
    world: World, language: str, ask: str, no: str, told: str
) -> None:
    phone, booking = await book(world, language)
    before = await held(world)
    await said(world, phone, ask, no)
    assert (await last(phone)).says(told)
    assert await held(world) == before
    after = await booking_of(world, phone)
    assert (after.state, after.chosen, after.open_question) == (booking.state, booking.chosen, None)


@pytest.mark.parametrize(
    ("language", "ask", "when", "yes"),
    [
        ("en", "can I reschedule?", "in three days at 10am", "yes"),
        ("id", "bisa ganti jadwal?", "tiga hari lagi jam 10 pagi", "ya"),
        ("vi", "cho mình đổi lịch", "3 ngày nữa lúc 10 giờ sáng", "đồng ý"),
    ],
)
async def test_another_time_frees_the_old_one_once_the_new_one_is_booked(
    world: World, language: str, ask: str, when: str, yes: str
) -> None:
    phone, before = await book(world, language)
    kept = await held(world)
    await said(world, phone, ask)
    assert await held(world) == kept
    await said(world, phone, when)
    assert (await booking_of(world, phone)).state.value == "CONFIRMED"
    await said(world, phone, yes)
    after = await booking_of(world, phone)
    assert (after.state.value, after.reference, after.reschedule_count) == ("CONFIRMED", before.reference, 1)
    assert before.chosen is not None
    assert after.chosen is not None
    assert after.chosen.start != before.chosen.start
    assert {one["hold"] for one in await held(world)} == {after.booked_hold}


async def test_an_old_button_of_a_time_somebody_has_by_now_leads_to_other_times(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await said(world, phone, WISHES["en"][0], WHEN["en"])
    first = (await last(phone)).choices[0]
    await said(world, phone, "not these, next week please")
    rival, theirs = await book(world, "id", "6281200000002")
    assert theirs.state.value == "CONFIRMED"
    assert rival.customer["user_id"] != phone.customer["user_id"]
    await phone.tap(first)
    await world.quiet()
    assert (await last(phone)).choices
    await said(world, phone, "yes")
    both = [await booking_of(world, phone), theirs]
    times = [one.chosen.start for one in both if one.booked_hold is not None and one.chosen is not None]
    assert len(set(times)) == len(times)


async def test_the_same_time_twice_by_one_person_is_told_to_be_theirs(world: World) -> None:
    phone, booking = await book(world, "en")
    assert booking.chosen is not None
    proposal = next(one for one in await phone.bubbles() if len(one.choices) == 3)
    await phone.tap(proposal.choices[1])
    await world.quiet()
    assert (await last(phone)).says(str(booking.reference))
    await said(world, phone, "yes")
    lead = (await world.stored((await world.lead_of(phone))["id"])).lead
    assert [one.reference for one in lead.bookings if one.booked_hold] == [booking.reference]
    assert {one["hold"] for one in await held(world) if one["booked"]} == {booking.booked_hold}
