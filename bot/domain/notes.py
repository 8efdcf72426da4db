"""Notes: lines of a transcript that are for the staff alone. No channel knows how to send one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

SYSTEM: Final = "system"
"""Who writes the lines that say what became of a conversation."""


@dataclass(frozen=True, slots=True)
class RecordNote:
    """A line for the staff in the transcript, under the effect's id."""

    text: str
    by: str
    at: datetime
    mentions: tuple[str, ...] = ()
    what: str = ""
    """A stable word where the house says what happened (`handed_back`, `off_duty` …); empty for a person's own."""
    kind: Literal["record_note"] = "record_note"
