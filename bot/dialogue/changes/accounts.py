"""Under which names the money of a booking and of its changes is kept."""

import re
from typing import Final

from bot.domain.booking import Booking
from bot.domain.change import Change
from bot.domain.commands import CloseInvoice, Settle
from bot.domain.lead import Lead
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
    """Every account of the booking, its own first."""
    return tuple(account.name for account in booking_money.accounts_of(booking))


def return_all(lead: Lead, booking: Booking, change: Change) -> tuple[EffectRequest, ...]:
    """The link of a change that ended without being applied is closed, and all money of it goes back, also later."""
    if not change.link_count or change.quote is None:
        return ()
    account = account_of(booking, change)
    nothing = zero(change.quote.to_pay.currency)
    return (
        EffectRequest(CloseInvoice(account)),
        EffectRequest(settle((account,), nothing, change.cause.value, lead, change.id)),
    )


def settle(accounts: tuple[str, ...], keep: Money, cause: str, lead: Lead, change: str | None) -> Settle:
    """The order that keeps so much of these accounts, and gives the rest back."""
    return Settle(accounts, keep, cause, change, lead.language.value)
