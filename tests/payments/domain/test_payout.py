"""A payout says of itself whether it ever waited for a person, so that whoever was called hears that it goes on."""

from datetime import timedelta

from payments.domain import news
from payments.domain.events import PayoutChanged, TransferStatus
from payments.domain.payout import Payout, PayoutPace, PayoutState, plan_payouts
from tests.payments.makers import NOON, account, payable


def planned() -> Payout:
    (draft,) = plan_payouts([payable("a")], {account().payee: account()}, {}, PayoutPace.EACH, NOON)
    return draft.ready(NOON).asked(NOON, NOON + timedelta(minutes=1))


def heard(payout: Payout, status: TransferStatus, code: str | None = None) -> Payout:
    assert payout.send is not None
    return payout.apply(PayoutChanged(payout.send.key, "disb-1", status, code), NOON)


def test_one_that_went_its_way_called_nobody() -> None:
    arrived = heard(planned(), TransferStatus.SUCCEEDED)
    assert (arrived.state, news.of_payout(arrived).was_stuck) == (PayoutState.SUCCEEDED, False)


def test_one_that_was_refused_says_so_also_when_it_arrives_all_the_same() -> None:
    refused = planned().refused("INVALID_DESTINATION")
    assert news.of_payout(refused).needs_person
    arrived = heard(refused, TransferStatus.SUCCEEDED)
    told = news.of_payout(arrived)
    assert (arrived.state, told.needs_person, told.was_stuck) == (PayoutState.SUCCEEDED, False, True)


def test_one_that_failed_for_good_says_so_when_a_person_sends_it_again() -> None:
    failed = heard(planned(), TransferStatus.FAILED, "INVALID_DESTINATION")
    assert (failed.state, failed.was_stuck) == (PayoutState.PERSON, True)
    assert news.of_payout(failed.retried(account(), "Dewi", NOON)).was_stuck
