"""The worker lives through what fails around it, and ends what it began."""

from datetime import datetime
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from bot.domain.ids import LeadId
from tests.journeys.world import World
from webhooks.processes.worker import is_of_money

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(60)]


@pytest.mark.parametrize("error", [AutoReconnect("gone"), ZeroDivisionError("ours")])
async def test_a_sweep_that_fails_is_made_again(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    received, failures = world.process.parts.received, [error, error]
    plain = received.leads_with_work

    async def failing(now: datetime, **more: Any) -> list[LeadId]:
        if failures:
            raise failures.pop()
        return await plain(now, **more)

    monkeypatch.setattr(received, "leads_with_work", failing)
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari")
    assert failures == []


async def test_a_visit_leaves_no_lease_behind(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari")
    await world.quiet()
    lead = LeadId((await world.lead_of(phone))["id"])
    assert await world.process.parts.leads.acquire(lead, "somebody-else") is not None


@pytest.mark.parametrize(
    ("change", "looks"),
    [
        ({"ns": {"coll": "received"}, "operationType": "insert", "fullDocument": {"source": "xendit"}}, True),
        ({"ns": {"coll": "received"}, "operationType": "update"}, True),
        ({"ns": {"coll": "received"}, "operationType": "insert", "fullDocument": {"source": "whatsapp"}}, False),
        ({"ns": {"coll": "leads"}, "operationType": "update"}, False),
    ],
)
def test_the_cashier_looks_at_callbacks_and_at_what_was_brought_back_alone(change: dict[str, Any], looks: bool) -> None:
    assert is_of_money(change) is looks
