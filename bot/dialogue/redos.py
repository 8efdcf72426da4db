"""What is delivered once more because it went wrong: who is paid for it, and when."""

from dataclasses import replace
from datetime import datetime

from bot.business.context import Context
from bot.dialogue import payment_links
from bot.dialogue.changes import accounts
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.money_orders import PayRedo
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.redo import Redo
from bot.domain.states import State
from bot.lifecycle import booking_money
from bot.replies import booking as words
from payments.domain.money import Money
from payments.domain.splits import Party, SharesDoNotFit


def promised(booking: Booking, charged: Party, context: Context) -> Redo:
    """What takes the place of that booking, with its money as it is; of one that was free itself, with the money of
    the one that was paid."""
    price, slot = booking.price, booking.chosen
    at_fault = "" if slot is None or slot.provider is None else payment_links.payee_id("provider", slot.provider)
    redo = Redo(str(booking.reference), booking.service or "", booking.guests or 1, charged, at_fault=at_fault)
    if booking.redo is not None and booking.is_free_again:
        return replace(booking.redo, of=redo.of, charged=charged, at_fault=at_fault)
    there = None if not price else booking_money.paid(booking, price.currency)
    if not price or slot is None or not there:
        # nothing of it is with us: whoever delivers it is paid as they were the first time, outside
        return redo
    terms = payment_links.terms_within(booking, price, context)
    return replace(redo, accounts=accounts.names_of(booking), keep=there, price=price, terms=terms)


def order_of(booking: Booking, context: Context, at: datetime) -> PayRedo | None:
    """What whoever delivers it is owed by whoever is charged; none where they do it at their own cost."""
    redo, slot = booking.redo, booking.chosen
    if redo is None or slot is None or slot.provider is None or not booking.is_free_again:
        return None
    if redo.terms is None or redo.price is None or redo.keep is None:
        return None
    payee = payment_links.payee_id("provider", slot.provider)
    amount = _payout(booking, context)
    if amount is None or amount.currency != redo.keep.currency:
        return None
    if redo.charged is Party.PROVIDER and redo.at_fault == payee:
        return None
    by = str(booking.reference)
    return PayRedo(redo.accounts, redo.keep, redo.price, redo.terms, by, payee, amount, redo.charged, at)


def may_be_charged(order: PayRedo, redo: Redo) -> bool:
    """Whether whoever is charged has a share of the money it is paid out of: who delivered it once more for nothing,
    and made that wrong, has none."""
    return redo.charged is not Party.PROVIDER or order.terms.payee_of(Party.PROVIDER) == redo.at_fault


def _payout(booking: Booking, context: Context) -> Money | None:
    """The provider's share of what it costs everybody else."""
    slot = booking.chosen
    quote = None if slot is None else words.quoted(booking, slot, context.business_of(booking))
    if quote is None or not quote.total:
        return None
    listed = Money(quote.total, quote.currency)
    try:
        terms = payment_links.terms_within(replace(booking, price=listed), listed, context)
        shares = {share.party: share.amount for share in terms.shares_of(listed)}
    except SharesDoNotFit:
        # the price book says so in `janji check`, too
        return None
    return shares.get(Party.PROVIDER) or None


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: whoever has delivered once more what went wrong is paid for it, by whoever is charged; whoever said
    that it is done."""
    for booking in outcome.lead.bookings:
        was = before.booking(booking.reference)
        if booking.state is not State.COMPLETED or (was is not None and was.state is State.COMPLETED):
            continue
        order = order_of(booking, context, context.now)
        outcome = outcome if order is None else outcome.requesting(EffectRequest(order))
    return outcome
