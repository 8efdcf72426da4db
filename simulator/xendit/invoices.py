"""An invoice and the payments on it: small values and their moves (reference: xendit 2.4)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from simulator.xendit.channels import Channel, Method


class InvoiceStatus(StrEnum):
    """There is no FAILED and no REFUNDED."""

    PENDING = "PENDING"
    PAID = "PAID"
    SETTLED = "SETTLED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class InvoiceOrder:
    """What a create call asks for; `extras` is JSON text handed back as it came."""

    external_id: str
    amount: int
    currency: str
    duration: timedelta
    payment_methods: tuple[str, ...] = ()
    locale: str = "en"
    description: str | None = None
    payer_email: str | None = None
    should_send_email: bool = False
    success_redirect_url: str | None = None
    failure_redirect_url: str | None = None
    extras: str = "{}"


@dataclass(frozen=True, slots=True)
class FailedTry:
    """A customer's try that did not work: seen on the page, told to nobody (reference: xendit 3.3)."""

    at: datetime
    channel: str
    reason: str


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in on an invoice; sums in minor units of its own currency."""

    id: str
    method_id: str
    invoice_id: str
    external_id: str
    amount: int
    currency: str
    channel: Channel
    paid_at: datetime
    settles_at: datetime
    transaction_id: str
    destination: str
    fee: int
    vat: int
    is_settled: bool = False
    is_void: bool = False
    refunded: int = 0

    @property
    def left(self) -> int:
        """What has not been given back yet."""
        return self.amount - self.refunded

    @property
    def product_id(self) -> str:
        """Its id in the statement: without the prefix (reference: xendit 9.1)."""
        return self.id.partition("_")[2]


@dataclass(frozen=True, slots=True)
class Invoice:
    """One link to pay by."""

    id: str
    order: InvoiceOrder
    url: str
    status: InvoiceStatus
    created: datetime
    updated: datetime
    expires_at: datetime
    channels: tuple[Channel, ...]
    payments: tuple[str, ...] = ()
    first_payment: Payment | None = None
    failed_tries: tuple[FailedTry, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the page still waits for money."""
        return self.status is InvoiceStatus.PENDING

    def with_payment(self, payment: Payment) -> "Invoice":
        """Money came: PENDING becomes PAID, EXPIRED stays EXPIRED, and what is paid stays paid."""
        status = InvoiceStatus.PAID if self.is_open else self.status
        return replace(
            self,
            status=status,
            updated=payment.paid_at,
            payments=(*self.payments, payment.id),
            first_payment=self.first_payment or payment,
        )

    def expired(self, at: datetime) -> "Invoice":
        """Its time is over, or the merchant ended it: `expiry_date` moves to that moment."""
        return replace(self, status=InvoiceStatus.EXPIRED, updated=at, expires_at=at)

    def settled(self, at: datetime) -> "Invoice":
        """The money is in the balance; an expired invoice stays expired all the same."""
        if self.status is not InvoiceStatus.PAID:
            return self
        return replace(self, status=InvoiceStatus.SETTLED, updated=at)

    def with_failed_try(self, failed: FailedTry) -> "Invoice":
        """The page remembers; the status does not change."""
        return replace(self, failed_tries=(*self.failed_tries, failed))


PAYMENT_PREFIXES = {
    Method.QR_CODE: "qrpy_",
    Method.EWALLET: "ewc_",
    Method.BANK_TRANSFER: "va_",
    Method.CREDIT_CARD: "card_",
    Method.RETAIL_OUTLET: "ro_",
    Method.DIRECT_DEBIT: "ddpy_",
    Method.PAYLATER: "plp_",
}
"""Of a payment id: the first two are recorded, ddpy is documented, the rest are ours."""
