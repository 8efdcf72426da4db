"""A finished form: the customer has picked, read and confirmed; what is left is to book the held time.

The form joins the booking that is being made in the chat, or begins one; from the order on it goes the same way as a
yes in the chat.
"""

from dataclasses import replace

from bot.business.context import Context
from bot.dialogue import takeover
from bot.dialogue.states import awaiting_payment, offering
from bot.domain.booking import Booking
from bot.domain.commands import ReleaseHolds
from bot.domain.events import FormSubmitted
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.references import reference_of
from bot.domain.states import State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies import first_words

_OPEN = frozenset({State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED, State.RESCHEDULED})
"""A booking without a time; a form gives it one."""


def submitted(lead: Lead, event: FormSubmitted, context: Context) -> Outcome:
    """Book what the form says; with a person in charge, or after STOP, the bot's words wait for the person."""
    step = _booking(replace(lead, name=event.name or lead.name), event, context)
    if event.notes:
        step = replace(step, lead=step.lead.conversing(waits_for_person=True))
    step = step.recording("form_submitted", "customer", event.at, service=event.service)
    if not lead.is_with_agent and not lead.conversation.opted_out:
        return step
    raised = replace(step, lead=step.lead.conversing(waits_for_person=True))
    return replace(takeover.as_drafts(raised), withdraw=step.withdraw)


def _booking(lead: Lead, event: FormSubmitted, context: Context) -> Outcome:
    joined = _joined(lead, event)
    unpaid = awaiting_payment.unpaid_first(lead, context)
    if unpaid is not None:
        return _let_go(unpaid, event)
    slot = offering.slot_of_id(event.slot_id, replace(joined, service=event.service), context)
    if slot is None:
        return _not_bookable(lead, event)
    booking, held = _with_service(lead, joined, event, context), replace(slot, hold_id=event.hold_id)
    twin = offering.already_booked(lead, booking, held)
    if twin is not None:
        told = words.plain(lead, "booking.time.already_yours", reference=str(twin.reference))
        return _let_go(Outcome(lead).requesting(told), event)
    proposed = replace(
        apply.move(lead, booking, State.SLOT_PROPOSED, Actor.CUSTOMER, context),
        guests=event.guests,
        place=slot.place,
        nights=slot.nights,
        chosen=held,
        error_reason=None,
        open_question=None,
        last_activity_at=event.at,
    )
    priced = offering.priced_for(proposed, held, context)
    return offering.book_chosen(lead.conversing(greeted=True), priced)


def _joined(lead: Lead, event: FormSubmitted) -> Booking:
    """The booking in the making without a time of its own, else a new one."""
    for booking in reversed(lead.bookings):
        moves_another_service = booking.state is State.RESCHEDULED and booking.service != event.service
        if booking.state in _OPEN and not booking.explicitly_confirmed and not moves_another_service:
            return booking
    return apply.begun(Booking(reference=reference_of(lead.id, event.id, event.at)), Actor.CUSTOMER)


def _with_service(lead: Lead, booking: Booking, event: FormSubmitted, context: Context) -> Booking:
    """T02, or T05 where the chat was about another service."""
    if booking.service == event.service and booking.state is not State.INQUIRY:
        return booking
    chosen = replace(booking, service=event.service)
    if booking.state is State.SERVICE_SELECTED:
        return chosen
    return apply.move(lead, chosen, State.SERVICE_SELECTED, Actor.CUSTOMER, context)


def _not_bookable(lead: Lead, event: FormSubmitted) -> Outcome:
    """The service went out of the business file while the form was open."""
    return _let_go(
        Outcome(lead.conversing(waits_for_person=True)).requesting(first_words.text(lead, "talk.passed_on")), event
    )


def _let_go(step: Outcome, event: FormSubmitted) -> Outcome:
    return step.requesting(EffectRequest(ReleaseHolds((event.hold_id,))))
