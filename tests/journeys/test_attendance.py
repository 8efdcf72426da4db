"""Before and after an appointment, through the real doors: reminded, answered, missed, and put right by staff."""

from datetime import timedelta

import pytest

from bot.domain.coming import ComingAnswer
from bot.domain.states import State
from tests.journeys import payments as p
from tests.journeys.test_outside_the_window import approved
from tests.journeys.test_ratings import call_booked
from tests.journeys.world import Json, World
from tests.webhooks.api.test_openapi import fits, schema_of

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]


async def it_is(world: World, reference: str, after_start: timedelta) -> None:
    """So long after its start, or before it."""
    chosen = (await p.booking(world, reference)).chosen
    assert chosen is not None
    now = await world.process.parts.clock.business_now()
    await p.everybodys_time_goes_on(world, chosen.start + after_start - now)


async def coming(world: World, reference: str) -> Json | None:
    """What the API shows of it."""
    told = (await world.api.get(f"/bookings/{reference}")).json()
    fits(told, schema_of("get", "/bookings/{reference}", 200))
    found: Json | None = told["coming"]
    return found


async def test_a_no_show_is_put_right_by_staff_within_a_day_and_not_later(world: World) -> None:
    await approved(world)
    phone = await world.phone("Emma", wa_id="6281200000381")
    reference = await call_booked(world, phone)
    for hours, words in ((-23, "A reminder"), (-1, "See you soon")):
        await it_is(world, reference, timedelta(hours=hours))
        await phone.expect(words)
    await it_is(world, reference, timedelta(minutes=31))
    await phone.expect("has begun", kind="template")
    await it_is(world, reference, timedelta(minutes=95))
    await p.is_in(world, reference, State.NO_SHOW)
    await phone.expect("We missed you", kind="template")
    answer = await world.api.post(f"/bookings/{reference}/show-up", json={"showed_up": True})
    assert answer.status_code in {200, 202}, answer.text
    await p.is_in(world, reference, State.COMPLETED)
    await phone.expect("our team has noted that you were there", kind="template")
    other = await call_booked(world, phone)
    await it_is(world, other, timedelta(minutes=5))
    gone = await world.api.post(f"/bookings/{other}/show-up", json={"showed_up": False})
    assert gone.status_code in {200, 202}, gone.text
    await p.is_in(world, other, State.NO_SHOW)
    await it_is(world, other, timedelta(hours=25))
    refused = await world.api.post(f"/bookings/{other}/show-up", json={"showed_up": True})
    assert (refused.status_code, refused.json()["detail"]) == (409, "it was marked as a no-show more than 24 hours ago")
    assert (await p.booking(world, other)).state is State.NO_SHOW


async def test_a_no_to_the_reminder_moves_the_booking(world: World) -> None:
    await approved(world)
    phone = await world.phone("Emma", wa_id="6281200000382")
    reference = await call_booked(world, phone)
    before = (await p.booking(world, reference)).chosen
    assert before is not None
    assert await coming(world, reference) is None
    await it_is(world, reference, timedelta(hours=-23))
    asked = await phone.expect("Are you coming?")
    assert len(asked.choices) == 3
    shown = await coming(world, reference)
    assert shown is not None
    assert (shown["answer"], shown["times"], shown["answered_at"]) == ("asked", 1, None)
    await phone.tap("No, I can't")
    await phone.expect("Here is what we can do")
    assert (await p.is_in(world, reference, State.REMINDER_SENT)).coming.answer is ComingAnswer.NO
    shown = await coming(world, reference)
    assert shown is not None
    assert shown["answer"] == "no"
    assert shown["asked_at"] < shown["answered_at"]
    await phone.tap("Another time")
    await phone.expect("stays yours until the new time is booked")
    day = (before.start + timedelta(days=3)).astimezone(world.process.business.zone)
    await phone.say(f"{day:%-d %B} at 10am")
    await phone.expect("10:00")
    await phone.say("yes")
    moved = await p.is_in(world, reference, State.CONFIRMED)
    assert moved.chosen is not None
    assert moved.chosen.start.astimezone(day.tzinfo).date() == day.date()
    assert await coming(world, reference) is None, "of its new time nobody has asked"
    # reminded of again, at its new time
    await it_is(world, reference, timedelta(hours=-23))
    await phone.expect("Are you coming?", kind="template")


async def test_silence_is_asked_twice_and_who_shows_up_says_how_it_was(world: World) -> None:
    await approved(world)
    phone = await world.phone("Emma", wa_id="6281200000383")
    reference = await call_booked(world, phone)
    start = (await p.booking(world, reference)).chosen
    assert start is not None
    zone = world.process.business.zone
    # at nine: after the night there is no time left for a third question
    assert start.start.astimezone(zone).hour == 9
    for hours, words in ((-23.5, "Are you coming?"), (-17.5, "Are you coming?"), (-1.5, "See you soon")):
        await it_is(world, reference, timedelta(hours=hours))
        await phone.expect(words)
        await world.quiet()
    asked = [bubble for bubble in await phone.bubbles() if "Are you coming?" in bubble.text]
    assert len(asked) == 2
    assert (await p.booking(world, reference)).coming.unanswered == 2
    await it_is(world, reference, timedelta(minutes=31))
    await phone.expect("has begun", kind="template")
    await phone.say("yes, I came")
    await phone.expect("Thank you for coming")
    await p.is_in(world, reference, State.COMPLETED)
    await phone.say("It was great, 5 stars!")
    await world.quiet()
    shown = (await world.api.get(f"/bookings/{reference}")).json()
    assert shown["rating"]["score"] == 5
