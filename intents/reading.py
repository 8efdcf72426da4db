"""All slots of one message, read at once."""

from __future__ import annotations

from datetime import date, datetime

from intents import concepts, counts, facts, language, relations, sums
from intents.dates.parse import find_dates
from intents.dates.values import FoundDates
from intents.features import words_of
from intents.understanding import Entities, ExpectedAnswer, Language

_LONGEST = 800
_MIXED_UP_TO = 300
"""Characters: only short messages are read in languages they do not seem to be in."""


def facts_of(
    text: str,
    spoken: Language,
    today: date,
    now: datetime,
    expecting: ExpectedAnswer = ExpectedAnswer.NOTHING,
) -> Entities:
    """The slots of a message in a language; a bare number is what is being waited for."""
    text = text[:_LONGEST]
    # Phone numbers and sums look like dates and times ("0812-12-10", "2.30jt").
    blanked = facts.without_numbers_of_other_kinds(text)
    own = language.detect(text)
    # Vietnamese is read as nothing else: "phụ thu" is no Thursday.
    others = () if Language.VI in {own, spoken} or len(text) > _MIXED_UP_TO else tuple(Language)
    found = FoundDates()
    # The words of the message's own language first, then of the conversation's, then of any other.
    for each in dict.fromkeys((own or spoken, spoken, *others)):
        found = find_dates(blanked, each, today, now, time_is_asked=expecting is ExpectedAnswer.WISH)
        if found.dates or found.part_of_day or found.excluded or found.doubts:
            break
    return Entities(
        dates=found.dates,
        part_of_day=found.part_of_day,
        excluded=found.excluded,
        moved_from=found.moved_from,
        doubts=found.doubts,
        relations=relations.relations(text),
        guests=counts.guests(text, expecting),
        nights=counts.nights(text),
        ordinal=facts.ordinal(text, expecting),
        money=sums.money(text),
        phones=facts.phones(text, spoken),
        emails=facts.emails(text),
        name=facts.name(text, expecting),
        service_words=concepts.service_words(words_of(text)),
    )
