"""What a customer said, as the states hear it: meaning, words, and what was tapped."""

from dataclasses import dataclass
from datetime import datetime

from intents.assent import is_explicit_yes
from intents.understanding import Confidence, Intent, Understanding


@dataclass(frozen=True, slots=True)
class CustomerTurn:
    """One turn of the customer."""

    event: str
    """Id of the event; a new booking takes its reference from it."""
    at: datetime
    understanding: Understanding
    text: str = ""
    tap: str | None = None
    spoken: bool = False
    """In a voice note that a machine wrote down."""

    @property
    def says_yes(self) -> bool:
        """An explicit yes, typed, and nothing beside it (G-10); what is only likely to be one is asked again."""
        return self.tap is None and not self.spoken and is_explicit_yes(self.text)

    @property
    def says_facts(self) -> bool:
        """Whether a booking can learn something from these words: a day, a time, a number, a choice."""
        slots = self.understanding.entities
        return bool(slots.dates or slots.guests or slots.ordinal or slots.part_of_day or slots.nights)

    def surely(self, *intents: Intent) -> bool:
        """Whether words, not a tap, surely mean one of these; what is only likely is asked about."""
        meant = self.understanding
        return self.tap is None and meant.intent in intents and meant.confidence is Confidence.ACT

    def tapped(self, prefix: str) -> str | None:
        """What stands behind that prefix on the tapped button, if it was tapped."""
        return self.tap.removeprefix(prefix) if self.tap is not None and self.tap.startswith(prefix) else None
