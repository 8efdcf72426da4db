"""Partners' threads in the inbox, through the door: read, taken over, answered, handed back, and the way to and from
the thread that the same person has as a customer."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.users import Role
from simulator.customer import Phone
from tests.journeys import payments as p
from tests.journeys.test_outside_the_window import A_DAY_AND_MORE
from tests.journeys.test_partners import KETUT
from tests.journeys.world import World
from tests.webhooks.console.people import Colleague, colleague

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]


@pytest.fixture
async def dewi(world: World) -> AsyncIterator[Colleague]:
    """A colleague who writes."""
    async with colleague(world.process, world.url) as one:
        yield one


async def greeted(world: World) -> tuple[Phone, str]:
    """A cleaner who said hello, and where their thread is."""
    ketut = await world.phone("Ketut", wa_id=KETUT)
    await ketut.say("halo")
    await ketut.expect("Halo Ketut Suarni")
    await world.quiet()
    (row,) = await world.process.database["partners"].find({"last_inbound_at": {"$type": "date"}}).to_list(None)
    return ketut, f"/partners/{row['_id']}"


async def test_it_is_listed_read_taken_over_answered_and_handed_back(world: World, dewi: Colleague) -> None:
    ketut, thread = await greeted(world)
    listed = (await dewi.get("/partners")).text
    assert f"/console{thread}" in listed
    assert "Ketut Suarni" in listed
    assert "Staff" in listed
    assert '/console/partners"' in (await dewi.get("/inbox")).text, "the inbox leads there"
    shown = (await dewi.get(thread, part=True)).text
    assert 'data-state="locked"' in shown
    assert "Halo Ketut Suarni" in shown
    assert (await dewi.post(f"{thread}/send", text="Halo")).status_code == 409
    assert 'data-state="open"' in (await dewi.post(f"{thread}/take")).text
    await ketut.say("ada yang rusak di villa")
    for _ in range(2):
        assert (await dewi.post(f"{thread}/send", text="Apa yang rusak?", name="once")).status_code == 200
    await ketut.expect("Apa yang rusak?")
    due = await world.process.parts.clock.business_now() + timedelta(days=1)
    body = {"title": "Fix the tap", "due": due.isoformat(), "place": "villa-padi", "who": "ketut"}
    assert (await world.api.post("/tasks", json=body)).status_code == 201
    await world.quiet()
    lines = (await dewi.get(f"{thread}/thread", part=True)).text
    assert "ada yang rusak di villa" in lines
    assert lines.count("Apa yang rusak?") == 1, "pressed twice it is one message"
    assert "Fix the tap" in lines, "what waits for them is shown"
    assert 'data-state="locked"' in (await dewi.post(f"{thread}/hand-back")).text
    await ketut.expect("Fix the tap", kind="list")


async def test_of_two_the_second_is_told_by_whom_and_may_take_it_from_them(world: World, dewi: Colleague) -> None:
    _, thread = await greeted(world)
    await dewi.post(f"{thread}/take")
    async with colleague(world.process, world.url, "Putu") as putu:
        refused = await putu.post(f"{thread}/take")
        assert refused.status_code == 409
        assert "Dewi" in refused.text
        assert (await putu.post(f"{thread}/send", text="Halo")).status_code == 409
        taken = await putu.post(f"{thread}/take", instead_of=dewi.id)
        assert 'data-state="open"' in taken.text
        late = await dewi.post(f"{thread}/send", text="kept words")
        assert late.status_code == 409
        assert 'data-state="taken"' in late.text
        assert "kept words" in late.text, "what was typed is not lost"


async def test_outside_their_day_it_says_so_and_nothing_is_sent(world: World, dewi: Colleague) -> None:
    _, thread = await greeted(world)
    await p.everybodys_time_goes_on(world, A_DAY_AND_MORE)
    await world.quiet()
    assert 'data-state="window_closed"' in (await dewi.post(f"{thread}/take")).text
    refused = await dewi.post(f"{thread}/send", text="Halo")
    assert refused.status_code == 409
    assert "24 hours" in refused.text


async def test_both_threads_of_one_person_lead_to_one_another(world: World, dewi: Colleague) -> None:
    ketut, thread = await greeted(world)
    assert "/console/inbox/" not in (await dewi.get(thread, part=True)).text
    await ketut.tap("Pesan buat sendiri")
    lead = (await world.lead_of(ketut))["id"]
    await world.quiet()
    assert f"/console/inbox/{lead}" in (await dewi.get(thread, part=True)).text
    assert f"/console{thread}" in (await dewi.get(f"/inbox/{lead}", part=True)).text
    stranger = await world.phone("Sari")
    await stranger.say("Hello")
    await world.quiet()
    other = (await world.lead_of(stranger))["id"]
    assert "/console/partners/" not in (await dewi.get(f"/inbox/{other}/head", part=True)).text


async def test_who_may_not_read_has_nothing_of_it_and_a_forged_thread_is_nobodys(world: World, dewi: Colleague) -> None:
    _, thread = await greeted(world)
    async with colleague(world.process, world.url, "Rina", Role.FINANCE) as rina:
        assert (await rina.get("/partners")).status_code == 403
        assert (await rina.get(thread)).status_code == 403
    async with colleague(world.process, world.url, "Made", Role.OPERATIONS) as made:
        shown = await made.get(thread, part=True)
        assert 'data-state="read_only"' in shown.text
        assert (await made.post(f"{thread}/take")).status_code == 403
    assert (await dewi.get("/partners/partner-nobody")).status_code == 404
    assert (await dewi.post("/partners/partner-nobody/take")).status_code == 404
