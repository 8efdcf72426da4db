"""The desk for money in: invoices, what is paid on them, settlement (reference: xendit 2 and 9)."""

from dataclasses import replace
from datetime import datetime

from simulator.xendit import channels, wire
from simulator.xendit.books import Cause, Entry, Purse
from simulator.xendit.channels import Channel
from simulator.xendit.errors import Refused, bad
from simulator.xendit.invoices import (
    PAYMENT_PREFIXES,
    FailedTry,
    Invoice,
    InvoiceOrder,
    InvoiceStatus,
    Payment,
)
from simulator.xendit.plans import Deed, Plan
from simulator.xendit.settlement import settles_at
from simulator.xendit.transactions import FeeStatus, Kind, Settlement, Status, Transaction
from simulator.xendit.vault import Vault


class Payins:
    """Opens invoices, takes money, lets it settle; nothing here is told that Xendit would not tell."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        vault.charge(Deed.INVOICE_RUNS_OUT, self._time_is_over)
        vault.charge(Deed.PAYMENT_SETTLES, self._settle)
        self.invoices: dict[str, Invoice] = {}
        self.payments: dict[str, Payment] = {}

    def open(self, order: InvoiceOrder, now: datetime) -> Invoice:
        """A new invoice, also for an external_id that has one already (reference: xendit 2.2)."""
        invoice_id = self._vault.ids.hexes(24)
        invoice = Invoice(
            id=invoice_id,
            order=order,
            url=f"{self._vault.public_url}/checkout/{invoice_id}",
            status=InvoiceStatus.PENDING,
            created=now,
            updated=now,
            expires_at=now + order.duration,
            channels=_offered(order),
        )
        self.invoices[invoice_id] = invoice
        self._vault.schedule(invoice.expires_at, Deed.INVOICE_RUNS_OUT, invoice_id)
        return invoice

    def find(self, invoice_id: str) -> Invoice:
        """The invoice of that id, or 404 in the invoice's own words."""
        if invoice_id not in self.invoices:
            raise Refused(404, "INVOICE_NOT_FOUND_ERROR", "Could not find invoice by id")
        return self.invoices[invoice_id]

    def of_external_id(self, external_id: str) -> tuple[Invoice, ...]:
        """Every invoice of that external_id, newest first."""
        found = [invoice for invoice in self.invoices.values() if invoice.order.external_id == external_id]
        return tuple(reversed(found))

    def named(self, name: str) -> Invoice:
        """By id, or else the newest of that external_id."""
        of_external_id = self.of_external_id(name)
        return of_external_id[0] if of_external_id and name not in self.invoices else self.find(name)

    def expire(self, invoice_id: str, now: datetime) -> Invoice:
        """Ends the invoice; one that has ended is left as it is, one that is paid cannot be ended."""
        invoice = self.find(invoice_id)
        if invoice.status is InvoiceStatus.EXPIRED:
            return invoice
        if not invoice.is_open:
            raise bad("INVOICE_ALREADY_PAID_ERROR", "Invoice is already paid and cannot be expired")
        return self._end(invoice, now)

    def pay(self, invoice_id: str, channel: Channel, amount: int, now: datetime) -> Payment:
        """Money comes in on the invoice, in whatever state it is (reference: xendit 2.4, 3.3)."""
        invoice = self.find(invoice_id)
        payment = self._captured(invoice, channel, amount, now)
        self.payments[payment.id] = payment
        invoice = invoice.with_payment(payment)
        self.invoices[invoice_id] = invoice
        self._vault.record(_row(payment))
        self._vault.books.post(Entry(now, Purse.HOLDING, payment.currency, amount, Cause.CAPTURED, payment.external_id))
        self._tell_paid(invoice, payment, now)
        self._vault.schedule(payment.settles_at, Deed.PAYMENT_SETTLES, payment.id)
        self._vault.advance(now)
        return payment

    def fail(self, invoice_id: str, channel: str, reason: str, now: datetime) -> Invoice:
        """A try that does not work: the customer stays on the page and the merchant hears nothing."""
        invoice = self.find(invoice_id).with_failed_try(FailedTry(now, channel, reason))
        self.invoices[invoice_id] = invoice
        return invoice

    def void(self, payment_id: str, now: datetime) -> None:
        """Undoes a payment that has not settled, fee and all (reference: xendit 6, QRIS)."""
        payment = self.payments[payment_id]
        self.payments[payment_id] = replace(payment, is_void=True, refunded=payment.amount)
        row = self._vault.transactions[payment.transaction_id]
        self._vault.record(
            replace(row, status=Status.VOIDED, fee_status=FeeStatus.CANCELED, settlement=None, updated=now)
        )
        about, currency = payment.external_id, payment.currency
        self._vault.books.post(Entry(now, Purse.HOLDING, currency, -payment.amount, Cause.REFUNDED, about))

    def _captured(self, invoice: Invoice, channel: Channel, amount: int, now: datetime) -> Payment:
        ids, fees = self._vault.ids, channel.fees(amount)
        return Payment(
            id=f"{PAYMENT_PREFIXES[channel.method]}{ids.uuid()}",
            method_id=f"pm-{ids.uuid()}",
            invoice_id=invoice.id,
            external_id=invoice.order.external_id,
            amount=amount,
            currency=channel.currency,
            channel=channel,
            paid_at=now,
            settles_at=settles_at(now, channel.settles, channel.currency),
            transaction_id=f"txn_{ids.uuid()}",
            destination=f"8808{ids.digits(12)}",
            fee=fees.fee,
            vat=fees.vat,
        )

    def _tell_paid(self, invoice: Invoice, payment: Payment, now: datetime) -> None:
        is_late = invoice.status is InvoiceStatus.EXPIRED
        if not is_late or self._vault.habits.late_callbacks:
            event = "invoice.late" if is_late else "invoice.paid"
            self._vault.tell(wire.invoice_notice(event, invoice, payment, self._vault.business_id, now))

    def _time_is_over(self, plan: Plan, at: datetime) -> None:
        invoice = self.invoices[plan.subject]
        if invoice.is_open:
            self._end(invoice, at)

    def _end(self, invoice: Invoice, at: datetime) -> Invoice:
        ended = invoice.expired(at)
        self.invoices[invoice.id] = ended
        if self._vault.habits.expired_callbacks:
            self._vault.tell(wire.invoice_notice("invoice.expired", ended, None, self._vault.business_id, at))
        return ended

    def _settle(self, plan: Plan, at: datetime) -> None:
        payment = self.payments[plan.subject]
        if payment.is_void:
            return
        self.payments[payment.id] = replace(payment, is_settled=True)
        self.invoices[payment.invoice_id] = self.invoices[payment.invoice_id].settled(at)
        row = self._vault.transactions[payment.transaction_id]
        self._vault.record(replace(row, settlement=Settlement.SETTLED, fee_status=FeeStatus.COMPLETED, updated=at))
        books, currency, about = self._vault.books, payment.currency, payment.external_id
        books.post(Entry(at, Purse.HOLDING, currency, -payment.amount, Cause.SETTLED, about))
        books.post(Entry(at, Purse.CASH, currency, payment.amount, Cause.SETTLED, about))
        books.post(Entry(at, Purse.CASH, currency, -(payment.fee + payment.vat), Cause.FEE, about))


