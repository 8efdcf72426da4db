"""A booking's money, and whether every unit holds, as the API answers it."""

from typing import Annotated

from pydantic import Field

from webhooks.edge.models import Amount, Model


class Terms(Model):
    """Where the money is; `captured` is the sum of the others."""

    captured: Amount
    held: Amount
    platform: Amount
    paid_out: Amount
    refunded: Amount
    fees: Amount
    open: Amount


class PayableShown(Model):
    """What is owed to a party, and when it may leave."""

    party: str
    amount: Amount
    state: str
    due_at: str | None


class PayoutShown(Model):
    """What of this booking is in which payout."""

    id: str
    party: str
    amount: Amount
    status: str


class RefundShown(Model):
    """Money that goes back, or was taken back by a bank."""

    id: str
    amount: Amount
    status: str


class InvoiceShown(Model):
    """A payment link."""

    id: str | None
    external_id: str
    amount: Amount
    status: str
    url: str | None


class Monies(Model):
    """Everything of a booking's money."""

    money: Terms
    payables: list[PayableShown]
    payouts: list[PayoutShown]
    refunds: list[RefundShown]
    chargebacks: list[RefundShown]
    invoices: Annotated[list[InvoiceShown], Field(description="Oldest first.")]


def none(currency: str) -> Monies:
    """The money of a booking that has none."""
    nothing = Amount(amount=0, currency=currency)
    terms = Terms(
        captured=nothing, held=nothing, platform=nothing, paid_out=nothing, refunded=nothing, fees=nothing, open=nothing
    )
    return Monies(money=terms, payables=[], payouts=[], refunds=[], chargebacks=[], invoices=[])


class Difference(Model):
    """Where books and records say two things."""

    reference: str
    term: str
    currency: str
    in_ledger: int
    in_records: int


class MoneyCheckShown(Model):
    """Whether every unit holds, and where not."""

    holds: bool
    bookings: int
    differences: list[Difference]
