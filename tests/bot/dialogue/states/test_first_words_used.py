"""What the first words hold is used and not asked again; a booking that stands is changed and not made twice."""

from datetime import date

import pytest

from bot.domain.commands import SendList
from bot.domain.states import State
from bot.replies.words import say
from tests.bot.dialogue.states.talk import Talk

CALL = {
    "en": ("book the free planning call friday 10am", "yes"),
    "id": ("saya mau pesan telepon rencana gratis jumat jam 10 pagi", "ya"),
    "vi": ("đặt gọi tư vấn miễn phí thứ sáu 10h sáng", "đồng ý"),
}
FRIDAY = date(2026, 11, 6)


@pytest.mark.parametrize(
    "words",
    [
        "need a masage tmrw arvo",
        "hi! do u have any massge tomorrow afternoon pls",
        "mau pijet bsk sore dong",
        "muon masage chieu mai",
    ],
)
def test_a_badly_typed_first_message_keeps_its_service_and_day(words: str) -> None:
    talk = Talk().writes(words)
    assert talk.booking.service == "balinese-massage"
    assert talk.booking.wish.first_day == date(2026, 11, 3)
    assert talk.choices[0].startswith("place:")


@pytest.mark.parametrize(
    "words", ["need a massage tmrw in canggu", "mau pijat besok di canggu", "massage mai ở canggu"]
)
def test_the_part_of_town_that_is_named_leaves_its_places(words: str) -> None:
    talk = Talk().writes(words)
    asked = talk.said[-1]
    assert isinstance(asked, SendList)
    assert {row.id for row in asked.rows} == {"place:villa-senja", "place:villa-kamboja"}


def test_the_only_place_of_the_part_of_town_is_taken() -> None:
    assert Talk().writes("need a massage tmrw in uluwatu").booking.place == "villa-karang"


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("massage 60 min tomorrow at 3pm", "at Villa Kamboja please"),
        ("pijat bali 60 menit besok jam 3 sore", "di villa kamboja kak"),
        ("massage bali 60 phút ngày mai 3h chiều", "ở Villa Kamboja nhé"),
    ],
)
def test_the_villa_that_was_asked_for_is_where_and_no_stay_there(first: str, words: str) -> None:
    booking = Talk().writes(first, words).booking
    assert (booking.service, booking.place) == ("balinese-massage", "villa-kamboja")


@pytest.mark.parametrize("words", ["the 90 min one", "yang 90 menit aja", "cái 90 phút nhé"])
def test_another_length_of_the_same_is_another_service(words: str) -> None:
    talk = Talk().writes("massage 60 min tomorrow", words)
    assert talk.booking.service == "long-massage"
    assert talk.booking.wish.first_day == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "I already have a booking on friday, can we make it 11am instead"),
        ("id", "saya sudah booking hari jumat, jadinya jam 11 pagi ya"),
        ("vi", "mình đã đặt thứ sáu rồi, giờ đổi thành 11h sáng nhé"),
    ],
)
def test_a_booking_that_stands_is_changed_and_not_made_twice(language: str, words: str) -> None:
    first, yes = CALL[language]
    talk = Talk().writes(first, yes)
    assert talk.booking.state is State.CONFIRMED
    talk.writes(words, yes)
    assert len(talk.lead.bookings) == 1
    assert talk.booking.chosen is not None
    at = talk.booking.chosen.start.astimezone(talk.business.zone)
    assert (at.date(), at.hour) == (FRIDAY, 11)


@pytest.mark.parametrize(
    ("book", "words"),
    [
        ("private chef dinner friday 7pm villa kamboja for 4", "I've got a table on Friday at 7, we'll be two now"),
        (
            "makan malam chef pribadi jumat jam 7 malam di villa kamboja untuk 4 orang",
            "saya sudah pesan hari jumat, sekarang jadi 2 orang",
        ),
        ("đặt đầu bếp nấu tại villa kamboja thứ sáu 7h tối cho 4 người", "mình đã đặt thứ sáu rồi, giờ còn 2 người"),
    ],
)
def test_other_people_for_a_booking_that_stands_are_quoted_at_its_own_time(book: str, words: str) -> None:
    talk = Talk(pays=True).writes(book).taps_row(0).pay().writes(words)
    change = talk.booking.change
    assert change is not None
    assert change.quote is not None
    assert change.after is not None
    assert talk.booking.chosen is not None
    assert (change.after.guests, change.after.slot.start) == (2, talk.booking.chosen.start)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "I've got a booking on Friday, we'll be six now"),
        ("id", "saya sudah booking hari jumat, sekarang jadi 6 orang"),
        ("vi", "mình đã đặt thứ sáu rồi, giờ thành 6 người"),
    ],
)
def test_a_booking_that_we_do_not_know_is_looked_for_by_a_person(language: str, words: str) -> None:
    talk = Talk().writes(words)
    assert talk.last == say("talk.no_booking_here", language)
    assert talk.lead.waits_for_person
