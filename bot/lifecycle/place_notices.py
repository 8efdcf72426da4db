"""What the contact of a place hears when a booking there changes, and when: a change each, or in the evening before."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.business.catalogue import PlaceNotices
from bot.business.sop import PartnerRules
from bot.domain.arrival import Arrival, PlaceNews, TellPlace
from bot.domain.booking import Booking
from bot.domain.states import State

STANDS: Final = frozenset(
    {
        State.CONFIRMED,
        State.REMINDER_SENT,
        State.CHECKED_IN,
        State.CHECKED_OUT,
        State.COMPLETED,
        State.NO_SHOW,
    }
)
"""States of a booking that its place knows of: nobody hears of one before it is confirmed. Who did not come undoes
nothing that was said."""


def arrival_of(booking: Booking | None) -> Arrival | None:
    """It as its place may know it; none where it takes place nowhere of ours, or nobody is to know of it."""
    if booking is None or booking.state not in STANDS or booking.chosen is None or booking.service is None:
        return None
    slot = booking.chosen
    place = slot.place or booking.place
    if place is None:
        return None
    return Arrival(
        booking.reference, place, booking.service, slot.start, slot.end, booking.guests, provider=slot.provider
    )


def place_notices(was: Arrival | None, now: Arrival | None) -> tuple[TellPlace, ...]:
    """Who is to be told what of that change; nothing where no place has to know."""
    if was == now:
        return ()
    if was is None or now is None:
        found = (TellPlace(PlaceNews.BOOKED, now),) if now is not None else ()
        return found if was is None else (TellPlace(PlaceNews.CALLED_OFF, was),)
    if was.place == now.place:
        return (TellPlace(PlaceNews.MOVED, now),)
    return TellPlace(PlaceNews.CALLED_OFF, was), TellPlace(PlaceNews.BOOKED, now)


def is_told_at_once(mode: PlaceNotices, was: Arrival | None, now: Arrival | None, told_until: datetime) -> bool:
    """Whether that change is a message of its own; `told_until`: up to when the digests have spoken."""
    match mode:
        case PlaceNotices.EACH:
            return True
        case PlaceNotices.DIGEST:
            # what no digest of theirs can say any more, and what one of them has said otherwise
            return any(arrival is not None and arrival.starts_at < told_until for arrival in (was, now))
        case PlaceNotices.NONE:
            return False


def digests_told_until(now: datetime, rules: PartnerRules, zone: ZoneInfo) -> datetime:
    """Up to when the digests have told what there is to do: the end of today, and from the evening on of tomorrow."""
    local = now.astimezone(zone)
    is_evening = local.hour * 60 + local.minute >= rules.digest_at
    return day_starts(local.date() + timedelta(days=2 if is_evening else 1), zone)


def day_starts(day: date, zone: ZoneInfo) -> datetime:
    """When that local day begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
