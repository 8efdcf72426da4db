"""Moving and cancelling by form through the real doors: the same quote as in the chat, and the same commit."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.states import State
from flows.paths import PATHS
from flows.session import Purpose
from simulator.customer import Phone
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


async def paid(world: World, wa_id: str) -> tuple[Phone, str]:
    phone = await world.phone("Emma", wa_id=wa_id)
    reference = p.reference_in(await p.linked(phone, FIVE_DAYS))
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
