"""Who calls off too often is seen by staff in API and console; where the house wants it, it says yes first."""

from pathlib import Path

import pytest

from bot.domain.states import State
from simulator.customer import Phone
from tests.bot.business.makers import with_changes
from tests.journeys import payments as p
from tests.journeys.test_acceptance import approval
from tests.journeys.test_booking_by_chat import WHEN, WISHES, said
from tests.journeys.test_ratings import call_booked
from tests.journeys.world import World, opened
from tests.webhooks.console.people import colleague

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]


def strict(tmp_path: Path) -> Path:
    """The sample, where one slip is enough."""
    path = tmp_path / "strict.yaml"
    path.write_text(with_changes(("\nsop:\n", "\nsop:\n  unstable: { after: 1, ask_first: true }\n")), "utf-8")
    return path


async def called_off(world: World, phone: Phone) -> None:
    reference = await call_booked(world, phone)
    answer = await world.api.post(f"/bookings/{reference}/cancel", json={"cause": "customer", "reason": "x"})
    assert answer.is_success, answer.text
    await world.quiet()


async def test_the_next_booking_of_who_calls_off_too_often_waits_for_the_house(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": strict(tmp_path)}) as world:
        phone = await world.phone("Emma", wa_id="6281200000781")
        await called_off(world, phone)
        lead = (await world.lead_of(phone))["id"]
        assert (await world.api.get(f"/leads/{lead}")).json()["unstable_since"] is None
        await called_off(world, phone)
        assert (await world.api.get(f"/leads/{lead}")).json()["unstable_since"] is not None
        async with colleague(world.process, world.url) as dewi:
            assert "Moves or stays away often" in (await dewi.get(f"/inbox/{lead}")).text
        wish, choice, yes, _ = WISHES["en"]
        await said(world, phone, wish, WHEN["en"], choice, yes)
        reference = (await world.api.get(f"/leads/{lead}")).json()["open_booking"]
        await p.is_in(world, reference, State.PENDING_CONFIRMATION)
        task = await approval(world, reference)
        assert (await world.api.post(f"/tasks/{task}/take", json={"who": "dewi"})).status_code == 200
        await p.is_in(world, reference, State.CONFIRMED)
