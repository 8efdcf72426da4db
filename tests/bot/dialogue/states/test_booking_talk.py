"""What is asked, offered, chosen, confirmed and refused in a booking conversation, in three languages."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.decide import decide
from bot.domain.events import SlotsFound
from bot.domain.ids import EventId
from bot.domain.offers import Fit
from bot.domain.states import State
from bot.replies import booking as words
from bot.replies.words import say
from intents.understanding import ExpectedAnswer, Language
from tests.bot.dialogue.states.talk import NOW, Talk
from tests.bot.makers import context

ONE_BREATH = [
    "Can I get a balinese massage 60 min tomorrow at 3pm at Villa Padi?",
    "mau pijat bali 60 menit di Villa Padi besok jam 3 sore",
    "mình muốn massage bali 60 phút ở Villa Padi ngày mai lúc 3 giờ chiều",
]


def local_hours(talk: Talk) -> list[int]:
    """The offered local hours."""
    return [one.start.astimezone(talk.business.zone).hour for one in talk.booking.offered]


@pytest.mark.parametrize("text", ONE_BREATH)
def test_service_place_and_time_in_one_breath_are_offered_at_once(text: str) -> None:
    talk = Talk().writes(text)
    assert talk.booking.state is State.SLOT_PROPOSED
    assert (talk.booking.service, talk.booking.place) == ("balinese-massage", "villa-padi")
    assert local_hours(talk) == [15]
    assert len(talk.said) == 1
    assert talk.booking.chosen == talk.booking.offered[0]
    assert not talk.booking.explicitly_confirmed


@pytest.mark.parametrize(
    ("wish", "choice"),
    [
        ("book the free planning call tomorrow morning", "the second"),
        ("pesan telepon rencana gratis besok pagi", "yang kedua"),
        ("đặt gọi tư vấn miễn phí ngày mai buổi sáng", "số 2"),
    ],
)
def test_a_choice_by_its_number_is_summed_up_and_not_yet_booked(wish: str, choice: str) -> None:
    talk = Talk().writes(wish)
    second = talk.booking.offered[1]
    talk.writes(choice)
    assert talk.booking.chosen == second
    assert talk.booking.state is State.SLOT_PROPOSED
    assert not talk.booking.explicitly_confirmed
    assert talk.choices[0] == f"{words.CONFIRM_TAP}{second.slot_id}"


@pytest.mark.parametrize(
    ("wish", "choice", "hour"),
    [
        ("book the free planning call tomorrow morning", "10 o'clock", 10),
        ("pesan telepon rencana gratis besok pagi", "yang jam 10", 10),
        ("đặt gọi tư vấn miễn phí ngày mai 9 giờ sáng", "chọn 9h", 9),
    ],
)
def test_a_choice_by_its_hour_means_the_offer_of_that_hour(wish: str, choice: str, hour: int) -> None:
    talk = Talk().writes(wish)
    assert hour in local_hours(talk)
    talk.writes(choice)
    chosen = talk.booking.chosen
    assert chosen is not None
    assert chosen.start.astimezone(talk.business.zone).hour == hour


@pytest.mark.parametrize(
    ("wish", "yes"),
    [
        ("book the free planning call tomorrow morning", "yes"),
        ("pesan telepon rencana gratis besok pagi", "ya, pesan"),
        ("đặt gọi tư vấn miễn phí ngày mai buổi sáng", "đồng ý"),
    ],
)
def test_only_an_explicit_yes_books(wish: str, yes: str) -> None:
    talk = Talk().writes(wish)
    talk.taps_row(0)
    others = [one.hold_id for one in talk.booking.offered[1:]]
    talk.writes(yes)
    assert talk.booking.state is State.CONFIRMED
    assert talk.booking.booked_hold is not None
    assert talk.booking.booked_hold not in others


def test_a_confirming_tap_for_another_time_than_the_one_summed_up_books_nothing() -> None:
    talk = Talk().writes("book the free planning call tomorrow morning").taps_row(0)
    other = talk.booking.offered[1].slot_id
    talk.taps(f"{words.CONFIRM_TAP}{other}")
    assert talk.booking.state is State.SLOT_PROPOSED
    assert "Please confirm" in talk.last


def test_a_correction_in_the_middle_replaces_the_day_and_keeps_the_rest() -> None:
    talk = Talk().writes(ONE_BREATH[0], "sorry, I mean on Friday at 5pm")
    days = {one.start.astimezone(talk.business.zone).date() for one in talk.booking.offered}
    assert days == {(NOW + timedelta(days=4)).date()}
    assert local_hours(talk) == [17]
    assert (talk.booking.service, talk.booking.place) == ("balinese-massage", "villa-padi")
    assert not talk.booking.explicitly_confirmed


def test_another_service_in_the_middle_is_offered_and_nothing_of_the_former_is_chosen() -> None:
    talk = Talk().writes("book the free planning call tomorrow morning").taps_row(0)
    talk.writes("actually a balinese massage 60 min at Villa Padi")
    assert talk.booking.service == "balinese-massage"
    assert talk.booking.chosen is None
    assert all(one.slot_id.startswith("balinese-massage|") for one in talk.booking.offered)


def test_place_and_guests_are_asked_once_each() -> None:
    talk = Talk().writes("I want a private chef")
    talk.writes("Villa Melati")
    talk.writes("friday evening, 4 people")
    assert talk.booking.state is State.SLOT_PROPOSED
    assert (talk.booking.place, talk.booking.guests) == ("villa-melati", 4)
    assert len(talk.said) == 3


def test_more_guests_than_the_service_takes_is_told_with_the_most_it_takes() -> None:
    talk = Talk().writes("private chef at Villa Karang on friday evening for 40 people")
    assert "12" in talk.last
    assert not talk.booking.offered
    talk.writes("6")
    assert (talk.booking.guests, talk.booking.state) == (6, State.SLOT_PROPOSED)


def test_nothing_free_is_said_and_another_day_is_asked_for() -> None:
    talk = Talk(full=True).writes("book the free planning call tomorrow morning")
    assert "nothing free" in talk.last
    assert talk.booking.offered == ()
    talk.full = False
    talk.writes("thursday")
    assert talk.booking.state is State.SLOT_PROPOSED


def test_a_time_somebody_else_took_meanwhile_leads_to_other_times_with_the_reason() -> None:
    talk = Talk().writes("book the free planning call tomorrow morning").taps_row(0)
    talk.lost = True
    talk.writes("yes")
    assert "just been taken" in talk.last
    assert talk.booking.offered
    assert not talk.booking.explicitly_confirmed


def test_stop_in_the_middle_is_obeyed_before_anything_else() -> None:
    talk = Talk().writes("book the free planning call tomorrow morning", "STOP")
    assert talk.lead.conversation.opted_out
    assert "will not write to you" in talk.last
    talk.writes("the first")
    assert talk.booking.chosen is None


@pytest.mark.parametrize(
    "tap", ["slot:nonsense", "slot:", "slot:holograms|x|20261110T0200Z|", "confirm:x", "svc:holograms"]
)
def test_a_tap_that_was_never_offered_books_nothing(tap: str) -> None:
    talk = Talk().writes("book the free planning call tomorrow morning").taps(tap)
    assert talk.booking.chosen is None
    assert talk.booking.state is State.SLOT_PROPOSED


def test_a_button_of_last_week_says_that_its_time_has_passed() -> None:
    talk = Talk().writes("book the free planning call tomorrow morning")
    old = talk.choices[0]
    talk.now += timedelta(days=7)
    talk.taps(old)
    assert "has passed" in talk.last
    assert talk.booking.chosen is None


def test_the_same_time_twice_by_one_person_is_told_to_be_theirs() -> None:
    talk = Talk().writes("book the free planning call tomorrow morning")
    first = talk.choices[0]
    talk.taps(first).writes("yes")
    reference = talk.booking.reference
    talk.writes("I want another free planning call tomorrow morning")
    talk.taps(first)
    assert str(reference) in talk.last
    assert [one.reference for one in talk.lead.bookings if one.booked_hold] == [reference]


def test_a_service_taken_out_of_the_file_in_the_middle_is_asked_for_again() -> None:
    talk = Talk().writes("book the free planning call tomorrow morning")
    slot = talk.choices[0]
    left = tuple(one for one in talk.business.services if one.id != "planning-call")
    talk.business = replace(talk.business, services=left)
    talk.taps(slot)
    assert talk.booking.chosen is None
    assert not talk.booking.holds
    assert len(talk.let_go) == 3
    assert talk.choices
    talk.taps("svc:balinese-massage").taps("place:villa-padi")
    assert talk.booking.state is State.SLOT_PROPOSED
    assert all(one.slot_id.startswith("balinese-massage|") for one in talk.booking.offered)


def test_a_service_taken_out_of_the_file_while_times_are_looked_for_is_asked_for_again() -> None:
    talk = Talk().writes("book the free planning call tomorrow morning")
    left = tuple(one for one in talk.business.services if one.id != "planning-call")
    gone = replace(context(), business=replace(talk.business, services=left))
    nothing = SlotsFound(EventId("done:m9:0"), NOW, talk.booking.reference, (), Fit.NOTHING)
    decision = decide(talk.lead, nothing, gone)
    assert decision.lead.bookings[0].service is None
    assert decision.lead.conversation.expecting is ExpectedAnswer.SERVICE
    assert say("booking.ask.service", Language.EN) in [getattr(one.command, "body", None) for one in decision.effects]


def test_dropping_it_lets_every_offer_go() -> None:
    talk = Talk().writes("book the free planning call tomorrow morning")
    holds = set(talk.booking.holds)
    talk.taps_row(0).taps_row(2)
    assert talk.lead.bookings == ()
    assert holds <= set(talk.let_go)


def test_an_offer_of_the_former_service_cannot_be_chosen_for_the_one_named_since() -> None:
    talk = Talk().writes("book the free planning call tomorrow morning")
    former = set(talk.booking.holds)
    talk.writes("rather a balinese massage 60 min", "the second")
    assert talk.booking.service == "balinese-massage"
    assert talk.booking.chosen is None
    assert former <= set(talk.let_go)


def test_an_offer_for_fewer_guests_cannot_be_chosen_for_more() -> None:
    talk = Talk().writes("private chef at Villa Karang on friday evening for 4 people")
    former = set(talk.booking.holds)
    talk.writes("sorry we are 40 people", "the second")
    assert talk.booking.chosen is None
    assert former <= set(talk.let_go)


@pytest.mark.parametrize(
    "words",
    ["yes, how much is it", "hmm the sun is lovely", "ya tapi mahal", "được không", "ok but is it far?", "book what?"],
)
def test_what_is_no_plain_yes_is_answered_with_the_summary_or_a_question_and_books_nothing(words: str) -> None:
    talk = Talk().writes("book the free planning call tomorrow morning").taps_row(0).writes(words)
    assert talk.booking.state is State.SLOT_PROPOSED
    assert not talk.booking.explicitly_confirmed


def test_an_open_question_is_asked_again_where_the_answer_is_no_plain_yes() -> None:
    talk = Talk().writes("book the free planning call tomorrow morning").taps_row(0).writes("yes")
    talk.writes("cancel my booking", "yes, how long would that take")
    assert talk.booking.state is State.CONFIRMED
