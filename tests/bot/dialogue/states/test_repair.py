"""Language, corrections, digressions, two readings of a day: what goes wrong in a conversation and is put right."""

from datetime import date

import pytest

from bot.domain.ids import LeadId
from bot.domain.lead import Address, Lead
from bot.domain.states import State
from bot.replies import booking as words
from intents.understanding import Language
from tests.bot.dialogue.states.talk import Talk


def test_a_mere_hi_settles_no_language_and_the_first_real_message_does() -> None:
    talk = Talk().writes("hi")
    assert talk.lead.language == Language.EN
    assert talk.writes("halo kak, mau tanya harga pijat dong").lead.language == Language.ID


@pytest.mark.parametrize("short", ["ok makasih", "xin chào", "vâng", "terima kasih banyak ya kak"])
def test_what_was_settled_is_not_changed_by_a_message(short: str) -> None:
    talk = Talk().writes("Hello, I would like to book a private chef for friday", short)
    assert talk.lead.language == Language.EN


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("bahasa Indonesia please", Language.ID),
        ("can we speak Vietnamese?", Language.VI),
        ("tiếng Việt nhé", Language.VI),
    ],
)
def test_a_language_is_changed_by_word_at_any_time_and_the_booking_goes_on(asked: str, language: Language) -> None:
    talk = Talk().writes("Hello, I would like to book the free planning call tomorrow morning")
    offered = talk.booking.offered
    talk.writes(asked)
    assert talk.lead.language == language
    assert talk.booking.offered == offered
    assert talk.writes("2").booking.chosen == offered[1]


def test_a_language_and_a_question_in_one_message_are_both_heeded() -> None:
    talk = Talk().writes("English please! how much is the private chef?")
    assert talk.lead.conversation.language_chosen
    assert "IDR 425,000 per person" in talk.last


@pytest.mark.parametrize(
    ("wish", "correction", "day"),
    [
        ("book the free planning call tomorrow morning", "eh, Thursday I mean", date(2026, 11, 5)),
        ("pesan telepon rencana gratis besok pagi", "eh maksudku hari kamis", date(2026, 11, 5)),
        ("đặt gọi tư vấn miễn phí ngày mai buổi sáng", "à nhầm, thứ 5 nhé", date(2026, 11, 5)),
        ("dat goi tu van mien phi ngay mai 10 gio sang", "a nham, thu 5 nhe", date(2026, 11, 5)),
    ],
)
def test_a_corrected_day_is_the_day(wish: str, correction: str, day: date) -> None:
    talk = Talk().writes(wish, correction)
    assert {one.start.astimezone(talk.business.zone).date() for one in talk.booking.offered} == {day}


@pytest.mark.parametrize(
    ("wish", "second", "first"),
    [
        ("book the free planning call tomorrow morning", "the second one", "no wait, the first one after all"),
        ("pesan telepon rencana gratis besok pagi", "yang kedua", "eh, yang pertama aja deh"),
        ("đặt gọi tư vấn miễn phí ngày mai buổi sáng", "cái thứ 2", "à thôi lấy cái đầu tiên đi"),
    ],
)
def test_the_first_one_after_all_is_the_first_one(wish: str, second: str, first: str) -> None:
    talk = Talk().writes(wish, second, first)
    assert talk.booking.chosen == talk.booking.offered[0]
    assert talk.choices[0].startswith(words.CONFIRM_TAP)


def test_after_a_digression_the_booking_goes_on_from_where_it_was() -> None:
    talk = Talk().writes("private chef at Villa Padi on friday evening for 4 people")
    offered = talk.booking.offered
    talk.writes("can kids come too?", "thanks!", "how much is a massage?", "the first")
    assert talk.booking.chosen == offered[0]
    assert talk.booking.service == "private-chef"


@pytest.mark.parametrize("answer", ["the first one", "tap"])
def test_a_day_with_two_readings_is_asked_with_both_and_the_answer_is_the_day(answer: str) -> None:
    talk = Talk().writes("book the free planning call", "3/12")
    assert len(talk.choices) == 2
    assert talk.booking.offered == ()
    first = date.fromisoformat(talk.choices[0].removeprefix(words.DAY_TAP))
    talk.taps_row(0) if answer == "tap" else talk.writes(answer)
    assert talk.booking.wish.first_day == first
    assert talk.booking.state is State.SLOT_PROPOSED


@pytest.mark.parametrize(
    ("wish", "weekday", "zone"),
    [
        (
            "book the free planning call the morning in three days",
            "Thursday, 5 November 2026",
            "Central Indonesia Time",
        ),
        ("pesan telepon rencana gratis tiga hari lagi pagi", "Kamis, 5 November 2026", "WITA"),
        ("đặt gọi tư vấn miễn phí sáng 3 ngày nữa", "Thứ Năm, 5/11/2026", "Giờ Miền Trung Indonesia"),
    ],
)
def test_weekday_and_date_are_said_with_the_offers_and_the_summary_and_the_zone_where_it_can_be_mistaken(
    wish: str, weekday: str, zone: str
) -> None:
    at_home, abroad = Talk(), Talk(lead=Lead(LeadId("lead"), Address(wa_id="447700900123")))
    for talk, is_far in ((at_home, False), (abroad, True)):
        talk.writes(wish)
        for _ in range(2):
            assert weekday in talk.last
            assert (zone in talk.last) is is_far
            talk.taps_row(0)
        assert talk.booking.booked_hold is not None


def test_three_bubbles_in_a_row_are_one_request() -> None:
    talk = Talk().writes("halo kak\nmau pijat bali 60 menit di Villa Padi\nbesok jam 3 sore ya")
    assert (talk.booking.service, talk.booking.place) == ("balinese-massage", "villa-padi")
    assert len(talk.said) == 1
    assert 15 in [one.start.astimezone(talk.business.zone).hour for one in talk.booking.offered]
