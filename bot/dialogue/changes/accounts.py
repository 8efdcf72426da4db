"""Under which names the money of a booking and of its changes is kept."""

import re
from datetime import datetime
from typing import Final

from bot.business.context import Context
from bot.dialogue import payment_links
from bot.domain.booking import Booking
from bot.domain.booking_money import BASE
from bot.domain.change import Cause, Change
from bot.domain.commands import CloseInvoice
from bot.domain.money_orders import Settle
from bot.domain.outcome import EffectRequest
from bot.lifecycle import booking_money
from payments.domain.money import Money, zero

_OF_A_CHANGE: Final = re.compile(r"^(?P<booking>.+)~(?P<change>C[0-9]+)$")


def account_of(booking: Booking, change: Change) -> str:
    """The account its difference is paid into."""
    return f"{booking.reference}~{change.id}"


def of_change(account: str) -> tuple[str, str] | None:
    """Booking and change of such an account; none for every other account."""
    found = _OF_A_CHANGE.match(account)
    return None if found is None else (found["booking"], found["change"])


def names_of(booking: Booking) -> tuple[str, ...]:
    """Every account of the booking, the oldest first: by it the cashier knows the booking, whatever comes later."""
    known = booking_money.accounts_of(booking)
    # `X` before `X~2` before `X~10`: each base account is numbered after the one before it
    bases = sorted((account.name for account in known if account.purpose == BASE), key=lambda name: (len(name), name))
    return (*bases, *sorted(account.name for account in known if account.purpose != BASE))


def came_for(booking: Booking | None, change: Change) -> Money | None:
    """What has come in for that change; none where nothing has."""
    known = () if booking is None else booking.accounts
    sums = (account.captured for account in known if account.purpose == change.id)
    return next((captured for captured in sums if captured), None)


def return_all(booking: Booking, change: Change, now: datetime) -> tuple[EffectRequest, ...]:
    """The link of a change that ended without being applied is closed, and all money of it goes back, also later."""
    if not change.link_count or change.quote is None:
        return ()
    account = account_of(booking, change)
    returning = give_back(account, change.quote.to_pay.currency, change.id, now)
    return (EffectRequest(CloseInvoice(account)), returning)


def give_back(account: str, currency: str, change: str, now: datetime) -> EffectRequest:
    """All that came in there goes back, now and later."""
    nothing = zero(currency)
    return EffectRequest(Settle((account,), nothing, nothing, payment_links.PLATFORM_ONLY, change, now))


def settle(
    booking: Booking,
    keep: Money,
    change: str,
    cause: Cause,
    context: Context,
    *,
    is_end: bool,
    ordered_by: tuple[str, ...] = (),
) -> EffectRequest:
    """So much of the booking's money stays, shared as its price is; the rest goes back."""
    price = booking.price or zero(keep.currency)
    has_parties = price.amount > 0 and booking.chosen is not None
    terms = payment_links.terms_within(booking, price, context) if has_parties else payment_links.PLATFORM_ONLY
    return EffectRequest(
        Settle(
            names_of(booking),
            keep,
            price,
            terms,
            change,
            context.now,
            is_end=is_end,
            cause=cause.value,
            ordered_by=ordered_by,
            charged=booking.charged,
        )
    )
