"""A full day, two who wait, a cancellation: the first lets the hour pass, the second books what is kept, and pays."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.states import State
from bot.domain.waiting import WaitEnd
from simulator.customer import Phone
from tests.journeys import payments as p
from tests.journeys.test_outside_the_window import A_DAY_AND_MORE, approved
from tests.journeys.world import World, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]

Json = dict[str, Any]
ACTOR = {"by": "rina", "role": "operations"}
WISH = "I want to book the Balinese massage 60 min on {day} at Villa Melati"
MINUTE = timedelta(minutes=1)


async def the_only_time(world: World) -> Json:
    """A time in the week after next; whoever gives it is closed for the rest of that day."""
    today = (await world.process.parts.clock.business_now()).date()
    days = {"from": (today + timedelta(days=9)).isoformat(), "to": (today + timedelta(days=20)).isoformat()}
    answer = await world.api.get("/services/balinese-massage/slots", params={**days, "place": "villa-melati"})
    # neither the first of its day nor its last
    slot: Json = answer.raise_for_status().json()["items"][3]
    start, end = (datetime.fromisoformat(slot[key]) for key in ("start", "end"))
    midnight = start.replace(hour=0, minute=0)
    for begins, ends in ((midnight, start), (end + 30 * MINUTE, midnight + timedelta(days=1))):
        body = {"resource": slot["provider"], "from": begins.isoformat(), "to": ends.isoformat(), "reason": "leave"}
        answer = await world.api.post("/blocks", json=body | ACTOR)
        assert answer.status_code == 201, answer.text
    return slot


async def booked(world: World, slot: Json) -> str:
    """Somebody has that time."""
    phone = await world.phone("Guest", wa_id="6281200000400")
    await phone.say("Hello")
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    body = {"lead_id": lead, "service": "balinese-massage", "slot_id": slot["slot_id"], "guests": 1}
    made = await world.api.post("/bookings", json=body | ACTOR)
    assert made.status_code in {201, 202}, made.text
    reference: str = made.json()["reference"]
    await p.is_in(world, reference, State.PAYMENT_PENDING)
    return reference


async def joins(world: World, name: str, number: int, slot: Json) -> Phone:
    """Asks for that day, finds nothing, and waits."""
    phone = await world.phone(name, wa_id=f"62812000004{number:02}")
    day = datetime.fromisoformat(slot["start"])
    await phone.say(WISH.format(day=f"{day:%-d %B %Y}"))
    await phone.expect("nothing is free that day")
    await phone.tap("Tell me when free")
    await phone.expect("You are on the waiting list")
    await world.quiet()
    return phone


async def is_called_off(world: World, reference: str) -> None:
    answer = await world.api.post(f"/bookings/{reference}/cancel", json={"cause": "customer", "reason": "ill"} | ACTOR)
    assert answer.status_code < 300, answer.text


async def row_of(world: World, phone: Phone) -> Any:
    lead = (await world.lead_of(phone))["id"]
    found = await world.process.database["waiting"].find_one({"lead": lead})
    return await world.process.parts.waiting.rows.find(found["_id"])


async def line(world: World) -> list[tuple[int, str]]:
    """Everybody who waits, as the API shows them."""
    items = (await world.api.get("/waiting")).raise_for_status().json()["items"]
    return [(item["rank"], item["state"]) for item in items]


async def is_taken_off_by_staff(world: World, phone: Phone) -> None:
    """Each entry says why; a person takes off the list who asks for it."""
    (item,) = (await world.api.get("/waiting")).json()["items"]
    assert "did not answer in time" in item["why"]
    (served,) = (await world.api.get("/waiting", params={"ended": "true"})).json()["items"]
    assert (served["rank"], served["state"], "booked the time" in served["why"]) == (None, "over", True)
    gone = await world.api.delete(f"/waiting/{item['id']}", params=ACTOR)
    assert (gone.status_code, gone.json()["state"]) == (200, "over")
    await phone.expect("You are off the waiting list")
    await world.quiet()
    assert (await world.api.delete(f"/waiting/{item['id']}")).status_code == 404
    insight = (await world.api.get(f"/leads/{item['lead_id']}/insight")).json()
    told = [one["what"] for one in insight["history"] if one["what"].startswith("waiting_")]
    assert told == ["waiting_joined", "waiting_offered", "waiting_passed", "waiting_taken_off", "waiting_left"]


async def test_the_second_in_line_books_and_pays_what_the_first_let_pass(world: World) -> None:
    slot = await the_only_time(world)
    reference = await booked(world, slot)
    first, second = await joins(world, "Emma", 1, slot), await joins(world, "Budi", 2, slot)
    assert await line(world) == [(1, "waiting"), (2, "waiting")]
    await is_called_off(world, reference)
    offer = await first.expect("a time you waited for is free")
    assert len(offer.choices) == 3
    await world.quiet()
    assert not any(bubble.says("a time you waited for") for bubble in await second.bubbles())
    kept = (await row_of(world, first)).kept
    now = await world.process.parts.clock.business_now()
    await p.everybodys_time_goes_on(world, kept.slot.held_until - now + MINUTE)
    await second.expect("a time you waited for is free")
    await second.tap("Yes, book it")
    link = await second.expect("Please pay by", kind="cta_url")
    theirs = p.reference_in(link)
    # late, and the time is another's by now
    await first.tap("Yes, book it", offer.id)
    await first.expect("just been taken")
    await p.pay(world, f"{theirs}.1")
    paid = await p.is_in(world, theirs, State.CONFIRMED)
    assert paid.chosen is not None
    assert paid.chosen.slot_id == slot["slot_id"]
    await world.quiet()
    assert (await row_of(world, second)).entry.ended is WaitEnd.SERVED
    still = await row_of(world, first)
    assert (still.is_open, still.entry.why_passed) == (True, "late")
    await is_taken_off_by_staff(world, first)
    await p.agrees(world)


async def test_outside_the_window_it_is_a_template_whose_button_books(world: World) -> None:
    await approved(world)
    slot = await the_only_time(world)
    reference = await booked(world, slot)
    phone = await joins(world, "Emma", 3, slot)
    # unpaid until its hour, the other booking is released by itself
    await p.everybodys_time_goes_on(world, A_DAY_AND_MORE)
    await p.is_in(world, reference, State.CANCELLED)
    await phone.expect("A time you waited for is free", kind="template", timeout=30)
    await world.quiet()
    await phone.tap("Yes, book it")
    link = await phone.expect("Please pay by", kind="cta_url", timeout=30)
    booking = await p.booking(world, p.reference_in(link))
    assert booking.chosen is not None
    assert booking.chosen.slot_id == slot["slot_id"]


async def test_who_says_stop_is_told_of_nothing(world: World) -> None:
    slot = await the_only_time(world)
    reference = await booked(world, slot)
    phone, behind = await joins(world, "Emma", 4, slot), await joins(world, "Budi", 5, slot)
    await phone.say("STOP")
    await world.quiet()
    count = len(await phone.bubbles())
    await is_called_off(world, reference)
    await behind.expect("a time you waited for is free")
    await world.quiet()
    assert len(await phone.bubbles()) == count

    async def has_left() -> bool:
        return not (await row_of(world, phone)).is_open

    await until(has_left, what="the row of who said STOP")
