"""What is never booked: let go after days of silence, written about once, and taken up again by a tap or a word.

Only where the customer owes the next step and nothing is theirs yet: what waits for money ends by its own
deadline, and what has a time takes place. A booking that was let go is remembered for a while, so that whoever comes
back has to name nothing twice.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.holds import release_holds
from bot.dialogue.payment_links import late_timer
from bot.dialogue.states import collecting
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.booking import Booking, BookingQuestion, BookingWish
from bot.domain.events import TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import CLOSED, PaymentStatus, State
from bot.domain.timers import TimerKind, TimerName
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import abandonment as words
from intents.understanding import ExpectedAnswer, Intent

SILENT: Final = frozenset({State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED})
"""States that silence ends."""
REMEMBERED: Final = timedelta(days=30)
"""So long after it was let go a booking is taken up again where it was left."""
WRITTEN_AT: Final = time(10)
"""Local time at which somebody is written to about what they left."""
SAME_DAY: Final = timedelta(hours=9)
"""Later than this it waits for the next morning."""
AGENT_FIRST: Final = timedelta(days=1)
"""While a person has the conversation they decide; it is looked at again after that."""


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: what only waits for its customer has the end of its silence, and nothing else has."""
    lead = outcome.lead
    waiting = {str(_ends(booking)): booking for booking in lead.bookings if _may_be_left(booking)}
    timers = {name: due for name, due in lead.timers.items() if not _is_end(name) or name in waiting}
    days = timedelta(days=context.business.sop.abandon_days)
    for name, booking in waiting.items():
        was, last = before.booking(booking.reference), _last_words(lead, booking)
        if was is not None and _answerable(was) != _answerable(booking):
            # whoever offered it, they have as long to answer
            timers[name] = context.now + days
        elif last is not None and (name not in timers or was is None or _last_words(before, was) != last):
            timers[name] = last + days
    return outcome if timers == lead.timers else replace(outcome, lead=replace(lead, timers=timers))


def _ends(booking: Booking) -> TimerName:
    return TimerName(TimerKind.ABANDON, booking.reference)


def _is_end(name: str) -> bool:
    return name.startswith(f"{TimerKind.ABANDON.value}:")


def _may_be_left(booking: Booking) -> bool:
    """Money that came late is promised another time, whoever is silent."""
    has_money = booking.payment_status is not PaymentStatus.NONE or booking.is_rebooked_by_late_payment
    return booking.state in SILENT and not has_money


def _answerable(booking: Booking) -> tuple[object, ...]:
    """What its customer has before them."""
    return booking.state, booking.offered, booking.chosen


def _last_words(lead: Lead, booking: Booking) -> datetime | None:
    return max((at for at in (booking.last_activity_at, lead.last_inbound_at) if at is not None), default=None)


def let_go(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """Silent for days: nothing is held for them any more, and nothing is said."""
    if not _may_be_left(booking):
        return Outcome(lead)
    if lead.is_with_agent:
        return Outcome(lead.with_timer(_ends(booking), event.at + AGENT_FIRST))
    last = _last_words(lead, booking)
    ending = replace(booking, open_question=None, offered=(), chosen=None, last_choices=(), last_activity_at=last)
    ended = lead.with_booking(apply.move(lead, ending, State.ABANDONED, Actor.SYSTEM, context))
    ended = ended.with_timer(late_timer(booking), event.at + REMEMBERED)
    days = context.business.sop.write_again_days
    if days and last is not None and booking.service is not None:
        day = (last + timedelta(days=days)).astimezone(context.business.zone).date()
        due = datetime.combine(day, WRITTEN_AT, context.business.zone)
        ended = ended.with_timer(TimerName(TimerKind.WRITE_AGAIN, booking.reference), due)
    if not [one for one in ended.bookings if one.state not in CLOSED]:
        ended = ended.conversing(expecting=ExpectedAnswer.NOTHING)
    return release_holds(Outcome(ended), booking.holds)


def write_again(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """Whether they still want it, once; not of who has something else with us, spoke since, or wants no messages."""
    spoke_since = lead.last_inbound_at is not None and lead.last_inbound_at > (booking.last_activity_at or event.at)
    is_busy = bool(lead.waiting) or any(one.state not in CLOSED for one in lead.bookings)
    service = context.business.service(booking.service or "")
    if spoke_since or is_busy or lead.is_with_agent or lead.conversation.opted_out or service is None:
        return Outcome(lead)
    if event.at - event.due_at > SAME_DAY:
        # after hours without a worker it would be said at any hour of the night
        morning = datetime.combine(
            event.at.astimezone(context.business.zone).date() + timedelta(days=1), WRITTEN_AT, context.business.zone
        )
        return Outcome(lead.with_timer(TimerName(TimerKind.WRITE_AGAIN, booking.reference), morning))
    asked = lead.with_booking(replace(booking, open_question=BookingQuestion.GO_ON))
    until = event.due_at + SAME_DAY
    return Outcome(asked).requesting(words.still_wanted(lead, booking, service, context, until))


def left_open(lead: Lead) -> Booking | None:
    """What they left last and is remembered."""
    return next((one for one in reversed(lead.bookings) if one.state is State.ABANDONED), None)


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What a tap, a yes or a no says to the question whether they still want it; none where these words are not
    about it. What is not remembered any more is begun by whoever taps."""
    booking = left_open(lead)
    tapped = turn.tapped(words.GO_ON_TAP) or turn.tapped(words.LEAVE_TAP)
    if booking is None or (tapped is not None and tapped != booking.reference):
        return None
    is_asked = booking.open_question is BookingQuestion.GO_ON
    if turn.tapped(words.LEAVE_TAP) is not None or (is_asked and turn.surely(Intent.REJECT)):
        left = _forgotten(lead, booking).with_booking(replace(booking, open_question=None))
        return Outcome(left.conversing(misunderstood=0)).requesting(words.left_at_that(lead))
    if turn.tapped(words.GO_ON_TAP) is not None or (is_asked and turn.says_yes()):
        lead, taken = taken_up(lead, booking, turn, context)
        return collecting.ask_next(lead, taken, turn, context)
    return None


def taken_up(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> tuple[Lead, Booking]:
    """The booking in progress again, with all that was known of it but the day, which is over."""
    going_on = replace(
        booking, open_question=None, wish=BookingWish(), asked_when=False, summed_up=None, last_activity_at=turn.at
    )
    taken = apply.move(lead, going_on, State.SERVICE_SELECTED, Actor.CUSTOMER, context)
    return _forgotten(lead, booking).with_booking(taken).conversing(greeted=True, misunderstood=0, about=()), taken


def _forgotten(lead: Lead, booking: Booking) -> Lead:
    """The lead without what remembers that it was left."""
    return lead.without_timer(late_timer(booking)).without_timer(TimerName(TimerKind.WRITE_AGAIN, booking.reference))


ENDING: Final[Mapping[Trigger, Handler]] = {TimerKind.ABANDON: let_go}
"""Where silence ends a booking."""
AFTER: Final[Mapping[Trigger, Handler]] = {TimerKind.WRITE_AGAIN: write_again}
"""ABANDONED."""
