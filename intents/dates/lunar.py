"""The lunisolar calendar of Vietnam and of China, computed from the mean sun and moon.

Rules of the calendar: a month begins on the day of the new moon in the country's own zone (UTC+7, UTC+8); month 11
holds the winter solstice; when thirteen months lie between two solstices, the first without a principal solar term
is a leap month. New moons and the sun's longitude: J. Meeus, *Astronomical Algorithms*, chapters 25 and 49 (good to
minutes in the years 1900 to 2100).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from math import floor, radians, sin

VIETNAM, CHINA = 7, 8
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_EPOCH = date(2000, 1, 1)
_EPOCH_JULIAN_DAY = 2451544.5
_SYNODIC_MONTH = 29.530588861
_FIRST_NEW_MOON = 2451550.09766


@cache
def _new_moon(k: int) -> float:
    """Julian day (dynamical time) of the k-th new moon after that of 6 January 2000."""
    t = k / 1236.85
    mean = _FIRST_NEW_MOON + _SYNODIC_MONTH * k + 0.00015437 * t * t
    sun = radians(2.5534 + 29.10535670 * k - 0.0000014 * t * t)
    moon = radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    node = radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    e = 1 - 0.002516 * t
    return mean + (
        -0.40720 * sin(moon)
        + 0.17241 * e * sin(sun)
        + 0.01608 * sin(2 * moon)
        + 0.01039 * sin(2 * node)
        + 0.00739 * e * sin(moon - sun)
        - 0.00514 * e * sin(moon + sun)
        + 0.00208 * e * e * sin(2 * sun)
        - 0.00111 * sin(moon - 2 * node)
        - 0.00057 * sin(moon + 2 * node)
        + 0.00056 * e * sin(2 * moon + sun)
        - 0.00042 * sin(3 * moon)
    )


@cache
def _month_start(k: int, zone: int) -> int:
    # Days from 1 January 2000 in a zone of whole hours.
    julian_day = _new_moon(k)
    year = 2000 + (julian_day - _EPOCH_JULIAN_DAY) / 365.25
    # Dynamical time less universal time: a fit good to some seconds in these years.
    t = year - 2000
    seconds = 63.9 + 0.32 * t + 0.0056 * t * t if t >= 0 else 63.9 + 0.52 * t + 0.0012 * t * t
    return floor(julian_day - seconds / 86400 + zone / 24 - _EPOCH_JULIAN_DAY)


def _solar_term(day: int, zone: int) -> int:
    """Which twelfth of the ecliptic the sun is in at the start of a local day; 9 begins at the winter solstice."""
    t = (day + _EPOCH_JULIAN_DAY - zone / 24 - 2451545.0) / 36525
    anomaly = radians(357.52911 + 35999.05029 * t)
    centre = (1.914602 - 0.004817 * t) * sin(anomaly) + 0.019993 * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly)
    node = radians(125.04 - 1934.136 * t)
    longitude = 280.46646 + 36000.76983 * t + centre - 0.00569 - 0.00478 * sin(node)
    return floor(longitude % 360 / 30)


@cache
def _eleventh_month(year: int, zone: int) -> int:
    """The k of the new moon that opens month 11, the one that holds the winter solstice of `year`."""
    # An estimate by the mean month, one moon too late at most; the loop steps back from there.
    k = floor(((date(year, 12, 31) - _EPOCH).days + 15) / _SYNODIC_MONTH)
    while _month_start(k, zone) > (date(year, 12, 31) - _EPOCH).days:
        k -= 1
    return k - 1 if _solar_term(_month_start(k, zone), zone) >= 9 else k


@cache
def _months(year: int, zone: int) -> tuple[tuple[int, int, bool], ...]:
    """(k, number, is leap) of each month from month 11 of the year before up to month 10 of `year`."""
    first, end = _eleventh_month(year - 1, zone), _eleventh_month(year, zone)
    leap = None
    if end - first == 13:
        # A leap year has thirteen moons; the leap month is the first in which the sun enters no new term.
        leap = first + 13
        for k in range(first + 1, first + 14):
            if _solar_term(_month_start(k, zone), zone) == _solar_term(_month_start(k + 1, zone), zone):
                leap = k
                break
    months, number = [], 11
    for k in range(first, end):
        if k == leap:
            months.append((k, (number - 2) % 12 + 1, True))
        else:
            months.append((k, number, False))
            number = number % 12 + 1
    return tuple(months)


def solar_date(year: int, month: int, day: int, zone: int = VIETNAM) -> date | None:
    """The day with this date of the lunar `year` (which begins with the Tết of `year`), outside leap months."""
    if not (_FIRST_YEAR < year < _LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 30):
        return None
    of_year = year if month <= 10 else year + 1
    for k, number, is_leap in _months(of_year, zone):
        if number == month and not is_leap:
            start, end = _month_start(k, zone), _month_start(k + 1, zone)
            return _EPOCH + timedelta(days=start + day - 1) if day <= end - start else None
    return None


def new_year(year: int, zone: int = VIETNAM) -> date | None:
    """Tết Nguyên Đán, or the Chinese new year in `CHINA`."""
    return solar_date(year, 1, 1, zone)


def coming_day(today: date, day: int, zone: int = VIETNAM) -> date | None:
    """The next such day of a month of the moon, today included ("rằm" is the 15th)."""
    if not (_FIRST_YEAR < today.year < _LAST_YEAR and 1 <= day <= 30):
        return None
    ordinal = (today - _EPOCH).days
    k = floor(ordinal / _SYNODIC_MONTH) - 2
    for each in range(k, k + 7):
        start, end = _month_start(each, zone), _month_start(each + 1, zone)
        if start + day - 1 >= ordinal and day <= end - start:
            return _EPOCH + timedelta(days=start + day - 1)
    return None
