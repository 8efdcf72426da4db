"""The bookings API: what is free, booking by hand, the engine's methods, verdicts with reasons in three languages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.states import State
from bot.store.idempotency import Idempotency
from tests.journeys import payments as p
from tests.journeys.world import API_TOKEN, World
from webhooks.api.bookings.door import BookingsDoor
from webhooks.api.money.models import Monies, none
from webhooks.api.rights import RIGHTS
from webhooks.doorway import doors_of
from webhooks.edge.guard import ApiGuard, Rights
from webhooks.edge.rates import RateLimits
from webhooks.edge.sessions import SessionReader
from webhooks.processes.web import create_app

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(90)]

Json = dict[str, Any]


async def customer(world: World, wa_id: str = "6281200000001") -> str:
    """Somebody who wrote hello: their lead."""
    phone = await world.phone(wa_id=wa_id)
    await phone.say("Hello")
    await world.quiet()
    lead: str = (await world.lead_of(phone))["id"]
    return lead


async def slots(world: World, service: str = "planning-call", **query: Any) -> list[Json]:
    """The free times of the day after tomorrow, unless asked otherwise."""
    day = (await world.process.parts.clock.business_now() + timedelta(days=2)).date()
    asked = {"from": day.isoformat(), "to": day.isoformat(), **query}
    answer = await world.api.get(f"/services/{service}/slots", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[Json] = answer.json()["items"]
    return items


async def booked(world: World, lead: str, slot: Json, **more: Any) -> Json:
    """A booking by hand."""
    body = {"lead_id": lead, "service": "planning-call", "slot_id": slot["slot_id"], **more}
    answer = await world.api.post("/bookings", json=body)
    assert answer.status_code == 201, answer.text
    booking: Json = answer.json()
    return booking


async def post(world: World, booking: Json, step: str, body: Json | None = None, status: int = 200) -> Json:
    """One of the engine's methods."""
    answer = await world.api.post(f"/bookings/{booking['reference']}/{step}", json=body or {})
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


async def test_the_catalogue_is_named_in_three_languages_with_price_and_providers(world: World) -> None:
    items = (await world.api.get("/services")).json()["items"]
    massage = next(one for one in items if one["id"] == "balinese-massage")
    assert set(massage["name"]) == {"en", "id", "vi"}
    assert massage["price"]["from"] == {"amount": 350000, "currency": "IDR"}
    assert {"ayu", "komang"} <= set(massage["providers"])
    assert "villa-melati" in massage["places"]
    call = next(one for one in items if one["id"] == "planning-call")
    assert (call["duration_minutes"], call["price"]["from"]["amount"], call["payment"]["rule"]) == (20, 0, "none")


async def test_free_times_are_of_local_days(world: World) -> None:
    found = await slots(world)
    assert found
    starts = [datetime.fromisoformat(one["start"]) for one in found]
    assert {start.date() for start in starts} == {
        (await world.process.parts.clock.business_now() + timedelta(days=2)).date()
    }
    assert {one["timezone"] for one in found} == {"Asia/Makassar"}
    assert all(start.utcoffset() == timedelta(hours=8) for start in starts)
    assert all(one["provider"] == "concierge" and one["left"] >= 1 and one["resources"] for one in found)


@pytest.mark.parametrize(
    "query",
    [
        {"from": "soon"},
        {"to": "2026-02-30"},
        {"from": "2026-12-10", "to": "2026-12-01"},
        {"from": "2026-01-01", "to": "2027-01-01"},
        {"guests": "0"},
        {"guests": "many"},
        {"nights": "-1"},
    ],
)
async def test_a_question_that_makes_no_sense_is_told_so(world: World, query: Json) -> None:
    answer = await world.api.get("/services/planning-call/slots", params=query)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_an_unknown_service_has_no_times(world: World) -> None:
    assert (await world.api.get("/services/holograms/slots")).status_code == 404


