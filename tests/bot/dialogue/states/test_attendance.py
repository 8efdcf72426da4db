"""Before and after the appointment: reminded, asked whether they came, and ended when nobody says anything."""

from datetime import timedelta

import pytest

from bot.business.context import Context
from bot.dialogue.decide import decide
from bot.domain.commands import RecordBooking, SendButtons
from bot.domain.events import AgentReleased, AgentTookOver, TimerFired, timer_event_id
from bot.domain.ids import AgentId, EventId
from bot.domain.states import FollowUp, ShowUp, State
from bot.domain.timers import TimerKind
from bot.replies import reminders as words
from bot.replies.plain_text import as_text
from tests.bot.dialogue.states.talk import Talk

WISHES = {
    "en": ("book the free planning call in three days at 10am", "the first", "yes"),
    "id": ("pesan telepon rencana gratis 3 hari lagi jam 10 pagi", "yang pertama", "ya"),
    "vi": ("đặt gọi tư vấn miễn phí 3 ngày nữa lúc 10 giờ sáng", "số 1", "đồng ý"),
}


def booked(language: str = "en") -> Talk:
    talk = Talk().writes(*WISHES[language])
    assert talk.booking.state is State.CONFIRMED
    return talk


def rung(talk: Talk, bell: TimerKind, late: timedelta = timedelta()) -> Talk:
    """That bell of the booking rings."""
    name, due = next((name, due) for name, due in talk.lead.timers.items() if name.startswith(f"{bell}:"))
    talk.now = due + late
    talk.tell(TimerFired(timer_event_id(name, due), talk.now, name, due))
    return talk


@pytest.mark.parametrize(
    ("language", "reminded", "soon", "asked", "missed"),
    [
        ("en", "A reminder", "See you soon", "Did you come?", "We missed you"),
        ("id", "Pengingat", "Sampai jumpa sebentar", "Apakah kakak datang?", "tidak bertemu kakak"),
        ("vi", "Nhắc bạn", "Hẹn gặp bạn lát nữa", "Bạn có đến không", "không gặp bạn"),
    ],
)
def test_an_appointment_nobody_speaks_of_is_reminded_of_asked_about_and_ends_as_a_no_show(
    language: str, reminded: str, soon: str, asked: str, missed: str
) -> None:
    talk = booked(language)
    reference = talk.booking.reference
    assert reminded in rung(talk, TimerKind.DAY_BEFORE).last
    assert str(reference) in talk.last
    assert talk.booking.state is State.REMINDER_SENT
    assert soon in rung(talk, TimerKind.HOURS_BEFORE).last
    assert talk.booking.state is State.REMINDER_SENT
    assert asked in rung(talk, TimerKind.SHOW_UP).last
    assert talk.booking.show_up is ShowUp.ASKED
    assert missed in rung(talk, TimerKind.NO_SHOW).last
    assert talk.lead.booking(reference) is None
    assert talk.lead.timers == {}


@pytest.mark.parametrize(("language", "yes"), [("en", "yes"), ("id", "ya"), ("vi", "có")])
def test_a_yes_to_the_question_completes_the_booking(language: str, yes: str) -> None:
    talk = rung(booked(language), TimerKind.SHOW_UP)
    reference = talk.booking.reference
    talk.writes(yes)
    assert talk.lead.booking(reference) is None
    assert talk.lead.timers == {}
    assert str(reference) in talk.last


def test_a_no_to_the_question_ends_it_with_another_time_offered() -> None:
    talk = rung(booked(), TimerKind.SHOW_UP).taps_row(1)
    assert "We missed you" in talk.last
    assert talk.lead.bookings == ()


def test_an_answer_to_a_closed_question_reaches_a_person() -> None:
    talk = rung(booked(), TimerKind.SHOW_UP)
    came = talk.choices[0]
    rung(talk, TimerKind.NO_SHOW).taps(came)
    assert "pass this on" in talk.last
    assert talk.lead.waits_for_person


def test_a_reminder_that_comes_after_the_start_is_not_said_and_is_a_persons_to_know() -> None:
    talk = booked()
    before = len(talk.said)
    rung(talk, TimerKind.DAY_BEFORE, late=timedelta(hours=30))
    assert len(talk.said) == before
    assert talk.booking.state is State.CONFIRMED
    assert talk.lead.waits_for_person


def test_after_a_day_without_a_worker_nothing_is_dropped_in_silence() -> None:
    talk = booked()
    for kind in (TimerKind.DAY_BEFORE, TimerKind.HOURS_BEFORE, TimerKind.SHOW_UP):
        rung(talk, kind, late=timedelta(days=1) if kind is TimerKind.SHOW_UP else timedelta(hours=40))
    assert "Did you come?" in as_text(talk.said[-1])
    assert any(name.startswith(TimerKind.NO_SHOW) for name in talk.lead.timers)


def test_of_two_reminders_that_are_late_only_the_nearer_one_is_said() -> None:
    talk = booked()
    before = len(talk.said)
    rung(talk, TimerKind.DAY_BEFORE, late=timedelta(hours=23))
    assert len(talk.said) == before
    rung(talk, TimerKind.HOURS_BEFORE, late=timedelta(hours=1))
    assert len(talk.said) == before + 1


def test_who_asked_for_silence_is_not_reminded() -> None:
    talk = booked().writes("STOP")
    before = len(talk.said)
    rung(rung(talk, TimerKind.DAY_BEFORE), TimerKind.SHOW_UP)
    assert len(talk.said) == before
    assert talk.booking.state is State.CONFIRMED


