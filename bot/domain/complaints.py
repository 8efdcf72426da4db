"""What a guest says was wrong with a visit, and how the house answered: a value of its own, kept in the lead until long
after the booking has left it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from bot.domain.ids import BookingReference
from payments.domain.money import Money

MOST_NOTES: Final = 3
"""So many times words are added to one complaint; the transcript has them all."""
LONGEST_NOTE: Final = 300
MOST_PHOTOS: Final = 5
MOST_COMPLAINTS: Final = 10
"""So many a lead keeps; answered ones are forgotten first."""


class ComplaintState(StrEnum):
    """Where a complaint stands: open, or what it was answered with."""

    OPEN = "open"
    REDO = "redo"
    """It is delivered once more, for nothing."""
    REFUND = "refund"
    """Money goes back."""
    CREDIT = "credit"
    """They may use so much for another booking."""
    REFUSED = "refused"
    """Nothing is due for it, and the guest was told why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that came in the chat, by the channel's id."""

    media_id: str
    mime_type: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class ComplaintAnswer:
    """Who answered, and with what."""

    by: str
    role: str
    at: datetime
    words: str = field(default="", repr=False)
    """To the guest, in the person's own words."""
    amount: Money | None = None
    """What goes back, or may be used later."""
    borne_by: str | None = None
    """Who alone bears it; everybody in proportion where none is named."""
    refund: str | None = None
    """The refund that was ordered, counted within its booking."""
    redo: str | None = None
    """The booking that takes its place."""
    credit: str | None = None
    """The credit that was given."""
    until: datetime | None = None
    """The first moment at which it can be used no more."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """At most one a visit."""

    reference: BookingReference
    service: str | None
    provider: str | None
    place: str | None
    ended_at: datetime
    opened_at: datetime
    by: str
    """The customer, or whoever of the house entered it."""
    answer_by: datetime
    """Until when the house answers."""
    words: tuple[str, ...] = field(default=(), repr=False)
    """Personal: kept in the lead, never in the read model."""
    photos: tuple[Picture, ...] = ()
    state: ComplaintState = ComplaintState.OPEN
    answer: ComplaintAnswer | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer."""
        return self.state is ComplaintState.OPEN

    def with_words(self, said: str) -> "Complaint":
        """With these words added; the same words again, or more than are kept, change nothing."""
        note = said.strip()[:LONGEST_NOTE]
        if not note or note in self.words or len(self.words) >= MOST_NOTES:
            return self
        return replace(self, words=(*self.words, note))

    def with_photos(self, more: tuple[Picture, ...]) -> "Complaint":
        """With these pictures added, each once, the first five."""
        known = {picture.media_id for picture in self.photos}
        fresh = {picture.media_id: picture for picture in more if picture.media_id not in known}
        return replace(self, photos=(*self.photos, *fresh.values())[:MOST_PHOTOS]) if fresh else self

    def without_words(self) -> "Complaint":
        """As it stands where everybody can read it."""
        answer = None if self.answer is None else replace(self.answer, words="")
        return replace(self, words=(), answer=answer)


def with_complaint(complaints: tuple[Complaint, ...], new: Complaint) -> tuple[Complaint, ...]:
    """The complaints with that one put in, or put in the place of its former self; the oldest answered one is
    forgotten."""
    others = tuple(other for other in complaints if other.reference != new.reference)
    # the open ones last, so that none of them is forgotten for one that is over
    ordered = sorted((*others, new), key=lambda one: (one.is_open, one.opened_at, one.reference))
    return tuple(ordered[-MOST_COMPLAINTS:])


@dataclass(frozen=True, slots=True)
class RecordComplaint:
    """How a complaint stands, for everybody who may read of its booking."""

    complaint: Complaint
    at: datetime
    kind: Literal["record_complaint"] = "record_complaint"


@dataclass(frozen=True, slots=True)
class KeepPhoto:
    """A picture of a complaint is fetched and kept before the channel forgets it."""

    booking: BookingReference
    picture: Picture
    kind: Literal["keep_photo"] = "keep_photo"
