"""A booking's money, and whether every unit holds, as the API answers it."""

from typing import Annotated

from pydantic import Field

from payments.domain.payout import PayoutState
from webhooks.edge.models import Amount, Model, Page


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


class Account(Model):
    """A bank account or wallet, by its channel and the end of its number."""

    channel: str
    number: str


class DecisionShown(Model):
    """What a person decided about a payout."""

    what: str
    by: str
    at: str
    reason: str | None


class WholePayout(Model):
    """A payout as a person decides about it."""

    id: str
    payee: str
    amount: Amount
    status: str
    reason: str | None
    bookings: list[str]
    account: Account
    sent: Annotated[int, Field(description="How many times it was asked for.")]
    decisions: list[DecisionShown]


class PayoutsQuery(Model):
    """Which payouts."""

    state: Annotated[
        str | None,
        Field(pattern=f"^({'|'.join(state.name for state in PayoutState)})$", description="PERSON waits for one."),
    ] = None
    cursor: Annotated[str | None, Field(max_length=200)] = None


class PayoutPath(Model):
    """One payout."""

    payout: Annotated[str, Field(max_length=100)]


Person = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"\S", description="Who decides; kept with what is decided.")
]


class Retry(Model):
    """Send it again."""

    by: Person
    dry_run: bool = False


class Void(Model):
    """Give it up."""

    by: Person
    reason: Annotated[str, Field(min_length=1, max_length=200, description="Why it is not sent.")]
    dry_run: bool = False


class ProposalShown(Model):
    """Another account for a payee, and from when it counts."""

    account: Account
    proposed_by: str
    proposed_at: str
    effective_at: str
    state: str
    confirmed_by: str | None


class PayeeShown(Model):
    """Where a payee is paid, and what waits."""

    payee: str
    account: Account | None
    proposal: ProposalShown | None


class PayeePath(Model):
    """One payee."""

    payee: Annotated[str, Field(max_length=200)]


class Confirm(Model):
    """A second person's yes."""

    by: Person
    dry_run: bool = False


class AlarmShown(Model):
    """What a person should look at."""

    kind: str
    subject: str
    opened_at: str
    facts: dict[str, str | int | None]


class WholePayouts(Page[WholePayout]):
    """Payouts, by id."""


class Payees(Page[PayeeShown]):
    """Who is paid, and where."""


class Alarms(Page[AlarmShown]):
    """What a person should look at."""
