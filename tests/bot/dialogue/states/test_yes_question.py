"""At "may I book it?": time to think, a correction, words that are neither; nothing but a plain yes books."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.languages import spoken
from bot.domain.states import Mode, State
from bot.replies.words import say
from tests.bot.dialogue.states.talk import Talk

MASSAGE = {
    "en": "massage 60 min tomorrow at 3pm at villa kamboja",
    "id": "pijat bali 60 menit besok jam 3 sore di villa kamboja",
    "vi": "massage bali 60 phút ngày mai 3h chiều villa kamboja",
}
WAITS = [
    *(("en", text) for text in ("let me ask my wife", "hold on", "I'll check with my husband first")),
    *(("id", text) for text in ("nanti dulu", "tanya istri dulu ya", "sebentar kak", "saya pikir-pikir dulu")),
    *(("vi", text) for text in ("để mình hỏi vợ", "chờ mình chút", "để suy nghĩ thêm", "de minh hoi vo da")),
]


def hour(talk: Talk) -> int:
    """The local hour that is asked about."""
    assert talk.booking.chosen is not None
    return talk.booking.chosen.start.astimezone(talk.business.zone).hour


@pytest.mark.parametrize("language", MASSAGE)
def test_the_very_time_that_was_wished_is_said_to_be_free_and_asked_in_one_message(language: str) -> None:
    talk = Talk().writes(MASSAGE[language])
    assert len(talk.said) == 1
    assert talk.last.startswith(say("booking.offer.exactly", language))
    assert hour(talk) == 15
    assert talk.booking.holds == (talk.booking.offered[0].hold_id,)
    assert len(talk.let_go) == 2


@pytest.mark.parametrize(("language", "words"), WAITS)
def test_who_needs_time_is_given_it_and_the_offer_stays(language: str, words: str) -> None:
    talk = Talk().writes(MASSAGE[language])
    chosen = talk.booking.chosen
    talk.writes(words)
    assert talk.last == say("booking.wait.open", language)
    assert (talk.booking.chosen, talk.booking.state) == (chosen, State.SLOT_PROPOSED)
    talk.taps(f"confirm:{chosen.slot_id if chosen else ''}")
    assert talk.booking.booked_hold is not None


def test_until_when_the_time_is_kept_is_said() -> None:
    talk = Talk().writes(MASSAGE["en"])
    chosen = talk.booking.chosen
    assert chosen is not None
    held = replace(talk.booking, chosen=replace(chosen, held_until=talk.now + timedelta(minutes=30)))
    talk.lead = talk.lead.with_booking(held)
    talk.writes("let me ask my wife")
    assert "until 09:30" in talk.last


@pytest.mark.parametrize("language", MASSAGE)
def test_who_waits_to_pay_is_told_until_when(language: str) -> None:
    wait = {"en": "let me think", "id": "nanti dulu", "vi": "để mình hỏi vợ"}[language]
    talk = Talk(pays=True).writes(MASSAGE[language])
    talk.taps_row(0).writes(wait)
    assert talk.booking.state is State.PAYMENT_PENDING
    assert talk.last.startswith(say("booking.wait.unpaid", language, until="")[:30])


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "no, 7 pm"), ("en", "actually 7pm"), ("id", "eh jam 7 malam aja"), ("vi", "không, 7 giờ tối")],
)
def test_a_correction_at_the_summary_changes_that_field_and_is_said_as_a_change(language: str, words: str) -> None:
    talk = Talk().writes(MASSAGE[language], words)
    assert hour(talk) == 19
    assert talk.last.startswith(say("booking.summary_changed", language, **dict.fromkeys(FIELDS, ""))[:8])
    assert talk.choices[0].startswith("confirm:")
    assert not talk.booking.explicitly_confirmed


FIELDS = ("service", "day", "hours", "place", "people", "price")


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("private chef dinner friday 7pm villa kamboja for 4", "yes but for two people"),
        ("makan malam chef pribadi jumat jam 7 malam di villa kamboja untuk 4 orang", "ya tapi untuk 2 orang"),
        ("đặt đầu bếp nấu tại villa kamboja thứ sáu 7h tối cho 4 người", "có nhưng cho 2 người thôi"),
    ],
)
def test_a_yes_with_another_number_of_people_is_a_change_and_no_booking(first: str, words: str) -> None:
    talk = Talk().writes(first)
    before = talk.booking.chosen
    talk.writes(words)
    assert before is not None
    assert talk.booking.chosen is not None
    assert (talk.booking.guests, talk.booking.chosen.start) == (2, before.start)
    assert talk.booking.booked_hold is None


def test_more_people_than_the_service_takes_lose_nothing_that_was_chosen() -> None:
    talk = Talk().writes(MASSAGE["en"])
    chosen = talk.booking.chosen
    talk.writes("yes but for two people")
    assert "for one person" in talk.last
    assert (talk.booking.chosen, talk.booking.guests) == (chosen, 1)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("the sun is lovely", "pineapples grow here", "the dog sleeps")),
        ("id", ("mataharinya bagus", "nanasnya manis", "anjingnya tidur")),
        ("vi", ("trời đẹp ghê", "dứa ngọt lắm", "con chó đang ngủ")),
    ],
)
def test_neither_yes_nor_no_is_asked_in_short_then_plainer_and_then_a_person_comes(
    language: str, words: tuple[str, str, str]
) -> None:
    talk = Talk().writes(MASSAGE[language], words[0])
    once = talk.last
    talk.writes(words[1])
    twice = talk.last
    assert talk.lead.conversation.misunderstood == 2
    assert once != twice
    assert say("booking.button.confirm", spoken(language)) in twice
    talk.writes(words[2])
    assert talk.lead.conversation.mode is Mode.AGENT
    assert talk.booking.booked_hold is None
