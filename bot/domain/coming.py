"""Whether a customer says beforehand that they come: asked with a reminder, answered by tap or in words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ComingAnswer(StrEnum):
    """What is known of it. The words are stored: a value never changes its meaning."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    YES = "yes"
    NO = "no"
    CHANGE = "change"
    """They would rather have another time."""


@dataclass(frozen=True, slots=True)
class Coming:
    """What a customer was asked and has answered about one time of one booking."""

    answer: ComingAnswer = ComingAnswer.NOT_ASKED
    start: datetime | None = None
    """The time it is about: of another time nothing was asked yet."""
    asked_at: datetime | None = None
    """When last."""
    times: int = 0
    """How often the reminder that asks has asked."""
    unanswered: int = 0
    """How often nobody answered, over all its reminders."""
    answered_at: datetime | None = None
