"""Finding every mention of time in a message, and leaving alone what only looks like one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intents.dates import clock as clocks
from intents.dates.clock import PARTS, SpokenTime
from intents.dates.days import read_day
from intents.dates.mention import Mention
from intents.dates.numbers import is_at, read_number, sense_at
from intents.dates.spoken import Scope
from intents.dates.stays import day_after, numbered_day, stay
from intents.dates.tokens import Sense, Token
from intents.dates.values import Language

MOST_LOOKS = 16
"""Nobody speaks of time so often in one message; who does is read up to there."""


def scan(tokens: Sequence[Token], scope: Scope, *, asked: bool) -> list[Mention]:
    """Every mention, in order; each token is looked at from its own place once, and so many of them at most."""
    found: list[Mention] = []
    i = looked = 0
    while i < len(tokens) and looked < MOST_LOOKS:
        near = tokens[max(0, i - 1) : i + 5]
        is_bare_number = tokens[i].has(Sense.NUM) and all(token.senses.keys() <= _SAYS_NOTHING for token in near)
        # A number with no word about time near it is left at once: a message of figures must cost little.
        if tokens[i].senses.keys() <= _NEVER_FIRST or (is_bare_number and not asked):
            i += 1
            continue
        skipped = _skipped(tokens, i)
        if skipped > i:
            i = skipped
            continue
        mentions = _choice(tokens, i, scope)
        mention = (
            None
            if mentions
            else stay(tokens, i, scope) or _clock_range(tokens, i, scope) or _mention_at(tokens, i, scope, asked)
        )
        mention = day_after(tokens, i, found) or mention
        if mention is not None:
            mentions = (mention,)
            j = mention.after + 1
            # "tanggal 20 atau 21": the second number is a day like the first.
            if mention.day is not None and mention.day.elsewhere and is_at(tokens, mention.after, Sense.OR):
                other = numbered_day(tokens, j, scope, Mention(j, j))
                mentions = (mention,) if other is None else (mention, other)
        looked += 1
        found.extend(mentions)
        i = mentions[-1].after if mentions else i + 1
    return found


_NEVER_FIRST = frozenset({
    Sense.CONNECT, Sense.PEOPLE, Sense.SEP, Sense.AHEAD, Sense.AGO, Sense.OR, Sense.OF, Sense.TO, Sense.HOUR,
    Sense.MERIDIEM, Sense.MINUTES, Sense.APPROX, Sense.TEN_WORD, Sense.TEEN_WORD, Sense.LUNAR,
})  # fmt: skip
"""What no mention begins with."""
_SAYS_NOTHING = frozenset({Sense.NUM, Sense.ONE, Sense.PEOPLE, Sense.CONNECT, Sense.TENS, Sense.TEN_PLUS})


_FIGURES = (Sense.NUM, Sense.DOT_CLOCK, Sense.DAY_MONTH)
_TELLS_TIME = (Sense.HOUR, Sense.MERIDIEM, Sense.PART, Sense.MONTH, Sense.MONTH_WORD, Sense.UNIT, Sense.HALF_AFTER)
_NAMES_OF_STREETS = (Sense.DAY_MONTH, Sense.WEEKDAY, Sense.MONTH, Sense.HOLIDAY, Sense.DAY, Sense.NUM)


def _skipped(tokens: Sequence[Token], i: int) -> int:
    """The token after a stretch that only looks like time: "room 5", "version 2.10", "jalan Sabtu", "Mai" the name."""
    if tokens[i].text == "24/7" and i > 0 and tokens[i - 1].text in _ALWAYS_OPEN:
        return i + 1
    if tokens[i].has(Sense.PLAIN) or _is_other_word(tokens, i):
        return i + 1
    # "Siang kak, besok jam 8": the first word greets and says nothing about tomorrow.
    only_part = i == 0 and tokens[0].has(Sense.PART) and not is_at(tokens, 0, Sense.DAY, Sense.FIXED, Sense.MARK)
    if only_part and len(tokens) > 2 and tokens[1].text in _GREETED:
        return 1
    if is_at(tokens, i, Sense.STREET) and is_at(tokens, i + 1, *_NAMES_OF_STREETS):
        return i + 2
    numbered = is_at(tokens, i, Sense.LABEL) and is_at(tokens, i + 1, *_FIGURES) and not is_at(tokens, i, Sense.NUM)
    if not numbered or is_at(tokens, i + 1, Sense.WEEKDAY, Sense.DAY):
        return i
    number = read_number(tokens, i + 1)
    after = i + 2 if number is None else number.after
    return i if is_at(tokens, after, *_TELLS_TIME) else after


_GREETED_WORDS = """
    kak kakak ka min admin pak bapak bu ibu mas mbak gan sis bro bang all semua team guys ! . ,
