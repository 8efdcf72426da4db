"""Credits of a customer: taken off what the next link asks by themselves, the one that expires first before the others.
The cashier has the last word about what is left (`payments/services/credits.py`)."""

from dataclasses import replace

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.credits import SpentCredit
from bot.domain.lead import Lead
from bot.lifecycle import booking_money
from payments.domain.corrections import CreditWanted
from payments.domain.money import Money, zero


def take_off(lead: Lead, booking: Booking, context: Context) -> tuple[Lead, Booking]:
    """Both with as much of the customer's credits as its link would ask set aside for it."""
    rest = booking.due
    if rest is None:
        return lead, booking
    for credit in booking_money.usable(lead.credits, rest.currency, context.now):
        amount = min(credit.left, rest)
        if not amount:
            break
        rest -= amount
        lead = lead.with_credit(credit.using(booking.account, amount))
        spent = SpentCredit(credit.id, booking.account, amount, context.now, amount)
        booking = replace(booking, credits=(*booking.credits, spent))
    return lead, booking


def wanted(booking: Booking) -> tuple[CreditWanted, ...]:
    """What credits are to pay of its account, the same whenever it is asked."""
    mine = (one for one in booking.credits if one.account == booking.account)
    return tuple(CreditWanted(one.credit, one.ordered, one.at) for one in mine)


def as_opened(booking: Booking, asked: Money) -> Booking:
    """The booking with what its link asks: credits may have paid less than was said, since they were used up, over or
    with a bank by then."""
    set_aside = booking_money.set_aside(booking)
    if booking.due is None or set_aside is None or booking.paid is not None:
        return booking
    missing = asked - (booking.due - set_aside)
    known, nothing = list[SpentCredit](), zero(asked.currency)
    for one in booking.credits:
        less = min(one.amount, missing) if one.account == booking.account and missing > nothing else nothing
        missing -= less
        known.append(replace(one, amount=one.amount - less))
    return replace(booking, credits=tuple(known))


def never_opened(lead: Lead, account: str) -> Lead:
    """The lead whose link was never opened: what was set aside for it can be used again."""
    for credit in lead.credits:
        # what the cashier has told of is true, whatever became of the link
        if credit.revision == 0 and any(name == account for name, _ in credit.uses):
            lead = lead.with_credit(credit.freed(account))
    return lead
