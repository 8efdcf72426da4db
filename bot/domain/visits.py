"""What was delivered, as its customer speaks of it afterwards: a lead keeps its last visits when bookings leave it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from bot.domain.ids import BookingReference
from intents.scores import LEAST, MOST
from payments.domain.money import Money

BY_CUSTOMER: Final = "customer"
"""Who gave a rating in the chat."""
MOST_VISITS: Final = 10
"""So many a lead remembers."""
LONGEST_WORDS: Final = 300
"""Of what is said of a visit so many letters are kept with it; the transcript has them all."""


@dataclass(frozen=True, slots=True)
class Rating:
    """How it was: a score, and perhaps words."""

    score: Annotated[int, Field(ge=LEAST, le=MOST)]
    by: str
    """The customer, or whoever of the house entered what the customer said."""
    given_at: datetime
    words: str = field(default="", repr=False)
    """Personal: kept in the lead, never in the read model."""

    def without_words(self) -> "Rating":
        """As it stands where everybody can read it."""
        return replace(self, words="")


@dataclass(frozen=True, slots=True)
class Visit:
    """One booking that was delivered."""

    reference: BookingReference
    service: str | None
    provider: str | None
    place: str | None
    ended_at: datetime
    rating: Rating | None = None
    """At most one; given again it takes the place of the former."""
    paid: Money | None = None
    """What came in for it and stayed; none where an earlier version noted the visit."""
    asked_for: bool = False
    """Whether its customer had wished for that very provider."""


class VisitQuestion(StrEnum):
    """What was asked about a visit last."""

    SCORE = "score"
    COMMENT = "comment"
    """What could have been better."""


@dataclass(frozen=True, slots=True)
class AskedAboutVisit:
    """An open question about a visit; whatever is said next answers it or ends it."""

    reference: BookingReference
    question: VisitQuestion


@dataclass(frozen=True, slots=True)
class RecordVisit:
    """What its customer says of a booking that may have left the lead: the read model has it, and so has whoever ranks
    providers."""

    visit: Visit
    at: datetime
    kind: Literal["record_visit"] = "record_visit"
