"""Words with their senses: one word may be a number, a weekday and a unit at once, and the grammar asks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from intents.dates.misspelt import SHORTEST, right_word


class Sense(StrEnum):
    """What a word may be in a phrase about time; the number behind it is in the token."""

    __hash__ = str.__hash__  # the one of enumerations is Python code, and senses are looked up all the time

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
    HOUR = "hour"  # giờ, o'clock: a number stood before; 2 where the letter alone may be a length
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
    HOLIDAY = "holiday"  # month * 100 + day, or a movable feast (`holidays.Feast`)
    YEAR_AWAY = "year_away"  # năm ngoái: years from this one
    CONNECT = "connect"
    NOW = "now"
    PEOPLE = "people"  # orang, người, nights: a number before it is no time
    NIGHT = "night"  # nights, malam, đêm after a count
    NTH = "nth"  # first 1, second 2, last -1: which of several in a month
    ARRIVE = "arrive"  # check in, datang, nhận phòng: a bare number after it is a day
    LEAVE = "leave"  # check out, pulang, trả phòng
    EARLIER = "earlier"  # before, sebelum, trước: days counted back from what follows
    LATER = "later"  # after, setelah, sau: days counted on from what follows
    OR = "or"  # or, atau, hoặc: two choices, no span
    ABOUT = "about"  # about, sekitar, khoảng: what follows is near enough
    SINCE = "since"  # since, sejak: the last such day
    BY = "by"  # by, paling lambat, chậm nhất: the last moment of what follows
    LABEL = "label"  # room, kamar, trang: the number after it is a name
    STREET = "street"  # jalan, đường: the date after it is a name
    PLAIN = "plain"  # a phrase that only looks like one about time
    LUNAR = "lunar"  # âm lịch: by the moon
    LUNAR_DAY = "lunar_day"  # rằm: that day of a month of the moon
    LUNAR_NEW_YEAR = "lunar_new_year"  # Tết
    CLOCK = "clock"  # hour * 60 + minute
    DOT_CLOCK = "dot_clock"
    DAY_MONTH = "day_month"  # day * 100 + month
    FULL_DATE = "full_date"  # yyyymmdd
    MONTH_YEAR = "month_year"
    MINUTES = "minutes"
    APPROX = "approx"


Senses = Mapping[Sense, int]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases with their senses, and how many pieces the longest phrase has that a piece can begin."""

    phrases: Mapping[str, Senses]
    longest: Mapping[str, int]
    often_misspelt: Mapping[str, tuple[str, ...]]
    """Long weekdays, months and days from today, by their first letter."""


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the message and what it may mean."""

    text: str
    start: int
    end: int
    senses: Senses
    is_capital: bool = False

    def has(self, sense: Sense) -> bool:
        return sense in self.senses

    def of(self, sense: Sense) -> int | None:
        return self.senses.get(sense)


_NONE: Senses = {}
_PIECES = re.compile(
    r"(?P<iso>(?<!\d)\d{4}(?:-\d{1,2}-|/\d{1,2}/)\d{1,2}(?!\d))"
    r"|(?P<dmy>(?<!\d)\d{1,2}([/.\-])\d{1,2}\3(?:\d{4}|\d{2})(?!\d))"
    r"|(?P<my>(?<!\d)\d{1,2}/\d{4}(?!\d))"
    r"|(?P<clock>(?<!\d)\d{1,2}(?::|h|g|giờ|gio)\d{2}(?!\d))"
    r"|(?P<half>(?<!\d)\d{1,2}[hg]?r(?!\w))"
    r"|(?P<dot>(?<![\d.])\d{1,2}\.\d{2}(?![\d.]*\d))"
    r"|(?P<dm>(?<![\d/])\d{1,2}/\d{1,2}(?![\d/]))"
    # "28-12": from 28 to 12 goes no range, of days or of hours, unless a month follows
    r"|(?P<dashed>(?<![\d/\-])(?:1[3-9]|2\d|3[01])-(?:0?[1-9]|1[0-2])(?![\d/\-:])(?!\s*(?:[hg]\b|giờ|gio\b|[ap]m\b|th[aá]ng"
    r"|jan|feb|peb|mar|apr|may|mei|jun|jul|aug|ag[us]|sep|o[ck]t|nov|nop|de[cs])))"
    r"|(?P<tday>(?<!\w)t[2-7](?!\w))"
    r"|(?P<ord>\d{1,2}(?:st|nd|rd|th)(?!\w))"
    r"|(?P<slang>(?<!\w)2(?:day|nite|night|moro|morrow|mrw|mrrw)(?!\w))"
    r"|(?P<num>\d+)"
    r"|(?P<word>[^\W\d_]+(?:['’.](?=[^\W\d_])[^\W\d_]+)?)"
    r"|(?P<other>[^\s])"
)


def fold(text: str) -> str:
    """Lower case without diacritics; the length may change."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("Đ", "d"))
    return plain.translate(_WITHOUT_MARKS)


