"""Our books against the simulated provider's own, over any mix of all that moves money, to the smallest unit.

The provider is the simulator's account itself, without the wire's faults (those have tests over HTTP); what it
says goes through our own parsers: callbacks, objects, rows of the statement.
"""

import json
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from payments.domain import check, ledger, payables, postings
from payments.domain.events import (
    InvoiceEvent,
    MalformedCallback,
    MovementKind,
    MovementSeen,
    PayoutChanged,
    RefundChanged,
    TransactionSeen,
    UnknownCallback,
)
from payments.domain.fees import Tariff, Tariffs
from payments.domain.ids import base_of, reference_of
from payments.domain.invoice import Invoice, NotOpen
from payments.domain.ledger import LedgerAccount, Posting, books_of, position_of
from payments.domain.movement import Movement, movement_of
from payments.domain.payables import Payable
from payments.domain.payees import Destination, PayeeAccount
from payments.domain.payout import Payout, PayoutPace, PayoutState, plan_payouts
from payments.domain.refund import Refund, RefundState, plan_refund
from payments.domain.splits import FeeBearer
from payments.gateways.xendit import callbacks
from payments.gateways.xendit.shapes import PayoutShape, RefundShape, TransactionShape
from simulator.xendit import channels, wire
from simulator.xendit.account import new_account
from simulator.xendit.books import figures
from simulator.xendit.errors import Refused
from simulator.xendit.ids import Ids
from simulator.xendit.invoices import InvoiceOrder
from simulator.xendit.payouts import MAGIC_ACCOUNTS, PayoutOrder
from simulator.xendit.refunds import RefundOrder
from simulator.xendit.transactions import Kind
from tests.payments.makers import NOON, account, idr, terms

ACCOUNTS = (*["1234567890"] * 4, *sorted(MAGIC_ACCOUNTS))
WAYS = [channel for channel in channels.of("IDR") if channel.code in {"OVO", "QRIS", "CREDIT_CARD", "BCA", "BRI"}]


