"""What somebody looks for in one box, told apart: a reference, digits, a sum, a day, a name or words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from intents.dates.parse import find_dates
from intents.dates.values import Language
from payments.domain.money import exponent


class SearchKind(StrEnum):
    """By what a conversation is found; in this order, the surest first."""

    REFERENCE = "reference"
    NUMBER = "number"
    NAME = "name"
    AMOUNT = "amount"
    DAY = "day"
    WORDS = "words"


_REFERENCE: Final = re.compile(r"^[A-Z]{2}-[A-Z0-9-]{4,30}$")
_SUM: Final = re.compile(
    r"^(?:[a-z]{2,3}\.?\s*|₫|\$)?([0-9][0-9.,]*)\s*"
    r"(k|rb|ribu|ng[aà]n|ngh[iì]n|jt|juta|tr|tri[eệ]u|[a-z]{3}|đ|₫)?$"
)
_TIMES: Final = {"k": 1000, "rb": 1000, "ribu": 1000, "ngan": 1000, "ngàn": 1000, "nghin": 1000, "nghìn": 1000}
_MILLIONS: Final = frozenset({"jt", "juta", "tr", "trieu", "triệu"})


@dataclass(frozen=True, slots=True)
class SearchWish:
    """One box's worth of words, in all the ways it may be meant."""

    text: str
    reference: str | None = None
    amount: int | None = None
    """In whole minor units of the house's currency."""
    days: tuple[date, ...] = ()


def wish_of(text: str, currency: str, zone: ZoneInfo, now: datetime, languages: Sequence[str]) -> SearchWish:
    """What the words of that box may mean."""
    text = " ".join(text.split())
    upper = text.upper()
    reference = upper if _REFERENCE.match(upper) and any(letter.isdigit() for letter in upper) else None
    return SearchWish(text, reference, _amount(text, currency), _days(text, zone, now, languages))


def _amount(text: str, currency: str) -> int | None:
    """The sum that these words are, if they are one and nothing else."""
    found = _SUM.match(text.casefold())
    if found is None:
        return None
    written, unit = found[1], found[2] or ""
    decimals = exponent(currency)
    whole, cents = written, ""
    # the last mark begins the decimals where as many digits follow as the currency has; others group thousands
    if decimals and (split := re.match(rf"^(.*)[.,]([0-9]{{{decimals}}})$", written)):
        whole, cents = split[1], split[2]
    factor = 1_000_000 if unit in _MILLIONS else _TIMES.get(unit, 1)
    if factor > 1 and (split := re.match(r"^([0-9]+)[.,]([0-9]{1,3})$", written)):
        # 1,5 jt
        shift: int = 10**decimals
        return int(int(split[1] + split[2]) * factor * shift // 10 ** len(split[2]))
    digits: str = re.sub(r"[.,]", "", whole)
    if not 3 <= len(digits) + len(str(factor)) - 1 <= 15:
        return None
    minor: int = 10**decimals
    return int(digits) * factor * minor + int(cents or "0")


_FIRST_YEAR, _LAST_YEAR = 2000, 2199


def _days(text: str, zone: ZoneInfo, now: datetime, languages: Sequence[str]) -> tuple[date, ...]:
    """The days that these words may name, by any language of the house."""
    local = now.astimezone(zone)
    found: dict[date, None] = {}
    for language in languages:
        for value in find_dates(text, Language(language), local.date(), local).dates:
            moment = value.value
            if isinstance(moment, datetime):
                found[moment.date()] = None
            elif isinstance(moment, date):
                found[moment] = None
    # nothing is booked near either end of the calendar, and a day more would lead out of it
    return tuple(day for day in found if _FIRST_YEAR <= day.year <= _LAST_YEAR)[:3]
