"""What a model names counts where the message bears it out; it never says yes, cancels or silences on its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from intents.joining import is_worth_asking, joined
from intents.said import ModelAnswer, ModelQuestion, Option
from intents.understand import understand
from intents.understanding import Confidence, ExpectedAnswer, Intent, Language, Understanding
from tests.model_server import GOOD

NOW = datetime(2026, 3, 16, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
SERVICES = (Option("massage", "Balinese massage"),)
TOPICS = (Option("parking", "Where can I park?"),)


def read(text: str, expecting: ExpectedAnswer = ExpectedAnswer.NOTHING, **said: Any) -> Understanding:
    local = understand(text, expecting, NOW.date(), NOW, None)
    question = ModelQuestion(text, expecting, NOW, SERVICES, TOPICS)
    return joined(local, ModelAnswer.model_validate(GOOD | said), question, None)


VAGUE = "hmm my back is killing me could you send somebody"


def test_the_models_intent_is_taken_and_the_reading_says_whose_it_is() -> None:
    meant = read(VAGUE)
    assert (meant.intent, meant.confidence, meant.by_model) == (Intent.BOOK, Confidence.ACT, True)


@pytest.mark.parametrize(
    ("confidence", "sure"), [(0.2, Confidence.ASK_BACK), (0.4, Confidence.DID_YOU_MEAN), (0.6, Confidence.ACT)]
)
def test_a_models_doubt_is_carried_on(confidence: float, sure: Confidence) -> None:
    assert read(VAGUE, confidence=confidence).confidence is sure


@pytest.mark.parametrize("intent", [Intent.CONFIRM, Intent.CANCEL, Intent.RESCHEDULE])
def test_what_moves_money_is_only_a_question_while_nobody_but_the_model_reads_it(intent: Intent) -> None:
    unsure = replace(
        understand(VAGUE, ExpectedAnswer.NOTHING, NOW.date(), NOW, None),
        intent=Intent.OOS,
        confidence=Confidence.ASK_BACK,
    )
    said = ModelAnswer.model_validate(GOOD | {"intents": [intent], "confidence": 1.0})
    meant = joined(unsure, said, ModelQuestion(VAGUE, ExpectedAnswer.CONFIRMATION, NOW), None)
    assert (meant.intent, meant.confidence) == (intent, Confidence.DID_YOU_MEAN)


@pytest.mark.parametrize("intent", [Intent.CONFIRM, Intent.CANCEL, Intent.RESCHEDULE])
def test_what_moves_money_gives_way_to_a_reading_of_ours_that_is_sure_enough(intent: Intent) -> None:
    ours = replace(
        understand(VAGUE, ExpectedAnswer.NOTHING, NOW.date(), NOW, None), intent=Intent.BOOK, confidence=Confidence.ACT
    )
    said = ModelAnswer.model_validate(GOOD | {"intents": [intent], "confidence": 1.0})
    meant = joined(ours, said, ModelQuestion(VAGUE, ExpectedAnswer.CONFIRMATION, NOW), None)
    assert (meant.intent, meant.confidence, meant.by_model) == (Intent.BOOK, Confidence.ACT, False)


@pytest.mark.parametrize("intent", [Intent.CONFIRM, Intent.CANCEL, Intent.RESCHEDULE])
def test_what_moves_money_is_no_afterthought_of_a_model(intent: Intent) -> None:
    assert read(VAGUE, intents=["ask_price", intent]).intents == (Intent.ASK_PRICE,)


@pytest.mark.parametrize("intent", [Intent.OPT_OUT, Intent.OPT_IN])
def test_silence_is_the_customers_own_word(intent: Intent) -> None:
    assert intent not in read(VAGUE, intents=[intent]).intents
    assert intent not in read(VAGUE, intents=["book", intent]).intents


@pytest.mark.parametrize(
    ("text", "named", "counted"),
    [
        ("for our backs", 2, None),
        ("for the 2 backs", 2, 2),
        ("cho hai cái lưng", 2, 2),
        ("buat tiga punggung", 3, 3),
        ("come at 5", 4, None),
    ],
)
def test_guests_the_model_counts_must_stand_in_the_message(text: str, named: int, counted: int | None) -> None:
    assert read(text, guests=named).entities.guests == counted


def test_an_offer_the_model_picks_must_be_counted_in_the_message_and_asked_for() -> None:
    assert read("hmm that nice one there", ExpectedAnswer.SLOT, ordinal=2).entities.ordinal is None
    assert read("hmm maybe then that nice second one over there", ExpectedAnswer.SLOT, ordinal=2).entities.ordinal == 2
    assert read("hmm option number two I suppose", ExpectedAnswer.NOTHING, ordinal=1).entities.ordinal != 1


@pytest.mark.parametrize(("named", "kept"), [("massage", "massage"), ("holograms", None), ("Booked! IDR 1", None)])
def test_a_service_or_topic_that_is_not_in_the_lists_is_not_named(named: str, kept: str | None) -> None:
    assert read(VAGUE, service=named).entities.service == kept
    assert read(VAGUE, topic=named).entities.topic is None
    assert read(VAGUE, topic="parking").entities.topic == "parking"


@pytest.mark.parametrize(
    ("words", "value", "read_as"),
    [
        ("saturdayish", "2026-03-21", date(2026, 3, 21)),
        ("Saturdayish", "2026-03-21T15:00", datetime(2026, 3, 21, 15, tzinfo=NOW.tzinfo)),
        ("saturdayish", "15:00", time(15)),
        ("saturdayish", "2026-03-14", None),
        ("saturdayish", "2026-03-16T09:00", None),
        ("saturdayish", "2036-03-21", None),
        ("saturdayish", "2026-02-31", None),
        ("saturdayish", "next week", None),
        ("sunday", "2026-03-22", None),
        ("", "2026-03-22", None),
    ],
)
def test_a_day_the_model_reads_has_its_words_in_the_message_and_is_not_past(
    words: str, value: str, read_as: object
) -> None:
    meant = read("could someone drop in saturdayish", when=[{"words": words, "value": value}])
    assert [one.value for one in meant.entities.dates] == ([] if read_as is None else [read_as])


def test_our_own_reading_of_a_day_is_never_the_models() -> None:
    meant = read("could someone drop in tomorrow", when=[{"words": "tomorrow", "value": "2026-03-25"}])
    assert [one.value for one in meant.entities.dates] == [date(2026, 3, 17)]


def test_a_language_spoken_before_stays() -> None:
    local = understand("hmm gitu ya", ExpectedAnswer.NOTHING, NOW.date(), NOW, Language.VI)
    question = ModelQuestion("hmm gitu ya", ExpectedAnswer.NOTHING, NOW)
    assert joined(local, ModelAnswer.model_validate(GOOD), question, Language.VI).language is Language.VI


@pytest.mark.parametrize("text", ["STOP", "ya", "không", "hello", "MULAI"])
def test_what_a_rule_decides_is_never_put_to_a_model(text: str) -> None:
    assert not is_worth_asking(understand(text, ExpectedAnswer.NOTHING, NOW.date(), NOW, None))
