"""Feasts by name: on a fixed day, after Easter, on the n-th weekday of a month, by the moon, or by decree.

Sources: Easter from `dateutil`; the moon of Vietnam and China from `lunar`; Galungan every 210 days (the pawukon
year), counted from 28 February 2024; Nyepi, Idul Fitri, Idul Adha and Waisak from the library `holidays`, which keeps
the joint decrees of Indonesia's three ministers (SKB Tiga Menteri) and estimates the years without one: Idul Fitri and
Idul Adha may still move by a day. A year beyond the library has no such day: nothing is guessed, and `expiring` warns a
year before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import IntEnum
from functools import cache

from dateutil.easter import easter

from intents.dates import calendar, lunar


class Feast(IntEnum):
    """Feasts whose day of the year changes; the values are those in the word tables."""

    EASTER = 2001
    GOOD_FRIDAY = 2002
    EASTER_MONDAY = 2003
    ASCENSION = 2004
    PENTECOST = 2005
    MOTHERS_DAY = 2011
    FATHERS_DAY = 2012
    THANKSGIVING = 2013
    BLACK_FRIDAY = 2014
    MEMORIAL_DAY = 2015
    LUNAR_NEW_YEAR = 2021
    LUNAR_NEW_YEAR_EVE = 2022
    MID_AUTUMN = 2023
    HUNG_KINGS = 2024
    CHINESE_NEW_YEAR = 2025
    FIRST_FULL_MOON = 2026
    VU_LAN = 2027
    KITCHEN_GODS = 2028
    EID_AL_FITR = 2031
    EID_AL_ADHA = 2032
    NYEPI = 2033
    WAISAK = 2034
    GALUNGAN = 2041
    KUNINGAN = 2042


_AFTER_EASTER = {
    Feast.EASTER: 0,
    Feast.GOOD_FRIDAY: -2,
    Feast.EASTER_MONDAY: 1,
    Feast.ASCENSION: 39,
    Feast.PENTECOST: 49,
}
_BY_WEEKDAY = {
    Feast.MOTHERS_DAY: (5, 6, 2, 0),
    Feast.FATHERS_DAY: (6, 6, 3, 0),
    Feast.THANKSGIVING: (11, 3, 4, 0),
    Feast.BLACK_FRIDAY: (11, 3, 4, 1),
    Feast.MEMORIAL_DAY: (5, 0, -1, 0),
}
"""Month, weekday, which one, days after it."""
_BY_MOON = {
    Feast.LUNAR_NEW_YEAR: (1, 1),
    Feast.MID_AUTUMN: (8, 15),
    Feast.HUNG_KINGS: (3, 10),
    Feast.FIRST_FULL_MOON: (1, 15),
    Feast.VU_LAN: (7, 15),
    Feast.KITCHEN_GODS: (12, 23),
}
_BY_DECREE = {
    Feast.EID_AL_FITR: "Eid al-Fitr",
    Feast.EID_AL_ADHA: "Eid al-Adha",
    Feast.NYEPI: "Day of Silence",
    Feast.WAISAK: "Vesak Day",
}
"""Their names in the library's English."""
_ESTIMATED = " (estimated)"
_FIRST_DECREED, _LAST_LOOKED_AT = 1950, 2101
_ALARM = timedelta(days=366)
_GALUNGAN = date(2024, 2, 28)
_PAWUKON_YEAR = 210


