"""The lunar calendar against the published days of Tết, of the Chinese new year and of feasts by the moon."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from intents.dates import holidays, lunar, words_en, words_id, words_vi
from intents.dates.holidays import Feast
from intents.dates.tokens import Sense

_TET = """
    1968-01-29 1985-01-21 2000-02-05 2007-02-17 2010-02-14 2014-01-31 2015-02-19 2017-01-28 2019-02-05 2020-01-25
    2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-02
"""
_CHINESE = "1985-02-20 2007-02-18 2020-01-25 2024-02-10 2026-02-17 2028-01-26 2030-02-03 2033-01-31 2034-02-19"


@pytest.mark.parametrize("day", [date.fromisoformat(day) for day in _TET.split()])
def test_tet_falls_on_its_published_day(day: date) -> None:
    assert lunar.new_year(day.year) == day


@pytest.mark.parametrize("day", [date.fromisoformat(day) for day in _CHINESE.split()])
def test_the_chinese_new_year_is_reckoned_an_hour_further_east(day: date) -> None:
    assert lunar.new_year(day.year, lunar.CHINA) == day


@pytest.mark.parametrize(
    ("year", "month", "day", "solar"),
    [
        (2023, 3, 10, "2023-04-29"),  # after a leap second month
        (2025, 3, 10, "2025-04-07"),
        (2026, 3, 10, "2026-04-26"),
        (2024, 8, 15, "2024-09-17"),
        (2025, 8, 15, "2025-10-06"),  # after a leap sixth month
        (2026, 8, 15, "2026-09-25"),
    ],
)
def test_days_of_the_moon_fall_on_their_published_days(year: int, month: int, day: int, solar: str) -> None:
    assert lunar.solar_date(year, month, day) == date.fromisoformat(solar)


@pytest.mark.parametrize("zone", [lunar.VIETNAM, lunar.CHINA])
def test_twelve_months_lead_from_one_new_year_to_the_next(zone: int) -> None:
    for year in range(1950, 2090):
        firsts = [lunar.solar_date(year, month, 1, zone) for month in range(1, 13)]
        days = [day for day in (*firsts, lunar.new_year(year + 1, zone)) if day is not None]
        gaps = {(after - before).days for before, after in pairwise(days)}
        assert len(days) == 13
        assert gaps <= {29, 30, 58, 59, 60}


def test_the_coming_full_moon_is_within_a_month_and_is_a_fifteenth() -> None:
    today = date(2026, 1, 1)
    for ahead in range(400):
        day = today + timedelta(days=ahead)
        found = lunar.coming_day(day, 15)
        assert found is not None
        assert timedelta(0) <= found - day <= timedelta(days=30)


@pytest.mark.parametrize(
    ("feast", "day"),
    [
        (Feast.GALUNGAN, "2025-04-23"),
        (Feast.GALUNGAN, "2026-06-17"),
        (Feast.KUNINGAN, "2025-05-03"),
        (Feast.NYEPI, "2026-03-19"),
        (Feast.EID_AL_FITR, "2026-03-21"),
        (Feast.GOOD_FRIDAY, "2026-04-03"),
        (Feast.THANKSGIVING, "2026-11-26"),
        (Feast.BLACK_FRIDAY, "2026-11-27"),
        (Feast.MOTHERS_DAY, "2026-05-10"),
        (Feast.LUNAR_NEW_YEAR_EVE, "2027-02-05"),
    ],
)
def test_a_movable_feast_falls_on_its_published_day(feast: Feast, day: str) -> None:
    wanted = date.fromisoformat(day)
    assert holidays.in_year(feast, wanted.year) == wanted
    assert holidays.coming(feast, wanted) == wanted
    assert holidays.coming(feast, wanted, past=True) == wanted


def test_every_holiday_of_the_word_tables_is_a_day() -> None:
    for words in (words_en.WORDS, words_id.WORDS, words_vi.WORDS):
        for group in words[Sense.HOLIDAY].split(";"):
            code = int(group.split("=")[1])
            assert holidays.in_year(code, 2026) is not None


def test_a_feast_beyond_the_library_is_not_guessed() -> None:
    assert holidays.in_year(holidays.Feast.NYEPI, 2027) == date(2027, 3, 8)
    assert holidays.in_year(holidays.Feast.NYEPI, 2090) is None
    assert holidays.coming(holidays.Feast.NYEPI, date(2090, 1, 1)) is None
