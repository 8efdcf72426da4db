"""Each follower keeps its law, whoever moved the booking: customer, staff, payment or timer."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings

from bot.dialogue import (
    abandonment,
    acceptance,
    alarms,
    complaints,
    follow_up,
    payment_links,
    places,
    ratings,
    redos,
    tasks,
    timers,
    unstable,
    waiting,
)
from bot.dialogue.changes import followers as changes
from bot.dialogue.changes import releasing
from bot.dialogue.decide import decide
from bot.dialogue.followers import FOLLOWERS
from bot.dialogue.timers import TIMED
from bot.domain.booking import Booking
from bot.domain.commands import CloseInvoice, RefundLateMoney
from bot.domain.events import Event, LeadsMerged
from bot.domain.ids import BookingReference
from bot.domain.lead import Lead
from bot.domain.outcome import Decision
from bot.domain.states import CLOSED, UPCOMING, LatePayment, PaymentStatus, State
from bot.domain.timers import APPOINTMENT_TIMERS, TimerKind, TimerName, read_timer
from tests.bot.anything import EVENTS, LEADS
from tests.bot.makers import NOW, context
from tests.conftest import PROVE

LATER = replace(context(), now=NOW + timedelta(hours=1))
SEE = settings(max_examples=1_000 if PROVE else 100, deadline=None)


def test_the_followers_stand_in_their_order() -> None:
    money = (changes.changes, changes.money, releasing.follow, redos.follow, payment_links.follow)
    around = (acceptance.follow, tasks.follow, places.follow, timers.follow)
    silence = (waiting.follow, abandonment.follow)
    over = (ratings.follow, follow_up.follow, unstable.follow, complaints.follow, alarms.follow)
    assert (*money, *around, *silence, *over) == FOLLOWERS


def after(decision: Decision) -> dict[BookingReference, Booking]:
    """Every booking as the decision leaves it, also those that leave the lead with it."""
    recorded = [getattr(effect.command, "booking", None) for effect in decision.effects]
    known = [*(one for one in recorded if isinstance(one, Booking)), *decision.lead.bookings]
    return {booking.reference: booking for booking in known}


@SEE
@given(LEADS, EVENTS)
def test_no_appointment_timer_without_an_upcoming_booking(lead: Lead, event: Event) -> None:
    decision = decide(lead, event, LATER)
    # a stay that has begun is still timed for its end
    timed = {str(booking.reference): booking.state for booking in decision.lead.bookings if booking.state in TIMED}
    for name in decision.lead.timers:
        timer = read_timer(name)
        if timer is not None and timer.kind in APPOINTMENT_TIMERS:
            assert timer.reference in timed
            assert timer.kind is TimerKind.OVER or timed[timer.reference] in UPCOMING


@SEE
@given(LEADS, EVENTS)
def test_a_booking_that_left_payment_pending_has_no_payment_timer_and_no_live_link(lead: Lead, event: Event) -> None:
    decision = decide(lead, event, LATER)
    closing = {effect.command.account for effect in decision.effects if isinstance(effect.command, CloseInvoice)}
    for was in lead.bookings:
        booking = after(decision).get(was.reference, was)
        if was.state is not State.PAYMENT_PENDING or booking.state is State.PAYMENT_PENDING:
            continue
        for kind in (TimerKind.PAY_BY, TimerKind.NUDGE):
            assert decision.lead.due_at(TimerName(kind, was.reference)) is None
        is_expired = booking.cancellation_reason == payment_links.EXPIRED
        assert was.account in closing or booking.payment_status is PaymentStatus.PAID or is_expired


@SEE
@given(LEADS, EVENTS)
def test_what_came_in_belongs_to_its_account(lead: Lead, event: Event) -> None:
    decision = decide(lead, event, LATER)
    for was in lead.bookings:
        booking = after(decision).get(was.reference, was)
        if booking.account != was.account:
            assert (booking.paid, booking.payment_status, booking.pay_url) == (None, PaymentStatus.NONE, None)


@SEE
@given(LEADS, EVENTS)
def test_late_money_without_a_time_goes_back(lead: Lead, event: Event) -> None:
    if isinstance(event, LeadsMerged):
        return
    decision = decide(lead, event, LATER)
    returned = {effect.command.account for effect in decision.effects if isinstance(effect.command, RefundLateMoney)}
    for was in lead.bookings:
        booking = after(decision).get(was.reference, was)
        has_ended = booking.state in CLOSED and was.state not in CLOSED
        is_unpaid = booking.payment_status in payment_links.UNPAID and was.state is not State.PAYMENT_PENDING
        if has_ended and is_unpaid and was.is_rebooked_by_late_payment:
            assert booking.late_payment is LatePayment.RETURNED
            assert booking.account in returned
