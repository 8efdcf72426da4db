"""Moving and cancelling by form through the real doors: the same quote as in the chat, and the same commit."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.booking import Booking
from bot.domain.states import State
from bot.slots.slot import Slot, read_slot_id
from flows.paths import PATHS
from flows.session import Purpose
from simulator.customer import Phone, Refused
from tests.journeys import flow_world
from tests.journeys import payments as p
from tests.journeys.test_changes import FIVE_DAYS
from tests.journeys.world import World

Json = dict[str, Any]

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]


@pytest.fixture
async def world(mongodb_uri: str) -> AsyncIterator[World]:
    """A world in which the forms that change a booking are published, and none that books."""
    async with flow_world.opened(mongodb_uri, ()) as running:
        names = {"reschedule:en": "flow-reschedule-en", "cancel:en": "flow-cancel-en"}
        await running.process.parts.published_flows.set_ids(names)
        yield running


def published(purpose: Purpose) -> Json:
    """The Flow as the phone has it."""
    return dict(json.loads(json.dumps(PATHS[purpose].define("en").as_json())))


async def paid(world: World, wa_id: str, wish: str = FIVE_DAYS) -> tuple[Phone, str]:
    phone = await world.phone("Emma", wa_id=wa_id)
    reference = p.reference_in(await p.linked(phone, wish))
    await world.told("POST", "/xendit/topup", {"amount": 200_000})
    await p.pay(world, f"{reference}.1", channel="OVO")
    await phone.expect("Paid and confirmed")
    return phone, reference


async def test_a_paid_booking_is_cancelled_by_form_for_what_its_screen_says(world: World) -> None:
    phone, reference = await paid(world, "6281200000071")
    await phone.say("send me the form to cancel my booking")
    await phone.expect("Cancel Balinese massage", kind="flow")
    told = await phone.fill(published(Purpose.CANCEL), [{}])
    assert told["exchanges"] == 2
    await phone.expect("IDR 175,000 back")
    closed = await p.is_in(world, reference, State.CANCELLED)
    assert closed.kept is not None
    assert closed.kept.amount.amount == 175_000


async def test_a_paid_booking_is_moved_by_form_to_a_time_that_was_held_for_it(world: World) -> None:
    phone, reference = await paid(world, "6281200000072")
    before = await p.booking(world, reference)
    await phone.say("send me the form to change my booking")
    await phone.expect("Of course", kind="flow")
    await phone.fill(published(Purpose.RESCHEDULE), [{"day": "#4"}, {"time": "#2"}, {}])
    await phone.expect("Done. Your booking is now")
    moved = await p.booking(world, reference)
    assert before.chosen is not None
    assert moved.chosen is not None
    assert moved.chosen.slot_id != before.chosen.slot_id
    assert (moved.state, moved.reschedule_count, moved.change) == (State.CONFIRMED, 1, None)
    # its claims are its own, and nothing of the form is left over
    assert await world.process.parts.orphans.sweep(await world.process.parts.clock.business_now()) == 0


ALONE = "I would like a Balinese massage 60 min in five days in the evening at Villa Melati"
"""Where one person gives it: what that person has taken is no time for anybody."""


def half_an_hour_later(booking: Booking) -> str:
    """The id of the time with the same person that overlaps the booking's own."""
    assert booking.chosen is not None
    name = read_slot_id(booking.chosen.slot_id)
    assert name is not None
    start = name.start + timedelta(minutes=30)
    return Slot(name.service, name.provider, name.place, start, start + timedelta(minutes=60)).id


def steps(world: World, booking: Booking, slot_id: str) -> list[Json]:
    """On the booking's own day, that time."""
    assert booking.chosen is not None
    day = booking.chosen.start.astimezone(world.process.business.zone).date()
    return [{"day": day.isoformat()}, {"time": slot_id}, {}]


async def test_by_form_it_moves_into_its_own_time_and_what_it_left_is_free(world: World) -> None:
    phone, reference = await paid(world, "6281200000073", ALONE)
    before = await p.booking(world, reference)
    later = half_an_hour_later(before)
    await phone.say("send me the form to change my booking")
    await phone.expect("Of course", kind="flow")
    await phone.fill(published(Purpose.RESCHEDULE), steps(world, before, later))
    await phone.expect("Done. Your booking is now")
    moved = await p.booking(world, reference)
    assert moved.chosen is not None
    assert before.chosen is not None
    assert (moved.chosen.slot_id, moved.state, moved.change) == (later, State.CONFIRMED, None)
    # all that it holds is its own new time, whole: the half that stayed and the half that came
    lead = (await world.lead_of(phone))["id"]
    claims = world.process.parts.claims
    (has,) = await claims.of_lead(lead, now=await world.process.parts.clock.business_now())
    assert (has.hold, has.claims, has.is_booked) == (moved.booked_hold, has.of, True)


async def test_of_others_the_own_time_of_a_booking_stays_taken_in_the_form(world: World) -> None:
    _, reference = await paid(world, "6281200000074", ALONE)
    theirs = await p.booking(world, reference)
    phone, own = await paid(world, "6281200000075", ALONE.replace("in five days", "in six days"))
    await phone.say("send me the form to change my booking")
    await phone.expect("Of course", kind="flow")
    with pytest.raises(Refused, match="time offers no"):
        await phone.fill(published(Purpose.RESCHEDULE), steps(world, theirs, half_an_hour_later(theirs)))
    assert (await p.booking(world, own)).reschedule_count == 0


async def test_the_very_time_of_a_booking_is_not_offered_for_its_move(world: World) -> None:
    phone, reference = await paid(world, "6281200000076", ALONE)
    before = await p.booking(world, reference)
    assert before.chosen is not None
    await phone.say("send me the form to change my booking")
    await phone.expect("Of course", kind="flow")
    with pytest.raises(Refused, match="time offers no"):
        await phone.fill(published(Purpose.RESCHEDULE), steps(world, before, before.chosen.slot_id))


async def test_it_moves_by_form_to_somebody_who_is_chosen_with_the_day(world: World) -> None:
    today = (await world.process.parts.clock.business_now()).astimezone(world.process.business.zone).date()
    # a Thursday, on which both work
    day = today + timedelta(days=7 + (3 - today.weekday()) % 7)
    wish = f"I would like a Balinese massage 60 min with Ayu on {day:%-d %B %Y} in the evening at Villa Kamboja"
    phone, reference = await paid(world, "6281200000077", wish)
    await phone.say("send me the form to change my booking")
    await phone.expect("Of course", kind="flow")
    steps = [{"who": "komang", "day": day.isoformat()}, {"time": "#2"}, {}]
    told = await phone.do("fill", flow=published(Purpose.RESCHEDULE), steps=steps)
    shown = {one["screen"]: one["data"] for one in told["outcomes"] if "screen" in one}
    assert shown["DAY"]["known"]["who"] == "ayu"
    assert {time["id"].split("|")[1] for time in shown["TIME"]["times"]} == {"komang"}
    assert "with Komang Wellness" in shown["REVIEW"]["summary"]
    await phone.expect("Done. Your booking is now")
    moved = await p.booking(world, reference)
    assert moved.chosen is not None
    assert (moved.chosen.provider, moved.who.only) == ("komang", "komang")
