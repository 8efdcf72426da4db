"""Settling a booking's money: what is kept, what goes back, whose the rest is; the law of an ended booking."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from payments.domain import check, ledger, payables, postings
from payments.domain.allocations import ChargebackOutcome
from payments.domain.corrections import HoldBack, Redone, SettleOrder, borne_by, lent_by_house, plan, shares_of
from payments.domain.events import InvoicePaid, MovementKind, MovementSeen, RowStatus, TransactionSeen
from payments.domain.ids import ExternalId, InvoiceId, PayeeId
from payments.domain.invoice import Invoice
from payments.domain.ledger import Posting
from payments.domain.payables import Payable
from payments.domain.payout import Payout, PayoutPace, PayoutState, plan_payouts
from payments.domain.settled_invoices import holdings_of, settled_to
from payments.domain.splits import FeeBearer, Party, Share
from payments.domain.terms import Payee, Terms
from tests.payments.makers import NOON, PAY_BY, SEVENTY_TWENTY_TEN, account, idr, payable, terms

PRICE = 350_000
ACCOUNTS = ("BK1", "BK1~2")
LATER = NOON + timedelta(days=1)
MOVED = Terms(
    SEVENTY_TWENTY_TEN,
    (Payee(Party.PROVIDER, PayeeId("provider-2")), Payee(Party.FACILITY, PayeeId("villa-2"))),
)


class Booking:
    """Two accounts of one booking, their records and the ledger written from them."""

    def __init__(self, bearer: FeeBearer = FeeBearer.PLATFORM) -> None:
        self.invoices = {
            name: Invoice(name, idr(PRICE), PAY_BY, terms(bearer=bearer)).with_attempt(1, (), NOON) for name in ACCOUNTS
        }
        self.payables: dict[str, Payable] = {}
        self.payouts: dict[str, Payout] = {}
        self.ledger: dict[str, Posting] = {}
        self.order: SettleOrder | None = None
        self.now = NOON
        self.number = 0

    def pay(self, name: str, amount: int) -> None:
        self.number += 1
        link, when = ExternalId(f"{name}.1"), self.now + timedelta(minutes=self.number)
        news = InvoicePaid(link, InvoiceId("inv"), idr(amount), when, f"p_{self.number}", "OVO")
        self.invoices[name] = self.invoices[name].apply(news, self.now)
        self.post()

    def charge(self, fee: int) -> None:
        """The provider's rows of all payments, each with that fee."""
        for name, invoice in self.invoices.items():
            rows = tuple(
                TransactionSeen(
                    f"txn_{p.product_id}",
                    p.product_id or "",
                    p.external_id,
                    p.amount,
                    p.amount - idr(fee),
                    idr(fee),
                    True,
                    True,
                    "OVO",
                )
                for p in invoice.payments
            )
            self.invoices[name] = invoice.settle(rows, self.now)
        self.post()

    def settle(
        self,
        keep: int,
        change: str,
        *,
        price: int = PRICE,
        of: Terms | None = None,
        is_end: bool = True,
        charged: tuple[Share, ...] = (),
    ) -> None:
        fresh = SettleOrder(ACCOUNTS, idr(keep), change, idr(price), of or terms(), self.now, is_end, charged=charged)
        self.order = fresh if self.order is None else self.order.ordered(fresh)
        self.post()

    def redo(self, one: Redone) -> None:
        """As the service does it: the order that is there, or one that keeps everything."""
        fresh = SettleOrder(ACCOUNTS, idr(PRICE), f"redo:{one.by}", idr(PRICE), terms(), self.now)
        self.order = (self.order or fresh).redoing(one, self.now)
        self.post()

    def advance(self) -> None:
        """As the service does it: under a version of its own, over all accounts."""
        if self.order is None:
            return
        self.order = replace(self.order, version=self.order.version + 1)
        for name, invoice in self.invoices.items():
            self.invoices[name] = invoice.under_order(self.order)
        planned = plan(self.order, [one for name in ACCOUNTS for one in holdings_of(self.invoices[name])])
        for name, invoice in self.invoices.items():
            self.invoices[name] = settled_to(invoice, self.order, planned, self.now)

    def take_back(self, name: str, number: int, status: RowStatus) -> None:
        payments = self.invoices[name].payments
        if payments:
            of = payments[number % len(payments)]
            row = MovementSeen(f"cb-{of.key}", MovementKind.CHARGEBACK, "CHARGEBACK", -of.amount, status)
            row = replace(row, reference=of.external_id, product_id=of.product_id)
            self.invoices[name] = self.invoices[name].charged_back(row, self.now)
            self.post()

    def send(self, pace: PayoutPace) -> None:
        """What is due leaves and arrives."""
        payees = {payable.payee for payable in self.payables.values()}
        mine = {payee: account(payee) for payee in payees}
        for draft in plan_payouts(tuple(self.payables.values()), mine, {}, pace, self.now):
            if draft.id in self.payouts:
                continue
            for line in draft.lines:
                taken = self.payables[line.payable].taken_by(draft.id)
                self.payables[line.payable] = taken.paid_by(draft.id)
            sent = draft.ready(self.now).asked(self.now, self.now)
            assert sent.send is not None
            arrived = replace(sent.send, accepted_at=self.now)
            self.payouts[draft.id] = replace(sent, sends=(arrived,))
        self.post()

    def post(self) -> None:
        self.advance()
        for invoice in self.invoices.values():
            for planned in payables.payables_of(invoice):
                stored = self.payables.get(planned.id)
                # the fee is written with its settlement, and never again
                if stored is not None and (stored.fee_known or not planned.fee_known):
                    same = (stored.share, stored.fee_share, stored.payee)
                    assert same == (planned.share, planned.fee_share, planned.payee), "a posted payable never changes"
                self.payables[planned.id] = planned if stored is None else planned.laid_over(stored)
            for posting in postings.of_invoice(invoice):
                assert self.ledger.setdefault(posting.key, posting).entries == posting.entries
        for payout in self.payouts.values():
            for posting in postings.of_payout(payout):
                self.ledger.setdefault(posting.key, posting)
        records = check.MoneyRecords(
            [replace(invoice, dirty=False) for invoice in self.invoices.values()],
            list(self.payables.values()),
            [replace(payout, dirty=False) for payout in self.payouts.values()],
            [],
        )
        found = check.check(list(self.ledger.values()), records)
        assert found.holds, found.differences

    def captured(self) -> int:
        return sum(p.amount.amount for i in self.invoices.values() for p in i.payments)

    def refunds(self) -> int:
        return sum(mark.amount.amount for i in self.invoices.values() for mark in i.refunds)

    def taken_back(self) -> int:
        lost = [c for i in self.invoices.values() for c in i.chargebacks if c.outcome is not ChargebackOutcome.WON]
        return sum(one.amount.amount for one in lost)

    def of(self, payee: str) -> int:
        """What is owed to or has been sent to a payee, over all accounts."""
        return sum(p.net.amount for p in self.payables.values() if p.payee == payee)

    def open(self) -> int:
        return sum(books.open for books in ledger.books_of(self.ledger.values()))


