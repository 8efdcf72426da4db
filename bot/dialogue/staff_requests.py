"""What staff and machines ask for through the API: the engine's methods (S3-107 to S3-115)."""

from dataclasses import replace

from bot.business.context import Context
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.states import collecting, confirmed, offering
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.events import StaffAsked
from bot.domain.ids import BookingReference
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import ShowUp, State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import actor_named
from intents.understanding import Confidence, Intent, Understanding


def asked(lead: Lead, event: StaffAsked, context: Context) -> Outcome:
    """One step of one booking; Refused where the rules say no (the API has said why before)."""
    if event.step == "create":
        return _created(lead, event, context)
    booking = lead.booking(event.booking)
    if booking is None:
        return Outcome(lead)
    match event.step:
        case "propose":
            allowed = apply.judged(lead, booking, State.SLOT_PROPOSED, actor_named(event.by), context).allowed
            return collecting.look_for_times(lead, booking) if allowed else Outcome(lead)
        case "confirm":
            return _confirmed(lead, booking, event, context)
        case "reschedule":
            reason, heard = event.fact("reason") or "", _heard(lead, event)
            return confirmed.rescheduled(lead, booking, reason, heard, actor_named(event.by), context)
        case "cancel":
            return _cancelled(lead, booking, event, context)
        case "show-up":
            return _showed_up(lead, booking, event, context)
        case _:
            return Outcome(lead)


def _created(lead: Lead, event: StaffAsked, context: Context) -> Outcome:
    """A manual booking: service and time are given, the customer's yes is recorded by whoever books."""
    service = context.business.service(event.fact("service") or "")
    if service is None or lead.booking(event.booking) is not None:
        return Outcome(lead)
    guests = int(event.fact("guests") or service.min_guests)
    reference = BookingReference(event.booking)
    new = Booking(reference=reference, service=service.id, guests=guests, last_activity_at=event.at)
    booking = apply.begun(new, actor_named(event.by))
    slot = _named(event, booking, context)
    if slot is None:
        return Outcome(lead)
    proposed = replace(booking, place=slot.place, nights=slot.nights)
    for target in (State.SERVICE_SELECTED, State.SLOT_PROPOSED):
        proposed = apply.move(lead, proposed, target, actor_named(event.by), context)
    chosen = offering.priced_for(replace(proposed, chosen=slot), slot, context)
    return offering.book_chosen(lead.with_booking(chosen), chosen)


def _confirmed(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    held = next((one for one in booking.offered if one.slot_id == event.fact("slot_id")), None)
    wanted = held if held is not None and held.hold_id is not None else _named(event, booking, context)
    wanted = wanted or booking.chosen
    if wanted is None or booking.state is not State.SLOT_PROPOSED:
        return Outcome(lead)
    chosen = offering.priced_for(replace(booking, chosen=wanted), wanted, context)
    return offering.book_chosen(lead, chosen)


def _named(event: StaffAsked, booking: Booking, context: Context) -> OfferedSlot | None:
    """The time staff named, with the hold that was claimed for it."""
    slot = offering.slot_of_id(event.fact("slot_id") or "", booking, context)
    return None if slot is None else replace(slot, hold_id=event.fact("hold_id"))


def _cancelled(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    reason = event.fact("reason") or "staff_request"
    if booking.chosen is None:
        ending = replace(booking, cancellation_reason=reason, cancelled_by=event.by)
        closed = apply.move(lead, ending, State.CANCELLED, actor_named(event.by), context)
        return collecting.letting_go(Outcome(lead.with_booking(closed)), booking)
    return collecting.letting_go(confirmed.cancelled(lead, booking, reason, event.by, context), booking)


def _showed_up(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    came = event.fact("came") == "true"
    seen = replace(booking, show_up=ShowUp.CAME if came else ShowUp.DID_NOT_COME)
    target = State.COMPLETED if came else State.NO_SHOW
    return Outcome(lead.with_booking(apply.move(lead, seen, target, actor_named(event.by), context)))


def _heard(lead: Lead, event: StaffAsked) -> CustomerTurn:
    """A turn nobody spoke: staff asked in the customer's place."""
    silent = Understanding(Intent.RESCHEDULE, (Intent.RESCHEDULE,), 1.0, Confidence.ACT, lead.language)
    return CustomerTurn(event=event.id, at=event.at, understanding=silent)
