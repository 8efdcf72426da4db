"""Days, hours, zones and money in people's words; local time exists only here (babel does the writing)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import format_currency

from bot.replies.words import say
from payments.domain.money import Money, exponent


def long_day(at: datetime, zone: ZoneInfo, language: str) -> str:
    """Weekday and date: "Tuesday, 24 November 2026"."""
    return day_in_words(at.astimezone(zone).date(), language)


def day_in_words(day: date, language: str) -> str:
    """Weekday and date of a local day."""
    return format_date(day, say("format.long_day", language), locale=language)


def weekday(day: date, language: str) -> str:
    """The weekday alone: "Tuesday"."""
    return format_date(day, "EEEE", locale=language)


def short_day(day: date, language: str) -> str:
    """A local day on a button: "Tue 24 Nov"."""
    return format_date(day, say("format.short_day", language), locale=language)


def short_moment(at: datetime, zone: ZoneInfo, language: str) -> str:
    """Day and time for a button, at most 20 characters: "Tue 24 Nov 10:00"."""
    local = at.astimezone(zone)
    return f"{short_day(local.date(), language)} {clock(at, zone, language)}"


def clock(at: datetime, zone: ZoneInfo, language: str) -> str:
    """The time of day on the wall."""
    return format_time(at.astimezone(zone).time(), say("format.clock", language), locale=language)


def hours(start: datetime, end: datetime, zone: ZoneInfo, language: str) -> str:
    """From when to when; with the day of the end when that is another day."""
    begins, ends = clock(start, zone, language), clock(end, zone, language)
    last = end.astimezone(zone).date()
    if last == start.astimezone(zone).date():
        return f"{begins}–{ends}"
    return f"{begins} – {short_day(last, language)} {ends}"


def zone_in_words(at: datetime, zone: ZoneInfo, language: str) -> str:
    """The zone as people there call it: "WITA" where that is known, else its full name."""
    local = at.astimezone(zone)
    short = str(get_timezone_name(local, width="short", locale=language))
    return short if short.isalpha() else str(get_timezone_name(local, width="long", locale=language))


def money(amount: Money, language: str) -> str:
    """A sum with its currency, without decimals where the currency has none in use."""
    digits = exponent(amount.currency)
    pattern = "¤¤ #,##0" + ("." + "0" * digits if digits else "")
    return format_currency(amount.units, amount.currency, pattern, locale=language, currency_digits=False)
