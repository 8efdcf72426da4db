"""What good service says to a yes or no after a reminder, to what is not wished, and to questions about the house."""

import pytest

from bot.domain.commands import OfferSlots
from bot.domain.events import StaffAction
from bot.domain.states import Mode, State
from bot.domain.timers import TimerKind
from bot.replies.words import say
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_attendance import booked, rung
from tests.bot.dialogue.states.test_first_words_used import CALL
from tests.bot.dialogue.states.test_when import AT, TUESDAY, local
from tests.bot.dialogue.states.test_yes_question import MASSAGE, hour

LANGUAGES = ("en", "id", "vi")


def opening(key: str, language: str) -> str:
    """The words of that text before its first field."""
    fields = dict.fromkeys(("service", "day", "hours", "reference"), "@")
    return say(key, language, **fields).split("@")[0]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        *(("en", text) for text in ("yes", "ok", "yes, that's right")),
        *(("id", text) for text in ("ya", "oke kak", "siap")),
        *(("vi", text) for text in ("vâng ạ", "có", "ok bạn")),
    ],
)
def test_a_yes_to_a_reminder_is_answered_with_the_day(language: str, words: str) -> None:
    talk = rung(booked(language), TimerKind.DAY_BEFORE).writes(words)
    assert talk.last.startswith(opening("booking.see_you", language))
    assert talk.booking.state is State.REMINDER_SENT


@pytest.mark.parametrize(
    ("language", "words"),
    [
        *(("en", text) for text in ("no", "I can't make it", "sorry, we won't be able to come")),
        *(("id", text) for text in ("tidak", "tidak bisa datang", "maaf saya berhalangan")),
        *(("vi", text) for text in ("không", "mình không đến được", "mình không đi được rồi")),
    ],
)
def test_a_no_to_a_reminder_brings_what_can_be_done_and_cancels_nothing(language: str, words: str) -> None:
    talk = rung(booked(language), TimerKind.DAY_BEFORE).writes(words)
    assert talk.last.startswith(say("booking.cannot_come", language))
    assert len(talk.choices) >= 3
    assert talk.booking.state is State.REMINDER_SENT
    assert talk.booking.change is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("came", "key"), [("true", "attendance.came"), ("false", "attendance.missed")])
def test_what_staff_note_about_coming_is_said_to_the_customer(language: str, came: str, key: str) -> None:
    talk = booked(language)
    name, due = next((name, due) for name, due in talk.lead.timers.items() if name.startswith(TimerKind.SHOW_UP))
    del name
    talk.now = due
    # they wrote in the morning, so that plain words may be sent
    talk.writes({"en": "thank you", "id": "makasih", "vi": "cảm ơn bạn"}[language])
    reference, before = str(talk.booking.reference), len(talk.said)
    talk.staff(StaffAction.SHOW_UP, reference, came=came)
    assert len(talk.said) == before + 1
    assert talk.last.startswith(opening(key, language))
    assert reference in talk.last


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Don't cancel my booking"),
        ("id", "jangan batalin booking saya"),
        ("vi", "đừng hủy lịch của mình"),
    ],
)
def test_a_booking_that_is_to_be_kept_is_said_to_stay(language: str, words: str) -> None:
    talk = Talk().writes(*CALL[language], words)
    assert talk.last.startswith(opening("booking.kept", language))
    assert talk.booking.state is State.CONFIRMED
    # at the summary it is no refusal of what was summed up
    assert hour(Talk().writes(MASSAGE[language], words)) == 15


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "cancel that one, Thursday suits better"),
        ("id", "batalin yang itu, kamis lebih enak"),
        ("vi", "hủy cái đó đi, thứ năm tiện hơn"),
    ],
)
def test_a_cancel_beside_a_better_day_is_a_change_in_the_chat_too(language: str, words: str) -> None:
    talk = Talk().writes(MASSAGE[language], words)
    at = local(talk, talk.booking.chosen)
    assert (at.day, at.hour) == (5, 15)
    standing = Talk().writes(*CALL[language], words)
    assert standing.booking.state is State.CONFIRMED
    assert standing.booking.change is not None
    assert standing.booking.change.after is not None
    assert local(standing, standing.booking.change.after.slot).day == 5


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "actually the saturday 6pm one"),
        ("id", "eh yang sabtu jam 6 sore aja"),
        ("vi", "thôi lấy thứ bảy 6h chiều đi"),
    ],
)
def test_a_change_of_mind_at_the_summary_is_what_the_thumb_then_books(language: str, words: str) -> None:
    talk = Talk().writes(MASSAGE[language], words, "👍")
    at = local(talk, talk.booking.chosen)
    assert (at.day, at.hour) == (7, 18)
    assert talk.booking.booked_hold is not None