"""
_ALWAYS_OPEN = frozenset({"open", "available", "online", "service", "support", "buka", "layanan", "cửa", "cua", ","})
_GREETED = frozenset(_GREETED_WORDS.split())


_ENGLISH_WORDS = frozenset({"sun", "sat", "wed", "mon"})
_LEADS_A_WEEKDAY = frozenset({
    "on", "this", "next", "last", "coming", "from", "until", "till", "by", "for", "every", "each", ",", "-",
    "(", "/", "to",
})  # fmt: skip
_FOLLOWS_A_WEEKDAY = (
    Sense.NUM, Sense.CLOCK, Sense.DOT_CLOCK, Sense.DAY_MONTH, Sense.MONTH, Sense.PART, Sense.MERIDIEM, Sense.SEP,
    Sense.OR, Sense.WEEKDAY, Sense.FIXED,
)  # fmt: skip
_GOES_WITH_A_WEEKDAY = (Sense.UNIT, Sense.THIS, Sense.NEXT, Sense.NUM, Sense.CLOCK, Sense.MARK, Sense.DATE_WORD)
_TITLES = frozenset(["chị", "anh", "em", "cô", "chú", "bác", "bạn", "bé", "chi", "co", "chu", "bac", "ban", "be"])


def _is_other_word(tokens: Sequence[Token], i: int) -> bool:
    token = tokens[i]
    if token.text in _ENGLISH_WORDS:
        return not _is_short_weekday(tokens, i)
    if token.text == "mai":
        return token.is_capital and _is_name(tokens, i)
    if token.text == "nay" and i > 0:
        return not (token.has(Sense.DAY) and is_at(tokens, i + 1, Sense.NUM, Sense.CLOCK, Sense.MARK, Sense.PART))
    counted = i > 0 and token.has(Sense.WEEKDAY) and token.text.startswith(("thứ ", "thu "))
    return counted and is_at(tokens, i - 1, Sense.LABEL) and not is_at(tokens, i + 1, *_GOES_WITH_A_WEEKDAY)


def _is_short_weekday(tokens: Sequence[Token], i: int) -> bool:
    """ "sun", "sat", "wed" are weekdays near other words about time, after "on" or "next", or nearly alone."""
    if len(tokens) <= 3 or (i == 0 and tokens[1].text in {",", "."}):
        return True
    if is_at(tokens, i - 1, Sense.OR, Sense.SEP) and is_at(tokens, i - 2, Sense.WEEKDAY):
        return True
    if i > 0 and (tokens[i - 1].text in _LEADS_A_WEEKDAY or is_at(tokens, i - 1, Sense.WEEKDAY, Sense.CLOCK)):
        return True
    if is_at(tokens, i + 1, Sense.WEAK_MARK):
        return is_at(tokens, i + 2, Sense.NUM, Sense.CLOCK, Sense.DOT_CLOCK, Sense.FIXED)
    return is_at(tokens, i + 1, *_FOLLOWS_A_WEEKDAY)


def _is_name(tokens: Sequence[Token], i: int) -> bool:
    """ "Mai" is tomorrow at the start of a sentence and a woman's name in the middle of one."""
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    if following is not None and following.is_capital and not following.senses:
        return True
    opens = i == 0 or tokens[i - 1].text in {".", "!", "?", ":"}
    if opens:
        return following is not None and following.text in {"và", "ơi", "với"}
    return tokens[i - 1].text in _TITLES or not (following is not None and following.senses)


