"""Which service words mean: a number told beside half a name decides between twins; nothing is guessed."""

from dataclasses import replace

import pytest

from bot.business.words import LocalizedText
from bot.dialogue.matching import entries_meant, services_meant, services_named
from tests.bot.business.makers import sample


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("pijat 90 menit", "long-massage"),
        ("massage 90 minutes please", "long-massage"),
        ("massage 60 min", "balinese-massage"),
        ("massage bali 90 phút", "long-massage"),
        ("mau pijat dong", "balinese-massage"),
        ("a chef for friday", "private-chef"),
        ("dau bep", "private-chef"),
        ("a chef please", "private-chef"),
        ("ở lại 2 đêm", "kamboja-stay"),
        ("kamboja", "kamboja-stay"),
        ("cho bữa tối", "private-chef"),
    ],
)
def test_the_service_that_is_meant(text: str, service: str) -> None:
    assert [one.id for one in services_meant(sample(), text)] == [service]


@pytest.mark.parametrize("text", ["something nice", "90", "tomorrow at 3pm", ""])
def test_words_that_name_nothing_name_nothing(text: str) -> None:
    assert services_named(sample(), text) == ()


@pytest.mark.parametrize(
    "text", ["hẹn gặp lại", "tôi sẽ nhắn lại sau", "bạn nhắc lại giúp mình", "tôi ở đây", "để mình xem lại"]
)
def test_a_common_word_left_of_a_keyword_is_not_the_keyword(text: str) -> None:
    assert services_meant(sample(), text) == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [("Spa 60 minutes", "a spa tomorrow"), ("Private spa", "a private spa")],
)
def test_a_short_name_is_still_a_name(name: str, text: str) -> None:
    business = sample()
    service = replace(business.services[0], name=LocalizedText(en=name), keywords=())
    named = services_named(replace(business, services=(service,)), text)
    assert [one.id for one in named] == [service.id]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("do you take credit card", "how-to-pay"),
        ("hujan gimana", "rain"),
        ("trẻ em", "children"),
        ("em bé có được không", "children"),
        ("is my baby welcome", "children"),
    ],
)
def test_the_answer_that_is_asked_for(text: str, entry: str) -> None:
    assert [one.id for one in entries_meant(sample(), text)] == [entry]


@pytest.mark.parametrize(
    "text",
    [
        "what is the wifi password",
        "how are you",
        "There will be two of us, we want a massage tomorrow at 10am",
        "I need to be at the airport",
        "tôi đến trễ 10 phút",
        "em đến trễ",
        "",
    ],
)
def test_what_no_answer_is_about_has_none(text: str) -> None:
    assert entries_meant(sample(), text) == ()
