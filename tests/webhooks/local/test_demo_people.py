"""The demo has an owner and an agent, and what it prints lets them in."""

import pytest

from bot.engine.accounts import Stranger
from bot.store.driver import server_now
from tests.journeys.world import World, settings_for, simulated
from webhooks.business import load_business
from webhooks.local import demo, demo_business, demo_people
from webhooks.local.demo_phones import partner_phones


@pytest.mark.mongo
async def test_the_demos_owner_and_agent_sign_in_with_what_is_printed(world: World) -> None:
    accounts, now = world.process.accounts, await server_now(world.process.database)
    await demo_people.seed(accounts, now)
    printed = str([str(part) for part in demo.addresses(demo.Demo(world.url, "", world.process)).renderables[1:]])
    for person in demo_people.PEOPLE:
        assert f"{person.email}, password: {person.password}" in printed
        who, _ = await accounts.sign_in(person.email, person.password, Stranger("1", "1", "b"), now)
        assert who.user.roles == person.roles


def test_the_demos_business_calls_its_owner_and_each_on_call_has_a_phone() -> None:
    plain = settings_for(simulated("http://127.0.0.1:1"), "http://127.0.0.1:2", 3, "demo").with_changes(
        business_file=None
    )
    with demo_business.staffed(plain) as settings:
        business = load_business(settings.business_file)
        own = settings.with_changes(business_file=settings.business_file)
        with demo_business.staffed(own) as kept:
            assert kept.business_file == own.business_file
    assert [one.name for one in business.on_call] == [demo_people.PEOPLE[0].name, "Wira"]
    assert business.escalations
    phones = {phone["wa_id"] for phone in partner_phones(business)}
    assert {one.phone.removeprefix("+") for one in business.on_call} <= phones
