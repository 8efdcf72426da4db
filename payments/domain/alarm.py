"""What a person should hear of at once; nothing in it is personal."""

from dataclasses import dataclass, field
from enum import StrEnum


class AlarmKind(StrEnum):
    """What it is about."""

    BOOKS_DIFFER = "books_differ"
    UNMATCHED_SEEN = "unmatched_seen"
    CHARGEBACK = "chargeback"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing to look at, with its facts as they are to be shown."""

    kind: AlarmKind
    facts: tuple[tuple[str, str | int | None], ...] = field(default=())
