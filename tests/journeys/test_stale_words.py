"""Words that wait for a person's leave, or for the messenger, are not said once they are not so any more."""

from datetime import timedelta

import pytest

from bot.domain.states import State
from tests.journeys import payments as p
from tests.journeys.test_booking_by_chat import book, booking_of
from tests.journeys.world import World

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]


async def test_a_reminder_of_a_time_that_was_moved_while_a_person_had_the_conversation_is_not_said(
    world: World,
) -> None:
    phone, booking = await book(world, "en", "6281200000771")
    lead = (await world.lead_of(phone))["id"]
    assert booking.chosen is not None
    now = await world.process.parts.clock.business_now()
    await p.everybodys_time_goes_on(world, booking.chosen.start - now - timedelta(hours=3))
    await world.quiet()
    await phone.say("I would like to talk to a person")
    await world.quiet()
    (await world.api.post(f"/conversations/{lead}/takeover")).raise_for_status()
    # two hours before, and as much later as reminders are spread over
    await p.everybodys_time_goes_on(world, timedelta(hours=1, minutes=20))
    await world.quiet()
    waiting = [queued.effect for queued in (await world.stored(lead)).outbox if queued.effect.about is not None]
    assert [effect.about.start for effect in waiting if effect.about is not None] == [booking.chosen.start]
    there = booking.chosen.start + timedelta(days=3)
    slot = f"planning-call|{booking.chosen.provider}|{there:%Y%m%dT%H%MZ}|{booking.chosen.place or ''}"
    body = {"cause": "business", "reason": "ill", "slot_id": slot}
    (await world.api.post(f"/bookings/{booking.reference}/reschedule", json=body)).raise_for_status()
    await world.quiet()
    (await world.api.post(f"/conversations/{lead}/release", json={"agent": "rina"})).raise_for_status()
    await world.quiet()
    moved = await booking_of(world, phone)
    assert (moved.state, moved.reschedule_count) == (State.CONFIRMED, 1)
    assert not [bubble for bubble in await phone.bubbles() if bubble.says("See you soon")]
    assert not (await world.stored(lead)).outbox
