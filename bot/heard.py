"""What a customer said, as the states hear it: meaning, words, and what was tapped."""

from dataclasses import dataclass
from datetime import datetime

from intents.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn of the customer."""

    event: str
    """Id of the event; a new booking takes its reference from it."""
    at: datetime
    understanding: Understanding
    text: str = ""
    tap: str | None = None

    def tapped(self, prefix: str) -> str | None:
        """What stands behind that prefix on the tapped button, if it was tapped."""
        return self.tap.removeprefix(prefix) if self.tap is not None and self.tap.startswith(prefix) else None
