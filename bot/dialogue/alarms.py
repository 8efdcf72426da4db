"""When an alarm of a lead is over: its cause is gone, whoever has seen to it.

What an event says is over is closed before it is decided, so that the same event may raise another. What the lead
itself shows is looked at by the follower, last of all: closing wins over raising, and no alarm outlives its booking.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.domain.alarms import AlarmReason, LeadAlarm
from bot.domain.booking import Booking
from bot.domain.events import AlarmsFound, Event
from bot.domain.lead import Lead
from bot.domain.money_news import PaymentNewsCame, PayoutWentOn, RefundNewsCame
from bot.domain.outcome import Outcome
from bot.domain.states import CLOSED, Absence, Modification, ShowUp, State
from bot.domain.task import booking_named
from bot.lifecycle import booking_money
from payments.domain.allocations import CaseKind, ChargebackOutcome
from payments.domain.refund import RefundState

_ODD: Final = frozenset({CaseKind.SURPLUS, CaseKind.OTHER_CURRENCY})
_WAITS_FOR_A_LINK: Final = frozenset({State.SLOT_CONFIRMED, State.PAYMENT_PENDING})


def ended_by(lead: Lead, event: Event) -> Lead:
    """The lead without the alarms whose cause this event says is gone."""
    match event:
        case RefundNewsCame(news=news):
            if news.state is not RefundState.PERSON:
                lead = lead.without_alarms({AlarmReason.REFUND_FAILED}, news.refund)
            if news.state is not RefundState.NEEDS_ACCOUNT:
                lead = lead.without_alarms({AlarmReason.REFUND_NEEDS_ACCOUNT}, news.refund)
            if news.state is RefundState.SUCCEEDED:
                lead = lead.without_alarms({AlarmReason.PAID_AND_CLOSED}, news.reference)
        case PayoutWentOn(payout=payout):
            lead = lead.without_alarms({AlarmReason.PAYOUT_STUCK}, payout)
        case PaymentNewsCame(news=news):
            if not any(case.kind in _ODD for case in news.open_cases):
                lead = lead.without_alarms({AlarmReason.ODD_MONEY}, news.reference)
            if news.dispute in {ChargebackOutcome.WON, ChargebackOutcome.LOST}:
                lead = lead.without_alarms({AlarmReason.CHARGEBACK}, news.reference)
        case _:
            # only what was told of money is over by being told
            pass
    return lead


def heard(lead: Lead, event: PayoutWentOn, context: Context) -> Outcome:
    """Its alarm is closed already, and nothing else is to be done."""
    return Outcome(lead)


def found(lead: Lead, event: AlarmsFound, context: Context) -> Outcome:
    """What an earlier version left for a person has its alarm from now on."""
    for reason, subject in event.alarms:
        lead = lead.alarmed(reason, event.at, subject)
    for reason, subject in event.gone:
        lead = lead.without_alarms({reason}, subject)
    return Outcome(lead)


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: no alarm stays open whose cause is gone, and each that closed is on record."""
    lead = outcome.lead
    kept = tuple(alarm for alarm in lead.alarms if not _is_over(alarm, before, lead, context))
    if kept != lead.alarms:
        outcome = replace(outcome, lead=replace(lead, alarms=kept))
    open_now = {(alarm.reason, alarm.subject) for alarm in kept}
    for alarm in before.alarms:
        if (alarm.reason, alarm.subject) not in open_now:
            facts = {"reason": alarm.reason.value, "subject": alarm.subject, "since": alarm.since.isoformat()}
            outcome = outcome.recording("alarm_closed", "system", context.now, **facts)
    return outcome


def _is_over(alarm: LeadAlarm, before: Lead, lead: Lead, context: Context) -> bool:
    """Whether the lead shows that nothing is left to look at."""
    match alarm.reason:
        case AlarmReason.NUMBER_LOST:
            return lead.address.wa_id is not None or all(booking.state in CLOSED for booking in lead.bookings)
        case AlarmReason.WROTE_AFTER_STOP:
            return not lead.conversation.opted_out
        case AlarmReason.DRAFTS_WAIT:
            return not lead.is_with_agent
        case AlarmReason.LATER_NOT_SENT:
            return lead.inbox.later_of(alarm.subject) is None
        case AlarmReason.LINK_NOT_OPENED:
            was, booking = _of_account(before, alarm.subject), _of_account(lead, alarm.subject)
            if booking is None or booking.state not in _WAITS_FOR_A_LINK:
                return True
            return booking.pay_url is not None and (was is None or was.pay_url != booking.pay_url)
        case AlarmReason.TASK_LATE | AlarmReason.TASK_PROBLEM | AlarmReason.TASK_UNFILLED:
            return _is_withdrawn_or_moved(alarm, before, lead)
        case AlarmReason.COMPLAINT | AlarmReason.COMPLAINT_LATE:
            complaint = lead.complaint(alarm.subject)
            return complaint is None or not complaint.is_open
        case AlarmReason.STEP_DENIED:
            # a booking that a denied form would have begun was never there
            return _alive(before, alarm.subject) is not None and _alive(lead, alarm.subject) is None
        case reason if reason in _OF_BOOKING:
            booking = _alive(lead, alarm.subject)
            return booking is None or _OF_BOOKING[reason](booking, context)
        case _:
            # ended by an event alone, or by a person
            return False