def _offered(order: InvoiceOrder) -> tuple[Channel, ...]:
    """The channels the page shows: those asked for, without the ones whose limits the sum is outside of."""
    every = channels.of(order.currency)
    if order.payment_methods:
        wanted = {channels.find(code, order.currency) for code in order.payment_methods}
        every = tuple(channel for channel in every if channel in wanted)
    if not every:
        raise bad("UNAVAILABLE_PAYMENT_METHOD_ERROR", "The payment method choices did not match any channel")
    offered = tuple(channel for channel in every if channel.takes(order.amount))
    if offered:
        return offered
    if order.amount > max(channel.maximum for channel in every):
        raise bad("MAXIMUM_TRANSFER_AMOUNT_ERROR", "Amount is above the maximum of every payment channel")
    raise bad("NO_COLLECTION_METHODS_ERROR", "No payment channel can collect this amount")


def _row(payment: Payment) -> Transaction:
    return Transaction(
        id=payment.transaction_id,
        kind=Kind.PAYMENT,
        status=Status.SUCCESS,
        product_id=payment.product_id,
        reference_id=payment.external_id,
        channel_category=payment.channel.category,
        channel_code=payment.channel.code,
        account_identifier=payment.destination,
        currency=payment.currency,
        amount=payment.amount,
        fee=payment.fee,
        vat=payment.vat,
        fee_status=FeeStatus.PENDING,
        created=payment.paid_at,
        updated=payment.paid_at,
        settlement=Settlement.PENDING,
        settles_at=payment.settles_at,
    )
