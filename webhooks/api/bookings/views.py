"""Bookings, services and free times as the API shows them (CONTRACT)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.business.catalogue import Service
from bot.business.definition import Business
from bot.business.prices import Price
from bot.business.words import LocalizedText, WordLanguage
from bot.domain.booking import Booking
from bot.domain.ids import LeadId
from bot.lifecycle.projection import status_word
from bot.lifecycle.rules.rule import Reason
from bot.lifecycle.verdicts import Verdict
from bot.slots import claims
from bot.slots.slot import Slot
from bot.store.audit import AuditEntry
from webhooks.edge.problems import reason_shown

Json = dict[str, Any]

_MONEY = ("captured", "held", "platform", "paid_out", "refunded", "fees", "open")


def service(business: Business, one: Service) -> Json:
    """One thing that can be booked, with the prices of the book."""
    rows = [row for row in business.prices if row.service == one.id]
    return {
        "id": one.id,
        "name": _words(one.name),
        "summary": _words(one.summary),
        "kind": one.kind.value,
        "venue": one.venue.value,
        "duration_minutes": one.duration_minutes,
        "guests": {"min": one.min_guests, "max": one.max_guests},
        "price": {
            "from": amount(_least(rows, one.min_guests), business.currency),
            "rows": [_price(row, one, business.currency) for row in rows],
        },
        "payment": {"rule": one.payment.rule.value, "window_minutes": int(one.payment.window.total_seconds() // 60)},
        "places": [] if one.venue.value == "online" else [place.id for place in business.places_of(one)],
        "providers": [provider.id for provider in business.providers_of(one.id, None)],
        "timezone": business.timezone,
    }


def _words(text: LocalizedText) -> dict[str, str]:
    return {language.value: text.say(language) for language in WordLanguage}


def _least(rows: Sequence[Price], guests: int) -> int:
    return min((row.at(guests)[0] for row in rows), default=0)


def _price(row: Price, one: Service, currency: str) -> Json:
    price = amount(row.at(one.min_guests)[0], currency)
    return {"unit": row.unit.value, "provider": row.provider, "area": row.area, **price}


def amount(value: int, currency: str) -> Json:
    """Minor units with their currency."""
    return {"amount": value, "currency": currency}


def slot(business: Business, one: Slot, guests: int) -> Json:
    """A free time; `slot_id` is what booking it takes."""
    known = business.service(one.service)
    needs = () if known is None else claims.needs_of(business, known, one, guests)
    return {
        "slot_id": one.id,
        "start": moment(one.start, business),
        "end": moment(one.end, business),
        "timezone": business.timezone,
        "provider": one.provider,
        "place": one.place,
        "nights": one.nights,
        "resources": [need.resource for need in needs],
        "left": one.left,
    }


def moment(at: datetime | None, business: Business) -> str | None:
    """A time with the offset of the business."""
    return None if at is None else at.astimezone(business.zone).isoformat()


def booking(business: Business, one: Booking, lead: LeadId) -> Json:
    """Where a booking stands, without its money and history."""
    chosen = one.chosen
    currency = business.currency if one.price is None else one.price.currency
    return {
        "id": one.reference,
        "reference": one.reference,
        "lead_id": lead,
        "state": one.state.value,
        "status": status_word(one),
        "payment_status": one.payment_status.value,
        "service": one.service,
        "guests": one.guests,
        "nights": one.nights,
        "place": one.place if chosen is None else chosen.place,
        "provider": None if chosen is None else chosen.provider,
        "start": None if chosen is None else moment(chosen.start, business),
        "end": None if chosen is None else moment(chosen.end, business),
        "timezone": business.timezone,
        "slot_id": None if chosen is None else chosen.slot_id,
        "total": amount(0 if one.price is None else one.price.amount, currency),
        "referrer": one.referrer,
        "pay_by": moment(one.pay_by, business),
        "cancellation_reason": one.cancellation_reason,
        "cancelled_by": one.cancelled_by,
        "reschedule_count": one.reschedule_count,
        "offered": [offered.slot_id for offered in one.offered],
    }


def no_money(business: Business, one: Booking) -> Json:
    """The money of a booking that has none."""
    currency = business.currency if one.price is None else one.price.currency
    return {
        "money": {name: amount(0, currency) for name in _MONEY},
        "payables": [],
        "payouts": [],
        "refunds": [],
        "chargebacks": [],
        "invoices": [],
    }


def history(entries: Sequence[AuditEntry], reference: str, business: Business) -> list[Json]:
    """Every move of one booking, oldest first; one recorded before verdicts were has none."""
    moves = [(entry, dict(entry.facts)) for entry in entries if entry.what == "booking_moved"]
    return [
        {
            "at": moment(entry.at, business),
            "from": facts.get("from") or None,
            "to": facts.get("to"),
            "by": entry.by,
            "reason": facts.get("reason") or None,
            "verdict": facts.get("verdict"),
            "rules": facts.get("rules", "").split(),
            "overridden": facts.get("overridden", "").split(),
        }
        for entry, facts in moves
        if facts.get("booking") == reference
    ]


def verdict(one: Verdict) -> Json:
    """May it, why not, how to mend it, who can."""
    return {"target": one.target.value, "allowed": one.allowed, "reasons": [reason(why) for why in one.reasons]}


def reason(why: Reason) -> Json:
    """One reason, as a problem document shows it too."""
    return reason_shown(why)
