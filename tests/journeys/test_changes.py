"""A paid booking is moved and cancelled through real doors: told before the yes, and both sides' books agree."""

import pytest

from bot.domain.states import State
from payments.domain.refund import RefundState
from tests.journeys import payments as p
from tests.journeys.world import World, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]

FIVE_DAYS = "I would like a Balinese massage 60 min in five days in the afternoon at Villa Senja"
"""Where both who give it come."""


async def refunded(world: World, reference: str) -> None:
    """As soon as every refund of that booking has arrived."""

    async def there() -> bool:
        refunds = (await p.books(world, reference)).refunds
        return bool(refunds) and all(refund.state is RefundState.SUCCEEDED for refund in refunds)

    await until(there, what="the refund")


async def test_cancelling_a_paid_booking_gives_back_what_was_said_and_the_rest_is_shared(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000081")
    reference = p.reference_in(await p.linked(phone, FIVE_DAYS))
    await world.told("POST", "/xendit/topup", {"amount": 100_000})
    await p.pay(world, f"{reference}.1", channel="OVO")
    await phone.expect("Paid and confirmed")
    await phone.say("cancel my booking")
    asked = await phone.expect("Cancel Balinese massage")
    assert "IDR 175,000 back to the card or wallet" in asked.text
    assert (await p.booking(world, reference)).state is State.CONFIRMED
    await phone.tap("Yes, cancel")
    await phone.expect("Cancelled:")
    closed = await p.is_in(world, reference, State.CANCELLED)
    assert closed.kept is not None
    assert closed.kept.amount.amount == 175_000
    await p.days_go_by(world, 6)
    await refunded(world, reference)
    (books,) = (await p.books(world, reference)).books
    assert (books.captured, books.refunded, books.open, books.held) == (p.PRICE, 175_000, 0, 0)
    assert books.paid_out + books.platform + books.fees == 175_000
    await p.agrees(world)


async def test_moved_to_another_villa_then_a_dearer_one_then_cancelled_at_half(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000082")
    reference = p.reference_in(await p.linked(phone, FIVE_DAYS))
    await world.told("POST", "/xendit/topup", {"amount": 200_000})
    await p.pay(world, f"{reference}.1", channel="OVO")
    await phone.expect("Paid and confirmed")

    await phone.say("move it to villa padi")
    asked = await phone.expect("Change it to")
    assert "The price stays the same" in asked.text
    await phone.tap("Yes, change it")
    await phone.expect("Done. Your booking is now")
    moved = await p.booking(world, reference)
    assert moved.chosen is not None
    assert (moved.chosen.provider, moved.chosen.place) == ("komang", "villa-padi")

    await phone.say("move it to villa karang in six days at 4pm")
    dearer = await phone.expect("IDR 100,000 more")
    assert "Villa Karang" in dearer.text
    await phone.tap("Yes, change it")
    await phone.expect("The new time is kept for you", kind="cta_url")
    assert (await p.booking(world, reference)).place == "villa-padi"
    # both times are theirs meanwhile, and no sweep takes one for an orphan
    assert await world.process.parts.orphans.sweep(await world.process.parts.clock.business_now()) == 0
    await p.pay(world, f"{reference}~C2.1", channel="OVO")

    async def moved_on() -> bool:
        return (await p.booking(world, reference)).place == "villa-karang"

    await until(moved_on, what="the move")
    await phone.say("cancel my booking")
    half = await phone.expect("Cancel Balinese massage")
    assert "IDR 225,000 back" in half.text
    await phone.tap("Yes, cancel")
    await phone.expect("Cancelled:")
    await p.is_in(world, reference, State.CANCELLED)
    await p.days_go_by(world, 6)
    await refunded(world, reference)
    known = [await p.books(world, account) for account in (reference, f"{reference}~C2")]
    sums = [books for each in known for books in each.books]
    assert sum(books.captured for books in sums) == 450_000
    assert sum(books.refunded for books in sums) == 225_000
    assert sum(books.paid_out + books.platform + books.fees for books in sums) == 225_000
    assert all(books.open == 0 for books in sums)
    payees = {payout.payee for each in known for payout in each.payouts}
    assert "provider:ayu" not in payees
    await p.agrees(world)


async def test_staff_who_cancel_what_is_paid_give_all_of_it_back_and_nobody_is_paid(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000083")
    reference = p.reference_in(await p.linked(phone, FIVE_DAYS))
    await world.told("POST", "/xendit/topup", {"amount": 100_000})
    await p.pay(world, f"{reference}.1", channel="OVO")
    await phone.expect("Paid and confirmed")
    body = {"reason": "the therapist is ill", "cause": "partner"}
    answer = await world.api.post(f"/bookings/{reference}/cancel", json=body)
    assert answer.status_code == 200, answer.text
    told = await phone.expect("We are very sorry")
    assert "IDR 350,000 back" in told.text
    await p.days_go_by(world, 6)
    await refunded(world, reference)
    known = await p.books(world, reference)
    (books,) = known.books
    assert (books.captured, books.refunded, books.open, books.paid_out) == (p.PRICE, p.PRICE, 0, 0)
    assert not known.payouts
    await p.agrees(world)
