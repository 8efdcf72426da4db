"""An accepted change becomes true, in one commit; a booking ends or moves here and nowhere else because of a change."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.business.catalogue import PaymentRule
from bot.business.context import Context
from bot.dialogue import acceptance, payment_links, provider_choice
from bot.dialogue.changes import accounts, quoting
from bot.dialogue.holds import release_holds
from bot.domain.acceptance import Acceptance
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.booking_money import KeptMoney
from bot.domain.change import Change, ChangeKind
from bot.domain.commands import BookSlot, CloseInvoice, MoveSlot
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.policy_sentence import PolicyClause
from bot.domain.states import Modification, PaymentStatus, State
from bot.lifecycle import apply, booking_money
from bot.lifecycle.changes import end_change
from bot.lifecycle.verdicts import Actor, actor_named
from bot.replies import changes as words
from intents.understanding import ExpectedAnswer
from payments.domain.money import zero

_OWES: Final = frozenset({State.SLOT_CONFIRMED, State.PAYMENT_PENDING, State.PENDING_CONFIRMATION})
_DEFAULT_REASONS: Final = {True: "customer_request", False: "staff_request"}


def accept(lead: Lead, booking: Booking, change: Change, received_at: datetime, context: Context) -> Outcome:
    """The yes is there: what needs no other time is done at once, the rest is ordered and comes back as an event."""
    accepted = replace(change, accepted_at=received_at)
    booking = replace(booking, change=accepted)
    if change.kind is ChangeKind.CANCEL:
        return cancel(lead, booking, accepted, context)
    if change.kind is ChangeKind.DETAILS:
        # Name, contact or request: noted at once, since it costs nothing and needs no other time.
        ended = end_change(booking, Modification.CONFIRMED)
        named = dict(accepted.wish.details).get("name")
        noted = replace(lead, name=named or lead.name).with_booking(ended)
        outcome = Outcome(noted.conversing(expecting=ExpectedAnswer.BOOKING))
        return outcome.requesting(words.told(lead, "change.details_noted", booking, context))
    assert change.after is not None
    slot, quote = change.after.slot, quoting.given(change)
    waiting = lead.with_booking(booking).conversing(expecting=ExpectedAnswer.BOOKING, misunderstood=0)
    waiting = waiting.without_timer(quoting.silence_timer(booking))
    hold = None if booking.chosen is not None and slot.slot_id == booking.chosen.slot_id else slot.hold_id
    if (quote.to_pay and not owes(booking)) or acceptance.is_needed_first(booking, accepted, context):
        # kept until the difference is paid, or somebody has said yes; the old time stays booked next to it
        reserve = BookSlot(
            booking=booking.reference,
            slot_id=slot.slot_id,
            hold_id=hold,
            guests=change.after.guests,
            let_go=tuple(other for other in change.holds if other != hold),
            change=change.id,
            besides=booking.booked_hold,
            same_time=not change.moves_time,
            against=accepted.against,
        )
        return Outcome(waiting).requesting(EffectRequest(reserve))
    return swap(waiting, booking, accepted, hold)


def owes(booking: Booking) -> bool:
    """Whether the booking itself still waits for its money: then a change asks all of it with one new link."""
    return booking.state in _OWES and booking.payment_status is not PaymentStatus.PAID


def swap(lead: Lead, booking: Booking, change: Change, hold: str | None) -> Outcome:
    """The old time is swapped for the new one; until that is told, no other change of the booking is begun."""
    assert change.after is not None
    moving = lead.with_booking(replace(booking, change=replace(change, is_moving=True)))
    order = MoveSlot(
        booking=booking.reference,
        change=change.id,
        slot_id=change.after.slot.slot_id,
        guests=change.after.guests,
        from_hold=booking.booked_hold or "",
        hold_id=hold,
        let_go=tuple(other for other in change.holds if other != hold),
        same_time=not change.moves_time,
        against=change.against,
    )
    return Outcome(moving).requesting(EffectRequest(order))


def cancel(lead: Lead, booking: Booking, change: Change, context: Context) -> Outcome:
    """Called off in one commit: the move, what is kept in writing, the time released, everybody told; the money
    follows by `followers.money`."""
    quote, by = quoting.given(change), change.by
    actor = Actor.CUSTOMER if by.is_customer else actor_named(by.role)
    # A person's word, where a person set the sum; else the policy's.
    ending = replace(
        booking,
        cancellation_reason=change.reason or _DEFAULT_REASONS[by.is_customer],
        cancelled_by="customer" if by.is_customer else by.person,
        open_question=None,
        refund_ordered=booking_money.plus(booking.refund_ordered, quote.to_refund),
        kept=KeptMoney(
            quote.keep,
            quote.policy.clause.value,
            change.by.person if quote.policy.clause is PolicyClause.DECIDED_BY_STAFF else "policy",
        ),
    )
    closed = end_change(apply.move(lead, ending, State.CANCELLED, actor, context), Modification.CONFIRMED)
    said = (
        words.cancelled(lead, booking, quote, context)
        if by.is_customer
        else words.cancelled_by_us(lead, booking, quote, context)
    )
    outcome = Outcome(lead.with_booking(closed).conversing(expecting=ExpectedAnswer.NOTHING, misunderstood=0))
    return release_holds(outcome, (booking.booked_hold,)).requesting(said)


def apply_alteration(
    lead: Lead,
    booking: Booking,
    change: Change,
    slot: OfferedSlot,
    context: Context,
    candidates: tuple[str, ...] = (),
) -> Outcome:
    """The booking has its new time: it moves, its price and people with it, and the rest of its money is asked or
    given back; or whoever has to say yes to that time is asked first."""
    quote, after = quoting.given(change), change.after
    assert after is not None
    owed, moves = owes(booking), change.moves_time
    if moves or (owed and booking.state is not State.PENDING_CONFIRMATION):
        asked = replace(booking, reschedule_reason=change.reason or _DEFAULT_REASONS[change.by.is_customer])
        actor = Actor.CUSTOMER if change.by.is_customer else actor_named(change.by.role)
        # the claims are swapped already: the old time may have begun while they were
        booking = apply.happened(lead, asked, State.RESCHEDULED, actor, context, change)
        booking = replace(booking, reschedule_count=booking.reschedule_count + moves)
    booking = replace(
        booking,
        service=after.service,
        chosen=slot,
        booked_hold=slot.hold_id,
        place=slot.place or booking.place,
        who=change.wish.whom(booking.who),
        guests=after.guests,
        nights=slot.nights or booking.nights,
        price=quote.price_after,
        policy_version=booking.policy_version or booking.business_version,
        business_version=quote.business_version,
        fees_charged=booking_money.plus(booking.fees_charged, quote.fee),
        refund_ordered=booking_money.plus(booking.refund_ordered, quote.to_refund),
        only_provider=slot.provider if booking.paid is not None else booking.only_provider,
        override=booking.override if change.override is None else change.override.with_earlier(booking.override),
        explicitly_confirmed=True,
        open_question=None,
        acceptance=_still_asked(booking, change, candidates, owed=owed),
    )
    # whom they wished for another service is no wish of theirs any more
    booking = replace(booking, who=provider_choice.waited_for(booking, context))
    booking = end_change(booking, Modification.CONFIRMED)
    if owed:
        outcome = _with_money_owed(lead, booking, context, candidates)
    else:
        outcome = _standing(lead, booking, context, candidates)
    outcome = _resettled(outcome, change, context)
    if booking.reschedule_count > context.business.sop.reschedule_limit and moves:
        facts = {"booking": str(booking.reference), "moves": str(booking.reschedule_count)}
        outcome = outcome.recording("unstable_customer", "system", context.now, **facts)
        noticed = outcome.lead.alarmed(AlarmReason.MOVED_OFTEN, context.now, booking.reference)
        outcome = replace(outcome, lead=noticed)
    said = words.applied(lead, booking, change, context)
    return replace(outcome, requests=(said, *outcome.requests))


def _still_asked(booking: Booking, change: Change, candidates: tuple[str, ...], *, owed: bool) -> Acceptance | None:
    """The yes that counts after that change: another time needs another one, and so do other guests as long as it is
    not confirmed; whoever has the job then is only told."""
    yes, after = booking.acceptance, change.after
    if change.acceptance is not None and change.acceptance.is_given:
        # said to the new time before it was theirs
        return replace(change.acceptance, task=change.acceptance.base_task, since_plan=booking.plan_no + 1)
    if yes is None or after is None or change.moves_time:
        return None
    if change.before is None or change.before.guests == after.guests or not owed:
        return yes
    if booking.state is not State.PENDING_CONFIRMATION:
        return None
    return replace(yes, since_plan=booking.plan_no + 1, candidates=candidates or yes.candidates)


def _standing(lead: Lead, booking: Booking, context: Context, candidates: tuple[str, ...]) -> Outcome:
    """Confirmed as before, at its new time, once whoever has to has said yes to it."""
    if booking.state is State.RESCHEDULED and booking.acceptance is None and acceptance.is_needed(booking, context):
        reserved = apply.move(lead, booking, State.SLOT_CONFIRMED, Actor.SYSTEM, context)
        return acceptance.ask(lead, reserved, candidates, context.now, context)
    if booking.state is State.RESCHEDULED:
        booking = apply.move(lead, booking, State.CONFIRMED, Actor.SYSTEM, context)
    return Outcome(lead.with_booking(booking).conversing(expecting=ExpectedAnswer.NOTHING, misunderstood=0))


def _with_money_owed(lead: Lead, booking: Booking, context: Context, candidates: tuple[str, ...]) -> Outcome:
    """The old link ends; the new one asks the price less all that came in, whatever account it came in by."""
    former, booking = booking.account, booking_money.counting_credit(booking)
    closing: tuple[EffectRequest, ...] = ()
    there = booking_money.captured(booking, (booking.price or zero(context.business.currency)).currency)
    if booking.link_count:
        closing = (EffectRequest(CloseInvoice(former)),)
        booking = booking_money.former_base(booking)
        name, _, number = former.partition("~")
        booking = apply.begin_account(booking, f"{name}~{int(number or 1) + 1}")
    service = context.business_of(booking).service(booking.service or "")
    pays_first = service is not None and service.payment.rule is PaymentRule.FULL
    if booking.price is None or not pays_first:
        due = None
    else:
        due = max(zero(there.currency), booking.price + booking_money.fees(booking, there.currency) - there)
    booking = replace(booking, due=due)
    lead = payment_links.without_timers(lead, booking)
    if booking.state is State.PENDING_CONFIRMATION:
        # at the same time, and nobody has said yes to it yet
        return Outcome(lead.with_booking(booking).conversing(expecting=ExpectedAnswer.BOOKING))
    is_asked = booking.acceptance is None and acceptance.is_needed(booking, context)
    if not booking.needs_payment and not is_asked:
        confirmed = apply.move(lead, booking, State.CONFIRMED, Actor.SYSTEM, context)
        return Outcome(lead.with_booking(confirmed).conversing(expecting=ExpectedAnswer.NOTHING), closing)
    reserved = apply.move(lead, booking, State.SLOT_CONFIRMED, Actor.SYSTEM, context)
    if is_asked:
        return acceptance.ask(lead, reserved, candidates, context.now, context).requesting(*closing)
    return payment_links.ask_for_payment(lead, reserved, context.now, context).requesting(*closing)


def _resettled(outcome: Outcome, change: Change, context: Context) -> Outcome:
    """Shares follow slot and price, and the difference goes back, once the money for it is in."""
    booking = next(one for one in reversed(outcome.lead.bookings) if change.id in {end.id for end in one.ended_changes})
    quote = quoting.given(change)
    if booking.state is State.PENDING_CONFIRMATION:
        # whose shares they are is not known yet: ordered with the yes (`followers.money`)
        return outcome
    if owes(booking) or not booking_money.captured(booking, quote.price_after.currency):
        return outcome
    # paid twice, or too much: all that is not kept goes back by itself, and counts as the booking's no more
    booking = booking_money.surplus_returned(booking, quote.price_after.currency)
    order = accounts.settle(
        booking, quote.keep, change.id, change.cause, context, is_end=False, ordered_by=change.people
    )
    return replace(outcome, lead=outcome.lead.with_booking(booking)).requesting(order)
