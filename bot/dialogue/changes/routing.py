"""Events that name a change go to it, wherever its booking stands, and also when the booking is gone."""

from bot.business.context import Context
from bot.dialogue.changes import accounts, blocks, money_events, slot_events
from bot.dialogue.changes.searching import slots_found
from bot.domain.booking import Booking
from bot.domain.booking_money import BASE
from bot.domain.events import (
    Event,
    InvoiceClosed,
    InvoiceNotOpened,
    InvoiceOpened,
    SlotBooked,
    SlotLost,
    SlotsFound,
)
from bot.domain.lead import Lead
from bot.domain.money_news import PaymentNewsCame
from bot.domain.outcome import Outcome


def handle(lead: Lead, event: Event, context: Context) -> Outcome | None:
    """What its change does on that event; none where the event names no change."""
    match event:
        case SlotsFound(change=str()):
            found = lead.booking(event.booking)
            hit = slot_events.change_of(found, event.change)
            if found is not None and hit is not None and hit.block is not None and hit.accepted_at is None:
                return blocks.offered(lead, found, hit, event, context)
            return slots_found(lead, found, event, context)
        case SlotBooked(change=str()):
            return slot_events.slot_booked(lead, lead.booking(event.booking), event, context)
        case SlotLost(change=str()):
            return slot_events.slot_lost(lead, lead.booking(event.booking), event, context)
        case InvoiceOpened(account=account):
            booking = _of(lead, account)
            return None if booking is None else money_events.link_opened(lead, booking[0], event, context)
        case InvoiceNotOpened(account=account):
            booking = _of(lead, account)
            return None if booking is None else money_events.link_not_opened(lead, booking[0], event, context)
        case InvoiceClosed(account=account):
            former = _former(lead, account)
            if former is not None:
                return money_events.former_account(lead, former, event.news, context)
            booking = _of(lead, account)
            return None if booking is None else money_events.link_closed(lead, booking[0], event, context)
        case PaymentNewsCame(news=news):
            former = _former(lead, news.reference)
            if former is not None and news.dispute is None:
                return money_events.former_account(lead, former, news, context)
            booking = _of(lead, news.reference)
            return None if booking is None else money_events.payment_news(lead, booking[0], event, context)
        case _:
            return None


def _of(lead: Lead, account: str) -> tuple[Booking | None] | None:
    """The booking of a change's account, as far as the lead still has it; none where it is no such account."""
    named = accounts.of_change(account)
    return None if named is None else (lead.booking(named[0]),)


def _former(lead: Lead, account: str) -> Booking | None:
    """The booking that has moved on from that account and counts what is in there."""
    for booking in lead.bookings:
        if account != booking.account and any(
            kept.name == account and kept.purpose == BASE for kept in booking.accounts
        ):
            return booking
    return None
