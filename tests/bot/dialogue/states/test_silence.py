"""Silence is for good: only a plain STOP brings it, words that may mean it are asked about."""

import pytest

from bot.replies import first_words
from tests.bot.dialogue.states.talk import Talk


@pytest.mark.parametrize(
    "text",
    [
        "Please give me your contact number",
        "stop di depan hotel ya",
        "đừng gửi xe đón nhé",
        "can the driver stop at the market first?",
        "tolong berhenti di lobi saja",
    ],
)
def test_a_word_that_stops_something_else_brings_no_silence(text: str) -> None:
    assert not Talk().writes(text).lead.conversation.opted_out


@pytest.mark.parametrize(
    "text", ["STOP", "stop", "berhenti", "Please don't message me anymore", "đừng nhắn tin cho tôi nữa"]
)
def test_a_plain_wish_for_silence_is_obeyed_at_once(text: str) -> None:
    assert Talk().writes(text).lead.conversation.opted_out


def test_the_button_of_the_question_decides() -> None:
    assert Talk().taps(first_words.STOP).lead.conversation.opted_out
    goes_on = Talk().taps(first_words.START)
    assert not goes_on.lead.conversation.opted_out
    assert "What can I do for you?" in goes_on.last
