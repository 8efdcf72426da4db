"""Complaints about what was delivered, as they are asked for and shown."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from bot.business.prices import SplitParty
from bot.domain.complaints import MOST_PHOTOS, ComplaintState
from bot.store.photos import PhotoState
from webhooks.api.bookings.acting import Acting
from webhooks.api.money.models import Positive
from webhooks.edge.fields import Identifier, Otherwise, Words
from webhooks.edge.masked import Personal
from webhooks.edge.models import AmountShown, EdgeModel


class PhotoPath(EdgeModel):
    """One picture of a complaint."""

    reference: Identifier
    number: Annotated[str, Field(pattern=r"^[1-9]$", description="Counted from 1, in the order they came.")]


class NewComplaint(Acting):
    """What a guest said to a person."""

    words: Annotated[
        Words,
        Otherwise("no-words", "words are needed: what went wrong, as the guest said it.", 422),
        Field(description="As the guest said it; the first 300 letters are kept, of three times at most."),
    ]
    photos: Annotated[
        list[Identifier],
        Field(max_length=MOST_PHOTOS, description="Pictures of the conversation that belong to it, by WhatsApp's id."),
        Otherwise("bad-photos", f"photos are at most {MOST_PHOTOS} ids of pictures.", 422),
    ] = []  # noqa: RUF012 pydantic copies it for each request


class GivenAnswer(Acting):
    """The house's answer; what it promises is ordered with it."""

    kind: Annotated[
        Literal["redo", "refund", "credit", "refused"],
        Otherwise("unknown-kind", "kind is redo, refund, credit or refused.", 422),
        Field(
            description="redo: once more, for nothing; refund: money back; credit: so much is taken off the next "
            "booking; refused: a no, with its reason."
        ),
    ]
    amount: Annotated[
        Positive | None,
        Otherwise("bad-sum", "amount is a whole number of minor units above nothing.", 422),
        Field(description="What goes back, or is given as a credit."),
    ] = None
    expires_on: Annotated[
        date | None,
        Otherwise("bad-day", "expires_on is a day, as 2027-03-31.", 422),
        Field(description="The last day on which a credit can be used, where the business is; at most two years on."),
    ] = None
    slot_id: Annotated[
        Identifier | None, Field(description="The time of the second visit, agreed with the guest; for a redo.")
    ] = None
    borne_by: Annotated[
        SplitParty | None,
        Otherwise("unknown-party", "borne_by is provider, place, referrer or platform.", 422),
        Field(
            description="Whose fault it was. Of a refund or a credit: out of whose share it comes, everybody's in "
            "proportion where left out. Of a redo: who pays whoever delivers it, its provider where left out."
        ),
    ] = None
    words: Annotated[
        Annotated[Words, Field(max_length=600)] | None,
        Otherwise("bad-words", "words are at most 600 letters, so that they fit into a template."),
        Field(description="To the guest, in your own words, behind what is said anyway; a no needs them."),
    ] = None
    dry_run: StrictBool = False


class PhotoShown(EdgeModel):
    """How one picture stands."""

    number: int
    state: PhotoState
    sent_at: str


class AnswerShown(EdgeModel):
    """How the house answered, or would."""

    kind: ComplaintState
    by: str
    role: str
    at: str
    amount: Annotated[AmountShown | None, Field(description="What goes back, or was given as a credit.")]
    borne_by: SplitParty | None
    refund: Annotated[str | None, Field(description="The refund that was ordered, counted within its booking.")]
    redo: Annotated[str | None, Field(description="The booking that takes its place.")]
    credit: Annotated[str | None, Field(description="The credit that was given.")]
    expires_on: Annotated[str | None, Field(description="The last day on which it could be used when it was given.")]
    words: Annotated[
        str | None, Personal.WORDS, Field(description="Null once the customer's later complaints were ten.")
    ]


class ComplaintShown(EdgeModel):
    """What was wrong with a visit, and how it was answered."""

    booking: str
    state: ComplaintState
    opened_at: str
    opened_by: Annotated[str, Field(description="`customer`, or whoever of the house entered it.")]
    answer_by: Annotated[str, Field(description="Until when the house has promised an answer.")]
    words: Annotated[
        list[str], Personal.WORDS, Field(description="Empty once the customer's later complaints were ten.")
    ]
    photos: list[PhotoShown]
    answer: AnswerShown | None


class AnswerOrdered(EdgeModel):
    """What an answer came to."""

    booking: str
    kind: ComplaintState
    answered_by: str
    amount: AmountShown | None
    borne_by: SplitParty | None
    refund: str | None
    redo: str | None
    credit: str | None
    expires_on: str | None
    dry_run: bool
