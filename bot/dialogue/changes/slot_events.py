"""What the shell reports about the time of a change: booked next to the old one, lost, or moved to."""

from dataclasses import replace
from datetime import datetime

from bot.business.context import Context
from bot.dialogue import acceptance, payment_links, provider_choice
from bot.dialogue.changes import accounts, applying, quoting, searching, telling
from bot.dialogue.holds import release_forgotten_booked
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.change import Change
from bot.domain.commands import LinkReason, OpenInvoice
from bot.domain.events import SlotBooked, SlotLost, SlotMoved
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import CLOSED, Modification
from bot.domain.timers import TimerKind, TimerName
from bot.lifecycle import apply
from bot.lifecycle.changes import end_change
from bot.replies import changes as words
from intents.understanding import ExpectedAnswer


def change_of(booking: Booking | None, change_id: str | None) -> Change | None:
    """The open change of that name."""
    change = None if booking is None else booking.change
    return change if change is not None and change.id == change_id else None


def slot_booked(lead: Lead, booking: Booking | None, event: SlotBooked, context: Context) -> Outcome:
    """The new time is kept next to the old one: the difference is asked for."""
    change = change_of(booking, event.change)
    if booking is None or change is None or not change.is_accepted or change.after is None:
        # A hold that the booking has by now is not released, whoever asked for it once.
        if booking is not None and booking.booked_hold == event.slot.hold_id:
            given_up = replace(event, slot=replace(event.slot, hold_id=None))
        else:
            given_up = event
        return release_forgotten_booked(lead, given_up, context)
    if booking.modification is Modification.AWAITING_PAYMENT or change.acceptance is not None:
        # told again after a crash
        return Outcome(lead)
    change = replace(change, hold=event.slot.hold_id, after=replace(change.after, slot=event.slot), offered=())
    if acceptance.is_needed_first(booking, change, context):
        candidates = provider_choice.asked_alone(event.candidates, change.wish.whom(booking.who))
        asked = acceptance.ask_for_change(lead, booking, change, candidates, event.at, context)
        return telling.told(asked, booking.reference, change, event.at)
    return ask_for_difference(lead, booking, change, event.at, context)


def ask_for_difference(lead: Lead, booking: Booking, change: Change, now: datetime, context: Context) -> Outcome:
    """The new time is kept, and theirs as soon as the difference is paid."""
    # As the service says, and its notice before the old start and before the new one.
    assert change.after is not None
    service = context.business.service(change.after.service)
    starts = [slot.start for slot in (booking.chosen, change.after.slot) if slot is not None]
    if service is None:
        pay_by = min(starts)
    else:
        pay_by = min([now + service.payment.window, *(start - service.payment.notice for start in starts)])
    if pay_by - now < payment_links.SHORTEST:
        ended = end_change(replace(booking, change=change), Modification.FAILED)
        person = lead.with_booking(ended).conversing(expecting=ExpectedAnswer.BOOKING)
        person = person.alarmed(AlarmReason.CHANGE_FAILED, now, booking.reference)
        return Outcome(person).requesting(words.told(lead, "change.needs_person", booking, context))
    waits = apply.set_facet(booking, Modification.AWAITING_PAYMENT)
    waits = replace(waits, change=replace(change, pay_by=pay_by))
    lead = lead.with_booking(waits).with_timer(TimerName(TimerKind.CHANGE_PAY_BY, booking.reference), pay_by)
    return another_link(lead.without_timer(quoting.silence_timer(booking)), waits, context)


def another_link(lead: Lead, booking: Booking, context: Context, reason: LinkReason = LinkReason.CHANGE) -> Outcome:
    """A link for the difference, under its own number and account."""
    change = booking.change
    assert change is not None
    after, pay_by = change.after, change.pay_by
    assert after is not None
    assert pay_by is not None
    change = replace(change, link_count=change.link_count + 1, pay_url=None)
    booking = replace(booking, change=change)
    quote = quoting.given(change)
    service = context.business.service(after.service)
    named = after.service if service is None else service.name.say(lead.language)
    order = OpenInvoice(
        account=accounts.account_of(booking, change),
        attempt=change.link_count,
        due=quote.to_pay,
        pay_by=pay_by,
        # nobody's yet: the order that applies the change shares all of the booking's money
        terms=replace(payment_links.PLATFORM_ONLY, release=payment_links.release_of(after.service, context.business)),
        description=f"{named} {booking.reference}",
        locale=lead.language,
        why=LinkReason.CHANGE,
        methods=payment_links.BY_BANK.get(quote.to_pay.currency, ()) if reason is LinkReason.OTHER_METHOD else (),
    )
    return Outcome(lead.with_booking(booking)).requesting(EffectRequest(order))


def _without_time(change: Change) -> Change:
    # what somebody wrote about the time that is lost is told of no other
    return replace(change, time_lost=True, is_moving=False, told="", told_by="")


def slot_lost(lead: Lead, booking: Booking | None, event: SlotLost, context: Context) -> Outcome:
    """The new time cannot be had after all: other times are looked for; what was paid for it goes back."""
    change = change_of(booking, event.change)
    if booking is None or change is None or not change.is_accepted:
        return Outcome(lead)
    if change.block is not None:
        # theirs cannot take place, so there is nothing to stay at
        return searching.look_for_times(lead, booking, _without_time(change), context)
    # somebody has said yes to it, or it is paid: it is no choice among times any more
    is_paid_for = booking.modification is Modification.AWAITING_PAYMENT or change.acceptance is not None
    if is_paid_for or not change.by.is_customer or not change.wish.needs_time:
        ended = end_change(booking, Modification.FAILED)
        if is_paid_for and change.pay_by is None:
            # paid too late, and the time is another's by now: nobody has to look at what goes back by itself
            late = lead.with_booking(ended).conversing(expecting=ExpectedAnswer.BOOKING)
            return Outcome(late).requesting(words.told(late, "change.failed", booking, context))
        lead = lead.with_booking(ended).conversing(expecting=ExpectedAnswer.BOOKING)
        if not change.asked and not is_paid_for:
            # nobody but staff knows of it, and the API tells them
            return Outcome(lead)
        key = "change.failed" if is_paid_for else "change.none_free"
        lead = lead.alarmed(AlarmReason.CHANGE_FAILED, event.at, booking.reference) if is_paid_for else lead
        return Outcome(lead).requesting(words.told(lead, key, booking, context))
    return searching.look_for_times(lead, booking, _without_time(change), context)


def slot_moved(lead: Lead, booking: Booking, event: SlotMoved, context: Context) -> Outcome:
    """The claims are swapped: the change is applied."""
    change = change_of(booking, event.change)
    if change is None or not change.is_accepted or change.after is None:
        # applied already, and told again; or the booking ended meanwhile, and its new time is nobody's any more
        told = SlotBooked(event.id, event.at, event.booking, event.slot, event.change)
        is_over = booking.state in CLOSED or booking.booked_hold != event.slot.hold_id
        return release_forgotten_booked(lead, told, context) if is_over else Outcome(lead)
    candidates = provider_choice.asked_alone(event.candidates, change.wish.whom(booking.who))
    applied = applying.apply_alteration(lead, booking, change, event.slot, context, candidates)
    return telling.told(applied, booking.reference, change, event.at)


def moved_too_late(lead: Lead, event: SlotMoved, context: Context) -> Outcome:
    """The booking is gone: its new time is nobody's any more."""
    told = SlotBooked(event.id, event.at, event.booking, event.slot, event.change)
    return release_forgotten_booked(lead, told, context)