@pytest.mark.parametrize(
    ("language", "words"),
    [
        *(("en", text) for text in ("ok thanks", "great, thank you", "don't book it yet", "too expensive")),
        *(("id", text) for text in ("oke makasih", "jangan dipesan dulu", "mahal banget", "belum deh")),
        *(("vi", text) for text in ("đừng đặt nhé", "dạ chờ em", "đắt luôn", "đã đặt rồi", "ok cảm ơn")),
    ],
)
def test_thanks_waits_and_complaints_about_the_price_book_nothing(language: str, words: str) -> None:
    talk = Talk().writes(MASSAGE[language], words)
    assert talk.booking.booked_hold is None
    assert talk.booking.state is State.SLOT_PROPOSED


@pytest.mark.parametrize(
    ("language", "words"),
    [
        *(("en", text) for text in ("Yes, that's correct", "Sounds great", "k", "that works for me")),
        *(("id", text) for text in ("Iya, sudah benar", "Ya, sesuai", "sip, betul kak")),
        *(("vi", text) for text in ("đúng rồi bạn", "ok chốt nhé", "ừ đặt đi")),
    ],
)
def test_a_plain_yes_books(language: str, words: str) -> None:
    assert Talk().writes(MASSAGE[language], words).booking.booked_hold is not None


@pytest.mark.parametrize(
    ("language", "question", "words"),
    [
        ("en", "cancel my booking", ("no don't", "wait", "keep it")),
        ("id", "batalkan booking saya", ("jangan", "tunggu dulu", "gak jadi batal")),
        ("vi", "hủy lịch giúp mình", ("đừng hủy", "chờ chút", "đã đặt rồi mà")),
    ],
)
def test_no_wait_and_keep_cancel_nothing(language: str, question: str, words: tuple[str, ...]) -> None:
    for answer in words:
        assert Talk().writes(*CALL[language], question, answer).booking.state is State.CONFIRMED


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "don't send the driver please"), ("id", "jangan kirim supir ya"), ("vi", "đừng gửi xe đón nhé")],
)
def test_what_is_not_to_be_done_begins_no_booking_and_reaches_a_person(language: str, words: str) -> None:
    talk = Talk().writes(words)
    assert talk.lead.bookings == ()
    assert not talk.lead.conversation.opted_out
    assert talk.last == say("talk.passed_on", language)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        *(("en", text) for text in ("tomorrow after lunch", "tomorrow before dinner")),
        *(("id", text) for text in ("besok habis makan siang", "besok sebelum makan malam")),
        *(("vi", text) for text in ("mai sau bữa trưa", "mai trước bữa tối", "mai sau gio an trua")),
    ],
)
def test_a_time_by_a_meal_is_that_part_of_the_day_and_no_meal(language: str, words: str) -> None:
    talk = Talk().writes(AT[language], words)
    assert talk.booking.service == "balinese-massage"
    times = [local(talk, slot) for slot in talk.booking.offered]
    assert times
    assert all(at.date() == TUESDAY and 13 <= at.hour <= 18 for at in times)


@pytest.mark.parametrize(
    ("language", "words", "part"),
    [
        *(("en", text, "08:00") for text in ("what are your opening hours?", "when do you close? opening hours?")),
        ("en", "where are you located?", "Jl. Nelayan"),
        ("en", "do you have a phone number?", "08:00"),
        ("id", "buka jam berapa kak?", "08:00"),
        ("id", "alamatnya di mana?", "Jl. Nelayan"),
        ("id", "ada nomor telepon?", "08:00"),
        *(("vi", text, "08:00") for text in ("mấy giờ mở cửa?", "may gio mo cua vay")),
        ("vi", "địa chỉ ở đâu vậy ạ?", "Jl. Nelayan"),
        *(("vi", text, "08:00") for text in ("cho mình xin số điện thoại", "bên mình có sđt không")),
    ],
)
def test_questions_about_the_house_are_answered_from_the_file(language: str, words: str, part: str) -> None:
    talk = Talk().writes(words)
    assert part in talk.last
    assert talk.lead.bookings == ()
    assert not talk.lead.waits_for_person
    assert talk.lead.conversation.language == language


@pytest.mark.parametrize(
    "words", ["my number is +61 400 111 222", "nomor hp saya 0812345678", "số của mình 0912345678"]
)
def test_who_tells_a_number_asks_for_none(words: str) -> None:
    assert say("info.phone", "en", hours="@").split("@")[0] not in Talk().writes("hello", words).last


