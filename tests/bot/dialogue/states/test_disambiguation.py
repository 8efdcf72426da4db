"""Of several bookings that stand, the day that is named says which one is meant."""

import pytest

from bot.domain.booking import Booking, BookingQuestion
from tests.bot.dialogue.states.talk import Talk

CANCEL, RESCHEDULE = BookingQuestion.CANCEL, BookingQuestion.RESCHEDULE


def two_bookings() -> tuple[Talk, Booking, Booking]:
    """One on Thursday, then one on Saturday."""
    talk = Talk()
    for day in ("three", "five"):
        talk.writes(f"book the free planning call in {day} days at 11am", "the first", "yes")
    thursday, saturday = talk.lead.bookings
    assert thursday.chosen is not None
    assert saturday.chosen is not None
    assert (thursday.chosen.start.day, saturday.chosen.start.day) == (5, 7)
    return talk, thursday, saturday


def questions(talk: Talk) -> dict[str, str | None]:
    return {one.reference: one.open_question for one in talk.lead.bookings}


@pytest.mark.parametrize(
    "text", ["cancel the one on Thursday", "batalkan yang hari Kamis", "hủy lịch thứ năm giúp mình"]
)
def test_the_booking_of_the_day_that_was_named_is_called_off(text: str) -> None:
    talk, thursday, saturday = two_bookings()
    talk.writes(text)
    assert questions(talk) == {thursday.reference: CANCEL, saturday.reference: None}
    talk.writes("yes")
    assert [one.reference for one in talk.lead.bookings] == [saturday.reference]
    talk.writes("yes")
    assert [one.reference for one in talk.lead.bookings] == [saturday.reference]


def test_a_question_about_the_other_one_is_over() -> None:
    talk, thursday, saturday = two_bookings()
    talk.writes("cancel my booking", "cancel the one on Thursday")
    assert questions(talk) == {thursday.reference: CANCEL, saturday.reference: None}


def test_the_first_of_two_days_is_where_it_is_moved_from() -> None:
    talk, thursday, saturday = two_bookings()
    talk.writes("move my Thursday booking to Friday")
    assert questions(talk) == {thursday.reference: RESCHEDULE, saturday.reference: None}


def test_the_status_of_the_day_that_was_named() -> None:
    talk, _, _ = two_bookings()
    assert "5 November" in talk.writes("when is my booking on Thursday").last


@pytest.mark.parametrize("text", ["cancel my booking", "cancel the one on Sunday"])
def test_with_no_booking_named_it_is_the_last_one(text: str) -> None:
    talk, thursday, saturday = two_bookings()
    talk.writes(text)
    assert questions(talk) == {thursday.reference: None, saturday.reference: CANCEL}
