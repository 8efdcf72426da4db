"""Who is to give it, through the real doors: theirs alone, their next with others' times, first the next time, and
kept for who waits for them."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.booking import Booking
from bot.domain.states import State
from simulator.customer import Phone
from tests.bot.business.makers import with_changes
from tests.journeys import payments as p
from tests.journeys.world import World, opened, until

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


async def open_booking(world: World, phone: Phone) -> Booking:
    await world.quiet()
    stored = await world.stored((await world.lead_of(phone))["id"])
    booking = stored.lead.open_booking
    assert booking is not None
    return booking


async def offered(world: World, phone: Phone) -> Booking:
    booking = await open_booking(world, phone)
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


ACTOR = {"by": "rina", "role": "operations"}


async def is_away(world: World, provider: str, day: date) -> str:
    """Somebody has that day off; under which name the block stands."""
    now = await world.process.parts.clock.business_now()
    midnight = datetime.combine(day, time(), world.process.parts.context(now).business.zone)
    body = {
        "resource": f"provider:{provider}",
        "from": midnight.isoformat(),
        "to": (midnight + timedelta(days=1)).isoformat(),
        "reason": "leave",
    }
    answer = await world.api.post("/blocks", json=body | ACTOR)
    assert answer.status_code == 201, answer.text
    name: str = answer.json()["id"]
    return name


async def test_who_waits_having_named_somebody_is_kept_their_time_and_nobody_elses(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": house(tmp_path)}) as world:
        today = (await world.process.parts.clock.business_now()).date()
        # a Thursday, on which both work
        day = today + timedelta(days=7 + (WEDNESDAY + 1 - today.weekday()) % 7)
        blocks = {provider: await is_away(world, provider, day) for provider in ("ayu", "komang")}
        asked = {
            "Emma": (f"Balinese massage 60 min with Komang at Villa Kamboja on {day:%-d %B %Y}", "Tell me when free"),
            "Sari": (
                f"mau pijat bali 60 menit sama mbak Komang di Villa Kamboja tanggal {day:%d/%m/%Y}",
                "Kabari bila kosong",
            ),
            "Linh": (
                f"mình đặt massage bali 60 phút ở Villa Kamboja ngày {day:%d/%m/%Y} với chị Ayu nhé",
                "Báo khi có chỗ",
            ),
        }
        phones = {}
        for number, (name, (words, button)) in enumerate(asked.items()):
            phones[name] = await world.phone(name, wa_id=f"6281200000{393 + number}")
            await phones[name].say(words)
            await world.quiet()
            await phones[name].tap(button)
            await world.quiet()
        items = (await world.api.get("/waiting")).raise_for_status().json()["items"]
        assert [(item["rank"], item["providers"]) for item in items] == [(1, ["komang"]), (2, ["komang"]), (3, ["ayu"])]
        assert items[0]["why"].startswith("Nothing with Komang Wellness has become free that fits")
        await world.api.delete(f"/blocks/{blocks['ayu']}", params=ACTOR)
        # she was asked for by the last in line alone
        await phones["Linh"].expect("giờ bạn chờ đã trống")
        await world.quiet()
        items = (await world.api.get("/waiting")).json()["items"]
        assert [item["state"] for item in items] == ["waiting", "waiting", "offered"]
        await world.api.delete(f"/blocks/{blocks['komang']}", params=ACTOR)
        kept = await phones["Emma"].expect("a time you waited for is free")
        assert kept.says("Komang Wellness")
        await phones["Emma"].tap("Yes, book it")
        link = await phones["Emma"].expect("Please pay by", kind="cta_url")
        booked = await p.is_in(world, p.reference_in(link), State.PAYMENT_PENDING)
        assert booked.chosen is not None
        assert (booked.chosen.provider, booked.who.only) == ("komang", "komang")


async def test_somebody_else_is_named_for_a_booking_that_stands_in_three_languages(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": house(tmp_path)}) as world:
        today = (await world.process.parts.clock.business_now()).date()
        # a Thursday, on which both work, and the day after
        day = today + timedelta(days=7 + (WEDNESDAY + 1 - today.weekday()) % 7)
        after = day + timedelta(days=1)
        talks = {
            "Emma": (
                f"Balinese massage 60 min with Ayu at Villa Kamboja on {day:%-d %B %Y} at 10am",
                "Yes, book it",
                "same time, but with Komang",
                ("with Komang Wellness", "Yes, change it"),
            ),
            "Sari": (
                f"mau pijat bali 60 menit sama mbak Ayu di Villa Kamboja tanggal {day:%d/%m/%Y} jam 2 siang",
                "Ya, pesan",
                f"pindah ke tanggal {after:%d/%m/%Y} sama Komang ya",
                ("bersama Komang Wellness", "Ya, ubah"),
            ),
            "Linh": (
                f"mình đặt massage bali 60 phút ở Villa Kamboja ngày {day:%d/%m/%Y} lúc 17:00 với chị Ayu nhé",
                "Đồng ý đặt",
                f"chuyển sang ngày {after:%d/%m/%Y} với chị Komang nhé",
                ("với Komang Wellness", "Đồng ý đổi"),
            ),
        }
        for number, (name, (booking, yes, change, (whom, agreed))) in enumerate(talks.items()):
            phone = await world.phone(name, wa_id=f"6281200000{396 + number}")
            await phone.say(booking)
            await world.quiet()
            await phone.tap(yes)
            await phone.expect("", kind="cta_url")
            reference = (await open_booking(world, phone)).reference
            if name == "Emma":
                await p.pay(world, f"{reference}.1")
                await p.is_in(world, reference, State.CONFIRMED)
            await world.quiet()
            await phone.say(change)
            asked = await phone.expect("Komang Wellness")
            assert asked.says(whom)
            await phone.tap(agreed)

            async def moved(reference: str = reference) -> bool:
                known = await p.booking(world, reference)
                return known.chosen is not None and known.chosen.provider == "komang"

            await until(moved, what="the move")
            known = await p.booking(world, reference)
            assert known.chosen is not None
            zone = world.process.parts.context(known.chosen.start).business.zone
            assert known.chosen.start.astimezone(zone).date() == (day if name == "Emma" else after)
            assert known.who.only == "komang"
