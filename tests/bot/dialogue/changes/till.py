"""The cashier as pure values: does what a lead orders, pays in, settles, sends, and keeps the ledger of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.commands import AcceptLateMoney, CloseInvoice, Command, OpenInvoice, RefundLateMoney
from bot.domain.money_orders import ReceiveMoney, ReleaseShares, Settle
from payments.domain import check, news, payables, postings
from payments.domain.corrections import SettleOrder, plan
from payments.domain.events import (
    InvoicePaid,
    InvoicePending,
    PayoutChanged,
    RefundChanged,
    TransactionSeen,
    TransferStatus,
)
from payments.domain.ids import ExternalId, InvoiceId, external_id
from payments.domain.invoice import Invoice, NotOpen
from payments.domain.ledger import Posting
from payments.domain.money import Money
from payments.domain.news import PaymentNews
from payments.domain.payables import Payable
from payments.domain.payees import PayeeAccount
from payments.domain.payment import Receipt
from payments.domain.payout import Payout, PayoutPace, PayoutState, plan_payouts
from payments.domain.receipts import received
from payments.domain.refund import Refund, RefundState, plan_refund
from payments.domain.settled_invoices import holdings_of, settled_to
from tests.payments.makers import account


@dataclass
class Till:
    """Every record of one house's money."""

    invoices: dict[str, Invoice] = field(default_factory=dict)
    orders: dict[str, SettleOrder] = field(default_factory=dict)
    payables: dict[str, Payable] = field(default_factory=dict)
    payouts: dict[str, Payout] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    ledger: dict[str, Posting] = field(default_factory=dict)

    def does(self, order: Command, now: datetime) -> None:
        """One order, as the performer has it done."""
        match order:
            case OpenInvoice():
                known = self.invoices.setdefault(
                    order.account, Invoice(order.account, order.due, order.pay_by, order.terms)
                )
                try:
                    opened = known.with_attempt(order.attempt, (), now)
                except NotOpen:
                    return
                name = external_id(order.account, order.attempt)
                self.invoices[order.account] = opened.apply(
                    InvoicePending(name, InvoiceId(f"inv-{name}"), f"https://pay.example/{name}"), now
                )
            case CloseInvoice():
                self._change(order.account, self.invoices.get(order.account), lambda one: one.closed(now))
            case AcceptLateMoney():
                self._change(order.account, self.invoices.get(order.account), lambda one: one.late_accepted(now))
            case RefundLateMoney():
                self._change(order.account, self.invoices.get(order.account), lambda one: one.refunding_open(now))
            case ReleaseShares():
                for account_name in order.accounts:
                    self._change(account_name, self.invoices.get(account_name), lambda one: one.released(order.at))
            case ReceiveMoney():
                known = self.invoices.setdefault(
                    order.account, Invoice(order.account, order.due, order.pay_by, order.terms)
                )
                receipt = Receipt(order.receipt, order.amount, order.way, order.by)
                self.invoices[order.account] = received(known, receipt, now)
            case Settle():
                fresh = SettleOrder(
                    order.accounts,
                    order.keep,
                    order.change,
                    order.price,
                    order.terms,
                    now,
                    order.is_end,
                    charged=order.charged,
                )
                known_order = self.orders.get(order.accounts[0])
                self.orders[fresh.id] = fresh if known_order is None else known_order.ordered(fresh)
            case _:
                pass

    def _change(self, name: str, invoice: Invoice | None, step: Callable[[Invoice], Invoice]) -> None:
        if invoice is not None:
            self.invoices[name] = step(invoice)

    def pays(self, name: str, attempt: int, amount: Money, payment: str, now: datetime) -> PaymentNews:
        """Money on that link; what the invoice is then."""
        external = external_id(name, attempt)
        came = InvoicePaid(external, InvoiceId(f"inv-{external}"), amount, now, f"ewc_{payment}", "CREDIT_CARD")
        self.invoices[name] = self.invoices[name].apply(came, now)
        return news.of_invoice(self.invoices[name])

    def settles(self, now: datetime) -> None:
        """The provider has everything that came in by it in its books, for a fee."""
        for name, invoice in self.invoices.items():
            rows = tuple(self._row(one.payment_id or "", one.amount, one.external_id) for one in invoice.payments)
            self.invoices[name] = invoice.settle(rows, now)

    def _row(self, payment: str, amount: Money, external: ExternalId) -> TransactionSeen:
        product, fee = payment.partition("_")[2], min(700, amount.amount)
        net, cost = Money(amount.amount - fee, amount.currency), Money(fee, amount.currency)
        return TransactionSeen(f"txn-{product}", product, external, amount, net, cost, True, True, "CREDIT_CARD")

    def sends(self, now: datetime, status: TransferStatus, code: str | None) -> None:
        """Everything due is sent, and all that is under way comes to that end."""
        accounts: dict[str, PayeeAccount] = {one.payee: account(one.payee) for one in self.payables.values()}
        drafts = plan_payouts(tuple(self.payables.values()), accounts, {}, PayoutPace.EACH, now)  # type: ignore[arg-type]
        for draft in drafts:
            if draft.id not in self.payouts:
                for line in draft.lines:
                    self.payables[line.payable] = self.payables[line.payable].taken_by(draft.id)
                self.payouts[draft.id] = draft.ready(now).asked(now, now)
        for id_, refund in self.refunds.items():
            self.refunds[id_] = refund.asked(now, now)
        for id_, payout in self.payouts.items():
            if payout.send is not None:
                self.payouts[id_] = payout.apply(PayoutChanged(payout.send.key, "disb", status, code), now)
        for id_, refund in self.refunds.items():
            if refund.send is not None and refund.state in {RefundState.UNKNOWN, RefundState.ACCEPTED}:
                self.refunds[id_] = refund.apply(RefundChanged(refund.send.key, "rfd", status, code), now)

    def posts(self, now: datetime) -> None:
        """Every order is carried out over the money as it is, and all of it is written."""
        for id_, order in self.orders.items():
            looked = replace(order, version=order.version + 1)
            self.orders[id_] = looked
            mine = [name for name in order.accounts if name in self.invoices]
            for name in mine:
                self.invoices[name] = self.invoices[name].under_order(looked)
            planned = plan(looked, [one for name in mine for one in holdings_of(self.invoices[name])])
            for name in mine:
                self.invoices[name] = settled_to(self.invoices[name], looked, planned, now)
        for invoice in self.invoices.values():
            for payable in payables.payables_of(invoice):
                self.payables[payable.id] = payable.laid_over(self.payables.get(payable.id, payable))
            for mark in invoice.refunds:
                payment = invoice.payment_by(mark.payment)
                assert payment is not None
                link = InvoiceId(f"inv-{payment.external_id}")
                planned_refund = plan_refund(
                    mark.refund, invoice.reference, payment, invoice=link, amount=mark.amount, now=now
                )
                self.refunds.setdefault(mark.refund, planned_refund)
        for payout in self.payouts.values():
            for line in payout.lines:
                owed = self.payables[line.payable]
                if payout.state is PayoutState.SUCCEEDED:
                    owed = owed.paid_by(payout.id)
                elif payout.state is PayoutState.REVERSED:
                    owed = owed.reopened_from(payout.id, True)
                self.payables[line.payable] = owed
        written = [one for invoice in self.invoices.values() for one in postings.of_invoice(invoice)]
        written += [one for payout in self.payouts.values() for one in postings.of_payout(payout)]
        written += [one for refund in self.refunds.values() for one in postings.of_refund(refund)]
        for posting in written:
            assert self.ledger.setdefault(posting.key, posting).entries == posting.entries, "a posting never changes"

    def checked(self) -> check.MoneyCheck:
        """The invariant of every account, and every term against the records."""
        records = check.MoneyRecords(
            [replace(one, dirty=False) for one in self.invoices.values()],
            list(self.payables.values()),
            [replace(one, dirty=False) for one in self.payouts.values()],
            [replace(one, dirty=False) for one in self.refunds.values()],
        )
        return check.check(list(self.ledger.values()), records)
