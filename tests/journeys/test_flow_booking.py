"""Booking by form through the real doors: asked for in the chat, filled on the phone, confirmed in the chat."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from simulator.customer import Phone
from simulator.flow_client.choices import typed
from simulator.flow_client.client import Finished, Shown
from tests.flows.vectors import PAYLOADS
from tests.journeys import flow_world
from tests.journeys.flow_world import CALL, flow_json
from tests.journeys.world import World, until

Json = dict[str, Any]

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
        ("id", "saya mau pesan", "lewat tombol", "Sudah dipesan"),
        ("vi", "mình muốn đặt lịch", "bấm nút", "Đã đặt"),
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


async def test_a_form_asked_for_by_name_books(world: World) -> None:
    phone = await world.phone(wa_id="6281200000009")
    await phone.say("I'd like a massage tomorrow")
    await phone.expect("massage")
    await phone.say("send me the form please")
    await phone.expect("tap the button", kind="flow")
    await phone.fill(flow_json("en"), CALL)
    await phone.expect("Booked")


NEARLY_ALL = {
    "en": ("something on 24 December at 6 pm for four at Villa Padi", "IV vitamin drip, form please"),
    "id": ("mau pesan untuk tanggal 24 Desember jam 18 untuk 4 orang di Villa Padi", "infus vitamin, formulir dong"),
    "vi": ("mình muốn đặt lịch ngày 24/12 lúc 18h cho 4 người ở Villa Padi", "truyền vitamin, cho mình biểu mẫu"),
}
SUM = {
    "en": "IDR 3,800,000 (4 × IDR 950,000 per person)",
    "id": "IDR 3.800.000 (4 × IDR 950.000 per orang)",
    "vi": "IDR 3.800.000 (4 × IDR 950.000 mỗi người)",
}


@pytest.mark.parametrize("language", NEARLY_ALL)
async def test_who_said_it_all_in_the_chat_taps_through_the_form_and_reads_the_sum(world: World, language: str) -> None:
    first, then = NEARLY_ALL[language]
    phone = await world.phone("Sari", wa_id="6281200000031")
    await phone.say(f"I would like to book {first}" if language == "en" else first)
    await phone.expect("", kind="flow")
    await phone.say(then)
    await until(lambda: forms_of(world, phone, 2), 20, "the second form")
    told = await phone.do("fill", flow=flow_json(language), steps=[{}, {}, {}, {}, {}])
    shown = [(one["screen"], one["data"]) for one in told["outcomes"]]
    assert [screen for screen, _ in shown] == ["SERVICE", "PLACE", "DAY", "TIME", "DETAILS", "REVIEW"]
    hours = [time["title"] for time in shown[3][1]["times"]]
    assert len(set(hours)) == len(hours), "an hour is one row"
    assert shown[4][1]["known_name"] == "Sari"
    assert shown[5][1]["total"] == SUM[language]
    for part in ("Villa Padi", "18:00" if language != "id" else "18.00"):
        assert part in shown[5][1]["summary"]


async def forms_of(world: World, phone: Phone, count: int) -> bool:
    """Whether so many forms were offered."""
    return len([one for one in await phone.bubbles() if one.kind == "flow"]) == count


async def test_a_form_that_an_earlier_version_published_books_until_it_is_published_again(world: World) -> None:
    await world.process.database["house"].update_one({"_id": "flows"}, {"$unset": {"editions": ""}})
    yesterday = dict(json.loads((PAYLOADS / "edition_1_booking.json").read_text()))
    phone, _ = await invited(world)
    one = {"guests": "1", "name": "Sari", "notes": ""}
    steps: tuple[Json, ...] = ({"service": "balinese-massage"}, {"day": "#4"}, {"time": "#2"}, one, {})
    await phone.fill(yesterday, steps)
    await phone.expect("Reserved for you")


async def invited(world: World, name: str = "Sari", wa_id: str = "6281200000001") -> tuple[Phone, Json]:
    """A customer who was offered the form, and the form's bubble."""
    phone = await world.phone(name, wa_id=wa_id)
    await phone.say("I would like to book something")
    bubble = await phone.expect("tap the button", kind="flow")
    return phone, bubble.raw


