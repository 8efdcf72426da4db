"""Disputes of payments, as the API answers them."""

from typing import Annotated

from pydantic import Field

from webhooks.edge.fields import PlaceInList
from webhooks.edge.models import AmountShown, EdgeModel, ItemPage


class DisputePath(EdgeModel):
    """One payment that a bank took back."""

    dispute: Annotated[str, Field(max_length=200)]


class DisputesQuery(EdgeModel):
    """Which part of the list."""

    cursor: PlaceInList = None


class DisputeShown(EdgeModel):
    """A payment, or a part of it, that the guest's bank took back."""

    id: str
    account: Annotated[str, Field(description="The account its payment came in on.")]
    booking: str
    amount: AmountShown
    fee: AmountShown | None
    status: Annotated[str, Field(description="OPEN, WON or LOST.")]
    opened_at: str
    evidence_due_at: Annotated[str | None, Field(description="Until when a person must have answered; none: decided.")]
    decided_at: str | None


class EvidenceShown(EdgeModel):
    """Where something stands that speaks for us; the thing itself is not copied."""

    kind: Annotated[str, Field(description="transcript, booking, consent, policy, payment, attendance or history.")]
    ref: Annotated[str, Field(description="A path of this API, a line of the audit, an account, or a file's version.")]
    at: str | None = None
    what: str | None = None


class PostingShown(EdgeModel):
    """One posting of the ledger; its entries balance."""

    key: str
    at: str
    entries: Annotated[dict[str, int], Field(description="By account, in minor units.")]


class WholeDispute(DisputeShown):
    """A dispute with what there is to answer it with, and what it did to the books."""

    evidence: list[EvidenceShown]
    postings: list[PostingShown]


class DisputeList(ItemPage[DisputeShown]):
    """What banks took back, by account."""
