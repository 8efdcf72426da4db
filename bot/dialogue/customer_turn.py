"""What a customer said, as the states take it: meaning, words, and what was tapped."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.side_question import SideQuestion
from intents.assent import is_explicit_yes
from intents.commitment import CommitmentKind
from intents.understanding import Confidence, Intent, Understanding


@dataclass(frozen=True, slots=True)
class CustomerTurn:
    """One turn of the customer."""

    event: str
    """Id of the event; a new booking takes its reference from it."""
    at: datetime
    """When it is handled, in business time."""
    understanding: Understanding
    text: str = ""
    tap: str | None = None
    spoken: bool = False
    """In a voice note that a machine wrote down."""
    asked: tuple[SideQuestion, ...] = ()
    """The questions in it that the business file answers; they are answered before whatever else is said."""

    sent_at: datetime | None = None
    """When its last words were sent, which may be long before they are handled; none: just now."""

    @property
    def received_at(self) -> datetime:
        """The moment at which a yes in it counts."""
        return self.at if self.sent_at is None else min(self.sent_at, self.at)

    def says_yes(self, kind: CommitmentKind = CommitmentKind.BOOK) -> bool:
        """An explicit yes to that, typed, and nothing with it: "cancel it" agrees to a cancellation alone."""
        return self.tap is None and not self.spoken and is_explicit_yes(self.text, self.understanding.language, kind)

    @property
    def says_facts(self) -> bool:
        """Whether a booking can learn something from these words: a day, a time, a number, a choice."""
        said = self.understanding.entities
        when = said.dates or said.part_of_day or said.excluded or said.doubts
        return bool(when or said.guests or said.ordinal or said.nights)

    def surely(self, *intents: Intent) -> bool:
        """Whether words, not a tap, surely mean one of these; what is only likely is asked about."""
        meant = self.understanding
        return self.tap is None and meant.intent in intents and meant.confidence is Confidence.ACT

    def tapped(self, prefix: str) -> str | None:
        """What stands behind that prefix on the tapped button, if it was tapped."""
        return self.tap.removeprefix(prefix) if self.tap is not None and self.tap.startswith(prefix) else None
