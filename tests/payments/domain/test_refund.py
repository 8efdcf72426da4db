"""A refund to a named account: what the bank refuses is asked for again, everything else as ever."""

from dataclasses import replace

import pytest

from payments.domain.events import PayoutChanged, TransferStatus
from payments.domain.ids import InvoiceId, RefundId
from payments.domain.payees import Destination
from payments.domain.refund import ACCOUNT_REFUSED, Refund, RefundState, plan_refund
from tests.payments.makers import NOON, idr, invoice, paid

OLD, NEW = Destination("ID_BCA", "1111111111", "Budi"), Destination("ID_BNI", "22222222", "Budi")


def asked() -> Refund:
    """By a channel that cannot take money back; sent to the first account the guest named."""
    payment = invoice().apply(paid(channel="BRI"), NOON).payments[0]
    planned = plan_refund(RefundId("rf-1"), "BK1", payment, invoice=InvoiceId("i"), amount=idr(100), now=NOON)
    assert planned.state is RefundState.NEEDS_ACCOUNT
    return planned.sent_to(OLD, NOON).asked(NOON, NOON)


def failed(refund: Refund, code: str) -> Refund:
    assert refund.send is not None
    return refund.apply(PayoutChanged(refund.send.key, "disb-1", TransferStatus.FAILED, code), NOON)


@pytest.mark.parametrize("code", sorted(ACCOUNT_REFUSED))
def test_an_account_that_is_refused_is_asked_for_again_whenever_it_is_told(code: str) -> None:
    for refund in (failed(asked(), code), asked().refused(code, NOON)):
        assert (refund.state, refund.reason) == (RefundState.NEEDS_ACCOUNT, code)
        assert refund.revision > asked().revision


def test_the_next_account_gets_a_sending_of_its_own_and_the_money_leaves_once() -> None:
    again = failed(asked(), "INVALID_DESTINATION").sent_to(NEW, NOON).asked(NOON, NOON)
    assert again.destination == NEW
    assert len({send.key for send in again.sends}) == 2
    assert not again.is_out


def test_a_channel_that_refuses_before_an_account_is_known_is_no_refused_account() -> None:
    bare = replace(asked(), destination=None)
    assert failed(bare, "INVALID_DESTINATION").state is RefundState.PERSON


def test_an_account_told_twice_is_told_once() -> None:
    """The order to send may be done again after a crash; a sending under way keeps its account and its key."""
    refund = asked()
    assert refund.sent_to(NEW, NOON) == refund
    ready = replace(refund, state=RefundState.READY)
    assert ready.sent_to(NEW, NOON) == ready
