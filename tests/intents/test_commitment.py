"""The gate of commitment: no word that refuses, puts off or thanks is heard as a yes, and a plain yes is taken."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.understanding import commitment as adversarial
from intents import wordlists
from intents.commitment import CommitmentKind, CommitmentVerdict, commitment, judged
from intents.dates.tokens import fold
from intents.dates.values import Language
from intents.understand import understand
from intents.understanding import Confidence, ExpectedAnswer, Intent, Understanding

NOW = datetime(2026, 11, 28, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))


def meant(text: str, language: str, expecting: ExpectedAnswer = ExpectedAnswer.CONFIRMATION) -> Understanding:
    return understand(text, expecting, NOW.date(), NOW, Language(language))


@pytest.mark.parametrize("stem", adversarial.STEMS)
@pytest.mark.parametrize(("name", "language"), adversarial.FILES)
def test_no_sentence_that_is_none_is_heard_as_a_yes(name: str, language: Language, stem: str) -> None:
    assert adversarial.scored(name, language, stem).false == ()


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("cancelled it", Language.EN, CommitmentKind.CANCEL),
        ("we cancelled", Language.EN, CommitmentKind.CANCEL),
        ("ya sudah dibatalkan", Language.ID, CommitmentKind.CANCEL),
        ("dah bayar", Language.ID, CommitmentKind.PAY),
        ("huy luon roi", Language.VI, CommitmentKind.CANCEL),
        ("dung", Language.VI, CommitmentKind.CANCEL),
    ],
)
def test_what_is_done_already_is_no_yes_to_doing_it(text: str, language: Language, kind: CommitmentKind) -> None:
    assert commitment(text, language, kind) is CommitmentVerdict.UNCLEAR
    assert commitment(text, None, kind) is not CommitmentVerdict.YES


@pytest.mark.parametrize("stem", adversarial.STEMS)
@pytest.mark.parametrize(("name", "language"), adversarial.FILES)
def test_a_plain_yes_is_taken(name: str, language: Language, stem: str) -> None:
    found = adversarial.scored(name, language, stem)
    assert found.taken >= (0.9 if name == "vi_plain" else 0.95), found.missed


@pytest.mark.parametrize(("name", "least"), [("en", 400), ("id", 400), ("vi", 400), ("vi_plain", 400)])
def test_every_language_has_enough_adversaries(name: str, least: int) -> None:
    assert sum(head != "yes" for head, _ in adversarial.sentences(name)) >= least


@pytest.mark.parametrize(
    ("text", "language", "verdict"),
    [
        ("đừng đặt nhé", "vi", CommitmentVerdict.NO),
        ("dạ chờ em", "vi", CommitmentVerdict.WAIT),
        ("đắt luôn", "vi", CommitmentVerdict.UNCLEAR),
        ("đã đặt rồi", "vi", CommitmentVerdict.UNCLEAR),
        ("dung dat nhe", "vi", CommitmentVerdict.NO),
        ("k", "vi", CommitmentVerdict.NO),
        ("k", "en", CommitmentVerdict.YES),
        ("ok thanks", "en", CommitmentVerdict.UNCLEAR),
        ("oke makasih", "id", CommitmentVerdict.UNCLEAR),
        ("yes, but later", "en", CommitmentVerdict.WAIT),
        ("is my booking confirmed", "en", CommitmentVerdict.UNCLEAR),
        ("dạ đúng rồi ạ", "vi", CommitmentVerdict.YES),
        ("Iya, sudah benar", "id", CommitmentVerdict.YES),
        ("we confirmed", "en", CommitmentVerdict.UNCLEAR),
        ("I have booked", "en", CommitmentVerdict.UNCLEAR),
        ("have it booked", "en", CommitmentVerdict.YES),
        ("ya sudah dipesan", "id", CommitmentVerdict.UNCLEAR),
        ("dah booking", "id", CommitmentVerdict.UNCLEAR),
        ("ya udah pesan", "id", CommitmentVerdict.UNCLEAR),
        ("ya sudah, book aja", "id", CommitmentVerdict.YES),
        ("đặt luôn rồi", "vi", CommitmentVerdict.UNCLEAR),
        ("da dat giup em a", "vi", CommitmentVerdict.UNCLEAR),
        ("da dong y", "vi", CommitmentVerdict.UNCLEAR),
        ("dung", "vi", CommitmentVerdict.UNCLEAR),
        ("dung roi", "vi", CommitmentVerdict.YES),
        ("đúng", "vi", CommitmentVerdict.YES),
        ("👍🏽", "en", CommitmentVerdict.YES),
    ],
)
def test_words_are_worth_what_they_say(text: str, language: str, verdict: CommitmentVerdict) -> None:
    assert commitment(text, Language(language)) is verdict


@pytest.mark.parametrize(
    ("text", "language"),
    [("yes, cancel it", "en"), ("ya batalkan aja", "id"), ("hủy đi em", "vi"), ("huỷ giúp mình", "vi")],
)
def test_an_order_agrees_only_to_what_was_asked(text: str, language: str) -> None:
    assert commitment(text, Language(language), CommitmentKind.CANCEL) is CommitmentVerdict.YES
    assert commitment(text, Language(language), CommitmentKind.BOOK) is not CommitmentVerdict.YES


@pytest.mark.parametrize(("text", "language"), [("book it", "en"), ("pesan aja", "id"), ("đặt luôn đi", "vi")])
def test_an_order_to_book_cancels_nothing(text: str, language: str) -> None:
    assert commitment(text, Language(language), CommitmentKind.CANCEL) is not CommitmentVerdict.YES
    assert commitment(text, Language(language), CommitmentKind.REFUND) is not CommitmentVerdict.YES


def test_without_a_language_a_no_of_any_language_wins() -> None:
    assert commitment("k", None) is CommitmentVerdict.NO
    assert commitment("yes please", None) is CommitmentVerdict.YES


@pytest.mark.parametrize(
    "text",
    [
        "da dat giup chi chua",
        "co dat giup chi khong",
        "dat, thoi em",
        "lay gio khac",
        "giu giup em gio khac",
        "cho co hoi lai",
        "nho em xem lai",
        "quyet sau nha",
        "minh dat roi",
        "chon gio do duoc khong",
        "giu phong do da",
        "dung dat giup chi",
        "dat giup chi nhung 4h",
    ],
)
def test_an_order_without_marks_is_none_when_a_word_of_it_may_turn_it(text: str) -> None:
    assert commitment(text, Language.VI) is not CommitmentVerdict.YES


@pytest.mark.parametrize("text", ["well take it", "we'll take it", "I'll go with that"])
def test_an_order_that_opens_like_a_question_is_an_order(text: str) -> None:
    assert commitment(text, Language.EN) is CommitmentVerdict.YES


def test_choices_in_braces_are_every_phrase_they_stand_for() -> None:
    assert wordlists.parsed("[book]\n{dat/giu} {giup/ho}|book {/it}") == {
        "book": ("dat giup", "dat ho", "giu giup", "giu ho", "book", "book it")
    }


_YES_WORDS = st.sampled_from(["yes", "ok", "ya", "oke", "vâng", "đúng rồi", "dung roi", "book it", "pesan", "đặt luôn"])
_STRANGERS = st.sampled_from(
    ["tuesday", "wife", "xyzzy", "besok", "mahal", "đắt", "nhưng", "tapi", "later", "chờ", "3pm"]
)


@given(_YES_WORDS, _STRANGERS, st.booleans(), st.sampled_from(Language))
def test_one_word_beyond_the_lists_takes_a_yes_back(yes: str, other: str, first: bool, language: Language) -> None:
    text = f"{other} {yes}" if first else f"{yes} {other}"
    assert commitment(text, language) is not CommitmentVerdict.YES
    assert commitment(f"{yes}?", language) is not CommitmentVerdict.YES


@given(st.text(max_size=150), st.sampled_from([None, *Language]), st.sampled_from(CommitmentKind))
def test_any_string_has_a_verdict(text: str, language: Language | None, kind: CommitmentKind) -> None:
    assert judged(text, language, kind).verdict in CommitmentVerdict


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("STOP", "en"),
        ("please don't text me anymore", "en"),
        ("no more messages please", "en"),
        ("jangan chat saya lagi", "id"),
        ("tolong jangan kirim pesan lagi", "id"),
        ("đừng nhắn cho tôi nữa", "vi"),
        ("hủy đăng ký", "vi"),
        ("làm ơn đừng gửi tin nữa", "vi"),
    ],
)
def test_a_clear_wish_not_to_be_written_to_is_kept(text: str, language: str) -> None:
    found = meant(text, language, ExpectedAnswer.NOTHING)
    assert (found.intent, found.confidence) == (Intent.OPT_OUT, Confidence.ACT)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please give me your contact number", "en"),
        ("don't forget to text me", "en"),
        ("stop at the hotel please", "en"),
        ("stop di depan hotel ya", "id"),
        ("jangan kirim terapis cowok ya", "id"),
        ("đừng gửi xe đón nhé", "vi"),
        ("dung gui xe don nhe", "vi"),
        ("đừng quên nhắn tin cho mình nhé", "vi"),
    ],
)
def test_nothing_else_that_stops_brings_silence(text: str, language: str) -> None:
    found = meant(text, language, ExpectedAnswer.NOTHING)
    assert Intent.OPT_OUT not in found.intents
    assert not found.asks_to_opt_out


@pytest.mark.parametrize(
    ("text", "language"),
    [("don't text me before 9", "en"), ("how do i stop these notifications", "en"), ("matikan notifikasi dong", "id")],
)
def test_what_may_be_a_wish_for_silence_is_asked_with_a_button(text: str, language: str) -> None:
    found = meant(text, language, ExpectedAnswer.NOTHING)
    assert found.asks_to_opt_out
    assert found.intent is not Intent.OPT_OUT or found.confidence is not Confidence.ACT


@pytest.mark.parametrize(
    "text", ["đừng đặt nhé", "dung dat nhe", "no don't book it", "jangan dipesan dulu", "đắt quá", "ok thanks"]
)
@pytest.mark.parametrize("language", ["en", "id", "vi"])
def test_no_refusal_is_understood_as_a_sure_yes(text: str, language: str) -> None:
    found = meant(text, language)
    assert found.intent is not Intent.CONFIRM or found.confidence is not Confidence.ACT


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Don't cancel my booking", "en"),
        ("jangan dibatalin ya", "id"),
        ("đừng hủy lịch của mình", "vi"),
        ("please keep my booking", "en"),
    ],
)
def test_a_booking_that_is_kept_is_not_cancelled(text: str, language: str) -> None:
    assert Intent.CANCEL not in meant(text, language, ExpectedAnswer.BOOKING).intents


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Actually cancel that, Thursday is better", "en"),
        ("cancel that one, friday at 5 instead", "en"),
        ("batalin yang itu, kamis aja", "id"),
        ("hủy cái đó, thứ năm tốt hơn", "vi"),
    ],
)
def test_a_cancel_beside_a_better_day_is_a_change(text: str, language: str) -> None:
    assert meant(text, language, ExpectedAnswer.BOOKING).intent is Intent.RESCHEDULE
    assert meant(text, language, ExpectedAnswer.CONFIRMATION).intent is Intent.CHOOSE_SLOT
    assert meant(text, language).is_correction


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("cancel my appointment on saturday", "en"),
        ("batalin yang sabtu ya", "id"),
        ("hủy lịch thứ bảy giúp mình", "vi"),
    ],
)
def test_a_day_can_name_the_booking_to_cancel(text: str, language: str) -> None:
    assert meant(text, language, ExpectedAnswer.BOOKING).intent is Intent.CANCEL


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I've got a table on Friday at 8, we'll be six now", "en"),
        ("we have a booking tomorrow but now we're four people", "en"),
        ("kami sudah booking jumat jam 8, sekarang jadi berenam", "id"),
        ("mình đã đặt bàn thứ sáu 8h, giờ thành sáu người", "vi"),
        (fold("mình đã đặt bàn thứ sáu 8h, giờ thành sáu người"), "vi"),
    ],
)
def test_a_booking_that_stands_is_changed_and_not_made_twice(text: str, language: str) -> None:
    found = meant(text, language, ExpectedAnswer.NOTHING)
    assert (found.about_existing, found.intent) == (True, Intent.RESCHEDULE)
    assert Intent.BOOK not in found.intents


@pytest.mark.parametrize(
    "text", ["can I have a booking tomorrow", "mau booking jumat jam 8", "mình muốn đặt bàn thứ sáu"]
)
def test_a_new_wish_is_no_existing_booking(text: str) -> None:
    assert not meant(text, "en", ExpectedAnswer.NOTHING).about_existing


@pytest.mark.parametrize("text", ["form", "send me the form", "formulir dong kak", "cho mình biểu mẫu", "bieu mau"])
def test_the_form_can_be_asked_for_by_name(text: str) -> None:
    assert meant(text, "en", ExpectedAnswer.NOTHING).wants_form


@pytest.mark.parametrize("text", ["no form please", "tanpa formulir ya", "do I need a visa form", "in top form"])
def test_a_form_that_is_not_wished_is_not(text: str) -> None:
    assert not meant(text, "en", ExpectedAnswer.NOTHING).wants_form
