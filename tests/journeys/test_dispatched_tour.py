"""A tour that is sold to whichever driver says yes first, through all phones: asked, taken, paid, done, given back."""

import asyncio
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.domain.states import State
from bot.lifecycle.task_steps import TaskRefused
from simulator.customer import Phone
from tests.journeys import payments as p
from tests.journeys.test_offers import outcomes, partner, providers_booked, shown, task_of
from tests.journeys.test_outside_the_window import approved
from tests.journeys.test_places_told import evening_before
from tests.journeys.world import World, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]
WISH: Final = "I want to book the private day tour in four weeks at 8 am at Villa Melati for 2 people"
MADE, PUTU = "6281200000204", "6281200000205"
TAKE: Final = {"made": "Saya ambil", "putu": "I'll take it"}
CANNOT: Final = {"made": ("Saya tidak bisa", "Ya, tidak bisa"), "putu": ("I can't do it", "Yes, I can't")}


async def drivers(world: World) -> dict[str, Phone]:
    """Both phones, within their 24 hours."""
    return {
        "made": await partner(world, MADE, "Made Wirawan"),
        "putu": await partner(world, PUTU, "Putu Adnyana"),
    }


async def asked(world: World, guest: Phone, phones: dict[str, Phone]) -> str:
    """Ordered, and both are asked; the booking's reference."""
    await guest.say(WISH)
    await guest.expect("Please confirm")
    await guest.tap("Yes, book it")
    told = await guest.expect("Nothing to pay before that")
    reference = p.reference_in(told)
    await phones["made"].expect("mau diambil", kind="buttons")
    await phones["putu"].expect("Do you want it", kind="buttons")
    assert await p.links(world) == []
    return reference


def other_than(who: str) -> str:
    return "putu" if who == "made" else "made"


async def is_given_to(world: World, reference: str, who: str) -> None:
    async def theirs() -> bool:
        found = (await p.booking(world, reference)).chosen
        return found is not None and found.provider == who

    await until(theirs, what=f"{reference} with {who}")


async def test_both_are_asked_one_has_it_the_guest_pays_and_it_is_done(world: World) -> None:
    phones, guest = await drivers(world), await world.phone("Emma", wa_id="6281200000181")
    reference = await asked(world, guest, phones)
    held = (await p.booking(world, reference)).chosen
    assert held is not None
    first, second = other_than(str(held.provider)), str(held.provider)
    await phones[first].tap(TAKE[first])
    await phones[first].expect("guest's payment" if first == "putu" else "pembayaran tamunya")
    await phones[second].expect("Somebody else was first" if second == "putu" else "diambil yang lain")
    await guest.expect("Please pay by", kind="cta_url")
    await is_given_to(world, reference, first)
    await p.pay(world, f"{reference}.1")
    await guest.expect("Paid and confirmed")
    booking = await p.is_in(world, reference, State.CONFIRMED)
    card = await phones[first].expect("Emma", kind="list")
    assert await providers_booked(world, booking) == {f"provider:{first}"}
    assert booking.chosen is not None
    now = await world.process.parts.clock.business_now()
    await p.everybodys_time_goes_on(world, booking.chosen.end - now + timedelta(minutes=5))
    await phones[first].say("halo")
    await phones[first].tap("Done" if first == "putu" else "Selesai", card.id)
    await p.is_in(world, reference, State.COMPLETED)
    assert outcomes(await shown(world, task_of(reference))) == {first: "accepted", second: "lost"}
    await p.agrees(world)


async def test_drivers_who_never_wrote_cost_three_templates_on_the_straight_way(world: World) -> None:
    await approved(world)
    business = world.process.business
    contacts = [
        *(place.contact for place in business.places),
        *(provider.contact for provider in business.providers),
        *(person.contact for person in business.staff),
    ]
    numbers = {contact.phone.removeprefix("+") for contact in contacts}
    all_ = {number: await world.phone("Partner", wa_id=number) for number in sorted(numbers)}
    phones = {"made": all_[MADE], "putu": all_[PUTU]}
    guest = await world.phone("Emma", wa_id="6281200000186")
    await guest.say(WISH)
    await guest.expect("Please confirm")
    await guest.tap("Yes, book it")
    reference = p.reference_in(await guest.expect("Nothing to pay before that"))
    await phones["putu"].expect("we have a job", kind="template")
    await phones["made"].expect("ada pekerjaan", kind="template")
    await phones["made"].tap("Saya ambil")
    await phones["made"].expect("pembayaran tamunya")
    await guest.expect("Please pay by", kind="cta_url")
    await p.pay(world, f"{reference}.1")
    await phones["made"].expect("Emma", kind="list")
    booked = await p.booking(world, reference)
    assert booked.chosen is not None
    now = await evening_before(world, booked.chosen.start)
    await world.process.parts.digests.sweep(now)
    await phones["made"].expect("Tur pribadi sehari", kind="template")
    await world.quiet()
    got = {name: [one.text for one in await phone.bubbles() if one.kind == "template"] for name, phone in all_.items()}
    assert {name: len(texts) for name, texts in got.items() if texts} == {MADE: 2, PUTU: 1}, got


