"""Days, hours, zones and money in people's words; local time exists only here (babel does the writing)."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import format_currency

from intents.understanding import Language
from payments.domain.money import Money, exponent

_CLOCK: Final = {Language.EN: "HH:mm", Language.ID: "HH.mm", Language.VI: "HH:mm"}
_SHORT_DAY: Final = {Language.EN: "EEE d MMM", Language.ID: "EEE d MMM", Language.VI: "EEE d/M"}


def long_day(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """Weekday and date: "Tuesday, 24 November 2026"."""
    return day_in_words(at.astimezone(zone).date(), language)


def day_in_words(day: date, language: Language) -> str:
    """Weekday and date of a local day."""
    return format_date(day, "EEEE, d MMMM y", locale=language.value)


def weekday(day: date, language: Language) -> str:
    """The weekday alone: "Tuesday"."""
    return format_date(day, "EEEE", locale=language.value)


def short_day(day: date, language: Language) -> str:
    """A local day on a button: "Tue 24 Nov"."""
    return format_date(day, _SHORT_DAY[language], locale=language.value)


def short_moment(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """Day and time for a button, at most 20 characters: "Tue 24 Nov 10:00"."""
    local = at.astimezone(zone)
    return f"{short_day(local.date(), language)} {clock(at, zone, language)}"


def clock(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """The time of day on the wall."""
    return format_time(at.astimezone(zone).time(), _CLOCK[language], locale=language.value)


def hours(start: datetime, end: datetime, zone: ZoneInfo, language: Language) -> str:
    """From when to when; with the day of the end when that is another day."""
    begins, ends = clock(start, zone, language), clock(end, zone, language)
    last = end.astimezone(zone).date()
    if last == start.astimezone(zone).date():
        return f"{begins}–{ends}"
    return f"{begins} – {short_day(last, language)} {ends}"


def zone_in_words(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """The zone as people there call it: "WITA" where that is known, else its full name."""
    local = at.astimezone(zone)
    short = str(get_timezone_name(local, width="short", locale=language.value))
    return short if short.isalpha() else str(get_timezone_name(local, width="long", locale=language.value))


def money(amount: Money, language: Language) -> str:
    """A sum with its currency, without decimals where the currency has none in use."""
    digits = exponent(amount.currency)
    pattern = "¤¤ #,##0" + ("." + "0" * digits if digits else "")
    return format_currency(amount.units, amount.currency, pattern, locale=language.value, currency_digits=False)
