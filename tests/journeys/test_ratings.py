"""How it was, through the real doors: three languages, the review link, a person for the unhappy, who is meant next."""

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.domain.commands import OfferSlots
from bot.domain.events import SlotsFound
from bot.domain.ids import BookingReference, EffectId, LeadId
from bot.domain.offers import BookingWish
from bot.domain.states import State
from simulator.customer import Phone
from tests.bot.business.makers import with_changes
from tests.journeys import payments as p
from tests.journeys.world import World, opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]
REVIEW = "https://g.page/r/rumah-senja/review"


def with_reviews(tmp_path: Path) -> Path:
    """The sample with a place where reviews are written."""
    path = tmp_path / "reviewed.yaml"
    path.write_text(
        with_changes(("  greeting: Rumah Senja", f"  greeting: Rumah Senja\n  review_url: {REVIEW}")), "utf-8"
    )
    return path


async def call_booked(world: World, phone: Phone, days: int = 2) -> str:
    """A free call in so many days, booked by hand."""
    await phone.say("Hello")
    await world.quiet()
    day = (await world.process.parts.clock.business_now() + timedelta(days=days)).date()
    query = {"from": day.isoformat(), "to": day.isoformat()}
    slot = (await world.api.get("/services/planning-call/slots", params=query)).json()["items"][0]
    body = {"lead_id": (await world.lead_of(phone))["id"], "service": "planning-call", "slot_id": slot["slot_id"]}
    made = await world.api.post("/bookings", json=body)
    assert made.status_code in {201, 202}, made.text
    reference: str = made.json()["reference"]
    await p.is_in(world, reference, State.CONFIRMED)
    return reference


async def delivered(world: World, phone: Phone) -> str:
    reference = await call_booked(world, phone)
    booking = await p.booking(world, reference)
    assert booking.chosen is not None
    now = await world.process.parts.clock.business_now()
    await p.everybodys_time_goes_on(world, booking.chosen.end - now + timedelta(minutes=5))
    came = await world.api.post(f"/bookings/{reference}/show-up", json={"showed_up": True})
    assert came.status_code in {200, 202}, came.text
    await p.is_in(world, reference, State.COMPLETED)
    return reference


async def rate(world: World, reference: str, status: int = 200, **body: Any) -> Json:
    answer = await world.api.post(f"/bookings/{reference}/rating", json=body)
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


async def rating(world: World, reference: str) -> Json | None:
    shown: Json | None = (await world.api.get(f"/bookings/{reference}")).json()["rating"]
    return shown


async def alarms(world: World) -> set[tuple[str, str]]:
    return {(one["reason"], one["subject"]) for one in (await world.api.get("/alarms")).json()["items"]}


async def test_how_it_was_is_said_in_three_languages_and_entered_by_staff(mongodb_uri: str, tmp_path: Path) -> None:
    async with opened(mongodb_uri, ours={"business_file": with_reviews(tmp_path)}) as world:
        emma = await world.phone("Emma", wa_id="6281200000161")
        early = await call_booked(world, emma)
        assert (await rate(world, early, 409, score=5))["type"].endswith("not-delivered")
        assert (await world.api.post(f"/bookings/{early}/cancel", json={"cause": "customer", "reason": "x"})).is_success
        hers = await delivered(world, emma)
        await emma.say("The call was great, 5 stars!")
        link = await emma.expect("makes our day", kind="cta_url")
        assert link.links == (REVIEW,)
        await world.quiet()
        shown = await rating(world, hers)
        assert shown is not None
        assert (shown["score"], shown["by"], shown["words"]) == (5, "customer", "The call was great, 5 stars!")
        assert (await rate(world, hers, 409, score=1))["type"].endswith("customers-own")

        sari = await world.phone("Sari", wa_id="6281200000162")
        await sari.say("Halo, saya mau tanya soal pijat")
        theirs = await delivered(world, sari)
        assert (await rate(world, theirs, 422, score=6))["type"].endswith("bad-score")
        entered = await rate(world, theirs, score=3, by="rina", words="agak telat")
        assert (entered["rating"]["score"], entered["rating"]["by"]) == (3, "rina")
        await sari.say("bintang 2")
        await sari.expect("Apa yang kurang?")
        await sari.say("gurunya telat dan suaranya putus-putus terus")
        await sari.expect("Tim kami membaca ini")
        await world.quiet()
        assert ("rated_low", theirs) in await alarms(world)

        lan = await world.phone("Lan", wa_id="84912345678")
        await lan.say("Xin chào, mình muốn hỏi về dịch vụ")
        last = await delivered(world, lan)
        await lan.say("lịch của mình")
        await lan.expect("thế nào ạ?")
        await lan.tap("⭐⭐⭐⭐")
        await lan.expect("bên mình vui lắm")
        await world.quiet()
        shown = await rating(world, last)
        assert shown is not None
        assert (shown["score"], shown["words"]) == (4, None)


async def test_whom_customers_rate_higher_is_offered_first(mongodb_uri: str, tmp_path: Path) -> None:
    async with opened(mongodb_uri, ours={"business_file": with_reviews(tmp_path)}) as world:
        day = (await world.process.parts.clock.business_now()).date() + timedelta(days=28)
        wish = BookingWish(first_day=day, last_day=day, from_minute=15 * 60, until_minute=15 * 60)
        ids = count()

        async def provider() -> str | None:
            """Who is offered at three where two are free alike."""
            parts, now = world.process.parts, await world.process.parts.clock.business_now()
            order = OfferSlots(BookingReference("BK-ASKS"), "balinese-massage", "villa-senja", 1, 0, wish)
            asked = EffectId(f"asks:{next(ids)}")
            assert parts.relay.slots is not None
            found = await parts.relay.slots.perform(LeadId("asks"), asked, order, now)
            assert isinstance(found, SlotsFound)
            (at_three,) = [one for one in found.offers if one.start.astimezone(world.process.business.zone).hour == 15]
            return at_three.provider

        assert await provider() == "ayu"
        ratings = world.process.database["ratings"]
        await ratings.insert_one({"_id": "BK-BAD", "provider": "ayu", "score": 1})
        assert await provider() == "ayu"
        await ratings.insert_many([{"_id": f"BK-{n}", "provider": "komang", "score": 5} for n in range(30)])
        assert await provider() == "komang"
