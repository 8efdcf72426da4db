"""A guest of a stay says themselves that they are there, or have left; what they hear, and where the rules say no."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.booking import Booking, BookingQuestion, OfferedSlot
from bot.domain.commands import SendButtons
from bot.domain.events import AgentTookOver, TimerFired, timer_event_id
from bot.domain.ids import AgentId, BookingReference, EventId
from bot.domain.states import PaymentStatus, ShowUp, State
from bot.domain.timers import TimerKind, TimerName
from bot.domain.visits import Visit
from bot.replies.notices import as_text
from payments.domain.money import Money
from tests.bot.dialogue.states.talk import NOW, Talk

REFERENCE = BookingReference("BK-1")
START = NOW + timedelta(days=2, hours=5)
"""14:00 in Bali."""
END = START + timedelta(days=3, hours=-3)
PAID = Money(7_200_000, "IDR")


def staying(language: str = "en", state: State = State.CONFIRMED, **more: Any) -> Talk:
    """A guest who has booked and paid a stay, some days before it."""
    slot = OfferedSlot("stay", START, END, None, "villa-kamboja", nights=3)
    stay = Booking(REFERENCE, state, service="kamboja-stay", guests=2, nights=3, chosen=slot, plan_no=1)
    stay = replace(stay, price=PAID, due=PAID, paid=PAID, payment_status=PaymentStatus.PAID, booked_hold="hold")
    talk = Talk()
    talk.lead = talk.lead.conversing(language=language, language_settled=True, greeted=True)
    # its timers are planned with the decision that brings it
    talk.lead = talk.lead.with_booking(replace(stay, state=State.PAID))
    talk.lead = talk.lead.with_booking(replace(stay, **more))
    return talk


def on_the_day(talk: Talk, after: timedelta = timedelta(minutes=30)) -> Talk:
    talk.now = START + after
    return talk


def fired(talk: Talk, kind: TimerKind, at: Any = None) -> Talk:
    """That timer of the stay is due."""
    due = (
        (START + timedelta(minutes=30) if kind is TimerKind.SHOW_UP else END - timedelta(hours=2)) if at is None else at
    )
    name = str(TimerName(kind, REFERENCE))
    talk.lead = talk.lead.with_timer(TimerName(kind, REFERENCE), due)
    talk.now = due
    talk.tell(TimerFired(timer_event_id(name, due), due, name, due))
    return talk


def state_of(talk: Talk) -> State:
    return talk.recorded[-1].booking.state if talk.recorded else talk.booking.state


ARRIVED = {
    "en": ("I'm here", "we have arrived", "Hi, we just arrived!", "checked in"),
    "id": ("sudah sampai", "Halo kak, kami sudah sampai ya", "udah di villa", "sdh sampai kak"),
    "vi": ("tôi đến rồi", "Dạ mình đến nơi rồi ạ", "toi den roi", "chúng tôi đã đến"),
}
LEFT = {
    "en": ("we've left", "checked out", "Hello, we have checked out, thank you"),
    "id": ("sudah check out", "kami sudah pulang kak", "udah checkout"),
    "vi": ("trả phòng rồi", "dạ mình trả phòng rồi ạ", "chúng tôi đã trả phòng"),
}
WELCOME = {"en": "Welcome to Villa Kamboja", "id": "Selamat datang di Villa Kamboja", "vi": "Villa Kamboja"}
ASKED = {"en": "Have you arrived?", "id": "Apakah sudah sampai?", "vi": "Bạn đã tới nơi chưa?"}
PAID_IN_WORDS = {"en": "Paid: IDR 7,200,000", "id": "Dibayar: IDR 7.200.000", "vi": "Đã thanh toán: IDR 7.200.000"}
NIGHTS = {"en": "3 nights", "id": "3 malam", "vi": "3 đêm"}
LANGUAGES = ("en", "id", "vi")


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_the_day_the_guest_is_asked_once_and_checks_in_by_one_tap(language: str) -> None:
    talk = fired(staying(language), TimerKind.SHOW_UP)
    assert ASKED[language] in talk.last
    assert isinstance(talk.said[-1], SendButtons)
    assert TimerKind.SHOW_UP not in {name.partition(":")[0] for name in talk.lead.timers}, "asked once"
    talk.taps_row(0)
    assert state_of(talk) is State.CHECKED_IN
    assert talk.booking.show_up is ShowUp.CAME
    assert WELCOME[language] in talk.last
    before = len(talk.said)
    talk.taps("here:BK-1")
    assert WELCOME[language] in talk.last, "tapped again it is said again"
    assert len(talk.said) == before + 1
    assert state_of(talk) is State.CHECKED_IN


@pytest.mark.parametrize(("language", "words"), [(one, said) for one in LANGUAGES for said in ARRIVED[one]])
def test_their_own_words_check_in_on_the_day_asked_or_not(language: str, words: str) -> None:
    talk = on_the_day(staying(language)).writes(words)
    assert state_of(talk) is State.CHECKED_IN
    assert WELCOME[language] in talk.last


@pytest.mark.parametrize(("language", "words"), [("en", "yes"), ("id", "iya"), ("vi", "dạ rồi"), ("vi", "vâng")])
def test_a_yes_to_the_question_checks_in_and_a_not_yet_waits(language: str, words: str) -> None:
    if words != "dạ rồi":
        talk = fired(staying(language), TimerKind.SHOW_UP).writes(words)
        assert state_of(talk) is State.CHECKED_IN
    waiting = fired(staying(language), TimerKind.SHOW_UP).writes(
        {"en": "not yet", "id": "belum", "vi": "chưa"}[language]
    )
    assert waiting.booking.state is State.CONFIRMED
    assert WELCOME[language] not in waiting.last or language == "vi"
    assert "Villa Kamboja" in waiting.last
    # the button stays where it is
    assert state_of(waiting.taps("here:BK-1")) is State.CHECKED_IN


def test_days_or_hours_before_nobody_is_checked_in_and_is_told_from_when_the_house_is_theirs() -> None:
    days_before = staying().writes("I'm here")
    assert days_before.booking.state is State.CONFIRMED
    morning = on_the_day(staying(), timedelta(hours=-4)).writes("we have arrived")
    assert (morning.booking.state, "ready from 14:00" in morning.last) == (State.CONFIRMED, True)
    tapped = on_the_day(staying(), timedelta(hours=-30)).taps("here:BK-1")
    assert (tapped.booking.state, "ready from 14:00" in tapped.last) == (State.CONFIRMED, True)
    assert state_of(on_the_day(staying(), timedelta(hours=-1)).writes("we have arrived")) is State.CHECKED_IN


@pytest.mark.parametrize(
    "words", ["are you here?", "when can we check in?", "I'm here with four friends", "where is it"]
)
def test_what_says_something_else_checks_nobody_in(words: str) -> None:
    assert on_the_day(staying()).writes(words).booking.state is State.CONFIRMED


def test_what_is_not_paid_or_was_called_off_is_no_stay_to_check_in_to() -> None:
    unpaid = on_the_day(staying(state=State.PAYMENT_PENDING)).writes("I'm here")
    assert unpaid.lead.booking(REFERENCE) is None or unpaid.booking.state is State.PAYMENT_PENDING
    gone = on_the_day(staying())
    gone.lead = replace(gone.lead, bookings=())
    assert "noted already" in gone.taps("here:BK-1").last
    assert "noted already" in gone.taps("left:BK-1").last


def test_who_booked_no_stay_is_not_asked_whether_they_have_arrived() -> None:
    talk = Talk().writes("book the free planning call in three days at 10am", "the first", "yes")
    name, due = next((name, due) for name, due in talk.lead.timers.items() if name.startswith("show_up:"))
    talk.now = due
    talk.tell(TimerFired(timer_event_id(name, due), due, name, due))
    assert "Did you come?" in talk.last


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_the_day_they_leave_they_check_out_by_one_tap_and_hear_what_it_was(language: str) -> None:
    talk = fired(staying(language, State.CHECKED_IN, show_up=ShowUp.CAME), TimerKind.DEPARTURE)
    talk.taps_row(0)
    assert state_of(talk) is State.CHECKED_OUT
    assert PAID_IN_WORDS[language] in talk.last
    assert NIGHTS[language] in talk.last
    assert state_of(talk.taps("left:BK-1")) is State.CHECKED_OUT


@pytest.mark.parametrize(("language", "words"), [(one, said) for one in LANGUAGES for said in LEFT[one]])
def test_their_own_words_check_out_on_the_day_alone(language: str, words: str) -> None:
    talk = staying(language, State.CHECKED_IN, show_up=ShowUp.CAME)
    assert on_the_day(talk, timedelta(days=1)).writes(words).booking.state is State.CHECKED_IN
    assert talk.lead.waits_for_person, "a person asks who leaves days before"
    leaving = staying(language, State.CHECKED_IN, show_up=ShowUp.CAME)
    leaving.now = END - timedelta(hours=1)
    assert state_of(leaving.writes(words)) is State.CHECKED_OUT


def test_the_report_names_what_else_they_had_meanwhile_and_the_sum() -> None:
    talk = staying(state=State.CHECKED_IN, show_up=ShowUp.CAME)
    during, before = START + timedelta(days=1), START - timedelta(days=9)
    visits = (
        Visit(BookingReference("BK-0"), "balinese-massage", "ayu", "villa-melati", before, None, Money(350_000, "IDR")),
        Visit(BookingReference("BK-2"), "balinese-massage", "ayu", "villa-padi", during, None, Money(350_000, "IDR")),
        Visit(BookingReference("BK-3"), "planning-call", None, None, during, None, None),
    )
    talk.lead = replace(talk.lead, visits=visits)
    talk.now = END - timedelta(hours=1)
    talk.writes("checked out")
    assert talk.last.count("Balinese massage 60 min") == 1
    assert "Balinese massage 60 min, Thu 5 Nov, IDR 350,000" in talk.last
    assert "Free planning call, Thu 5 Nov" in talk.last
    assert "All together: IDR 7,550,000" in talk.last


def test_who_wants_silence_or_has_a_person_is_not_asked_and_their_tap_counts_all_the_same() -> None:
    silent = staying()
    silent.lead = silent.lead.conversing(opted_out=True)
    assert fired(silent, TimerKind.SHOW_UP).said == []
    talk = staying()
    talk.tell(AgentTookOver(EventId("take:1"), talk.now, AgentId("ayu")))
    assert fired(talk, TimerKind.SHOW_UP).said == []
    talk.taps("here:BK-1")
    assert state_of(talk) is State.CHECKED_IN
    assert (len(talk.said), len(talk.drafts)) == (0, 1)


def test_outside_their_window_the_question_is_an_approved_template_with_the_same_taps() -> None:
    talk = fired(staying(), TimerKind.SHOW_UP)
    order = talk.said[-1]
    assert isinstance(order, SendButtons)
    assert order.outside is not None
    assert "Have you arrived?" in as_text(order.outside)
    assert order.outside.taps == ("here:BK-1", "here_later:BK-1")


def test_a_question_that_is_asked_hours_after_the_end_is_not_asked() -> None:
    assert fired(staying(), TimerKind.SHOW_UP, END + timedelta(hours=1)).said == []


def test_the_question_about_an_appointment_is_answered_first() -> None:
    talk = fired(staying(), TimerKind.SHOW_UP)
    asked = talk.booking
    assert asked.open_question is BookingQuestion.ARRIVED
    other = replace(asked, reference=BookingReference("BK-9"), open_question=BookingQuestion.CANCEL)
    talk.lead = talk.lead.with_booking(replace(asked, open_question=None)).with_booking(other)
    talk.writes("I'm here")
    stay = talk.lead.booking(REFERENCE)
    assert stay is not None
    assert stay.state is State.CONFIRMED
