"""PAYMENT_PENDING: a link is out, and the time waits for its money until `pay_by`.

News says what an invoice *is*, and is told until every crash is outlived: told again it changes nothing. It moves the
booking in either mode of the conversation; with a person in charge the bot's words become drafts.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue import acceptance, credit_use, failed_payments, payment_links
from bot.dialogue.changes import phrases, status
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.money_events import for_agent, has_surplus, odd_money
from bot.dialogue.payment_links import another_link, late_timer
from bot.dialogue.states import confirmed, late_payment
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.booking_money import BASE, MoneyAccount
from bot.domain.commands import AcceptLateMoney, CloseInvoice, LinkReason, RefundLateMoney, ReleaseHolds
from bot.domain.events import InvoiceClosed, InvoiceNotOpened, InvoiceOpened, TimerFired
from bot.domain.lead import Lead
from bot.domain.money_news import PaymentNewsCame
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import PaymentStatus, State
from bot.domain.timers import TimerKind
from bot.lifecycle import apply, booking_money
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies import payment as money_words
from intents.understanding import ExpectedAnswer, Intent
from payments.domain.allocations import CaseKind
from payments.domain.invoice import InvoiceStatus
from payments.domain.news import PaymentNews

REMEMBERED: Final = timedelta(hours=25)
"""So long a booking that was released unpaid is remembered for money that comes late: a link may be paid for some
hours after the provider was told to close it."""


def customer_turn(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome:
    """Words about the payment are answered by it; all others as for any booking whose time is booked."""
    mine = str(booking.reference)
    for tap, why in (
        (money_words.NEW_LINK_TAP, LinkReason.NEW_LINK),
        (money_words.OTHER_WAY_TAP, LinkReason.OTHER_METHOD),
    ):
        if booking.chosen is not None and booking.pay_by is not None and turn.tapped(tap) == mine:
            if booking.has_dead_link:
                return failed_payments.next_link(lead, booking, why, context)
            if not payment_links.may_ask_for_a_link(booking, context):
                # whoever asks for them: then the link that is there
                return Outcome(lead).requesting(money_words.pay_help(lead, booking, context))
            return another_link(lead, booking, why, context)
    if booking.change is None and phrases.names_booking(turn):
        return status.answer(lead, booking, turn, context)
    about_payment = turn.tap is None and turn.understanding.intent in {
        Intent.PAY_HELP,
        Intent.BOOKING_STATUS,
        Intent.REPEAT,
    }
    if about_payment and booking.chosen is not None and booking.pay_by is not None:
        return Outcome(lead.conversing(misunderstood=0)).requesting(money_words.pay_help(lead, booking, context))
    return confirmed.customer_turn(lead, booking, turn, context)


# The link -----------------------------------------------------------------------------------------------------------


def link_opened(lead: Lead, booking: Booking, event: InvoiceOpened, context: Context) -> Outcome:
    """The link goes to the customer, once."""
    if event.attempt < booking.link_count:
        # a later one was asked for meanwhile
        return Outcome(lead)
    booking = credit_use.as_opened(booking, event.amount)
    # the link of a change has an account of its own; for this one it can only be the first
    why = LinkReason.FIRST if event.why is LinkReason.CHANGE else event.why
    sent = _send_link(lead, booking, event.url, f"payment.link.{why}", context)
    is_agreed = booking.by_phone and why is LinkReason.FIRST
    return sent if is_agreed else for_agent(lead, sent, event.at)


def _send_link(lead: Lead, booking: Booking, url: str, key: str, context: Context) -> Outcome:
    if booking.pay_url == url:
        return Outcome(lead)
    linked = replace(booking, pay_url=url)
    return Outcome(lead.with_booking(linked)).requesting(money_words.link(lead, key, linked, context))


def link_not_opened(lead: Lead, booking: Booking, event: InvoiceNotOpened, context: Context) -> Outcome:
    """No link from us: a person sends one, and the time is not taken away for a fault of ours."""
    if event.attempt < booking.link_count:
        return Outcome(lead)
    if booking.link_count - 1 in booking.dead_links:
        # asked for after one that failed: the next try failed too
        return for_agent(lead, failed_payments.told(lead, booking, event.at, context), event.at)
    if booking.pay_url is not None:
        # the link they have still lives inside its deadline
        return Outcome(lead.alarmed(AlarmReason.LINK_NOT_OPENED, event.at, booking.account))
    marked = replace(booking, link_failed=True)
    without = payment_links.without_timers(lead.with_booking(marked), marked)
    outcome = Outcome(without.alarmed(AlarmReason.LINK_NOT_OPENED, event.at, booking.account))
    if not booking.link_failed:
        outcome = outcome.requesting(words.booking_notice(lead, "booking.reserved", booking, context))
    facts = {"booking": str(booking.reference), "reason": event.reason}
    return for_agent(lead, outcome.recording("invoice_not_opened", "system", event.at, **facts), event.at)


def link_closed(lead: Lead, booking: Booking, event: InvoiceClosed, context: Context) -> Outcome:
    """The deadline has passed unpaid: the time is released, the customer told, and what had come in goes back."""
    ending = replace(
        apply.set_facet(booking, PaymentStatus.EXPIRED),
        cancellation_reason=payment_links.EXPIRED,
        cancelled_by="system",
        booked_hold=None,
    )
    expired = apply.move(lead, ending, State.CANCELLED, Actor.SYSTEM, context)
    after = lead.with_booking(expired).conversing(expecting=ExpectedAnswer.NOTHING)
    outcome = Outcome(after.with_timer(late_timer(expired), event.at + REMEMBERED))
    if booking.booked_hold is not None:
        outcome = outcome.requesting(EffectRequest(ReleaseHolds((booking.booked_hold,))))
    outcome = outcome.requesting(money_words.payment_notice(lead, "payment.expired", booking, context))
    if event.news is not None and event.news.paid.amount > 0:
        outcome = outcome.requesting(EffectRequest(RefundLateMoney(event.account)))
    return outcome


def deadline_passed(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """The link is closed first, and only then the time released: it may be paid in this very second."""
    return Outcome(lead).requesting(EffectRequest(CloseInvoice(booking.account)))


def nudge(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """Once, half way, while it is still true and somebody wants to hear it."""
    in_time = booking.pay_by is not None and event.at < booking.pay_by
    lives = booking.pay_url is not None and not booking.has_dead_link
    is_enough = booking.recovery_steps >= context.business.sop.payment_retries
    if not in_time or not lives or is_enough or lead.conversation.opted_out:
        return Outcome(lead)
    nudged = replace(booking, recovery_steps=booking.recovery_steps + 1)
    return Outcome(lead.with_booking(nudged)).requesting(money_words.link(lead, "payment.link.nudge", nudged, context))


# The money ----------------------------------------------------------------------------------------------------------


def payment_news(lead: Lead, booking: Booking, event: PaymentNewsCame, context: Context) -> Outcome:
    """What the invoice now is, compared with what the booking waits for."""
    return for_agent(lead, _payment_news(lead, booking, event, context), event.at)


def _payment_news(lead: Lead, booking: Booking, event: PaymentNewsCame, context: Context) -> Outcome:
    news = event.news
    if news.is_paid:
        # PAID, then CONFIRMED, with the receipt.
        news = event.news
        booking = _noted(booking, news)
        paid = replace(
            apply.set_facet(booking, PaymentStatus.PAID, Actor.WEBHOOK),
            paid=news.paid,
            link_failed=False,
            odd_money=False,
            open_question=None,
            # the provider is paid for it: another time for this money is a time of theirs
            only_provider=booking.only_provider if booking.chosen is None else booking.chosen.provider,
        )
        paid = apply.happened(lead, paid, State.PAID, Actor.WEBHOOK, context)
        after = payment_links.without_timers(lead, booking).without_timer(late_timer(booking))
        if paid.acceptance is not None and not paid.acceptance.is_given:
            # given back while its link was out: nothing is confirmed before the next yes
            outcome = acceptance.ask_again(after, paid, event.at, context)
            confirmed_booking = next(one for one in outcome.lead.bookings if one.reference == paid.reference)
        else:
            confirmed_booking = apply.move(lead, paid, State.CONFIRMED, Actor.WEBHOOK, context)
            outcome = Outcome(after.with_booking(confirmed_booking).conversing(expecting=ExpectedAnswer.NOTHING))
            outcome = outcome.requesting(money_words.receipt(lead, confirmed_booking, news.paid_at, context))
        facts = {"booking": str(booking.reference), "amount": str(news.paid.amount), "currency": news.paid.currency}
        outcome = outcome.recording("payment_received", "system", event.at, channel=news.channel or "", **facts)
        return odd_money(outcome.lead, confirmed_booking, event, outcome) if has_surplus(news) else outcome
    if news.status is InvoiceStatus.PAID:
        # late by the clock, but the time is still theirs
        return Outcome(lead).requesting(EffectRequest(AcceptLateMoney(booking.account)))
    if any(case.kind is CaseKind.OTHER_CURRENCY for case in news.open_cases):
        return odd_money(lead, booking, event)
    known = booking.paid or booking_money.set_aside(booking)
    if news.paid.amount > (0 if known is None else known.amount):
        booking = _noted(booking, news)
        partly = replace(apply.set_facet(booking, PaymentStatus.PARTIALLY_PAID, Actor.WEBHOOK), paid=news.paid)
        return another_link(lead.with_booking(partly), partly, LinkReason.REST, context)
    if (news.external_id or "").rpartition(".")[2] != str(booking.link_count):
        # not of the link that was asked for last; older links may die unheard
        return Outcome(lead)
    if news.status in {InvoiceStatus.EXPIRED, InvoiceStatus.FAILED}:
        # Dead before its time; at its time the deadline speaks. The very first may never have opened.
        has_time = booking.pay_by is not None and event.at < booking.pay_by
        if not has_time or booking.link_failed:
            return Outcome(lead)
        if booking.pay_url is None and booking.link_count == 1 and news.status is InvoiceStatus.FAILED:
            refused = InvoiceNotOpened(event.id, event.at, booking.account, booking.link_count, "refused_later")
            return link_not_opened(lead, booking, refused, context)
        return failed_payments.told(lead, booking, event.at, context)
    if news.url is not None and booking.pay_url is None:
        # the answer to our request was lost, the link was opened all the same
        why = LinkReason.FIRST if booking.link_count == 1 else LinkReason.NEW_LINK
        return _send_link(lead, booking, news.url, f"payment.link.{why}", context)
    return Outcome(lead)


def _noted(booking: Booking, news: PaymentNews) -> Booking:
    """The booking with what its account has taken in, and by which way."""
    account = MoneyAccount(booking.account, BASE, news.paid, news.channel, news.paid_at)
    return booking_money.noted(booking, account)


HANDLERS: Final[Mapping[Trigger, Handler]] = {
    CustomerTurn: customer_turn,
    InvoiceOpened: link_opened,
    InvoiceNotOpened: link_not_opened,
    InvoiceClosed: link_closed,
    PaymentNewsCame: payment_news,
    TimerKind.PAY_BY: deadline_passed,
    TimerKind.NUDGE: nudge,
    TimerKind.LATE: late_payment.nothing_chosen,
}
