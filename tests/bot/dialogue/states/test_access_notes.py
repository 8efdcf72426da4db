"""How to get into a house is told to who has a confirmed booking of ours there, and to nobody before."""

import pytest

from bot.business import file
from bot.business.definition import Business
from bot.domain.states import State
from bot.domain.timers import TimerKind
from bot.replies.plain_text import as_text
from tests.bot.business.makers import problems_of, with_changes
from tests.bot.dialogue.states.talk import Talk

CODE = "4072"
WITH_ACCESS = ("    guests: 4\n", f"    access: The key box has the code {CODE}.\n    guests: 4\n")


def house_with_a_code() -> Business:
    business = file.parse(with_changes(WITH_ACCESS), "business.yaml")
    assert isinstance(business, Business), business
    return business


def told(talk: Talk) -> bool:
    return any(CODE in as_text(order) for order in (*talk.said, *talk.drafts))


def asking_to_pay(*texts: str) -> Talk:
    talk = Talk(business=house_with_a_code(), pays=True).writes(*texts)
    assert talk.booking.state is State.PAYMENT_PENDING
    assert talk.booking.chosen is not None
    assert talk.booking.chosen.place == "villa-kamboja"
    return talk


def a_stay_to_pay() -> Talk:
    return asking_to_pay("I want to stay at Villa Kamboja from 20 November for 3 nights, 2 people", "the first", "yes")


def test_nobody_hears_the_code_before_the_stay_is_paid() -> None:
    talk = a_stay_to_pay().writes("where is it?")
    assert "Subak Sari" in talk.last
    assert not told(talk)


@pytest.mark.parametrize("way", ["receipt", "question", "reminder"])
def test_a_paid_stay_hears_it_with_the_receipt_when_asking_and_in_the_reminder(way: str) -> None:
    talk = a_stay_to_pay().pay()
    if way == "receipt":
        assert CODE in talk.last
    elif way == "question":
        assert CODE in talk.writes("where is it?").last
    else:
        assert CODE in talk.rings(TimerKind.DAY_BEFORE).last


def test_who_names_the_villa_as_where_they_stay_never_hears_it() -> None:
    texts = ("I want the Balinese massage 60 min tomorrow at 3pm at Villa Kamboja", "yes")
    talk = asking_to_pay(*texts).pay().writes("where is it?")
    assert "Subak Sari" in talk.last
    assert not told(talk)


def test_notes_too_long_for_the_message_are_a_mistake_of_the_file() -> None:
    (problem, *_) = problems_of(("    guests: 4\n", f"    access: {'x' * 501}\n    guests: 4\n")).items
    assert (problem.path, problem.what) == (
        "places[4].access.en",
        "has 501 characters, but access notes hold 500",
    )
