"""Booking by form through the real doors: asked for in the chat, filled on the phone, confirmed in the chat."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys import flow_world
from tests.journeys.flow_world import CALL, flow_json
from tests.journeys.world import World

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]


@pytest.fixture
async def world(mongodb_uri: str) -> AsyncIterator[World]:
    """A world with a published form."""
    async with flow_world.opened(mongodb_uri) as running:
        yield running


@pytest.mark.parametrize(
    ("language", "wish", "invitation", "booked"),
    [
        ("en", "I would like to book something", "tap the button", "Booked"),
        ("id", "saya mau pesan", "ketuk tombol", "Dipesan"),
        ("vi", "mình muốn đặt lịch", "chạm vào nút", "Đã đặt"),
    ],
)
async def test_a_form_books_in_the_customers_language(
    world: World, language: str, wish: str, invitation: str, booked: str
) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say(wish)
    await phone.expect(invitation, kind="flow")
    told = await phone.fill(flow_json(language), CALL)
    assert told["exchanges"] == 6
    await phone.expect(booked)
    await world.quiet()
    lead = await world.lead_of(phone)
    stored = await world.stored(lead["id"])
    assert [booking.state.value for booking in stored.lead.bookings] == ["CONFIRMED"]
    assert len(await phone.bubbles()) == 2
