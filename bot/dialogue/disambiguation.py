"""Which of several bookings that stand is meant, by the day that was named; nothing is guessed where two fit."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.dialogue.customer_turn import CustomerTurn
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.states import UPCOMING
from intents.understanding import DateValue, Intent


def by_its_day(lead: Lead, booking: Booking, turn: CustomerTurn, zone: ZoneInfo) -> tuple[Lead, Booking]:
    """The only standing booking on the day that was named, else `booking`; another one's open question is over."""
    days = _days_named(turn)
    if booking.state not in UPCOMING or not days:
        return lead, booking
    there = [one for one in lead.bookings if one.state in UPCOMING and _day_of(one, zone) in days]
    if len(there) != 1 or there[0].reference == booking.reference:
        return lead, booking
    return lead.with_booking(replace(booking, open_question=None)), there[0]


def _days_named(turn: CustomerTurn) -> frozenset[date]:
    """The days a booking may be meant by; the only day with another time is where it is to go, not where it is."""
    meant, dates = turn.understanding.intent, turn.understanding.entities.dates
    moved_from = turn.understanding.entities.moved_from
    if turn.tap is not None:
        return frozenset()
    match meant:
        case Intent.CANCEL | Intent.BOOKING_STATUS:
            return frozenset(day for one in dates for day in _readings(one))
        case Intent.RESCHEDULE if moved_from or len(dates) > 1:
            return frozenset(_readings((*moved_from, *dates)[0]))
        case _:
            return frozenset()


def _readings(value: DateValue) -> list[date]:
    readings = [one.value for one in (value, *value.alternatives)]
    return [one.date() if isinstance(one, datetime) else one for one in readings if isinstance(one, date)]


def _day_of(booking: Booking, zone: ZoneInfo) -> date | None:
    return None if booking.chosen is None else booking.chosen.start.astimezone(zone).date()
