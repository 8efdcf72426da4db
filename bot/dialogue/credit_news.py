"""What the cashier tells of a credit: how much bookings have used of it, what came back, and what nobody can use any
more."""

from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.dialogue.money_events import for_agent
from bot.domain.booking import Booking
from bot.domain.credits import CustomerCredit, of_news
from bot.domain.lead import Lead
from bot.domain.money_news import CreditNewsCame
from bot.domain.outcome import Outcome
from bot.replies import credit_words as words
from payments.domain.money import zero

RETURNED: Final = "credit_returned"
"""The audit's name."""


def news_came(lead: Lead, event: CreditNewsCame, context: Context) -> Outcome:
    """What it pays and what is left, as the cashier says it; what came back is told, once."""
    news = event.news
    before = lead.credit(news.credit)
    credit = of_news(news) if before is None else before.told(news)
    if credit == before:
        return Outcome(lead)
    lead = lead.with_credit(credit)
    for booking in lead.bookings:
        lead = lead.with_booking(_as_used(booking, credit))
    known = zero(news.amount.currency) if before is None or before.returned is None else before.returned
    back = news.returned - known
    if before is None or not back or lead.conversation.opted_out:
        return Outcome(lead)
    facts = {"credit": credit.id, "amount": str(back.amount), "currency": back.currency}
    outcome = Outcome(lead).requesting(words.returned(lead, credit, back, context))
    return for_agent(lead, outcome.recording(RETURNED, "system", event.at, **facts), event.at)


def _as_used(booking: Booking, credit: CustomerCredit) -> Booking:
    uses = dict(credit.uses)
    known = tuple(
        replace(one, amount=uses[one.account]) if one.credit == credit.id and one.account in uses else one
        for one in booking.credits
    )
    return booking if known == booking.credits else replace(booking, credits=known)