async def test_a_booking_by_hand_is_confirmed_at_once_and_told_to_the_customer(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    slot = (await slots(world))[0]
    made = await booked(world, lead, slot)
    assert (made["state"], made["lead_id"], made["slot_id"]) == ("CONFIRMED", lead, slot["slot_id"])
    assert made["start"] == slot["start"]
    assert made["money"]["captured"] == {"amount": 0, "currency": "IDR"}
    assert [(move["from"], move["to"], move["by"], move["verdict"]) for move in made["history"]] == [
        (None, "INQUIRY", "machine", "allowed"),
        ("INQUIRY", "SERVICE_SELECTED", "machine", "allowed"),
        ("SERVICE_SELECTED", "SLOT_PROPOSED", "machine", "allowed"),
        ("SLOT_PROPOSED", "SLOT_CONFIRMED", "system", "allowed"),
        ("SLOT_CONFIRMED", "CONFIRMED", "system", "allowed"),
    ]
    assert "explicit_confirmation" in made["history"][3]["rules"]
    await phone.expect(made["reference"])
    read = (await world.api.get(f"/bookings/{made['reference']}")).json()
    assert (read["state"], read["total"]) == ("CONFIRMED", {"amount": 0, "currency": "IDR"})
    listed = (await world.api.get("/bookings", params={"lead": lead, "state": "CONFIRMED"})).json()["items"]
    assert [one["reference"] for one in listed] == [made["reference"]]
    assert slot["slot_id"] not in [one["slot_id"] for one in await slots(world)]


@pytest.mark.parametrize(
    ("language", "fact", "fix"),
    [
        ("en", "that time has just been taken", "Offer other times."),
        ("id", "waktu itu baru saja diambil orang lain", "Tawarkan waktu lain."),
        ("vi", "giờ đó vừa có người đặt", "Hãy đề nghị giờ khác."),
    ],
)
async def test_a_time_that_is_gone_is_409_with_reasons_in_the_readers_language(
    world: World, language: str, fact: str, fix: str
) -> None:
    first, second = await customer(world), await customer(world, "6281200000002")
    slot = (await slots(world))[0]
    await booked(world, first, slot)
    body = {"lead_id": second, "service": "planning-call", "slot_id": slot["slot_id"]}
    answer = await world.api.post("/bookings", json=body, headers={"Accept-Language": language})
    assert answer.status_code == 409
    (reason,) = answer.json()["reasons"]
    assert (reason["rule"], reason["fact"], reason["fix"]) == ("slot_available", fact, fix)
    assert answer.json()["detail"] == fact
    assert "operations" in reason["who_can"]
    assert (await world.stored(second)).lead.bookings == ()


async def test_times_that_never_were_or_are_past_are_409_and_change_nothing(world: World) -> None:
    lead = await customer(world)
    past = (await world.process.parts.clock.business_now() - timedelta(days=2)).strftime("%Y%m%dT0200Z")
    for slot_id, rule in (
        ("nonsense", "slot_available"),
        (f"planning-call|concierge|{past}|", "appointment_date"),
        ("balinese-massage|ayu|20270105T0200Z|villa-melati", "slot_available"),
    ):
        answer = await world.api.post(
            "/bookings", json={"lead_id": lead, "service": "planning-call", "slot_id": slot_id}
        )
        assert answer.status_code == 409, answer.text
        assert [one["rule"] for one in answer.json()["reasons"]] == [rule]
    many = await world.api.post(
        "/bookings",
        json={"lead_id": lead, "service": "planning-call", "slot_id": (await slots(world))[0]["slot_id"], "guests": 99},
    )
    assert (many.status_code, many.json()["reasons"][0]["rule"]) == (409, "guests")
    assert await world.process.database["claims"].count_documents({}) == 0


async def test_the_same_call_twice_is_one_booking(world: World) -> None:
    lead, slot = await customer(world), (await slots(world))[0]
    body = {"lead_id": lead, "service": "planning-call", "slot_id": slot["slot_id"]}
    headers = {"Idempotency-Key": "once"}
    one = await world.api.post("/bookings", json=body, headers=headers)
    two = await world.api.post("/bookings", json=body, headers=headers)
    assert (one.status_code, two.status_code) == (201, 201)
    assert one.json()["reference"] == two.json()["reference"]
    assert len((await world.stored(lead)).lead.bookings) == 1


async def test_cancelling_frees_the_time_and_keeps_the_record(world: World) -> None:
    lead, slot = await customer(world), (await slots(world))[0]
    made = await booked(world, lead, slot)
    refused = await world.api.post(f"/bookings/{made['reference']}/cancel", json={"reason": "provider is ill"})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:janji:problem:missing-cause")
    ended = await post(world, made, "cancel", {"reason": "provider is ill", "cause": "partner"})
    assert (ended["state"], ended["cancelled_by"], ended["cancellation_reason"]) == (
        "CANCELLED",
        "machine",
        "provider is ill",
    )
    assert ended["history"][-1]["reason"] == "provider is ill"
    assert slot["slot_id"] in [one["slot_id"] for one in await slots(world)]
    again = await post(world, made, "cancel", {"reason": "twice", "cause": "customer"}, 409)
    assert again["reasons"][0]["rule"] == "transition"


async def test_rescheduling_moves_it_at_once_and_frees_the_old_time(world: World) -> None:
    lead = await customer(world)
    first, second = (await slots(world))[:3:2]
    made = await booked(world, lead, first)
    moved = await post(world, made, "reschedule", {"reason": "ill", "cause": "partner", "slot_id": second["slot_id"]})
    assert (moved["state"], moved["slot_id"], moved["reschedule_count"]) == ("CONFIRMED", second["slot_id"], 1)
    free = [one["slot_id"] for one in await slots(world)]
    assert first["slot_id"] in free
    assert second["slot_id"] not in free
    held = await world.process.database["claims"].distinct("hold")
    assert held == [f"change:{made['reference']}:C1"]


async def test_a_time_that_somebody_has_moves_nothing(world: World) -> None:
    first, second = (await slots(world))[:3:2]
    lead = await customer(world)
    made = await booked(world, lead, first)
    await booked(world, lead, second)
    body = {"reason": "ill", "cause": "partner", "slot_id": second["slot_id"]}
    told = await post(world, made, "reschedule", body, 409)
    assert told["reasons"][0]["fact"]
    seen = (await world.api.get(f"/bookings/{made['reference']}")).json()
    assert (seen["state"], seen["slot_id"]) == ("CONFIRMED", first["slot_id"])


async def test_without_a_time_the_customer_is_asked_and_keeps_theirs(world: World) -> None:
    first = (await slots(world))[0]
    made = await booked(world, await customer(world), first)
    asked = await post(world, made, "reschedule", {"reason": "flight is late", "cause": "customer"})
    assert (asked["state"], asked["slot_id"], asked["reschedule_count"]) == ("CONFIRMED", first["slot_id"], 0)
    assert first["slot_id"] not in [one["slot_id"] for one in await slots(world)]


async def test_nobody_has_come_or_not_before_the_time(world: World) -> None:
    made = await booked(world, await customer(world), (await slots(world))[0])
    for showed_up in (True, False):
        told = await post(world, made, "show-up", {"showed_up": showed_up}, 409)
        assert told["reasons"][0]["rule"] == "appointment_passed"
    assert (await world.api.post(f"/bookings/{made['reference']}/show-up", json={})).status_code == 400


async def test_who_was_marked_absent_is_not_noted_as_having_come_and_the_answer_says_why(world: World) -> None:
    made = await booked(world, await customer(world), (await slots(world))[0])
    until = datetime.fromisoformat(made["end"]) - await world.process.parts.clock.business_now()
    await p.time_goes_on(world, until + timedelta(minutes=1))
    assert (await post(world, made, "show-up", {"showed_up": False}))["state"] == "NO_SHOW"
    await p.time_goes_on(world, timedelta(hours=24))
    told = await post(world, made, "show-up", {"showed_up": True}, 409)
    assert told["reasons"][0]["rule"] == "correction"
    assert (await world.api.get(f"/bookings/{made['reference']}")).json()["state"] == "NO_SHOW"


async def test_a_verdict_says_why_not_and_who_can(world: World) -> None:
    made = await booked(world, await customer(world), (await slots(world))[0])
    path = f"/bookings/{made['reference']}/verdict"
    yes = (await world.api.get(path, params={"target": "CANCELLED"})).json()
    assert yes["reasons"][0]["rule"] == "cancellation_reason"
    no = (await world.api.get(path, params={"target": "REMINDER_SENT"})).json()
    assert (no["allowed"], no["reasons"][0]["rule"]) == (False, "reminder_too_early")
    assert no["reasons"][0]["fact"]
    assert no["reasons"][0]["fix"]
    never = (await world.api.get(path, params={"target": "PAID"})).json()
    assert (never["allowed"], never["reasons"][0]["rule"]) == (False, "transition")
    unbuilt = (await world.api.get(path, params={"target": "ERROR"})).json()
    assert unbuilt["reasons"][0]["fact"].startswith("ERROR cannot be used yet: what stops a booking")
    assert (await world.api.get(path, params={"target": "NOWHERE"})).status_code == 400
    assert (await world.api.get("/bookings/BK-0/verdict", params={"target": "PAID"})).status_code == 404


async def test_who_asks_for_no_language_reads_reasons_in_the_customers(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Selamat pagi, saya mau pesan")
    await world.quiet()
    made = await booked(world, (await world.lead_of(phone))["id"], (await slots(world))[0])
    told = await post(world, made, "show-up", {"showed_up": True}, 409)
    assert told["reasons"][0]["fact"] == "waktunya belum tiba"


async def test_days_of_the_booking_are_told_with_offset(world: World) -> None:
    made = await booked(world, await customer(world), (await slots(world))[0])
    assert made["start"].endswith("+08:00")
    assert made["timezone"] == "Asia/Makassar"


async def test_a_row_of_the_list_says_all_that_the_booking_itself_says(world: World) -> None:
    lead, free = await customer(world), await slots(world)
    made = [await booked(world, lead, slot) for slot in (free[0], free[3])]
    phone = await world.phone("Emma", wa_id="6281200000009")
    reference = p.reference_in(await p.linked(phone))
    await p.pay(world, f"{reference}.1")
    await p.is_in(world, reference, State.CONFIRMED)
    await world.quiet()
    rows = (await world.api.get("/bookings")).json()["items"]
    assert {row["reference"] for row in rows} == {reference, *(one["reference"] for one in made)}
    for row in rows:
        assert row == (await world.api.get(f"/bookings/{row['reference']}")).json()
    paid = next(row for row in rows if row["reference"] == reference)
    assert paid["money"]["captured"]["amount"] == p.PRICE
    assert {payable["party"] for payable in paid["payables"]} == {"provider", "facility"}
    assert paid["invoices"][0]["external_id"]
    assert [move["to"] for move in paid["history"]][-1] == "CONFIRMED"


async def test_the_money_of_a_page_is_asked_for_once(world: World) -> None:
    lead, free = await customer(world), await slots(world)
    for slot in free[:6:2]:
        await booked(world, lead, slot)
    asked: list[Mapping[str, str]] = []

    async def money(currencies: Mapping[str, str]) -> Mapping[str, Monies]:
        asked.append(currencies)
        return {account: none(currency) for account, currency in currencies.items()}

    doors = doors_of(world.process)
    guard = ApiGuard(
        API_TOKEN,
        Idempotency(world.process.database, world.process.parts.vault),
        Rights(RIGHTS),
        SessionReader(world.process.accounts, doors.clock.now, world.url),
        RateLimits(),
    )
    client = create_app(replace(doors, bookings=BookingsDoor(world.process.parts, guard, money))).test_client()
    answer = await client.get("/api/v1/bookings", headers={"Authorization": f"Bearer {API_TOKEN}"})
    rows = (await answer.get_json())["items"]
    assert [len(one) for one in asked] == [len(rows)] == [3]


async def test_at_the_guests_place_a_free_time_is_booked_by_naming_the_place(world: World) -> None:
    lead, massage = await customer(world), "balinese-massage"
    slot = next(one for one in await slots(world, massage) if one["place"] is None)
    body = {"lead_id": lead, "service": massage, "slot_id": slot["slot_id"]}
    unnamed = await world.api.post("/bookings", json=body)
    assert (unnamed.status_code, unnamed.json()["reasons"][0]["rule"]) == (409, "place")
    made = await world.api.post("/bookings", json={**body, "place": "villa-melati"})
    assert made.status_code == 201, made.text
    assert (made.json()["place"], made.json()["start"]) == ("villa-melati", slot["start"])
    nowhere = await world.api.post("/bookings", json={**body, "place": "the-moon"})
    assert nowhere.status_code == 409


async def test_a_free_time_that_was_asked_for_with_its_place_carries_it(world: World) -> None:
    slot = (await slots(world, "balinese-massage", place="villa-melati"))[0]
    assert slot["place"] == "villa-melati"
    body = {"lead_id": await customer(world), "service": "balinese-massage", "slot_id": slot["slot_id"]}
    made = await world.api.post("/bookings", json=body)
    assert (made.status_code, made.json()["place"]) == (201, "villa-melati")


async def test_a_booking_by_hand_may_name_the_customer_by_phone(world: World) -> None:
    lead, slot = await customer(world), (await slots(world))[0]
    body = {"phone": "+6281200000001", "service": "planning-call", "slot_id": slot["slot_id"]}
    made = await world.api.post("/bookings", json=body)
    assert (made.status_code, made.json()["lead_id"]) == (201, lead)
    stranger = await world.api.post("/bookings", json={**body, "phone": "+6281299999999"})
    assert (stranger.status_code, stranger.json()["type"]) == (404, "urn:janji:problem:no-such-lead")
    nobody = await world.api.post("/bookings", json={"service": "planning-call", "slot_id": slot["slot_id"]})
    assert (nobody.status_code, nobody.json()["type"]) == (400, "urn:janji:problem:missing-field")


async def test_nobody_names_the_price_of_a_booking(world: World) -> None:
    lead = await customer(world, "6281200000017")
    slot = (await slots(world, "iv-drip", place="villa-melati"))[0]
    named = {"price": 1, "total": {"amount": 1, "currency": "IDR"}, "due": 1, "amount": 1}
    made = await booked(world, lead, slot, service="iv-drip", place="villa-melati", **named)
    (row,) = [one for one in world.process.business.prices if one.service == "iv-drip"]
    assert made["total"] == {"amount": row.at(1)[0], "currency": "IDR"}
