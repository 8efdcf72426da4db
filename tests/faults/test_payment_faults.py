"""Money when the outside misbehaves: each trouble leads to the same booking and the same books."""

import json
from datetime import timedelta

import httpx
import pytest

from bot.domain.states import PaymentStatus, State
from tests.conftest import sampled
from tests.journeys import payments as p
from tests.journeys.world import World, opened, until
from tests.payments.house import FAULTS

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]


@pytest.mark.parametrize("kind", sampled(FAULTS, every=6))
async def test_whatever_happens_to_the_call_the_customer_gets_one_link_and_one_is_paid(
    mongodb_uri: str, kind: str
) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000031")
        await p.fault(world, kind, "create_invoice")
        await p.ordered(phone)
        await _until_linked(world)
        link = await phone.expect("Please pay by", kind="cta_url", timeout=30)
        reference = p.reference_in(link)
        alive = [one for one in await p.links(world) if one["status"] == "PENDING"]
        assert [one["invoice_url"] for one in alive] == list(link.links)
        await p.pay(world, f"{reference}.1")
        await phone.expect("Paid and confirmed")
        await world.quiet()
        assert len(await p.texts(phone, "Please pay by")) == 1
        assert len(await p.texts(phone, "Paid and confirmed")) == 1
        await p.days_go_by(world, 5)
        (books,) = (await p.books(world, reference)).books
        assert (books.captured, books.paid_out, books.held, books.open) == (p.PRICE, 315_000, 0, 0)
        await p.agrees(world)


async def _until_linked(world: World) -> None:
    """What waits for its next look at the provider gets it: business time moves on a little."""
    held = p.money_of(world)

    async def linked() -> bool:
        page = await world.process.parts.bookings.page(None, "PAYMENT_PENDING", 10, None)
        if not page.bookings:
            return False
        known = await held.cashier.money_of(page.bookings[0].booking.account)
        if known.invoice is None or known.invoice.attempt is None:
            return False
        if known.invoice.attempt.url is None and known.invoice.attempt.asked_at is not None:
            await p.time_goes_on(world, timedelta(seconds=35))
        elif known.invoice.attempt.url is None:
            await p.time_goes_on(world, timedelta(seconds=65))
        return known.invoice.attempt.url is not None

    await until(linked, timeout=40, what="a link", poll=0.3)


