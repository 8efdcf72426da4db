"""Before and after an appointment, through the real doors: reminded, answered, missed, and put right by staff."""

from datetime import timedelta

import pytest

from bot.domain.states import State
from tests.journeys import payments as p
from tests.journeys.test_outside_the_window import approved
from tests.journeys.test_ratings import call_booked
from tests.journeys.world import World

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]


async def it_is(world: World, reference: str, after_start: timedelta) -> None:
    """So long after its start, or before it."""
    chosen = (await p.booking(world, reference)).chosen
    assert chosen is not None
    now = await world.process.parts.clock.business_now()
    await p.everybodys_time_goes_on(world, chosen.start + after_start - now)


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
