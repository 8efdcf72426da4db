"""What a good receptionist says: about discounts, company, addresses, money, machines, and to who is angry."""

import pytest

from bot.domain.states import Mode
from bot.replies.words import say
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_yes_question import MASSAGE

STREET = "Jl. Subak Sari"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "any discount?"), ("id", "bisa kurang kak?"), ("vi", "có giảm giá không?")]
)
def test_a_wish_for_a_lower_price_is_answered_with_the_price(language: str, words: str) -> None:
    talk = Talk().writes(MASSAGE[language], words)
    assert say("info.discount", language) in talk.last
    assert "350" in talk.last
    assert talk.choices[0].startswith("confirm:")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "can my wife come too?"), ("id", "bisa berdua?"), ("vi", "2 người được không?")],
)
def test_whether_two_may_come_is_answered_and_nothing_changes(language: str, words: str) -> None:
    talk = Talk().writes(MASSAGE[language])
    chosen = talk.booking.chosen
    talk.writes(words)
    assert say("info.people_one", language, service="x").split("x")[1][:20] in talk.last
    assert (talk.booking.chosen, talk.booking.guests) == (chosen, 1)


@pytest.mark.parametrize(
    ("price", "more"),
    [
        ("how much is the massage 60?", "and for 90 min?"),
        ("berapa harga pijat 60 menit?", "kalau yang 90 menit?"),
        ("massage 60 phút giá bao nhiêu?", "còn 90 phút thì sao?"),
    ],
)
def test_a_question_that_follows_keeps_its_subject(price: str, more: str) -> None:
    talk = Talk().writes(price, more)
    assert "475" in talk.last
    assert "350" not in talk.last


@pytest.mark.parametrize(
    ("language", "words"), [("en", "where is it?"), ("id", "alamatnya di mana?"), ("vi", "địa chỉ ở đâu vậy?")]
)
def test_the_street_of_a_villa_is_told_to_who_has_a_booking_there(language: str, words: str) -> None:
    assert STREET not in Talk().writes({"en": "hello", "id": "halo", "vi": "chào bạn"}[language], words).last
    talk = Talk(pays=True).writes(MASSAGE[language])
    assert STREET not in talk.last
    assert STREET not in talk.writes(words).last
    talk.taps(talk.choices[0]).pay()
    assert STREET in talk.writes(words).last


def test_a_house_that_is_open_to_all_has_its_street_told_to_anybody() -> None:
    assert "Jl. Nelayan" in Talk().writes("where is the yoga class?").last


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "did you get my payment?"),
        ("id", "sudah masuk belum pembayarannya?"),
        ("vi", "bên mình nhận được tiền chưa?"),
    ],
)
def test_whether_the_money_is_in_is_told_as_the_books_have_it(language: str, words: str) -> None:
    talk = Talk(pays=True).writes(MASSAGE[language]).taps_row(0)
    reference = str(talk.booking.reference)
    talk.writes(words)
    assert talk.last.startswith(say("payment.not_in_yet", language, reference=reference, until="@").split("@")[0])
    talk.pay().writes(words)
    assert "350" in talk.last
    assert reference in talk.last


@pytest.mark.parametrize(
    ("language", "words"), [("en", "are you a bot?"), ("id", "ini bot ya?"), ("vi", "bạn là bot à?")]
)
def test_a_machine_says_that_it_is_one_and_how_to_have_a_person(language: str, words: str) -> None:
    talk = Talk().writes(MASSAGE[language], words)
    assert say("info.bot", language, business=talk.business.name) in talk.last
    assert talk.lead.conversation.mode is Mode.BOT


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "your therapist was rude to me"),
        ("en", "nobody came! this is unacceptable"),
        ("id", "terapisnya tidak sopan, saya kecewa"),
        ("vi", "nhân viên thái độ quá tệ"),
    ],
)
def test_who_is_angry_hears_sorry_and_gets_a_person(language: str, words: str) -> None:
    talk = Talk().writes(MASSAGE[language], words)
    assert talk.last == say("talk.complaint", language)
    assert talk.lead.conversation.mode is Mode.AGENT
    assert talk.lead.waits_for_person
