"""Bookings that stand and are changed: short to write for pure tests."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.business.context import Context
from bot.business.definition import Business
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.booking_money import MoneyAccount
from bot.domain.change import Arrangement, Cause, ChangeKind, Requester
from bot.domain.states import PaymentStatus, State
from bot.lifecycle.quotes import ChangeRequest
from payments.domain.money import Money
from tests.bot.business.makers import sample
from tests.bot.makers import NOW
from tests.bot.paying import REFERENCE

PRICE = Money(350_000, "IDR")
CUSTOMER = Requester("customer", "customer")
STAFF = Requester("rina", "operations")
START = NOW + timedelta(days=5)
"""Five local days ahead."""


def slot(
    start: datetime = START,
    provider: str | None = "ayu",
    place: str | None = "villa-melati",
    service: str = "balinese-massage",
    hold: str | None = None,
    minutes: int = 60,
    nights: int = 0,
) -> OfferedSlot:
    name = f"{service}|{provider or ''}|{start:%Y%m%dT%H%MZ}|{place or ''}" + (f"|{nights}" if nights else "")
    return OfferedSlot(name, start, start + timedelta(minutes=minutes), provider, place, nights, hold)


def a_paid_booking(price: Money = PRICE, paid: Money | None = None, **changes: Any) -> Booking:
    """Confirmed and paid by card, five days ahead."""
    there = price if paid is None else paid
    booking = Booking(
        reference=REFERENCE,
        state=State.CONFIRMED,
        service="balinese-massage",
        business_version=sample().version,
        guests=1,
        place="villa-melati",
        chosen=slot(hold="hold-1"),
        explicitly_confirmed=True,
        booked_hold="hold-1",
        price=price,
        due=price,
        paid=there,
        payment_method="invoice",
        payment_status=PaymentStatus.PAID,
        only_provider="ayu",
        accounts=(MoneyAccount(REFERENCE, captured=there, channel="CREDIT_CARD", paid_at=NOW),),
    )
    return replace(booking, **changes)


def at(now: datetime, business: Business | None = None, *quoted: Business) -> Context:
    return Context(now=now, business=business or sample(), quoted=quoted)


def cancelling(by: Requester = CUSTOMER, cause: Cause = Cause.CUSTOMER, **changes: Any) -> ChangeRequest:
    return ChangeRequest(ChangeKind.CANCEL, cause, by, **changes)


def to(
    new: OfferedSlot | None = None,
    guests: int = 1,
    service: str = "balinese-massage",
    kind: ChangeKind = ChangeKind.TIME,
    by: Requester = CUSTOMER,
    cause: Cause = Cause.CUSTOMER,
    **changes: Any,
) -> ChangeRequest:
    after = Arrangement(service, new or slot(START + timedelta(days=1)), guests)
    return ChangeRequest(kind, cause, by, after, **changes)
