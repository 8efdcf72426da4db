"""Laws of money: shares sum to the whole, and no history of payments, fees, failures and reversals loses a
unit."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from payments.domain import check, ledger, payables, postings, settlement
from payments.domain.events import InvoiceEvent, InvoicePaid, PayoutChanged, RefundChanged, TransferStatus
from payments.domain.fees import Tariff, Tariffs
from payments.domain.ids import ExternalId, InvoiceId, PayeeId
from payments.domain.invoice import Invoice
from payments.domain.money import Money
from payments.domain.payables import Payable
from payments.domain.payees import PayeeAccount
from payments.domain.payout import Payout, PayoutPace, PayoutState, plan_payouts
from payments.domain.refund import Refund, RefundState, plan_refund
from payments.domain.splits import (
    DiscountBearer,
    FeeBearer,
    FixedPayoutSplit,
    Party,
    PercentSplit,
    SharesDoNotFit,
    SplitRule,
    plan_fee,
    plan_shares,
)
from payments.domain.terms import Payee, Terms
from payments.domain.transfer import RETRYABLE
from tests.payments.makers import NOON, PAY_BY, account, expired, idr, invoice, paid, pending, row

amounts = st.integers(min_value=1, max_value=2_000_000_000)


@st.composite
def weights(draw: st.DrawFn, parts: int) -> tuple[int, ...]:
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=parts - 1, max_size=parts - 1)))
    edges = [0, *cuts, 10_000]
    return tuple(after - before for before, after in pairwise(edges))


@st.composite
def rules(draw: st.DrawFn, due: int) -> SplitRule:
    if draw(st.booleans()):
        provider, facility, platform, agent = draw(weights(4))
        return PercentSplit(provider, facility, platform, agent)
    facility, platform, agent = draw(weights(3))
    fixed = FixedPayoutSplit(idr(draw(st.integers(0, due))), facility, platform, agent)
    if draw(st.booleans()):
        return fixed
    # by a price book: the fee leaves the price before the rest is shared, and a discount has its bearer
    discount, bearer = idr(draw(st.integers(0, due))), draw(st.sampled_from(DiscountBearer))
    by_book = replace(fixed, price=idr(due), discount=discount, discount_bearer=bearer)
    try:
        plan_shares(idr(due), by_book, set(Party))
    except SharesDoNotFit:
        return replace(by_book, discount=None)
    return by_book


parties = st.sets(st.sampled_from([Party.PROVIDER, Party.FACILITY, Party.REFERRING_AGENT]))
bearers = st.sampled_from(FeeBearer)


@given(st.data(), amounts, parties)
def test_shares_sum_to_the_whole_and_none_is_negative(data: st.DataObject, due: int, present: set[Party]) -> None:
    shares = plan_shares(idr(due), data.draw(rules(due)), present)
    assert sum(share.amount.amount for share in shares) == due
    assert all(share.amount.amount > 0 for share in shares)
    assert {share.party for share in shares} <= present | {Party.PLATFORM}


@given(st.data(), amounts, parties, bearers)
def test_a_fee_is_borne_whole(data: st.DataObject, fee: int, present: set[Party], bearer: FeeBearer) -> None:
    borne = plan_fee(idr(fee), bearer, data.draw(rules(fee)), present)
    assert sum(share.amount.amount for share in borne) == fee


class World:
    """Records and their postings, moved by anything that may happen, in the order the cashier would write
    them."""

    def __init__(self, due: int, terms: Terms, tariff: Tariff) -> None:
        self.tariffs = Tariffs(otherwise=tariff)
        self.invoice = Invoice("BK1", idr(due), PAY_BY, terms).with_attempt(1, (), NOON).apply(pending(), NOON)
        self.payables: dict[str, Payable] = {}
        self.payouts: dict[str, Payout] = {}
        self.refunds: dict[str, Refund] = {}
        self.ledger: dict[str, ledger.Posting] = {}
        self.now = NOON
        self.accounts: dict[PayeeId, PayeeAccount] = {p.payee: account(p.payee) for p in terms.payees}

    def post(self) -> None:
        for planned in payables.payables_of(self.invoice):
            stored = self.payables.get(planned.id, planned)
            self.payables[planned.id] = planned.laid_over(stored)
        for mark in self.invoice.refunds:
            payment = self.invoice.payment_by(mark.payment)
            assert payment is not None
            self.refunds.setdefault(
                mark.refund,
                plan_refund(mark.refund, "BK1", payment, invoice=InvoiceId("inv-1"), amount=mark.amount, now=self.now),
            )
        for payout in self.payouts.values():
            for line in payout.lines:
                owed = self.payables[line.payable]
                if payout.state is PayoutState.SUCCEEDED:
                    owed = owed.paid_by(payout.id)
                if payout.state is PayoutState.REVERSED:
                    owed = owed.reopened_from(payout.id, True)
                self.payables[line.payable] = owed
        written = [*postings.of_invoice(self.invoice)]
        written += [p for payout in self.payouts.values() for p in postings.of_payout(payout)]
        written += [p for refund in self.refunds.values() for p in postings.of_refund(refund)]
        for posting in written:
            earlier = self.ledger.setdefault(posting.key, posting)
            assert earlier.entries == posting.entries, "a posting never changes"

    def pay(self, amount: int, name: str) -> None:
        news = InvoicePaid(ExternalId("BK1.1"), InvoiceId("inv-1"), idr(amount), self.now, f"ewc_{name}", "OVO")
        self.invoice = self.invoice.apply(news, self.now, self.tariffs)

    def settle(self, fee: int) -> None:
        rows = tuple(
            row(p.amount.amount, min(fee, p.amount.amount), p.payment_id.partition("_")[2])
            for p in self.invoice.payments
            if p.payment_id
        )
        self.invoice = self.invoice.settle(rows, self.now)

    def send(self) -> None:
        drafts = plan_payouts(tuple(self.payables.values()), self.accounts, {}, PayoutPace.EACH, self.now)
        for draft in drafts:
            if draft.id in self.payouts:
                continue
            for line in draft.lines:
                self.payables[line.payable] = self.payables[line.payable].taken_by(draft.id)
            self.payouts[draft.id] = draft.ready(self.now)
        for payout in list(self.payouts.values()):
            self.payouts[payout.id] = payout.asked(self.now, self.now)
        for refund in list(self.refunds.values()):
            self.refunds[refund.id] = refund.asked(self.now, self.now)

    def hear(self, status: TransferStatus, code: str | None) -> None:
        for payout in list(self.payouts.values()):
            if payout.send:
                news = PayoutChanged(payout.send.key, "disb-1", status, code)
                self.payouts[payout.id] = payout.apply(news, self.now).charged(payout.send.key, idr(5_550))
        for refund in list(self.refunds.values()):
            if refund.send and refund.state in {RefundState.UNKNOWN, RefundState.ACCEPTED}:
                self.refunds[refund.id] = refund.apply(RefundChanged(refund.send.key, "rfd-1", status, code), self.now)


steps = st.one_of(
    st.tuples(st.just("pay"), st.integers(1, 2_000_000)),
    st.tuples(st.just("settle"), st.integers(0, 30_000)),
    st.tuples(st.sampled_from(["send", "refund", "close", "accept", "days"]), st.just(0)),
    st.tuples(st.sampled_from(list(TransferStatus)), st.just(0)),
)


@given(st.data(), st.integers(1, 2_000_000), parties, bearers, st.lists(steps, max_size=25))
def test_any_history_conserves_money_and_pays_a_payable_at_most_once(
    data: st.DataObject, due: int, present: set[Party], bearer: FeeBearer, history: list[tuple[str, int]]
) -> None:
    payees = tuple(Payee(party, PayeeId(party)) for party in sorted(present))
    terms = Terms(data.draw(rules(due)), payees, fee_bearer=bearer)
    world = World(due, terms, data.draw(st.builds(Tariff, st.integers(0, 5_000), st.integers(0, 500), st.just(1_100))))
    code = data.draw(st.sampled_from([*sorted(RETRYABLE), "INSUFFICIENT_BALANCE", "NEW_CODE", None]))
    for number, (step, amount) in enumerate(history):
        take(world, step, amount, str(number), code)
        world.post()
        judge(world)


def take(world: World, step: str, amount: int, name: str, code: str | None) -> None:
    match step:
        case "pay":
            world.pay(amount, name)
        case "settle":
            world.settle(amount)
        case "send":
            world.send()
        case "refund":
            world.invoice = world.invoice.refunding_open(world.now)
        case "close":
            world.invoice = world.invoice.closed(world.now)
        case "accept":
            world.invoice = world.invoice.late_accepted(world.now)
        case "days":
            world.now += timedelta(days=3)
        case _:
            world.hear(TransferStatus(step), code)


def judge(world: World) -> None:
    records = check.MoneyRecords(
        [replace(world.invoice, dirty=False)],
        list(world.payables.values()),
        [replace(p, dirty=False) for p in world.payouts.values()],
        [replace(r, dirty=False) for r in world.refunds.values()],
    )
    found = check.check(list(world.ledger.values()), records)
    assert found.holds, found.differences
    for payable in world.payables.values():
        out = [
            send
            for payout in world.payouts.values()
            for line in payout.lines
            if line.payable == payable.id
            for send in payout.sends
            if send.is_out
        ]
        assert len(out) <= 1
    for books in ledger.books_of(world.ledger.values()):
        assert books.paid_out + books.refunded <= books.captured


@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=12))
def test_news_in_any_order_and_number_ends_in_the_same_invoice(order: list[int], repeats: list[int]) -> None:
    news: list[InvoiceEvent] = [pending(), paid(), expired(), paid(payment_id=None), paid(channel=None), paid()]
    end = invoice()
    for index in [*order, *repeats]:
        end = end.apply(news[index], NOON)
    assert len(end.payments) == 1
    assert end.is_paid
    assert sum(a.amount.amount for a in end.allocations) == 500_000


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=400)), min_size=1, max_size=5))
def test_settlement_never_precedes_payment(spans: list[timedelta]) -> None:
    for span in spans:
        moment = NOON + span
        for channel in ("QRIS", "BCA", "BNI", "CREDIT_CARD", "WHAT"):
            assert settlement.expected_at("IDR", channel, moment) >= moment


def test_money_of_two_currencies_never_meets() -> None:
    assert Money(1, "IDR") != Money(1, "PHP")
