"""Words about time that contradict themselves or our clock: days no month has, times of other places."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from intents import wordlists
from intents.dates.numbers import is_at, read_number, sense_at
from intents.dates.spoken import Scope, month_at, year_at
from intents.dates.tokens import Sense, Token
from intents.dates.values import DateDoubt, DateValue, DoubtKind, Moment, Span


def impossible_days(tokens: Sequence[Token], text: str, today: date) -> tuple[list[Token], list[DateDoubt]]:
    """The tokens with each day that no month has blanked, its weekday too, and a doubt for each.

    29 February without its year is one only where the coming February has it.
    """
    kept = list(tokens)
    doubts: list[DateDoubt] = []
    i = 0
    while i < len(kept):
        after = _impossible_at(kept, i, today)
        if after is None:
            i += 1
            continue
        start = i
        # The weekday of a day that does not exist must go with it: alone it would be read as a day.
        while start and is_at(kept, start - 1, Sense.DATE_WORD, Sense.WEEKDAY, Sense.DAY_WORD):
            start -= 1
        words = text[kept[start].start : kept[after - 1].end]
        doubts.append(DateDoubt(DoubtKind.NO_SUCH_DAY, words))
        kept[start:after] = [replace(token, text="…", senses={}) for token in kept[start:after]]
        i = after
    return kept, doubts


def _impossible_at(tokens: Sequence[Token], i: int, today: date) -> int | None:
    pair = sense_at(tokens, i, Sense.DAY_MONTH)
    if pair is not None and "/" in tokens[i].text:
        day, month = divmod(pair, 100)
        # Month first is accepted, too: "2/30" is no day either way, "12/25" is Christmas.
        either_way = (1 <= month <= 12 and day <= _days(month, None, today)) or (
            1 <= day <= 12 and month <= _days(day, None, today)
        )
        return None if either_way else i + 1
    full = sense_at(tokens, i, Sense.FULL_DATE)
    if full is not None:
        year, month, day = full // 10000, full // 100 % 100, full % 100
        return i + 1 if 1 <= month <= 12 and year > 0 and not 1 <= day <= _days(month, year, today) else None
    number = read_number(tokens, i)
    if number is not None and number.is_digits and 28 < number.value <= 31:
        month_there = month_at(tokens, number.after + (1 if is_at(tokens, number.after, Sense.OF) else 0))
        if month_there is not None:
            year_there = year_at(tokens, month_there[1])
            if number.value > _days(month_there[0], year_there.value if year_there else None, today):
                return year_there.after if year_there else month_there[1]
    if is_at(tokens, i, Sense.MONTH) and not is_at(tokens, i - 1, Sense.NUM):
        j = i + 2 if is_at(tokens, i + 1, Sense.DATE_WORD) else i + 1
        behind = read_number(tokens, j)
        if (
            behind is not None
            and behind.is_digits
            and 28 < behind.value <= 31
            and not is_at(tokens, behind.after, Sense.MONTH)
        ):
            year_there = year_at(tokens, behind.after)
            if behind.value > _days(tokens[i].senses[Sense.MONTH], year_there.value if year_there else None, today):
                return year_there.after if year_there else behind.after
    return None


def _days(month: int, year: int | None, today: date) -> int:
    """The days of a month; where no year is said, of the coming one."""
    if year is None or not MINYEAR <= year <= MAXYEAR:
        year = min(today.year + (month < today.month), MAXYEAR)
    return monthrange(year, month)[1]


_ZONES: Final = {name: zone.removeprefix("~") for zone, names in wordlists.read("zones").items() for name in names}
_SHORT: Final = "|".join(
    name for zone, names in wordlists.read("zones").items() if zone.startswith("~") for name in names
)
_PLACES: Final = "|".join(
    sorted(
        (name for zone, names in wordlists.read("zones").items() if not zone.startswith("~") for name in names),
        key=len,
        reverse=True,
    )
)
_ZONE: Final = re.compile(
    r"\b(?P<offset>(?:gmt|utc) ?[+-] ?\d{1,2})\b"
    rf"|\b(?P<place>{_PLACES})(?:'s)? (?:local )?time\b"
    rf"|\b(?:waktu|jam|giờ|gio|múi giờ|theo giờ|zona waktu) (?P<behind>{_PLACES})\b"
    rf"|(?<=[\dm.] )(?P<short>{_SHORT})\b|\b(?P<named>{_SHORT}) time\b"
    r"|\b(?P<mine>(?:my|our|home) (?:local )?time(?:zone)?|waktu (?:saya|tempat saya)|giờ (?:bên mình|chỗ mình))\b"
    r"|\b(?:pagi|siang|sore|malam) (?P<after_part>wib|wita|wit)\b",
    re.IGNORECASE,
)


def other_zone(text: str, scope: Scope) -> tuple[str, ZoneInfo | None] | None:
    """The words that name another clock than the business's, and its zone where it is known."""
    match = _ZONE.search(text.lower())
    if match is None:
        return None
    start = match.start("after_part") if match["after_part"] else match.start()
    # Lower case can be longer than what was typed ("İ"): then the places do not fit the text.
    words = text[start : match.end()] if len(text.lower()) == len(text) else match[0][start - match.start() :]
    if match["mine"]:
        return words, None
    if match["offset"]:
        hours = int(re.sub(r"[^\d+-]", "", match["offset"]))
        # No place on earth is farther than fourteen hours from Greenwich.
        if abs(hours) > 14:
            return None
        # The names in Etc/ have their signs turned round: Etc/GMT-7 is seven hours ahead of Greenwich.
        zone = ZoneInfo(f"Etc/GMT{-hours:+d}" if hours else "Etc/UTC")
    else:
        name = match["place"] or match["behind"] or match["short"] or match["named"] or match["after_part"]
        zone = ZoneInfo(_ZONES[name.lower()])
    # Another name for the same clock (WIB in Jakarta) is no doubt.
    same = scope.now.astimezone(zone).utcoffset() == scope.now.utcoffset()
    return None if same else (words, zone)


def in_other_zone(value: DateValue, words: str, zone: ZoneInfo | None, scope: Scope) -> DateDoubt | None:
    """A time by another clock: what it is by ours, and what it would be if ours was meant; days alone are no doubt."""
    moments = value.value
    if isinstance(moments, Span):
        if not isinstance(moments.start, datetime | time):
            return None
        theirs: Moment | Span | None = None
        start, end = _ours(moments.start, zone, scope), _ours(moments.end, zone, scope)
        theirs = Span(start, end) if start is not None and end is not None else None
    elif isinstance(moments, datetime | time):
        theirs = _ours(moments, zone, scope)
    else:
        return None
    candidates = (moments,) if theirs is None else (theirs, moments)
    said = value.text if words in value.text else f"{value.text} {words}"
    return DateDoubt(DoubtKind.OTHER_ZONE, said, candidates)


def _ours(moment: Moment, zone: ZoneInfo | None, scope: Scope) -> Moment | None:
    if zone is None:
        return None
    try:
        if isinstance(moment, datetime):
            return moment.replace(tzinfo=zone).astimezone(scope.now.tzinfo)
        if isinstance(moment, time):
            there = datetime.combine(scope.today, moment, tzinfo=zone)
            return there.astimezone(scope.now.tzinfo).time()
    except OverflowError:
        return None
    return None