class _Marks(dict[int, str | None]):
    """Letter by letter what stays of it, looked up once: nothing of a mark, everything else as it is."""

    def __missing__(self, code: int) -> str | None:
        self[code] = None if unicodedata.combining(chr(code)) else chr(code)
        return self[code]


_WITHOUT_MARKS = _Marks()


def _clock(hour: int, minute: int, sense: Sense) -> dict[Sense, int]:
    return {sense: hour * 60 + minute} if hour <= 24 and minute < 60 else {}


def _full(year: int, month: int, day: int) -> dict[Sense, int]:
    year += 2000 if year < 100 else 0
    # Month first is only believed where day first cannot be.
    if month > 12 >= day:
        month, day = day, month
    return {Sense.FULL_DATE: year * 10000 + month * 100 + day}


def _piece(kind: str, text: str) -> Senses:
    found = [int(n) for n in re.findall(r"\d+", text)]
    match kind:
        case "iso":
            return _full(*found)
        case "dmy":
            return _full(found[2], found[1], found[0])
        case "my":
            return {Sense.MONTH_YEAR: found[1] * 100 + found[0]} if 1 <= found[0] <= 12 else {}
        case "clock":
            return _clock(found[0], found[1], Sense.CLOCK)
        case "half":
            return _clock(found[0], 30, Sense.CLOCK)
        case "dot":
            day_month = {Sense.DAY_MONTH: found[0] * 100 + found[1]} if found[1] <= 12 else {}
            return _clock(found[0], found[1], Sense.DOT_CLOCK) | day_month
        case "dm" | "dashed":
            return {Sense.DAY_MONTH: found[0] * 100 + found[1]}
        # Vietnamese counts the days of the week from Sunday as the first: thứ 2 is Monday.
        case "tday":
            return {Sense.WEEKDAY: found[0] - 2}
        case "ord":
            return {Sense.NUM: found[0], Sense.ORDINAL: found[0]}
        case "num":
            return {Sense.NUM: found[0]} if len(text) <= 4 else {}
        case _:
            return _NONE


def lexicon_of(table: Mapping[str, Senses]) -> Lexicon:
    """A table made ready: its phrases are cut into pieces as messages are."""
    phrases: dict[str, Senses] = {}
    longest: dict[str, int] = {}
    for phrase, senses in table.items():
        pieces = [m[0] for m in _PIECES.finditer(phrase)]
        phrases[" ".join(pieces)] = senses
        longest[pieces[0]] = max(longest.get(pieces[0], 1), len(pieces))
    misspelt: dict[str, tuple[str, ...]] = {}
    for word, senses in phrases.items():
        if len(word) >= SHORTEST and word.isascii() and word.isalpha() and _OFTEN_MISSPELT & senses.keys():
            misspelt[word[0]] = (*misspelt.get(word[0], ()), word)
    return Lexicon(phrases, longest, misspelt)


_OFTEN_MISSPELT = frozenset({Sense.WEEKDAY, Sense.MONTH, Sense.DAY, Sense.WEEKEND})


