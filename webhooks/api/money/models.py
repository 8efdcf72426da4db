"""A booking's money, and whether every unit holds, as the API answers it."""

from typing import Annotated

from pydantic import Field, StrictInt

from bot.business.prices import SplitParty
from bot.domain.users import Role
from payments.domain.payment import ReceiptWay
from payments.domain.payout import PayoutState
from webhooks.api.bookings.acting import Acting, ActingRole
from webhooks.edge.fields import Identifier, Otherwise, Words
from webhooks.edge.models import AmountShown, EdgeModel, ItemPage


class MoneyTerms(EdgeModel):
    """Where the money is; `captured` is the sum of the others."""

    captured: AmountShown
    held: AmountShown
    platform: AmountShown
    paid_out: AmountShown
    refunded: AmountShown
    fees: AmountShown
    open: AmountShown
    transferred: Annotated[
        AmountShown, Field(description="What went to a credit for its customer, less what credits have paid of it.")
    ]


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
    terms = MoneyTerms.model_validate(dict.fromkeys(MoneyTerms.model_fields, nothing))
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


class Account(EdgeModel):
    """A bank account or wallet, by its channel and the end of its number."""

    channel: str
    number: str


class DecisionShown(EdgeModel):
    """What a person decided about a payout."""

    what: str
    by: str
    at: str
    reason: str | None


class StatementLineShown(EdgeModel):
    """One line of what a payee is paid."""

    booking: str
    party: str
    amount: Annotated[AmountShown, Field(description="Less than nothing where a refund is taken back of it.")]


class WholePayout(EdgeModel):
    """A payout as a person decides about it."""

    id: str
    payee: str
    amount: AmountShown
    status: str
    reason: str | None
    bookings: list[str]
    lines: Annotated[list[StatementLineShown], Field(description="What its amount is made of, claw-backs too.")]
    account: Account
    sent: Annotated[int, Field(description="How many times it was asked for.")]
    decisions: list[DecisionShown]


class PayoutsQuery(EdgeModel):
    """Which payouts."""

    state: Annotated[
        str | None,
        Field(pattern=f"^({'|'.join(state.name for state in PayoutState)})$", description="PERSON waits for one."),
    ] = None
    cursor: Annotated[str | None, Field(max_length=200)] = None


class PayoutPath(EdgeModel):
    """One payout."""

    payout: Annotated[str, Field(max_length=100)]


Person = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"\S", description="Who decides; kept with what is decided.")
]


class Retry(EdgeModel):
    """Send it again."""

    by: Person
    dry_run: bool = False


class Void(EdgeModel):
    """Give it up."""

    by: Person
    reason: Annotated[str, Field(min_length=1, max_length=200, description="Why it is not sent.")]
    dry_run: bool = False


class RefundPath(EdgeModel):
    """One refund."""

    refund: Annotated[str, Field(max_length=200)]


class Approve(EdgeModel):
    """A person's yes to a refund above the limit."""

    by: Person
    dry_run: bool = False


class WaitingRefund(EdgeModel):
    """A refund as a person decides about it."""

    id: str
    account: str
    amount: AmountShown
    status: str
    ordered_at: str
    ordered_by: Annotated[list[str], Field(description="The people of the house who ordered it, if any did.")]
    approved_by: str | None
    approved_at: str | None


class ProposalShown(EdgeModel):
    """Another account for a payee, and from when it counts."""

    account: Account
    proposed_by: str
    proposed_at: str
    effective_at: str
    state: str
    confirmed_by: str | None


class PayeeShown(EdgeModel):
    """Where a payee is paid, and what waits."""

    payee: str
    account: Account | None
    proposal: ProposalShown | None
    kept: Annotated[list[AmountShown], Field(description="Shares that wait for an account, where there is none.")]


class PayeePath(EdgeModel):
    """One payee."""

    payee: Annotated[str, Field(max_length=200)]


class Confirm(EdgeModel):
    """A second person's yes."""

    by: Person
    dry_run: bool = False


class AlarmShown(EdgeModel):
    """What a person should look at."""

    kind: str
    subject: str
    opened_at: str
    facts: dict[str, str | int | None]


Positive = Annotated[StrictInt, Field(ge=1, le=10**12, description="Whole minor units of the booking's currency.")]


class GiveBack(Acting):
    """Money back without a change."""

    amount: Annotated[Positive, Otherwise("bad-sum", "amount is a whole number of minor units above nothing.", 422)]
    reason: Annotated[
        Words,
        Otherwise("no-reason", "reason is needed; it stands on record.", 422),
        Field(description="For the record."),
    ]
    borne_by: Annotated[
        SplitParty | None,
        Otherwise("unknown-party", "borne_by is provider, place, referrer or platform.", 422),
        Field(
            description="Who alone bears it, out of its own share, then the platform's; once the booking is over. "
            "Everybody in proportion where left out."
        ),
    ] = None
    dry_run: bool = False


class GivenBack(EdgeModel):
    """What was ordered to go back, and what the booking keeps."""

    id: Annotated[str, Field(description="Counted within its booking.")]
    booking: str
    amount: AmountShown
    keep: AmountShown
    ordered_by: str
    reason: str
    borne_by: SplitParty | None
    dry_run: bool


class Receive(Acting):
    """Money that a person of finance has received."""

    role: ActingRole = Role.FINANCE
    amount: Annotated[Positive, Otherwise("bad-sum", "amount is a whole number of minor units above nothing.", 422)]
    way: Annotated[ReceiptWay, Otherwise("unknown-way", "way is cash or bank.", 422)]
    note: Annotated[str, Field(max_length=200, description="For the record.")] = ""
    dry_run: bool = False


class ReceiptShown(EdgeModel):
    """Money received by hand; its news confirms the booking as that of a link does."""

    id: str
    account: Annotated[str, Field(description="Under which name the money is kept.")]
    amount: AmountShown
    way: ReceiptWay
    received_by: str
    dry_run: bool


class WaitingReceipt(EdgeModel):
    """Money received by hand that is not in the provider's account yet; its shares wait for that."""

    id: str
    account: str
    amount: AmountShown
    way: ReceiptWay
    received_by: str
    received_at: str


class WaitingReceipts(ItemPage[WaitingReceipt]):
    """What finance has to put into the provider's account."""


class Deposit(Acting):
    """That money is in the provider's account now."""

    role: ActingRole = Role.FINANCE
    account: Identifier
    receipt: Identifier
    dry_run: bool = False


class Deposited(EdgeModel):
    """Its shares may leave."""

    account: str
    receipt: str
    dry_run: bool


class RefundAccount(Acting):
    """Where a refund goes, as the customer told a person."""

    channel: Annotated[Identifier, Field(description="The provider's code of the bank or wallet, like ID_BCA.")]
    number: Annotated[str, Field(max_length=100)]
    holder: Annotated[str, Field(max_length=100)]
    dry_run: bool = False


class AccountNamed(EdgeModel):
    """A refund, and the account it goes to."""

    refund: str
    account: Account
    dry_run: bool


class WholePayouts(ItemPage[WholePayout]):
    """Payouts, by id."""


class WaitingRefunds(ItemPage[WaitingRefund]):
    """Refunds that wait for a person's yes."""


class Payees(ItemPage[PayeeShown]):
    """Who is paid, and where."""


class Alarms(ItemPage[AlarmShown]):
    """What a person should look at."""
