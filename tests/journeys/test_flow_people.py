"""With whom, by form through the real doors: begun with whom the chat knew, chosen, and left as it was in a form of
before."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.booking import Booking
from simulator.customer import Phone
from tests.flows.vectors import PAYLOADS
from tests.journeys import flow_world
from tests.journeys.flow_world import flow_json
from tests.journeys.world import World

Json = dict[str, Any]

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]


@pytest.fixture
async def world(mongodb_uri: str) -> AsyncIterator[World]:
    """A world with a published form."""
    async with flow_world.opened(mongodb_uri) as running:
        yield running


async def booking_of(world: World, phone: Phone) -> Booking:
    await world.quiet()
    (booking,) = (await world.stored((await world.lead_of(phone))["id"])).lead.bookings
    return booking


async def filled(phone: Phone, language: str, *steps: Json) -> dict[str, Json]:
    """The form, step by step: what each screen showed."""
    told = await phone.do("fill", flow=flow_json(language), steps=list(steps))
    return {one["screen"]: one["data"] for one in told["outcomes"] if "screen" in one}


DETAILS: Json = {"guests": "1", "name": "Sari", "notes": ""}
CHATS = {
    "en": ("balinese massage 60 min with Komang at Villa Kamboja", "send me the form please", "with Komang Wellness"),
    "id": ("mau pijat bali 60 menit sama mbak Komang di Villa Kamboja", "minta formulirnya dong", "Komang Wellness"),
    "vi": ("mình đặt massage bali 60 phút với chị Komang ở Villa Kamboja", "cho mình biểu mẫu", "Komang Wellness"),
}


@pytest.mark.parametrize("language", CHATS)
async def test_a_form_begins_with_whom_the_chat_knew_and_books_them(world: World, language: str) -> None:
    wish, form, named = CHATS[language]
    phone = await world.phone("Sari", wa_id="6281200000051")
    await phone.say(wish)
    await world.quiet()
    await phone.say(form)
    await phone.expect("", kind="flow")
    shown = await filled(phone, language, {}, {}, {"day": "#4"}, {"time": "#2"}, DETAILS, {})
    assert (shown["DAY"]["asks_who"], shown["DAY"]["known"]["who"]) == (True, "komang")
    assert {time["id"].split("|")[1] for time in shown["TIME"]["times"]} == {"komang"}
    assert named in shown["REVIEW"]["summary"]
    booking = await booking_of(world, phone)
    assert booking.chosen is not None
    assert (booking.chosen.provider, booking.who.only) == ("komang", "komang")


async def test_somebody_is_chosen_in_the_form_alone(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000052")
    await phone.say("I would like to book something")
    await phone.expect("tap the button", kind="flow")
    today = (await world.process.parts.clock.business_now()).astimezone(world.process.business.zone).date()
    # a Thursday: Komang rests on Wednesdays
    day = (today + timedelta(days=7 + (3 - today.weekday()) % 7)).isoformat()
    massage, where = {"service": "balinese-massage"}, {"place": "villa-kamboja"}
    shown = await filled(phone, "en", massage, where, {"who": "komang", "day": day}, {"time": "#2"}, DETAILS, {})
    assert [one["title"] for one in shown["DAY"]["people"]] == ["Anyone", "Ayu Spa", "Komang Wellness"]
    booking = await booking_of(world, phone)
    assert booking.chosen is not None
    assert (booking.chosen.provider, booking.who.only) == ("komang", "komang")


async def test_a_form_published_before_it_could_be_chosen_books_as_ever(world: World) -> None:
    # nobody has read yet what is published
    editions = {f"editions.{code}": 2 for code in ("en", "id", "vi")}
    await world.process.database["house"].update_one({"_id": "flows"}, {"$set": editions})
    yesterday = dict(json.loads((PAYLOADS / "edition_2_booking.json").read_text()))
    phone = await world.phone("Budi", wa_id="6281200000053")
    await phone.say("balinese massage 60 min with Komang at Villa Kamboja")
    await world.quiet()
    await phone.say("send me the form please")
    await phone.expect("", kind="flow")
    told = await phone.do("fill", flow=yesterday, steps=[{}, {}, {"day": "#5"}, {"time": "#1"}, DETAILS, {}])
    (day,) = [one["data"] for one in told["outcomes"] if one.get("screen") == "DAY"]
    assert "people" not in day
    assert "who" not in day["known"]
    await phone.expect("Reserved for you")
    # what was said in the chat stays with the booking
    assert (await booking_of(world, phone)).who.only == "komang"
