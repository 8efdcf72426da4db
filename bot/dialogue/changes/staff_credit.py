"""A credit on a person's word: so much of a booking's money is its customer's to use for another one.

Judged as money that goes back is, since it is charged in the same way; but nothing leaves the house.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue import payment_links
from bot.dialogue.changes import accounts, staff_money
from bot.domain.booking import Booking
from bot.domain.credits import CustomerCredit
from bot.domain.events import StaffAsked
from bot.domain.lead import Lead
from bot.domain.money_orders import GrantCredit
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import CLOSED
from bot.lifecycle import booking_money
from payments.domain.money import zero

LONGEST: Final = timedelta(days=731)
"""So long a credit can be used at most."""


def until_of(event: StaffAsked, context: Context) -> datetime | None:
    """The end of its last day where the business is; none where that day is past, too far or no day."""
    zone = context.business.zone
    try:
        day = date.fromisoformat(event.fact("expires_on") or "")
        until = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
    except (ValueError, OverflowError):
        return None
    return until if context.now < until <= context.now + LONGEST else None


def grant(lead: Lead, booking: Booking, event: StaffAsked, until: datetime, context: Context) -> Outcome:
    """The credit with its order, or why there is none."""
    currency = booking_money.currency_of(booking, context.business.currency)
    amount = staff_money.sum_of(event, currency)
    why = staff_money.no_refund(lead, booking, event, amount, context)
    if why is not None:
        return staff_money.denied(lead, event, why)
    has_ended, name = booking.state in CLOSED, f"{booking.reference}~credit"
    keep, price = booking_money.paid(booking, currency), booking.price or zero(currency)
    has_parties = price.amount > 0 and booking.chosen is not None
    terms = payment_links.terms_within(booking, price, context) if has_parties else payment_links.PLATFORM_ONLY
    order = GrantCredit(
        accounts.names_of(booking),
        keep,
        price,
        terms,
        name,
        amount,
        staff_money.bearer_of(event),
        until,
        event.at,
        has_ended,
    )
    lead, given = staff_money.counted(lead, booking)
    given = replace(given, credited=booking_money.plus(booking.credited, amount))
    lead = lead.with_booking(given).with_credit(CustomerCredit(name, amount, until))
    return Outcome(lead).requesting(EffectRequest(order))
