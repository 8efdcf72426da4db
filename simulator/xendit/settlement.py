"""When money that came in becomes money in the balance: business days of the account's own country."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ZONES = {
    "IDR": "Asia/Jakarta",
    "USD": "Asia/Jakarta",
    "PHP": "Asia/Manila",
    "VND": "Asia/Ho_Chi_Minh",
    "THB": "Asia/Bangkok",
    "MYR": "Asia/Kuala_Lumpur",
}

_SATURDAY = 5
_CLOSING_HOUR = 17
"""The hour is not documented; the end of the working day is the latest that keeps the day's promise."""


def settles_at(paid_at: datetime, business_days: int, currency: str) -> datetime:
    """The UTC moment a payment settles: at once for 0, else the n-th weekday after it, 17:00 there.

    Weekends do not count; public holidays are not modelled (reference: xendit 2.5).
    """
    if business_days == 0:
        return paid_at
    day = paid_at.astimezone(ZoneInfo(ZONES[currency]))
    left = business_days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day.replace(hour=_CLOSING_HOUR, minute=0, second=0, microsecond=0).astimezone(UTC)
