"""Who is to give it, through the real doors: theirs alone, their next with others' times, and first the next time."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.booking import Booking
from bot.domain.states import State
from simulator.customer import Phone
from tests.bot.business.makers import with_changes
from tests.journeys import payments as p
from tests.journeys.world import World, opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

WEDNESDAY = 2


def house(tmp_path: Path) -> Path:
    """The sample with two therapists who work at the same hours, but for the second's free Wednesday."""
    path = tmp_path / "two.yaml"
    changes = (
        ('daily: ["08:00-21:00"]', 'daily: ["00:00-24:00"]'),
        ('daily: ["13:00-14:00"]', 'daily: ["13:00-13:30"]'),
        ('daily: ["10:00-22:00"]', 'daily: ["09:00-21:00"]'),
    )
    path.write_text(with_changes(*changes), "utf-8")
    return path


async def offered(world: World, phone: Phone) -> Booking:
    await world.quiet()
    stored = await world.stored((await world.lead_of(phone))["id"])
    booking = stored.lead.open_booking
    assert booking is not None
    assert booking.offered
    return booking


def whose(booking: Booking) -> set[str | None]:
    return {slot.provider for slot in booking.offered}


async def test_whoever_is_named_is_offered_alone_with_others_where_they_have_none_and_first_the_next_time(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": house(tmp_path)}) as world:
        today = (await world.process.parts.clock.business_now()).date()
        # a Wednesday so far ahead that no midnight comes between
        day = today + timedelta(days=4 + (WEDNESDAY - today.weekday() - 4) % 7)
        emma = await world.phone("Emma", wa_id="6281200000391")
        later = day + timedelta(days=1)
        await emma.say(f"Balinese massage 60 min with Komang at Villa Kamboja on {later:%-d %B %Y}")
        assert (await emma.expect("Tap one")).says("with Komang Wellness")
        first = await offered(world, emma)
        assert (first.who.only, whose(first)) == ("komang", {"komang"})
        await emma.say("the first")
        assert (await emma.expect("Please confirm")).says("with Komang Wellness")
        await emma.tap("Yes, book it")
        await emma.expect("Please pay by", kind="cta_url")
        await p.pay(world, f"{first.reference}.1")
        await p.is_in(world, first.reference, State.CONFIRMED)
        again = later + timedelta(days=1)
        await emma.say(f"I want to book the Balinese massage 60 min at Villa Kamboja on {again:%-d %B %Y}")
        await emma.expect("Tap one")
        assert whose(await offered(world, emma)) == {"komang"}

        sari = await world.phone("Sari", wa_id="6281200000392")
        await sari.say(f"mau pijat bali 60 menit sama mbak Komang di Villa Kamboja tanggal {day:%d/%m/%Y} ya")
        await sari.expect("Komang Wellness tidak ada waktu kosong saat itu")
        assert whose(await offered(world, sari)) == {"ayu", "komang"}
        await sari.say("siapa saja boleh")
        await world.quiet()
        assert whose(await offered(world, sari)) == {"ayu"}
