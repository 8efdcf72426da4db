"""`janji rules try`: what a rule of the house would have done to what was booked."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.bot.business.test_house_rules import WORDS, with_rules
from tests.journeys.test_booking_by_chat import WHEN, WISHES, booking_of, said
from tests.journeys.world import World
from tests.webhooks.cli.test_leads import environment
from tests.webhooks.cli.test_main import janji

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(120)]


async def contents(world: World, *names: str) -> dict[str, list[Any]]:
    """All that these collections hold."""
    return {name: await world.process.database[name].find().to_list(None) for name in names}


async def test_a_rule_is_tried_over_the_bookings_of_the_last_days_and_nothing_is_written(
    world: World, mongodb_uri: str, tmp_path: Path
) -> None:
    phone = await world.phone("Emma", wa_id="6281200000555")
    wish, choice, yes, _ = WISHES["en"]
    await said(world, phone, wish, WHEN["en"], choice, yes)
    reference = str((await booking_of(world, phone)).reference)
    file = tmp_path / "business.yaml"
    calls = f"id: calls, for: [virtual], when: {{ first_visit: true }}, block: true, text: {WORDS}"
    stays = f"id: stays, for: [stay], warn: true, text: {WORDS}"
    file.write_text(with_rules(calls, stays), encoding="utf-8")
    settings = environment(world, mongodb_uri) | {"BUSINESS_FILE": str(file)}
    stored = ("leads", "bookings", "audit", "claims")
    before = await contents(world, *stored)

    async def tried(*words: str) -> tuple[int, str]:
        done = await asyncio.to_thread(janji, "rules", "try", *words, cwd=tmp_path, **settings)
        return done.returncode, done.stdout + done.stderr

    code, told = await tried("calls")
    assert code == 0, told
    assert told.splitlines()[-2:] == [
        "calls (block, before SLOT_PROPOSED): 1 of 1 bookings of the last 30 days",
        f"  {reference}",
    ]
    code, told = await tried("stays", "--days", "7", "--json")
    assert (code, json.loads(told)["count"], json.loads(told)["looked_at"]) == (0, 0, 0)
    code, told = await tried("cals")
    assert code == 1
    assert "there is no such rule; did you mean `calls`?" in told
    assert await contents(world, *stored) == before
