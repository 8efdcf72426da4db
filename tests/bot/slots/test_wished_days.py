"""Which days are searched for a wish, also at either end of the calendar."""

from datetime import date, timedelta

import pytest

from bot.domain.offers import BookingWish
from bot.slots.wishes import days_of

TODAY = date(2026, 3, 2)


def test_a_wished_day_is_searched_with_the_days_around_it() -> None:
    wish = BookingWish(first_day=date(2026, 3, 20), last_day=date(2026, 3, 21))
    assert days_of(wish, TODAY, 7) == (date(2026, 3, 17), date(2026, 3, 28))
    assert days_of(BookingWish(), TODAY, 7) == (TODAY, TODAY + timedelta(days=7))


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_at_the_end_of_the_calendar_raises_nothing(day: date) -> None:
    first, last = days_of(BookingWish(first_day=day, last_day=day), TODAY, 7)
    assert TODAY <= first <= last
