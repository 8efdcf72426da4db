"""CANCELLED, COMPLETED, NO_SHOW, ABANDONED, and bookings the lead has forgotten: what money does after the end."""

from collections.abc import Mapping
from typing import Final

from bot.business.context import Context
from bot.dialogue import disputes, money_events, payment_links
from bot.dialogue.money_events import for_agent
from bot.dialogue.states import late_payment
from bot.dialogue.states.awaiting_payment import REMEMBERED
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.commands import RefundLateMoney
from bot.domain.events import InvoiceClosed
from bot.domain.lead import Lead
from bot.domain.money_news import PaymentNewsCame
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.timers import TimerKind, TimerName
from bot.replies import payment as money_words
from payments.domain.allocations import CaseKind
from payments.domain.invoice import InvoiceStatus


def payment_news(lead: Lead, booking: Booking, event: PaymentNewsCame, context: Context) -> Outcome:
    """Late money books the time again where it was released unpaid, else it goes back."""
    disputed = disputes.noted(lead, booking, event)
    if disputed is not None:
        return disputed
    is_released = booking.cancellation_reason == payment_links.EXPIRED and booking.chosen is not None
    is_late_money = bool(event.news.open_cases) and event.news.status is InvoiceStatus.PAID
    if is_released and is_late_money and booking.chosen is not None:
        return for_agent(lead, late_payment.book_again(lead, booking, booking.chosen, event, context), event.at)
    return for_agent(lead, _money_goes_back(lead, event), event.at)


def payment_news_of_forgotten(lead: Lead, event: PaymentNewsCame, context: Context) -> Outcome:
    """The lead does not remember the booking: its money goes back."""
    disputed = disputes.noted(lead, None, event)
    return disputed or for_agent(lead, _money_goes_back(lead, event), event.at)


def _money_goes_back(lead: Lead, event: PaymentNewsCame) -> Outcome:
    news = event.news
    if not news.open_cases:
        # a payment told again; one that met a cancellation is told by the closing of its link
        return Outcome(lead)
    refunded = Outcome(lead).requesting(EffectRequest(RefundLateMoney(news.reference)))
    if all(case.kind is CaseKind.CREDIT for case in news.open_cases):
        # no money: it was set aside, and is told of when it is there again
        return refunded
    return refunded.requesting(
        money_words.text_message(lead, "payment.late.refund", reference=news.reference.partition("~")[0])
    )


def closed_link_of_forgotten(lead: Lead, event: InvoiceClosed, context: Context) -> Outcome:
    """Paid in time and cancelled at the same moment: a person decides about the money, and is called once."""
    if event.news is None or event.news.status is not InvoiceStatus.PAID:
        return money_events.return_closed_part(lead, event, context)
    name = TimerName(TimerKind.CALLED_OFF, event.news.reference)
    if lead.due_at(name) is not None:
        return Outcome(lead)
    reference = event.news.reference.partition("~")[0]
    remembered = lead.with_timer(name, event.at + REMEMBERED)
    outcome = Outcome(remembered.alarmed(AlarmReason.PAID_AND_CLOSED, event.at, event.account))
    outcome = outcome.recording("paid_and_closed", "system", event.at, booking=reference)
    outcome = outcome.requesting(money_words.text_message(lead, "payment.odd", reference=reference))
    return for_agent(lead, outcome, event.at)


HANDLERS: Final[Mapping[Trigger, Handler]] = {PaymentNewsCame: payment_news}
