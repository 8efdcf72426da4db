"""Days that only other words make days: bare numbers of coming and going, "the day after" what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from intents.dates import amounts, calendar
from intents.dates.amounts import read_amount
from intents.dates.days import read_day
from intents.dates.mention import Mention
from intents.dates.numbers import is_at, read_number
from intents.dates.spoken import DAY, Scope, a_day
from intents.dates.tokens import Sense, Token
from intents.dates.values import Language, Span


def day_after(tokens: Sequence[Token], i: int, found: Sequence[Mention]) -> Mention | None:
    """ "Not tomorrow, the day after", "tgl 14 atau besoknya": one day on from the day said before it; "four days later"
    where a guest leaves."""
    said = next((each.day for each in reversed(found) if each.day is not None), None)
    start = None if said is None else said.readings[0]
    if start is None or isinstance(start, Span):
        return None
    words = " ".join(token.text for token in tokens[i : i + 3])
    phrase = next((each for each in _THE_NEXT if words == each or words.startswith(f"{each} ")), None)
    if phrase is not None and not is_at(tokens, i + phrase.count(" ") + 1, Sense.DAY):
        after = i + phrase.count(" ") + 1
        day = a_day(after, calendar.plus_days(start, 1))
        return None if day is None else Mention(i, after, day=day)
    amount = read_amount(tokens, i) if is_at(tokens, i - 1, Sense.LEAVE) else None
    if amount is None or amount.unit < DAY or not is_at(tokens, amount.after, Sense.AHEAD):
        return None
    day = a_day(amount.after + 1, amounts.shifted(start, amount, 1))
    return None if day is None else Mention(i, amount.after + 1, day=day)


_THE_NEXT: Final = (
    "the day after",
    "the next day",
    "the following day",
    "besoknya",
    "hari berikutnya",
    "hôm sau",
    "hom sau",
)


def stay(tokens: Sequence[Token], i: int, scope: Scope) -> Mention | None:
    """ "check in 24, check out 27": bare numbers where a guest comes and goes are days of the month."""
    if not is_at(tokens, i, Sense.ARRIVE):
        return None
    first = _bare_day(tokens, i + 1, scope)
    if first is None or first.day is None:
        return None
    j = first.after
    while j < first.after + _BETWEEN and is_at(tokens, j, Sense.CONNECT, Sense.SEP):
        j += 1
    last = _bare_day(tokens, j + 1, scope) if is_at(tokens, j, Sense.LEAVE) else None
    start = first.day.readings[0]
    if last is None or last.day is None or isinstance(start, Span):
        return None
    end = last.day.readings[0]
    if not isinstance(end, Span) and end < start:
        end = calendar.coming_day_of_month(start, end.day) or end
    whole = None if isinstance(end, Span) else a_day(last.after, calendar.span(start, end))
    return None if whole is None else Mention(i, last.after, day=whole)


_BETWEEN: Final = 3


def _bare_day(tokens: Sequence[Token], i: int, scope: Scope) -> Mention | None:
    while is_at(tokens, i, Sense.DATE_WORD) or (i < len(tokens) and tokens[i].text in {"on", ":"}):
        i += 1
    return numbered_day(tokens, i, scope, Mention(i, i))


def numbered_day(tokens: Sequence[Token], i: int, scope: Scope, mention: Mention) -> Mention | None:
    """The day of the month whose bare number stands at token `i`."""
    number = read_number(tokens, i)
    if number is None or not number.is_digits or not 1 <= number.value <= 31:
        return None
    if is_at(
        tokens,
        number.after,
        Sense.HOUR,
        Sense.PEOPLE,
        Sense.UNIT,
        Sense.MONTH_WORD,
        Sense.MONTH,
        Sense.PART,
        Sense.MERIDIEM,
    ):
        return None
    if scope.language is Language.EN:
        # there a bare number needs its "th" to be read as a date by itself
        day = a_day(i + 1, calendar.coming_day_of_month(scope.today, number.value))
    else:
        dated = (Token("", tokens[i].start, tokens[i].end, {Sense.DATE_WORD: 1}), tokens[i])
        day = read_day(dated, 0, scope)
    return None if day is None else replace(mention, day=day, after=i + 1)
