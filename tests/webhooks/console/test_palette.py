"""What the palette finds, for whom, and where it leads."""

import pytest

from bot.domain.users import Role
from tests.journeys.world import World
from tests.webhooks.api.bookings.test_door import booked, customer, slots
from tests.webhooks.console.people import colleague

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]


async def test_a_booking_is_found_by_its_reference_and_leads_where_one_may_read_it(world: World) -> None:
    lead = await customer(world)
    made = await booked(world, lead, (await slots(world))[0])
    reference = made["reference"]
    async with colleague(world.process, world.url, "Sari") as sales:
        found = (await sales.get(f"/palette?q={reference}", part=True)).text
        assert f'data-href="/console/inbox/{lead}"' in found
        assert reference in found
    async with colleague(world.process, world.url, "Putu", Role.FINANCE) as finance:
        # who does not read conversations gets the day it is on, and no name
        found = (await finance.get(f"/palette?q={reference.lower()}", part=True)).text
        assert f'data-href="/console/calendar?day={made["start"][:10]}"' in found
        assert "/console/inbox" not in found


async def test_little_or_nothing_finds_nothing_and_scripts_stay_words(world: World) -> None:
    await customer(world)
    async with colleague(world.process, world.url, "Sari") as sales:
        for asked in ("", "a", "  ", "<script>alert(1)</script>", "BK-NOBODY", "%00%F0%9F%98%80"):
            answer = await sales.get(f"/palette?q={asked}", part=True)
            assert answer.status_code == 200, asked
            assert 'role="option"' not in answer.text, asked
            assert "<script" not in answer.text
