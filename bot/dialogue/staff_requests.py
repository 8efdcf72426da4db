"""What staff and machines ask for through the API.

The API judges each request and gives the reasons in its answer; a request that is denied here all the same, because
the booking moved meanwhile, is recorded with its reasons and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue import choice, denials, phone_bookings
from bot.dialogue.changes import blocks, staff_money
from bot.dialogue.changes import staff as changes
from bot.dialogue.holds import release_holds
from bot.dialogue.money_events import for_agent
from bot.dialogue.overrides import overridden_in
from bot.dialogue.states import collecting, staying
from bot.dialogue.triggers import Handler, Trigger
from bot.domain import window
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.events import StaffAction, StaffAsked
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import FollowUp, ShowUp, State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import actor_named
from bot.replies import reminders as reminder_words


def create(lead: Lead, event: StaffAsked, context: Context) -> Outcome:
    """A manual booking: service and time are given, the customer's yes is recorded by whoever books."""
    lead, denied = phone_bookings.introduced(lead, event), phone_bookings.denial(lead, event)
    if denied is not None:
        hold, unmade = event.fact("hold_id"), Booking(reference=event.booking)
        outcome = release_holds(Outcome(lead), () if hold is None else (hold,))
        return denials.recording(outcome, unmade, State.SLOT_CONFIRMED, (denied,), event.at, event.by)
    service = context.business.service(event.fact("service") or "")
    if service is None:
        return Outcome(lead)
    guests = int(event.fact("guests") or service.min_guests)
    new = Booking(
        reference=event.booking,
        service=service.id,
        guests=guests,
        last_activity_at=event.at,
        by_phone=phone_bookings.is_by_phone(event),
        override=overridden_in(event),
    )
    return booked_by_hand(lead, new, event, context)


def booked_by_hand(lead: Lead, new: Booking, event: StaffAsked, context: Context) -> Outcome:
    """That new booking at the time that the request names, with the hold that was claimed for it."""
    booking = apply.begun(new, actor_named(event.role))
    slot = _named(event, booking, context)
    if slot is None:
        return Outcome(lead)
    proposed = replace(booking, chosen=slot, place=slot.place, nights=slot.nights)
    for target in (State.SERVICE_SELECTED, State.SLOT_PROPOSED):
        proposed = apply.move(lead, proposed, target, actor_named(event.role), context)
    gap = choice.price_gap_of(proposed, slot, context)
    if gap is not None:
        return choice.without_price(lead, proposed, slot, gap, event.at)
    chosen = choice.priced_for(proposed, slot, context)
    return choice.book_chosen(lead.with_booking(chosen), chosen)


