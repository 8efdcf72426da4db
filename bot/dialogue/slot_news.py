"""What the shell reports about times: found, booked, lost. News that comes too late lets go of what it took."""

from dataclasses import replace

from bot.business.context import Context
from bot.dialogue import payment_news
from bot.dialogue.refusal_records import NOTHING_FREE, reason_of, refusing
from bot.dialogue.states import awaiting_payment, collecting
from bot.domain import side_question
from bot.domain.booking import Booking
from bot.domain.commands import ReleaseHolds
from bot.domain.events import SlotBooked, SlotLost, SlotsFound
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import PaymentStatus, State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies import info
from bot.replies.words import say
from bot.slots.recheck import SlotUnavailable
from intents.understanding import ExpectedAnswer

_WAITS_FOR_OFFERS = frozenset({State.SERVICE_SELECTED, State.SLOT_PROPOSED, State.RESCHEDULED})


def slots_found(lead: Lead, event: SlotsFound, context: Context) -> Outcome:
    """Offer them (T03, T04, T23), or say that nothing is free and ask for another day."""
    booking = lead.booking(event.booking)
    if booking is None or booking.state not in _WAITS_FOR_OFFERS or booking.explicitly_confirmed:
        return _let_go(lead, tuple(one.hold_id for one in event.offers if one.hold_id is not None))
    service = context.business.service(booking.service or "")
    offers = tuple(one for one in event.offers if payment_news.fits_the_money(booking, one, context))
    unfit = tuple(one.hold_id for one in event.offers if one not in offers and one.hold_id is not None)
    if not offers or service is None:
        nothing = _nothing_free(lead, booking, context)
        nothing = refusing(nothing, booking, State.SLOT_PROPOSED, (NOTHING_FREE,), event.at)
        return _after_letting_go(unfit, nothing)
    moved = apply.move(lead, booking, State.SLOT_PROPOSED, Actor.SYSTEM, context)
    offered = replace(moved, offered=offers, chosen=None)
    prefix = _lost_words(lead, booking)
    offered = replace(offered, error_reason=None)
    said = words.proposal(lead, offered, service, event.fit, context, prefix)
    answered, offered = _also(lead, offered, context)
    step = Outcome(lead.with_booking(offered).conversing(expecting=ExpectedAnswer.SLOT))
    step = step.requesting(*words.with_before(said, answered))
    return _after_letting_go(unfit, step)


def _lost_words(lead: Lead, booking: Booking) -> str:
    """Why new times are offered, when that is because one was lost."""
    reason = booking.error_reason
    if reason is None:
        return ""
    key = {"taken": "booking.time.just_taken", "past": "booking.time.past", "late_taken": "payment.late.taken"}.get(
        reason, "booking.time.not_bookable"
    )
    return say(key, lead.language)


def _also(lead: Lead, booking: Booking, context: Context) -> tuple[str, Booking]:
    """What was asked along with the wish, answered; and the booking without those questions."""
    asked = [side_question.named(one) for one in booking.pending_questions]
    return info.text(lead.with_booking(booking), asked, context), replace(booking, pending_questions=())


def _nothing_free(lead: Lead, booking: Booking, context: Context) -> Outcome:
    answered, booking = _also(lead, booking, context)
    step = _nothing_free_said(lead, booking, context)
    return replace(step, requests=tuple(one for said in step.requests for one in words.with_before(said, answered)))


def _nothing_free_said(lead: Lead, booking: Booking, context: Context) -> Outcome:
    service = context.business.service(booking.service or "")
    open_again = replace(booking, offered=(), chosen=None, asked_when=True, error_reason=None)
    asking = lead.with_booking(open_again).conversing(expecting=ExpectedAnswer.WISH)
    if booking.is_rebooked_by_late_payment:
        return Outcome(asking).requesting(words.plain(lead, "payment.late.none_free"))
    if service is None:
        # it left the business file while times were looked for
        anew = asking.with_booking(replace(open_again, service=None)).conversing(expecting=ExpectedAnswer.SERVICE)
        return Outcome(anew).requesting(words.plain(lead, "booking.ask.service"))
    return Outcome(asking).requesting(words.plain(lead, "booking.time.none_free", service))