async def test_a_callback_that_is_faster_than_the_answer_confirms_once(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000032")
        await p.fault(world, "callback_first", "create_invoice", channel="QRIS")
        await p.ordered(phone)
        receipt = await phone.expect("Paid and confirmed")
        await world.quiet()
        assert len(await p.texts(phone, "Paid and confirmed")) == 1
        assert (await p.booking(world, p.reference_in(receipt))).payment_status is PaymentStatus.PAID


@pytest.mark.parametrize("kind", ["double", "parallel"])
async def test_paid_told_twice_is_one_payment_and_one_receipt(mongodb_uri: str, kind: str) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000033")
        reference = p.reference_in(await p.linked(phone))
        await p.fault(world, kind, "invoice.paid", copies=3)
        await p.pay(world, f"{reference}.1")
        await phone.expect("Paid and confirmed")
        await world.quiet()
        assert len(await p.texts(phone, "Paid and confirmed")) == 1
        (books,) = (await p.books(world, reference)).books
        assert (books.captured, books.open) == (p.PRICE, 0)


async def test_a_lost_callback_is_found_by_looking(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000034")
        reference = p.reference_in(await p.linked(phone))
        await p.fault(world, "drop", "invoice.paid")
        await p.pay(world, f"{reference}.1")
        # at the deadline the link cannot be ended, since it was paid: the booking is confirmed, not released
        await p.time_goes_on(world, timedelta(hours=2, minutes=10))
        await phone.expect("Paid and confirmed")
        await p.is_in(world, reference, State.CONFIRMED)


async def test_expired_after_paid_changes_nothing(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000035")
        reference = p.reference_in(await p.linked(phone))
        await p.pay(world, f"{reference}.1")
        await phone.expect("Paid and confirmed")
        (invoice,) = await p.links(world, f"{reference}.1")
        await _callback(world, {**_short(invoice), "status": "EXPIRED"}, "expired-late")
        await world.quiet()
        assert (await p.booking(world, reference)).state is State.CONFIRMED


async def test_a_link_that_dies_early_is_said_with_its_buttons_and_replaced_by_a_tap(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000036")
        reference = p.reference_in(await p.linked(phone))
        await p.habits(world, expired_callbacks=True)
        await world.told("POST", "/xendit/expire", {"invoice": f"{reference}.1"})
        await phone.expect("did not go through")
        await phone.tap("Try again")
        await phone.expect("Here is a new payment link", kind="cta_url")
        await p.pay(world, f"{reference}.2")
        await phone.expect("Paid and confirmed")


async def test_less_money_is_recorded_and_the_rest_asked(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000037")
        reference = p.reference_in(await p.linked(phone))
        await p.pay(world, f"{reference}.1", amount=100_000)
        rest = await phone.expect("Still to pay", kind="cta_url")
        assert "IDR 250,000" in rest.text
        assert (await p.booking(world, reference)).payment_status is PaymentStatus.PARTIALLY_PAID
        await p.pay(world, f"{reference}.2")
        await phone.expect("Paid and confirmed")
        (books,) = (await p.books(world, reference)).books
        assert (books.captured, books.open) == (p.PRICE, 0)


async def test_more_money_confirms_and_the_surplus_is_a_persons(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000038")
        reference = p.reference_in(await p.linked(phone))
        await p.pay(world, f"{reference}.1", amount=400_000)
        await phone.expect("Paid and confirmed")
        await phone.expect("not as expected")
        assert (await world.lead_of(phone))["waits_for_person"]
        (books,) = (await p.books(world, reference)).books
        assert (books.captured, books.open) == (400_000, 50_000)


async def test_another_currency_confirms_nothing_and_is_a_persons(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000040")
        reference = p.reference_in(await p.linked(phone))
        await p.pay(world, f"{reference}.1", channel="GCASH", amount=2_000, currency="PHP")
        await phone.expect("not as expected")
        assert (await p.booking(world, reference)).state is State.PAYMENT_PENDING
        assert (await world.lead_of(phone))["waits_for_person"]
        open_money = {books.currency: books.open for books in (await p.books(world, reference)).books}
        assert open_money == {"PHP": 200_000}


async def test_payouts_survive_whatever_happens_to_their_calls(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000041")
        reference = p.reference_in(await p.linked(phone))
        await p.pay(world, f"{reference}.1")
        await phone.expect("Paid and confirmed")
        for kind in ("html_502_after", "reset_after", "cut", "error_500_before"):
            await p.fault(world, kind, "create_payout")
        await p.fault(world, "drop", "payout.succeeded")
        await p.days_go_by(world, 6)
        (books,) = (await p.books(world, reference)).books
        assert (books.captured, books.paid_out, books.held) == (p.PRICE, 315_000, 0)
        await p.agrees(world)


async def test_a_payout_the_bank_refuses_calls_a_person_and_holds_the_share(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000042")
        reference = p.reference_in(await p.linked(phone))
        await p.pay(world, f"{reference}.1")
        await phone.expect("Paid and confirmed")
        await world.told("POST", "/xendit/failures", {"payouts": ["INVALID_DESTINATION"]})
        await p.days_go_by(world, 6)
        (books,) = (await p.books(world, reference)).books
        assert books.held + books.paid_out == 315_000
        assert books.held > 0

        async def waits() -> bool:
            return bool((await world.lead_of(phone))["waits_for_person"])

        await until(waits, what="a person called")
        await p.agrees(world)


async def test_a_forged_sum_or_link_moves_nothing(mongodb_uri: str) -> None:
    """The token is no signature: who once saw it cannot invent money."""
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000039")
        reference = p.reference_in(await p.linked(phone))
        (invoice,) = await p.links(world, f"{reference}.1")
        paid = {**_short(invoice), "status": "PAID", "paid_amount": p.PRICE, "payment_id": "x", "id": "f" * 24}
        await _callback(world, paid, "other-link")
        await world.quiet()
        assert (await p.booking(world, reference)).state is State.PAYMENT_PENDING
        assert (await p.books(world, reference)).books == ()


def _short(invoice: dict[str, object]) -> dict[str, object]:
    return {key: invoice[key] for key in ("id", "external_id", "amount", "currency", "status")}


async def _callback(world: World, body: dict[str, object], webhook_id: str) -> None:
    headers = {"x-callback-token": world.simulator.xendit_webhook_token, "webhook-id": webhook_id}
    async with httpx.AsyncClient(base_url=world.url, trust_env=False) as client:
        answer = await client.post("/webhooks/xendit", content=json.dumps(body), headers=headers)
    assert answer.status_code == 200

    async def handled() -> bool:
        row = await world.process.database["received"].find_one({"_id": f"xendit:{webhook_id}"})
        return row is not None and row["state"] != "new"

    await until(handled, what="the callback handled")