def in_year(code: int, year: int) -> date | None:
    """The day of a feast in a year; `month * 100 + day` is a fixed one."""
    if code < Feast.EASTER:
        return calendar.a_date(year, code // 100, code % 100)
    feast = Feast(code)
    if feast in _AFTER_EASTER:
        # The rule of Easter that `dateutil` computes begins with the Gregorian calendar and is given to 4099.
        return calendar.plus_days(easter(year), _AFTER_EASTER[feast]) if 1583 <= year <= 4099 else None
    if feast in _BY_WEEKDAY:
        month, weekday, nth, days = _BY_WEEKDAY[feast]
        day = calendar.nth_weekday(year, month, weekday, nth)
        return None if day is None else calendar.plus_days(day, days)
    if feast in _BY_DECREE:
        return next(iter(_decreed(year).get(feast, ())), None)
    if feast is Feast.CHINESE_NEW_YEAR:
        return lunar.new_year(year, lunar.CHINA)
    if feast is Feast.LUNAR_NEW_YEAR_EVE:
        tet = lunar.new_year(year)
        return None if tet is None else calendar.plus_days(tet, -1)
    if feast in _BY_MOON:
        return lunar.solar_date(year, *_BY_MOON[feast])
    # Kuningan is ten days after Galungan; both come every 210 days, so twice in most years.
    start = _GALUNGAN + timedelta(days=10 if feast is Feast.KUNINGAN else 0)
    ahead = (start - date(year, 1, 1)).days % _PAWUKON_YEAR
    return calendar.plus_days(date(year, 1, 1), ahead)


def coming(code: int, today: date, *, past: bool = False) -> date | None:
    """The next such feast, today included; the last one if `past`."""
    if code in {Feast.GALUNGAN, Feast.KUNINGAN}:
        start = _GALUNGAN + timedelta(days=10 if code == Feast.KUNINGAN else 0)
        behind = (today - start).days % _PAWUKON_YEAR
        return calendar.plus_days(today, -behind if past or behind == 0 else _PAWUKON_YEAR - behind)
    step = -1 if past else 1
    for year in range(today.year - step, today.year + 9 * step, step):
        found_in_year: tuple[date | None, ...] = ()
        if 1 <= year <= 9999:
            # A moon year is shorter than ours: in 2033 Idul Fitri comes twice.
            is_decreed = code in _BY_DECREE
            found_in_year = _decreed(year).get(Feast(code), ()) if is_decreed else (in_year(code, year),)
        for found in found_in_year[::step]:
            if found is not None and (found <= today if past else found >= today):
                return found
    return None


@cache
def _decreed(year: int) -> dict[Feast, tuple[date, ...]]:
    if not _FIRST_DECREED <= year <= _LAST_LOOKED_AT:
        return {}
    import holidays  # late: a tenth of a second that most messages never need

    of_year = holidays.country_holidays("ID", years=year, language="en_US")
    found: dict[Feast, list[date]] = {}
    for day, feast, _ in _named(of_year):
        found.setdefault(feast, []).append(day)
    return {feast: tuple(days) for feast, days in found.items()}


def _named(of_year: Mapping[date, str]) -> Iterator[tuple[date, Feast, bool]]:
    """Each of our feasts in a year of the library, and whether its day is only an estimate."""
    for day, names in sorted(of_year.items()):
        for name in names.split("; "):
            feast = _BY_NAME.get(name.removesuffix(_ESTIMATED))
            if feast is not None:
                yield day, feast, name.endswith(_ESTIMATED)


_BY_NAME = {name: feast for feast, name in _BY_DECREE.items()}


def estimated(today: date) -> dict[Feast, date]:
    """The coming feasts whose day is estimated, not yet decreed: the library is due for an update when one is near."""
    import holidays  # late: see `_decreed`

    years = (today.year, today.year + 1)
    of_years = holidays.country_holidays("ID", years=years, language="en_US")
    ahead = ((day, feast) for day, feast, is_estimate in _named(of_years) if is_estimate and day >= today)
    found: dict[Feast, date] = {}
    for day, feast in ahead:
        found.setdefault(feast, day)
    return found


def known_until(feast: Feast, enough: date = date.max) -> date | None:
    """The last such day that is known without a break from 2024 on, or the first one that is far enough; none for a
    feast that is computed without end."""
    if feast not in _BY_DECREE:
        return None
    last = None
    for year in range(2024, _LAST_LOOKED_AT):
        days = _decreed(year).get(feast, ())
        if not days or (last is not None and last >= enough):
            return last
        last = days[-1]
    return last


def expiring(today: date) -> dict[Feast, date]:
    """The feasts whose days we know for no more than a year from today, each with the last one: time for an update."""
    # each year that is looked at stays in memory
    ends = {feast: known_until(feast, today + _ALARM) for feast in _BY_DECREE}
    return {feast: end for feast, end in ends.items() if end is not None and end - today < _ALARM}