STEPS = st.one_of(
    st.tuples(st.just("pay"), st.sampled_from(ACCOUNTS), st.integers(1, PRICE)),
    st.tuples(st.just("whole"), st.sampled_from(ACCOUNTS), st.just(PRICE)),
    st.tuples(st.just("settle"), st.sampled_from(["cancel-1", "cancel-2"]), st.integers(0, PRICE)),
    st.tuples(st.just("again"), st.just(""), st.just(0)),
    st.tuples(st.just("redo"), st.sampled_from(Party), st.integers(1, PRICE)),
    st.tuples(st.sampled_from(["open", "won", "lost"]), st.sampled_from(ACCOUNTS), st.integers(0, 5)),
    st.tuples(st.sampled_from(["daily", "each", "days"]), st.just(""), st.just(0)),
)
_BACK = {"open": RowStatus.PENDING, "won": RowStatus.BACK, "lost": RowStatus.DONE}


@given(st.lists(STEPS, max_size=16))
def test_an_ended_booking_keeps_what_is_written_and_nothing_else(history: list[tuple[str, str, int]]) -> None:
    booking = Booking()
    for step, name, number in history:
        match step:
            case "pay" | "whole":
                booking.pay(name, number)
            case "settle":
                booking.settle(number, name)
            case "redo":
                booking.redo(Redone(f"BK-{number}", PayeeId("provider-9"), idr(number), Party(name)))
            case "again":
                before = (booking.refunds(), len(booking.ledger))
                booking.post()
                assert (booking.refunds(), len(booking.ledger)) == before, "settled again, nothing happens"
            case "days":
                booking.now += timedelta(days=2)
            case "daily" | "each":
                booking.send(PayoutPace(step))
            case _:
                booking.take_back(name, number, _BACK[step])
        if booking.order is None:
            continue
        left = booking.captured() - booking.refunds() - booking.taken_back()
        disputed = any(invoice.is_disputed(p.key) for invoice in booking.invoices.values() for p in invoice.payments)
        assert disputed or left <= booking.order.keep.amount
        assert (
            booking.open()
            == sum(
                c.from_open.amount
                for i in booking.invoices.values()
                for c in i.chargebacks
                if c.outcome is ChargebackOutcome.OPEN
            )
            + booking.refunds()
        )
        for payout in booking.payouts.values():
            assert payout.amount.amount > 0


