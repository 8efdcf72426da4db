"""What can be done with a booking now, with its price, from one source for chat, API and console."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.booking import Booking
from bot.domain.change import Cause, Change, ChangeKind, ChangeQuote, Requester
from bot.domain.states import Modification, PaymentStatus, State
from bot.lifecycle.actions import Action, ActionPrice, ActionType, actions
from bot.lifecycle.quotes import arrangement_of, quote
from payments.domain.money import Money
from tests.bot.business.makers import sample
from tests.bot.changing import CUSTOMER, PRICE, STAFF, START, a_paid_booking, at, cancelling
from tests.bot.makers import NOW

A = ActionType


def found(booking: Booking, by: Requester = CUSTOMER, days: float = 5, **business: Any) -> dict[ActionType, Action]:
    seen = at(START - timedelta(days=days), replace(sample(), **business))
    return {action.type: action for action in actions(booking, seen, by)}


def test_a_paid_booking_is_moved_for_nothing_and_cancelled_for_half() -> None:
    offered = found(a_paid_booking())
    assert set(offered) == {A.CHANGE_TIME, A.CHANGE_PLACE, A.DETAILS, A.CANCEL, A.TALK_TO_PERSON}
    assert (offered[A.CHANGE_TIME].price, offered[A.CHANGE_TIME].needs_yes) == (ActionPrice.NO_COST, True)
    cancel = offered[A.CANCEL]
    assert (cancel.price, cancel.amount, cancel.needs_yes) == (ActionPrice.REFUND_OF, Money(175_000, "IDR"), True)
    assert cancel.quote is not None
    assert (cancel.label, cancel.description) == ("action.label.cancel", "action.description.refund_of")


def test_what_an_action_says_is_what_its_quote_says() -> None:
    booking = a_paid_booking()
    given = quote(booking, cancelling(), at(NOW))
    assert found(booking)[A.CANCEL].quote == given


def test_close_to_the_start_a_change_has_its_fee_and_nothing_comes_back() -> None:
    offered = found(a_paid_booking(), days=0.2)
    assert (offered[A.CHANGE_TIME].price, offered[A.CHANGE_TIME].amount) == (ActionPrice.FEE_OF, Money(87_500, "IDR"))
    assert offered[A.CANCEL].price is ActionPrice.NO_REFUND


def test_a_policy_without_changes_offers_none_to_customers() -> None:
    assert A.CHANGE_TIME not in found(a_paid_booking(), policy="none")
    assert A.CHANGE_TIME in found(a_paid_booking(), STAFF, policy="none")


def test_after_the_start_only_staff_can_do_something() -> None:
    assert set(found(a_paid_booking(), days=-0.1)) == {A.TALK_TO_PERSON}
    assert set(found(a_paid_booking(), STAFF, days=-0.1)) == {A.CANCEL, A.MARK_CAME, A.MARK_ABSENT}


def test_an_unpaid_booking_is_paid_first() -> None:
    unpaid = a_paid_booking(
        state=State.PAYMENT_PENDING,
        payment_status=PaymentStatus.PENDING,
        accounts=(),
        pay_url="https://checkout.example.com/1",
        pay_by=NOW + timedelta(hours=2),
    )
    offered = actions(replace(unpaid, paid=None), at(NOW), CUSTOMER)
    assert (offered[0].type, offered[0].urgent, offered[0].amount) == (A.PAY, True, PRICE)
    assert {action.type for action in offered} >= {A.ANOTHER_LINK, A.CHANGE_TIME, A.CANCEL}


def test_a_link_that_nobody_has_a_deadline_for_yet_names_none() -> None:
    unpaid = a_paid_booking(state=State.PAYMENT_PENDING, payment_status=PaymentStatus.PENDING, accounts=())
    offered = {action.type: action for action in actions(replace(unpaid, paid=None), at(NOW), CUSTOMER)}
    assert (offered[A.ANOTHER_LINK].price, offered[A.ANOTHER_LINK].until) == (ActionPrice.NO_COST, None)


def with_change(**changes: Any) -> Booking:
    booking = a_paid_booking(modification=Modification.REQUESTED)
    given = quote(booking, cancelling(), at(NOW))
    assert isinstance(given, ChangeQuote)
    before = arrangement_of(booking)
    change = Change("C1", ChangeKind.CANCEL, Cause.CUSTOMER, CUSTOMER, NOW, before=before, quote=given)
    return replace(booking, change=replace(change, **changes))


def test_an_open_quote_is_confirmed_or_withdrawn_and_no_second_change_begun() -> None:
    offered = found(with_change())
    assert (offered[A.CONFIRM_CHANGE].change, offered[A.CONFIRM_CHANGE].urgent) == ("C1", True)
    assert offered[A.WITHDRAW_CHANGE].price is ActionPrice.NO_COST
    assert A.CHANGE_TIME not in offered
    # calling off takes the place of any other change
    assert A.CANCEL in offered


def test_a_difference_that_is_awaited_is_paid_or_the_change_withdrawn() -> None:
    waiting = replace(with_change(accepted_at=NOW, pay_by=NOW), modification=Modification.AWAITING_PAYMENT)
    assert {A.PAY, A.WITHDRAW_CHANGE} <= set(found(waiting))
    assert A.CONFIRM_CHANGE not in found(waiting)


@pytest.mark.parametrize("state", [State.CANCELLED, State.NO_SHOW, State.COMPLETED])
def test_what_has_ended_can_be_booked_again(state: State) -> None:
    assert set(found(a_paid_booking(state=state))) == {A.REBOOK, A.TALK_TO_PERSON}


def test_finance_neither_moves_nor_cancels() -> None:
    assert A.CANCEL not in found(a_paid_booking(), Requester("tono", "finance"))
