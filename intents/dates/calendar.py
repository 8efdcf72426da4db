"""Arithmetic on days: weeks, months and the next time a day comes round."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from intents.dates.values import Span


def plus_days(day: date, days: int) -> date | None:
    """A day so many days on; `None` beyond the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def plus_months(day: date, months: int) -> date | None:
    """The same day of another month, or that month's last; `None` beyond the calendar."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def a_date(year: int, month: int, day: int) -> date | None:
    """A date if the calendar has it."""
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return None
    return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None


def coming(today: date, month: int, day: int, *, past: bool = False) -> date | None:
    """The next time this day of the year comes, today included; the last time if `past`."""
    years = range(today.year, today.year - 9, -1) if past else range(today.year, today.year + 9)
    for year in years:
        found = a_date(year, month, day)
        if found is not None and (found <= today if past else found >= today):
            return found
    return None


def coming_day_of_month(today: date, day: int, *, past: bool = False) -> date | None:
    """The next 20th, today included; the last one if `past`."""
    for months in range(13):
        start = plus_months(today.replace(day=1), -months if past else months)
        found = None if start is None else a_date(start.year, start.month, day)
        if found is not None and (found <= today if past else found >= today):
            return found
    return None


def coming_weekday(today: date, weekday: int) -> date | None:
    """The next such weekday after today."""
    return plus_days(today, (weekday - today.weekday() - 1) % 7 + 1)


def weekday_of_week(today: date, weekday: int, weeks: int) -> date | None:
    """That weekday in the week so many weeks from this one; weeks start on Monday."""
    return plus_days(today, weekday - today.weekday() + 7 * weeks)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The n-th such weekday of a month, the last for -1."""
    first = a_date(year, month, 1)
    if first is None:
        return None
    days = monthrange(year, month)[1]
    all_of_them = range((weekday - first.weekday()) % 7 + 1, days + 1, 7)
    place = nth if nth < 0 else nth - 1
    return first.replace(day=all_of_them[place]) if -len(all_of_them) <= place < len(all_of_them) else None


def span(start: date | None, end: date | None) -> Span | None:
    """A span if both ends are in the calendar and in order."""
    return Span(start, end) if start is not None and end is not None and start <= end else None


def week(today: date, weeks: int) -> Span | None:
    """Monday to Sunday of a week."""
    return span(weekday_of_week(today, 0, weeks), weekday_of_week(today, 6, weeks))


def weekend(today: date, weeks: int) -> Span | None:
    """Saturday and Sunday of a week."""
    return span(weekday_of_week(today, 5, weeks), weekday_of_week(today, 6, weeks))


def month(today: date, months: int) -> Span | None:
    """First to last of a month."""
    first = plus_months(today.replace(day=1), months)
    if first is None:
        return None
    return Span(first, first.replace(day=monthrange(first.year, first.month)[1]))


def quarter(today: date, quarters: int) -> Span | None:
    """A quarter of a year, so many quarters from this one."""
    start = month(today, 3 * quarters - (today.month - 1) % 3)
    end = month(today, 3 * quarters - (today.month - 1) % 3 + 2)
    if start is None or end is None or not isinstance(start.start, date) or not isinstance(end.end, date):
        return None
    return span(start.start, end.end)


def year(number: int) -> Span | None:
    """1 January to 31 December."""
    return span(a_date(number, 1, 1), a_date(number, 12, 31))


def third(whole: Span | None, edge: int) -> Span | None:
    """The start, the middle or the end of a week or a month: two days of a week, ten of a month, a month of a year."""
    if whole is None or not isinstance(whole.start, date) or not isinstance(whole.end, date):
        return None
    days = (whole.end - whole.start).days
    if days <= 7:
        cuts = ((0, 1), (2, 3), (4, days))[edge]
    elif days > 300:
        cuts = ((0, 30), (151, 211), (days - 30, days))[edge]
    else:
        cuts = ((0, 9), (10, 19), (20, days))[edge]
    return span(plus_days(whole.start, cuts[0]), plus_days(whole.start, cuts[1]))