class House:
    """Our records, moved by what the provider says; the provider beside them."""

    def __init__(self, bearer: FeeBearer, tariff: Tariff) -> None:
        self.provider = new_account("http://xendit.invalid", Ids(1))
        self.tariffs = Tariffs(otherwise=tariff)
        self.terms = terms(bearer=bearer)
        self.now = NOON
        self.invoices: dict[str, Invoice] = {}
        self.payables: dict[str, Payable] = {}
        self.payouts: dict[str, Payout] = {}
        self.refunds: dict[str, Refund] = {}
        self.movements: dict[str, Movement] = {}
        self.ledger: dict[str, Posting] = {}
        self.accounts: dict[Any, PayeeAccount] = {p.payee: account(p.payee) for p in self.terms.payees}

    # What is done.

    def open(self, due: int) -> None:
        """A booking, or the next link of one."""
        reference = f"BK{len(self.invoices) + 1}"
        wanted = Invoice(reference, idr(due), self.now + timedelta(hours=2), self.terms)
        self.invoices[reference] = wanted.with_attempt(1, (), self.now)
        order = InvoiceOrder(f"{reference}.1", due, "IDR", timedelta(hours=2))
        made = self.provider.payins.open(order, self.now)
        self.hear(wire.invoice(made, "us"))

    def pay(self, number: int) -> None:
        """Somebody pays some link, in any state, what is due or another sum."""
        links = list(self.provider.payins.invoices.values())
        if links:
            link = links[number % len(links)]
            amount = link.order.amount if number % 3 else number
            self.provider.payins.pay(link.id, WAYS[number % len(WAYS)], amount, self.now)

    def send(self, number: int) -> None:
        """What is due leaves, to accounts of all kinds; refunds too."""
        for payee, known in self.accounts.items():
            target = replace(known.destination, account_number=ACCOUNTS[number % len(ACCOUNTS)])
            self.accounts[payee] = replace(known, destination=target)
        for draft in plan_payouts(tuple(self.payables.values()), self.accounts, {}, PayoutPace.EACH, self.now):
            if draft.id not in self.payouts:
                for line in draft.lines:
                    self.payables[line.payable] = self.payables[line.payable].taken_by(draft.id)
                self.payouts[draft.id] = draft.ready(self.now)
        for id_, payout in self.payouts.items():
            self.payouts[id_] = self._sent(payout)
        for refund_id, refund in self.refunds.items():
            self.refunds[refund_id] = self._given_back(refund)

    def _sent(self, payout: Payout) -> Payout:
        asked = payout.asked(self.now, self.now)
        if asked == payout or asked.send is None:
            return payout
        try:
            return asked.apply(self._paid_out(asked.send.key, asked.amount.amount, asked.destination), self.now)
        except Refused as refused:
            return asked.refused(refused.code)

    def _paid_out(self, key: str, amount: int, to: Destination) -> PayoutChanged:
        order = PayoutOrder(key, to.channel_code, to.account_number, to.account_holder_name, amount, "IDR", key)
        return PayoutShape.model_validate(wire.payout(self.provider.payouts.create(order, key, self.now), "us")).event()

    def _given_back(self, refund: Refund) -> Refund:
        if refund.state is RefundState.NEEDS_ACCOUNT:
            refund = refund.sent_to(account(number="5555555555").destination, self.now)
        asked = refund.asked(self.now, self.now)
        if asked == refund or asked.send is None:
            return refund
        try:
            if asked.destination is not None:
                return asked.apply(self._paid_out(asked.send.key, asked.amount.amount, asked.destination), self.now)
            return asked.apply(self._refunded(asked.send.key, asked), self.now)
        except Refused as refused:
            return asked.refused(refused.code, self.now)

    def _refunded(self, key: str, asked: Refund) -> RefundChanged:
        order = RefundOrder(None, asked.invoice, asked.amount.amount, "IDR", "OTHERS", key, key)
        told = RefundShape.model_validate(wire.refund(self.provider.refunds.create(order, key, self.now))).event()
        assert told is not None
        return told

    def beside(self, verb: str, number: int) -> None:
        """Money that no booking of ours ordered."""
        beside, payments = self.provider.beside, list(self.provider.payins.payments)
        match verb:
            case "top_up":
                beside.top_up(number, "IDR", self.now)
            case "withdraw":
                beside.withdraw(number, "IDR", self.now, fee=number % 5_000)
            case "adjust":
                beside.adjust(number if number % 2 else -number, "IDR", self.now)
            case "charge_back" if payments:
                taken = self.provider.payins.payments[payments[number % len(payments)]]
                amount = None if number % 2 else 1 + number % taken.amount
                beside.charge_back(taken.id, amount, number % 9_000, self.now)
            case "decide":
                rows = [row for row in self.provider.vault.transactions.values() if row.kind is Kind.CHARGEBACK]
                if rows:
                    beside.decide(rows[number % len(rows)].id, bool(number % 2), self.now)
            case "reverse":
                made = list(self.provider.payouts.payouts)
                if made:
                    self.provider.payouts.reverse(made[number % len(made)], self.now)
            case _:
                pass

    # What is heard.

    def listen(self, deaf: bool) -> None:
        """Time has passed: what fell due happened, and its callbacks came, or got lost."""
        for notice in self.provider.advance(self.now):
            if not deaf:
                self.hear(json.loads(notice.body))

    def hear(self, body: dict[str, object]) -> None:
        """A callback, or an object that was asked for."""
        event = callbacks.parse(body)
        match event:
            case PayoutChanged():
                self._hear_payout(event)
            case RefundChanged():
                refund = self.refunds[base_of(event.key)]
                self.refunds[refund.id] = refund.apply(event, self.now)
            case UnknownCallback() | MalformedCallback():
                raise AssertionError(event)
            case _:
                self._hear_invoice(event)

    def _hear_payout(self, event: PayoutChanged) -> None:
        base = base_of(event.key)
        if base in self.payouts:
            self.payouts[base] = self.payouts[base].apply(event, self.now)
        else:
            self.refunds[base] = self.refunds[base].apply(event, self.now)

    def _hear_invoice(self, event: InvoiceEvent) -> None:
        reference = reference_of(event.external_id)
        assert reference is not None
        self.invoices[reference] = self.invoices[reference].apply(event, self.now, self.tariffs)

    def read(self) -> None:
        """The whole statement, as the cashier reads it."""
        for row in self.provider.vault.transactions.values():
            shape = TransactionShape.model_validate(wire.transaction(row, "us"))
            seen = shape.row()
            if isinstance(seen, TransactionSeen):
                reference = reference_of(seen.external_id or "")
                assert reference is not None
                of_this = (*self._rows_of(reference), seen)
                self.invoices[reference] = self.invoices[reference].settle(of_this, self.now, self.tariffs)
            elif isinstance(seen, MovementSeen):
                self._read_other(seen)
            cost = shape.cost()
            if cost is not None:
                self._charge(base_of(row.reference_id), row.reference_id, cost.fee.amount)

    def _rows_of(self, reference: str) -> tuple[TransactionSeen, ...]:
        rows = (
            TransactionShape.model_validate(wire.transaction(row, "us")).seen()
            for row in self.provider.vault.transactions.values()
            if reference_of(row.reference_id) == reference
        )
        return tuple(row for row in rows if row is not None)

    def _charge(self, base: str, key: str, fee: int) -> None:
        if base in self.payouts:
            self.payouts[base] = self.payouts[base].charged(key, idr(fee))
        else:
            self.refunds[base] = self.refunds[base].charged(key, idr(fee))

    def _read_other(self, row: MovementSeen) -> None:
        if row.kind is MovementKind.UNMATCHED:
            assert base_of(row.reference or "") in {**self.payouts, **self.refunds}, "nobody else moves money here"
        elif row.kind is MovementKind.CHARGEBACK:
            reference = reference_of(row.reference or "")
            assert reference is not None
            self.invoices[reference] = self.invoices[reference].charged_back(row, self.now)
        else:
            fresh = movement_of(row, self.now)
            self.movements[row.transaction_id] = self.movements.get(row.transaction_id, fresh).with_row(row, self.now)

    def catch_up(self) -> None:
        """What nobody fetches is called back, and everything that has come to an end is asked after."""
        for made in list(self.provider.payouts.payouts.values()):
            if made.may_be_cancelled:
                self.provider.payouts.cancel(made.id, self.now)
        for made in self.provider.payouts.payouts.values():
            self.hear({"event": "payout.succeeded", "data": wire.payout(made, "us")})
        for returned in self.provider.refunds.refunds.values():
            self.hear({"event": "refund.succeeded", "data": wire.refund(returned)})
        self.read()

    # What is written.

    def post(self) -> None:
        """What the records stand for, in the order the cashier writes it."""
        for invoice in self.invoices.values():
            for planned in payables.payables_of(invoice):
                self.payables[planned.id] = planned.laid_over(self.payables.get(planned.id, planned))
            for mark in invoice.refunds:
                payment = invoice.payment_by(mark.payment)
                attempt = invoice.attempt
                assert payment is not None
                assert attempt is not None
                plan = plan_refund(
                    mark.refund,
                    invoice.reference,
                    payment,
                    invoice=attempt.provider_id,
                    amount=mark.amount,
                    now=mark.wanted_at,
                )
                self.refunds.setdefault(mark.refund, plan)
        for payout in self.payouts.values():
            for line in payout.lines:
                owed = self.payables[line.payable]
                if payout.state is PayoutState.SUCCEEDED:
                    owed = owed.paid_by(payout.id)
                if payout.state is PayoutState.REVERSED:
                    owed = owed.reopened_from(payout.id, True)
                self.payables[line.payable] = owed
        for posting in self._written():
            earlier = self.ledger.setdefault(posting.key, posting)
            assert earlier.entries == posting.entries, "a posting never changes"

    def _written(self) -> list[Posting]:
        written = [p for invoice in self.invoices.values() for p in postings.of_invoice(invoice)]
        written += [p for payout in self.payouts.values() for p in postings.of_payout(payout)]
        written += [p for refund in self.refunds.values() for p in postings.of_refund(refund)]
        return written + [p for movement in self.movements.values() for p in postings.of_movement(movement)]

    def holds(self) -> None:
        """No unit is lost among our own books."""
        found = check.check(
            list(self.ledger.values()),
            check.MoneyRecords(
                [replace(one, dirty=False) for one in self.invoices.values()],
                list(self.payables.values()),
                [replace(one, dirty=False) for one in self.payouts.values()],
                [replace(one, dirty=False) for one in self.refunds.values()],
                [replace(one, dirty=False) for one in self.movements.values()],
            ),
        )
        assert found.holds, found.differences

    def position(self) -> ledger.Position:
        """Where the ledger says that the money lies."""
        sums: dict[LedgerAccount, int] = {}
        for posting in self.ledger.values():
            for entry in posting.entries:
                sums[entry.account] = sums.get(entry.account, 0) + entry.amount
        return position_of(sums, "IDR")

    def agrees(self) -> None:
        """Term by term, what the provider's own books say."""
        theirs = figures(self.provider.vault.books, "IDR")
        ours, terms_ = self.position(), books_of(self.ledger.values())
        assert theirs.holds
        known = asdict(theirs)
        assert known == known | {
            "cash": ours.cash,
            "pending": ours.pending,
            "captured": sum(one.captured for one in terms_),
            "fees": sum(one.fees for one in terms_),
            "payout_fees": ours.payout_fees,
            "topped_up": ours.topped_up,
            "withdrawn": ours.withdrawn,
            "adjusted": ours.adjusted,
            "other_fees": ours.other_fees,
        }, (ours, terms_)
        # What goes back to a guest's account is a payout to the provider.
        gone = theirs.paid_out + theirs.refunded + theirs.charged_back
        assert gone == sum(one.paid_out + one.refunded for one in terms_) + ours.disputed


