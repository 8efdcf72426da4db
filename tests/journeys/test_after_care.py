"""From a week before to the message days after: a clinic in Vietnamese, a villa in Indonesian, the clock moved."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.booking import Booking
from bot.domain.states import State
from simulator.customer import Phone
from tests.bot.business.makers import SAMPLE_PATH, with_changes
from tests.journeys import payments as p
from tests.journeys.test_booking_by_chat import said
from tests.journeys.test_outside_the_window import approved
from tests.journeys.test_stays import paid_stay
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]


def keen_villas(tmp_path: Path) -> Path:
    """The sample, which writes to its guests two days after."""
    path = tmp_path / "keen.yaml"
    path.write_text(with_changes(("\nsop:\n", "\nsop:\n  follow_up_days: 2\n")), "utf-8")
    return path


async def until_the_start(world: World, reference: str, before: timedelta) -> None:
    """So long before the booking begins; a negative span is after it."""
    booking = await p.booking(world, reference)
    assert booking.chosen is not None
    now = await world.process.parts.clock.business_now()
    await p.everybodys_time_goes_on(world, booking.chosen.start - before - now)
    await world.quiet()


async def until_the_end(world: World, reference: str, after: timedelta) -> None:
    booking = await p.booking(world, reference)
    assert booking.chosen is not None
    now = await world.process.parts.clock.business_now()
    await p.everybodys_time_goes_on(world, booking.chosen.end + after - now)
    await world.quiet()


async def the_morning_comes(world: World, phone: Phone, reference: str, days: int, words: str, again: str) -> None:
    """So many days after its end, at ten, one template asks; one tap begins the same again."""
    booking = await p.booking(world, reference)
    assert booking.chosen is not None
    zone = world.process.business.zone
    now = (await world.process.parts.clock.business_now()).astimezone(zone)
    morning = booking.chosen.end.astimezone(zone) + timedelta(days=days)
    await p.everybodys_time_goes_on(world, morning.replace(hour=10, minute=5) - now)
    await phone.expect(words, kind="template")
    await phone.tap(again)
    lead = (await world.lead_of(phone))["id"]

    async def begun() -> Sequence[Booking]:
        return (await world.stored(lead)).lead.bookings

    (fresh,) = await until(begun, what="the next booking")
    assert (fresh.service, fresh.previous) == (booking.service, (reference,))
    assert fresh.state is State.SERVICE_SELECTED


async def is_reminded(world: World, phone: Phone, reference: str, days: Sequence[int], words: str) -> None:
    """So many days before, and by no other template in between; one is sent within a quarter of an hour."""
    for so_many in days:
        await until_the_start(world, reference, timedelta(days=so_many) - timedelta(minutes=20))
        await phone.expect(words, kind="template")
    assert len([one for one in await phone.bubbles() if one.kind == "template" and one.says(words)]) == len(days)


async def test_a_patient_is_reminded_comes_rates_and_is_asked_a_week_later_in_vietnamese(mongodb_uri: str) -> None:
    clinic = SAMPLE_PATH.with_name("sample_clinic.yaml")
    async with opened(mongodb_uri, ours={"business_file": clinic}) as world:
        await approved(world)
        phone = await world.phone("Lan", wa_id="84900000781")
        await said(world, phone, "mình muốn đặt khám răng hai tuần nữa buổi sáng", "không", "số 1", "đồng ý")
        (booked,) = (await world.stored((await world.lead_of(phone))["id"])).lead.bookings
        reference = str(booked.reference)
        await p.is_in(world, reference, State.CONFIRMED)
        await is_reminded(world, phone, reference, (7, 3, 1), "Nhắc bạn")
        await p.is_in(world, reference, State.REMINDER_SENT)
        # out of the quiet hours, also where two hours before lie in them
        await until_the_start(world, reference, timedelta(minutes=40))
        await phone.expect("Hẹn gặp bạn lát nữa", kind="template")
        await until_the_start(world, reference, -timedelta(minutes=20))
        await phone.expect("Bạn có đến không")
        await phone.say("có")
        await world.quiet()
        await p.is_in(world, reference, State.COMPLETED)
        await phone.say("5 sao, bác sĩ rất nhẹ tay")
        await world.quiet()
        rated = (await world.api.get(f"/bookings/{reference}")).json()["rating"]
        assert rated is not None
        assert rated["score"] == 5
        await the_morning_comes(world, phone, reference, 7, "quay lại không", "Đặt lại")


async def test_a_guest_is_reminded_arrives_leaves_rates_and_is_asked_days_later_in_indonesian(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": keen_villas(tmp_path)}) as world:
        await approved(world)
        phone = await world.phone("Sari", wa_id="6281200000782")
        await phone.say("Halo, selamat pagi")
        await world.quiet()
        now = await world.process.parts.clock.business_now()
        reference = await paid_stay(world, phone, (now + timedelta(days=9)).date())
        await is_reminded(world, phone, reference, (7, 1), "Pengingat")
        await p.is_in(world, reference, State.REMINDER_SENT)
        await until_the_start(world, reference, -timedelta(minutes=40))
        await phone.expect("Apakah Anda sudah sampai", kind="template")
        await phone.say("saya sudah sampai")
        await world.quiet()
        await p.is_in(world, reference, State.CHECKED_IN)
        await until_the_end(world, reference, -timedelta(hours=1))
        await phone.say("kami sudah pulang")
        await world.quiet()
        await p.is_in(world, reference, State.CHECKED_OUT)
        await until_the_end(world, reference, timedelta(minutes=5))
        await p.is_in(world, reference, State.COMPLETED)
        await phone.say("bintang 5, vilanya bagus sekali")
        await world.quiet()
        rated = (await world.api.get(f"/bookings/{reference}")).json()["rating"]
        assert rated is not None
        assert rated["score"] == 5
        await the_morning_comes(world, phone, reference, 2, "Mau datang lagi", "Pesan lagi")
