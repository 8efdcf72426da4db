"""What must be true of a booking and its money, whoever changed it; `janji money check` holds every booking to it.

The followers order what makes it so; here it is only looked at.
"""

from collections.abc import Sequence
from typing import Final

from bot.dialogue.payment_links import payee_id
from bot.domain.booking import Booking
from bot.domain.states import CLOSED, LatePayment, State
from payments.domain.allocations import ChargebackOutcome
from payments.domain.check import Difference
from payments.domain.invoice import Invoice
from payments.domain.payables import Payable

OWED_AFTER_ITS_END: Final = "owed after its end"
NOT_OF_ITS_SLOT: Final = "payee not of its slot"
NOT_KEPT_IN_WRITING: Final = "kept without a word"


def broken(booking: Booking, invoices: Sequence[Invoice], payables: Sequence[Payable]) -> tuple[Difference, ...]:
    """Where its money is not as the booking says; the accounts are all that it has, and nothing of them is on its
    way."""
    if booking.late_payment is LatePayment.RETURNED or not invoices:
        # paid too late and booked no more: that money has its own way back
        return ()
    if booking.state in CLOSED:
        return tuple(
            difference
            for currency in sorted({invoice.due.currency for invoice in invoices})
            for difference in _after_the_end(booking, currency, invoices, payables)
        )
    return _while_it_stands(booking, payables)


def _after_the_end(
    booking: Booking, currency: str, invoices: Sequence[Invoice], payables: Sequence[Payable]
) -> list[Difference]:
    kept = 0 if booking.kept is None or booking.kept.amount.currency != currency else booking.kept.amount.amount
    # what a party bears of the fee is given back to it by a line of its own
    owed = sum(one.net.amount for one in payables if one.share.currency == currency)
    found, name = [], str(booking.reference)
    is_delivered = booking.state is State.COMPLETED
    # who did not come keeps the shares as they were, unless something else is written
    if (not is_delivered and (booking.state is not State.NO_SHOW or booking.kept is not None)) and owed > kept:
        found.append(Difference(name, OWED_AFTER_ITS_END, currency, owed, kept))
    if booking.kept is None:
        return found
    mine = [invoice for invoice in invoices if invoice.due.currency == currency]
    taken = [one for invoice in mine for one in invoice.chargebacks if one.outcome is not ChargebackOutcome.WON]
    came = sum(one.amount.amount for invoice in mine for one in invoice.payments if one.amount.currency == currency)
    back = sum(mark.amount.amount for invoice in mine for mark in invoice.refunds if mark.amount.currency == currency)
    # what a bank took back may be money that was kept: then there is less than is written
    if came - back > kept or (not taken and came - back < kept):
        found.append(Difference(name, NOT_KEPT_IN_WRITING, currency, came - back, kept))
    return found


def _while_it_stands(booking: Booking, payables: Sequence[Payable]) -> tuple[Difference, ...]:
    slot = booking.chosen
    if slot is None or booking.awaiting:
        # whose it is, is being asked
        return ()
    named = (("provider", slot.provider), ("place", slot.place), ("referrer", booking.referrer))
    theirs = {payee_id(kind, name) for kind, name in named if name is not None}
    sums: dict[tuple[str, str], int] = {}
    for one in payables:
        if one.payee not in theirs:
            key = (one.payee, one.share.currency)
            sums[key] = sums.get(key, 0) + one.net.amount
    return tuple(
        Difference(str(booking.reference), f"{NOT_OF_ITS_SLOT}: {payee}", currency, sum_, 0)
        for (payee, currency), sum_ in sorted(sums.items())
        if sum_ > 0
    )
