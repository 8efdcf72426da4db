"""Clock times: "3pm", "jam setengah 3 sore", "3 giờ kém 15 chiều", "half past three"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time

from intents.dates.numbers import Number, is_at, read_number, sense_at
from intents.dates.tokens import Sense, Token
from intents.dates.values import Language, PartOfDay

PARTS = (PartOfDay.MORNING, PartOfDay.NOON, PartOfDay.AFTERNOON, PartOfDay.EVENING)


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """A time as said: the half of the day may be open."""

    hour: int
    minute: int
    after: int
    meridiem: int | None = None
    part: PartOfDay | None = None
    is_sure: bool = False
    """Written so that it can be nothing but a time."""
    is_exact: bool = False
    """Written in a 24-hour way ("15:00", "08:30")."""
    is_soft: bool = False
    """Figures like those of a price or a version ("2.10"): a time only together with a day."""


def _wrapped(hour: int, minute: int) -> time:
    return time(hour % 24, minute)


def _in_part(hour: int, minute: int, part: PartOfDay) -> time:
    match part:
        case PartOfDay.MORNING:
            return _wrapped(0 if hour == 12 else hour, minute)
        case PartOfDay.NOON | PartOfDay.AFTERNOON:
            return _wrapped(hour + 12 if hour < 9 else hour, minute)
        case PartOfDay.EVENING:
            if hour == 12:
                return _wrapped(0, minute)
            return _wrapped(hour if hour < 4 else hour + 12, minute)


def readings(clock: SpokenTime, part: PartOfDay | None = None) -> tuple[time, ...]:
    """The times a clock can mean, the likeliest first: working hours before night."""
    hour, minute = clock.hour, clock.minute
    part = clock.part or part
    if clock.meridiem is not None and hour <= 12:
        return (_wrapped(hour % 12 + 12 * clock.meridiem, minute),)
    if hour > 12 or hour == 0:
        return (_wrapped(hour, minute),)
    if part is not None:
        return (_in_part(hour, minute, part),)
    early, late = _wrapped(hour, minute), _wrapped((hour + 12) % 24, minute)
    if clock.is_exact:
        return (early,)
    if hour == 12:
        return (early,)
    # A shop that opens before seven is rarer than a customer who leaves out "pm".
    return (late, early) if hour < 7 else (early, late)


def read_clock(tokens: Sequence[Token], i: int, language: Language, *, asked: bool = False) -> SpokenTime | None:
    """The time that starts at token `i`; a bare number only when `asked`."""
    strong = is_at(tokens, i, Sense.MARK)
    marked = strong or is_at(tokens, i, Sense.WEAK_MARK)
    start = i
    while is_at(tokens, start, Sense.MARK, Sense.WEAK_MARK) and start < i + 3:
        strong = strong or is_at(tokens, start, Sense.MARK)
        start += 1
    clock = _unmarked(tokens, start, language, strong, marked, asked)
    # A mark may be a number, too: then it is read as the hour itself.
    if clock is None and start > i and is_at(tokens, i, Sense.NUM):
        clock = _unmarked(tokens, i, language, False, False, asked)
    return None if clock is None else _with_half_of_day(tokens, clock)


def _unmarked(
    tokens: Sequence[Token], start: int, language: Language, strong: bool, marked: bool, asked: bool
) -> SpokenTime | None:
    fixed = sense_at(tokens, start, Sense.FIXED)
    if fixed is not None:
        return SpokenTime(fixed, 0, start + 1, is_sure=True, is_exact=True)
    # From the most certain way of writing to the least: figures are tried before words.
    return (
        _written(tokens, start, marked or asked)
        or _four_figures(tokens, start, marked, strong, asked)
        or _halved(tokens, start, language, marked or asked)
        or _spoken(tokens, start, strong, marked, asked)
    )


def _written(tokens: Sequence[Token], i: int, marked: bool) -> SpokenTime | None:
    minutes = sense_at(tokens, i, Sense.CLOCK)
    sure = True
    if minutes is None:
        minutes = sense_at(tokens, i, Sense.DOT_CLOCK)
        # "2.10" may be a price or a version: something must say that it is a time.
        sure = marked or _half_of_day_follows(tokens, i + 1)
    if minutes is None:
        return None
    padded = tokens[i].text.startswith("0")
    after = i + 2 if is_at(tokens, i + 1, Sense.HOUR) and tokens[i].has(Sense.CLOCK) else i + 1
    return SpokenTime(minutes // 60, minutes % 60, after, is_sure=sure, is_exact=padded, is_soft=not sure)


def _four_figures(tokens: Sequence[Token], i: int, marked: bool, strong: bool, asked: bool) -> SpokenTime | None:
    """ "0930", "1820 hours", "jam 1430"."""
    value = sense_at(tokens, i, Sense.NUM)
    if value is not None and len(tokens[i].text) == 3 and tokens[i].text.isdecimal():
        return _three_figures(tokens, i, value, marked or asked)
    if value is None or len(tokens[i].text) != 4 or not tokens[i].text.isdecimal():
        return None
    named = is_at(tokens, i + 1, Sense.HOUR, Sense.MERIDIEM)
    dated = is_at(tokens, i + 1, Sense.DAY) or (tokens[i].text[0] == "0" and is_at(tokens, i + 1, Sense.WEEKDAY))
    if value // 100 > 23 or value % 100 > 59:
        return None
    # "at 1930 Sunset Road", "at 1500 rupiah": the figures belong to the word after them.
    is_word_next = i + 1 < len(tokens) and tokens[i + 1].text[0].isalnum()
    is_counting = is_word_next and not is_at(tokens, i + 1, *_STANDS_AFTER_A_TIME)
    said_at = marked and value >= _FIRST_AFTERNOON and not is_counting
    on_day = value % 5 == 0 and is_at(tokens, i + 2, Sense.WEEKDAY) and tokens[i + 1].text in {"on", "hari"}
    if not (named or strong or dated or said_at or on_day or (marked and tokens[i].text[0] == "0")):
        return None
    after = i + 2 if is_at(tokens, i + 1, Sense.HOUR) else i + 1
    return SpokenTime(value // 100, value % 100, after, is_sure=True, is_exact=value < 1300)


_FIRST_AFTERNOON = 1000
_STANDS_AFTER_A_TIME = (Sense.CONNECT, Sense.DAY, Sense.WEEKDAY, Sense.HOLIDAY, Sense.PART, Sense.DATE_WORD)


def _three_figures(tokens: Sequence[Token], i: int, value: int, marked: bool) -> SpokenTime | None:
    """ "730 pm", "at 730", "wed 730": seven thirty."""
    if not 100 <= value <= 959 or value % 100 > 59 or value % 5:
        return None
    ends = i + 1 >= len(tokens) or not tokens[i + 1].text[0].isalnum() or is_at(tokens, i + 1, Sense.DAY, Sense.WEEKDAY)
    on_day = is_at(tokens, i - 1, Sense.DAY, Sense.WEEKDAY, Sense.PART) and ends
    if not (_half_of_day_follows(tokens, i + 1) or (marked and ends) or on_day):
        return None
    return SpokenTime(value // 100, value % 100, i + 1, is_sure=True)


def _half_of_day_follows(tokens: Sequence[Token], i: int) -> bool:
    return is_at(tokens, i, Sense.MERIDIEM, Sense.PART)


def _halved(tokens: Sequence[Token], i: int, language: Language, marked: bool) -> SpokenTime | None:
    """ "setengah 3" is 2:30, "half past 3" is 3:30, "quarter to 4", "ten past five"."""
    if is_at(tokens, i, Sense.HALF):
        return _half(tokens, i, language, marked)
    first = read_number(tokens, i)
    quarter = sense_at(tokens, i, Sense.QUARTER)
    if quarter is not None:
        first = Number(quarter, i + 1)
    if first is None or language is not Language.EN or first.is_ordinal:
        return None
    j = first.after + (1 if is_at(tokens, first.after, Sense.UNIT) else 0)
    hour = read_number(tokens, j + 1)
    if hour is None or not 1 <= hour.value <= 23 or not 0 < first.value < 60:
        return None
    # "ten past 15" is said, "five to fifteen" is a range.
    if hour.value > 12 and not (hour.is_digits and is_at(tokens, j, Sense.PAST)):
        return None
    # "from 5 to 6", and "10 to 12" in figures: a range and not ten minutes before twelve.
    is_range = is_at(tokens, i - 1, Sense.FROM) or (first.is_digits and hour.is_digits and is_at(tokens, j, Sense.SEP))
    if is_at(tokens, hour.after, Sense.MONTH) or (quarter is None and is_range and j == first.after):
        return None
    word = tokens[j].text
    if is_at(tokens, j, Sense.PAST):
        return SpokenTime(hour.value, first.value, hour.after, is_sure=True)
    if is_at(tokens, j, Sense.TO) and (quarter or (first.value % 5 == 0 and first.value > 3 and word == "to")):
        return SpokenTime((hour.value - 2) % 12 + 1, 60 - first.value, hour.after, is_sure=True)
    return None


def _half(tokens: Sequence[Token], i: int, language: Language, marked: bool) -> SpokenTime | None:
    j = i + 1
    while is_at(tokens, j, Sense.MARK) and j < i + 3:
        j += 1
    hour = read_number(tokens, j)
    if hour is None or not 1 <= hour.value <= 12:
        return None
    # "half 3 people", "setengah 2 hari" count something.
    if is_at(tokens, hour.after, Sense.PEOPLE, Sense.UNIT) and not is_at(tokens, hour.after, Sense.PART):
        return None
    # Indonesian counts the half towards the hour that comes: "setengah 3" is 2:30.
    if language is Language.ID and tokens[i].text != "half past":
        return SpokenTime((hour.value - 2) % 12 + 1, 30, hour.after, is_sure=True)
    ends = hour.after >= len(tokens) or is_at(tokens, hour.after, Sense.PART, Sense.DAY, Sense.MERIDIEM)
    if tokens[i].text == "half past" or marked or (ends and language is Language.EN):
        return SpokenTime(hour.value, 30, hour.after, is_sure=True)
    return None


def _spoken(tokens: Sequence[Token], i: int, strong: bool, marked: bool, asked: bool) -> SpokenTime | None:
    hour = read_number(tokens, i)
    if hour is None or hour.value > 24 or hour.is_ordinal or is_at(tokens, i, Sense.NTH):
        return None
    if hour.is_digits and len(tokens[i].text) > 2:
        return None
    j = hour.after
    parted = (
        _hyphened_minutes(tokens, i, hour)
        or _words_for_a_time(tokens, i, hour)
        or _spaced_minutes(tokens, hour, marked or asked)
    )
    if parted is not None:
        return parted
    said_hour = is_at(tokens, j, Sense.HOUR)
    # "3 hours" is a length; "at 3 hours" and "15 hours" are times.
    if sense_at(tokens, j, Sense.HOUR) == _MAYBE_LENGTH and hour.value < 13 and not (marked and hour.is_digits):
        return None
    if said_hour:
        j += 1
    minute, j, said_minute = _minutes(tokens, j, strong or said_hour, marked or asked)
    # "jam 10 anak saya": behind "jam" a number is an hour, whoever comes then
    is_named = i > 0 and tokens[i - 1].text in {"jam", "jm", "pukul", "pkl"}
    if not (said_hour or is_named) and is_at(tokens, j, Sense.PEOPLE) and not is_at(tokens, j, Sense.PART):
        return None
    # "3 malam" are three nights, "8 malam" is eight in the evening.
    if not (said_hour or marked or asked) and is_at(tokens, j, Sense.NIGHT) and hour.value < _FIRST_EVENING_HOUR:
        return None
    # "3 days", "dua minggu": what is counted is no hour.
    if is_at(tokens, j, Sense.UNIT) and not strong and not said_hour and not _half_of_day_follows(tokens, j):
        return None
    if is_at(tokens, j, Sense.MONTH) and not strong:
        return None
    if minute < 0:
        hour, minute = replace(hour, value=(hour.value - 1) % 24 or 12), 60 + minute
    if is_at(tokens, j, Sense.APPROX):
        j += 1
    followed = _half_of_day_follows(tokens, j)
    sure = strong or said_hour or said_minute or is_at(tokens, j, Sense.MERIDIEM) or (followed and marked)
    if not (sure or followed or marked or asked):
        return None
    return SpokenTime(hour.value, minute, j, is_sure=sure or followed)


def _hyphened_minutes(tokens: Sequence[Token], i: int, hour: Number) -> SpokenTime | None:
    """ "five-thirty": both in words."""
    j = hour.after
    if hour.is_digits or not 1 <= hour.value <= 12 or j >= len(tokens) or tokens[j].text != "-":
        return None
    minute = read_number(tokens, j + 1)
    joined = j + 1 < len(tokens) and tokens[j].start == tokens[j - 1].end and tokens[j].end == tokens[j + 1].start
    if minute is None or minute.is_digits or not joined or minute.value not in _SPOKEN_MINUTES:
        return None
    return SpokenTime(hour.value, minute.value, minute.after, is_sure=True)


def _words_for_a_time(tokens: Sequence[Token], i: int, hour: Number) -> SpokenTime | None:
    """ "twelve thirty tomorrow", "Friday ten fifteen": an hour and minutes in words, next to a day."""
    minute = None if hour.is_digits or not 1 <= hour.value <= 12 else read_number(tokens, hour.after)
    if (
        minute is None
        or minute.is_digits
        or minute.is_ordinal
        or minute.value not in _SPOKEN_MINUTES
        or minute.value < 10
    ):
        return None
    j = minute.after
    is_next_to_a_day = is_at(tokens, j, *_DAYS) or (
        j < len(tokens) and tokens[j].text == "on" and is_at(tokens, j + 1, *_DAYS)
    )
    ends = j >= len(tokens) or not tokens[j].text[0].isalnum()
    if not (is_next_to_a_day or (ends and is_at(tokens, i - 1, *_DAYS))):
        return None
    return SpokenTime(hour.value, minute.value, j, is_sure=True)


_DAYS = (Sense.DAY, Sense.WEEKDAY)
_SPOKEN_MINUTES = frozenset({5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55})
_NOT_AFTER_MINUTES = (Sense.PEOPLE, Sense.UNIT, Sense.MONTH, Sense.MONTH_WORD, Sense.SEP, Sense.OR, Sense.NIGHT)


def _spaced_minutes(tokens: Sequence[Token], hour: Number, marked: bool) -> SpokenTime | None:
    """ "at 17 30": two figures of minutes after a marked hour, with no thing after them that they could count."""
    minute = read_number(tokens, hour.after)
    if not marked or minute is None or not (hour.is_digits and minute.is_digits) or minute.is_ordinal:
        return None
    if len(tokens[hour.after].text) != 2 or minute.value not in {0, *_SPOKEN_MINUTES} or hour.value > 23:
        return None
    j = minute.after
    if is_at(tokens, j, *_NOT_AFTER_MINUTES):
        return None
    known = j >= len(tokens) or not tokens[j].text[0].isalnum() or bool(tokens[j].senses) or tokens[j].text in _SMALL
    return SpokenTime(hour.value, minute.value, j, is_sure=True, is_exact=hour.value > 12) if known else None


_SMALL = frozenset(
    [
        "please",
        "pls",
        "for",
        "if",
        "works",
        "is",
        "ok",
        "ya",
        "kak",
        "bisa",
        "untuk",
        "nhé",
        "nha",
        "được",
        "duoc",
        "nhe",
    ]
)
_MAYBE_LENGTH = 2
_FIRST_EVENING_HOUR = 7
"""Under it "3 malam" and "một đêm" count nights."""


def _minutes(tokens: Sequence[Token], i: int, marked: bool, said_at: bool) -> tuple[int, int, bool]:
    """Minutes after the hour (negative: before it), the token after them, and whether they were plainly said."""
    if is_at(tokens, i, Sense.HALF_AFTER):
        return 30, i + 1, True
    # "half past" begins a time of its own; without diacritics "nua" after an hour is "more".
    if is_at(tokens, i, Sense.HALF) and marked and not (tokens[i].text == "half past" or tokens[i].has(Sense.AHEAD)):
        return 30, i + 1, True
    if marked and is_at(tokens, i, Sense.QUARTER):
        return 15, i + 1, True
    before, past = is_at(tokens, i, Sense.TO), is_at(tokens, i, Sense.PAST)
    if (before or past) and not is_at(tokens, i, Sense.SEP):
        quarter = sense_at(tokens, i + 1, Sense.QUARTER)
        number = Number(quarter, i + 2) if quarter else read_number(tokens, i + 1)
        if number is not None and 0 < number.value < 60:
            after = number.after + (1 if is_at(tokens, number.after, Sense.MINUTES) else 0)
            return (-number.value if before else number.value), after, True
    number = read_number(tokens, i)
    if number is None or not 0 < number.value < 60 or number.is_ordinal:
        return 0, i, False
    after = number.after + (1 if is_at(tokens, number.after, Sense.MINUTES) else 0)
    plain = after > number.after or _half_of_day_follows(tokens, after) or marked
    if is_at(tokens, after, Sense.PEOPLE, Sense.MONTH, Sense.MONTH_WORD, Sense.HOUR) and not _half_of_day_follows(
        tokens, after
    ):
        return 0, i, False
    if plain and (number.value >= 5 or after > number.after):
        return number.value, after, True
    # "five thirty", "nine forty five": both numbers in words, so that "at 5 thirty people" stays what it is.
    if (
        not number.is_digits
        and number.value >= 10
        and said_at
        and is_at(tokens, i - 1, Sense.NUM)
        and not tokens[i - 1].text[0].isdigit()
    ):
        return number.value, after, True
    return 0, i, False


def _with_half_of_day(tokens: Sequence[Token], clock: SpokenTime) -> SpokenTime:
    i = clock.after
    if is_at(tokens, i, Sense.APPROX):
        i += 1
    meridiem = sense_at(tokens, i, Sense.MERIDIEM)
    if meridiem is not None:
        return replace(clock, meridiem=meridiem, after=i + 1, is_sure=True)
    part = sense_at(tokens, i, Sense.PART)
    # Without diacritics "toi" after an hour is an evening only from five on; else it is "I" or "to".
    if (
        part is None
        or is_at(tokens, i, Sense.DAY, Sense.HOLIDAY)
        or (tokens[i].text == "toi" and not 5 <= clock.hour <= 11)
    ):
        return clock
    return replace(clock, part=PARTS[part], after=i + 1)
