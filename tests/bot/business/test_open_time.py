"""Who waited over night has waited for the hours in which somebody was there."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.business.hours import DaysOff, Minute, OpeningSpan, Week
from bot.business.open_time import LONGEST, open_between

BALI = ZoneInfo("Asia/Makassar")
NINE_TO_FIVE = Week(daily=(OpeningSpan(Minute(9 * 60), Minute(12 * 60)), OpeningSpan(Minute(13 * 60), Minute(17 * 60))))
EVENING = Week(daily=(OpeningSpan(Minute(20 * 60), Minute(26 * 60)),))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=BALI)


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        (at(2, 10), at(2, 11), 1),
        (at(2, 11), at(2, 14), 2),
        (at(2, 16), at(3, 10), 2),
        (at(2, 18), at(3, 8), 0),
        (at(2, 9), at(2, 9), 0),
    ],
)
def test_only_hours_in_which_somebody_is_there_count(since: datetime, until: datetime, hours: int) -> None:
    assert open_between(NINE_TO_FIVE, (), BALI, since, until) == timedelta(hours=hours)


def test_an_evening_that_ends_after_midnight_counts_whole() -> None:
    assert open_between(EVENING, (), BALI, at(2, 23), at(3, 3)) == timedelta(hours=3)


def test_a_day_off_counts_nothing() -> None:
    off = (DaysOff(date(2026, 3, 3), date(2026, 3, 3)),)
    assert open_between(NINE_TO_FIVE, off, BALI, at(2, 16), at(4, 10)) == timedelta(hours=2)


def test_an_hour_that_the_clock_leaves_out_is_no_hour() -> None:
    berlin, all_day = ZoneInfo("Europe/Berlin"), Week(daily=(OpeningSpan(Minute(0), Minute(24 * 60)),))
    since, until = datetime(2026, 3, 29, 0, tzinfo=berlin), datetime(2026, 3, 30, 0, tzinfo=berlin)
    assert open_between(all_day, (), berlin, since, until) == timedelta(hours=23)


def test_years_are_not_walked_through() -> None:
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    assert open_between(NINE_TO_FIVE, (), BALI, long_ago, at(2, 10)) <= LONGEST
