"""The verdict on the next step with its checklist, and what is required: rules of the house like our own."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.users import Role
from tests.journeys.test_booking_by_chat import said
from tests.journeys.world import World, opened
from tests.webhooks.api.test_openapi import fits, schema_of
from webhooks.business import sample_path

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

HISTORY = "dị ứng penicillin"


@pytest.fixture
async def clinic(mongodb_uri: str) -> AsyncIterator[World]:
    """The clinic that ships."""
    async with opened(mongodb_uri, ours={"business_file": sample_path("clinic")}) as world:
        yield world


async def wished(clinic: World) -> str:
    """A new patient who was asked and has not answered."""
    phone = await clinic.phone("Ngọc", wa_id="84900000777")
    await said(clinic, phone, "mình muốn đặt khám răng hai tuần nữa buổi sáng")
    return str((await clinic.stored((await clinic.lead_of(phone))["id"])).lead.bookings[0].reference)


async def test_the_checklist_of_the_next_step_counts_what_blocks_and_says_what_to_ask(clinic: World) -> None:
    reference = await wished(clinic)
    path = f"/bookings/{reference}/verdict"
    answer = await clinic.api.get(path, headers={"Accept-Language": "en"})
    fits(answer.json(), schema_of("get", "/bookings/{reference}/verdict", 200))
    step = answer.json()
    assert (step["state"], step["target"], step["allowed"]) == ("SERVICE_SELECTED", "SLOT_PROPOSED", False)
    assert (step["met"], step["needed"]) == (3, 4)
    items = {item["rule"]: item for item in step["items"]}
    assert items["service_type"]["value"] == "Dental check-up"
    assert items["customer_contact"]["personal"] == "84900000777"
    assert not items["medical-history"]["met"]
    # the question is the customer's, whoever reads it
    assert items["medical-history"]["question"].startswith("Lần đầu bạn đến khám")
    (reason,) = step["reasons"]
    assert (reason["rule"], reason["fact"][:23]) == ("medical-history", "As it is your first vis")
    refused = await clinic.api.post(f"/bookings/{reference}/propose")
    assert (refused.status_code, refused.json()["reasons"][0]["rule"]) == (409, "medical-history")


async def test_what_is_required_is_what_is_missing(clinic: World) -> None:
    reference = await wished(clinic)
    answer = await clinic.api.get(f"/bookings/{reference}/required-actions", headers={"Accept-Language": "en"})
    fits(answer.json(), schema_of("get", "/bookings/{reference}/required-actions", 200))
    (action,) = answer.json()["items"]
    assert (action["rule"], action["field"], action["target"]) == (
        "medical-history",
        "medical-history",
        "SLOT_PROPOSED",
    )
    assert (action["blocks"], action["fix"]) == (True, "Ask the customer and note the answer.")
    assert "customer" in action["who_can"]
    assert (await clinic.api.get("/bookings/BK-0/required-actions")).status_code == 404


async def test_an_answer_is_shown_to_who_may_see_contacts_and_to_nobody_else(clinic: World) -> None:
    reference = await wished(clinic)
    await said(clinic, clinic.phones[-1], HISTORY)
    target = {"target": "SLOT_PROPOSED"}
    seen = {}
    for role in (Role.SALES, Role.FINANCE):
        person = await clinic.person(role, email=f"{role.value}@example.com")
        answer = await person.get(f"/bookings/{reference}/verdict", params=target)
        items = {item["rule"]: item["personal"] for item in answer.json()["items"]}
        seen[role] = items["medical-history"], items["customer_contact"]
    assert seen[Role.SALES] == (HISTORY, "84900000777")
    assert seen[Role.FINANCE] == ("•••", "•••")


async def test_an_answer_that_staff_heard_is_noted_and_the_customer_is_shown_times(clinic: World) -> None:
    reference = await wished(clinic)
    path = f"/bookings/{reference}/answers"
    strange = await clinic.api.post(path, json={"field": "shoe-size", "answer": "42"})
    assert (strange.status_code, strange.json()["type"]) == (404, "urn:janji:problem:no-such-question")
    noted = await clinic.api.post(path, json={"field": "medical-history", "answer": HISTORY})
    fits(noted.json(), schema_of("post", "/bookings/{reference}/answers", 200))
    assert "medical-history" not in [item["rule"] for item in noted.json()["items"]]
    await clinic.phones[-1].expect("chọn một giờ")
