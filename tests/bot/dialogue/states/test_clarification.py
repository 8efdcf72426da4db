"""Unsure: which of two readings; not understood: once more, then what can be done, then a person."""

from dataclasses import replace

import pytest

from bot.dialogue import clarification
from bot.domain.states import Mode, State
from bot.replies import first_words
from bot.replies.words import say
from intents.understanding import Confidence, Intent, Language, Understanding
from tests.bot.dialogue.states.talk import Talk


def unsure(intent: Intent, second: Intent | None = None, sure: Confidence = Confidence.DID_YOU_MEAN) -> Talk:
    """A talk whose every message is read so."""
    talk = Talk()

    def read(meant: Understanding) -> Understanding:
        return replace(
            meant, intent=intent, intents=(intent,), score=0.4, confidence=sure, runner_up=second, by_rule=False
        )

    talk.read = read
    return talk


def plainly(talk: Talk) -> Talk:
    """From here it is understood as it is."""
    talk.read = None
    return talk


def test_what_has_two_likely_readings_is_asked_with_both_as_buttons() -> None:
    talk = unsure(Intent.BOOKING_STATUS, Intent.ASK_PRICE).writes("hmm that thing there")
    assert talk.choices == ("mean:booking_status", "mean:ask_price", "mean:none")
    assert talk.lead.bookings == ()


def test_the_tapped_reading_means_the_words_that_were_asked_about() -> None:
    talk = unsure(Intent.ASK_PRICE, Intent.BOOK).writes("the massage or so")
    plainly(talk).taps("mean:ask_price")
    assert "IDR 350,000" in talk.last
    assert talk.lead.conversation.misunderstood == 0
    assert talk.lead.conversation.doubted is None


def test_the_first_in_words_is_the_first_button() -> None:
    talk = unsure(Intent.ASK_PRICE, Intent.BOOK).writes("the massage or so")
    assert "IDR 350,000" in plainly(talk).writes("the first one").last


def test_neither_reading_is_one_more_misunderstanding() -> None:
    talk = unsure(Intent.ASK_PRICE, Intent.BOOK).writes("the thing or so")
    plainly(talk).taps(clarification.NOTHING_OF_IT)
    assert talk.lead.conversation.misunderstood == 2
    assert first_words.PERSON in talk.choices


@pytest.mark.parametrize("language", Language)
def test_not_understood_once_asks_again_twice_offers_what_can_be_done_thrice_calls_a_person(language: Language) -> None:
    talk = unsure(Intent.OOS, sure=Confidence.ASK_BACK)
    talk.lead = talk.lead.conversing(language=language, language_chosen=True)
    talk.writes("zzz")
    assert talk.last == say("talk.not_understood", language)
    talk.writes("zzz")
    assert talk.choices == (first_words.HELP, first_words.LANGUAGE, first_words.PERSON)
    talk.writes("zzz")
    assert talk.last == say("talk.person_called", language)
    assert talk.lead.conversation.mode is Mode.AGENT


def test_what_is_beyond_us_three_times_in_a_row_goes_to_a_person_too() -> None:
    talk = unsure(Intent.OOS, sure=Confidence.ACT).writes("who won the match", "and the weather", "and the stars")
    assert talk.lead.conversation.mode is Mode.AGENT


def test_understanding_starts_the_count_anew() -> None:
    talk = unsure(Intent.OOS, sure=Confidence.ASK_BACK).writes("zzz", "zzz")
    plainly(talk).writes("how much is the private chef?")
    assert talk.lead.conversation.misunderstood == 0


def test_a_likely_cancellation_of_a_booking_in_the_making_is_asked_about() -> None:
    talk = Talk().writes("book the free planning call tomorrow morning")
    talk.read = unsure(Intent.CANCEL, Intent.REJECT).read
    talk.writes("dunno about that")
    assert talk.booking.state is State.SLOT_PROPOSED
    assert "mean:cancel" in talk.choices
    plainly(talk).taps("mean:cancel")
    assert talk.lead.bookings == ()


def test_a_reading_tapped_long_after_is_taken_as_said_now() -> None:
    assert "IDR" in Talk().taps("mean:ask_price").last


def test_a_reading_that_nobody_offered_is_not_understood() -> None:
    assert Talk().taps("mean:pay_out_everything").last == say("talk.not_understood", Language.EN)