async def token_of(world: World, phone: Phone) -> str:
    """The token of the one form this customer has."""
    lead = await world.lead_of(phone)
    rows = await world.process.database["flow_sessions"].find({"lead": lead["id"]}).to_list(None)
    assert len(rows) == 1
    return str(rows[0]["_id"])


async def bookings(world: World, phone: Phone) -> list[str]:
    """The states of the customer's open bookings."""
    lead = await world.lead_of(phone)
    return [one.state.value for one in (await world.stored(lead["id"])).lead.bookings]


async def test_a_form_for_a_paid_time_is_reserved_and_the_payment_is_asked_for(world: World) -> None:
    phone, _ = await invited(world)
    one = {"guests": "1", "name": "Sari", "notes": ""}
    steps: tuple[Json, ...] = (
        {"service": "balinese-massage"},
        {"place": "villa-senja"},
        {"day": "#4"},
        {"time": "#2"},
        one,
        {},
    )
    await phone.fill(flow_json("en"), steps)
    await phone.expect("Reserved for you")
    await world.quiet()
    claimed = await world.process.database["claims"].count_documents({"booked": True})
    assert claimed
    assert await world.process.database["claims"].count_documents({"booked": False}) == 0


MASSAGE: tuple[Json, ...] = (
    {"service": "balinese-massage"},
    {"place": "villa-senja"},
    {"day": "#4"},
    {"time": "#2"},
    {"guests": "1", "name": "Sari", "notes": ""},
)


async def test_no_other_sum_than_the_one_that_was_read_is_ever_agreed_to(world: World) -> None:
    phone, _ = await invited(world)
    forms, sold = world.process.parts.forms, world.process.business
    dearer = tuple(
        replace(row, amount=row.amount + 70_000) if row.service == "balinese-massage" else row for row in sold.prices
    )
    async with httpx.AsyncClient(trust_env=False) as http:
        form = flow_world.client(world, http, await token_of(world, phone))
        await form.open()
        for page in MASSAGE:
            await form.submit(**typed(flow_json("en"), form.top.screen, form.top.data, page))
        assert form.top.data["total"] == "IDR 350,000"
        # the price is switched while the last screen is read
        forms.business = lambda: replace(sold, prices=dearer, version="dearer")
        again = await form.submit()
        assert isinstance(again, Shown)
        assert (again.screen, again.data["total"]) == ("REVIEW", "IDR 420,000")
        assert "The price has changed" in again.notice
        assert await world.process.database["received"].count_documents({"kind": "form"}) == 0
        # and back, after it was sent: whoever books it has the former price
        assert isinstance(await form.submit(), Finished)
    asked = await phone.expect("The price has changed since you read it in the form", kind="buttons")
    assert "IDR 350,000" in asked.text
    await world.quiet()
    assert await bookings(world, phone) == ["SLOT_PROPOSED"]
    await phone.tap("Yes, book it")
    await phone.expect("Reserved for you")
    await world.quiet()
    # the time that the form held is the one that is booked
    assert await world.process.database["claims"].count_documents({"booked": False}) == 0
    lead = await world.lead_of(phone)
    (booking,) = (await world.stored(lead["id"])).lead.bookings
    assert booking.due is not None
    assert booking.due.amount == 350_000


async def test_a_form_that_is_sent_is_used_up(world: World) -> None:
    phone, _ = await invited(world)
    await phone.fill(flow_json("en"), CALL)
    await phone.expect("Booked")
    told = await phone.do("fill", flow=flow_json("en"), steps=[])
    assert told["outcomes"][-1]["kind"] == "disabled"
    assert "already been sent" in told["outcomes"][-1]["message"]


async def test_a_form_that_arrives_twice_in_the_chat_is_one_booking(world: World) -> None:
    phone, _ = await invited(world)
    await phone.fill(flow_json("en"), CALL)
    await phone.expect("Booked")
    for _ in range(2):
        await phone.do("form", response={"flow_token": await token_of(world, phone)})
    await world.quiet()
    assert await bookings(world, phone) == ["CONFIRMED"]
    assert len(await phone.bubbles()) == 2