def propose(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """Times are looked for and offered to the customer."""
    allowed = apply.judged(lead, booking, State.SLOT_PROPOSED, actor_named(event.role), context).allowed
    return collecting.look_for_times(lead, booking, context) if allowed else Outcome(lead)


def confirm(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The customer's yes to a time, as staff heard it."""
    held = next((slot for slot in booking.offered if slot.slot_id == event.fact("slot_id")), None)
    wanted = held if held is not None and held.hold_id is not None else _named(event, booking, context)
    wanted = wanted or booking.chosen
    if wanted is None:
        return Outcome(lead)
    gap = choice.price_gap_of(booking, wanted, context)
    if gap is not None:
        return choice.without_price(lead, booking, wanted, gap, event.at)
    chosen = choice.priced_for(replace(booking, chosen=wanted), wanted, context)
    return choice.book_chosen(lead, chosen)


def _named(event: StaffAsked, booking: Booking, context: Context) -> OfferedSlot | None:
    """The time staff named, with the hold that was claimed for it."""
    slot = choice.slot_of_id(event.fact("slot_id") or "", booking, context)
    return None if slot is None else replace(slot, hold_id=event.fact("hold_id"))


def reschedule(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """To the time that is named, at once; without one the customer is asked which, and keeps theirs until then."""
    if not changes.may_change(booking):
        return changes.nothing_to_change(lead, booking, event)
    return changes.reschedule(lead, booking, event, context)


def request_change(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """Quoted, and left open for a yes."""
    if not changes.may_change(booking):
        return changes.nothing_to_change(lead, booking, event)
    return changes.request(lead, booking, event, context)


def cancel(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """Called off by staff; where there was a time, with a quote of this moment and word to the customer."""
    if changes.may_change(booking):
        return release_holds(changes.cancel(lead, booking, event, context), booking.holds)
    reason, by = event.fact("reason") or "staff_request", changes.requester_of(event)
    ending = replace(booking, cancellation_reason=reason, cancelled_by=by.person)
    closed = apply.move(lead, ending, State.CANCELLED, actor_named(by.role), context)
    return release_holds(Outcome(lead.with_booking(closed)), booking.holds)


def record_show_up(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """Whether the customer came, as staff saw it: the end of the booking, or the beginning of a stay."""
    by, came = actor_named(event.role), event.fact("came") == "true"
    if booking.state is State.NO_SHOW:
        return _corrected(lead, booking, event, context) if came else Outcome(lead)
    service = context.business.service(booking.service or "")
    if came and service is not None and service.is_stay:
        # a guest who came to stay has begun to stay
        return staying.check_in(lead, booking, event, context)
    seen = apply.set_facet(booking, ShowUp.CAME if came else ShowUp.DID_NOT_COME, by)
    target = State.COMPLETED if came else State.NO_SHOW
    ended = Outcome(lead.with_booking(apply.move(lead, seen, target, by, context)))
    if lead.conversation.opted_out:
        return ended
    if not came:
        return for_agent(lead, ended.requesting(reminder_words.missed_you(lead, booking, context)), event.at)
    # thanks need no template: outside the window they are left unsaid, and nobody is called for them
    is_read = window.is_open(lead, event.at)
    said = ended.requesting(reminder_words.thanks(lead, booking, context)) if is_read else ended
    return for_agent(lead, said, event.at)


def _corrected(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """They came after all: the customer, who was told otherwise, hears it; no money is ordered a second time."""
    by = actor_named(event.role)
    seen = apply.set_facet(booking, ShowUp.CAME, by)
    if seen.follow_up is FollowUp.DUE:
        seen = apply.set_facet(seen, FollowUp.DONE, by)
    ended = Outcome(lead.with_booking(apply.move(lead, seen, State.COMPLETED, by, context)))
    if lead.conversation.opted_out:
        return ended
    return for_agent(lead, ended.requesting(reminder_words.corrected(lead, booking, context)), event.at)


def aim(booking: Booking, asked: StaffAsked, business: Business) -> tuple[Booking, State]:
    """The booking with what was said of it, and where that leads."""
    match asked.action:
        case StaffAction.PROPOSE:
            return booking, State.SLOT_PROPOSED
        case StaffAction.CHECK_IN:
            return booking, State.CHECKED_IN
        case StaffAction.CHECK_OUT:
            return booking, State.CHECKED_OUT
        case StaffAction.COMPLETE:
            return booking, State.COMPLETED
        case _:
            came = asked.fact("came") == "true"
            service = business.service(booking.service or "")
            is_ahead = booking.state is not State.NO_SHOW
            if came and service is not None and service.is_stay and is_ahead:
                return booking, State.CHECKED_IN
            seen = ShowUp.CAME if came else ShowUp.DID_NOT_COME
            return apply.set_facet(booking, seen, actor_named(asked.role)), State.COMPLETED if came else State.NO_SHOW


ANYWHERE: Final[Mapping[Trigger, Handler]] = {
    StaffAction.RESCHEDULE: reschedule,
    StaffAction.CANCEL: cancel,
    StaffAction.SHOW_UP: record_show_up,
    StaffAction.CHANGE: request_change,
    StaffAction.CONFIRM_CHANGE: changes.confirm,
    StaffAction.WITHDRAW_CHANGE: changes.withdraw,
    StaffAction.BLOCK: blocks.hit,
    StaffAction.LIFT_BLOCK: blocks.lifted,
    StaffAction.REFUND: staff_money.refund,
    StaffAction.RECEIVE: staff_money.receive,
    StaffAction.REFUND_ACCOUNT: staff_money.account,
}
"""May be asked in every state; the verdict says where it is allowed."""