def test_cancelled_at_half_everybody_has_half_of_their_share() -> None:
    booking = Booking()
    booking.pay("BK1", PRICE)
    assert (booking.of("provider-1"), booking.of("villa-1")) == (245_000, 70_000)
    booking.settle(PRICE // 2, "cancel")
    assert booking.refunds() == PRICE // 2
    assert (booking.of("provider-1"), booking.of("villa-1")) == (122_500, 35_000)
    booking.settle(0, "cancel")  # the same change again, whatever it says
    assert booking.refunds() == PRICE // 2


def bears(bearer: FeeBearer, provider: str = "provider-2") -> Terms:
    return Terms(MOVED.rule, (Payee(Party.PROVIDER, PayeeId(provider)), *MOVED.payees[1:]), fee_bearer=bearer)


def test_after_a_move_the_fee_is_borne_by_whoever_is_paid_now() -> None:
    booking = Booking(FeeBearer.PROVIDER)
    booking.pay("BK1", PRICE)
    booking.charge(3_500)
    assert booking.of("provider-1") == 245_000 - 3_500
    booking.settle(PRICE, "move", of=bears(FeeBearer.PROVIDER), is_end=False)
    assert (booking.of("provider-1"), booking.of("provider-2")) == (0, 245_000 - 3_500)
    assert (booking.of("villa-1"), booking.of("villa-2")) == (0, 70_000)


def test_a_fee_that_is_told_after_the_move_is_borne_by_whoever_is_paid_now() -> None:
    booking = Booking()
    booking.pay("BK1", PRICE)
    booking.settle(PRICE, "move", of=bears(FeeBearer.MARGIN), is_end=False)
    booking.charge(3_000)
    # two of the three parts of the margin are the villa's
    assert (booking.of("provider-2"), booking.of("villa-2"), booking.of("provider-1")) == (245_000, 68_000, 0)


def test_of_money_that_goes_back_the_platform_bears_the_fee() -> None:
    booking = Booking(FeeBearer.PROVIDER)
    booking.pay("BK1", PRICE)
    booking.charge(3_500)
    booking.settle(PRICE // 2, "cancel", of=bears(FeeBearer.PROVIDER, "provider-1"))
    assert booking.of("provider-1") == 122_500 - 1_750
    booking.settle(0, "none-of-it", of=bears(FeeBearer.PROVIDER, "provider-1"))
    assert (booking.of("provider-1"), booking.refunds()) == (0, PRICE)


def test_the_fee_of_a_part_payment_is_borne_as_that_of_the_first() -> None:
    booking = Booking(FeeBearer.PROVIDER)
    booking.pay("BK1", PRICE)
    booking.pay("BK1~2", 100_000)
    booking.charge(3_500)
    booking.settle(PRICE + 100_000, "dearer", price=PRICE + 100_000, of=bears(FeeBearer.PROVIDER), is_end=False)
    assert (booking.of("provider-1"), booking.of("provider-2")) == (0, 315_000 - 7_000)


def test_cancelled_by_the_business_all_of_it_goes_back_also_what_was_paid_out() -> None:
    booking = Booking()
    booking.pay("BK1", PRICE)
    for name, invoice in booking.invoices.items():
        booking.invoices[name] = replace(
            invoice, payments=tuple(replace(p, settled_at=NOON, transaction_id="t") for p in invoice.payments)
        )
    booking.payables.clear()
    booking.ledger.clear()
    booking.post()
    booking.send(PayoutPace.DAILY)
    assert sum(payout.amount.amount for payout in booking.payouts.values()) == 315_000
    booking.settle(0, "ill")
    assert booking.refunds() == PRICE
    assert (booking.of("provider-1"), booking.of("villa-1")) == (0, 0)
    debts = [p for p in booking.payables.values() if p.net.amount < 0]
    assert [p.net.amount for p in debts] == [-245_000, -70_000] or sum(p.net.amount for p in debts) == -315_000
    assert all(p.is_due(LATER) for p in debts)


def test_moved_to_another_provider_and_villa_the_payees_follow() -> None:
    booking = Booking()
    booking.pay("BK1", PRICE)
    booking.settle(PRICE, "move", of=MOVED, is_end=False)
    assert booking.refunds() == 0
    assert [booking.of(p) for p in ("provider-1", "villa-1", "provider-2", "villa-2")] == [0, 0, 245_000, 70_000]


def test_a_dearer_change_is_shared_on_the_booking_when_its_link_is_paid_and_ends_at_half() -> None:
    booking = Booking()
    booking.pay("BK1", PRICE)
    booking.settle(450_000, "villa", price=450_000, of=MOVED, is_end=False)
    assert booking.of("provider-1") == 245_000, "until the rest is there nobody's share changes"
    booking.pay("BK1~2", 100_000)
    assert [booking.of(p) for p in ("provider-1", "provider-2", "villa-2")] == [0, 315_000, 90_000]
    booking.settle(225_000, "cancel", price=450_000, of=MOVED)
    assert booking.refunds() == 225_000
    assert [booking.of(p) for p in ("provider-2", "villa-2")] == [157_500, 45_000]
    # the newest payment goes back whole, before a part of the older one
    assert [mark.amount.amount for mark in booking.invoices["BK1~2"].refunds] == [100_000]
    # and what still arrives goes back by itself
    booking.pay("BK1~2", 5_000)
    assert booking.refunds() == 230_000


def test_an_order_that_was_replaced_does_nothing_any_more() -> None:
    booking = Booking()
    booking.pay("BK1", PRICE)
    booking.settle(PRICE, "move", of=MOVED, is_end=False)
    booking.settle(0, "cancel", of=MOVED)
    booking.settle(PRICE, "move", of=MOVED, is_end=False)
    assert booking.refunds() == PRICE
    assert booking.order is not None
    assert booking.order.change == "cancel"


def test_a_plan_made_under_an_older_look_is_not_applied() -> None:
    booking = Booking()
    booking.pay("BK1", PRICE)
    order = SettleOrder(ACCOUNTS, idr(0), "cancel", idr(PRICE), terms(), NOON, version=5)
    invoice = booking.invoices["BK1"].under_order(order)
    planned = plan(order, holdings_of(invoice))
    after = settled_to(invoice, order, planned, NOON)
    assert settled_to(after, replace(order, version=4), planned, NOON) is after


def test_shares_leave_when_the_last_reason_to_hold_them_back_is_gone() -> None:
    booking = Booking()
    booking.pay("BK1", PRICE)
    paid = booking.invoices["BK1"]
    paid = replace(paid, payments=tuple(replace(p, settled_at=NOON, transaction_id="t") for p in paid.payments))
    late = NOON + timedelta(days=9)

    def due(invoice: Invoice) -> bool:
        return any(payable.is_due(late) for payable in payables.payables_of(invoice))

    assert due(paid)
    held = paid.held(HoldBack("complaint", "operations")).held(HoldBack("dispute", "bank"))
    assert not due(held)
    assert not due(held.let_go("complaint"))
    assert due(held.let_go("complaint").let_go("dispute"))
    # what was sent and came back is owed, whatever became of its booking
    (first, *_) = payables.payables_of(held)
    back = replace(first, reversals=1)
    assert first.laid_over(back).is_due(late)


@given(st.integers(0, PRICE))
def test_a_part_is_divided_like_the_whole_to_the_unit(kept: int) -> None:
    order = SettleOrder(ACCOUNTS, idr(kept), "x", idr(PRICE), terms(), NOON)
    found = shares_of(order, idr(kept))
    assert sum(share.amount.amount for share in found) == kept
    for share in found:
        promised = {Party.PROVIDER: 7_000, Party.FACILITY: 2_000, Party.PLATFORM: 1_000}[share.party]
        assert abs(share.amount.amount - kept * promised / 10_000) < 3


CHARGES = st.lists(st.tuples(st.sampled_from(Party), st.integers(1, PRICE)), max_size=3)


@given(CHARGES, st.data())
def test_who_is_charged_bears_it_out_of_their_own_share_and_nobody_has_less_than_nothing(
    charges: list[tuple[Party, int]], data: st.DataObject
) -> None:
    back = sum(amount for _, amount in charges)
    kept = data.draw(st.integers(0, max(0, PRICE - back)))
    charged = tuple(Share(party, idr(amount)) for party, amount in charges)
    order = SettleOrder(ACCOUNTS, idr(kept), "G1", idr(PRICE), terms(), NOON, charged=charged)
    found = {share.party: share.amount.amount for share in borne_by(order, idr(kept))}
    assert sum(found.values()) == kept
    assert min(found.values(), default=0) >= 0
    before = {share.party: share.amount.amount for share in shares_of(order, idr(kept + back))}
    if len(charges) == 1:
        (party, amount) = charges[0]
        assert found.get(party, 0) == max(0, before.get(party, 0) - amount)
        if before.get(party, 0) >= amount:
            others = {one: sum_ for one, sum_ in before.items() if one is not party}
            assert {one: sum_ for one, sum_ in found.items() if one is not party} == others


def test_of_a_refund_that_is_the_providers_to_bear_everybody_else_keeps_their_share() -> None:
    booking = Booking()
    booking.pay("BK1", PRICE)
    booking.charge(0)
    booking.now += timedelta(days=2)
    booking.send(PayoutPace.EACH)
    before = {payee: booking.of(payee) for payee in {payable.payee for payable in booking.payables.values()}}
    (provider,) = [one.payee for one in terms().payees if one.party is Party.PROVIDER]
    booking.settle(PRICE - 50_000, "G1", charged=(Share(Party.PROVIDER, idr(50_000)),))
    after = {payee: booking.of(payee) for payee in before}
    assert after == before | {provider: before[provider] - 50_000}
    assert booking.refunds() == 50_000
    # ordered again nothing happens, and the next refund that is everybody's is shared without it
    booking.settle(PRICE - 50_000, "G1", charged=(Share(Party.PROVIDER, idr(50_000)),))
    assert booking.refunds() == 50_000
    booking.settle(0, "G2", charged=(Share(Party.PROVIDER, idr(50_000)),))
    assert booking.refunds() == PRICE
    assert {booking.of(payee) for payee in before} == {0}


REDOES = st.lists(st.tuples(st.sampled_from(Party), st.integers(1, PRICE)), max_size=3)


@given(CHARGES, REDOES, st.data())
def test_who_delivers_it_once_more_is_paid_by_whoever_is_charged_and_no_unit_is_made_or_lost(
    charges: list[tuple[Party, int]], redoes: list[tuple[Party, int]], data: st.DataObject
) -> None:
    back = sum(amount for _, amount in charges)
    kept = data.draw(st.integers(0, max(0, PRICE - back)))
    charged = tuple(Share(party, idr(amount)) for party, amount in charges)
    redone = tuple(
        Redone(f"BK-{n}", PayeeId(f"redoes-{n}"), idr(amount), party) for n, (party, amount) in enumerate(redoes)
    )
    order = SettleOrder(ACCOUNTS, idr(kept), "G1", idr(PRICE), terms(), NOON, charged=charged, redone=redone)
    found = borne_by(order, idr(kept))
    assert sum(share.amount.amount for share in found) == kept
    assert all(share.amount.amount > 0 for share in found)
    paid = {share.payee: share.amount.amount for share in found if share.payee is not None}
    wanted = sum(amount for _, amount in redoes)
    lent = [share.amount.amount for share in lent_by_house(order, idr(kept))]
    # each has all of it, and what no share holds is the house's own
    assert sum(lent) == 0
    assert sum(paid.values()) + sum(amount for amount in lent if amount > 0) == wanted
    # who is not charged keeps what they had
    charged_parties = {party for party, _ in redoes} | {Party.PLATFORM}
    before = {share.party: share.amount.amount for share in borne_by(replace(order, redone=()), idr(kept))}
    left = {share.party: share.amount.amount for share in found if share.payee is None}
    for party in set(Party) - charged_parties:
        assert left.get(party, 0) == before.get(party, 0)
    if len(redoes) == 1:
        ((party, amount),) = redoes
        assert left.get(party, 0) == max(0, before.get(party, 0) - amount)


@given(st.integers(1, 200_000), st.sampled_from([Party.PROVIDER, Party.FACILITY, Party.PLATFORM]), st.booleans())
def test_a_visit_delivered_once_more_moves_money_between_its_parties_once_and_none_of_the_guests(
    amount: int, party: Party, is_ordered_before: bool
) -> None:
    booking, other = Booking(), PayeeId("provider-9")
    booking.pay("BK1", PRICE)
    booking.charge(0)
    booking.now += timedelta(days=2)
    booking.send(PayoutPace.EACH)
    if is_ordered_before:
        booking.settle(PRICE - 50_000, "G1")
    before = {payee: booking.of(payee) for payee in {payable.payee for payable in booking.payables.values()}}
    for _ in range(2):
        booking.redo(Redone("BK-9", other, idr(amount), party))
    given_back = 50_000 if is_ordered_before else 0
    assert booking.of(other) == amount
    assert booking.refunds() == given_back
    charged = {one.party: one.payee for one in terms().payees}.get(party)
    for payee, had in before.items():
        # out of the share of whoever is charged; what that does not hold is the house's
        assert booking.of(payee) == (max(0, had - amount) if payee == charged else had)
    # whatever is ordered later, who has delivered is paid
    for keep in (PRICE - given_back - 10_000, 0):
        booking.settle(keep, f"keep-{keep}")
        assert booking.of(other) == amount


@given(st.lists(st.integers(-500_000, 500_000).filter(bool), max_size=12), st.sampled_from(PayoutPace))
def test_debts_are_netted_first_over_all_bookings_and_nothing_is_sent_twice(nets: list[int], pace: PayoutPace) -> None:
    mine = account()
    rows = [payable(f"{number:02}", net=net) for number, net in enumerate(nets)]
    planned = plan_payouts(rows, {mine.payee: mine}, {}, pace, NOON)
    lines = [line.payable for payout in planned for line in payout.lines]
    assert len(lines) == len(set(lines))
    assert all(payout.amount.amount > 0 for payout in planned)
    sent, debts = sum(payout.amount.amount for payout in planned), sum(net for net in nets if net < 0)
    gains = sum(net for net in nets if net > 0)
    if sent:
        assert {f"{number:02}" for number, net in enumerate(nets) if net < 0} <= set(lines), "no debt is left out"
    assert sent == max(gains + debts, 0)
    assert all(payout.state is PayoutState.DRAFT for payout in planned)