async def test_given_back_after_the_money_the_other_comes_and_is_paid_in_their_place(world: World) -> None:
    phones, guest = await drivers(world), await world.phone("Emma", wa_id="6281200000182")
    reference = await asked(world, guest, phones)
    await phones["made"].tap(TAKE["made"])
    await guest.expect("Please pay by", kind="cta_url")
    await p.pay(world, f"{reference}.1")
    await p.is_in(world, reference, State.CONFIRMED)
    card = await phones["made"].expect("Emma", kind="list")
    await phones["made"].tap(CANNOT["made"][0], card.id)
    await phones["made"].expect("yakin tidak bisa", kind="buttons")
    await phones["made"].tap(CANNOT["made"][1])
    await phones["made"].expect("tidak jadi kakak kerjakan")
    offer = await phones["putu"].expect("Do you want it", kind="buttons")
    assert "Emma" not in offer.text
    await phones["putu"].tap(TAKE["putu"], offer.id)
    await phones["putu"].expect("You do Private day tour")
    await is_given_to(world, reference, "putu")
    await phones["putu"].expect("Emma", kind="list")
    await world.quiet()
    booking = await p.booking(world, reference)
    assert (booking.state, await providers_booked(world, booking)) == (State.CONFIRMED, {"provider:putu"})
    # made's tap of before says that they have given it back, and changes nothing
    await phones["made"].tap("Sedang di jalan", card.id)
    await phones["made"].expect("tidak ada di daftar kakak")
    await p.agrees(world)


async def test_ill_in_their_own_words_the_guest_need_not_be_asked_where_another_can_come(world: World) -> None:
    phones, guest = await drivers(world), await world.phone("Emma", wa_id="6281200000183")
    reference = await asked(world, guest, phones)
    await phones["putu"].say("ok")
    await phones["putu"].expect("guest's payment")
    await guest.expect("Please pay by", kind="cta_url")
    await p.pay(world, f"{reference}.1")
    booking, parts = await p.is_in(world, reference, State.CONFIRMED), world.process.parts
    await phones["putu"].expect("Emma", kind="list")
    assert booking.chosen is not None
    start = booking.chosen.start.astimezone(world.process.business.zone)
    await p.everybodys_time_goes_on(world, start - timedelta(hours=5) - await parts.clock.business_now())
    await phones["made"].say("halo")
    await phones["made"].expect("Mau lihat apa")
    await phones["putu"].say("I'm sick, can't come today")
    await phones["putu"].expect("cannot work on", kind="buttons")
    await phones["putu"].tap("Yes, I'm off")
    await phones["putu"].expect("looking for somebody else")
    await phones["made"].expect("mau diambil", kind="buttons")
    await parts.blocks.sweep(await parts.clock.business_now())
    await world.quiet()
    assert (await p.booking(world, reference)).change is None
    await phones["made"].tap(TAKE["made"])
    await is_given_to(world, reference, "made")
    await phones["made"].expect("Emma", kind="list")
    blocks: Json = (await world.api.get("/blocks")).json()
    assert [one["resource"] for one in blocks["items"]] == ["provider:putu"]


async def test_the_guest_cancels_while_offers_are_open_and_two_accept_at_once(world: World) -> None:
    phones, guest = await drivers(world), await world.phone("Emma", wa_id="6281200000184")
    reference = await asked(world, guest, phones)
    await guest.say("cancel")
    await guest.tap("Yes, cancel", (await guest.expect("Cancel Private day tour")).id)
    await p.is_in(world, reference, State.CANCELLED)
    await phones["made"].expect("sudah tidak dibuka lagi")
    await phones["putu"].expect("is not open any more")
    await phones["putu"].tap(TAKE["putu"])
    await phones["putu"].expect("is not open any more")
    assert set(outcomes(await shown(world, task_of(reference))).values()) == {"withdrawn"}

    another = await world.phone("Linh", wa_id="6281200000185")
    second = await asked(world, another, phones)
    desk = world.process.parts.offers
    got = await asyncio.gather(*(desk.accept(task_of(second), who, 1) for who in phones), return_exceptions=True)
    assert len([one for one in got if isinstance(one, TaskRefused)]) == 1
    task = await shown(world, task_of(second))
    await another.expect("Please pay by", kind="cta_url")
    await is_given_to(world, second, task["who"]["id"])
    await world.quiet()
    assert len(await p.links(world)) == 1
