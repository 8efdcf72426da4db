"""A credit through the real doors: given for what went wrong, taken off the next link, back when that is called off,
and a booking that it pays whole."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.states import PaymentStatus, State
from payments.domain.credit import Credit
from tests.journeys import payments as p
from tests.journeys.test_complaints import UNACCEPTABLE, answered, complaint, delivered, settled, shares
from tests.journeys.world import World, until
from tests.webhooks.api.bookings.test_changes import asked, problem

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]


async def given(world: World, reference: str, amount: int, **more: Any) -> Json:
    """The last day on which it can be used is half a year away."""
    today = (await world.process.parts.clock.business_now()).date()
    return {
        "kind": "credit",
        "amount": amount,
        "expires_on": (today + timedelta(days=180)).isoformat(),
        "borne_by": "provider",
        "words": "It was far too hot.",
        **more,
    }


async def credit(world: World, reference: str) -> Credit:
    found = await p.money_of(world).store.credits.load(f"{reference}~credit")
    assert found is not None
    return found


async def left(world: World, reference: str, amount: int) -> None:
    async def there() -> bool:
        await p.money_of(world).rounds.sweep()
        return (await credit(world, reference)).left.amount == amount

    await until(there, what=f"{amount} of the credit")


async def test_it_is_taken_off_the_next_link_and_comes_back_when_that_is_called_off(world: World) -> None:
    phone, reference = await delivered(world)
    await phone.say(UNACCEPTABLE)
    await phone.expect("truly sorry")
    before = await shares(world, reference)
    answer = await given(world, reference, 100_000)
    assert problem(await answered(world, reference, **answer, role="support")) == (403, "may-not")
    assert problem(await answered(world, reference, **answer | {"amount": 350_001})) == (409, "too-much")
    assert problem(await answered(world, reference, kind="credit", amount=1)) == (422, "bad-day")
    assert problem(await answered(world, reference, **answer | {"expires_on": "2020-01-01"})) == (422, "bad-day")
    assert problem(await answered(world, reference, kind="credit", expires_on="2030-01-01")) == (422, "bad-sum")
    tried = await answered(world, reference, **answer, dry_run=True)
    assert (tried.status_code, tried.json()["credit"]) == (200, f"{reference}~credit")
    both = await asyncio.gather(*(answered(world, reference, **answer) for _ in range(2)))
    assert sorted(one.status_code for one in both) == [201, 409], [one.text for one in both]
    await phone.expect("we give you a credit of IDR 100,000")
    shown = (await complaint(world, reference))["answer"]
    assert (shown["kind"], shown["credit"]) == ("credit", f"{reference}~credit")
    assert shown["expires_on"] == answer["expires_on"]
    provider = next(payee for payee in before if payee.startswith("provider:"))
    await settled(world, reference, before | {provider: before[provider] - 100_000})
    assert problem(await asked(world, reference, "refunds", amount=250_001, reason="x", by="Made", role="finance")) == (
        409,
        "too-much",
    )

    lead = (await world.process.parts.staff.find(reference)).lead
    assert (await world.api.post(f"/conversations/{lead}/release", json={"agent": "rina"})).status_code < 300
    await p.ordered(phone)
    assert await p.texts(phone, "Your credit takes off IDR 100,000, so you pay IDR 250,000.")
    link = await phone.expect("Please pay by", kind="cta_url")
    assert "IDR 250,000" in link.text
    second = p.reference_in(link)
    await p.pay(world, f"{second}.1")
    await phone.expect("Paid and confirmed")
    booking = await p.is_in(world, second, State.CONFIRMED)
    assert booking.paid is not None
    assert booking.paid.amount == p.PRICE
    terms = (await world.api.get(f"/bookings/{second}")).json()["money"]
    assert (terms["captured"]["amount"], terms["transferred"]["amount"]) == (250_000, -100_000)
    await left(world, reference, 0)
    # of the later booking everybody has their whole share
    theirs = await shares(world, second)
    assert [theirs[one] for one in theirs if one.startswith("provider:")] == [before[provider]]

    cancelled = await asked(world, second, "cancel", reason="The provider is ill", cause="business", by="Rina")
    assert cancelled.status_code in {200, 201, 202}, cancelled.text
    await phone.expect("comes back as credit")
    await phone.expect("IDR 100,000 is back in your credit")
    await left(world, reference, 100_000)
    # what came in by QRIS goes back from the balance, once it has settled there: two days of banks, and maybe a weekend
    await p.days_go_by(world, 5)
    (books,) = (await p.books(world, second)).books
    assert (books.refunded, books.transferred, books.open) == (250_000, 0, 0)
    await p.agrees(world)


async def test_what_it_covers_whole_is_confirmed_without_a_link(world: World) -> None:
    phone, reference = await delivered(world)
    await phone.say("Thanks")
    await world.quiet()
    opened = await asked(world, reference, "complaint", words="The oil was cold", by="Rina", role="sales")
    assert opened.status_code == 201, opened.text
    answer = await answered(world, reference, **await given(world, reference, 350_000, borne_by="platform"))
    assert answer.status_code == 201, answer.text
    await phone.expect("credit of IDR 350,000")
    await p.ordered(phone)
    assert await p.texts(phone, "Your credit pays all of it.")
    await phone.expect("Paid and confirmed")
    second = await p.the_other_booking(world, reference)
    booking = await p.is_in(world, str(second.reference), State.CONFIRMED)
    assert booking.payment_status is PaymentStatus.PAID
    assert booking.pay_url is None
    assert await p.links(world, f"{booking.reference}.1") == []
    await left(world, reference, 0)
    await p.days_go_by(world, 3)
    await p.agrees(world)


async def test_unpaid_in_time_it_is_there_again_and_after_its_day_it_is_the_platforms(world: World) -> None:
    phone, reference = await delivered(world)
    await phone.say("Thanks")
    await world.quiet()
    await asked(world, reference, "complaint", words="The oil was cold", by="Rina", role="sales")
    assert (await answered(world, reference, **await given(world, reference, 100_000))).status_code == 201
    await phone.expect("credit of IDR 100,000")
    link = await p.linked(phone)
    assert "IDR 250,000" in link.text
    await p.everybodys_time_goes_on(world, timedelta(hours=3))
    await phone.expect("is back in your credit")
    await left(world, reference, 100_000)
    assert await p.texts(phone, "Money came") == []
    said = len(await p.texts(phone, ""))
    await p.time_goes_on(world, timedelta(days=181))
    await left(world, reference, 0)
    assert (await credit(world, reference)).expired.amount == 100_000
    assert len(await p.texts(phone, "")) == said, "nothing is said of it afterwards"