def slot_booked(lead: Lead, event: SlotBooked, context: Context) -> Outcome:
    """The time is theirs (T06); what needs no money is confirmed at once (T11)."""
    booking = lead.booking(event.booking)
    if booking is not None and booking.booked_hold == event.slot.hold_id:
        return Outcome(lead)
    if booking is None or booking.state is not State.SLOT_PROPOSED or not booking.explicitly_confirmed:
        return _let_go(lead, () if event.slot.hold_id is None else (event.slot.hold_id,))
    theirs = replace(booking, chosen=event.slot, booked_hold=event.slot.hold_id, offered=())
    if not apply.judged(lead, theirs, State.SLOT_CONFIRMED, Actor.SYSTEM, context).allowed:
        return _too_late(lead, booking, event, context)
    kept = apply.move(lead, theirs, State.SLOT_CONFIRMED, Actor.SYSTEM, context)
    if kept.needs_payment and kept.payment_status is not PaymentStatus.PAID:
        step = _money_next(lead, kept, event, context)
        return step.recording("slot_confirmed", "customer", event.at, booking=str(kept.reference))
    if kept.needs_payment and kept.paid != kept.due:
        waiting = lead.with_booking(kept).conversing(expecting=ExpectedAnswer.BOOKING, waits_for_person=True)
        return Outcome(waiting).requesting(words.plain(lead, "payment.needs_person", reference=str(kept.reference)))
    confirmed = apply.move(lead, kept, State.CONFIRMED, Actor.SYSTEM, context)
    step = Outcome(lead.with_booking(confirmed).conversing(expecting=ExpectedAnswer.NOTHING))
    said = step.requesting(words.told(lead, "booking.booked", confirmed, context, expect=True))
    return said.recording("slot_confirmed", "customer", event.at, booking=str(kept.reference))


def _money_next(lead: Lead, kept: Booking, event: SlotBooked, context: Context) -> Outcome:
    """Money that is there already is taken for it, else it is asked for (T07)."""
    if kept.is_rebooked_by_late_payment:
        return payment_news.booked_by_late_money(lead, kept, context)
    return awaiting_payment.asked(lead, kept, event.at, context)


def _too_late(lead: Lead, booking: Booking, event: SlotBooked, context: Context) -> Outcome:
    """Booked, but no longer to be had by the rules: its time has come meanwhile."""
    lost = slot_lost(lead, SlotLost(event.id, event.at, booking.reference, event.slot.slot_id, "past"), context)
    return _after_letting_go(() if event.slot.hold_id is None else (event.slot.hold_id,), lost)


def slot_lost(lead: Lead, event: SlotLost, context: Context) -> Outcome:
    """It cannot be had: other times are looked for at once, and the reason goes with them."""
    booking = lead.booking(event.booking)
    if booking is None or booking.state is not State.SLOT_PROPOSED or booking.booked_hold is not None:
        return Outcome(lead)
    reasons = (reason_of(SlotUnavailable(event.reason)),) if event.reason in set(SlotUnavailable) else ()
    if booking.is_rebooked_by_late_payment:
        late = payment_news.late_time_taken(lead, booking, event.at)
        return refusing(late, booking, State.SLOT_CONFIRMED, reasons, event.at)
    lost = replace(booking, explicitly_confirmed=False, chosen=None, error_reason=event.reason)
    return refusing(collecting.look_for_times(lead, lost), booking, State.SLOT_CONFIRMED, reasons, event.at)


def _after_letting_go(holds: tuple[str, ...], step: Outcome) -> Outcome:
    return step.requesting(EffectRequest(ReleaseHolds(holds))) if holds else step


def _let_go(lead: Lead, holds: tuple[str, ...]) -> Outcome:
    return Outcome(lead).requesting(EffectRequest(ReleaseHolds(holds))) if holds else Outcome(lead)
