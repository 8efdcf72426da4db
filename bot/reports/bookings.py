"""Reports over the bookings that were begun in a period, wherever they have come since."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.domain.booking import Booking, OfferedSlot
from bot.domain.states import CLOSED, Dispute, State
from bot.reports.figures import Figure, FigureUnit, ReportRow, RowKind, average, count, seconds, share
from bot.reports.stories import COMMITTING, BookingStory, Noted, StoryMove, rows_of

_HOUR, _DAY = Decimal(3600), Decimal(86400)
_STEPS: Final = (
    ("service_selected", State.SERVICE_SELECTED),
    ("slots_proposed", State.SLOT_PROPOSED),
    ("confirmed", State.SLOT_CONFIRMED),
    ("completed", State.COMPLETED),
)
_ENDS: Final = (("completed", State.COMPLETED), ("no_show", State.NO_SHOW), ("cancelled", State.CANCELLED))


def funnel(stories: Sequence[BookingStory]) -> tuple[Figure, ...]:
    """How far inquiries came, each step in percent of all of them; reached once is reached, whatever came after."""
    whole = len(stories)
    figures = [count("inquiries", (story.row() for story in stories))]
    for name, state in _STEPS:
        rows = rows_of(stories, state)
        figures += [count(name, rows), share(f"{name}_share", rows, whole)]
    return tuple(figures)


def outcomes(stories: Sequence[BookingStory]) -> tuple[Figure, ...]:
    """How those ended that the customer had said yes to: by where they stand now, so that each counts once."""
    agreed = [story for story in stories if story.reached(State.SLOT_CONFIRMED)]
    figures = [count("agreed", rows_of(agreed, State.SLOT_CONFIRMED))]
    for name, state in _ENDS:
        rows = [story.row(story.moves[-1].at) for story in agreed if story.state is state]
        figures += [count(name, rows), share(f"{name}_share", rows, len(agreed))]
    open_ = [story.row(story.moves[-1].at) for story in agreed if story.state not in {state for _, state in _ENDS}]
    figures.append(count("still_open", open_))
    committing = [story for story in stories if story.reached(*COMMITTING)]
    figures += [
        count("committing", rows_of(committing, *COMMITTING)),
        share("conversion", rows_of(committing, State.CONFIRMED), len(committing)),
    ]
    sure = [story for story in stories if story.reached(State.CONFIRMED)]
    disputed = [s for s in sure if s.booking is not None and s.booking.dispute is not Dispute.NONE]
    return (
        *figures,
        count("ever_confirmed", rows_of(sure, State.CONFIRMED)),
        share("cancellation_rate", (s.row(s.moves[-1].at) for s in sure if s.state is State.CANCELLED), len(sure)),
        share("dispute_rate", (s.row() for s in disputed), len(sure)),
    )


def timing(stories: Sequence[BookingStory]) -> tuple[Figure, ...]:
    """How long things took, on average, for those that were ever confirmed."""
    sure = [(story, move) for story in stories if (move := story.first({State.CONFIRMED})) is not None]
    starts = [
        (story, move, story.booking.chosen.start)
        for story, move in sure
        if story.booking is not None and story.booking.chosen is not None
    ]
    agreed = [(story, move, before) for story, move in sure if (before := _agreed_before(story, move)) is not None]
    counts = [(story, Decimal(story.booking.reschedule_count)) for story, _ in sure if story.booking is not None]
    return (
        average(
            "inquiry_to_confirmation",
            FigureUnit.HOURS,
            (story.row(move.at, seconds(story.begun_at, move.at) / _HOUR) for story, move in sure),
        ),
        average(
            "confirmation_to_appointment",
            FigureUnit.DAYS,
            (story.row(move.at, seconds(move.at, start) / _DAY) for story, move, start in starts),
        ),
        average(
            "confirmation_time",
            FigureUnit.SECONDS,
            (story.row(move.at, seconds(before, move.at)) for story, move, before in agreed),
        ),
        average("reschedules", FigureUnit.TIMES, (story.row(value=value) for story, value in counts)),
    )


def _agreed_before(story: BookingStory, confirmed: StoryMove) -> datetime | None:
    """When the last thing was there that the confirmation waited for: its money, else the customer's yes."""
    before = story.moves[: story.moves.index(confirmed)]
    paid = [move.at for move in before if move.target is State.PAID]
    agreed = [move.at for move in before if move.target is State.SLOT_CONFIRMED]
    known = paid or agreed
    return known[-1] if known else None


def slots(stories: Sequence[BookingStory], denied: Sequence[Noted], starting: Sequence[Booking]) -> tuple[Figure, ...]:
    """Times that were shown and times that were taken; `starting` are the bookings that begin in the period."""
    shown = [
        story.row(move.at, Decimal(move.slots))
        for story in stories
        for move in story.moves
        if move.target is State.SLOT_PROPOSED and move.slots
    ]
    proposed = sum((row.value for row in shown if row.value is not None), Decimal(0))
    taken = [story.row(move.at) for story in stories for move in story.moves if move.target is State.SLOT_CONFIRMED]
    lost = [
        noted.row()
        for noted in denied
        if noted.fact("fact") == "time_taken" and noted.fact("target") == State.SLOT_CONFIRMED.value
    ]
    used = len(taken)
    return (
        Figure("proposed", FigureUnit.COUNT, proposed, tuple(shown)),
        count("taken", taken),
        share("taken_share", taken, int(proposed)),
        Figure("wasted", FigureUnit.COUNT, max(proposed - used, Decimal(0)), tuple(shown)),
        count("race_losses", lost),
        count("double_bookings", doubly_booked(starting)),
    )


def doubly_booked(bookings: Iterable[Booking]) -> list[ReportRow]:
    """Bookings whose provider has another one at the same time that is not of the same group: there must be none."""
    standing = [(one.chosen, one) for one in bookings if one.chosen is not None and one.booked_hold is not None]
    found: list[ReportRow] = []
    going_on: dict[str | None, list[tuple[OfferedSlot, Booking]]] = {}
    for slot, booking in sorted(standing, key=lambda known: (known[0].start, known[1].reference)):
        if slot.provider is None or booking.state in CLOSED:
            continue
        earlier = [known for known in going_on.get(slot.provider, []) if slot.start < known[0].end]
        if any((other.service, theirs.start) != (booking.service, slot.start) for theirs, other in earlier):
            found.append(ReportRow(RowKind.BOOKING, booking.reference, slot.start, booking=booking.reference))
        going_on[slot.provider] = [*earlier, (slot, booking)]
    return found


def orders(stories: Sequence[BookingStory], noted: Sequence[Noted]) -> tuple[Figure, ...]:
    """What became of orders and their payment; `noted` are the failed payments of the period and after."""
    mine = {story.reference: story for story in stories}
    failed = {one.fact("booking"): one for one in reversed(noted) if one.fact("booking") in mine}
    paid = {story.reference for story in stories if story.reached(State.PAID)}
    tried_again = [
        story
        for story in stories
        if story.reference in failed and story.booking is not None and story.booking.recovery_steps
    ]
    return (
        count("received", (story.row() for story in stories)),
        count("payment_pending", rows_of(stories, State.PAYMENT_PENDING)),
        count("payment_success", rows_of(stories, State.PAID)),
        count("payment_failed", (one.row() for one in sorted(failed.values(), key=lambda one: (one.at, one.id)))),
        count("recovery_started", (story.row() for story in tried_again)),
        count("recovered", (story.row() for story in tried_again if story.reference in paid)),
    )