def tokenize(text: str, lexicon: Lexicon, most: int) -> list[Token]:
    """Cut a message into at most so many tokens, the longest known phrase first; offsets are those of `text`."""
    lowered = text.lower()
    # Lower case can be longer than what was typed ("İ"); offsets must stay those of the text.
    lowered = lowered if len(lowered) == len(text) else text
    pieces = [
        Token(m[0].lower(), m.start(), m.end(), _piece(m.lastgroup or "", m[0].lower()), text[m.start()].isupper())
        for m in islice(_PIECES.finditer(lowered), most)
    ]
    tokens: list[Token] = []
    i = 0
    while i < len(pieces):
        token, i = _longest_phrase(pieces, i, lexicon)
        tokens.append(token)
    # Without diacritics "bay gio" is "now" and "seven o'clock": seven where minutes or a half of the day follow.
    parted: list[Token] = []
    for i, token in enumerate(tokens):
        following = tokens[i + 1].senses if i + 1 < len(tokens) else _NONE
        follows = any(sense in following for sense in _HOUR_AFTER_SEVEN) or (i > 0 and tokens[i - 1].has(Sense.MARK))
        if token.text == "bay gio" and follows:
            parted.append(Token("bay", token.start, token.start + 3, {Sense.NUM: 7}))
            parted.append(Token("gio", token.end - 3, token.end, {Sense.HOUR: 1, Sense.UNIT: 1}))
        elif token.text in _FROM_TODAY and not (i and _LENGTHS & tokens[i - 1].senses.keys()):
            # After a length it counts on ("3 days from today"); else a span opens with it ("from today until Friday").
            at = token.start + _FROM_TODAY[token.text]
            parted.append(Token(token.text[: at - token.start - 1], token.start, at - 1, {Sense.FROM: 1}))
            parted.append(Token(token.text[at - token.start :], at, token.end, {Sense.DAY: 0}))
        elif _leads_to_the_end(tokens, i):
            parted.append(replace(token, senses={Sense.SEP: 1}))
        elif i and _is_limit_of_an_hour(tokens[i - 1 : i + 3]):
            parted.append(replace(token, senses={s: n for s, n in token.senses.items() if s not in _TURNS}))
        else:
            parted.append(token)
    return parted


def _leads_to_the_end(tokens: Sequence[Token], i: int) -> bool:
    """ "Từ thứ 5 qua thứ 7": alone "thứ 5 qua" is last Thursday, and "sang" a morning; opened by a from it is a to."""
    if tokens[i].text not in {"qua", "sang"} or i <= 1 or i + 1 >= len(tokens):
        return False
    is_between = tokens[i - 1].has(Sense.WEEKDAY) and tokens[i + 1].has(Sense.WEEKDAY)
    return is_between and tokens[i - 2].has(Sense.FROM)


def _is_limit_of_an_hour(tokens: Sequence[Token]) -> bool:
    """ "Thứ sáu trước 6 giờ" is Friday before six; without an hour behind it, it is the Friday before."""
    day, word, *behind = tokens
    is_either = (word.has(Sense.LAST) and word.has(Sense.BY)) or (word.has(Sense.NEXT) and word.has(Sense.LATER))
    if not is_either or not _DAYS & day.senses.keys() or not behind:
        return False
    return behind[0].has(Sense.CLOCK) or (behind[0].has(Sense.NUM) and len(behind) > 1 and behind[1].has(Sense.HOUR))


_DAYS = frozenset({Sense.WEEKDAY, Sense.DAY_MONTH, Sense.FULL_DATE, Sense.WEEKEND})
_TURNS = frozenset({Sense.LAST, Sense.NEXT, Sense.AGO, Sense.AHEAD, Sense.IN})


_HOUR_AFTER_SEVEN = (Sense.TO, Sense.HALF_AFTER, Sense.PART, Sense.PAST)


_FROM_TODAY = {
    phrase: len(phrase) - len(today)
    for phrase, today in (
        ("from today", "today"),
        ("dari hari ini", "hari ini"),
        ("kể từ hôm nay", "hôm nay"),
        ("tính từ hôm nay", "hôm nay"),
        ("tinh tu hom nay", "hom nay"),
        ("ke tu hom nay", "hom nay"),
    )
}
_LENGTHS = frozenset({Sense.UNIT, Sense.NIGHT, Sense.AHEAD})
"""With "seminggu lagi dari hari ini", where both say so."""


def _longest_phrase(pieces: list[Token], i: int, lexicon: Lexicon) -> tuple[Token, int]:
    first = pieces[i]
    # The longest phrase wins: "day after tomorrow" holds "tomorrow".
    for n in range(min(lexicon.longest.get(first.text, 1), len(pieces) - i), 0, -1):
        phrase = first.text if n == 1 else " ".join(piece.text for piece in pieces[i : i + n])
        senses = lexicon.phrases.get(phrase)
        if senses is not None:
            return Token(phrase, first.start, pieces[i + n - 1].end, senses, first.is_capital), i + n
    # Only words that mean nothing else are corrected, and only towards the few that people often misspell.
    known = lexicon.often_misspelt.get(first.text[0]) if not first.senses else None
    right = right_word(first.text, known) if known and first.text.isalpha() else None
    return first if right is None else replace(first, senses=lexicon.phrases[right]), i + 1
