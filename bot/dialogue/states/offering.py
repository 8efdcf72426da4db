"""SLOT_PROPOSED and on the way there: times are found and offered, and the chosen one is booked or lost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.catalogue import Service
from bot.business.context import Context
from bot.business.quotes import PriceGap
from bot.dialogue import acceptance, choice, denials, house_rules, payment_links, provider_choice, waiting, why_not
from bot.dialogue.denials import reason_of
from bot.dialogue.holds import release_booked, release_holds, release_offers
from bot.dialogue.states import collecting, late_payment
from bot.dialogue.triggers import Handler, Trigger
from bot.domain import side_question
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, OfferedSlot, SlotUnavailable
from bot.domain.events import SlotBooked, SlotLost, SlotsFound
from bot.domain.lead import Lead
from bot.domain.offers import Fit
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import LatePayment, PaymentStatus, State
from bot.domain.timers import TimerKind
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies import info
from bot.replies import payment as money_words
from bot.replies import waiting as waiting_words
from bot.replies.words import say
from bot.slots.free import Search, unpriced
from intents.understanding import ExpectedAnswer

_LOST_WORDS: Final = {
    SlotUnavailable.TAKEN: "booking.time.just_taken",
    SlotUnavailable.PAST: "booking.time.past",
}


def slots_found(lead: Lead, booking: Booking, event: SlotsFound, context: Context) -> Outcome:
    """Offer them, or say that nothing is free and ask for another day."""
    if booking.explicitly_confirmed:
        # the customer has said yes to another time meanwhile
        return release_offers(lead, booking, event, context)
    if lead.conversation.opted_out and not booking.is_rebooked_by_late_payment:
        # they said STOP while times were looked for: nothing is kept for them
        return release_offers(lead, booking, event, context)
    offers = tuple(
        slot
        for slot in event.offers
        if event.fit is not Fit.NOTHING and late_payment.fits_the_money(booking, slot, context)
    )
    gap = _price_gap(booking, offers, context)
    if gap is not None:
        lead = lead.alarmed(AlarmReason.PRICE_MISSING, event.at, booking.reference)
    no_price = "" if gap is None else say("booking.time.no_price", lead.language)
    outcome = _offered(lead, booking, offers, event, context, no_price)
    if booking.is_rebooked_by_late_payment:
        # what becomes of their money, to be said after a STOP too
        outcome = replace(outcome, requests=tuple(replace(one, is_fact=True) for one in outcome.requests))
    if gap is None:
        return outcome
    return denials.recording(outcome, booking, State.SLOT_PROPOSED, (denials.no_price(gap),), event.at)


def _price_gap(booking: Booking, offers: tuple[OfferedSlot, ...], context: Context) -> PriceGap | None:
    """What the price book lacks for the days that were wished, where that is why none of them is offered."""
    business, wish = context.business, booking.wish
    service = business.service(booking.service or "")
    today = context.now.astimezone(business.zone).date()
    if service is None:
        return None
    if wish.first_day is not None and wish.last_day is not None:
        first, last = max(today, wish.first_day), max(today, wish.last_day)
    else:
        first, last = today, today + timedelta(days=business.sop.slot.too_far_days)
    local = {slot.start.astimezone(business.zone).date() for slot in offers}
    if any(first <= day <= last for day in local):
        return None
    place = business.place(booking.place)
    search = Search(
        service.id,
        first,
        last,
        None if place is None else place.id,
        guests=booking.guests or service.min_guests,
        nights=max(1, booking.nights),
    )
    return unpriced(business, search, context.now)


def _offered(
    lead: Lead,
    booking: Booking,
    offers: tuple[OfferedSlot, ...],
    event: SlotsFound,
    context: Context,
    no_price: str,
) -> Outcome:
    service = context.business.service(booking.service or "")
    unfit = tuple(slot.hold_id for slot in event.offers if slot not in offers)
    verdict = apply.judged(lead, booking, State.SLOT_PROPOSED, Actor.SYSTEM, context, free_slots=len(offers))
    if service is None or any(reason.fact == "nothing_free" for reason in verdict.reasons):
        nothing = _nothing_free(lead, booking, context, no_price)
        nothing = denials.recording(nothing, booking, State.SLOT_PROPOSED, verdict.reasons, event.at)
        return release_holds(nothing, unfit)
    moved = apply.move(lead, booking, State.SLOT_PROPOSED, Actor.SYSTEM, context)
    offered = replace(_shown(moved), offered=offers, chosen=None)
    # Why new times are offered: one was lost, there is no price, or the house's rules say so.
    because = why_not.said_before(lead, booking, event.fit, context)
    whose = "" if because else provider_choice.said_before(lead, booking, offers, event.fit, context)
    if booking.late_payment is LatePayment.TIME_TAKEN:
        why_new_times = say("payment.late.taken", lead.language)
    elif booking.lost_time is None:
        why_new_times = no_price or because or whose
    else:
        why_new_times = say(_LOST_WORDS.get(booking.lost_time, "booking.time.not_bookable"), lead.language)
    exact = choice.exactly(offers, offered, context.business.zone)
    if exact is not None and not why_new_times and not offered.is_rebooked_by_late_payment:
        return _free_as_wished(lead, offered, exact, unfit, event, context)
    proposal = words.proposal(lead, offered, service, event.fit, context, why_new_times)
    if event.fit is not Fit.WISHED and not because and waiting.may_join(lead, offered, context):
        proposal = waiting_words.with_join(proposal, lead, offered)
    answered, offered = _pending_answers(lead, offered, context)
    outcome = Outcome(lead.with_booking(offered).conversing(expecting=ExpectedAnswer.SLOT))
    return release_holds(outcome.requesting(*words.with_before(proposal, answered)), unfit)


def _free_as_wished(
    lead: Lead, booking: Booking, exact: OfferedSlot, unfit: tuple[str | None, ...], event: SlotsFound, context: Context
) -> Outcome:
    """The very time that was wished is free: said and asked in one message, and the other times are let go."""
    answered, booking = _pending_answers(lead, replace(booking, offered=(exact,)), context)
    chosen = choice.choose(lead, booking, exact, event.at, context, say("booking.offer.exactly", lead.language))
    others = tuple(slot.hold_id for slot in event.offers if slot != exact and slot.hold_id not in unfit)
    first, *rest = chosen.requests
    chosen = replace(chosen, requests=(*words.with_before(first, answered), *rest))
    return release_holds(chosen, (*unfit, *others))


def _shown(booking: Booking) -> Booking:
    """The booking once other times were shown in place of one that was lost."""
    is_late = booking.late_payment in {LatePayment.ARRIVED, LatePayment.TIME_TAKEN}
    booking = apply.set_facet(booking, LatePayment.CHOOSING) if is_late else booking
    return replace(booking, lost_time=None)


def _pending_answers(lead: Lead, booking: Booking, context: Context) -> tuple[str, Booking]:
    """What was asked along with the wish, answered; and the booking without those questions."""
    asked = [side_question.named(text) for text in booking.pending_questions]
    return info.text(lead.with_booking(booking), asked, context), replace(booking, pending_questions=())


def _nothing_free(lead: Lead, booking: Booking, context: Context, no_price: str) -> Outcome:
    answered, booking = _pending_answers(lead, booking, context)
    service = context.business.service(booking.service or "")
    open_again = replace(_shown(booking), offered=(), chosen=None, asked_when=True)
    asking = lead.with_booking(open_again).conversing(expecting=ExpectedAnswer.WISH)
    if booking.is_rebooked_by_late_payment:
        text = money_words.text_message(lead, "payment.late.none_free")
    elif service is None:
        # it left the business file while times were looked for
        asking = asking.with_booking(replace(open_again, service=None)).conversing(expecting=ExpectedAnswer.SERVICE)
        text = words.text_message(lead, "booking.ask.service")
    elif no_price:
        text = words.joined(lead, ("booking.time.no_price", {}), ("booking.ask.other_time", {}))
    else:
        asking, text = _no_time(asking, open_again, service, context)
    return Outcome(asking).requesting(*words.with_before(text, answered))


def _no_time(lead: Lead, booking: Booking, service: Service, context: Context) -> tuple[Lead, EffectRequest]:
    """Nothing at all is free: why, and what would work; else another day, or the waiting list."""
    why = why_not.said_before(lead, booking, Fit.NOTHING, context)
    if not why:
        text = words.text_message(lead, "booking.time.none_free", service)
        is_list = waiting.may_join(lead, booking, context)
        return lead, waiting_words.with_join(text, lead, booking) if is_list else text
    is_of_nights = why_not.is_of_nights(booking, context)
    key = "booking.ask.nights" if is_of_nights else "booking.ask.other_time"
    # asked again, not looked for again with a number that is not sold
    again = replace(booking, nights=0) if is_of_nights else booking
    return lead.with_booking(again), words.with_before(words.text_message(lead, key), why)[-1]


def slot_booked(lead: Lead, booking: Booking, event: SlotBooked, context: Context) -> Outcome:
    """The time is theirs; what needs no money is confirmed at once."""
    hold = event.slot.hold_id
    if booking.booked_hold == hold or not booking.explicitly_confirmed:
        return release_booked(lead, booking, event, context)
    booked = replace(booking, chosen=event.slot, booked_hold=hold, offered=())
    verdict = apply.judged(lead, booked, State.SLOT_CONFIRMED, Actor.SYSTEM, context, slot_is_free=True)
    if not verdict.allowed:
        of_house = house_rules.reasons_of(verdict)
        if of_house:
            # the file was switched after their yes
            return release_holds(house_rules.time_refused(lead, booking, of_house, event.at), (hold,))
        # booked, but no longer to be had by the rules: its time has come meanwhile
        too_late = SlotLost(event.id, event.at, booking.reference, event.slot.slot_id, SlotUnavailable.PAST)
        outcome = slot_lost(lead, booking, too_late, context)
        return release_holds(outcome, (hold,))
    booked = apply.move(lead, booked, State.SLOT_CONFIRMED, Actor.SYSTEM, context)
    if booked.is_rebooked_by_late_payment:
        booked = apply.set_facet(booked, LatePayment.BOOKED_AGAIN)
    if acceptance.is_needed(booked, context):
        candidates = provider_choice.asked_alone(event.candidates, booked.who)
        outcome = acceptance.ask(lead, booked, candidates, event.at, context)
    else:
        outcome = go_on(lead, booked, event.at, context)
    return outcome.recording("slot_confirmed", "customer", event.at, booking=str(booked.reference))


def go_on(lead: Lead, booked: Booking, now: datetime, context: Context, before: str = "") -> Outcome:
    """The time is theirs and nobody has to say yes any more: money that is there is taken for it, else it is asked
    for; what needs none is confirmed, with these words before."""
    if booked.needs_payment and booked.payment_status is not PaymentStatus.PAID:
        if booked.is_rebooked_by_late_payment:
            return late_payment.accept_money(lead, booked, context)
        return payment_links.ask_for_payment(lead, booked, now, context)
    if booked.needs_payment and booked.paid != booked.due:
        # moved after it was paid, to a time of another price: a person settles the difference
        waiting = lead.with_booking(booked).conversing(expecting=ExpectedAnswer.BOOKING)
        waiting = waiting.alarmed(AlarmReason.PRICE_DIFFERS, now, booked.reference)
        return Outcome(waiting).requesting(
            money_words.text_message(lead, "payment.needs_person", reference=str(booked.reference))
        )
    confirmed = apply.move(lead, booked, State.CONFIRMED, Actor.SYSTEM, context)
    outcome = Outcome(lead.with_booking(confirmed).conversing(expecting=ExpectedAnswer.NOTHING))
    if before and confirmed.paid:
        # as after a payment: it may have to go out as a template
        said = money_words.receipt(lead, confirmed, None, context)
    else:
        said = words.booking_notice(lead, "booking.booked", confirmed, context, expect=True)
    return outcome.requesting(*words.with_before(said, before))


def slot_lost(lead: Lead, booking: Booking, event: SlotLost, context: Context) -> Outcome:
    """It cannot be had: other times are looked for at once, and the reason goes with them."""
    if booking.booked_hold is not None:
        return Outcome(lead)
    if booking.is_rebooked_by_late_payment:
        outcome = late_payment.time_taken(lead, booking, event.at)
    else:
        lost = replace(booking, explicitly_confirmed=False, chosen=None, lost_time=event.reason)
        outcome = collecting.look_for_times(lead, lost, context)
    return denials.recording(outcome, booking, State.SLOT_CONFIRMED, (reason_of(event.reason),), event.at)


SEARCHING: Final[Mapping[Trigger, Handler]] = {SlotsFound: slots_found, TimerKind.LATE: late_payment.nothing_chosen}
"""SERVICE_SELECTED and RESCHEDULED: times are being looked for."""

HANDLERS: Final[Mapping[Trigger, Handler]] = {**SEARCHING, SlotBooked: slot_booked, SlotLost: slot_lost}
"""SLOT_PROPOSED."""
