"""Booking for somebody on the phone, through the API: who they are, what it means, the booking, and every no."""

from pathlib import Path
from typing import Any

import pytest

from bot.domain.users import Role
from tests.bot.business.test_house_rules import with_rules
from tests.journeys.world import World, opened
from tests.webhooks.api.bookings.test_door import customer, slots
from tests.webhooks.api.bookings.test_overrides import night

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

Json = dict[str, Any]
NUMBER = "+62 812 0000 0077"


async def wish(world: World, **more: Any) -> Json:
    """The first free massage at Villa Melati."""
    slot = (await slots(world, "balinese-massage", place="villa-melati"))[0]
    return {"phone": NUMBER, "language": "en", "service": "balinese-massage", "slot_id": slot["slot_id"], **more}


async def quoted(world: World, asked: Json, status: int = 200) -> Json:
    answer = await world.api.get("/callers/quote", params=asked)
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


async def test_a_number_is_nobodys_a_customers_a_partners_or_both(world: World) -> None:
    async def known(number: str) -> Json:
        answer = await world.api.get("/callers", params={"phone": number})
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    nobody = await known(NUMBER)
    assert (nobody["phone"], nobody["lead_id"], nobody["partner"]) == ("+6281200000077", None, None)
    lead = await customer(world, "6281200000077")
    there = await known("0062 812-0000-0077")
    assert (there["lead_id"], there["name"], there["opted_out"]) == (lead, "Sari", False)
    assert there["window_expires_at"] is not None
    partner = world.process.business.providers[0]
    shown = await known(partner.contact.phone)
    assert (shown["lead_id"], shown["partner"]["name"]) == (None, partner.contact.name)
    assert "provider" in shown["partner"]["roles"]


@pytest.mark.parametrize("number", ["0812 0000 0077", "6281200000077", "+62 call me", "+62"])
async def test_a_number_without_its_country_is_refused_with_an_example(world: World, number: str) -> None:
    answer = await world.api.get("/callers", params={"phone": number})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:janji:problem:bad-number")
    assert "+62" in answer.json()["detail"]


async def test_the_quote_says_price_and_words_and_does_nothing(world: World) -> None:
    told = await quoted(world, await wish(world, language="id"))
    assert (told["state"], told["to_pay"], told["template"]) == (
        "PAYMENT_PENDING",
        {"amount": 350000, "currency": "IDR"},
        True,
    )
    assert told["words"].startswith(f"Ini {world.process.business.name}.")
    assert told["pay_by"] is not None
    assert await world.leads() == []
    assert (await world.api.get("/bookings")).json()["items"] == []


async def test_a_yes_makes_one_customer_and_one_booking_however_often_it_is_sent(world: World) -> None:
    asked = {**await wish(world), "name": "Emma"}
    made = [
        (await world.api.post("/callers/bookings", json=asked, headers={"Idempotency-Key": "yes"})) for _ in range(2)
    ]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].json()["reference"] == made[1].json()["reference"]
    (lead,) = await world.leads()
    assert (lead["id"], lead["name"], lead["wa_id"]) == (made[0].json()["lead_id"], "Emma", "6281200000077")
    again = await quoted(world, asked, 409)
    assert again["reasons"][0]["rule"] == "slot_available"


async def test_a_time_that_is_gone_makes_nobody_a_customer(world: World) -> None:
    asked = {**await wish(world), "name": "Emma"}
    taken = {**asked, "phone": "+6281200000078"}
    assert (await world.api.post("/callers/bookings", json=taken)).status_code == 201
    answer = await world.api.post("/callers/bookings", json=asked)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:janji:problem:time-not-available")
    assert len(await world.leads()) == 1


@pytest.mark.parametrize(
    ("language", "fact"), [("en", "stopped our messages"), ("id", "minta berhenti"), ("vi", "ngừng nhận tin")]
)
async def test_who_stopped_our_messages_is_refused_with_the_reason(world: World, language: str, fact: str) -> None:
    phone = await world.phone(wa_id="6281200000077")
    await phone.say("STOP")
    await world.quiet()
    asked = await wish(world)
    told = await quoted(world, {**asked, "language": language}, 409)
    assert told["type"] == "urn:janji:problem:wants-no-messages"
    assert fact in told["detail"]
    answer = await world.api.post("/callers/bookings", json={**asked, "name": "Emma"})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:janji:problem:wants-no-messages")
    assert (await world.api.get("/bookings")).json()["items"] == []


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [("language", "xx", "unknown-language"), ("name", " ", "bad-name"), ("service", "holograms", "no-such-service")],
)
async def test_what_makes_no_sense_is_named(world: World, field: str, value: str, kind: str) -> None:
    asked = {**await wish(world), "name": "Emma", field: value}
    answer = await world.api.post("/callers/bookings", json=asked)
    assert (answer.status_code, answer.json()["type"]) == (422, f"urn:janji:problem:{kind}")


