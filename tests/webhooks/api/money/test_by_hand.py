"""Money that people move by their word: goodwill, money received by hand, an account named for a customer."""

import asyncio
from typing import Any

import httpx
import pytest

from bot.domain.states import State
from payments.domain.refund import RefundState
from tests.journeys import payments as p
from tests.journeys.test_changes import FIVE_DAYS
from tests.journeys.world import World, until
from tests.webhooks.api.bookings.test_changes import asked, paid_massage, problem
from tests.webhooks.api.money.test_door import get, post

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]

Json = dict[str, Any]


async def give_back(world: World, reference: str, amount: int, **more: Any) -> httpx.Response:
    body = {"amount": amount, "reason": "the room was cold", "by": "Rina", **more}
    return await asked(world, reference, "refunds", **body)


async def is_known(world: World, reference: str, goodwill: int) -> None:
    """The read model has that much given back."""

    async def there() -> bool:
        found = (await p.booking(world, reference)).goodwill
        return found is not None and found.amount == goodwill

    await until(there, what="the goodwill in the read model")


async def unpaid(world: World, wa_id: str = "6281200000091") -> tuple[Any, str]:
    phone = await world.phone("Emma", wa_id=wa_id)
    return phone, p.reference_in(await p.linked(phone, FIVE_DAYS))


async def test_goodwill_goes_back_out_of_every_share_and_never_more_than_is_paid(world: World) -> None:
    phone, reference = await paid_massage(world)
    assert problem(await give_back(world, reference, 50_000, role="sales")) == (403, "may-not")
    assert problem(await give_back(world, reference, 50_000, reason=" "))[0] in {400, 422}
    assert problem(await give_back(world, reference, 0))[0] == 422
    assert problem(await give_back(world, reference, 350_001)) == (409, "too-much")
    tried = await give_back(world, reference, 50_000, dry_run=True)
    assert (tried.status_code, tried.json()["keep"]["amount"]) == (200, 300_000)
    assert (await p.booking(world, reference)).goodwill is None
    done = await give_back(world, reference, 50_000)
    assert (done.status_code, done.json()["keep"]["amount"], done.json()["ordered_by"]) == (201, 300_000, "Rina")
    assert (await p.booking(world, reference)).state is State.CONFIRMED
    # of what is there the policy keeps what it always keeps: half of the price
    quoted = await asked(world, reference, "changes", kind="cancel", cause="customer", by="Rina")
    assert quoted.json()["quote"]["to_refund"]["amount"] == 125_000
    await world.api.delete(f"/bookings/{reference}/changes/{quoted.json()['id']}")
    # what was given is not asked for again by a dearer time
    dearer = await asked(
        world, reference, "changes", kind="place", cause="customer", place="villa-karang", provider="komang"
    )
    assert dearer.status_code == 201, dearer.text
    assert dearer.json()["quote"]["to_pay"]["amount"] == 100_000
    await world.api.delete(f"/bookings/{reference}/changes/{dearer.json()['id']}")
    assert problem(await give_back(world, reference, 300_001)) == (409, "too-much")
    await p.days_go_by(world, 6)
    assert len(await p.texts(phone, "50,000")) >= 1
    (books,) = (await p.books(world, reference)).books
    assert (books.refunded, books.open, books.held) == (50_000, 0, 0)
    assert books.paid_out + books.platform + books.fees == 300_000
    await p.agrees(world)


async def test_an_ended_booking_gives_back_each_sum_that_was_promised_and_of_two_at_once_one_is_told(
    world: World,
) -> None:
    _, reference = await paid_massage(world)
    cancelled = await asked(world, reference, "cancel", cause="customer", reason="flight", by="Rina", refund=100_000)
    assert cancelled.status_code == 200, cancelled.text
    both = await asyncio.gather(*(give_back(world, reference, 20_000) for _ in range(2)))
    codes = sorted(answer.status_code for answer in both)
    assert codes in ([201, 409], [201, 201]), [answer.text for answer in both]
    given = 20_000 * codes.count(201)
    await is_known(world, reference, given)
    assert problem(await give_back(world, reference, 250_001 - given)) == (409, "too-much")
    assert (await give_back(world, reference, 30_000)).status_code == 201
    await is_known(world, reference, given + 30_000)
    closed = await p.booking(world, reference)
    assert closed.kept is not None
    assert (closed.kept.amount.amount, closed.kept.by) == (220_000 - given, "Rina")
    await p.days_go_by(world, 6)
    (books,) = (await p.books(world, reference)).books
    assert (books.refunded, books.open) == (130_000 + given, 0)
    await p.agrees(world)