def _mention_at(tokens: Sequence[Token], i: int, scope: Scope, asked: bool) -> Mention | None:
    day = read_day(tokens, i, scope)
    if day is not None:
        hour = _hour_behind(tokens, day.after - 1) if day.part is not None else None
        if hour is not None:
            evening = SpokenTime(hour, 0, day.after + 1, part=day.part, is_sure=True)
            return Mention(i, day.after + 1, day=day, clock=evening, part=day.part)
        return Mention(i, day.after, day=day, part=day.part)
    is_part = tokens[i].has(Sense.PART) and _is_part_here(tokens, i)
    if is_part and scope.language is not Language.EN:
        # "sáng 29": a number too great for a morning's hour is a day of the month.
        number = sense_at(tokens, i + 1, Sense.NUM)
        part_of_it = Mention(i, i, part=PARTS[tokens[i].senses[Sense.PART]])
        is_day = number is not None and number >= _FIRST_NO_HOUR
        numbered = numbered_day(tokens, i + 1, scope, part_of_it) if is_day else None
        if numbered is not None:
            return numbered
    if not is_part and _opens_a_day(tokens, i, scope):
        return None
    moved_to = is_at(tokens, i + 1, Sense.DAY) and (
        tokens[i - 1].text in _MOVED_TO if i else is_at(tokens, 2, Sense.PART)
    )
    clock = clocks.read_clock(tokens, i, scope.language, asked=asked or moved_to)
    said_at = moved_to or tokens[i].text in _AT or (i > 0 and is_at(tokens, i - 1, Sense.DAY, Sense.WEEKDAY))
    if clock is not None and _may_stand(tokens, i, clock, asked or said_at):
        said = Mention(i, clock.after, clock=clock)
        number = sense_at(tokens, clock.after, Sense.NUM)
        # "8 giờ tối 24": behind its part of the day a number too great for an hour is the day
        is_day = clock.part is not None and scope.language is not Language.EN and (number or 0) >= _FIRST_NO_HOUR
        return (numbered_day(tokens, clock.after, scope, said) if is_day else None) or said
    part = tokens[i].of(Sense.PART)
    if part is not None and is_part:
        hour = _hour_behind(tokens, i)
        if hour is not None:
            return Mention(i, i + 2, clock=SpokenTime(hour, 0, i + 2, part=PARTS[part], is_sure=True))
        return Mention(i, i + 1, part=PARTS[part])
    return None


def _hour_behind(tokens: Sequence[Token], i: int) -> int | None:
    """ "tomorrow evening 6", "besok sore 5", "tối mai 7": the hour right behind its part of the day, before a pause."""
    number = read_number(tokens, i + 1)
    if number is None or not number.is_digits or not 1 <= number.value <= 12 or number.is_ordinal:
        return None
    after = number.after
    ends = after >= len(tokens) or not tokens[after].text[0].isalnum() or tokens[after].text in _SMALL_AFTER
    return number.value if ends and not is_at(tokens, after, Sense.SEP, Sense.OR) else None


_SMALL_AFTER = frozenset(
    {"please", "pls", "ya", "kak", "dong", "nhé", "nhe", "nha", "aja", "ok", "for", "untuk", "cho"}
)


def _opens_a_day(tokens: Sequence[Token], i: int, scope: Scope) -> bool:
    """ "around 3 June", "make it from 10 to 12 June": what the small words lead to is a day."""
    j = i
    while j < i + 3 and (
        is_at(tokens, j, Sense.FROM) or (is_at(tokens, j, Sense.WEAK_MARK) and not is_at(tokens, j, Sense.NUM))
    ):
        j += 1
    return j > i and read_day(tokens, j, scope) is not None


_MOVED_TO = frozenset({"to", "ke", "sang", "qua"})
"""Before a number with a day after it: "push it back to 9 tomorrow"."""
_AT = frozenset({"at", "@"})
_FIRST_NO_HOUR = 13


def _may_stand(tokens: Sequence[Token], i: int, clock: SpokenTime, asked: bool) -> bool:
    """A weakly marked number is a time only before a pause or another word about time."""
    if clock.is_sure or clock.meridiem is not None or clock.part is not None:
        return True
    following = tokens[clock.after] if clock.after < len(tokens) else None
    if (
        following is not None
        and following.is_capital
        and not following.senses
        and tokens[clock.after - 1].has(Sense.NUM)
    ):
        return False
    if asked:
        return clock.hour < 24
    if following is None or not following.text[0].isalnum():
        return True
    return bool(following.senses) and not following.has(Sense.PEOPLE)


_DOUBTFUL_PARTS = {"toi": "nay mai mot kia thu ngay hom", "sang": "nay mai mot kia som hom", "dem": "nay mai hom qua"}
_NOT_AFTER = frozenset(["doi", "chuyen", "doi_lich", "dời", "chuyển"])