# Against the rules ---------------------------------------------------------------------------------------------------

WHY: Json = {"reason": "her flight leaves at dawn"}


async def at_night(world: World) -> Json:
    """A call at three in the morning, when nobody calls."""
    return {"phone": NUMBER, "language": "en", "service": "planning-call", "slot_id": await night(world)}


async def test_against_the_rules_it_is_quoted_and_booked_with_a_reason_that_stands_on_record(world: World) -> None:
    asked = await at_night(world)
    assert (await quoted(world, asked, 409))["detail"] == "the timetable has no such time"
    told = await quoted(world, {**asked, "override": "yes"})
    assert (told["state"], told["to_pay"]) == ("CONFIRMED", None)
    refused = await world.api.post("/callers/bookings", json={**asked, "name": "Emma"})
    assert (refused.status_code, await world.leads()) == (409, []), "neither a quote nor a no makes a customer"
    made = await world.api.post("/callers/bookings", json={**asked, "name": "Emma", "override": WHY})
    assert made.status_code == 201, made.text
    proposed = next(move for move in made.json()["history"] if move["to"] == "SLOT_PROPOSED")
    assert (proposed["verdict"], proposed["overridden"]) == ("overridden", ["opening_hours"])
    assert (proposed["reason"], proposed["role"]) == (WHY["reason"], "operations")
    # what is taken is taken, whoever calls
    other = {**asked, "phone": "+6281200000078", "name": "Tom", "override": WHY}
    answer = await world.api.post("/callers/bookings", json=other)
    assert (answer.status_code, [one["rule"] for one in answer.json()["reasons"]]) == (409, ["slot_available"])


async def test_who_may_override_for_a_caller_is_in_the_table_of_roles(world: World) -> None:
    asked, sales = await at_night(world), await world.person(Role.SALES)
    answers = (
        await sales.get("/callers/quote", params={**asked, "override": "yes"}),
        await sales.post("/callers/bookings", json={**asked, "name": "Emma", "override": WHY}),
    )
    assert {(one.status_code, one.json()["type"]) for one in answers} == {(403, "urn:janji:problem:may-not")}
    both = await world.person(Role.SALES, Role.ADMIN, email="komang@example.com")
    made = await both.post("/callers/bookings", json={**asked, "name": "Emma", "override": WHY})
    assert made.status_code == 201, made.text
    proposed = next(move for move in made.json()["history"] if move["to"] == "SLOT_PROPOSED")
    assert (proposed["by"], proposed["role"]) == (both.headers["X-Id"], "admin")


async def test_without_a_reason_nothing_is_booked_for_a_caller_against_the_rules(world: World) -> None:
    body = {**await at_night(world), "name": "Emma", "override": {"reason": " "}}
    answer = await world.api.post("/callers/bookings", json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:janji:problem:no-reason")


async def test_what_a_rule_of_the_file_forbids_is_said_before_the_yes_and_overridden_with_a_reason(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": forbidding(tmp_path)}) as world:
        slot = (await slots(world))[0]["slot_id"]
        asked = {"phone": NUMBER, "language": "en", "service": "planning-call", "slot_id": slot, "guests": 2}
        told = await quoted(world, asked, 409)
        assert [(one["rule"], one["fact"]) for one in told["reasons"]] == [("alone", "One guest a call.")]
        assert (await quoted(world, {**asked, "override": "yes"}))["state"] == "CONFIRMED"
        made = await world.api.post("/callers/bookings", json={**asked, "name": "Emma", "override": WHY})
        assert made.status_code == 201, made.text
        overridden = [rule for move in made.json()["history"] for rule in move["overridden"]]
        assert overridden == ["alone"]


def forbidding(folder: Path) -> Path:
    """The house's file with a rule that lets nobody call for two."""
    text = "{ en: One guest a call., id: Satu tamu satu telepon., vi: Mỗi cuộc gọi một khách. }"
    path = folder / "business.yaml"
    path.write_text(
        with_rules(f"id: alone, for: [planning-call], when: {{ guests_from: 2 }}, block: true, text: {text}"), "utf-8"
    )
    return path
