"""Small decisions about money, each by its rule: deadlines, retries, settlement days, refunds,
the guard."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from payments.domain import ids, money, payables, policies, refund, settlement, splits
from payments.domain.balance import BalanceGuard
from payments.domain.events import PayoutChanged, TransferStatus
from payments.domain.ids import IdempotencyKey, PaymentKey, PayoutId
from payments.domain.invoice import Invoice
from payments.domain.ledger import LedgerAccount, LedgerEntry, Posting, Unbalanced
from payments.domain.money import CurrenciesDiffer, FractionOfMinorUnit, Money, UnknownCurrency
from payments.domain.payables import Payable
from payments.domain.payout import Payout, PayoutPace, PayoutState, plan_payouts
from payments.domain.policies import PaymentPolicy
from payments.domain.splits import FeeBearer, FixedPayoutSplit, NotAWhole, Party, PercentSplit, SharesDoNotFit
from payments.domain.terms import FallbackIsAbsent, Payee, ReleaseRule, Terms
from payments.domain.transfer import AskPerson, RetryAfter, WaitForSettlement, after_failure
from payments.gateway import InvoiceRequest, NotWholeUnits, OutsideLimits, PayoutRequest
from payments.gateways.xendit import requests
from tests.payments.makers import NOON, PAY_BY, account, idr, invoice, paid, row, terms

HOUR = timedelta(hours=1)


def test_money_knows_its_decimals_and_never_rounds_unasked() -> None:
    assert Money(350_000, "IDR").units == Decimal(350_000)
    assert Money(1_050, "PHP").units == Decimal("10.50")
    assert money.of_units(Decimal("10.5"), "PHP") == Money(1_050, "PHP")
    with pytest.raises(FractionOfMinorUnit):
        money.of_units(Decimal("24779.95"), "IDR")
    with pytest.raises(CurrenciesDiffer):
        Money(1, "IDR") + Money(1, "PHP")
    with pytest.raises(UnknownCurrency):
        Money(1, "RUPIAH")


def test_percent_shares_leave_the_odd_unit_to_the_provider() -> None:
    rule = PercentSplit(provider=3_333, facility=3_333, platform=3_334)
    shares = splits.plan_shares(idr(100), rule, {Party.PROVIDER, Party.FACILITY})
    assert [(s.party, s.amount.amount) for s in shares] == [
        (Party.PROVIDER, 34),
        (Party.FACILITY, 33),
        (Party.PLATFORM, 33),
    ]


def test_a_thousand_is_shared_seventy_twenty_five_and_five_as_the_seeds_say() -> None:
    everybody = {Party.PROVIDER, Party.PLATFORM, Party.REFERRING_AGENT}
    shares = splits.plan_shares(idr(1_000), splits.DEFAULT_SPLIT, everybody)
    assert {s.party: s.amount.amount for s in shares} == {
        Party.PROVIDER: 700,
        Party.PLATFORM: 250,
        Party.REFERRING_AGENT: 50,
    }


def test_an_absent_agent_leaves_its_share_to_the_platform() -> None:
    shares = splits.plan_shares(idr(1_000), splits.DEFAULT_SPLIT, {Party.PROVIDER})
    assert {s.party: s.amount.amount for s in shares} == {Party.PROVIDER: 700, Party.PLATFORM: 300}


def test_a_fixed_payout_is_kept_to_the_unit_and_the_rest_is_shared() -> None:
    rule = FixedPayoutSplit(idr(250_000), facility=6_500, platform=3_500)
    shares = splits.plan_shares(idr(300_001), rule, {Party.PROVIDER, Party.FACILITY})
    assert {s.party: s.amount.amount for s in shares} == {
        Party.PROVIDER: 250_000,
        Party.FACILITY: 32_500,
        Party.PLATFORM: 17_501,
    }
    with pytest.raises(SharesDoNotFit):
        splits.plan_shares(idr(249_999), rule, {Party.PROVIDER})


def test_a_rule_that_is_no_whole_is_refused() -> None:
    with pytest.raises(NotAWhole):
        PercentSplit(provider=7_000)
    with pytest.raises(FallbackIsAbsent):
        Terms(fallback=Party.FACILITY)


def test_pay_by_is_the_earliest_of_its_limits() -> None:
    policy = PaymentPolicy(payment_window=2 * HOUR, pay_notice=HOUR)
    far = NOON + timedelta(days=9)
    assert policies.pay_by(NOON, far, far, policy) == NOON + 2 * HOUR
    assert policies.pay_by(NOON, NOON + 2 * HOUR, far, policy) == NOON + HOUR
    assert policies.pay_by(NOON, far, NOON + 2 * HOUR, policy) == NOON + HOUR
    days = PaymentPolicy(payment_window=timedelta(days=3), may_outlast_window=True)
    assert policies.pay_by(NOON, far, NOON + 2 * HOUR, days) == NOON + timedelta(days=3)


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("BNI", datetime(2026, 11, 20, 5, tzinfo=UTC)),
        ("BCA", datetime(2026, 11, 23, 17, tzinfo=UTC)),  # Friday, then Monday to its end in Jakarta
        ("QRIS", datetime(2026, 11, 24, 17, tzinfo=UTC)),
        ("SOMETHING_NEW", datetime(2026, 11, 27, 17, tzinfo=UTC)),
    ],
)
def test_settlement_is_expected_on_business_days(channel: str, expected: datetime) -> None:
    assert settlement.expected_at("IDR", channel, NOON) == expected


def owed(bearer: FeeBearer = FeeBearer.PLATFORM, release: ReleaseRule = ReleaseRule.ON_PAID) -> Invoice:
    """A paid invoice under these terms."""
    return invoice(under=terms(bearer=bearer, release=release)).apply(paid(), NOON)


def test_a_payable_waits_for_settlement_fee_and_release() -> None:
    soon, late = NOON + HOUR, NOON + timedelta(days=9)
    (first, *_) = payables.payables_of(owed())
    assert not first.is_due(soon)
    assert not first.is_due(late)  # no transaction of the provider covers it
    (first, *_) = payables.payables_of(owed().settle((row(settled=False),), NOON))
    assert not first.is_due(late)  # a row seen that is not settled: by the row
    (first, *_) = payables.payables_of(owed().settle((row(),), NOON))
    assert first.is_due(soon)
    (first, *_) = payables.payables_of(owed(FeeBearer.PROVIDER))
    assert not first.is_due(late)
    (first, *_) = payables.payables_of(owed(FeeBearer.PROVIDER).settle((row(fee=3_500),), NOON))
    assert first.net == idr(346_500)
    unreleased = owed(release=ReleaseRule.ON_WORD).settle((row(),), NOON)
    assert not payables.payables_of(unreleased)[0].is_due(late)
    assert payables.payables_of(unreleased.released(soon))[0].is_due(soon)


def due(*nets: int) -> list[Payable]:
    """Payables of the provider that may leave now."""
    (first, *_) = payables.payables_of(owed().settle((row(),), NOON))
    return [replace(first, id=ids.payable_id(PaymentKey(str(n)), "x"), share=idr(net)) for n, net in enumerate(nets)]


def plan(owed: list[Payable], pace: PayoutPace = PayoutPace.DAILY, least: int = 0) -> list[int]:
    """The amounts of the payouts planned."""
    mine = account()
    return [p.amount.amount for p in plan_payouts(owed, {mine.payee: mine}, {"ID_BCA": least}, pace, NOON)]


def test_due_payables_of_a_payee_leave_together_once_a_day() -> None:
    assert plan(due(100, 200, 300)) == [600]
    assert sorted(plan(due(100, 200, 300), PayoutPace.EACH)) == [100, 200, 300]


def test_what_a_party_owes_us_is_deducted_first() -> None:
    assert plan(due(100, -40)) == [60]
    assert plan(due(100, -140)) == []


def test_below_the_channel_s_minimum_nothing_leaves_yet() -> None:
    assert plan(due(9_999), least=10_000) == []
    assert plan(due(9_999, 1), least=10_000) == [10_000]


def test_a_payee_without_an_account_waits_for_one() -> None:
    assert plan_payouts(due(100), {}, {}, PayoutPace.DAILY, NOON) == ()


def test_retries_are_decided_by_code_and_count() -> None:
    assert after_failure("INSUFFICIENT_BALANCE", 99) == WaitForSettlement()
    delays = [after_failure("TEMPORARY_TRANSFER_ERROR", n) for n in range(1, 6)]
    assert delays == [RetryAfter(timedelta(minutes=m)) for m in (1, 2, 4, 8)] + [AskPerson("TEMPORARY_TRANSFER_ERROR")]
    for code in ("INVALID_DESTINATION", "ACCOUNT_NAME_MISMATCH", "NEVER_SEEN", None):
        assert isinstance(after_failure(code, 1), AskPerson)


def asked() -> Payout:
    """A payout that was sent."""
    mine = account()
    (draft,) = plan_payouts(due(100), {mine.payee: mine}, {}, PayoutPace.DAILY, NOON)
    return draft.ready(NOON).asked(NOON, NOON)


def heard(of: Payout, status: TransferStatus, code: str | None = None) -> Payout:
    """After news of its latest sending."""
    assert of.send is not None
    return of.apply(PayoutChanged(of.send.key, "disb-1", status, code), NOON)


def test_a_payout_asked_again_without_an_answer_keeps_its_key() -> None:
    assert asked().asked(NOON, NOON).sends == asked().sends


def test_only_a_final_failure_earns_a_new_key() -> None:
    failed = heard(asked(), TransferStatus.FAILED, "TEMPORARY_TRANSFER_ERROR")
    assert (failed.state, failed.tries) == (PayoutState.WAITING_RETRY, 1)
    keys = [send.key for send in failed.asked(NOON, NOON).sends]
    assert keys == [failed.id, f"{failed.id}.2"]


def test_a_short_balance_costs_no_try() -> None:
    failed = heard(asked(), TransferStatus.FAILED, "INSUFFICIENT_BALANCE")
    assert (failed.state, failed.tries) == (PayoutState.WAITING_FUNDS, 0)


def test_reversed_beats_succeeded_and_not_the_other_way_round() -> None:
    back = heard(heard(asked(), TransferStatus.SUCCEEDED), TransferStatus.REVERSED)
    assert back.state is PayoutState.REVERSED
    assert heard(back, TransferStatus.SUCCEEDED) is back
    assert heard(back, TransferStatus.ACCEPTED) is back


def test_a_payable_sent_back_three_times_waits_for_a_person() -> None:
    (mine, *_) = due(100)
    for number in range(3):
        name = PayoutId(f"po-{number}")
        assert mine.is_due(NOON)
        mine = mine.taken_by(name).paid_by(name).reopened_from(name, after_reversal=True)
    assert not mine.is_due(NOON)


def test_the_guard_counts_everything_that_is_not_final() -> None:
    guard = BalanceGuard("IDR").reserve("po-1", 600).reserve("po-1", 600)
    assert guard.available(idr(1_000), reserve=100) == idr(300)
    assert guard.release("po-1").available(idr(1_000), reserve=100) == idr(900)


@pytest.mark.parametrize(
    ("channel", "part", "days", "can"),
    [
        ("OVO", False, 13, True),
        ("OVO", False, 14, False),
        ("OVO", True, 1, True),
        ("QRIS", False, 1, True),
        ("QRIS", True, 1, False),
        ("MANDIRI", False, 1, False),
    ],
)
def test_what_a_channel_can_return(channel: str, part: bool, days: int, can: bool) -> None:
    payment = invoice().apply(paid(channel=channel, paid_at=NOON), NOON).payments[0]
    amount = idr(1) if part else payment.amount
    assert refund.can_go_back(payment, amount, NOON + timedelta(days=days)) is can


def test_a_posting_that_does_not_balance_cannot_exist() -> None:
    with pytest.raises(Unbalanced):
        Posting(
            "x", "BK1", "IDR", NOON, (LedgerEntry(LedgerAccount.CAPTURED, -100), LedgerEntry(LedgerAccount.CASH, 100))
        )


def test_a_request_outside_the_provider_s_rules_is_not_made() -> None:
    with pytest.raises(NotWholeUnits):
        requests.check_invoice(InvoiceRequest("BK1.1", Money(1_050, "PHP"), PAY_BY - NOON, ""))
    with pytest.raises(OutsideLimits):
        requests.check_invoice(InvoiceRequest("BK1.1", idr(1), timedelta(0), ""))
    with pytest.raises(NotWholeUnits):
        requests.check_payout(PayoutRequest(IdempotencyKey("po-1"), idr(0), account().destination))
    with pytest.raises(OutsideLimits):
        requests.check_payout(PayoutRequest(IdempotencyKey("x" * 101), idr(1), account().destination))


def test_an_id_tells_whose_it_is() -> None:
    assert ids.reference_of(ids.external_id("A.B-1", 12)) == "A.B-1"
    assert [ids.reference_of(other) for other in ("", "BK1", ".1", "BK1.", "BK1.x")] == [None] * 5
    assert ids.base_of(ids.send_key("po-1", 3)) == "po-1"


def test_a_party_may_be_paid_for_with_its_payee_named() -> None:
    named = Terms(payees=(Payee(Party.PROVIDER, account().payee),))
    assert named.payee_of(Party.PROVIDER) == "provider-1"
    assert named.payee_of(Party.FACILITY) is None