def test_with_a_person_in_charge_the_words_are_drafts_and_nobody_is_declared_absent() -> None:
    talk = booked()
    talk.tell(AgentTookOver(EventId("take:1"), talk.now, AgentId("ayu")))
    before = len(talk.said)
    rung(talk, TimerKind.DAY_BEFORE)
    assert talk.booking.state is State.REMINDER_SENT
    rung(rung(talk, TimerKind.SHOW_UP), TimerKind.NO_SHOW)
    assert len(talk.said) == before
    assert [type(one) for one in talk.drafts] == [SendButtons]
    assert talk.booking.state is State.REMINDER_SENT
    assert talk.lead.waits_for_person


def test_another_wish_while_the_question_is_open_is_heard_as_a_wish() -> None:
    talk = rung(booked(), TimerKind.SHOW_UP).writes("book the free planning call tomorrow at 2pm")
    assert talk.booking.state is State.SLOT_PROPOSED


def test_what_was_rescheduled_is_reminded_of_at_its_new_time() -> None:
    talk = booked()
    old = dict(talk.lead.timers)
    talk.writes("I need to move it to another day", "in five days at 11am", "yes")
    assert talk.booking.state is State.CONFIRMED
    # so far ahead another reminder is due before those
    assert set(talk.lead.timers) >= set(old)
    assert all(talk.lead.timers[name] > due for name, due in old.items())


def test_a_no_show_owes_a_follow_up() -> None:
    talk = rung(booked(), TimerKind.SHOW_UP)
    name, due = next((name, due) for name, due in talk.lead.timers.items() if name.startswith(TimerKind.NO_SHOW))
    event = TimerFired(timer_event_id(name, due), due, name, due)
    decision = decide(talk.lead, event, Context(now=due, business=talk.business))
    (record,) = [one.command.booking for one in decision.effects if isinstance(one.command, RecordBooking)]
    assert (record.state, record.follow_up) == (State.NO_SHOW, FollowUp.DUE)


def test_each_answer_names_its_booking() -> None:
    talk = rung(booked(), TimerKind.SHOW_UP)
    assert talk.choices == (
        f"{words.CAME_TAP}{talk.booking.reference}",
        f"{words.ABSENT_TAP}{talk.booking.reference}",
    )


def test_a_yes_after_a_reminder_is_no_answer_to_an_older_question() -> None:
    talk = booked().writes("cancel my booking")
    assert talk.booking.open_question == "cancel"
    rung(talk, TimerKind.DAY_BEFORE).writes("yes")
    assert talk.booking.state is State.REMINDER_SENT


@pytest.mark.parametrize("words", ["no one was there", "no problem", "not yet", "chưa", "maaf tidak bisa"])
def test_half_an_answer_ends_nothing_and_reaches_a_person(words: str) -> None:
    talk = rung(booked(), TimerKind.SHOW_UP).writes(words)
    reference = talk.booking.reference
    assert talk.lead.waits_for_person
    rung(talk, TimerKind.NO_SHOW)
    assert talk.lead.booking(reference) is not None


@pytest.mark.parametrize(("words", "came"), [("I came", True), ("sudah", True), ("không đến", False), ("nope", False)])
def test_a_plain_word_about_coming_is_an_answer(words: str, came: bool) -> None:
    talk = rung(booked(), TimerKind.SHOW_UP)
    talk.writes(words)
    assert talk.lead.bookings == ()
    assert ("Thank you for coming" in talk.last) is came


def test_a_tap_counts_also_after_something_else_was_said() -> None:
    talk = rung(booked(), TimerKind.SHOW_UP)
    came = talk.choices[0]
    talk.writes("cancel it").taps(came)
    assert "Thank you for coming" in talk.last


def test_who_is_asked_late_has_time_to_answer_all_the_same() -> None:
    talk = rung(booked(), TimerKind.SHOW_UP, late=timedelta(hours=5))
    (due,) = [due for name, due in talk.lead.timers.items() if name.startswith(TimerKind.NO_SHOW)]
    assert due == talk.now + timedelta(hours=1)


def test_who_was_never_asked_is_not_declared_absent() -> None:
    talk = booked().writes("STOP")
    rung(rung(talk, TimerKind.SHOW_UP), TimerKind.NO_SHOW)
    assert talk.booking.state is State.CONFIRMED
    assert talk.lead.waits_for_person


def test_words_said_to_an_agent_answer_no_question_of_ours() -> None:
    talk = booked()
    talk.tell(AgentTookOver(EventId("take:1"), talk.now, AgentId("ayu")))
    rung(talk, TimerKind.SHOW_UP).writes("no thank you")
    talk.tell(AgentReleased(EventId("release:1"), talk.now, AgentId("ayu")))
    assert talk.booking.state is State.CONFIRMED
    assert talk.booking.show_up is ShowUp.UNKNOWN


def test_the_end_of_one_booking_leaves_the_choice_for_another_open() -> None:
    talk = rung(booked(), TimerKind.SHOW_UP).writes("book the free planning call tomorrow at 2pm")
    expecting = talk.lead.conversation.expecting
    rung(talk, TimerKind.NO_SHOW)
    assert talk.lead.conversation.expecting is expecting


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "yes I was there!"), ("id", "saya datang kok"), ("vi", "toi co den ma"), ("vi", "dạ em có đến rồi ạ")],
)
def test_that_they_came_is_heard_in_the_words_that_people_use(language: str, text: str) -> None:
    talk = rung(booked(language), TimerKind.SHOW_UP)
    reference = talk.booking.reference
    talk.writes(text)
    assert [one.booking.state for one in talk.recorded if one.booking.reference == reference][-1] is State.COMPLETED


def test_half_an_answer_that_comes_too_late_is_answered_and_passed_on() -> None:
    talk = rung(booked(), TimerKind.SHOW_UP)
    talk.now += timedelta(hours=3)
    talk.writes("not yet")
    assert talk.last.startswith("Thank you, I pass this on to the team")
    assert talk.lead.alarms
