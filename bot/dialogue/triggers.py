"""What a row of the state tables is keyed by: an event that concerns a booking, a timer of one, or what staff ask."""

from collections.abc import Callable
from typing import Any, Final

from bot.business.context import Context
from bot.dialogue import payment_links
from bot.dialogue.customer_turn import CustomerTurn
from bot.domain.booking import Booking
from bot.domain.events import (
    Event,
    InvoiceClosed,
    InvoiceNotOpened,
    InvoiceOpened,
    SlotBooked,
    SlotLost,
    SlotMoved,
    SlotsFound,
    StaffAction,
    StaffAsked,
    TimerFired,
)
from bot.domain.form_events import FormSubmitted
from bot.domain.lead import Lead
from bot.domain.money_news import PaymentNewsCame, RefundNewsCame
from bot.domain.outcome import Outcome
from bot.domain.states import State
from bot.domain.task_events import TaskNewsCame
from bot.domain.timers import TimerKind, read_timer

OF_CONVERSATION: Final = frozenset(
    {
        TimerKind.AGENT_IDLE,
        TimerKind.COMPLAINT,
        TimerKind.FOLLOW_UP,
        TimerKind.SNOOZE,
        TimerKind.SEND_LATER,
        TimerKind.WAIT_ANSWER,
        TimerKind.WAIT_OVER,
    }
)
"""Timers of the lead itself."""

Trigger = type[Any] | TimerKind | StaffAction
"""A class of event, except that timers and what staff ask are told apart by their kind."""

Handler = Callable[[Lead, Booking, Any, Context], Outcome]
"""What a state does: the booking is where the table says it is. A test holds its third parameter to its key."""

LeadHandler = Callable[[Lead, Any, Context], Outcome]
"""What is done where no booking is concerned, or none is known any more."""

BOOKING_TRIGGERS: Final[tuple[Trigger, ...]] = (
    CustomerTurn,
    FormSubmitted,
    SlotsFound,
    SlotBooked,
    SlotLost,
    SlotMoved,
    InvoiceOpened,
    InvoiceNotOpened,
    InvoiceClosed,
    PaymentNewsCame,
    RefundNewsCame,
    TaskNewsCame,
    *(kind for kind in TimerKind if kind not in OF_CONVERSATION),
    *StaffAction,
)
"""Everything that concerns one booking; the rest concerns the conversation (`bot.dialogue.decide.CONVERSATION`)."""

JOINED_BY_FORM: Final = frozenset({State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED, State.RESCHEDULED})
"""States without a time; a form gives it one."""


def trigger_of(event: Event | CustomerTurn) -> Trigger | None:
    """The key of that event; none for a timer of another version."""
    match event:
        case TimerFired(name=name):
            timer = read_timer(name)
            return None if timer is None else timer.kind
        case StaffAsked(action=action):
            return action
        case _:
            return type(event)


def booking_of(lead: Lead, event: Event | CustomerTurn) -> Booking | None:
    """The booking an event concerns, if the lead still has it."""
    match event:
        case CustomerTurn():
            return lead.open_booking
        case SlotsFound() | SlotBooked() | SlotLost() | SlotMoved() | StaffAsked() | TaskNewsCame():
            return lead.booking(event.booking)
        case InvoiceOpened() | InvoiceNotOpened() | InvoiceClosed():
            return payment_links.by_account(lead, event.account)
        case PaymentNewsCame() | RefundNewsCame():
            return payment_links.by_account(lead, event.news.reference)
        case TimerFired(name=name):
            timer = read_timer(name)
            return None if timer is None else lead.booking(timer.reference)
        case FormSubmitted():
            return joined_by(lead, event)
        case _:
            return None


def joined_by(lead: Lead, event: FormSubmitted) -> Booking | None:
    """The booking in progress that has no time of its own; none where the form begins a new one."""
    for booking in reversed(lead.bookings):
        # who moves a booking and books another service by form wants both
        moves_another_service = booking.state is State.RESCHEDULED and booking.service != event.service
        if booking.state in JOINED_BY_FORM and not booking.explicitly_confirmed and not moves_another_service:
            return booking
    return None
