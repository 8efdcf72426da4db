"""Who has to say yes to a booking before it goes on: asked for here, and never before its time is kept.

Nothing is asked of the guest's money before somebody has accepted. The task that asks is planned by
`bot.dialogue.task_plan`, what comes of it is heard in `bot.dialogue.states.awaiting_acceptance`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.catalogue import ConfirmationRule, PaymentRule, ProviderId, Service
from bot.business.context import Context
from bot.dialogue import payment_links
from bot.domain import window
from bot.domain.acceptance import APPROVAL_TASK, OF_CHANGE, Acceptance
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.change import Change
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import UPCOMING, State
from bot.domain.task import SERVICE_TASK
from bot.domain.timers import TimerKind, TimerName, read_timer
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import acceptance as words
from bot.slots.slot import Slot, read_slot_id
from intents.understanding import ExpectedAnswer

LOOK_AGAIN: Final = timedelta(minutes=1)
GRACE: Final = timedelta(minutes=2)
"""So long after the last moment for an answer its news may still be on its way."""


def timer(booking: Booking) -> TimerName:
    """Fires when nobody has answered, or the news of it was lost."""
    return TimerName(TimerKind.ANSWER_BY, booking.reference)


def is_needed(booking: Booking, context: Context) -> bool:
    """Whether somebody has to say yes to the time it has."""
    service = context.business.service(booking.service or "")
    if service is None or booking.chosen is None:
        return False
    return _rule_of(service, booking) is not ConfirmationRule.AUTO


def _rule_of(service: Service, booking: Booking) -> ConfirmationRule:
    """Who says yes: as the service says, and where it needs nobody the house, of a customer it has to look at first."""
    is_free = service.confirmation is ConfirmationRule.AUTO
    return ConfirmationRule.MANUAL if is_free and booking.needs_yes else service.confirmation


def ask(lead: Lead, booking: Booking, candidates: tuple[str, ...], now: datetime, context: Context) -> Outcome:
    """The time is kept: whoever has to say yes is asked, and the customer hears until when."""
    service, slot = context.business.service(booking.service or ""), booking.chosen
    assert service is not None
    assert slot is not None
    rule = _rule_of(service, booking)
    if rule is ConfirmationRule.MANUAL:
        candidates = ()
    elif booking.is_rebooked_by_late_payment or not candidates:
        # late money is of the provider it was paid for
        candidates = () if slot.provider is None else (slot.provider,)
    yes = Acceptance(
        task=APPROVAL_TASK if rule is ConfirmationRule.MANUAL else SERVICE_TASK,
        answer_by=_answer_by(service, slot.start, now),
        since_plan=booking.plan_no + 1,
        candidates=candidates,
    )
    asked = replace(booking, acceptance=yes)
    pending = apply.move(lead, asked, State.PENDING_CONFIRMATION, Actor.SYSTEM, context)
    waiting = lead.with_booking(pending).conversing(expecting=ExpectedAnswer.BOOKING, misunderstood=0)
    outcome = Outcome(with_timer(waiting, pending))
    # outside the window nothing is lost by it: they hear what comes of it by a template
    is_said = window.is_open(lead, now) or booking.by_phone
    return outcome.requesting(words.asking(lead, pending, context)) if is_said else outcome


def is_needed_first(booking: Booking, change: Change, context: Context) -> bool:
    """Whether somebody has to say yes to the new time of that change before the booking, which is theirs as it is,
    leaves the one it has. A time that cannot take place is left at once."""
    service = None if change.after is None else context.business.service(change.after.service)
    is_asked = service is not None and _rule_of(service, booking) is not ConfirmationRule.AUTO
    return is_asked and change.moves_time and change.block is None and _stands(booking)


def _stands(booking: Booking) -> bool:
    """Whether nothing but its guest's money is missing: who has not paid yet keeps a time that somebody has said yes
    to, and its link, as who has."""
    yes = booking.acceptance
    is_theirs_to_pay = booking.state is State.PAYMENT_PENDING and (yes is None or yes.is_given)
    return booking.state in UPCOMING or is_theirs_to_pay


def ask_for_change(
    lead: Lead, booking: Booking, change: Change, candidates: tuple[str, ...], now: datetime, context: Context
) -> Outcome:
    """The new time is kept next to the old one: whoever has to say yes to it is asked, and the customer hears that the
    old one is theirs until then."""
    assert change.after is not None
    service, slot = context.business.service(change.after.service), change.after.slot
    assert service is not None
    is_manual = _rule_of(service, booking) is ConfirmationRule.MANUAL
    if is_manual:
        candidates = ()
    elif not candidates:
        candidates = () if slot.provider is None else (slot.provider,)
    starts = [one.start for one in (booking.chosen, slot) if one is not None]
    yes = Acceptance(
        task=f"{APPROVAL_TASK if is_manual else SERVICE_TASK}{OF_CHANGE}{change.id}",
        answer_by=_before_its_link_ends(booking, _answer_by(service, min(starts), now), now),
        since_plan=booking.plan_no,
        candidates=candidates,
    )
    asked = replace(booking, change=replace(change, acceptance=yes))
    waiting = lead.with_booking(asked).conversing(expecting=ExpectedAnswer.BOOKING, misunderstood=0)
    waiting = waiting.with_timer(change_timer(booking), yes.answer_by + GRACE)
    outcome = Outcome(waiting)
    return outcome.requesting(words.asking_about(lead, asked, context)) if window.is_open(lead, now) else outcome


def change_timer(booking: Booking) -> TimerName:
    """Fires when nobody has answered about the new time of its change, or the news of it was lost."""
    return TimerName(TimerKind.CHANGE_ANSWER_BY, booking.reference)


def theirs(slot: OfferedSlot, who: str) -> OfferedSlot:
    """The same time as that provider gives it."""
    name = read_slot_id(slot.slot_id)
    if name is None or slot.provider == who:
        return slot
    given = Slot(name.service, ProviderId(who), name.place, name.start, slot.end, nights=name.nights)
    return replace(slot, provider=who, slot_id=given.id)


def ask_again(lead: Lead, paid: Booking, now: datetime, context: Context) -> Outcome:
    """Paid while whoever had said yes gave it back, and others are asked: it waits for the next yes."""
    asked = searched_longer(paid, now, context)
    pending = apply.move(lead, asked, State.PENDING_CONFIRMATION, Actor.SYSTEM, context)
    waiting = lead.with_booking(pending).conversing(expecting=ExpectedAnswer.BOOKING)
    outcome = Outcome(with_timer(waiting, pending))
    said = words.paid_meanwhile(lead, pending, context)
    return outcome.requesting(said) if window.is_open(lead, now) else outcome


def searched_longer(booking: Booking, now: datetime, context: Context) -> Booking:
    """The booking with as much time for the next yes as it had for the first, before it begins."""
    service, slot, yes = context.business.service(booking.service or ""), booking.chosen, booking.acceptance
    assert yes is not None
    until = now if service is None or slot is None else max(now, min(now + service.offer.search, slot.start))
    return replace(booking, acceptance=replace(yes, answer_by=until))


def with_timer(lead: Lead, booking: Booking) -> Lead:
    """The lead with the last moment for that booking's yes."""
    return lead if booking.acceptance is None else lead.with_timer(timer(booking), booking.acceptance.answer_by + GRACE)