def _is_withdrawn_or_moved(alarm: LeadAlarm, before: Lead, lead: Lead) -> bool:
    """Whether the task's booking ended without having taken place, or has another time; the rest the task tells."""
    was, booking = (one.booking(booking_named(alarm.subject)) for one in (before, lead))
    if booking is None:
        return False
    if booking.state in CLOSED and booking.state is not State.COMPLETED:
        return True
    yes = booking.acceptance
    if alarm.reason is AlarmReason.TASK_UNFILLED and yes is not None and yes.is_given:
        # whoever was looked for is found
        return alarm.subject == booking.reference or alarm.subject.startswith(f"{booking.reference}:{yes.task}:")
    is_moved = was is not None and was.plan_no != booking.plan_no
    return is_moved and alarm.reason is not AlarmReason.TASK_PROBLEM


def _is_paid_exactly(booking: Booking, context: Context) -> bool:
    """Whether what came in and stays is what it costs."""
    if booking.price is None:
        return True
    currency = booking.price.currency
    return booking_money.paid(booking, currency) == booking.price + booking_money.fees(booking, currency)


def _is_no_longer_reserved(booking: Booking, context: Context) -> bool:
    return booking.state not in {State.SLOT_CONFIRMED, State.PENDING_CONFIRMATION}


def _is_changed(booking: Booking, context: Context) -> bool:
    return booking.modification is Modification.CONFIRMED


def _is_known_to_have_come_or_not(booking: Booking, context: Context) -> bool:
    return booking.show_up in {ShowUp.CAME, ShowUp.DID_NOT_COME}


def _has_no_dead_link(booking: Booking, context: Context) -> bool:
    """Paid, another link is open, or nothing is asked any more."""
    change = booking.change
    waits = booking.state in _WAITS_FOR_A_LINK and booking.has_dead_link
    return not waits and (change is None or not change.has_dead_link)


_OF_BOOKING: Final[Mapping[AlarmReason, Callable[[Booking, Context], bool]]] = {
    AlarmReason.PAYMENTS_FAILED: _has_no_dead_link,
    AlarmReason.NO_TIME_TO_PAY: _is_no_longer_reserved,
    AlarmReason.PRICE_DIFFERS: _is_no_longer_reserved,
    AlarmReason.PAID_TOO_MUCH: _is_paid_exactly,
    AlarmReason.PAID_WITHOUT_TIME: lambda booking, context: booking.booked_hold is not None,
    # moved, so that another reminder of it comes
    AlarmReason.REMINDER_MISSED: lambda booking, context: (
        booking.chosen is not None and booking.chosen.start > context.now
    ),
    AlarmReason.END_UNKNOWN: lambda booking, context: False,
    AlarmReason.SHOW_UP_UNKNOWN: _is_known_to_have_come_or_not,
    AlarmReason.NO_SHOW_PROPOSED: lambda booking, context: booking.absence is not Absence.PROPOSED,
    AlarmReason.HALF_ANSWER: _is_known_to_have_come_or_not,
    AlarmReason.CHANGE_DENIED: _is_changed,
    # another time that has one was chosen, or the row was added
    AlarmReason.PRICE_MISSING: lambda booking, context: booking.chosen is not None and booking.price is not None,
    AlarmReason.CHANGE_FAILED: _is_changed,
}
"""What ends an alarm about a booking; the end of the booking ends it anyway."""


def _alive(lead: Lead, reference: str) -> Booking | None:
    """The booking of that reference, while it has not ended."""
    return next((one for one in lead.bookings if one.reference == reference and one.state not in CLOSED), None)


def _of_account(lead: Lead, account: str) -> Booking | None:
    return next((one for one in lead.bookings if one.account == account and one.state not in CLOSED), None)
