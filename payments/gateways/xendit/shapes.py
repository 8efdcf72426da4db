"""The provider's objects as far as we use them: invoice, payout, refund, transaction (reference: xendit
2.3, 3.3, 4, 6, 9)."""

from decimal import Decimal

from payments.domain.events import (
    InvoiceEvent,
    InvoiceExpired,
    InvoiceFailed,
    InvoicePaid,
    InvoicePending,
    MovementKind,
    MovementSeen,
    PayoutChanged,
    RefundChanged,
    RowStatus,
    TransactionSeen,
    TransferCost,
    TransferStatus,
)
from payments.domain.ids import ExternalId, IdempotencyKey, InvoiceId
from payments.domain.money import Money
from payments.gateways.xendit.wire import Code, Id, Moment, Shape, Text, Units, Word, money

_PAID = frozenset({"PAID", "SETTLED", "COMPLETED"})
# The dashboard's words for the same state appear in some replies (reference: xendit 2.4).
_PENDING = frozenset({"PENDING", "UNPAID", "ACTIVE"})
_PAYOUT_WORDS = {
    "SUCCEEDED": TransferStatus.SUCCEEDED,
    "COMPLETED": TransferStatus.SUCCEEDED,
    "FAILED": TransferStatus.FAILED,
    "COMPLIANCE_REJECTED": TransferStatus.FAILED,
    "EXPIRED": TransferStatus.FAILED,
    "CANCELLED": TransferStatus.CANCELLED,
    "REVERSED": TransferStatus.REVERSED,
}
_REFUND_WORDS = {
    "SUCCEEDED": TransferStatus.SUCCEEDED,
    "FAILED": TransferStatus.FAILED,
    "CANCELLED": TransferStatus.CANCELLED,
}

_WAIVED = frozenset({"PENDING", "CANCELED", "CANCELLED", "REVERSED"})
_MOVEMENTS = {
    "TOPUP": MovementKind.TOP_UP,
    "WITHDRAWAL": MovementKind.WITHDRAWAL,
    "ADJUSTMENT_ADD": MovementKind.ADJUSTMENT,
    "ADJUSTMENT_DEDUCT": MovementKind.ADJUSTMENT,
    "CHARGEBACK": MovementKind.CHARGEBACK,
}
_IN = frozenset({"TOPUP", "ADJUSTMENT_ADD"})
_ROW_WORDS = {
    "SUCCESS": RowStatus.DONE,
    "FAILED": RowStatus.BACK,
    "VOIDED": RowStatus.BACK,
    "REVERSED": RowStatus.BACK,
}


class NotPositive(ValueError):
    """Money that came in is more than nothing."""


def _came_in(units: Decimal, currency: str | None) -> Money:
    paid = money(units, currency)
    if paid.amount <= 0:
        raise NotPositive
    return paid


class InvoiceShape(Shape):
    """An invoice: the callback has no envelope and is the invoice itself, with the payment's fields."""

    id: Id
    external_id: Text
    status: Text
    amount: Units
    currency: Word = None
    paid_amount: Units | None = None
    paid_at: Moment = None
    payment_id: Word = None
    payment_channel: Word = None
    payment_method: Word = None
    ewallet_type: Word = None
    bank_code: Word = None
    invoice_url: Word = None
    failure_code: Code = None

    def event(self) -> InvoiceEvent | None:
        """What it tells us; none where its status is a word we do not know."""
        status = self.status.upper()
        ours, theirs = ExternalId(self.external_id), InvoiceId(self.id)
        if status in _PAID:
            paid = _came_in(self.amount if self.paid_amount is None else self.paid_amount, self.currency)
            return InvoicePaid(ours, theirs, paid, self.paid_at, self.payment_id, self.channel)
        if status in _PENDING:
            return InvoicePending(ours, theirs, self.invoice_url or "")
        if status == "EXPIRED":
            # Money after expiry leaves the status as it is (reference: xendit 2.4).
            if not self.paid_amount:
                return InvoiceExpired(ours, theirs)
            late = _came_in(self.paid_amount, self.currency)
            return InvoicePaid(ours, theirs, late, self.paid_at, self.payment_id, self.channel)
        if status == "FAILED":
            return InvoiceFailed(ours, theirs, self.failure_code or "FAILED")
        return None

    @property
    def channel(self) -> str | None:
        """By its newest name, or an older one (reference: xendit 3.3)."""
        named = self.payment_channel or self.ewallet_type or self.bank_code
        return "CREDIT_CARD" if self.payment_method == "CREDIT_CARD" else named


