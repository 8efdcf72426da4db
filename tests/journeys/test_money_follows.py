"""A paid booking that is changed or called off, as strangers tried it: nobody's money stays behind in silence."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.states import Modification, State
from simulator.customer import Phone
from tests.journeys import payments as p
from tests.journeys.test_changes import FIVE_DAYS, refunded
from tests.journeys.world import World, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(300)]


async def paid(world: World, wa_id: str, wish: str = FIVE_DAYS) -> tuple[Phone, str]:
    phone = await world.phone("Emma", wa_id=wa_id)
    reference = p.reference_in(await p.linked(phone, wish))
    await world.told("POST", "/xendit/topup", {"amount": 500_000})
    await p.pay(world, f"{reference}.1", channel="OVO")
    await phone.expect("Paid and confirmed")
    return phone, reference


async def staff(world: World, reference: str, path: str, **body: Any) -> Any:
    answer = await world.api.post(f"/bookings/{reference}/{path}", json={"reason": "asked on the phone", **body})
    assert answer.is_success, answer.text
    return answer.json()


async def test_who_wants_to_change_and_then_cancels_hears_the_sum_and_gets_it(world: World) -> None:
    phone, reference = await paid(world, "6281200000071")
    await phone.say("can I change my booking?")
    await phone.expect("stays yours until the new time is booked")
    await phone.say("cancel my booking")
    asked = await phone.expect("Cancel Balinese massage")
    assert "IDR 175,000 back" in asked.text
    await phone.tap("Yes, cancel")
    await phone.expect("Cancelled:")
    closed = await p.is_in(world, reference, State.CANCELLED)
    assert closed.kept is not None
    assert closed.kept.amount.amount == 175_000
    await p.days_go_by(world, 6)
    await refunded(world, reference)
    (books,) = (await p.books(world, reference)).books
    assert (books.refunded, books.open, books.held) == (175_000, 0, 0)
    await p.agrees(world)


async def test_who_wants_to_change_and_then_says_nothing_keeps_the_time_that_is_paid(world: World) -> None:
    phone, reference = await paid(world, "6281200000072")
    before = await p.booking(world, reference)
    await phone.say("can I change my booking?")
    await phone.expect("stays yours until the new time is booked")
    await p.time_goes_on(world, timedelta(hours=1, minutes=1))
    await phone.expect("Do you still want to change")
    await p.time_goes_on(world, timedelta(hours=1, minutes=1))
    await phone.expect("Your time stays as it was")
    after = await p.booking(world, reference)
    assert (after.state, after.chosen, after.booked_hold) == (State.CONFIRMED, before.chosen, before.booked_hold)
    assert after.modification is Modification.WITHDRAWN
    await p.days_go_by(world, 4)
    known = await p.books(world, reference)
    assert (known.books[0].paid_out, known.refunds) == (315_000, ())
    await p.agrees(world)


async def test_staff_move_it_to_others_and_those_are_paid_who_deliver(world: World) -> None:
    phone, reference = await paid(world, "6281200000073")
    body = {"kind": "place", "cause": "customer", "place": "villa-padi", "provider": "komang"}
    change = (await staff(world, reference, "changes", **body))["id"]
    await staff(world, reference, f"changes/{change}/confirm")
    await phone.expect("Your booking is now")
    await p.days_go_by(world, 6)
    known = await p.books(world, reference)
    sums: dict[str, int] = {}
    for payable in known.payables:
        sums[payable.payee] = sums.get(payable.payee, 0) + payable.net.amount
    assert {payee for payee, sum_ in sums.items() if sum_} == {"provider:komang", "place:villa-padi"}
    # Villa Padi has named no account yet: its share is kept for it
    assert {payout.payee for payout in known.payouts} == {"provider:komang"}
    assert (known.books[0].held, known.books[0].refunded) == (sums["place:villa-padi"], 0)
    await p.agrees(world)


async def test_a_dearer_time_that_is_never_paid_leaves_the_old_one_and_what_comes_too_late_goes_back(
    world: World,
) -> None:
    # an hour at which both who give it are free, so that the other one can be taken by somebody else
    phone, reference = await paid(world, "6281200000074", FIVE_DAYS.replace("afternoon", "evening"))
    before = await p.booking(world, reference)
    body = {"kind": "place", "cause": "customer", "place": "villa-karang", "provider": "komang"}
    quoted = await staff(world, reference, "changes", **body)
    change, account = quoted["id"], f"{reference}~{quoted['id']}"
    assert quoted["quote"]["to_pay"]["amount"] == 100_000
    await staff(world, reference, f"changes/{change}/confirm")
    await phone.expect("The new time is kept for you", kind="cta_url")
    assert (await p.booking(world, reference)).chosen == before.chosen
    await p.time_goes_on(world, timedelta(hours=3))
    told = await phone.expect("The difference did not come in time")
    assert "stays as it was" in told.text
    assert before.chosen is not None
    theirs = before.chosen.slot_id.replace(f"|{before.chosen.provider}|", "|komang|")
    theirs = theirs.replace(f"|{before.chosen.place}", "|villa-karang")
    await p.taken_by_somebody_else(world, replace(before, chosen=replace(before.chosen, slot_id=theirs)))
    await p.pay(world, f"{account}.1", channel="OVO", after_expiry=True)
    await p.days_go_by(world, 6)
    await refunded(world, account)
    stands = await p.booking(world, reference)
    assert stands.state in {State.CONFIRMED, State.REMINDER_SENT, State.COMPLETED}
    assert (stands.chosen, stands.booked_hold) == (before.chosen, before.booked_hold)
    (late,) = (await p.books(world, account)).books
    assert (late.captured, late.refunded, late.open, late.paid_out) == (100_000, 100_000, 0, 0)
    (books,) = (await p.books(world, reference)).books
    assert (books.paid_out, books.refunded) == (315_000, 0)
    await p.agrees(world)


async def test_a_dearer_time_that_is_paid_too_late_and_still_free_is_had_all_the_same(world: World) -> None:
    # told when it comes: without Xendit's tick box for it, our next look is a day away
    await p.habits(world, late_callbacks=True)
    phone, reference = await paid(world, "6281200000078")
    body = {"kind": "place", "cause": "customer", "place": "villa-karang", "provider": "komang"}
    change = (await staff(world, reference, "changes", **body))["id"]
    await staff(world, reference, f"changes/{change}/confirm")
    await phone.expect("The new time is kept for you", kind="cta_url")
    await p.time_goes_on(world, timedelta(hours=3))
    await phone.expect("The difference did not come in time")
    await p.pay(world, f"{reference}~{change}.1", channel="OVO", after_expiry=True)
    await phone.expect("Your booking is now")
    moved = await p.booking(world, reference)
    assert (moved.place, moved.modification, moved.state) == ("villa-karang", Modification.CONFIRMED, State.CONFIRMED)
    await p.days_go_by(world, 6)
    await p.agrees(world)
    (late,) = (await p.books(world, f"{reference}~{change}")).books
    assert (late.captured, late.refunded, late.open) == (100_000, 0, 0)


async def test_what_was_paid_in_part_counts_after_a_move_and_the_link_asks_what_is_said(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000075")
    reference = p.reference_in(await p.linked(phone, FIVE_DAYS))
    await world.told("POST", "/xendit/topup", {"amount": 500_000})
    await p.pay(world, f"{reference}.1", channel="OVO", amount=100_000)
    await phone.expect("250,000", kind="cta_url")
    body = {"kind": "place", "cause": "customer", "place": "villa-padi", "provider": "komang"}
    change = (await staff(world, reference, "changes", **body))["id"]
    await staff(world, reference, f"changes/{change}/confirm")

    async def asked() -> dict[str, Any] | None:
        found = await p.links(world, f"{reference}~2.1")
        return found[0] if found else None

    link = await until(asked, what="the link after the move")
    assert link["amount"] == 250_000
    await p.pay(world, f"{reference}~2.1", channel="OVO", amount=150_000)
    await phone.expect("100,000", kind="cta_url")
    await p.pay(world, f"{reference}~2.2", channel="OVO")
    await phone.expect("Paid and confirmed")
    await p.is_in(world, reference, State.CONFIRMED)
    await p.days_go_by(world, 6)
    books = [book for account in (reference, f"{reference}~2") for book in (await p.books(world, account)).books]
    # the provider has all of theirs; Villa Padi has named no account yet
    assert (sum(one.captured for one in books), sum(one.paid_out for one in books)) == (p.PRICE, 250_000)
    assert [one.open for one in books] == [0, 0]
    assert sum(one.held for one in books) == 65_000
    await p.agrees(world)
