"""News for the caller: what an invoice, payout or refund now *is*, never what changed.

News comes again until the caller acknowledges it (`Cashier.acknowledge`), so a crash between two saves loses
nothing; the same news again changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from payments.domain.allocations import ChargebackOutcome, OpenCase
from payments.domain.credit import Credit
from payments.domain.invoice import Invoice, InvoiceStatus
from payments.domain.money import Money
from payments.domain.payout import Payout, PayoutState
from payments.domain.refund import Refund, RefundState


@dataclass(frozen=True, slots=True)
class PaymentNews:
    """What the invoice of this booking is, as of this revision."""

    reference: str
    revision: Annotated[int, Field(alias="change")]
    status: InvoiceStatus
    due: Money
    paid: Money
    rest: Money
    pay_by: datetime
    is_late: bool
    open_cases: tuple[OpenCase, ...]
    external_id: str | None
    url: str | None
    paid_at: datetime | None
    channel: str | None
    dispute: ChargebackOutcome | None = None
    """How what a bank took back of it stands, none where none did."""
    captured: Money | None = None
    """All that came in for it, also what has gone back since; none in news of an earlier version."""

    @property
    def came_in(self) -> Money:
        """All that came in, which never grows less."""
        return self.paid if self.captured is None else self.captured

    @property
    def is_paid(self) -> bool:
        """Paid in full, by money in time or accepted late."""
        return self.status is InvoiceStatus.PAID and not self.is_late


@dataclass(frozen=True, slots=True)
class PayoutNews:
    """What this payout is; `references` are the bookings it pays for."""

    payout: str
    revision: Annotated[int, Field(alias="change")]
    payee: str
    state: PayoutState
    amount: Money
    reason: str | None
    references: tuple[str, ...]
    was_stuck: bool = False
    """Whether it may have waited for a person before."""
    ending: str = ""
    """The last four digits of the account it goes to; none in news of an earlier version."""

    @property
    def needs_person(self) -> bool:
        """Whether nothing will happen until somebody looks."""
        return self.state is PayoutState.PERSON

    @property
    def is_told(self) -> bool:
        """Whether whoever is paid hears of it: it has arrived, or has come back. What is under way may yet fail."""
        return self.state in {PayoutState.SUCCEEDED, PayoutState.REVERSED}


@dataclass(frozen=True, slots=True)
class RefundNews:
    """What this refund is; NEEDS_ACCOUNT asks the guest for an account."""

    refund: str
    revision: Annotated[int, Field(alias="change")]
    reference: str
    state: RefundState
    amount: Money
    reason: str | None


@dataclass(frozen=True, slots=True)
class CreditNews:
    """What this credit is: what it pays, account by account, and what is left of it."""

    credit: str
    revision: int
    amount: Money
    until: datetime
    uses: tuple[tuple[str, Money], ...]
    """By account what it pays there and has not got back."""
    returned: Money
    """All that ever came back from bookings."""
    expired: Money


News = PaymentNews | PayoutNews | RefundNews | CreditNews


def of_invoice(invoice: Invoice) -> PaymentNews:
    """What this invoice is."""
    latest = invoice.attempt
    last = invoice.payments[-1] if invoice.payments else None
    return PaymentNews(
        reference=invoice.reference,
        revision=invoice.revision,
        status=invoice.status,
        due=invoice.due,
        paid=invoice.paid,
        rest=invoice.rest,
        pay_by=invoice.pay_by,
        is_late=invoice.is_late,
        open_cases=invoice.open_cases,
        external_id=latest.external_id if latest else None,
        url=latest.url if latest else None,
        paid_at=(last.paid_at or last.seen_at) if last else None,
        channel=last.channel if last else None,
        dispute=invoice.dispute,
        captured=invoice.captured,
    )


def of_payout(payout: Payout) -> PayoutNews:
    """What this payout is."""
    references = tuple(sorted({line.reference for line in payout.lines}))
    # a person's decision says so of records of before it was noted
    was_stuck = payout.was_stuck or bool(payout.decisions)
    return PayoutNews(
        payout.id,
        payout.revision,
        payout.payee,
        payout.state,
        payout.amount,
        payout.reason,
        references,
        was_stuck,
        payout.destination.account_number[-4:],
    )


def of_refund(refund: Refund) -> RefundNews:
    """What this refund is."""
    return RefundNews(refund.id, refund.revision, refund.reference, refund.state, refund.amount, refund.reason)


def of_credit(credit: Credit) -> CreditNews:
    """What this credit is."""
    uses = tuple((use.account, use.net) for use in credit.uses)
    return CreditNews(credit.id, credit.revision, credit.amount, credit.until, uses, credit.returned, credit.expired)
