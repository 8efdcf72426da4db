"""What the provider tells us, in our words; its own words end in `xendit.callbacks` and `xendit.replies`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from payments.domain.ids import ExternalId, IdempotencyKey, InvoiceId
from payments.domain.money import Money


@dataclass(frozen=True, slots=True)
class InvoicePaid:
    """Money came in for an attempt; PAID and SETTLED are both paid."""

    external_id: ExternalId
    provider_id: InvoiceId
    paid: Money
    paid_at: datetime | None = None
    payment_id: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class InvoicePending:
    """The link is alive and unpaid."""

    external_id: ExternalId
    provider_id: InvoiceId
    url: str


@dataclass(frozen=True, slots=True)
class InvoiceExpired:
    """The link is dead; money may still come."""

    external_id: ExternalId
    provider_id: InvoiceId


@dataclass(frozen=True, slots=True)
class InvoiceFailed:
    """A try to pay failed for good (payment links never say so; other ways to pay do)."""

    external_id: ExternalId
    provider_id: InvoiceId
    reason: str


class TransferStatus(StrEnum):
    """How far money sent out by us (a payout or a refund) has come; by rank, not by arrival."""

    ACCEPTED = "accepted"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUCCEEDED = "succeeded"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class PayoutChanged:
    """Where one sending of a payout stands."""

    key: IdempotencyKey
    provider_id: str
    status: TransferStatus
    failure_code: str | None = None


@dataclass(frozen=True, slots=True)
class RefundChanged:
    """Where one sending of a refund stands."""

    key: IdempotencyKey
    provider_id: str
    status: TransferStatus
    failure_code: str | None = None


@dataclass(frozen=True, slots=True)
class TransactionSeen:
    """A payment in the provider's own books, with its fee and whether it is in our balance."""

    transaction_id: str
    product_id: str | None
    external_id: str | None
    amount: Money
    net: Money
    fee: Money
    is_settled: bool
    is_final_fee: bool
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class TransferCost:
    """What the provider took for a payout or refund of ours, by its own id for it."""

    provider_id: str
    fee: Money


class MovementKind(StrEnum):
    """Why money moved at the provider outside payments, payouts and refunds of ours."""

    OPENING = "opening"
    TOP_UP = "top_up"
    WITHDRAWAL = "withdrawal"
    ADJUSTMENT = "adjustment"
    CHARGEBACK = "chargeback"
    UNMATCHED = "stranger"
    """A row of a kind we do not book, or of a kind we do and that nobody here ordered."""


class RowStatus(StrEnum):
    """How far a row of the provider's books has come; BACK is failed, voided or reversed."""

    PENDING = "pending"
    DONE = "done"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class MovementSeen:
    """A row of the provider's books that is no payment; `amount` is what it does to our cash before its
    fee, `word` the provider's own type."""

    transaction_id: str
    kind: MovementKind
    word: str
    amount: Money
    status: RowStatus
    fee: Money | None = None
    reference: str | None = None
    product_id: str | None = None
    created_at: datetime | None = None


class NotUsed(StrEnum):
    """Why a callback that we can read is not used."""

    NO_EVENT = "no_event"
    UNKNOWN_EVENT = "unknown_event"
    UNKNOWN_STATUS = "unknown_status"
    OTHER_PRODUCT = "other_product"
    NOT_OURS = "not_ours"


class Malformed(StrEnum):
    """Why a callback cannot be read; never in the words of the callback."""

    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    WRONG_SHAPE = "wrong_shape"
    FRACTION = "fraction_of_minor_unit"
    UNKNOWN_CURRENCY = "unknown_currency"
    NOT_POSITIVE = "not_positive"


@dataclass(frozen=True, slots=True)
class UnknownCallback:
    """News of a kind we do not use."""

    reason: NotUsed


@dataclass(frozen=True, slots=True)
class MalformedCallback:
    """Not news: a body of no shape we know, or money that cannot be counted."""

    reason: Malformed


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row of the provider's books that we cannot read; its id where that can be read."""

    transaction_id: str


StatementRow = TransactionSeen | MovementSeen | UnreadableRow
InvoiceEvent = InvoicePaid | InvoicePending | InvoiceExpired | InvoiceFailed
CallbackEvent = InvoiceEvent | PayoutChanged | RefundChanged | UnknownCallback | MalformedCallback
