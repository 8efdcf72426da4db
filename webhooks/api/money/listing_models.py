"""What the routes of payables, the journal and reconciliations take and answer."""

from typing import Annotated

from pydantic import Field

from payments.domain.payables import PayableState
from payments.domain.reconciliation import BalanceVerdict
from webhooks.api.money.models import Person
from webhooks.edge.fields import Day, Identifier, Otherwise
from webhooks.edge.models import AmountShown, EdgeModel, ItemPage


class PayablesQuery(EdgeModel):
    """Which payables."""

    state: Annotated[
        str | None, Field(pattern=f"^({'|'.join(state.name for state in PayableState)})$", description="OPEN is owed.")
    ] = None
    payee: Identifier | None = None
    cursor: Annotated[str | None, Field(max_length=300)] = None


class OwedShareShown(EdgeModel):
    """What one party is owed for one payment, and when it may leave."""

    id: str
    booking: str
    party: str
    payee: str
    amount: AmountShown
    state: str
    due_at: Annotated[str | None, Field(description="Null while something is missing: release, settlement or fee.")]
    held: Annotated[bool, Field(description="Kept back: disputed, or a person's word.")]
    payout: str | None


class Payables(ItemPage[OwedShareShown]):
    """Payables, by id."""


class JournalQuery(EdgeModel):
    """Days of the business, both included; without them the last thirty."""

    first: Annotated[
        Day | None, Field(validation_alias="from"), Otherwise("bad-day", "from is a day like 2026-12-31.")
    ] = None
    to: Annotated[Day | None, Otherwise("bad-day", "to is a day like 2026-12-31.")] = None


class BalanceLineShown(EdgeModel):
    """One of the provider's balances against ours, in minor units."""

    account: str
    ours: int
    theirs: int
    difference: int


class ReconciliationShown(EdgeModel):
    """One look at both books."""

    at: str
    currency: str
    verdict: BalanceVerdict
    held_last_at: str | None
    balances: list[BalanceLineShown]
    in_words: list[str]
    moving: list[str]


class UnmatchedShown(EdgeModel):
    """A row of the provider that nobody here ordered and nobody has accepted."""

    id: str
    kind: str
    amount: AmountShown
    at: str


class Reconciliations(ItemPage[ReconciliationShown]):
    """The last looks, and the rows that wait for a person."""

    unmatched: list[UnmatchedShown]


class MovementPath(EdgeModel):
    """One row of the provider."""

    movement: Identifier


class AcceptMovement(EdgeModel):
    """It is known what it was."""

    by: Person
    dry_run: bool = False


class MovementAccepted(EdgeModel):
    """It is in the books, or would be."""

    id: str
    accepted_by: str
    dry_run: bool
