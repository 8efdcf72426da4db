"""How much of a span of time the staff was there to see it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.business.hours import DaysOff, Week

LONGEST: Final = timedelta(days=60)
"""No further back is counted: who has waited so long has waited long enough."""


def open_between(week: Week, closed: Sequence[DaysOff], zone: ZoneInfo, since: datetime, until: datetime) -> timedelta:
    """The part of that span that lies in these hours."""
    until = until.astimezone(UTC)
    begin = max(since.astimezone(UTC), until - LONGEST)
    day, last = begin.astimezone(zone).date() - timedelta(days=1), until.astimezone(zone).date()
    total = timedelta()
    while day <= last:
        if not any(day in days for days in closed):
            for span in week.on(day):
                opens, closes = _moment(day, span.opens, zone), _moment(day, span.closes, zone)
                total += max(timedelta(), min(closes, until) - max(opens, begin))
        day += timedelta(days=1)
    return total


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """That minute of the local day, by the clock on the wall."""
    wall = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
    # by the exact time: across a change of the clock a difference on the wall is an hour wrong
    return wall.astimezone(UTC)
