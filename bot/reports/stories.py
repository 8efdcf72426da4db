"""The story of one booking as reports read it: every move of its history, and how it stands now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.domain.booking import Booking
from bot.domain.states import State
from bot.reports.figures import ReportRow, RowKind

COMMITTING: Final = frozenset({State.SLOT_CONFIRMED, State.PAYMENT_PENDING, State.PAID, State.PENDING_CONFIRMATION})
"""States between the customer's yes and the confirmation."""


@dataclass(frozen=True, slots=True)
class StoryMove:
    """One step of its history."""

    at: datetime
    target: State
    by: str
    slots: int = 0
    """How many times it showed, where it proposed some."""


@dataclass(frozen=True, slots=True)
class BookingStory:
    """One booking that was begun in the period of a report."""

    reference: str
    lead: str
    moves: tuple[StoryMove, ...]
    """Oldest first; the first is its beginning."""
    booking: Booking | None
    """As it stands now; none where it cannot be read."""

    @property
    def begun_at(self) -> datetime:
        """When it was begun."""
        return self.moves[0].at

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.moves[-1].target

    def first(self, states: Collection[State]) -> StoryMove | None:
        """The first move into one of these."""
        return next((move for move in self.moves if move.target in states), None)

    def reached(self, *states: State) -> bool:
        """Whether it was ever in one of these."""
        return self.first(states) is not None

    def row(self, at: datetime | None = None, value: Decimal | None = None) -> ReportRow:
        """It as a row, by the moment that made it count."""
        return ReportRow(RowKind.BOOKING, self.reference, at or self.begun_at, self.lead, self.reference, value)


@dataclass(frozen=True, slots=True)
class Noted:
    """One line of the audit that a report counts."""

    id: str
    what: str
    at: datetime
    lead: str
    by: str
    facts: tuple[tuple[str, str], ...]

    def fact(self, name: str) -> str:
        """One of its facts; empty where it has none of that name."""
        return dict(self.facts).get(name, "")

    def row(self, kind: RowKind = RowKind.BOOKING, value: Decimal | None = None) -> ReportRow:
        """It as a row: the booking it is about, or the conversation."""
        booking = self.fact("booking") or None
        id_ = booking if kind is RowKind.BOOKING and booking is not None else self.lead
        return ReportRow(kind, id_, self.at, self.lead, booking, value)


def rows_of(stories: Sequence[BookingStory], *states: State) -> list[ReportRow]:
    """Those that were ever in one of these states, by the moment they first were."""
    found = ((story, story.first(states)) for story in stories)
    return [story.row(move.at) for story, move in found if move is not None]
