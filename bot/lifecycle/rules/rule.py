"""The shape of a rule: what it guards, and what it answers when it blocks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.business.words import LocalizedText
from bot.domain.booking import Booking
from bot.domain.states import State


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known besides the booking."""

    now: datetime
    contact_known: bool
    free_slots: int | None = None
    """How many times could be offered; none when nobody has looked."""
    slot_is_free: bool | None = None
    in_catalogue: bool | None = None
    is_stay: bool | None = None
    """Whether its service is sold by the night; none where nobody knows the service."""
    abandon_after: timedelta = timedelta(days=7)
    """Silence that ends an enquiry."""
    correct_within: timedelta = timedelta(hours=24)
    """So long after its mark a no-show may be corrected."""
    house: tuple["Rule", ...] = ()
    """The rules of the house (`bot.lifecycle.rules.house`)."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step is blocked: the rule, the fact it saw, how to fix it, and who can.

    `fact` and `fix` are stable words; their sentences in the reader's language are in `bot.replies.reasons`.
    """

    rule: str
    fact: str
    fix: str
    who_can: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    """What the fact's sentence names."""
    words: LocalizedText | None = None
    """Of a rule of the house: what it says in place of the fact's sentence; a record keeps the rule's id alone."""
    fix_words: LocalizedText | None = None
    """Of the same, in place of the sentence of the fix."""


Check = Callable[[Booking, Facts], Reason | None]
"""What a rule says to a booking; none when it lets it pass."""


class RuleStep(StrEnum):
    """Which of the five steps a rule belongs to."""

    FIELD = "field"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Rule:
    """One guard in front of one or more states."""

    name: str
    """As reasons, audit and history call it."""
    step: RuleStep
    targets: frozenset[State]
    check: Check
    not_from: frozenset[State] = frozenset()
    """States from which the guard does not apply."""
    is_advice: bool = False
    """It holds nothing back: what it says is shown to staff."""
    is_overridden: bool = False
    """Somebody of the house lets that booking pass all the same: its no is on record and holds nothing back."""
