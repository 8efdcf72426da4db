"""What a rule of the house adds to a reminder reaches a customer who has been silent for more than a day."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.states import State
from tests.bot.business.makers import SAMPLE_PATH
from tests.journeys import payments as p
from tests.journeys.test_attendance import it_is
from tests.journeys.test_outside_the_window import approved
from tests.journeys.test_ratings import call_booked
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]

BRING = """
rules:
  - id: bring
    remind: true
    text: {en: Have your passport at hand, id: Siapkan paspor Anda, vi: Bạn chuẩn bị sẵn hộ chiếu nhé}
"""
ASKING = "janji_remind_asking_also"
THIS = {"name": ASKING, "language": "en"}
ADDED = "Please keep in mind: Have your passport at hand. Are you coming?"


@pytest.fixture
async def ruled(mongodb_uri: str, tmp_path: Path) -> AsyncIterator[World]:
    path = tmp_path / "house.yaml"
    path.write_text(SAMPLE_PATH.read_text("utf-8") + BRING, "utf-8")
    async with opened(mongodb_uri, ours={"business_file": path}) as world:
        yield world


async def stopped(world: World) -> list[dict[str, Any]]:
    answer = await world.api.get("/attention", params={"reason": "template_stopped"})
    items: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
    return [one["facts"] for one in items]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("APPROVED", ADDED),
        ("PAUSED", "). Are you coming?"),
        # not pushed since the rule was written, or not looked at yet
        ("PENDING", "). Are you coming?"),
    ],
)
async def test_outside_the_window_it_stands_in_the_template_or_the_plain_reminder_goes(
    ruled: World, status: str, told: str
) -> None:
    await approved(ruled)
    await ruled.told("POST", "/templates/review", THIS | {"status": status, "tell": status == "PAUSED"})
    phone = await ruled.phone("Emma", wa_id="6281200000511")
    reference = await call_booked(ruled, phone, days=4)
    await it_is(ruled, reference, timedelta(hours=-23))
    asked = await phone.expect("Are you coming?", kind="template")
    assert told in asked.text
    assert reference in asked.text
    assert asked.choices == ("Yes, I'm coming", "Another time", "No, I can't")
    if status != "APPROVED":
        (row,) = await until(lambda: stopped(ruled))
        assert (row["template"], row["status"]) == (ASKING, {"PENDING": "MISSING"}.get(status, status))
        await ruled.told("POST", "/templates/review", THIS | {"status": "APPROVED", "tell": True})

        async def is_well() -> bool:
            return not await stopped(ruled)

        await until(is_well)
    await phone.tap("Yes, I'm coming")
    await phone.expect("See you")
    await p.is_in(ruled, reference, State.REMINDER_SENT)
    lead = await ruled.lead_of(phone)
    said = [line.text for line in await ruled.transcript(lead["id"])]
    assert any(asked.text in line for line in said), "the transcript has what the customer reads"
    assert not lead["waits_for_person"]
