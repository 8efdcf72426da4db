"""A visit in the place of one that went wrong: free as it was promised, and paid by whoever is charged."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.context import Context
from bot.dialogue import redos
from bot.dialogue.choice import priced_for
from bot.domain.booking import Booking
from bot.domain.change import Cause, ChangeKind
from bot.domain.states import State
from bot.lifecycle.quotes import QuoteDenied, quote
from payments.domain.money import Money
from payments.domain.splits import Party
from tests.bot.business.makers import sample
from tests.bot.changing import CUSTOMER, START, a_paid_booking, at, cancelling, slot, to
from tests.bot.makers import NOW

FREE = Money(0, "IDR")


def a_redo(provider: str = "komang", charged: Party = Party.PROVIDER) -> Booking:
    """Confirmed in the place of a paid massage by Ayu."""
    first = a_paid_booking(state=State.COMPLETED)
    promised = redos.promised(first, charged, at(NOW))
    new = Booking(
        first.reference,
        state=State.CONFIRMED,
        service=first.service,
        guests=1,
        place="villa-melati",
        chosen=slot(provider=provider, hold="hold-2"),
        booked_hold="hold-2",
        redo=promised,
        previous=(str(first.reference),),
    )
    assert new.chosen is not None
    return priced_for(new, new.chosen, at(NOW))


def test_the_same_service_is_free_whenever_it_is_and_anything_else_has_its_price() -> None:
    booking = a_redo()
    assert (booking.price, booking.needs_payment) == (FREE, False)
    later = quote(booking, to(slot(START + timedelta(days=2))), at(NOW))
    assert not isinstance(later, QuoteDenied)
    assert (later.price_after, later.to_pay) == (FREE, FREE)
    other = quote(booking, to(service="long-massage", kind=ChangeKind.SERVICE), at(NOW))
    assert not isinstance(other, QuoteDenied)
    assert other.price_after.amount > 0
    more = replace(booking, guests=2)
    assert more.chosen is not None
    priced = priced_for(more, more.chosen, at(NOW))
    assert priced.price is None or priced.price.amount > 0
    assert redos.order_of(priced, at(NOW), NOW) is None, "what is paid for is shared as ever"


def test_called_off_it_costs_and_returns_nothing() -> None:
    booking = a_redo()
    found = quote(booking, cancelling(by=CUSTOMER, cause=Cause.CUSTOMER), at(NOW))
    assert not isinstance(found, QuoteDenied)
    assert (found.to_refund, found.keep) == (FREE, FREE)


@pytest.mark.parametrize("charged", [Party.PROVIDER, Party.PLATFORM])
def test_what_is_owed_is_the_payout_of_whoever_delivers_it_whatever_the_first_one_had(charged: Party) -> None:
    order = redos.order_of(a_redo(charged=charged), at(NOW), NOW)
    assert order is not None
    paid = a_paid_booking()
    assert paid.price is not None
    assert 0 < order.amount.amount < paid.price.amount
    assert (order.keep, order.price, order.charged) == (paid.price, paid.price, charged)


def test_of_a_visit_that_nobody_paid_with_us_nothing_is_owed_here() -> None:
    unpaid = a_paid_booking(state=State.COMPLETED, paid=Money(0, "IDR"))
    assert redos.promised(unpaid, Party.PROVIDER, at(NOW)).terms is None
    booking = replace(a_redo(), redo=redos.promised(unpaid, Party.PROVIDER, at(NOW)))
    assert redos.order_of(booking, at(NOW), NOW) is None


def test_one_whose_house_has_another_currency_by_now_moves_no_money() -> None:
    booking = a_redo()
    other = Context(now=NOW, business=replace(sample(), currency="PHP"))
    order = redos.order_of(replace(booking, business_version=None), other, NOW)
    assert order is None or order.amount.currency == "IDR"


def test_one_that_went_wrong_again_is_paid_out_of_the_first_ones_money() -> None:
    first = a_redo("komang")
    owed = redos.order_of(first, at(NOW), NOW)
    assert owed is not None

    def again(provider: str, charged: Party) -> Booking:
        return replace(a_redo(provider), redo=redos.promised(first, charged, at(NOW)))

    own_cost = again("komang", Party.PROVIDER)
    assert redos.order_of(own_cost, at(NOW), NOW) is None, "komang made it wrong this time"
    other = again("ayu", Party.PROVIDER)
    assert other.redo is not None
    order = redos.order_of(other, at(NOW), NOW)
    assert order is not None
    assert order.accounts == owed.accounts
    assert not redos.may_be_charged(order, other.redo), "komang has no share of that money to bear it with"
    by_house = again("ayu", Party.PLATFORM)
    assert by_house.redo is not None
    paid_by_house = redos.order_of(by_house, at(NOW), NOW)
    assert paid_by_house is not None
    assert redos.may_be_charged(paid_by_house, by_house.redo)
