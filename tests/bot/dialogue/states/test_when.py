"""Days and times that are refused, limited, contradictory or meant by what was shown; in three languages."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.booking import OfferedSlot
from tests.bot.dialogue.states.talk import Talk

AT = {
    "en": "massage 60 min at villa kamboja",
    "id": "pijat bali 60 menit di villa kamboja",
    "vi": "massage bali 60 phút villa kamboja",
}
TUESDAY = date(2026, 11, 3)


def local(talk: Talk, slot: OfferedSlot | None) -> datetime:
    """When that is, by the clock of the place."""
    assert slot is not None
    return slot.start.astimezone(talk.business.zone)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "any day but Tuesday, in the afternoon"), ("id", "selain selasa, sore"), ("vi", "trừ thứ ba, buổi chiều")],
)
def test_a_refused_day_is_not_offered(language: str, words: str) -> None:
    talk = Talk().writes(AT[language], words)
    days = {local(talk, slot).date() for slot in talk.booking.offered}
    assert days
    assert TUESDAY not in days


def test_a_day_that_was_refused_and_is_named_after_all_is_wished() -> None:
    talk = Talk().writes(AT["en"], "any day but Tuesday", "ok, Tuesday at 3pm then")
    assert local(talk, talk.booking.chosen).date() == TUESDAY


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "friday before 11am"), ("id", "jumat sebelum jam 11 pagi"), ("vi", "trước 11h sáng thứ sáu")],
)
def test_a_limit_is_no_time_of_its_own(language: str, words: str) -> None:
    talk = Talk().writes(AT[language], words)
    hours = [local(talk, slot) for slot in talk.booking.offered]
    assert len(hours) > 1
    assert all((at.day, at.hour <= 11) == (6, True) for at in hours)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "31 November at 3pm"), ("id", "31 November jam 3 sore"), ("vi", "31 tháng 11 lúc 3h chiều")],
)
def test_a_day_that_no_month_has_is_asked_and_never_guessed(language: str, words: str) -> None:
    talk = Talk().writes(AT[language], words)
    assert "31" in talk.last
    assert talk.booking.offered == ()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Tuesday 5 November"), ("id", "selasa 5 november"), ("vi", "thứ ba 5 tháng 11")],
)
def test_a_weekday_against_its_date_is_asked_with_both_and_a_mere_yes_chooses_neither(
    language: str, words: str
) -> None:
    talk = Talk().writes(AT[language], words)
    asked = talk.choices
    assert set(asked) == {"day:2026-11-05", "day:2026-11-03"}
    talk.writes({"en": "yes", "id": "ya", "vi": "vâng"}[language])
    assert (talk.choices, talk.booking.offered) == (asked, ())
    talk.taps_row(0)
    assert {local(talk, slot).date() for slot in talk.booking.offered} == {date(2026, 11, 5)}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "tomorrow 4pm London time"), ("id", "besok jam 3 sore WIB"), ("vi", "3h chiều mai giờ London")],
)
def test_a_time_by_another_clock_is_asked_with_both_clocks(language: str, words: str) -> None:
    talk = Talk().writes(AT[language], words)
    assert len(talk.choices) == 2
    assert talk.booking.offered == ()
    talk.taps_row(1)
    assert local(talk, talk.booking.chosen).date() == TUESDAY


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "something later?"), ("id", "ada yang lebih malam?"), ("vi", "có giờ nào muộn hơn không")],
)
def test_something_later_than_what_is_chosen_is_looked_for(language: str, words: str) -> None:
    first = {"en": " tomorrow at 3pm", "id": " besok jam 3 sore", "vi": " ngày mai 3h chiều"}[language]
    talk = Talk().writes(AT[language] + first, words)
    times = [local(talk, slot) for slot in talk.booking.offered]
    assert times
    assert all(at.date() == TUESDAY and at.hour >= 15 and (at.hour, at.minute) != (15, 0) for at in times)


def test_the_later_one_is_the_last_of_those_that_are_shown() -> None:
    talk = Talk().writes(AT["en"] + " tomorrow afternoon")
    last = talk.booking.offered[-1]
    assert talk.writes("the later one").booking.chosen == last


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "thursday instead, same time"),
        ("id", "kamis aja, jam yang sama"),
        ("vi", "đổi sang thứ năm, cùng giờ"),
    ],
)
def test_the_same_time_on_another_day_is_summed_up_at_once(language: str, words: str) -> None:
    first = {"en": " tomorrow at 3pm", "id": " besok jam 3 sore", "vi": " ngày mai 3h chiều"}[language]
    talk = Talk().writes(AT[language] + first, words)
    at = local(talk, talk.booking.chosen)
    assert (at.date(), at.hour) == (date(2026, 11, 5), 15)


@pytest.mark.parametrize(("language", "words"), [("en", "tomorrow"), ("id", "besok"), ("vi", "ngày mai")])
def test_tomorrow_is_counted_from_the_day_of_the_business_and_not_of_a_server(language: str, words: str) -> None:
    # half past five in the afternoon in Greenwich, half past one on Tuesday morning in Bali
    talk = Talk(now=datetime(2026, 11, 2, 17, 30, tzinfo=UTC)).writes(AT[language], words)
    assert {local(talk, slot).date() for slot in talk.booking.offered} == {date(2026, 11, 4)}
