"""Which service words mean: a number told beside half a name decides between twins; nothing is guessed."""

import pytest

from bot.matching import entries_meant, services_meant, services_named
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
    ],
)
def test_the_service_that_is_meant(text: str, service: str) -> None:
    assert [one.id for one in services_meant(sample(), text)] == [service]


@pytest.mark.parametrize("text", ["something nice", "90", "tomorrow at 3pm", ""])
def test_words_that_name_nothing_name_nothing(text: str) -> None:
    assert services_named(sample(), text) == ()


@pytest.mark.parametrize(("text", "entry"), [("do you take credit card", "how-to-pay"), ("hujan gimana", "rain")])
def test_the_answer_that_is_asked_for(text: str, entry: str) -> None:
    assert [one.id for one in entries_meant(sample(), text)] == [entry]


@pytest.mark.parametrize("text", ["what is the wifi password", "how are you", ""])
def test_what_no_answer_is_about_has_none(text: str) -> None:
    assert entries_meant(sample(), text) == ()