class PayoutShape(Shape):
    """A payout, in a reply or under `data` of its callback."""

    id: Id
    reference_id: Text
    status: Text
    failure_code: Code = None

    def event(self) -> PayoutChanged:
        """What it tells us; a status we do not know is somewhere on the way."""
        status = _PAYOUT_WORDS.get(self.status.upper(), TransferStatus.ACCEPTED)
        lost = status in {TransferStatus.FAILED, TransferStatus.CANCELLED, TransferStatus.REVERSED}
        code = (self.failure_code or status.upper()) if lost else None
        return PayoutChanged(IdempotencyKey(self.reference_id), self.id, status, code)


class RefundShape(Shape):
    """A refund, in a reply or under `data` (or `data.data`) of its callback; our own id is its
    reference_id."""

    id: Id
    reference_id: Word = None
    status: Text
    failure_code: Code = None

    def event(self) -> RefundChanged | None:
        """What it tells us; none where it was not made by us."""
        if self.reference_id is None:
            return None
        # A new word must not end anything: what is on its way is asked about again.
        status = _REFUND_WORDS.get(self.status.upper(), TransferStatus.ACCEPTED)
        lost = status in {TransferStatus.FAILED, TransferStatus.CANCELLED}
        code = (self.failure_code or status.upper()) if lost else None
        return RefundChanged(IdempotencyKey(self.reference_id), self.id, status, code)


class FeeShape(Shape):
    """What the provider keeps of a transaction."""

    xendit_fee: Units | None = None
    value_added_tax: Units | None = None
    xendit_withholding_tax: Units | None = None
    third_party_withholding_tax: Units | None = None
    status: Word = None

    @property
    def whole(self) -> Decimal:
        """Fee and taxes on it."""
        parts = (
            self.xendit_fee,
            self.value_added_tax,
            self.xendit_withholding_tax,
            self.third_party_withholding_tax,
        )
        return sum((part for part in parts if part is not None), start=Decimal(0))


class TransactionShape(Shape):
    """A row of the provider's books."""

    id: Id
    product_id: Word = None
    reference_id: Word = None
    type: Text
    status: Text
    amount: Units
    net_amount: Units | None = None
    currency: str
    channel_code: Word = None
    settlement_status: Word = None
    cashflow: Word = None
    created: Moment = None
    fee: FeeShape | None = None

    def cost(self) -> TransferCost | None:
        """What a payout cost; none for other rows and while it is not known."""
        charged = self._charged()
        if self.type.upper() != "DISBURSEMENT" or charged is None or self.product_id is None:
            return None
        return TransferCost(self.product_id, charged)

    def _charged(self) -> Money | None:
        """The fee that was taken for good."""
        if self.fee is None or (self.fee.status or "").upper() in _WAIVED:
            return None
        return money(self.fee.whole, self.currency)

    def moved(self) -> MovementSeen | None:
        """What it did to our cash; none for payments."""
        word = self.type.upper()
        if word == "PAYMENT":
            return None
        # Amounts are written without a sign; which way the money went is in another field, or in the kind of row.
        sign = 1 if word in _IN or (self.cashflow or "").upper() == "MONEY_IN" else -1
        return MovementSeen(
            transaction_id=self.id,
            kind=_MOVEMENTS.get(word, MovementKind.UNMATCHED),
            word=word,
            amount=money(sign * self.amount, self.currency),
            status=_ROW_WORDS.get(self.status.upper(), RowStatus.PENDING),
            fee=self._charged(),
            reference=self.reference_id,
            product_id=self.product_id,
            created_at=self.created,
        )

    def row(self) -> TransactionSeen | MovementSeen | None:
        """The whole row in our words; none for a payment that is pending or failed."""
        return self.seen() or self.moved()

    def seen(self) -> TransactionSeen | None:
        """A payment in our words; none for other rows, while it is pending or after it failed."""
        if self.type.upper() != "PAYMENT" or self.status.upper() not in {"SUCCESS", "VOIDED"}:
            return None
        amount = money(self.amount, self.currency)
        if self.status.upper() == "VOIDED":
            # Refunded whole before it settled, without a fee (reference: xendit 6): as if it had settled and gone
            # back.
            nothing = Money(0, amount.currency)
            return TransactionSeen(
                self.id, self.product_id, self.reference_id, amount, amount, nothing, True, True, self.channel_code
            )
        fee = money(self.fee.whole if self.fee else Decimal(0), self.currency)
        net = money(self.net_amount, self.currency) if self.net_amount is not None else amount - fee
        return TransactionSeen(
            transaction_id=self.id,
            product_id=self.product_id,
            external_id=self.reference_id,
            amount=amount,
            net=net,
            fee=fee,
            is_settled=(self.settlement_status or "").upper() in {"SETTLED", "EARLY_SETTLED"},
            is_final_fee=self.fee is None or (self.fee.status or "").upper() != "PENDING",
            channel=self.channel_code,
        )
