"""What is said of a credit: that it pays, that it came back, and until when it can be used."""

from datetime import datetime, timedelta

from bot.business.catalogue import PaymentRule
from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.commands import SendText, Urgency
from bot.domain.credits import CustomerCredit
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.lifecycle import booking_money
from bot.replies import notices, times
from bot.replies.words import say
from payments.domain.money import Money, total


def pays(lead: Lead, amount: Money, rest: Money | None) -> str:
    """What of a price it pays, and what is left."""
    if not rest:
        return say("credit.pays_all", lead.language)
    facts = {"amount": times.money(amount, lead.language), "rest": times.money(rest, lead.language)}
    return say("credit.pays_part", lead.language, **facts)


def will_pay(lead: Lead, booking: Booking, context: Context) -> str:
    """The same before it is booked, on a line of its own; nothing where nothing would be taken off."""
    asked = booking.due or booking.price
    service = context.business.service(booking.service or "")
    if not asked or service is None or service.payment.rule is not PaymentRule.FULL:
        return ""
    known = booking_money.usable(lead.credits, asked.currency, context.now)
    amount = min(total((one.left for one in known), asked.currency), asked)
    return f"\n{pays(lead, amount, asked - amount)}" if amount else ""


def paid(lead: Lead, amount: Money) -> str:
    """What of it a credit has paid, for the receipt."""
    return say("credit.paid", lead.language, amount=times.money(amount, lead.language))


def returned(lead: Lead, credit: CustomerCredit, back: Money, context: Context) -> EffectRequest:
    """So much is there again, and until when it can be used."""
    facts = {
        "amount": times.money(back, lead.language),
        "left": times.money(credit.left, lead.language),
        "until": last_day(lead, credit.until, context),
    }
    outside = notices.outside("credit.returned", lead.language, facts)
    order = SendText(say("credit.returned", lead.language, **facts), outside)
    return EffectRequest(order, urgency=Urgency.MONEY, is_fact=True, not_after=credit.until)


def last_day(lead: Lead, until: datetime, context: Context) -> str:
    """The last day on which it can be used."""
    return times.long_day(until - timedelta(seconds=1), context.business.zone, lead.language)
