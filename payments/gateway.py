"""The port of a payment gateway: what the services ask of one, with values of our own.

A gateway lives in a folder of `payments.gateways` and is named there, at its door and in the wiring alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from payments.domain.errors import PermanentError
from payments.domain.events import (
    CallbackEvent,
    InvoiceEvent,
    PayoutChanged,
    RefundChanged,
    StatementRow,
    TransactionSeen,
    TransferCost,
)
from payments.domain.ids import IdempotencyKey, InvoiceId
from payments.domain.money import Money
from payments.domain.payees import Destination


class NotWholeUnits(PermanentError):
    """The gateway takes this sum in whole units of the currency only."""

    def __init__(self, amount: Money) -> None:
        super().__init__("NOT_WHOLE_UNITS", f"{amount.units} {amount.currency}")


class OutsideLimits(PermanentError):
    """The gateway would refuse this field."""

    def __init__(self, message: str) -> None:
        super().__init__("OUTSIDE_LIMITS", message)


@dataclass(frozen=True, slots=True)
class InvoiceRequest:
    """A payment link that lives as long as `lifetime` from now on."""

    external_id: str
    amount: Money
    lifetime: timedelta
    description: str
    locale: str | None = None
    payment_methods: tuple[str, ...] = ()
    return_url: str | None = None


@dataclass(frozen=True, slots=True)
class PayoutRequest:
    """Money to a bank account or wallet; the key is also the reference, so that it can be found by either."""

    key: IdempotencyKey
    amount: Money
    destination: Destination = field(repr=False)
    description: str = ""


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Money of a payment link back to where it came from."""

    key: IdempotencyKey
    invoice_id: str
    amount: Money


class PaymentGateway(Protocol):
    """Each call ends in its value, TemporaryError, PermanentError or OutcomeUnknown."""

    def check_invoice(self, request: InvoiceRequest) -> None:
        """Raises NotWholeUnits or OutsideLimits for a link the gateway would refuse; asks nobody."""

    def read_callback(self, body: bytes | Mapping[str, Any]) -> CallbackEvent:
        """What a callback says, whatever its body; never raises, and believes nothing."""

    async def create_invoice(self, request: InvoiceRequest) -> InvoiceEvent | None: ...
    async def find_invoices(self, external_id: str) -> tuple[InvoiceEvent, ...]: ...
    async def invoice(self, invoice: InvoiceId) -> InvoiceEvent | None: ...
    async def expire_invoice(self, invoice: InvoiceId) -> InvoiceEvent | None: ...
    async def create_payout(self, request: PayoutRequest) -> PayoutChanged: ...
    async def payout(self, provider_id: str) -> PayoutChanged: ...
    async def find_payouts(self, key: str) -> tuple[PayoutChanged, ...]: ...
    async def payout_minimums(self, currency: str) -> Mapping[str, int]: ...
    async def create_refund(self, request: RefundRequest) -> RefundChanged | None: ...
    async def refund(self, provider_id: str) -> RefundChanged | None: ...
    async def find_refunds(self, invoice: InvoiceId) -> tuple[RefundChanged, ...]: ...
    async def balance(self, currency: str, kind: str = "CASH", at: datetime | None = None) -> Money: ...
    async def transactions_of(self, external_id: str) -> tuple[TransactionSeen, ...]: ...
    async def cost_of(self, key: str) -> tuple[TransferCost, ...]: ...
    async def statement(self, since: datetime, until: datetime) -> tuple[StatementRow, ...]: ...
