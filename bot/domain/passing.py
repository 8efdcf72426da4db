"""Words that a provider and their guest say to each other through us, while the job is on: values of both ways."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.ids import BookingReference, EventId


@dataclass(frozen=True, slots=True)
class WritingTo:
    """The guest has tapped that they want to write: their next words, and no others, go to whoever has that task."""

    task: str
    booking: BookingReference
    until: datetime
    """Who has thought of something else by then has changed their mind."""


@dataclass(frozen=True, slots=True)
class ProviderWrote:
    """Whoever gives what was booked writes to the guest. Id: by the order of their thread."""

    id: EventId
    at: datetime
    booking: BookingReference
    task: str
    who: str
    """A provider of the business file."""
    words: str
    """Masked already."""
    kind: Literal["provider_wrote"] = "provider_wrote"


@dataclass(frozen=True, slots=True)
class WordsNotPassed:
    """The guest's words found nobody who has that task any more."""

    id: EventId
    at: datetime
    booking: BookingReference
    task: str
    kind: Literal["words_not_passed"] = "words_not_passed"


@dataclass(frozen=True, slots=True)
class SpokeAsPartner:
    """They wrote to their thread as a partner: the window of the number is open for both."""

    id: EventId
    at: datetime
    kind: Literal["spoke_as_partner"] = "spoke_as_partner"


@dataclass(frozen=True, slots=True)
class PassToProvider:
    """Have the guest's words told to whoever has that task; the second time changes nothing."""

    booking: BookingReference
    task: str
    words: str
    """Masked already."""
    kind: Literal["pass_to_provider"] = "pass_to_provider"
