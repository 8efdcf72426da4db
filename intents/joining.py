"""A model's answer joined to our own reading: what it names is used where the message bears it out, and nowhere else.

Sums, phones, e-mail and names are always our own reading. A yes, a no to a booking and silence are never the model's
to say alone: with nobody but the model behind them they give way to our own reading, or become a question.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from intents import counts, facts
from intents.dates.values import DateKind, DateValue
from intents.said import ModelAnswer, ModelQuestion, When
from intents.understanding import MONEY_MOVING, Confidence, Entities, ExpectedAnswer, Intent, Language, Understanding

ASK_BELOW: Final = 0.3
ACT_ABOVE: Final = 0.5
UNSURE_BELOW: Final = 0.85
"""A local reading surer than this is not put to a model: it is right often enough, at once and for nothing."""
FARTHEST: Final = timedelta(days=730)
_SILENCE: Final = frozenset({Intent.OPT_OUT, Intent.OPT_IN})


def is_worth_asking(local: Understanding) -> bool:
    """Whether a model could read this better than we do: no rule decided it, and we are not sure of it."""
    return not local.by_rule and local.score < UNSURE_BELOW


def joined(
    local: Understanding, said: ModelAnswer, question: ModelQuestion, language: Language | None
) -> Understanding:
    """The model's intents and readings, as far as they may be used, with our own facts."""
    # Silence is the customer's own word; what moves money is no afterthought of a model.
    named = [one for one in dict.fromkeys(said.intents) if one not in _SILENCE]
    main, others = named[:1], named[1:]
    kept = [*main, *(one for one in others if one not in MONEY_MOVING or one in local.intents)]
    intents = tuple(one for one in kept if one is not Intent.OOS) or (Intent.OOS,)
    sure = Confidence.DID_YOU_MEAN if said.confidence < ACT_ABOVE else Confidence.ACT
    if said.confidence < ASK_BELOW:
        sure = Confidence.ASK_BACK
    if intents[0] in MONEY_MOVING and local.intent is not intents[0]:
        # A model must not talk us into what moves money; where we are not sure ourselves, we ask.
        if local.confidence is Confidence.ACT:
            return replace(local, entities=_filled(local.entities, said, question))
        sure = Confidence.DID_YOU_MEAN if sure is Confidence.ACT else sure
    return replace(
        local,
        intent=intents[0],
        intents=intents,
        score=said.confidence,
        confidence=sure,
        language=local.wanted_language or language or local.detected or said.language,
        entities=_filled(local.entities, said, question),
        runner_up=local.intent if local.intent is not intents[0] else local.runner_up,
        by_rule=False,
        by_model=True,
    )


def _filled(own: Entities, said: ModelAnswer, question: ModelQuestion) -> Entities:
    services = {one.id for one in question.services}
    topics = {one.id for one in question.topics}
    # A model may count people that nobody named: its number must stand in the message, in figures or words.
    guests = said.guests if said.guests is not None and said.guests in _numbers(question.text) else None
    # Which offer: only where one is chosen among offers, and by a number the message has.
    ordinal = said.ordinal if question.expecting in {ExpectedAnswer.SLOT, ExpectedAnswer.SERVICE} else None
    if ordinal is not None and ordinal not in _numbers(question.text):
        ordinal = facts.ordinal(question.text, ExpectedAnswer.SLOT) if ordinal != 0 else None
    return replace(
        own,
        guests=own.guests if own.guests is not None else guests,
        ordinal=own.ordinal if own.ordinal is not None else ordinal,
        dates=own.dates or tuple(value for each in said.when if (value := _date(each, question)) is not None),
        service=said.service if said.service in services else None,
        topic=said.topic if said.topic in topics else None,
    )


def _numbers(text: str) -> set[int]:
    words = re.findall(r"\w+", text)
    return {number for word in words if (number := counts.guests(word, ExpectedAnswer.GUESTS)) is not None}


def _date(when: When, question: ModelQuestion) -> DateValue | None:
    words = when.words.strip()
    # What the model adds of its own is no date: the words must be the customer's.
    if not words or words.casefold() not in question.text.casefold():
        return None
    value = _moment(when.value)
    if value is None:
        return None
    if isinstance(value, time):
        return DateValue(DateKind.TIME, value, words)
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=question.now.tzinfo)
        is_near = question.now <= moment <= question.now + FARTHEST
        return DateValue(DateKind.DATETIME, moment, words) if is_near else None
    today = question.now.date()
    return DateValue(DateKind.DATE, value, words) if today <= value <= today + FARTHEST else None


def _moment(text: str) -> date | time | datetime | None:
    for pattern, read in _SHAPES:
        if re.fullmatch(pattern, text):
            try:
                return read(text)
            except ValueError:
                return None
    return None


_SHAPES = (
    (r"\d{4}-\d{2}-\d{2}", date.fromisoformat),
    (r"\d{2}:\d{2}", time.fromisoformat),
    (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", datetime.fromisoformat),
)
