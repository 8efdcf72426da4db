"""What staff and machines ask for through the API.

The API judges each request and gives the reasons in its answer; a request that is denied here all the same, because
the booking moved meanwhile, is recorded with its reasons and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.dialogue import choice
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.holds import release_holds
from bot.dialogue.states import collecting, confirmed
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.events import StaffAction, StaffAsked
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import ShowUp, State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import actor_named
from intents.understanding import Confidence, Intent, Understanding


def create(lead: Lead, event: StaffAsked, context: Context) -> Outcome:
    """A manual booking: service and time are given, the customer's yes is recorded by whoever books."""
    service = context.business.service(event.fact("service") or "")
    if service is None:
        return Outcome(lead)
    guests = int(event.fact("guests") or service.min_guests)
    new = Booking(reference=event.booking, service=service.id, guests=guests, last_activity_at=event.at)
    booking = apply.begun(new, actor_named(event.by))
    slot = _named(event, booking, context)
    if slot is None:
        return Outcome(lead)
    proposed = replace(booking, place=slot.place, nights=slot.nights)
    for target in (State.SERVICE_SELECTED, State.SLOT_PROPOSED):
        proposed = apply.move(lead, proposed, target, actor_named(event.by), context)
    chosen = choice.priced_for(replace(proposed, chosen=slot), slot, context)
    return choice.book_chosen(lead.with_booking(chosen), chosen)


def propose(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """Times are looked for and offered to the customer."""
    allowed = apply.judged(lead, booking, State.SLOT_PROPOSED, actor_named(event.by), context).allowed
    return collecting.look_for_times(lead, booking) if allowed else Outcome(lead)


def confirm(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The customer's yes to a time, as staff heard it."""
    held = next((slot for slot in booking.offered if slot.slot_id == event.fact("slot_id")), None)
    wanted = held if held is not None and held.hold_id is not None else _named(event, booking, context)
    wanted = wanted or booking.chosen
    if wanted is None:
        return Outcome(lead)
    chosen = choice.priced_for(replace(booking, chosen=wanted), wanted, context)
    return choice.book_chosen(lead, chosen)


def _named(event: StaffAsked, booking: Booking, context: Context) -> OfferedSlot | None:
    """The time staff named, with the hold that was claimed for it."""
    slot = choice.slot_of_id(event.fact("slot_id") or "", booking, context)
    return None if slot is None else replace(slot, hold_id=event.fact("hold_id"))


def reschedule(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """Another time is wanted; the customer is asked which."""
    # a turn nobody spoke: staff asked in the customer's place
    silent = Understanding(Intent.RESCHEDULE, (Intent.RESCHEDULE,), 1.0, Confidence.ACT, lead.language)
    turn = CustomerTurn(event=event.id, at=event.at, understanding=silent)
    return confirmed.rescheduled(lead, booking, event.fact("reason") or "", turn, actor_named(event.by), context)


def cancel(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """Called off by staff; the customer is told where they had a time."""
    reason = event.fact("reason") or "staff_request"
    if booking.chosen is not None:
        return release_holds(confirmed.cancelled(lead, booking, reason, event.by, context), booking.holds)
    ending = replace(booking, cancellation_reason=reason, cancelled_by=event.by)
    closed = apply.move(lead, ending, State.CANCELLED, actor_named(event.by), context)
    return release_holds(Outcome(lead.with_booking(closed)), booking.holds)


def record_show_up(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """Whether the customer came, as staff saw it: the end of the booking."""
    by, came = actor_named(event.by), event.fact("came") == "true"
    seen = apply.set_facet(booking, ShowUp.CAME if came else ShowUp.DID_NOT_COME, by)
    target = State.COMPLETED if came else State.NO_SHOW
    return Outcome(lead.with_booking(apply.move(lead, seen, target, by, context)))


ANYWHERE: Final[Mapping[Trigger, Handler]] = {
    StaffAction.RESCHEDULE: reschedule,
    StaffAction.CANCEL: cancel,
    StaffAction.SHOW_UP: record_show_up,
}
"""May be asked in every state; the verdict says where it is allowed."""
