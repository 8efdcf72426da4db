"""Understanding as a whole: rules in context, several wishes at once, languages, and any string is taken."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.dates.values import iso
from intents.understand import understand
from intents.understanding import Confidence, ExpectedAnswer, Intent, Language, Understanding

NOW = datetime(2026, 3, 16, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))


def meant(
    text: str, expecting: ExpectedAnswer = ExpectedAnswer.NOTHING, language: Language | None = None
) -> Understanding:
    return understand(text, expecting, NOW.date(), NOW, language)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I'd like to book a massage tomorrow at 3", Intent.BOOK),
        ("kak mau booking pijat besok jam 3 sore", Intent.BOOK),
        ("cho mình đặt lịch massage chiều mai", Intent.BOOK),
        ("cho minh dat lich massage chieu mai", Intent.BOOK),
        ("brp harganya kak", Intent.ASK_PRICE),
        ("còn chỗ không shop", Intent.ASK_AVAILABILITY),
        ("can we move my appointment to friday", Intent.RESCHEDULE),
        ("tolong batalin booking saya", Intent.CANCEL),
        ("what's the weather like in paris", Intent.OOS),
    ],
)
def test_plain_wishes_are_understood(text: str, intent: Intent) -> None:
    assert meant(text).intent is intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("STOP", Intent.OPT_OUT),
        ("Berhenti", Intent.OPT_OUT),
        ("HỦY ĐĂNG KÝ", Intent.OPT_OUT),
        ("unsubscribe.", Intent.OPT_OUT),
        ("START", Intent.OPT_IN),
        ("mulai", Intent.OPT_IN),
        ("BẮT ĐẦU", Intent.OPT_IN),
    ],
)
def test_the_opt_out_words_are_whole_messages(text: str, intent: Intent) -> None:
    assert meant(text).intent is intent
    assert meant(f"where is the bus {text} near your place").intent is not intent


@pytest.mark.parametrize("expecting", [ExpectedAnswer.BOOKING, ExpectedAnswer.PAYMENT, ExpectedAnswer.CONFIRMATION])
def test_huy_while_a_booking_is_open_cancels_it(expecting: ExpectedAnswer) -> None:
    assert meant("hủy", expecting).intent is Intent.CANCEL


def test_two_is_what_was_asked_for() -> None:
    assert meant("2", ExpectedAnswer.GUESTS).entities.guests == 2
    assert meant("2", ExpectedAnswer.SLOT).entities.ordinal == 2
    assert [iso(v.value) for v in meant("2", ExpectedAnswer.WISH).entities.dates if not hasattr(v.value, "start")] == [
        "14:00"
    ]
    assert meant("2").entities.dates == ()


def test_the_reminder_answers_of_the_clinic_are_known() -> None:
    assert meant("Có", ExpectedAnswer.CONFIRMATION).intent is Intent.CONFIRM
    assert meant("Không", ExpectedAnswer.CONFIRMATION).intent is Intent.REJECT
    assert meant("Thay đổi", ExpectedAnswer.CONFIRMATION).intent is Intent.RESCHEDULE
    assert meant("Vâng, tôi xác nhận", ExpectedAnswer.CONFIRMATION).intent is Intent.CONFIRM


def test_a_message_with_a_wish_and_a_question_holds_both() -> None:
    found = meant("besok jam 10 ya, berapa harganya?")
    assert Intent.ASK_PRICE in found.intents
    assert Intent.OOS not in found.intents
    assert [iso(v.value) for v in found.entities.dates if not hasattr(v.value, "start")] == ["2026-03-17T10:00"]


def test_a_greeting_before_a_wish_is_not_the_main_thing() -> None:
    found = meant("Hi, how much is a massage?")
    assert found.intent is Intent.ASK_PRICE


def test_the_second_one_after_all_chooses_a_slot() -> None:
    found = meant("the first one after all", ExpectedAnswer.SLOT)
    assert (found.intent, found.entities.ordinal) == (Intent.CHOOSE_SLOT, 1)


def test_a_correction_is_marked() -> None:
    assert meant("eh, Sunday I mean", ExpectedAnswer.WISH).is_correction
    assert meant("à nhầm, chủ nhật nhé", ExpectedAnswer.WISH, Language.VI).is_correction


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("halo kak mau tanya dong", Language.ID),
        ("chào shop mình muốn hỏi", Language.VI),
        ("hello I want to ask", Language.EN),
    ],
)
def test_the_first_real_message_tells_the_language(text: str, language: Language) -> None:
    assert meant(text).language is language


def test_a_short_message_does_not_change_the_language() -> None:
    assert meant("ok thanks", language=Language.VI).language is Language.VI


@pytest.mark.parametrize(
    ("text", "language"),
    [("english please", Language.EN), ("pakai bahasa indonesia dong", Language.ID), ("tiếng việt đi", Language.VI)],
)
def test_a_language_asked_for_by_word_is_wanted(text: str, language: Language) -> None:
    found = meant(text, language=Language.EN)
    assert (found.intent, found.wanted_language, found.language) == (Intent.CHANGE_LANGUAGE, language, language)


def test_nonsense_is_never_acted_on_as_a_wish() -> None:
    found = meant("xqzt vbnm")
    assert found.intent is Intent.OOS or found.confidence is not Confidence.ACT


@given(
    st.one_of(st.text(max_size=120), st.text("0123456789 .,:/-+@$khjtrbđồ\n", max_size=40)),
    st.sampled_from(ExpectedAnswer),
    st.one_of(st.none(), st.sampled_from(Language)),
)
@settings(max_examples=100, deadline=None)
def test_any_string_is_understood_under_any_expectation(
    text: str, expecting: ExpectedAnswer, language: Language | None
) -> None:
    found = understand(text, expecting, NOW.date(), NOW, language)
    assert found.intent is found.intents[0]
    assert 0 <= found.score <= 1
    assert len(set(found.intents)) == len(found.intents)


def test_a_very_long_message_is_read_to_its_bound() -> None:
    assert meant("massage besok jam 3 " * 5000).intents


def test_a_day_in_another_language_than_the_conversation_is_read() -> None:
    for text, spoken in (("bulan lalu ya", Language.EN), ("tgl 14 Maret", Language.EN), ("besok jam 3", Language.EN)):
        assert understand(text, ExpectedAnswer.NOTHING, NOW.date(), NOW, spoken).entities.dates, text
    assert not understand("có phụ thu không", ExpectedAnswer.NOTHING, NOW.date(), NOW, Language.VI).entities.dates


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("change it to villa karang", "en"),
        ("move it to villa karang in six days at 4pm", "en"),
        ("pindahin ke villa karang dong", "id"),
        ("dời lịch sang villa karang giúp em", "vi"),
        ("doi lich sang villa karang giup em", "vi"),
    ],
)
def test_what_is_moved_is_there_already_and_no_new_wish(text: str, language: str) -> None:
    found = understand(text, ExpectedAnswer.BOOKING, NOW.date(), NOW, Language(language))
    assert (found.intent, found.confidence) == (Intent.RESCHEDULE, Confidence.ACT)