def _is_part_here(tokens: Sequence[Token], i: int) -> bool:
    """Without diacritics "toi" is also "I" and "to": it is an evening only next to a day or a time."""
    following = _DOUBTFUL_PARTS.get(tokens[i].text)
    if following is None:
        return not (tokens[i].has(Sense.FIXED))
    if i and tokens[i - 1].text in _NOT_AFTER:
        return False
    if tokens[i].has(Sense.SEP) and is_at(tokens, i - 1, Sense.WEEKDAY) and is_at(tokens, i - 2, Sense.FROM):
        return False
    # "mai toi chu nhat": from tomorrow till Sunday
    if tokens[i].has(Sense.SEP) and is_at(tokens, i - 1, Sense.DAY) and is_at(tokens, i + 1, Sense.WEEKDAY):
        return False
    beside_day = i + 1 < len(tokens) and (
        tokens[i + 1].text in following.split() or is_at(tokens, i + 1, Sense.WEEKDAY, Sense.DAY)
    )
    opens_a_date = i == 0 and tokens[i].text == "sang" and is_at(tokens, 1, Sense.NUM)
    return beside_day or opens_a_date or (i > 0 and is_at(tokens, i - 1, Sense.WEEKDAY, Sense.HOUR, Sense.CLOCK))


_JOINS_TWO = frozenset({"and", "&", "dan", "sama", "và", "va"})


_ENDS_A_DAY = (Sense.DAY, Sense.WEEKDAY, Sense.MONTH, Sense.DAY_MONTH, Sense.FULL_DATE)


def _clock_range(tokens: Sequence[Token], i: int, scope: Scope) -> Mention | None:
    """ "from 2 to 4pm", "jam 2-4 sore", "từ 3h đến 5h": the first time takes its half of the day from the second."""
    opened = is_at(tokens, i, Sense.FROM)
    j = i + 1 if opened else i
    first = clocks.read_clock(tokens, j, scope.language, asked=True)
    if first is None or not is_at(tokens, first.after, Sense.SEP):
        return None
    if not opened and tokens[first.after].text in _JOINS_TWO:
        return None
    second = clocks.read_clock(tokens, first.after + 1, scope.language, asked=True)
    # "from 2 to 4 June": what looks like a range of hours is one of days.
    if second is None or read_day(tokens, j, scope) is not None:
        return None
    # "Friday 2 to 4", "1 September, 10 to 12"
    k = i - 2 if i and tokens[i - 1].text == "," else i - 1
    marked = opened or first.is_sure or is_at(tokens, j, Sense.MARK) or is_at(tokens, k, *_ENDS_A_DAY)
    if not (second.is_sure or second.meridiem is not None or second.part or marked):
        return None
    if not _may_stand(tokens, i, second, asked=False):
        return None
    return Mention(i, second.after, clock=first, until=second)


def _choice(tokens: Sequence[Token], i: int, scope: Scope) -> tuple[Mention, ...]:
    """ "3 or 4 pm", "jam 3 atau 4 sore": two times, the first in the half of the day of the second."""
    if not is_at(tokens, i, Sense.NUM, Sense.MARK, Sense.WEAK_MARK, Sense.CLOCK):
        return ()
    first = clocks.read_clock(tokens, i, scope.language, asked=True)
    if first is None or not is_at(tokens, first.after, Sense.OR):
        return ()
    second = clocks.read_clock(tokens, first.after + 1, scope.language, asked=True)
    # "3 or 4 June" is a choice of days, and read as such.
    if second is None or read_day(tokens, i, scope) is not None:
        return ()
    marked = first.is_sure or is_at(tokens, i, Sense.MARK) or tokens[i].text in _AT
    # "9 or 10 on Wednesday"
    on_day = second.after + (1 if second.after < len(tokens) and tokens[second.after].text == "on" else 0)
    marked = marked or is_at(tokens, on_day, Sense.DAY, Sense.WEEKDAY)
    if not (second.is_sure or second.meridiem is not None or second.part or marked):
        return ()
    if not _may_stand(tokens, i, second, asked=False):
        return ()
    if first.meridiem is None and first.part is None:
        first = replace(first, meridiem=second.meridiem, part=second.part)
    after = first.after
    return Mention(i, after, clock=first), Mention(after + 1, second.after, clock=second, is_choice=True)
