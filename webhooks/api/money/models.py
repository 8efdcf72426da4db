"""A booking's money, and whether every unit holds, as the API answers it."""

from typing import Annotated

from pydantic import Field

from webhooks.edge.models import AmountShown, EdgeModel


class MoneyTerms(EdgeModel):
    """Where the money is; `captured` is the sum of the others."""

    captured: AmountShown
    held: AmountShown
    platform: AmountShown
    paid_out: AmountShown
    refunded: AmountShown
    fees: AmountShown
    open: AmountShown


class PayableShown(EdgeModel):
    """What is owed to a party, and when it may leave."""

    party: str
    amount: AmountShown
    state: str
    due_at: str | None


class PayoutShown(EdgeModel):
    """What of this booking is in which payout."""

    id: str
    party: str
    amount: AmountShown
    status: str


class RefundShown(EdgeModel):
    """Money that goes back, or was taken back by a bank."""

    id: str
    amount: AmountShown
    status: str


class InvoiceShown(EdgeModel):
    """A payment link."""

    id: str | None
    external_id: str
    amount: AmountShown
    status: str
    url: str | None


class Monies(EdgeModel):
    """Everything of a booking's money."""

    money: MoneyTerms
    payables: list[PayableShown]
    payouts: list[PayoutShown]
    refunds: list[RefundShown]
    chargebacks: list[RefundShown]
    invoices: Annotated[list[InvoiceShown], Field(description="Oldest first.")]


def none(currency: str) -> Monies:
    """The money of a booking that has none."""
    nothing = AmountShown(amount=0, currency=currency)
    terms = MoneyTerms(
        captured=nothing, held=nothing, platform=nothing, paid_out=nothing, refunded=nothing, fees=nothing, open=nothing
    )
    return Monies(money=terms, payables=[], payouts=[], refunds=[], chargebacks=[], invoices=[])


class DifferenceShown(EdgeModel):
    """Where books and records say two things."""

    reference: str
    term: str
    currency: str
    in_ledger: int
    in_records: int


class MoneyCheckShown(EdgeModel):
    """Whether every unit holds, and where not."""

    holds: bool
    bookings: int
    differences: list[DifferenceShown]