SUMS = st.integers(10_000, 3_000_000)
OF_BOOKINGS = ("open", "pay", "pay", "settle", "send", "send", "refund", "close", "accept", "read")
BESIDE = ("top_up", "withdraw", "adjust", "charge_back", "charge_back", "decide", "reverse")
HOURS = st.integers(0, 30)
STEPS = st.tuples(st.sampled_from([*OF_BOOKINGS, *BESIDE]), SUMS, HOURS, st.booleans())


def take(house: House, verb: str, number: int) -> None:
    """One step of the history."""
    references = list(house.invoices)
    some = references[number % len(references)] if references else None
    match verb:
        case "open":
            house.open(number)
        case "pay":
            house.pay(number)
        case "send":
            house.send(number)
        case "read":
            house.read()
        case "settle":
            house.now += timedelta(days=7)
            house.listen(deaf=False)
            house.read()
        case "refund" if some:
            house.invoices[some] = house.invoices[some].refunding_open(house.now)
        case "close" if some:
            house.invoices[some] = house.invoices[some].closed(house.now)
        case "accept" if some:
            house.invoices[some] = house.invoices[some].late_accepted(house.now)
        case _:
            house.beside(verb, number)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(FeeBearer),
    st.builds(Tariff, st.integers(0, 5_000), st.integers(0, 500), st.just(1_100)),
    st.lists(SUMS, min_size=1, max_size=3),
    st.lists(STEPS, min_size=12, max_size=50),
)
def test_any_mix_of_movements_leaves_both_books_equal(
    bearer: FeeBearer, tariff: Tariff, dues: list[int], history: list[tuple[str, int, int, bool]]
) -> None:
    house = House(bearer, tariff)
    for due in dues:
        house.open(due)
        house.pay(due)
    for verb, number, hours, is_deaf in history:
        house.now += timedelta(hours=hours, seconds=1)
        house.listen(is_deaf)
        try:
            take(house, verb, number)
        except (Refused, NotOpen):
            continue
        house.post()
        house.holds()
    house.now += timedelta(days=40)
    house.listen(deaf=False)
    house.catch_up()
    house.post()
    house.holds()
    assert house.position().pending == 0
    house.agrees()
