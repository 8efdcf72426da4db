"""The templates that a person may send outside the 24 hours: which fit, and how the customer will read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.business.definition import Business
from bot.business.inbox import UTILITY, template_price
from bot.domain.booking import Booking
from bot.domain.commands import SendTemplate
from bot.domain.lead import Lead
from bot.domain.states import State
from bot.lifecycle import booking_money
from bot.replies import notices, times
from bot.replies.canned import facts
from bot.replies.payment import suffix
from payments.domain.money import Money

_UPCOMING: Final = frozenset({State.PAID, State.CONFIRMED, State.REMINDER_SENT})


@dataclass(frozen=True, slots=True)
class FittingTemplate:
    """One that may be sent now."""

    order: SendTemplate
    text: str
    """As the customer will read it."""
    category: str
    cost: Money | None
    """None where the business file has no price for their country."""


def fitting(lead: Lead, booking: Booking | None, business: Business, now: datetime) -> tuple[FittingTemplate, ...]:
    """Those whose every field is known and which say what is true, the most particular first."""
    price = template_price(business.message_prices, lead.address.wa_id or "", UTILITY)
    cost = None if price is None else Money(price, business.currency)
    return tuple(
        FittingTemplate(order, notices.as_text(order), UTILITY, cost) for order in _orders(lead, booking, business, now)
    )


def _orders(lead: Lead, booking: Booking | None, business: Business, now: datetime) -> Iterator[SendTemplate]:
    known = dict(facts(lead, booking, business))
    language, link = lead.language, ""
    keys = ["template.reopen"]
    if booking is not None:
        keys.insert(0, "template.reopen_booking")
        slot = booking.chosen
        if slot is not None:
            known["hours"] = times.hours(slot.start, slot.end, business.zone, language)
            known["zone"] = times.zone_in_words(slot.start, business.zone, language)
            if slot.start > now and booking.state in _UPCOMING:
                keys.insert(0, "reminder.day_before")
        left = booking_money.rest(booking)
        if booking.state is State.PAYMENT_PENDING and booking.pay_url and booking.pay_by is not None and left:
            known["amount"] = times.money(left, language)
            known["until"] = times.short_moment(booking.pay_by, business.zone, language)
            link = suffix(booking.account, booking.pay_url)
            keys.insert(0, "payment.link.nudge")
    for key in keys:
        notice = notices.NOTICES[key]
        if language in notice.words and all(known.get(name) for name in notice.fields(language)):
            order = notices.outside(key, language, known, link if notice.button is not None else "")
            if order is not None:
                yield order
