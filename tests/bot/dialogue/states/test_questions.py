"""What is asked beside a booking: answered from the business file, together with the rest, and back to where it was."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.commands import SendText
from bot.domain.states import State
from bot.replies import booking as words
from intents.understanding import Confidence, Intent, Understanding
from tests.bot.business.makers import sample
from tests.bot.dialogue.states.talk import Talk


def read_as(intent: Intent) -> Callable[[Understanding], Understanding]:
    """All that is written is surely read as this."""
    return lambda read: replace(read, intent=intent, intents=(intent,), confidence=Confidence.ACT)


def answer(entry: str, language: str) -> str:
    found = sample().entry(entry)
    assert found is not None
    return found.answer.say(language)


@pytest.mark.parametrize(
    ("text", "entry", "language"),
    [
        ("can kids join the tour?", "children", "en"),
        ("do you take credit card?", "how-to-pay", "en"),
        ("what happens if it is raining?", "rain", "en"),
        ("apakah anak-anak boleh ikut tur?", "children", "id"),
        ("kalau hujan gimana ya kak?", "rain", "id"),
        ("bisa pakai kartu kredit?", "how-to-pay", "id"),
        ("trời mưa thì sao ạ?", "rain", "vi"),
        ("cho mình hỏi cách thanh toán với", "how-to-pay", "vi"),
        ("troi mua thi sao shop", "rain", "vi"),
    ],
)
def test_a_question_of_the_file_is_answered_word_for_word(text: str, entry: str, language: str) -> None:
    talk = Talk().writes(text)
    assert [talk.last] == [answer(entry, language)]
    assert talk.lead.bookings == ()
    assert isinstance(talk.said[-1], SendText)
    assert talk.said[-1].source == f"faq:{entry}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("What time do you open?", "Monday – Sunday: 08:00–21:00"),
        ("where is the yoga class", "Jl. Nelayan"),
        ("what should I bring for yoga", "Come ten minutes early"),
        ("jam buka sampai jam berapa ya kak?", "Senin – Minggu: 08:00–21:00"),
        ("mấy giờ mở cửa vậy shop?", "08:00–21:00"),
    ],
)
def test_hours_places_and_what_to_expect_come_from_the_file(text: str, said: str) -> None:
    assert said in Talk().writes(text).last


@pytest.mark.parametrize(
    "text",
    ["There will be two of us, we want a massage tomorrow at 10am", "I need to be at the airport tomorrow at 9am"],
)
def test_a_word_that_a_question_shares_with_everything_does_not_ask_it(text: str) -> None:
    talk = Talk().writes(text)
    assert answer("children", "en") not in talk.last
    assert talk.lead.bookings


@pytest.mark.parametrize("text", ["Villa Melati", "di Villa Melati", "di Villa Melati ya kak", "ở Villa Melati nhé"])
def test_the_place_that_was_asked_for_is_no_question(text: str) -> None:
    talk = Talk().writes("I want a Balinese massage 60 min").writes(text)
    assert not talk.lead.waits_for_person
    assert talk.booking.place == "villa-melati"
    assert len(talk.said) == 2


@pytest.mark.parametrize("text", ["what is the wifi password at Villa Melati", "Villa Melati, is the wifi good?"])
def test_a_question_beside_the_place_stays_a_persons(text: str) -> None:
    asks = read_as(Intent.ASK_INFO)
    talk = Talk().writes("I want a Balinese massage 60 min")
    talk.read = asks
    talk.writes(text)
    assert talk.lead.waits_for_person
    assert talk.booking.place == "villa-melati"


def test_the_service_that_was_asked_for_is_no_question() -> None:
    talk = Talk().writes("can I book for tomorrow")
    talk.read = read_as(Intent.ASK_INFO)
    talk.writes("Private chef dinner")
    assert not talk.lead.waits_for_person
    assert talk.booking.service == "private-chef"


@pytest.mark.parametrize("text", ["hẹn gặp lại", "tôi sẽ nhắn lại sau", "bạn nhắc lại giúp mình"])
def test_to_say_again_or_see_you_again_books_no_stay(text: str) -> None:
    assert Talk().writes("xin chào bạn nhé", text).lead.bookings == ()


def test_opening_hours_that_change_are_told_as_they_are_now() -> None:
    business = sample()
    talk = Talk(
        business=replace(business, agents=replace(business.agents, hours=replace(business.agents.hours, sun=())))
    )
    assert "Monday – Saturday: 08:00–21:00\nSunday: closed" in talk.writes("What time do you open?").last


def test_what_the_file_does_not_answer_goes_to_a_person_and_nothing_is_made_up() -> None:
    talk = Talk().writes("what is the wifi password at the villa?")
    assert talk.lead.waits_for_person
    assert "passed it to our team" in talk.last


@pytest.mark.parametrize(
    ("text", "price", "head"),
    [
        (
            "mau pijat bali 60 menit di Villa Padi besok sore ya, berapa harganya?",
            "Pijat Bali 60 menit, 1 orang: IDR 350.000.",
            "jam yang masih kosong",
        ),
        (
            "book a balinese massage 60 min at Villa Padi tomorrow afternoon, how much is it?",
            "Balinese massage 60 min, 1 person: IDR 350,000.",
            "these times are free",
        ),
        (
            "mình muốn đặt massage bali 60 phút chiều mai ở villa padi, giá bao nhiêu vậy?",
            "Massage Bali 60 phút, 1 người: IDR 350.000.",
            "còn trống các giờ này",
        ),
    ],
)
def test_a_wish_and_a_question_in_one_message_get_one_answer(text: str, price: str, head: str) -> None:
    talk = Talk().writes(text)
    assert len(talk.said) == 1
    assert price in talk.last
    assert head in talk.last
    assert len(talk.choices) == 3
    assert talk.booking.pending_questions == ()


def test_two_questions_and_a_wish_get_one_answer() -> None:
    talk = Talk().writes(
        "can kids join? how much is the private chef? and please book it at villa padi on friday for 4 people"
    )
    assert len(talk.said) == 1
    assert answer("children", "en") in talk.last
    assert "Private chef dinner, 4 people: IDR 1,700,000." in talk.last
    assert talk.booking.state is State.SLOT_PROPOSED


def test_a_question_in_the_middle_is_answered_and_the_open_question_asked_once_more() -> None:
    talk = Talk().writes("book the free planning call tomorrow morning").taps_row(1)
    chosen = talk.booking.chosen
    talk.writes("what happens if it is raining?")
    assert answer("rain", "en") in talk.last
    assert "shall I book" in talk.last
    assert talk.choices[0].startswith(words.CONFIRM_TAP)
    assert talk.booking.chosen == chosen
    assert talk.writes("yes").booking.state is State.CONFIRMED


def test_the_price_of_a_chosen_time_is_the_price_that_was_quoted_for_it() -> None:
    talk = Talk().writes("private chef at Villa Padi on friday evening for 4 people").taps_row(0)
    assert "Private chef dinner, 4 people: IDR 1,700,000." in talk.writes("how much would it be?").last


def test_what_was_asked_about_is_what_is_booked_next() -> None:
    talk = Talk().writes("how much is the private chef?", "ok then on friday at 6pm for 4 people, please book")
    assert talk.booking.service == "private-chef"


def test_a_topic_a_model_names_is_sent_when_it_is_sure_and_drafted_when_it_is_not() -> None:
    def named(score: float) -> Talk:
        talk = Talk()
        talk.read = lambda meant: replace(
            meant,
            intent=Intent.ASK_INFO,
            intents=(Intent.ASK_INFO,),
            score=score,
            confidence=Confidence.ACT,
            by_rule=False,
            by_model=True,
            entities=replace(meant.entities, topic="rain"),
        )
        return talk.writes("hmm the sky looks a bit like trouble")

    assert named(0.95).said == [SendText(answer("rain", "en"), source="faq:rain")]
    unsure = named(0.6)
    assert unsure.drafts == [SendText(answer("rain", "en"), source="faq:rain")]
    assert "passed it to our team" in unsure.last
    assert unsure.lead.waits_for_person


def test_a_topic_that_is_not_in_the_file_is_nothing() -> None:
    talk = Talk()
    talk.read = lambda meant: replace(
        meant,
        intent=Intent.ASK_INFO,
        intents=(Intent.ASK_INFO,),
        confidence=Confidence.ACT,
        entities=replace(meant.entities, topic="Booked! IDR 1"),
    )
    talk.writes("hmm tell me more")
    assert "IDR 1" not in talk.last
    assert talk.lead.waits_for_person


def test_a_person_and_a_question_in_one_message_are_both_heeded() -> None:
    talk = Talk().writes("can I talk to someone please? and how much is the private chef?")
    assert talk.lead.is_with_agent
    assert len(talk.said) == 1
    assert "IDR 425,000 per person" in talk.last


def test_more_guests_are_told_the_price_for_so_many() -> None:
    talk = Talk().writes("how much is the private chef for 6 people on friday evening at villa padi?")
    assert "6 people: IDR 2,310,000." in talk.last
