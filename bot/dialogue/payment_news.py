"""News of money: the link is there, the money came, came late, or never came; each told again changes nothing.

News says what an invoice *is*. Payments move the booking in either mode of the conversation; with a person in charge
the bot's words become drafts, and the news raises the person's queue (DESIGN 3, 6).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue import disputes
from bot.dialogue.states import awaiting_payment, collecting, late_payment, offering, refund_account
from bot.domain import window
from bot.domain.account_question import AccountQuestion
from bot.domain.booking import Booking, BookingWish, OfferedSlot
from bot.domain.commands import AcceptLateMoney, CloseInvoice, RecordRefund, RefundLateMoney, ReleaseHolds
from bot.domain.events import (
    InvoiceClosed,
    InvoiceNotOpened,
    InvoiceOpened,
    PaymentNewsCame,
    PayoutStuck,
    RefundNewsCame,
    TimerFired,
)
from bot.domain.ids import BookingReference
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.references import reference_of
from bot.domain.states import CLOSED, PaymentStatus, State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies import payment as money_words
from bot.replies import times
from intents.understanding import ExpectedAnswer
from payments.domain import accounts
from payments.domain.allocations import CaseKind
from payments.domain.invoice import InvoiceStatus
from payments.domain.news import PaymentNews, RefundNews
from payments.domain.recovery import MOST_STEPS
from payments.domain.refund import ACCOUNT_REFUSED, RefundState

REMEMBERED: Final = timedelta(hours=25)
"""So long a booking that was released unpaid is remembered for money that comes late (reference: xendit 2.4)."""
ALTERNATIVES_FOR: Final = timedelta(hours=24)
"""So long late money waits for the customer to choose another time (DESIGN 6)."""
ODD: Final = "odd_money"
"""The mark of a booking about whose money a person was called, so that nobody is called twice."""
CALLED_OFF: Final = "called_off"
"""The timer that remembers of which called-off booking a person has heard that it was paid."""
NO_LINK: Final = "no_link"
"""The mark of a booking for which no link could be opened: a person sends one."""


def invoice_opened(lead: Lead, event: InvoiceOpened, context: Context) -> Outcome:
    """The link goes to the customer, once."""
    booking = awaiting_payment.by_account(lead, event.account)
    if booking is None or booking.state is not State.PAYMENT_PENDING or event.attempt < booking.link_count:
        return Outcome(lead)
    return _for_reader(lead, _link_told(lead, booking, event.url, f"payment.link.{event.why}", context))


def _link_told(lead: Lead, booking: Booking, url: str, key: str, context: Context) -> Outcome:
    if booking.pay_url == url:
        return Outcome(lead)
    told = replace(booking, pay_url=url)
    return Outcome(lead.with_booking(told)).requesting(money_words.link(lead, key, told, context))


def invoice_not_opened(lead: Lead, event: InvoiceNotOpened, context: Context) -> Outcome:
    """No link from us: a person sends one, and the time is not taken away for a fault of ours."""
    booking = awaiting_payment.by_account(lead, event.account)
    if booking is None or booking.state is not State.PAYMENT_PENDING or event.attempt < booking.link_count:
        return Outcome(lead)
    if booking.pay_url is not None:
        # the link they have still lives inside its deadline
        return Outcome(lead.conversing(waits_for_person=True))
    marked = replace(booking, error_reason=NO_LINK)
    step = Outcome(awaiting_payment.without_timers(lead.with_booking(marked), marked).conversing(waits_for_person=True))
    if booking.error_reason != NO_LINK:
        step = step.requesting(words.told(lead, "booking.reserved", booking, context))
    facts = {"booking": str(booking.reference), "reason": event.reason}
    return _for_reader(lead, step.recording("invoice_not_opened", "system", event.at, **facts))


def timer_fired(lead: Lead, event: TimerFired, context: Context) -> Outcome | None:
    """A payment timer; none when it is no timer of ours."""
    name, _, reference = event.name.partition(":")
    booking = lead.booking(reference)
    if name not in {"pay_by", "nudge", "late", CALLED_OFF}:
        return None
    if booking is None:
        return Outcome(lead)
    match name:
        case "pay_by" if booking.state is State.PAYMENT_PENDING:
            return Outcome(lead).requesting(EffectRequest(CloseInvoice(booking.account)))
        case "nudge" if booking.state is State.PAYMENT_PENDING:
            return _for_reader(lead, _nudged(lead, booking, event.at, context), calls=False)
        case "late" if booking.is_rebooked_by_late_payment:
            return _for_reader(lead, _nothing_chosen(lead, booking, context))
        case _:
            return Outcome(lead)


def _nudged(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome:
    """Once, half way, while it is still true and somebody wants to hear it."""
    in_time = booking.pay_by is not None and now < booking.pay_by
    if not in_time or booking.pay_url is None or booking.recovery_steps >= MOST_STEPS or lead.conversation.opted_out:
        return Outcome(lead)
    nudged = replace(booking, recovery_steps=booking.recovery_steps + 1)
    return Outcome(lead.with_booking(nudged)).requesting(money_words.link(lead, "payment.link.nudge", nudged, context))


def _nothing_chosen(lead: Lead, booking: Booking, context: Context) -> Outcome:
    """Late money for which no other time was chosen goes back by itself; `paying.followed_up` orders it."""
    if booking.state in CLOSED or booking.payment_status is PaymentStatus.PAID:
        return Outcome(lead)
    ending = replace(booking, cancellation_reason="late_money_refunded", cancelled_by="system")
    closed = apply.move(lead, ending, State.CANCELLED, Actor.SYSTEM, context)
    step = Outcome(lead.with_booking(closed).conversing(expecting=ExpectedAnswer.NOTHING))
    if booking.holds:
        step = step.requesting(EffectRequest(ReleaseHolds(booking.holds)))
    return step.requesting(money_words.plain(lead, "payment.late.refund", reference=str(booking.reference)))


def invoice_closed(lead: Lead, event: InvoiceClosed, context: Context) -> Outcome:
    """The deadline has passed: paid in the last moment, or the time is released and the customer told."""
    booking = awaiting_payment.by_account(lead, event.account)
    if event.news is not None and event.news.status is InvoiceStatus.PAID:
        news = PaymentNewsCame(event.id, event.at, event.news)
        if booking is None and event.news.is_paid and not event.news.open_cases and event.news.dispute is None:
            return _for_reader(lead, _paid_and_closed(lead, news))
        return payment_news(lead, news, context)
    partly = event.news is not None and event.news.paid.amount > 0
    step = Outcome(lead)
    if booking is not None and booking.state is State.PAYMENT_PENDING:
        step = _released(lead, booking, event.at, context)
    if partly:
        step = step.requesting(EffectRequest(RefundLateMoney(event.account)))
    return _for_reader(lead, step, calls=False)


def _released(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome:
    ending = replace(
        booking,
        cancellation_reason=awaiting_payment.EXPIRED,
        cancelled_by="system",
        payment_status=PaymentStatus.EXPIRED,
        booked_hold=None,
    )
    expired = apply.move(lead, ending, State.CANCELLED, Actor.SYSTEM, context)
    after = lead.with_booking(expired).conversing(expecting=ExpectedAnswer.NOTHING)
    step = Outcome(after.with_timer(awaiting_payment.late_timer(expired), now + REMEMBERED))
    if booking.booked_hold is not None:
        step = step.requesting(EffectRequest(ReleaseHolds((booking.booked_hold,))))
    return step.requesting(money_words.told(lead, "payment.expired", booking, context))


def payment_news(lead: Lead, event: PaymentNewsCame, context: Context) -> Outcome:
    """What the invoice now is, laid against where its booking stands."""
    news = event.news
    booking = awaiting_payment.by_account(lead, news.reference)
    disputed = disputes.heard(lead, booking, event)
    if disputed is not None:
        return disputed
    if booking is None or booking.state in CLOSED:
        return _for_reader(lead, _came_after_the_end(lead, booking, event, context))
    if booking.state is State.PAYMENT_PENDING:
        return _for_reader(lead, _pending(lead, booking, event, context))
    if booking.payment_status is PaymentStatus.PAID and _has_surplus(news):
        return _for_reader(lead, _odd(lead, booking, event))
    return Outcome(lead)


def _pending(lead: Lead, booking: Booking, event: PaymentNewsCame, context: Context) -> Outcome:
    news = event.news
    if news.is_paid:
        return _confirmed(lead, booking, event, context)
    if news.status is InvoiceStatus.PAID:
        # late by the clock, but the time is still theirs
        return Outcome(lead).requesting(EffectRequest(AcceptLateMoney(booking.account)))
    if any(case.kind is CaseKind.OTHER_CURRENCY for case in news.open_cases):
        return _odd(lead, booking, event)
    if news.paid.amount > (0 if booking.paid is None else booking.paid.amount):
        paid = replace(booking, paid=news.paid, payment_status=PaymentStatus.PARTIALLY_PAID)
        return awaiting_payment.another_link(lead.with_booking(paid), paid, "rest", context)
    if not _is_latest(booking, news):
        return Outcome(lead)
    if news.status in {InvoiceStatus.EXPIRED, InvoiceStatus.FAILED}:
        return _recovered(lead, booking, event.at, context)
    if news.url is not None and booking.pay_url is None:
        return _link_told(lead, booking, news.url, "payment.link.first", context)
    return Outcome(lead)


def _is_latest(booking: Booking, news: PaymentNews) -> bool:
    """Whether the news is of the link that was asked for last; older links may die unheard."""
    return (news.external_id or "").rpartition(".")[2] == str(booking.link_count)


def _recovered(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome:
    """The link is dead before its time: a new one, then another way to pay, three steps at most (S3-103)."""
    if booking.recovery_steps >= MOST_STEPS or booking.pay_by is None or now >= booking.pay_by:
        return Outcome(lead)
    if booking.error_reason == NO_LINK:
        return Outcome(lead)
    return awaiting_payment.another_link(
        lead, booking, "new_link" if booking.link_count == 1 else "other_method", context
    )


def _confirmed(lead: Lead, booking: Booking, event: PaymentNewsCame, context: Context) -> Outcome:
    """PAID, then CONFIRMED (T09, T11), with the receipt."""
    news = event.news
    paid = replace(booking, paid=news.paid, payment_status=PaymentStatus.PAID, error_reason=None, open_question=None)
    if booking.chosen is not None:
        paid = replace(paid, only_provider=booking.chosen.provider)
    paid = apply.happened(lead, paid, State.PAID, Actor.WEBHOOK, context)
    confirmed = apply.move(lead, paid, State.CONFIRMED, Actor.WEBHOOK, context)
    after = awaiting_payment.without_timers(lead, booking).without_timer(awaiting_payment.late_timer(booking))
    step = Outcome(after.with_booking(confirmed).conversing(expecting=ExpectedAnswer.NOTHING))
    step = step.requesting(money_words.receipt(lead, confirmed, news.paid_at, context))
    facts = {"booking": str(booking.reference), "amount": str(news.paid.amount), "currency": news.paid.currency}
    step = step.recording("payment_received", "system", event.at, channel=news.channel or "", **facts)
    return _odd(step.lead, confirmed, event, step) if _has_surplus(news) else step


def _has_surplus(news: PaymentNews) -> bool:
    return any(case.kind in {CaseKind.SURPLUS, CaseKind.OTHER_CURRENCY} for case in news.open_cases)


def _odd(lead: Lead, booking: Booking, event: PaymentNewsCame, step: Outcome | None = None) -> Outcome:
    """Money that does not fit: kept apart by the cashier, shown to a person, said to the customer; once."""
    step = step or Outcome(lead)
    if booking.error_reason == ODD:
        return step
    marked = replace(booking, error_reason=ODD)
    step = replace(step, lead=step.lead.with_booking(marked).conversing(waits_for_person=True))
    cases = ", ".join(f"{one.kind} {one.amount.amount} {one.amount.currency}" for one in event.news.open_cases)
    step = step.recording("odd_money", "system", event.at, booking=str(booking.reference), cases=cases)
    return step.requesting(money_words.plain(lead, "payment.odd", reference=str(booking.reference)))


# Money after the end ------------------------------------------------------------------------------------------------


def _came_after_the_end(lead: Lead, booking: Booking | None, event: PaymentNewsCame, context: Context) -> Outcome:
    """Late money books the time again if it is still free, else finds another, else goes back (C-45)."""
    news = event.news
    if not news.open_cases:
        # a payment told again; one that met a calling-off is told by the closing of its link
        return Outcome(lead)
    remembered = booking is not None and booking.cancellation_reason == awaiting_payment.EXPIRED
    if booking is not None and remembered and news.status is InvoiceStatus.PAID and booking.chosen is not None:
        return _booked_again(lead, booking, booking.chosen, event, context)
    refunded = Outcome(lead).requesting(EffectRequest(RefundLateMoney(news.reference)))
    return refunded.requesting(
        money_words.plain(lead, "payment.late.refund", reference=news.reference.partition("~")[0])
    )


def _paid_and_closed(lead: Lead, event: PaymentNewsCame) -> Outcome:
    """Paid in time and called off at the same moment: a person decides about the money, and is called once."""
    remembering = f"{CALLED_OFF}:{event.news.reference}"
    if remembering in lead.timers:
        return Outcome(lead)
    reference = event.news.reference.partition("~")[0]
    step = Outcome(lead.with_timer(remembering, event.at + REMEMBERED).conversing(waits_for_person=True))
    step = step.recording("paid_and_closed", "system", event.at, booking=reference)
    return step.requesting(money_words.plain(lead, "payment.odd", reference=reference))


def _booked_again(lead: Lead, booking: Booking, slot: OfferedSlot, event: PaymentNewsCame, context: Context) -> Outcome:
    """A booking of its own, since a closed one stays closed; its money keeps the old name."""
    if slot.start <= event.at or context.business.service(booking.service or "") is None:
        refunded = Outcome(lead.without_timer(awaiting_payment.late_timer(booking))).requesting(
            EffectRequest(RefundLateMoney(booking.account))
        )
        return refunded.requesting(money_words.plain(lead, "payment.late.refund", reference=str(booking.reference)))
    new = Booking(
        reference=reference_of(lead.id, event.id, event.at),
        service=booking.service,
        business_version=booking.business_version,
        guests=booking.guests,
        nights=booking.nights,
        place=booking.place,
        wish=booking.wish,
        asked_when=True,
        chosen=replace(slot, hold_id=None, held_until=None),
        price=booking.price,
        due=booking.due,
        payment_status=PaymentStatus.PENDING,
        money_account=booking.account,
        only_provider=slot.provider,
        last_activity_at=event.at,
    )
    again = apply.begun(new, Actor.SYSTEM)
    for target in (State.SERVICE_SELECTED, State.SLOT_PROPOSED):
        again = apply.move(lead, again, target, Actor.SYSTEM, context)
    forgotten = lead.without_timer(awaiting_payment.late_timer(booking))
    return offering.book_chosen(forgotten.with_booking(again), again)


def booked_by_late_money(lead: Lead, booking: Booking, context: Context) -> Outcome:
    """The time is theirs again: their money is taken for it, and the news of that confirms it."""
    linked = replace(booking, payment_method="invoice", error_reason=None)
    pending = apply.move(lead, linked, State.PAYMENT_PENDING, Actor.SYSTEM, context)
    return Outcome(lead.with_booking(pending)).requesting(EffectRequest(AcceptLateMoney(booking.account)))


def late_time_taken(lead: Lead, booking: Booking, now: datetime) -> Outcome:
    """Somebody else has it: other times of the same provider, for 24 h."""
    wish = booking.wish
    if booking.chosen is not None:
        wish = BookingWish(first_day=booking.chosen.start.date())
    lost = replace(booking, explicitly_confirmed=False, chosen=None, error_reason=late_payment.TAKEN, wish=wish)
    name = awaiting_payment.late_timer(booking)
    waiting = lead if name in lead.timers else lead.with_timer(name, now + ALTERNATIVES_FOR)
    if not window.is_open(lead, now):
        reference = booking.account.partition("~")[0]
        return Outcome(waiting.with_booking(lost)).requesting(
            *money_words.notice(lead, "payment.late.taken", reference=reference)
        )
    return collecting.look_for_times(waiting, lost)


def fits_the_money(booking: Booking, offered: OfferedSlot, context: Context) -> bool:
    """Whether late money pays exactly this time: of the same provider, at the same price."""
    if not booking.is_rebooked_by_late_payment:
        return True
    quote = words.quoted(booking, offered, context.business_of(booking))
    same_price = booking.due is not None and quote is not None and quote.total == booking.due.amount
    return offered.provider == booking.only_provider and same_price


# Refunds and payouts ------------------------------------------------------------------------------------------------


def refund_news(lead: Lead, event: RefundNewsCame) -> Outcome:
    """The customer hears that money is on its way back, or that we need an account; the rest is a person's."""
    news = event.news
    facts = {"reference": news.reference.partition("~")[0], "amount": times.money(news.amount, lead.language)}
    match news.state:
        case RefundState.SUCCEEDED:
            step = _refunded(lead, news, event.at).requesting(money_words.plain(lead, "payment.refund.sent", **facts))
        case RefundState.NEEDS_ACCOUNT if accounts.channels_of(news.amount.currency):
            one = AccountQuestion(news.refund, facts["reference"], news.amount)
            step = refund_account.asked(lead, one, refused=news.reason in ACCOUNT_REFUSED)
        case RefundState.NEEDS_ACCOUNT:
            waiting = Outcome(lead.conversing(waits_for_person=True))
            step = waiting.requesting(money_words.plain(lead, "payment.refund.needs_account", **facts))
        case RefundState.PERSON:
            step = Outcome(lead.conversing(waits_for_person=True))
        case _:
            return Outcome(lead)
    step = step.recording("refund", "system", event.at, refund=news.refund, state=news.state.value)
    return _for_reader(lead, step)


def _refunded(lead: Lead, news: RefundNews, now: datetime) -> Outcome:
    """The booking it belonged to says so, whether the lead still remembers it or not."""
    booking = awaiting_payment.by_account(lead, news.reference)
    if booking is not None and booking.state in CLOSED:
        return Outcome(lead.with_booking(booking.refunded(news.amount)))
    reference = BookingReference(news.reference.partition("~")[0])
    return Outcome(lead).requesting(EffectRequest(RecordRefund(reference, news.amount, now)))


def payout_stuck(lead: Lead, event: PayoutStuck) -> Outcome:
    """A partner's share does not leave: nothing for the customer, all for a person."""
    step = Outcome(lead.conversing(waits_for_person=True))
    facts = {"payout": event.payout, "booking": event.account.partition("~")[0], "reason": event.reason}
    return step.recording("payout_stuck", "system", event.at, **facts)


def _for_reader(lead: Lead, step: Outcome, *, calls: bool = True) -> Outcome:
    """With a person in charge the state moves all the same, and the queue is raised; the words become drafts by
    themselves (`decision.conclude`)."""
    if not lead.is_with_agent:
        return step
    raised = step.lead.conversing(waits_for_person=True) if calls and step.requests else step.lead
    return replace(step, lead=raised)
