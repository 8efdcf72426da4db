"""A booking that stands and is spoken of ("I've got a table, we'll be six now"): changed, and never made twice."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from bot.dialogue.customer_turn import CustomerTurn
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.states import CLOSED
from intents.understanding import Confidence, DateKind, DateValue, Intent, Span

_MEANS_A_CHANGE: Final = frozenset(
    {
        *(Intent.BOOK, Intent.CHOOSE_SLOT, Intent.CHOOSE_SERVICE, Intent.ASK_AVAILABILITY),
        *(Intent.BOOKING_STATUS, Intent.CONFIRM, Intent.RESCHEDULE, Intent.OOS),
    }
)
"""Readings under which something new that is said about a booking changes it."""


def spoken_of(lead: Lead, turn: CustomerTurn, zone: ZoneInfo) -> tuple[Booking, CustomerTurn] | None:
    """The booking that is meant, and the turn with only what is new about it; none where no such booking is known."""
    meant = turn.understanding
    if turn.tap is not None or not meant.about_existing or meant.intent not in _MEANS_A_CHANGE:
        return None
    stands = [one for one in lead.bookings if one.state not in CLOSED and one.booked_hold and one.chosen]
    named = [one for one in stands if any(_names_day(value, one, zone) for value in meant.entities.dates)]
    found = named if len(named) == 1 else stands
    if len(found) != 1:
        return None
    booking = found[0]
    # what names the booking as it is says nothing new
    new = tuple(_clock_of(value, booking, zone) for value in meant.entities.dates if not _names(value, booking, zone))
    said = replace(meant.entities, dates=new)
    is_new = bool(new) or said.guests not in {None, booking.guests} or bool(said.relations)
    intent = Intent.RESCHEDULE if is_new and "?" not in turn.text else meant.intent
    if intent is not Intent.RESCHEDULE:
        # a question about it is answered by the day it names
        return None
    others = tuple(each for each in meant.intents if each not in _MEANS_A_CHANGE)
    meant = replace(meant, intent=intent, intents=(intent, *others), confidence=Confidence.ACT)
    return booking, replace(turn, understanding=replace(meant, entities=said))


def _readings(value: DateValue) -> list[date | time | datetime]:
    return [one.value for one in (value, *value.alternatives) if not isinstance(one.value, Span)]


def _names_day(value: DateValue, booking: Booking, zone: ZoneInfo) -> bool:
    assert booking.chosen is not None
    day = booking.chosen.start.astimezone(zone).date()
    days = [one.date() if isinstance(one, datetime) else one for one in _readings(value) if isinstance(one, date)]
    # "Friday" of what is booked already may be read as the Friday before
    return any(one == day or (one < day and one.weekday() == day.weekday()) for one in days)


def _clock_of(value: DateValue, booking: Booking, zone: ZoneInfo) -> DateValue:
    """Another time on the booking's own day is a time alone: its day may have been read as last week's."""
    moment = value.value
    if not isinstance(moment, datetime) or not _names_day(value, booking, zone):
        return value
    return replace(value, kind=DateKind.TIME, value=moment.time(), alternatives=())


def _names(value: DateValue, booking: Booking, zone: ZoneInfo) -> bool:
    """Whether it is the booking's own day, or its own time of day."""
    assert booking.chosen is not None
    start = booking.chosen.start.astimezone(zone)
    clocks = [(one.hour, one.minute) for one in _readings(value) if isinstance(one, datetime | time)]
    if any(isinstance(one, date) for one in _readings(value)) and not _names_day(value, booking, zone):
        return False
    return not clocks or (start.hour, start.minute) in clocks
