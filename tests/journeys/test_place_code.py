"""A guest who scans the code of a villa books there without being asked where; a revoked code is a plain hello."""

import pytest

from bot.domain.ids import LeadId
from tests.journeys.world import World

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]


async def test_the_code_of_a_villa_binds_the_guest_and_a_revoked_one_does_not(world: World) -> None:
    known = world.process.parts.place_codes
    code = (await known.codes())["villa-padi"]
    phone = await world.phone("Emma", wa_id="6281200000083")
    await phone.say(f"Hello! place:{code}")
    greeting = await phone.expect("Villa Padi")
    assert code not in greeting.text
    await phone.say("I want the Balinese massage 60 min in two weeks, in the afternoon")
    await phone.expect("Tap one")
    await phone.say("the first")
    assert "Villa Padi" in (await phone.expect("Please confirm")).text
    lead = await world.lead_of(phone)
    records = await world.process.parts.audit.of(LeadId(lead["id"]))
    assert [dict(one.facts) for one in records if one.what == "at_place"] == [{"place": "villa-padi"}]
    await known.revoke(code, await world.process.parts.clock.business_now())
    late = await world.phone("Budi", wa_id="6281200000084")
    await late.say(f"Hello! place:{code}")
    assert "Villa Padi" not in (await late.expect("Hello Budi")).text
