"""Bookings that wait for their money, and the news that comes of it: short to write for pure tests."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.dialogue.decide import decide
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.commands import Command, Effect, Lane, LinkReason, MoneyCommand
from bot.domain.events import Event, InvoiceOpened, SlotBooked
from bot.domain.ids import BookingReference, EventId
from bot.domain.lead import Lead
from bot.domain.money_news import PaymentNewsCame
from bot.domain.outcome import Decision
from bot.domain.states import State
from intents.understanding import Language
from payments.domain.allocations import OpenCase
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from payments.domain.news import PaymentNews
from tests.bot.makers import NOW, a_lead, context, conversing

PRICE = Money(350_000, "IDR")
REFERENCE = BookingReference("BK-26030209-AAAAAA")
SLOT = OfferedSlot(
    slot_id="balinese-massage|2026-03-04T07:00|ayu|villa-melati",
    start=NOW + timedelta(days=2),
    end=NOW + timedelta(days=2, hours=1),
    provider="ayu",
    place="villa-melati",
    hold_id="hold-1",
)
URL = "https://checkout.example.com/1"


def a_booking(**changes: Any) -> Booking:
    """Explicitly confirmed, about to be booked."""
    proposed = Booking(
        reference=REFERENCE,
        service="balinese-massage",
        guests=1,
        place="villa-melati",
        chosen=SLOT,
        offered=(SLOT,),
        explicitly_confirmed=True,
        price=PRICE,
        due=PRICE,
        state=State.SLOT_PROPOSED,
    )
    return replace(proposed, **changes)


def a_customer(booking: Booking | None = None, language: Language = Language.EN, **conversation: Any) -> Lead:
    """Who wrote a moment ago."""
    lead = conversing(a_lead(last_inbound_at=NOW, language=language), **conversation)
    return lead if booking is None else lead.with_booking(booking)


def told(lead: Lead, event: Event) -> Decision:
    return decide(lead, event, replace(context(), now=event.at))


def booked(lead: Lead | None = None) -> Decision:
    """The time is theirs; the money is asked for."""
    return told(lead or a_customer(a_booking()), SlotBooked(EventId("done:1:0"), NOW, REFERENCE, SLOT))


def opened(
    attempt: int = 1, why: LinkReason = LinkReason.FIRST, url: str = URL, account: str = REFERENCE
) -> InvoiceOpened:
    return InvoiceOpened(EventId(f"done:open-{attempt}"), NOW, account, attempt, url, PRICE, why)


def waiting(language: Language = Language.EN, **conversation: Any) -> Lead:
    """A lead whose link is out."""
    return told(booked(a_customer(a_booking(), language, **conversation)).lead, opened()).lead


def news(change: int = 1, at: timedelta = timedelta(minutes=5), **changes: Any) -> PaymentNewsCame:
    """The invoice as it stands; unpaid unless said otherwise."""
    usual = PaymentNews(
        reference=REFERENCE,
        revision=change,
        status=InvoiceStatus.PENDING,
        due=PRICE,
        paid=Money(0, "IDR"),
        rest=PRICE,
        pay_by=NOW + timedelta(hours=2),
        is_late=False,
        open_cases=(),
        external_id=f"{REFERENCE}.1",
        url=URL,
        paid_at=None,
        channel=None,
    )
    made = replace(usual, **changes)
    return PaymentNewsCame(EventId(f"internal:payment_news:{change}"), NOW + at, made)


def paid(change: int = 2, at: timedelta = timedelta(minutes=5), **changes: Any) -> PaymentNewsCame:
    """All of it came in."""
    usual = {"status": InvoiceStatus.PAID, "paid": PRICE, "rest": Money(0, "IDR"), "paid_at": NOW + at}
    return news(change, at, **{**usual, "channel": "QRIS", **changes})


def late(cases: tuple[OpenCase, ...], change: int = 5, at: timedelta = timedelta(hours=3)) -> PaymentNewsCame:
    """All of it came in, after the deadline."""
    return paid(change, at, is_late=True, open_cases=cases)


def orders(decision: Decision, lane: Lane) -> list[Command]:
    return [effect.command for effect in decision.effects if effect.lane is lane]


def money(decision: Decision) -> list[MoneyCommand]:
    return [order for order in orders(decision, Lane.MONEY) if isinstance(order, MoneyCommand)]


def chat(decision: Decision) -> list[Effect]:
    return [effect for effect in decision.effects if effect.lane is Lane.CHAT]


def body(effect: Effect) -> str:
    return str(getattr(effect.command, "body", ""))