async def test_cash_confirms_the_booking_and_its_shares_wait_until_it_is_deposited(world: World) -> None:
    phone, reference = await unpaid(world)
    assert problem(await asked(world, reference, "receipts", amount=1_000, way="cash", role="sales")) == (
        403,
        "may-not",
    )
    assert problem(await asked(world, reference, "receipts", amount=350_001, way="cash")) == (409, "more-than-due")
    assert problem(await asked(world, reference, "receipts", amount=350_000, way="gold"))[0] == 422
    body = {"amount": p.PRICE, "way": "cash", "by": "Dewi"}
    tried = await asked(world, reference, "receipts", **body, dry_run=True)
    assert (tried.status_code, (await p.booking(world, reference)).state) == (200, State.PAYMENT_PENDING)
    received = await asked(world, reference, "receipts", **body)
    assert received.status_code == 201, received.text
    await phone.expect("Paid and confirmed")
    assert (await p.is_in(world, reference, State.CONFIRMED)).paid is not None
    assert problem(await asked(world, reference, "receipts", **body)) == (409, "nothing-due")
    await world.told("POST", "/xendit/topup", {"amount": 500_000})
    await p.days_go_by(world, 3)
    known = await p.books(world, reference)
    assert (known.books[0].captured, known.books[0].paid_out, known.payouts) == (p.PRICE, 0, ())
    assert all(link["status"] != "PENDING" for link in await p.links(world))
    await p.agrees(world)
    (waiting,) = (await get(world, "/money/receipts"))["items"]
    assert (waiting["account"], waiting["received_by"], waiting["amount"]["amount"]) == (reference, "Dewi", p.PRICE)
    put: Json = {"account": reference, "receipt": waiting["id"], "by": "Dewi"}
    await post(world, "/money/deposits", **put, dry_run=True)
    await post(world, "/money/deposits", **put)
    await post(world, "/money/deposits", 409, **put)
    await post(world, "/money/deposits", 404, **{**put, "receipt": "nothing"})
    assert (await get(world, "/money/receipts"))["items"] == []
    await p.days_go_by(world, 2)
    (books,) = (await p.books(world, reference)).books
    assert (books.paid_out, books.held, books.open) == (315_000, 0, 0)
    await p.agrees(world)


async def test_part_of_it_by_hand_brings_a_link_for_the_rest(world: World) -> None:
    phone, reference = await unpaid(world)
    received = await asked(world, reference, "receipts", amount=100_000, way="bank", by="Dewi")
    assert received.status_code == 201, received.text
    await phone.expect("250,000", kind="cta_url")
    await p.pay(world, f"{reference}.2", channel="OVO")
    await phone.expect("Paid and confirmed")
    (books,) = (await p.books(world, reference)).books
    assert (books.captured, books.open) == (p.PRICE, 0)


async def test_a_refund_goes_to_the_account_that_staff_enter_and_the_customer_is_asked_no_more(world: World) -> None:
    phone, reference = await unpaid(world)
    await world.told("POST", "/xendit/topup", {"amount": 500_000})
    await p.pay(world, f"{reference}.1", channel="BRI")
    await phone.expect("Paid and confirmed")
    done = await asked(world, reference, "cancel", cause="business", reason="closed", by="Rina")
    assert done.status_code == 200, done.text

    async def waits() -> str | None:
        await p.money_of(world).rounds.sweep()
        refunds = (await p.books(world, reference)).refunds
        return str(refunds[0].id) if refunds and refunds[0].state is RefundState.NEEDS_ACCOUNT else None

    way = f"/money/refunds/{await until(waits, what='the refund')}/account"
    await phone.expect("bank")
    account: Json = {"channel": "ID_BCA", "number": "1234567890", "holder": "Emma Woods", "by": "Rina"}
    for wrong in ({"channel": "ID_NOBANK"}, {"number": "12"}, {"holder": "7"}):
        await post(world, way, 422, **{**account, **wrong})
    await post(world, way, 403, **account, role="sales")
    await post(world, "/money/refunds/rf-nothing/account", 404, **account)
    tried = await post(world, way, **account, dry_run=True)
    assert tried["account"]["number"] == "••••7890"
    await post(world, way, **account)
    stored = await world.stored((await world.lead_of(phone))["id"])
    assert stored.lead.account_questions == ()
    await p.days_go_by(world, 6)
    (refund,) = (await p.books(world, reference)).refunds
    assert (refund.state, refund.amount.amount) == (RefundState.SUCCEEDED, p.PRICE)
    await post(world, way, 409, **account)
    rows = await world.process.database["audit"].find({"what": "refund_account_named"}).to_list(None)
    assert [dict(row["facts"])["number"] for row in rows] == ["••••7890"]
    await p.agrees(world)


async def test_what_goes_back_after_the_visit_is_borne_by_whose_fault_it_was(world: World) -> None:
    _, reference = await paid_massage(world)
    assert problem(await give_back(world, reference, 50_000, borne_by="provider")) == (409, "not-over")
    assert problem(await give_back(world, reference, 50_000, borne_by="nobody")) == (422, "unknown-party")
    chosen = (await p.booking(world, reference)).chosen
    assert chosen is not None
    await p.time_goes_on(world, chosen.end - await world.process.parts.clock.business_now())
    came = await world.api.post(f"/bookings/{reference}/show-up", json={"showed_up": True})
    assert came.status_code in {200, 202}, came.text
    await p.is_in(world, reference, State.COMPLETED)
    assert problem(await give_back(world, reference, 50_000, borne_by="referrer")) == (409, "no-share")

    async def shares() -> dict[str, int]:
        found: dict[str, int] = {}
        for one in (await world.api.get(f"/bookings/{reference}")).json()["payables"]:
            found[one["party"]] = found.get(one["party"], 0) + one["amount"]["amount"]
        return found

    before = await shares()
    done = await give_back(world, reference, 50_000, borne_by="provider")
    assert (done.status_code, done.json()["borne_by"]) == (201, "provider")
    await is_known(world, reference, 50_000)

    async def charged() -> bool:
        await p.money_of(world).rounds.sweep()
        return await shares() != before

    await until(charged, what="the provider's part of it")
    assert await shares() == before | {"provider": before["provider"] - 50_000}
    await p.days_go_by(world, 2)
    (books,) = (await p.books(world, reference)).books
    assert (books.refunded, books.open) == (50_000, 0)
