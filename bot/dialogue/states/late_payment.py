"""Money that came after its time was released: the time is booked again if it is still free, else another of the
same provider at the same price, else the money goes back. `bot.lifecycle.tables.LATE_PAYMENT` is its machine.

Times shown where they cannot be tapped would be held for nobody, so outside the customer's window none are looked for
until they write.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue import choice
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.money_events import for_agent
from bot.dialogue.payment_links import late_timer
from bot.dialogue.states import collecting
from bot.domain import window
from bot.domain.booking import Booking, BookingWish, OfferedSlot
from bot.domain.commands import AcceptLateMoney, RefundLateMoney, ReleaseHolds
from bot.domain.events import TimerFired
from bot.domain.lead import Lead
from bot.domain.money_news import PaymentNewsCame
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.references import reference_of
from bot.domain.states import LatePayment, PaymentStatus, State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies import payment as money_words
from intents.understanding import ExpectedAnswer, Intent

ALTERNATIVES_FOR: Final = timedelta(hours=24)
"""So long late money waits for the customer to choose another time."""
_ELSEWHERE: Final = frozenset({Intent.CANCEL, Intent.REJECT, Intent.TALK_HUMAN})


def book_again(lead: Lead, booking: Booking, slot: OfferedSlot, event: PaymentNewsCame, context: Context) -> Outcome:
    """A booking of its own, since a closed one stays closed; its money keeps the old account."""
    forgotten = lead.without_timer(late_timer(booking))
    if slot.start <= event.at or context.business.service(booking.service or "") is None:
        refunded = Outcome(forgotten).requesting(EffectRequest(RefundLateMoney(booking.account)))
        return refunded.requesting(
            money_words.text_message(lead, "payment.late.refund", reference=str(booking.reference))
        )
    new = Booking(
        reference=reference_of(lead.id, event.id, event.at),
        service=booking.service,
        business_version=booking.business_version,
        guests=booking.guests,
        nights=booking.nights,
        place=booking.place,
        wish=booking.wish,
        who=booking.who,
        override=booking.override,
        asked_when=True,
        chosen=replace(slot, hold_id=None, held_until=None),
        price=booking.price,
        due=booking.due,
        only_provider=slot.provider,
        last_activity_at=event.at,
    )
    again = apply.set_facet(apply.begin_account(new, booking.account), PaymentStatus.PENDING)
    again = apply.begun(apply.set_facet(again, LatePayment.ARRIVED), Actor.SYSTEM)
    for target in (State.SERVICE_SELECTED, State.SLOT_PROPOSED):
        again = apply.move(lead, again, target, Actor.SYSTEM, context)
    return choice.book_chosen(forgotten.with_booking(again), again)


def accept_money(lead: Lead, booking: Booking, context: Context) -> Outcome:
    """The time is theirs again: their money is taken for it, and the news of that confirms it."""
    linked = replace(booking, payment_method="invoice", odd_money=False, link_failed=False)
    pending = apply.move(lead, linked, State.PAYMENT_PENDING, Actor.SYSTEM, context)
    return Outcome(lead.with_booking(pending)).requesting(EffectRequest(AcceptLateMoney(booking.account)))


def time_taken(lead: Lead, booking: Booking, now: datetime) -> Outcome:
    """Somebody else has it: other times of the same provider, for 24 h."""
    wish = booking.wish if booking.chosen is None else BookingWish(first_day=booking.chosen.start.date())
    lost = replace(
        apply.set_facet(booking, LatePayment.TIME_TAKEN),
        explicitly_confirmed=False,
        chosen=None,
        lost_time=None,
        wish=wish,
    )
    name = late_timer(booking)
    # set once: each further time that is taken gives no new 24 h
    waiting = lead if lead.due_at(name) is not None else lead.with_timer(name, now + ALTERNATIVES_FOR)
    if not window.is_open(lead, now):
        return Outcome(waiting.with_booking(lost)).requesting(
            *money_words.notice(lead, "payment.late.taken", reference=booking.money_reference)
        )
    return collecting.look_for_times(waiting, lost)


def answer(lead: Lead, turn: CustomerTurn) -> Outcome | None:
    """Who was told by a template sees other times as soon as they write, whatever they write; none for who calls it
    off, names a day, or has been shown times already."""
    booking = lead.open_booking
    if booking is None or booking.late_payment is not LatePayment.TIME_TAKEN or booking.offered:
        return None
    known = turn.understanding
    if turn.tap is not None or known.intent in _ELSEWHERE or known.entities.dates:
        return None
    return collecting.look_for_times(lead, booking)


def nothing_chosen(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """Late money for which no other time was chosen goes back by itself; `payment_links.follow` orders it."""
    if not booking.is_rebooked_by_late_payment or booking.payment_status is PaymentStatus.PAID:
        return Outcome(lead)
    ending = replace(booking, cancellation_reason="late_money_refunded", cancelled_by="system")
    closed = apply.move(lead, ending, State.CANCELLED, Actor.SYSTEM, context)
    outcome = Outcome(lead.with_booking(closed).conversing(expecting=ExpectedAnswer.NOTHING))
    if booking.holds:
        outcome = outcome.requesting(EffectRequest(ReleaseHolds(booking.holds)))
    outcome = outcome.requesting(
        money_words.text_message(lead, "payment.late.refund", reference=booking.money_reference)
    )
    return for_agent(lead, outcome, event.at)


def fits_the_money(booking: Booking, offered: OfferedSlot, context: Context) -> bool:
    """Whether late money pays exactly this time: of the same provider, at the same price."""
    if not booking.is_rebooked_by_late_payment:
        return True
    quote = words.quoted(booking, offered, context.business_of(booking))
    same_price = booking.due is not None and quote is not None and quote.total == booking.due.amount
    return offered.provider == booking.only_provider and same_price
