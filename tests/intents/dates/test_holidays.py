"""Feasts that a decree or the moon sets, for years ahead, and the alarm before they run out."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from intents.dates import holidays
from intents.dates.holidays import Feast


@pytest.mark.parametrize(
    ("feast", "days"),
    [
        (Feast.EID_AL_FITR, ("2024-04-10", "2025-03-31", "2026-03-21")),
        (Feast.EID_AL_ADHA, ("2024-06-17", "2025-06-06", "2026-05-27")),
        (Feast.NYEPI, ("2024-03-11", "2025-03-29", "2026-03-19")),
        (Feast.WAISAK, ("2024-05-23", "2025-05-12", "2026-05-31")),
    ],
)
def test_decreed_days_are_those_of_the_ministers(feast: Feast, days: tuple[str, ...]) -> None:
    assert tuple(str(holidays.in_year(feast, 2024 + ahead)) for ahead in range(3)) == days


@pytest.mark.parametrize("feast", [Feast.EID_AL_FITR, Feast.EID_AL_ADHA, Feast.NYEPI, Feast.WAISAK])
def test_the_coming_feast_is_known_for_a_decade(feast: Feast) -> None:
    for year in range(2026, 2038):
        found = holidays.coming(feast, date(year, 1, 1))
        assert found is not None
        assert found - date(year, 1, 1) < timedelta(days=400)


def test_the_days_of_the_moon_fall_beside_the_moon() -> None:
    """Idul Fitri opens a month of the moon: each is 354 or 355 days after the one before, give or take a day."""
    day = date(2026, 1, 1)
    found: list[date] = []
    while len(found) < 12:
        coming = holidays.coming(Feast.EID_AL_FITR, day)
        assert coming is not None
        found.append(coming)
        day = coming + timedelta(days=1)
    assert all(353 <= (later - sooner).days <= 356 for sooner, later in pairwise(found))
    assert sum(each.year == 2033 for each in found) == 2


def test_what_a_computation_sets_never_runs_out() -> None:
    assert holidays.known_until(Feast.EASTER) is None
    assert holidays.known_until(Feast.LUNAR_NEW_YEAR) is None


def test_the_alarm_rings_a_year_before_the_last_known_day_and_not_sooner() -> None:
    ends = {feast: holidays.known_until(feast) for feast in (Feast.EID_AL_FITR, Feast.NYEPI, Feast.WAISAK)}
    first = min(day for day in ends.values() if day is not None)
    assert first > date(2036, 1, 1)
    assert holidays.expiring(date(2026, 11, 28)) == {}
    assert holidays.expiring(first - timedelta(days=367)) == {}
    assert first in holidays.expiring(first - timedelta(days=365)).values()


def test_an_estimate_is_told_from_a_decree() -> None:
    assert Feast.EID_AL_FITR in holidays.estimated(date(2031, 1, 1))
    assert holidays.estimated(date(2026, 1, 1)).get(Feast.EID_AL_FITR) != date(2026, 3, 21)