@pytest.mark.parametrize(
    ("language", "words"),
    [
        *(("en", text) for text in ("is this a robot?", "am I talking to a human?")),
        *(("id", text) for text in ("ini orang beneran?", "ini balasan otomatis ya?")),
        *(("vi", text) for text in ("đây là máy trả lời à?", "mình đang nói chuyện với người thật hả?")),
    ],
)
def test_however_it_is_asked_a_machine_says_that_it_is_one(language: str, words: str) -> None:
    talk = Talk().writes(MASSAGE[language], words)
    assert say("info.bot", language, business=talk.business.name) in talk.last
    assert talk.lead.conversation.mode is Mode.BOT


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "I want to talk to a real person"),
        ("id", "saya mau bicara dengan orang"),
        ("vi", "cho mình gặp người thật"),
    ],
)
def test_who_wants_a_person_gets_one(language: str, words: str) -> None:
    assert Talk().writes(MASSAGE[language], words).lead.conversation.mode is Mode.AGENT


@pytest.mark.parametrize(
    ("language", "words"),
    [
        *(("en", text) for text in ("you are so unprofessional", "no one came!")),
        *(("id", text) for text in ("terapisnya judes banget", "pelayanannya mengecewakan")),
        *(("vi", text) for text in ("nhân viên thô lỗ quá", "mình không hài lòng chút nào")),
    ],
)
def test_anger_in_other_words_gets_sorry_and_a_person(language: str, words: str) -> None:
    talk = Talk().writes(MASSAGE[language], words)
    assert talk.last == say("talk.complaint", language)
    assert talk.lead.waits_for_person


@pytest.mark.parametrize(
    ("language", "first", "words"),
    [
        ("en", "massage 60 min tomorrow 3pm", ("villa kamboja", "the kamboja one")),
        ("id", "pijat bali 60 menit besok jam 3 sore", ("villa kamboja", "di kamboja aja")),
        ("vi", "massage bali 60 phút mai 3h chiều", ("villa kamboja", "ở kamboja nha")),
    ],
)
def test_the_name_of_the_place_answers_where_it_is_to_be(language: str, first: str, words: tuple[str, ...]) -> None:
    for answer in words:
        talk = Talk().writes(first, answer)
        assert (talk.booking.service, talk.booking.place) == ("balinese-massage", "villa-kamboja")
        assert talk.lead.conversation.language == language


@pytest.mark.parametrize(
    ("language", "first", "words"),
    [
        ("en", "massage 60 min tomorrow 3pm", ("the sun is lovely", "pineapples grow here")),
        ("id", "pijat bali 60 menit besok jam 3 sore", ("mataharinya bagus", "nanasnya manis")),
        ("vi", "massage bali 60 phút mai 3h chiều", ("trời đẹp ghê", "dứa ngọt lắm")),
    ],
)
def test_two_misses_bring_a_way_out(language: str, first: str, words: tuple[str, str]) -> None:
    talk = Talk().writes(first, *words)
    assert talk.booking.place is None
    assert talk.choices
    assert talk.lead.conversation.language == language


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "thu 3 dec 6pm"), ("id", "kamis 3 des jam 6 sore"), ("vi", "thứ năm 3/12 6h chiều")],
)
def test_a_weekday_with_its_date_is_that_day_and_a_tap_keeps_the_language(language: str, words: str) -> None:
    talk = Talk().writes(AT[language], words)
    at = local(talk, talk.booking.chosen)
    assert (at.month, at.day, at.hour) == (12, 3, 18)
    talk.taps(talk.choices[0])
    assert talk.lead.conversation.language == language


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("private chef dinner friday 7pm villa kamboja, 2 adults and a toddler", 3),
        ("chef dinner friday 7pm villa kamboja, we are two pairs", 4),
        ("makan malam chef pribadi jumat jam 7 malam di villa kamboja, 2 dewasa 1 anak", 3),
        ("makan malam chef pribadi jumat jam 7 malam di villa kamboja, kami dua pasang", 4),
        ("đặt đầu bếp nấu tại villa kamboja thứ sáu 7h tối, hai vợ chồng và một bé", 3),
        ("đặt đầu bếp nấu tại villa kamboja thứ sáu 7h tối, tụi mình 2 cặp", 4),
    ],
)
def test_everybody_who_comes_is_counted_and_the_hour_stays(words: str, people: int) -> None:
    talk = Talk().writes(words)
    assert (talk.booking.guests, hour(talk)) == (people, 19)


def test_a_search_that_names_nothing_new_is_not_begun_twice() -> None:
    talk = Talk().writes(MASSAGE["en"])
    before = len(talk.said)
    talk.writes("is this a robot?")
    assert len(talk.said) == before + 1
    assert not any(isinstance(said, OfferSlots) for said in talk.said)
