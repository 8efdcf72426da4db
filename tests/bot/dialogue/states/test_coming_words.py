"""Whether they come, in the words people use: read as the answer, as another hour, or asked back with its buttons."""

import pytest

from bot.domain.coming import ComingAnswer
from bot.domain.states import State
from bot.replies import coming as words
from bot.replies.words import say
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_coming import LANGUAGES, reminded


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *[("en", text) for text in ("coming", "I'm coming", "Yes I will come", "we'll be there", "see you tomorrow!")],
        *[
            ("en", text)
            for text in ("no problem, I'll come", "yes at 10", "i am coming tomorrow at 10am", "can't wait!")
        ],
        *[
            ("id", text)
            for text in ("datang", "Ya saya akan datang", "hadir kak", "insyaallah datang", "besok saya datang")
        ],
        *[("id", text) for text in ("gak masalah, saya datang", "ya jam 10", "sampai jumpa besok")],
        *[
            ("vi", text)
            for text in ("đến", "mình sẽ đến nhé", "toi se den", "da co", "không sao, mình đến", "mai mình đến")
        ],
        *[("vi", text) for text in ("vâng 10 giờ", "hen gap nhe")],
    ],
)
def test_that_they_come_is_a_yes_in_the_words_that_people_use(language: str, text: str) -> None:
    talk = reminded(language).writes(text)
    assert talk.booking.coming_now.answer is ComingAnswer.YES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answer", [ComingAnswer.YES, ComingAnswer.CHANGE, ComingAnswer.NO])
def test_what_stands_on_a_button_may_be_typed(language: str, answer: ComingAnswer) -> None:
    talk = reminded(language)
    talk.writes(say(f"coming.button.{answer.value}", language).upper())
    assert talk.booking.coming_now.answer is answer
    assert talk.booking.state is State.REMINDER_SENT


@pytest.mark.parametrize(
    ("language", "text", "hour"),
    [("en", "yes but at 4pm", "16:00"), ("id", "iya tapi jam 4", "16.00"), ("vi", "vâng nhưng 4 giờ chiều", "16:00")],
)
def test_another_hour_is_the_change_of_that_booking_and_no_new_one(language: str, text: str, hour: str) -> None:
    talk = reminded(language).writes(text)
    (booking,) = talk.lead.bookings
    assert booking.change is not None
    assert hour in talk.last


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *[("en", text) for text in ("maybe", "hmm", "xqzt", "no not yes")],
        *[("id", text) for text in ("mungkin", "belum tahu")],
        *[("vi", text) for text in ("chưa chắc", "bận rồi")],
    ],
)
def test_what_is_not_understood_asks_back_with_the_three_answers(language: str, text: str) -> None:
    talk = reminded(language).writes(text)
    reference = talk.booking.reference
    taps = (f"{words.YES_TAP}{reference}", f"{words.CHANGE_TAP}{reference}", f"{words.NO_TAP}{reference}")
    assert talk.choices == taps
    assert talk.last.startswith(say("talk.not_understood", language))
    assert talk.booking.coming_now.answer is ComingAnswer.ASKED
    assert len(talk.lead.bookings) == 1
    assert talk.lead.alarms == ()


def test_a_third_time_a_person_is_called_as_ever() -> None:
    talk = reminded().writes("xqzt", "xqzt", "xqzt")
    assert talk.lead.alarms or talk.lead.is_with_agent


def test_who_asks_when_it_was_hears_it_again() -> None:
    talk = reminded().writes("what time was it again?")
    assert "10:00–10:20" in talk.last
    assert len(talk.choices) == 3


@pytest.mark.parametrize("text", ["I won't be able to make it", "not coming", "no I'm not coming"])
def test_that_they_do_not_come_is_no_yes(text: str) -> None:
    assert reminded().writes(text).booking.coming_now.answer is ComingAnswer.NO


def test_while_another_booking_is_in_progress_the_words_are_its() -> None:
    talk = reminded().writes("book a balinese massage at villa melati")
    talk.writes("friday at 4pm")
    asked, other = talk.lead.bookings
    assert asked.change is None
    assert other.coming_now.answer is not ComingAnswer.YES


def test_nobody_who_was_not_asked_changes_anything_by_an_hour() -> None:
    talk = Talk().writes("book the free planning call on friday morning").taps_row(0).writes("yes", "at 4pm")
    assert all(one.change is None for one in talk.lead.bookings)


def test_a_yes_to_the_reminder_of_a_time_that_was_moved_is_no_yes_to_the_new_one() -> None:
    talk = reminded()
    tap = talk.choices[0]
    talk.taps_row(1).writes("monday at 10am", "yes")
    assert talk.booking.coming_now.answer is ComingAnswer.NOT_ASKED
    talk.taps(tap)
    assert "Monday, 9 November 2026" in talk.last
    assert talk.booking.coming_now.answer is ComingAnswer.NOT_ASKED
