"""Which row of the provider's books is which payment: by name, else by sum alone."""

from collections.abc import Sequence

from payments.domain.attempt import Attempt
from payments.domain.events import InvoicePaid, MovementSeen, TransactionSeen
from payments.domain.ids import InvoiceId, PaymentKey
from payments.domain.payment import Payment


def matched(payments: Sequence[Payment], rows: Sequence[TransactionSeen]) -> dict[PaymentKey, TransactionSeen]:
    """Each payment's row, as far as there is one; no row is taken twice."""
    left, found = list(rows), dict[PaymentKey, TransactionSeen]()
    # All names first: by its sum alone a payment could take the row that names another one.
    for by_name in (True, False):
        for payment in payments:
            row = next((r for r in left if _fits(payment, r, by_name)), None)
            if row is not None and payment.key not in found:
                left.remove(row)
                found[payment.key] = row
    return found


def _fits(payment: Payment, row: TransactionSeen, by_name: bool) -> bool:
    """By name first; then by amount alone, for channels whose payments have no id of their own; never another sum."""
    if row.amount != payment.amount:
        return False
    if by_name or payment.transaction_id:
        return payment.is_booked_as(row)
    return row.external_id == payment.external_id


def contradictions(
    payments: Sequence[Payment], rows: Sequence[TransactionSeen]
) -> tuple[tuple[Payment, TransactionSeen], ...]:
    """Rows that name one of these payments and another sum than the one it came in with."""
    return tuple(
        (payment, row)
        for payment in payments
        for row in rows
        if row.amount != payment.amount and payment.is_named_by(row.product_id)
    )


def as_news(attempt: Attempt, row: TransactionSeen) -> InvoicePaid:
    """What a callback would have told of this row."""
    provider = attempt.provider_id or InvoiceId("")
    return InvoicePaid(attempt.external_id, provider, row.amount, None, row.product_id, row.channel)


def taken_back(payments: Sequence[Payment], row: MovementSeen) -> Payment | None:
    """The payment this chargeback is of: the one it names, else the first of its link that is large enough;
    none when the link has none."""
    of_link = [p for p in payments if p.external_id == row.reference and p.amount.currency == row.amount.currency]
    # A chargeback may name no payment, and may be of a part of one.
    named = [p for p in of_link if row.product_id and p.product_id == row.product_id]
    large = [p for p in of_link if p.amount >= -row.amount]
    return next(iter([*named, *large, *of_link]), None)
