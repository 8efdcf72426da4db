"""How much of a booking's money is there, over all its accounts; pure projections of what the booking carries."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.booking import Booking
from bot.domain.booking_money import BASE, MoneyAccount
from bot.domain.change import RefundWay
from bot.domain.credits import CustomerCredit
from payments.domain.money import Money, total, zero
from payments.domain.refund import channel_takes_back


def currency_of(booking: Booking, otherwise: str) -> str:
    """The currency it was sold in; `otherwise` where it has no price yet."""
    known = booking.price or booking.due or booking.paid
    return otherwise if known is None else known.currency


def accounts_of(booking: Booking) -> tuple[MoneyAccount, ...]:
    """Every account of it, the one its price is paid into first, with what came in there."""
    noted = {account.name: account for account in booking.accounts}
    base = noted.pop(booking.account, MoneyAccount(booking.account))
    if base.captured is None:
        # noted by 0.1 as one sum
        base = replace(base, captured=booking.paid)
    return (base, *noted.values())


def captured(booking: Booking, currency: str) -> Money:
    """All that came in for it in that currency; other currencies are a person's case and count nowhere."""
    sums = (account.captured for account in accounts_of(booking))
    return total((one for one in sums if one is not None and one.currency == currency), currency)


def paid(booking: Booking, currency: str) -> Money:
    """What came in and was not ordered to go back."""
    back = booking.refund_ordered
    gone = back if back is not None and back.currency == currency else zero(currency)
    return captured(booking, currency) - gone


def fees(booking: Booking, currency: str) -> Money:
    """Fees its changes were charged with."""
    charged = booking.fees_charged
    return charged if charged is not None and charged.currency == currency else zero(currency)


def goodwill(booking: Booking, currency: str) -> Money:
    """What of its price was given back without a change, and is not asked for again."""
    given = booking.goodwill
    return given if given is not None and given.currency == currency else zero(currency)


def owed(booking: Booking, currency: str) -> Money:
    """What it costs: its price and the fees of its changes, less what was given back of it."""
    price = booking.price
    named = zero(currency) if price is None or price.currency != currency else price
    return max(zero(currency), named + fees(booking, currency) - goodwill(booking, currency))


def usable(known: Collection[CustomerCredit], currency: str, now: datetime) -> tuple[CustomerCredit, ...]:
    """The credits that can be used now, the one that expires first before the others."""
    mine = (one for one in known if one.amount.currency == currency and now < one.until and one.left.amount > 0)
    return tuple(sorted(mine, key=lambda one: (one.until, one.id)))


def set_aside(booking: Booking) -> Money | None:
    """What credits pay of the account that it is paid into now; none where they pay nothing of it."""
    mine = [one.amount for one in booking.credits if one.account == booking.account]
    found = total(mine, mine[0].currency) if mine else None
    return found or None


def counting_credit(booking: Booking) -> Booking:
    """The booking that is moved before it is paid: what a credit was to pay of it counts as paid in part."""
    there = set_aside(booking)
    if there is None or booking.paid is not None:
        return booking
    at = max(one.at for one in booking.credits if one.account == booking.account)
    counted = noted(booking, MoneyAccount(booking.account, BASE, there, "CREDIT", at))
    return replace(counted, paid=there)


def by_credit(booking: Booking, currency: str) -> Money:
    """What credits pay of it, over all its accounts."""
    return total((one.amount for one in booking.credits if one.amount.currency == currency), currency)


def given_as_credit(booking: Booking, currency: str) -> Money:
    """What of its money is its customer's to use for another booking, and so goes back no more."""
    given = booking.credited
    return given if given is not None and given.currency == currency else zero(currency)


def back_to_credit(booking: Booking, amount: Money) -> Money:
    """What of a sum that goes back becomes credit again: money goes back first."""
    if not booking.credits or not amount:
        return zero(amount.currency)
    money_there = paid(booking, amount.currency) - by_credit(booking, amount.currency)
    return max(zero(amount.currency), amount - max(zero(amount.currency), money_there))


def surplus_returned(booking: Booking, currency: str) -> Booking:
    """The booking whose order sends back whatever there is beyond what it costs: noted as on its way back."""
    surplus = paid(booking, currency) - owed(booking, currency)
    if surplus.amount <= 0:
        return booking
    return replace(booking, refund_ordered=plus(booking.refund_ordered, surplus))


def plus(before: Money | None, more: Money) -> Money | None:
    """The sum of both; nothing more leaves it as it was."""
    if not more:
        return before
    return more if before is None or before.currency != more.currency else before + more


def noted(booking: Booking, account: MoneyAccount) -> Booking:
    """The booking with that account as it is now; told again it changes nothing."""
    others = tuple(other for other in booking.accounts if other.name != account.name)
    return replace(booking, accounts=(*others, account))


def former_base(booking: Booking) -> Booking:
    """The booking with the account its price was paid into kept in mind, before it gets another one."""
    base = accounts_of(booking)[0]
    return booking if base.captured is None else noted(booking, replace(base, purpose=BASE))


def way_back(booking: Booking, amount: Money, now: datetime) -> RefundWay:
    """How this much can come back: the newest payment first, to where it came from if each part of it can; what a
    credit paid comes back as credit, and last."""
    if not amount:
        return RefundWay.NOTHING
    left = (amount - back_to_credit(booking, amount)).amount
    if not left:
        return RefundWay.CREDIT
    for part, account in _newest_first(booking, amount.currency):
        taken = min(left, part.amount)
        whole = taken == part.amount
        if not channel_takes_back(part.currency, account.channel or "", account.paid_at, now, whole=whole):
            return RefundWay.ACCOUNT
        left -= taken
        if not left:
            return RefundWay.INSTRUMENT
    return RefundWay.ACCOUNT


def _newest_first(booking: Booking, currency: str) -> Iterator[tuple[Money, MoneyAccount]]:
    known = [account for account in accounts_of(booking) if account.captured is not None]
    # an account whose moment is not known is the oldest
    known.sort(key=lambda account: (account.paid_at is not None, account.paid_at), reverse=True)
    for account in known:
        if account.captured is None or account.captured.currency != currency:
            continue
        mine = (one.amount for one in booking.credits if one.account == account.name)
        part = account.captured - total((one for one in mine if one.currency == currency), currency)
        if part.amount > 0:
            yield part, account


def rest(booking: Booking) -> Money | None:
    """What is still to be paid; money of another currency counts for nothing, and a person has it."""
    there = booking.paid or set_aside(booking)
    if booking.due is None or there is None or there.currency != booking.due.currency:
        return booking.due
    return booking.due - there