def _answer_by(service: Service, start: datetime, now: datetime) -> datetime:
    """The end of the search, or the last moment that leaves time to pay."""
    notice = service.payment.notice if service.payment.rule is not PaymentRule.NONE else timedelta()
    return max(now, min(now + service.offer.search, start - notice))


def _before_its_link_ends(booking: Booking, until: datetime, now: datetime) -> datetime:
    """That moment, or one that leaves time to pay for the old time where nobody takes the new one: the booking ends
    with its link, and its change with it."""
    pay_by = booking.pay_by
    if booking.state is not State.PAYMENT_PENDING or pay_by is None:
        return until
    in_time = pay_by - payment_links.SHORTEST
    return max(now, min(until, in_time if in_time > now else pay_by))


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: only a booking that waits for a yes has a last moment for it; and whose customer is no longer asked
    what they would like instead is looked at again."""
    waiting = {str(booking.reference): booking for booking in outcome.lead.bookings if _waits(booking)}
    timers = {name: due for name, due in outcome.lead.timers.items() if _stays(read_timer(name), waiting)}
    for booking in waiting.values():
        if booking.acceptance is not None and booking.acceptance.is_refused:
            timers = {str(timer(booking)): context.now + LOOK_AGAIN} | timers
    if timers == outcome.lead.timers:
        return outcome
    return replace(outcome, lead=replace(outcome.lead, timers=timers))


def _waits(booking: Booking) -> bool:
    """Whether something has to happen when nobody says yes."""
    yes = booking.acceptance
    return bool(booking.awaiting) and yes is not None and not (yes.is_refused and booking.change is not None)


def _stays(name: TimerName | None, waiting: Mapping[str, Booking]) -> bool:
    return name is None or name.kind is not TimerKind.ANSWER_BY or name.reference in waiting
