"""Money that the channel cannot return goes to an account the customer names in the chat, through real doors."""

from datetime import timedelta

import pytest

from bot.domain.states import PaymentStatus, State
from payments.domain.refund import RefundState
from simulator.customer import Phone
from tests.journeys import payments as p
from tests.journeys.world import World, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

NUMBER, HOLDER = "9988776655", "Budi Santoso"


async def asked_for_an_account(world: World, phone: Phone) -> str:
    """Money that came late by a bank transfer, for a time that is gone: nobody chose another, so it goes back."""
    reference = p.reference_in(await p.linked(phone))
    await p.time_goes_on(world, timedelta(hours=2, minutes=5))
    await phone.expect("The time to pay")
    await p.taken_by_somebody_else(world, await p.is_in(world, reference, State.CANCELLED))
    await p.habits(world, late_callbacks=True)
    # the fee of a refunded payment does not come back: the house bears it, and the payout's fee too
    await world.told("POST", "/xendit/topup", {"amount": 100_000})
    await p.pay(world, f"{reference}.1", channel="BRI")
    await phone.expect("that time has been taken meanwhile")
    await phone.say("no thanks, cancel it")
    await phone.expect("To which bank or e-wallet", kind="list")
    return reference


async def named(phone: Phone) -> None:
    """The account, up to its reading back."""
    await phone.tap("BCA")
    await phone.expect("What is the account number")
    await phone.say(NUMBER)
    await phone.expect("In whose name")
    await phone.say(HOLDER)
    readback = await phone.expect("Is that right?")
    assert HOLDER in readback.text
    assert "••••6655" in readback.text
    assert NUMBER not in readback.text


async def refund_is(world: World, reference: str, state: RefundState) -> None:
    """As soon as the only refund of that money is in that state."""

    async def there() -> bool:
        (refund,) = (await p.books(world, reference)).refunds
        return refund.state is state

    await until(there, what=f"the refund {state}")


async def test_the_money_arrives_at_the_account_and_the_books_agree(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000071")
    reference = await asked_for_an_account(world, phone)
    await named(phone)
    assert (await p.books(world, reference)).refunds[0].state is RefundState.NEEDS_ACCOUNT
    await phone.tap("Yes, send it")
    await phone.expect("goes to BCA ••••6655")
    await p.days_go_by(world, 1, calmly=True)
    await phone.expect("has been sent back to you")
    await refund_is(world, reference, RefundState.SUCCEEDED)
    (books,) = (await p.books(world, reference)).books
    assert (books.captured, books.refunded, books.open, books.paid_out) == (p.PRICE, p.PRICE, 0, 0)
    sent = (await world.control.get("/xendit/payouts")).raise_for_status().json()
    (payout,) = sent["items"] if isinstance(sent, dict) else sent
    assert payout["channel_code"] == "ID_BCA"
    await p.days_go_by(world, 3)
    await p.agrees(world)


async def test_an_account_the_bank_refuses_is_asked_for_again(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000072")
    reference = await asked_for_an_account(world, phone)
    await named(phone)
    await world.told("POST", "/xendit/failures", {"payouts": ["INVALID_DESTINATION"]})
    await phone.tap("Yes, send it")
    await phone.expect("goes to BCA")
    await p.days_go_by(world, 1, calmly=True)
    await phone.expect("The bank did not take the account", kind="list")
    await refund_is(world, reference, RefundState.NEEDS_ACCOUNT)
    await named(phone)
    await phone.tap("Yes, send it")
    await phone.expect("goes to BCA")
    await p.days_go_by(world, 4)
    await phone.expect("has been sent back to you")
    (books,) = (await p.books(world, reference)).books
    assert (books.captured, books.refunded, books.open) == (p.PRICE, p.PRICE, 0)
    await p.agrees(world)


async def test_whatever_happens_to_the_call_the_money_arrives_once(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000076")
    reference = await asked_for_an_account(world, phone)
    await named(phone)
    for kind in ("html_502_after", "reset_after", "cut", "error_500_before"):
        await p.fault(world, kind, "create_payout")
    await p.fault(world, "drop", "payout.succeeded")
    await phone.tap("Yes, send it")
    await phone.expect("goes to BCA")
    await p.days_go_by(world, 4)
    await phone.expect("has been sent back to you")
    (books,) = (await p.books(world, reference)).books
    assert (books.captured, books.refunded, books.open) == (p.PRICE, p.PRICE, 0)
    assert len(await p.texts(phone, "has been sent back to you")) == 1
    await p.agrees(world)


async def test_two_answers_nobody_can_use_call_a_person_and_the_money_waits(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000073")
    reference = await asked_for_an_account(world, phone)
    await phone.tap("BCA")
    await phone.expect("What is the account number")
    await phone.say("123")
    await phone.expect("it has 10 digits")
    await phone.say("I forgot it")
    await phone.expect("I have called a person")
    lead = await world.lead_of(phone)
    assert lead["mode"] == "agent"
    assert (await p.books(world, reference)).refunds[0].state is RefundState.NEEDS_ACCOUNT


async def test_the_account_stands_nowhere_in_the_clear(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000074")
    await asked_for_an_account(world, phone)
    await named(phone)
    await phone.tap("Yes, send it")
    await phone.expect("goes to BCA")
    await world.quiet()
    database = world.process.database
    for name in await database.list_collection_names():
        async for row in database[name].find({}):
            assert NUMBER not in str(row), name
            assert HOLDER not in str(row), name


async def test_a_refund_that_came_through_is_shown_on_the_released_booking(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000075")
    reference = await asked_for_an_account(world, phone)
    await named(phone)
    await phone.tap("Yes, send it")
    await p.days_go_by(world, 1, calmly=True)
    await phone.expect("has been sent back to you")
    await world.quiet()
    assert (await p.booking(world, reference)).payment_status is PaymentStatus.REFUNDED
