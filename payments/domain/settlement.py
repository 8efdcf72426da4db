"""When money that came in may be expected in the balance, by the channel's table, until the provider's own
transaction says.

Business days run from Monday to Friday in the account's own zone; holidays are not known here, which is one
reason why a payout also passes the balance guard. Source: reference: xendit 2.5.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

WORST_DAYS = 5
"""Cards and shop counters; also what an unknown channel is given."""

_DAYS: dict[str, dict[str, int]] = {
    "IDR": {
        "BCA": 1,
        **dict.fromkeys(("BNI", "CIMB", "BRI", "MANDIRI", "BSI", "HANA", "PERMATA", "DD_BRI"), 0),
        **dict.fromkeys(("QRIS", "OVO", "DANA", "SHOPEEPAY", "LINKAJA", "ASTRAPAY"), 2),
        "GOPAY": 1,
        **dict.fromkeys(("KREDIVO", "AKULAKU", "INDODANA", "ATOME"), 4),
    },
    "PHP": {**dict.fromkeys(("GCASH", "GRABPAY", "PAYMAYA", "SHOPEEPAY"), 2), "QRPH": 1},
    "VND": dict.fromkeys(("MOMO", "ZALOPAY", "SHOPEEPAY"), 2),
    "THB": {"PROMPTPAY": 0},
    "MYR": dict.fromkeys(("FPX", "TOUCHNGO", "GRABPAY", "SHOPEEPAY"), 2),
}
_ZONES = {
    "IDR": "Asia/Jakarta",
    "PHP": "Asia/Manila",
    "VND": "Asia/Ho_Chi_Minh",
    "THB": "Asia/Bangkok",
    "MYR": "Asia/Kuala_Lumpur",
}


def zone_of(currency: str) -> ZoneInfo:
    """The zone in which the account of this currency counts its days."""
    return ZoneInfo(_ZONES.get(currency, "UTC"))


def expected_at(currency: str, channel: str | None, paid_at: datetime) -> datetime:
    """The end of the last settlement day; for an instant channel the moment of payment."""
    days = _DAYS.get(currency, {}).get(channel or "", WORST_DAYS)
    if not days:
        return paid_at
    zone = zone_of(currency)
    day = paid_at.astimezone(zone).date()
    while days:
        day += timedelta(days=1)
        days -= day.isoweekday() <= 5
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
