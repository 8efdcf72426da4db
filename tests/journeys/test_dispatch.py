"""Several providers are asked, one says yes, and only then does the guest pay: through all of their phones."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from bot.domain.states import State
from bot.replies.words import say
from payments.domain.payout import PayoutState
from simulator.customer import Phone, Seen
from tests.bot.business.makers import with_changes
from tests.conftest import sampled
from tests.journeys import payments as p
from tests.journeys.test_jobs import alarms
from tests.journeys.test_offers import AYU, KOMANG, outcomes, partner, providers_booked
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]
MASSAGE: Final = "kind: appointment\n    venue: guest_place\n    places: &villas"
WISHES: Final = {
    "en": "I want to book the Balinese massage 60 min on {day} at 15:00 at Villa Senja",
    "id": "mau pesan pijat bali 60 menit tanggal {day} jam 15.00 di Villa Senja",
    "vi": "cho mình đặt massage bali 60 phút ngày {day} lúc 15:00 ở Villa Senja",
}


@pytest.fixture
async def bali(mongodb_uri: str, tmp_path: Path) -> AsyncIterator[World]:
    """A world that asks both therapists for each massage in Canggu."""
    path = tmp_path / "dispatch.yaml"
    path.write_text(with_changes((MASSAGE, f"confirmation: dispatch\n    {MASSAGE}")), "utf-8")
    async with opened(mongodb_uri, ours={"business_file": path}) as world:
        yield world


async def both(world: World) -> dict[str, Phone]:
    return {
        "ayu": await partner(world, AYU, "Ayu Pratiwi"),
        "komang": await partner(world, KOMANG, "Komang Sri"),
    }


async def a_day(world: World) -> datetime:
    """In a few days, when both of them work in the afternoon."""
    now = await world.process.parts.clock.business_now()
    days = (now.astimezone(world.process.business.zone) + timedelta(days=ahead) for ahead in range(3, 30))
    business = world.process.business
    rests = [*business.closed, *(off for one in business.providers[:2] for off in one.days_off)]
    return next(day for day in days if day.weekday() != 2 and not any(day.date() in off for off in rests))


async def ordered(world: World, guest: Phone, code: str = "en") -> str:
    """From the wish to the yes, in that language; the reference."""
    day = await a_day(world)
    await guest.say(WISHES[code].format(day=day.strftime("%-d/%-m" if code != "en" else "%-d %B")))
    await guest.expect(say("booking.button.confirm", code))
    await guest.tap(say("booking.button.confirm", code))
    told = await guest.expect(say("acceptance.unpaid", code))
    mark = {"en": "Reference: ", "id": "Kode: ", "vi": "Mã đặt: "}[code]
    return told.text.split(mark)[1].split()[0]


async def shown(world: World, reference: str) -> Json:
    found: Json = (await world.api.get(f"/bookings/{reference}")).json()
    return found


async def task_is(world: World, reference: str, state: str, number: int = 1) -> Json:
    name = f"/tasks/{reference}:service:{number}"

    async def there() -> Json | None:
        answer = await world.api.get(name)
        task: Json = answer.json()
        return task if answer.status_code == 200 and task["state"] == state else None

    found: Json = await until(there, what=f"{name} {state}")
    return found


async def asked(phones: dict[str, Phone]) -> dict[str, Seen]:
    return {who: await phone.expect("mau diambil", kind="buttons") for who, phone in phones.items()}


async def paid(world: World, guest: Phone, reference: str, account: str | None = None) -> None:
    await guest.expect("Please pay by", kind="cta_url")
    await p.pay(world, f"{account or reference}.1")
    await guest.expect("Paid and confirmed")
    await p.is_in(world, reference, State.CONFIRMED)


async def test_both_are_asked_one_accepts_the_guest_pays_and_who_came_is_paid(bali: World) -> None:
    phones, guest = await both(bali), await bali.phone("Emma", wa_id="6281200000271")
    reference = await ordered(bali, guest)
    offers = await asked(phones)
    assert all("Emma" not in one.text for one in offers.values())
    booking = await shown(bali, reference)
    assert (booking["state"], booking["provider"]) == ("PENDING_CONFIRMATION", None)
    assert sorted(booking["awaiting"]["candidates"]) == ["ayu", "komang"]
    assert await p.links(bali) == []
    held = (await p.booking(bali, reference)).chosen
    assert held is not None
    # the one whose time was not held is faster
    first, second = ("komang", "ayu") if held.provider == "ayu" else ("ayu", "komang")
    await phones[first].tap("Saya ambil")
    await phones[first].expect("tunggu pembayaran tamunya")
    await phones[second].expect("Sudah diambil yang lain")
    name = {"ayu": "Ayu Spa", "komang": "Komang Wellness"}[first]
    await guest.expect(f"{name} has said yes")
    assert await providers_booked(bali, await p.booking(bali, reference)) == {f"provider:{first}"}
    await paid(bali, guest, reference)
    card = await phones[first].expect("Bagian kakak", kind="list")
    assert "Tamu: Emma" in card.text
    booking = await shown(bali, reference)
    assert (booking["provider"], booking["awaiting"]) == (first, None)
    assert [(one["id"], one["state"]) for one in booking["tasks"]] == [(f"{reference}:service:1", "taken")]

    now, slot = await bali.process.parts.clock.business_now(), (await p.booking(bali, reference)).chosen
    assert slot is not None
    await p.everybodys_time_goes_on(bali, slot.start - now + timedelta(minutes=5))
    await phones[first].tap("Sudah mulai", card.id)
    await phones[first].expect("sudah mulai")
    await p.everybodys_time_goes_on(bali, timedelta(hours=1))
    await phones[first].tap("Selesai", card.id)
    await p.is_in(bali, reference, State.COMPLETED)
    await p.days_go_by(bali, 5)
    known = await p.books(bali, reference)
    assert {payout.state for payout in known.payouts} == {PayoutState.SUCCEEDED}
    # the therapist's sum of the price book, and the villa's share of the rest
    assert sorted(payout.amount.amount for payout in known.payouts) == [65_000, 250_000]
    assert {payable.payee for payable in known.payables} >= {f"provider:{first}", "place:villa-senja"}
    await p.agrees(bali)


@pytest.mark.parametrize("code", sampled(["vi", "en", "id"], 3))
async def test_silence_of_all_brings_other_times_in_their_language_and_the_next_yes_counts(
    bali: World, code: str
) -> None:
    phones, guest = await both(bali), await bali.phone("Emma", wa_id=f"628120000028{len(code)}{ord(code[0]) % 10}")
    reference = await ordered(bali, guest, code)
    await asked(phones)
    await bali.quiet()
    await p.everybodys_time_goes_on(bali, timedelta(minutes=65))
    sorry = await guest.expect(
        say("acceptance.unfilled", code, service="|", day="|", hours="|").split("|")[0], kind="list"
    )
    assert len(sorry.choices) in {3, 4}
    await until(lambda: alarms(bali), what="somebody is called")
    assert ("task_unfilled") in {reason for reason, _ in await alarms(bali)}
    await guest.tap(sorry.choices[0])
    await guest.expect(say("acceptance.unpaid", code))
    assert await p.links(bali) == []
    again = await task_is(bali, reference, "offered")
    who = next(one["who"]["id"] for one in again["offers"] if one["outcome"] == "open")
    await phones[who].expect("mau diambil", kind="buttons")
    await phones[who].say("bisa kak")
    await phones[who].expect("tunggu pembayaran tamunya")
    await guest.expect(say("acceptance.link_next", code))
    await p.is_in(bali, reference, State.PAYMENT_PENDING)


async def test_called_off_while_offers_are_open_everybody_hears_and_nobody_is_asked_for_money(bali: World) -> None:
    phones, guest = await both(bali), await bali.phone("Emma", wa_id="6281200000273")
    reference = await ordered(bali, guest)
    await asked(phones)
    await guest.say("cancel")
    await guest.expect("Cancel Balinese massage")
    await guest.tap("Yes, cancel")
    await guest.expect("Cancelled")
    for phone in phones.values():
        await phone.expect("sudah tidak dibuka lagi")
        await phone.tap("Saya ambil")
        await phone.expect("sudah tidak dibuka lagi")
    await p.is_in(bali, reference, State.CANCELLED)
    assert await p.links(bali) == []


async def test_moved_while_offers_are_open_the_old_ones_are_over_and_the_new_one_is_asked(bali: World) -> None:
    phones, guest = await both(bali), await bali.phone("Emma", wa_id="6281200000274")
    reference = await ordered(bali, guest)
    old = await asked(phones)
    await guest.say("can we make it 17:00 instead?")
    await guest.expect("nothing to pay before somebody has said yes", kind="buttons")
    await guest.tap("Yes, change it")
    await guest.expect("I am asking who is free to do it")
    for who, phone in phones.items():
        new = await phone.expect("17.00", kind="buttons")
        await phone.tap("Saya ambil", old[who].id)
        assert new.id != old[who].id
    assert await p.links(bali) == []
    booking = await p.booking(bali, reference)
    assert (booking.state, booking.plan_no) == (State.PENDING_CONFIRMATION, 2)
    await phones["ayu"].tap("Saya ambil")
    await phones["ayu"].expect("tunggu pembayaran tamunya")
    await paid(bali, guest, reference)


async def test_given_back_while_the_link_is_out_nothing_is_confirmed_before_the_next_yes(bali: World) -> None:
    phones, guest = await both(bali), await bali.phone("Emma", wa_id="6281200000277")
    reference = await ordered(bali, guest)
    await asked(phones)
    await phones["ayu"].tap("Saya ambil")
    await guest.expect("Please pay by", kind="cta_url")
    await bali.process.parts.offers.drop(f"{reference}:service:1", "ayu")
    await phones["komang"].expect("mau diambil", kind="buttons")
    await p.pay(bali, f"{reference}.1")
    await guest.expect("Whoever had said yes cannot do it after all")
    await p.is_in(bali, reference, State.PENDING_CONFIRMATION)
    await phones["komang"].tap("Saya ambil")
    await guest.expect("Paid and confirmed")
    await p.is_in(bali, reference, State.CONFIRMED)
    await phones["komang"].expect("Tamu: Emma", kind="list")
    await p.agrees(bali)
    known = await p.books(bali, reference)
    owed = {who: sum(one.net.amount for one in known.payables if one.payee == f"provider:{who}") for who in phones}
    assert owed == {"ayu": 0, "komang": 250_000}


async def test_given_back_after_the_money_the_other_comes_and_is_paid_in_their_place(bali: World) -> None:
    phones, guest = await both(bali), await bali.phone("Emma", wa_id="6281200000275")
    reference = await ordered(bali, guest)
    await asked(phones)
    await phones["ayu"].tap("Saya ambil")
    await paid(bali, guest, reference)
    card = await phones["ayu"].expect("Bagian kakak", kind="list")
    await phones["ayu"].tap("Saya tidak bisa", card.id)
    await phones["ayu"].expect("yakin tidak bisa", kind="buttons")
    await phones["ayu"].tap("Ya, tidak bisa")
    await phones["komang"].expect("mau diambil", kind="buttons")
    await phones["komang"].tap("Saya ambil")
    await guest.expect("Komang Wellness does Balinese massage")
    await phones["komang"].expect("Tamu: Emma", kind="list")
    booking = await shown(bali, reference)
    assert (booking["state"], booking["provider"]) == ("CONFIRMED", "komang")
    await p.agrees(bali)
    known = await p.books(bali, reference)
    owed = {who: sum(one.net.amount for one in known.payables if one.payee == f"provider:{who}") for who in phones}
    assert owed == {"ayu": 0, "komang": 250_000}


async def test_given_back_after_the_money_and_nobody_else_all_of_it_comes_back(bali: World) -> None:
    phones, guest = await both(bali), await bali.phone("Emma", wa_id="6281200000276")
    reference = await ordered(bali, guest)
    await asked(phones)
    await phones["komang"].tap("Tidak dulu")
    await phones["ayu"].tap("Saya ambil")
    await paid(bali, guest, reference)
    card = await phones["ayu"].expect("Bagian kakak", kind="list")
    await phones["ayu"].tap("Saya tidak bisa", card.id)
    await phones["ayu"].expect("yakin tidak bisa", kind="buttons")
    await phones["ayu"].tap("Ya, tidak bisa")
    sorry = await guest.expect("cannot take place as booked", kind="list")
    assert outcomes(await task_is(bali, reference, "unfilled")) == {"ayu": "dropped", "komang": "declined"}
    assert "task_unfilled" in {reason for reason, _ in await alarms(bali)}
    await guest.tap(sorry.choices[-1])
    await guest.expect("we have to cancel")
    await p.is_in(bali, reference, State.CANCELLED)
    await p.agrees(bali)


async def moving(world: World, guest: Phone, hour: str = "17:00") -> Seen:
    """The guest wants another hour, and says yes to what that costs; what they hear then."""
    await guest.say(f"can we make it {hour} instead?")
    await guest.expect("Change it to", kind="buttons")
    await guest.tap("Yes, change it")
    told = await guest.expect("Until somebody has said yes your booking stays as it is")
    assert "15:00" in told.text
    return told


async def of_change(world: World, reference: str, state: str) -> Json:
    """The task that asks about the new time."""
    name = f"/tasks/{reference}:service~C1:1"

    async def there() -> Json | None:
        answer = await world.api.get(name)
        task: Json = answer.json()
        return task if answer.status_code == 200 and task["state"] == state else None

    found: Json = await until(there, what=f"{name} {state}")
    return found


async def test_a_paid_booking_keeps_its_time_until_somebody_takes_the_new_one(bali: World) -> None:
    phones, guest = await both(bali), await bali.phone("Emma", wa_id="6281200000278")
    reference = await ordered(bali, guest)
    await asked(phones)
    await phones["ayu"].tap("Saya ambil")
    await paid(bali, guest, reference)
    await phones["ayu"].expect("Tamu: Emma", kind="list")
    before = await p.booking(bali, reference)
    await moving(bali, guest)
    offers = {who: await phone.expect("17.00", kind="buttons") for who, phone in phones.items()}
    assert all("Emma" not in one.text for one in offers.values())
    # both times are theirs, and nobody else's
    standing = await p.booking(bali, reference)
    assert (standing.state, standing.chosen, standing.booked_hold) == (
        State.CONFIRMED,
        before.chosen,
        before.booked_hold,
    )
    assert await providers_booked(bali, standing) == {"provider:ayu"}
    await phones["komang"].tap("Saya ambil")
    await guest.expect("Done. Your booking is now")
    moved = await p.booking(bali, reference)
    assert moved.chosen is not None
    assert (moved.state, moved.chosen.provider, moved.change) == (State.CONFIRMED, "komang", None)
    assert await providers_booked(bali, moved) == {"provider:komang"}
    # who had it hears that it is not theirs, who has it gets the card, and nobody hears that what they took is over
    await phones["ayu"].expect("tidak jadi buat kakak")
    card = await phones["komang"].expect("Tamu: Emma", kind="list")
    assert "17.00" in card.text
    await bali.quiet()
    assert not [one for one in await phones["komang"].bubbles() if one.says("sudah tidak dibuka lagi")]
    assert outcomes(await of_change(bali, reference, "done"))["komang"] == "accepted"
    assert (await task_is(bali, reference, "taken"))["who"]["id"] == "komang"
    await p.agrees(bali)
    known = await p.books(bali, reference)
    owed = {who: sum(one.net.amount for one in known.payables if one.payee == f"provider:{who}") for who in phones}
    assert owed == {"ayu": 0, "komang": 250_000}
    # its former time is anybody's again
    assert await bali.process.database["claims"].count_documents({"hold": before.booked_hold}) == 0


async def test_what_is_not_paid_yet_keeps_its_time_and_its_link_until_somebody_takes_the_new_one(bali: World) -> None:
    phones, guest = await both(bali), await bali.phone("Emma", wa_id="6281200000283")
    reference = await ordered(bali, guest)
    await asked(phones)
    await phones["ayu"].tap("Saya ambil")
    await guest.expect("Please pay by", kind="cta_url")
    before = await p.booking(bali, reference)
    asking = await moving(bali, guest)
    assert "Your payment link for it still works" in asking.text
    for phone in phones.values():
        await phone.expect("17.00", kind="buttons")
    standing = await p.booking(bali, reference)
    assert (standing.state, standing.chosen, standing.pay_url) == (State.PAYMENT_PENDING, before.chosen, before.pay_url)
    assert await providers_booked(bali, standing) == {"provider:ayu"}
    await phones["komang"].tap("Saya ambil")
    await guest.expect("Done. Your booking is now")
    await guest.expect("Please pay by", kind="cta_url")
    # who had said yes to the old time hears that it is over; nobody has the card before the money
    await phones["ayu"].expect("sudah tidak dibuka lagi")
    moved = await p.booking(bali, reference)
    assert await providers_booked(bali, moved) == {"provider:komang"}
    task = await task_is(bali, reference, "taken")
    assert task["who"]["id"] == "komang"
    assert not [one for one in await phones["komang"].bubbles() if one.says("Tamu: Emma")]
    await p.pay(bali, f"{reference}~2.1")
    await guest.expect("Paid and confirmed")
    card = await phones["komang"].expect("Tamu: Emma", kind="list")
    assert "17.00" in card.text
    await bali.quiet()
    assert not [one for one in await phones["komang"].bubbles() if one.says("sudah tidak dibuka lagi")]
    await p.agrees(bali)
    known = await p.books(bali, f"{reference}~2")
    owed = {who: sum(one.net.amount for one in known.payables if one.payee == f"provider:{who}") for who in phones}
    assert owed == {"ayu": 0, "komang": 250_000}


async def test_nobody_takes_the_new_time_and_everything_stays_as_it_was(bali: World) -> None:
    phones, guest = await both(bali), await bali.phone("Emma", wa_id="6281200000279")
    reference = await ordered(bali, guest)
    await asked(phones)
    await phones["ayu"].tap("Saya ambil")
    await paid(bali, guest, reference)
    await phones["ayu"].expect("Tamu: Emma", kind="list")
    before = await p.booking(bali, reference)
    # a time that overlaps the one they have
    await moving(bali, guest, "15:30")
    for phone in phones.values():
        await phone.expect("15.30", kind="buttons")
        await phone.tap("Tidak dulu")
    sorry = await guest.expect("Your booking stays as it was", kind="buttons")
    assert "15:30" in sorry.text
    stands = await p.booking(bali, reference)
    assert (stands.state, stands.chosen, stands.booked_hold) == (State.CONFIRMED, before.chosen, before.booked_hold)
    assert await providers_booked(bali, stands) == {"provider:ayu"}
    assert (await task_is(bali, reference, "taken"))["who"]["id"] == "ayu"
    await of_change(bali, reference, "withdrawn")
    assert "task_unfilled" not in {reason for reason, _ in await alarms(bali)}
    await guest.tap("Cancel booking", sorry.id)
    await guest.expect("Cancel Balinese massage", kind="buttons")
    await guest.tap("Keep it")
    await bali.quiet()
    assert (await p.booking(bali, reference)).state is State.CONFIRMED
    await p.agrees(bali)


async def test_the_same_provider_takes_a_time_that_overlaps_their_own(bali: World) -> None:
    phones, guest = await both(bali), await bali.phone("Emma", wa_id="6281200000280")
    reference = await ordered(bali, guest)
    await asked(phones)
    await phones["ayu"].tap("Saya ambil")
    await paid(bali, guest, reference)
    await phones["ayu"].expect("Tamu: Emma", kind="list")
    await moving(bali, guest, "15:30")
    await phones["ayu"].expect("15.30", kind="buttons")
    await phones["ayu"].tap("Saya ambil")
    await guest.expect("Done. Your booking is now")
    moved = await p.booking(bali, reference)
    assert moved.chosen is not None
    assert (moved.state, moved.chosen.provider) == (State.CONFIRMED, "ayu")
    assert await providers_booked(bali, moved) == {"provider:ayu"}
    assert await bali.process.parts.orphans.sweep(await bali.process.parts.clock.business_now()) == 0
