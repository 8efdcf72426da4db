"""Who says that they come late is heard by whoever waits for them, and not offered services."""

from datetime import timedelta

import pytest

from bot.business.context import Context
from bot.domain.coming import ComingAnswer
from bot.domain.passing import PassToProvider
from bot.domain.timers import TimerKind
from bot.replies.passing import about_words
from bot.replies.plain_text import as_text
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_attendance import booked, rung


def passed(talk: Talk) -> list[PassToProvider]:
    return [order for order in talk.orders if isinstance(order, PassToProvider)]


def is_told(talk: Talk) -> bool:
    request = about_words(talk.lead, talk.booking, "visit.words.passed", Context(talk.now, talk.business))
    return talk.said[-1] == request.command


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *[("en", text) for text in ("I will be 10 minutes late", "running late", "sorry, stuck in traffic")],
        *[("id", text) for text in ("kayaknya telat 10 menit", "maaf terlambat kak", "telat dikit ya, kena macet")],
        *[("vi", text) for text in ("mình đến muộn 10 phút", "den muon 10 phut", "em bị trễ, kẹt xe", "trễ 15 phút")],
    ],
)
def test_their_words_go_to_who_waits_and_they_come(language: str, text: str) -> None:
    talk = rung(booked(language), TimerKind.DAY_BEFORE).writes(text)
    (order,) = passed(talk)
    assert (order.booking, order.words, order.task) == (
        talk.booking.reference,
        text,
        f"{talk.booking.reference}:service:1",
    )
    assert is_told(talk)
    assert talk.booking.coming_now.answer is ComingAnswer.YES
    assert len(talk.lead.bookings) == 1


def test_after_the_start_too() -> None:
    talk = booked()
    assert talk.booking.chosen is not None
    talk.now = talk.booking.chosen.start + timedelta(minutes=12)
    assert len(passed(talk.writes("I'm running late, 10 minutes"))) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *[("en", text) for text in ("is it too late to cancel?", "your driver is 10 minutes late", "later please")],
        *[("en", text) for text in ("can we move it to later?", "tôi muốn đặt massage", "cancel it, I am late")],
        *[("id", text) for text in ("sopirnya telat 20 menit", "boleh telat?")],
        *[("vi", text) for text in ("toi muon dat massage", "bạn đến trễ quá", "muộn quá rồi")],
    ],
)
def test_what_only_sounds_like_it_goes_to_nobody(language: str, text: str) -> None:
    assert passed(rung(booked(language), TimerKind.DAY_BEFORE).writes(text)) == []


def test_a_week_before_nobody_is_told() -> None:
    talk = Talk().writes("book the free planning call in six days at 10am", "the first", "yes").writes("running late")
    assert passed(talk) == []
    assert "pass" not in as_text(talk.said[-1])
