"""Words with their senses: one word may be a number, a weekday and a unit at once, and the grammar asks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Sense(StrEnum):
    """What a word may be in a phrase about time; the number behind it is in the token."""

    NUM = "num"
    ORDINAL = "ordinal"  # 20th
    TENS = "tens"  # twenty, thirty: may take a unit after it
    TEN_WORD = "ten_word"  # puluh, mươi: multiplies what stands before it
    TEEN_WORD = "teen_word"  # belas: adds ten to what stands before it
    TEN_PLUS = "ten_plus"  # mười: adds what stands after it
    WEEKDAY = "weekday"  # 0 is Monday
    EVE = "eve"  # malam minggu: the evening before that weekday
    MONTH = "month"
    MONTH_WORD = "month_word"  # tháng, bulan: a number or name follows
    DAY = "day"  # days from today
    PART = "part"  # index in PARTS
    MERIDIEM = "meridiem"  # 0 am, 1 pm
    MARK = "mark"  # at, jam, lúc: a clock time follows
    WEAK_MARK = "weak_mark"  # at, around: a clock time may follow
    HOUR = "hour"  # giờ, o'clock: a number stood before
    HALF = "half"  # setengah, half past
    HALF_AFTER = "half_after"  # rưỡi
    QUARTER = "quarter"
    PAST = "past"
    TO = "to"
    FIXED = "fixed"  # noon, midnight: hour
    UNIT = "unit"  # index in UNITS
    NEXT = "next"
    THIS = "this"
    LAST = "last"
    AFTER_NEXT = "after_next"
    IN = "in"
    AHEAD = "ahead"  # lagi, nữa, from now
    AGO = "ago"
    SEP = "sep"
    FROM = "from"
    DATE_WORD = "date_word"  # tanggal, ngày, the
    DAY_WORD = "day_word"  # hari: a weekday follows
    YEAR_WORD = "year_word"
    WEEKEND = "weekend"
    EDGE = "edge"  # 0 start, 1 middle, 2 end of a unit
    OF = "of"
    ONE = "one"  # a, an, se-
    HOLIDAY = "holiday"  # month * 100 + day
    CONNECT = "connect"
    NOW = "now"
    PEOPLE = "people"  # orang, người, nights: a number before it is no time
    CLOCK = "clock"  # hour * 60 + minute
    DOT_CLOCK = "dot_clock"
    DAY_MONTH = "day_month"  # day * 100 + month
    FULL_DATE = "full_date"  # yyyymmdd
    MONTH_YEAR = "month_year"
    MINUTES = "minutes"
    APPROX = "approx"


Senses = Mapping[Sense, int]
Table = Mapping[str, Senses]


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the message and what it may mean."""

    text: str
    start: int
    end: int
    senses: Senses

    def has(self, sense: Sense) -> bool:
        return sense in self.senses

    def of(self, sense: Sense) -> int | None:
        return self.senses.get(sense)


_NONE: Senses = {}
_PIECES = re.compile(
    r"(?P<iso>(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d))"
    r"|(?P<dmy>(?<!\d)\d{1,2}([/.\-])\d{1,2}\3(?:\d{4}|\d{2})(?!\d))"
    r"|(?P<my>(?<!\d)\d{1,2}/\d{4}(?!\d))"
    r"|(?P<clock>(?<!\d)\d{1,2}(?::|h|g|giờ|gio)\d{2}(?!\d))"
    r"|(?P<dot>(?<![\d.])\d{1,2}\.\d{2}(?![\d.]*\d))"
    r"|(?P<dm>(?<![\d/])\d{1,2}/\d{1,2}(?![\d/]))"
    r"|(?P<tday>(?<!\w)t[2-7](?!\w))"
    r"|(?P<ord>\d{1,2}(?:st|nd|rd|th)(?!\w))"
    r"|(?P<num>\d+)"
    r"|(?P<word>[^\W\d_]+(?:['’.](?=[^\W\d_])[^\W\d_]+)?)"
    r"|(?P<other>[^\s])"
)
_LONGEST_PHRASE = 5


def fold(text: str) -> str:
    """Lower case without diacritics; the length may change."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("Đ", "d"))
    return "".join(ch for ch in plain if not unicodedata.combining(ch))


def _numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", text)]


def _clock(hour: int, minute: int, sense: Sense) -> dict[Sense, int]:
    return {sense: hour * 60 + minute} if hour <= 24 and minute < 60 else {}


def _full(year: int, month: int, day: int) -> dict[Sense, int]:
    year += 2000 if year < 100 else 0
    if month > 12 >= day:
        month, day = day, month
    return {Sense.FULL_DATE: year * 10000 + month * 100 + day}


def _piece(kind: str, text: str) -> Senses:
    found = _numbers(text)
    match kind:
        case "iso":
            return _full(*found)
        case "dmy":
            return _full(found[2], found[1], found[0])
        case "my":
            return {Sense.MONTH_YEAR: found[1] * 100 + found[0]} if 1 <= found[0] <= 12 else {}
        case "clock":
            return _clock(found[0], found[1], Sense.CLOCK)
        case "dot":
            day_month = {Sense.DAY_MONTH: found[0] * 100 + found[1]} if found[1] <= 12 else {}
            return _clock(found[0], found[1], Sense.DOT_CLOCK) | day_month
        case "dm":
            return {Sense.DAY_MONTH: found[0] * 100 + found[1]}
        case "tday":
            return {Sense.WEEKDAY: found[0] - 2}
        case "ord":
            return {Sense.NUM: found[0], Sense.ORDINAL: found[0]}
        case "num":
            return {Sense.NUM: found[0]} if len(text) <= 4 else {}
        case _:
            return _NONE


def tokenize(text: str, table: Table) -> list[Token]:
    """Cut a message into tokens, the longest known phrase first; offsets are those of `text`."""
    pieces = [
        Token(m[0].lower(), m.start(), m.end(), _piece(m.lastgroup or "", m[0].lower()))
        for m in _PIECES.finditer(text.lower() if len(text.lower()) == len(text) else text)
    ]
    tokens: list[Token] = []
    i = 0
    while i < len(pieces):
        for n in range(min(_LONGEST_PHRASE, len(pieces) - i), 0, -1):
            phrase = " ".join(p.text for p in pieces[i : i + n])
            senses = table.get(phrase)
            if senses is not None:
                tokens.append(Token(phrase, pieces[i].start, pieces[i + n - 1].end, senses))
                i += n
                break
        else:
            tokens.append(pieces[i])
            i += 1
    return tokens