async def test_a_form_without_its_token_is_known_by_the_message_it_hung_on(world: World) -> None:
    phone, bubble = await invited(world)
    token = await token_of(world, phone)
    async with httpx.AsyncClient(trust_env=False) as http:
        form = flow_world.client(world, http, token)
        await form.open()
        for page in CALL:
            top = form.top
            await form.submit(**typed(flow_json("en"), top.screen, top.data, page))
    await phone.expect("Booked")
    await world.quiet()
    shown = len(await phone.bubbles())
    await phone.do("form", response={"flow_token": "unused"}, bubble=bubble["id"])
    await world.quiet()
    assert await bookings(world, phone) == ["CONFIRMED"]
    assert [one for one in (await phone.bubbles())[shown:] if one.says("our team")] == []
    assert not (await world.lead_of(phone))["waits_for_person"]


async def test_a_form_is_booked_though_the_phone_never_tells_the_chat(world: World) -> None:
    phone, _ = await invited(world)
    async with httpx.AsyncClient(trust_env=False) as http:
        form = flow_world.client(world, http, await token_of(world, phone))
        await form.open()
        for page in CALL:
            top = form.top
            await form.submit(**typed(flow_json("en"), top.screen, top.data, page))
    await phone.expect("Booked")
    await world.quiet()
    assert await bookings(world, phone) == ["CONFIRMED"]


async def test_somebody_elses_token_books_nothing_and_a_person_looks(world: World) -> None:
    phone, _ = await invited(world)
    other, _ = await invited(world, "Budi", "6281200000002")
    await phone.fill(flow_json("en"), CALL)
    await phone.expect("Booked")
    await other.do("form", response={"flow_token": await token_of(world, phone)})
    await other.expect("passed it to our team")
    await world.quiet()
    assert await bookings(world, other) == ["INQUIRY"]
    assert (await world.lead_of(other))["waits_for_person"]


async def test_a_form_that_was_never_finished_books_nothing_whatever_the_phone_claims(world: World) -> None:
    phone, _ = await invited(world)
    await phone.do("form", response={"service": "planning-call", "day": "2026-12-01", "guests": "2"})
    await phone.expect("passed it to our team")
    await world.quiet()
    assert await bookings(world, phone) == ["INQUIRY"]


async def test_of_two_who_want_one_time_the_second_is_told_in_the_form(world: World) -> None:
    first, _ = await invited(world)
    second, _ = await invited(world, "Budi", "6281200000002")
    await first.fill(flow_json("en"), CALL)
    await first.expect("Booked")
    told = await second.do("fill", flow=flow_json("en"), steps=list(CALL[:3]))
    mine = {one["id"] for one in told["outcomes"][2]["data"]["times"]}
    stored = await world.stored((await world.lead_of(first))["id"])
    taken = stored.lead.bookings[0].chosen
    assert taken is not None
    assert taken.slot_id not in mine


async def test_with_a_person_in_charge_the_form_books_and_the_words_are_the_persons(world: World) -> None:
    phone, _ = await invited(world)
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    (await world.api.post(f"/conversations/{lead}/takeover")).raise_for_status()
    await phone.fill(flow_json("en"), CALL)
    await world.quiet()
    assert await bookings(world, phone) == ["CONFIRMED"]
    assert len(await phone.bubbles()) == 1
    shown = (await world.api.get(f"/conversations/{lead}/messages")).json()
    assert any("Booked" in one["text"] for one in shown["drafts"])
    assert any("Free planning call" in one["text"] for one in shown["items"])


async def test_who_rather_writes_is_understood_and_the_open_form_keeps_its_own_time(world: World) -> None:
    phone, _ = await invited(world)
    await phone.do("fill", flow=flow_json("en"), steps=list(CALL[:3]))
    held = await world.process.database["claims"].count_documents({})
    assert held
    await phone.say("a free planning call tomorrow at 15:00 for two")
    await phone.expect("planning call")
    await world.quiet()
    rows = await world.process.database["claims"].find({"hold": {"$regex": "^form:"}}).to_list(None)
    assert len(rows) == held


async def test_meta_asks_the_door_whether_it_is_there(world: World) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        assert await flow_world.client(world, http, "unused").health_check()
