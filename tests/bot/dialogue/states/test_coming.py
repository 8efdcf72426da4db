"""Whether they come: asked with the reminder, answered in three languages, asked again, and counted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.hours import Minute
from bot.business.staff import TaskDue, TaskEdge
from bot.business.timers import BookingTimer, TimerTemplate
from bot.business.words import LocalizedText
from bot.domain.coming import ComingAnswer
from bot.domain.commands import SendButtons, SendText
from bot.domain.events import AgentTookOver
from bot.domain.ids import AgentId, EventId
from bot.domain.states import ShowUp, State
from bot.domain.timers import TimerKind
from bot.replies import coming as words
from bot.replies.words import say
from tests.bot.business.makers import sample
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_attendance import WISHES, booked, rung
from tests.bot.dialogue.states.test_service_tone import opening

LANGUAGES = ("en", "id", "vi")
AWAKE = replace(
    sample(),
    sop=replace(sample().sop, reminder=replace(sample().sop.reminder, quiet_from=Minute(0), quiet_until=Minute(0))),
)
"""No hour is quiet."""
AGAIN = TimerKind.ASK_AGAIN


def reminded(language: str = "en", talk: Talk | None = None) -> Talk:
    """The day before, just asked."""
    talk = talk or Talk(AWAKE)
    return rung(talk.writes(*WISHES[language]), TimerKind.DAY_BEFORE)


def asks_again(talk: Talk) -> bool:
    return any(name.startswith(f"{AGAIN}:") for name in talk.lead.timers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reminder_asks_with_three_answers_and_a_template_carries_them_outside_the_window(language: str) -> None:
    talk = reminded(language)
    asked = talk.said[-1]
    assert isinstance(asked, SendButtons)
    assert asked.body.endswith(say("coming.question", language))
    reference = talk.booking.reference
    taps = (f"{words.YES_TAP}{reference}", f"{words.CHANGE_TAP}{reference}", f"{words.NO_TAP}{reference}")
    assert talk.choices == taps
    assert asked.outside is not None
    assert (asked.outside.name, asked.outside.taps) == ("janji_remind_asking", taps)
    assert talk.booking.coming_now.answer is ComingAnswer.ASKED


@pytest.mark.parametrize(("language", "said"), [("en", "yes"), ("id", "ya"), ("vi", "vâng ạ"), ("en", "")])
def test_a_yes_by_tap_or_in_words_is_kept_with_the_booking_and_on_record(language: str, said: str) -> None:
    talk = reminded(language)
    talk = talk.writes(said) if said else talk.taps_row(0)
    assert talk.last.startswith(opening("booking.see_you", language))
    known = talk.booking.coming_now
    assert (known.answer, known.answered_at) == (ComingAnswer.YES, talk.now)
    assert [dict(one.facts)["answer"] for one in talk.records if one.what == "coming"] == ["yes"]
    assert not asks_again(talk)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_no_brings_what_can_be_done_with_its_price_and_cancels_nothing(language: str) -> None:
    talk = reminded(language).taps_row(2)
    assert talk.last.startswith(say("booking.cannot_come", language))
    assert f"act:cancel:{talk.booking.reference}" in talk.choices
    assert (talk.booking.state, talk.booking.change) == (State.REMINDER_SENT, None)
    assert talk.booking.coming_now.answer is ComingAnswer.NO
    assert not asks_again(talk)


def test_another_time_begins_the_change_of_exactly_that_booking() -> None:
    talk = reminded().taps_row(1)
    assert talk.booking.change is not None
    assert talk.booking.coming_now.answer is ComingAnswer.CHANGE
    talk.writes("in five days at 11am", "yes")
    assert talk.booking.state is State.CONFIRMED
    # of the new time nothing was asked yet
    assert not talk.booking.coming_now.times


def test_who_has_said_yes_is_not_asked_by_a_later_reminder() -> None:
    early = BookingTimer("days-before", TaskDue(before=TaskEdge.START, hours=50), asks=True)
    talk = Talk(replace(AWAKE, timers=(early, *AWAKE.booking_timers[2:])))
    talk.writes("book the free planning call in five days at 10am", "the first", "yes")
    rung(talk, TimerKind.REMIND).taps_row(0)
    assert isinstance(rung(talk, TimerKind.DAY_BEFORE).said[-1], SendText)
    assert not asks_again(talk)


def test_nobody_answers_so_they_are_asked_twice_more_and_counted() -> None:
    talk = reminded()
    asked_at = talk.now
    for times in (1, 2):
        rung(talk, AGAIN)
        assert talk.now == asked_at + times * timedelta(hours=6)
        assert talk.last.startswith("Just to be sure")
        assert talk.booking.coming_now.unanswered == times
    said = len(talk.said)
    rung(talk, AGAIN)
    assert (len(talk.said), talk.booking.coming_now.unanswered) == (said, 3)
    assert not asks_again(talk)


def test_after_three_unanswered_questions_nobody_is_waited_for_at_the_start() -> None:
    talk = reminded()
    for _ in range(3):
        rung(talk, AGAIN)
    reference, start = talk.booking.reference, talk.booking.chosen
    assert start is not None
    rung(rung(talk, TimerKind.HOURS_BEFORE), TimerKind.NO_SHOW)
    assert talk.now == start.start
    assert talk.recorded[-1].booking.state is State.NO_SHOW
    assert talk.lead.booking(reference) is None
    assert "We missed you" in talk.last


def test_a_yes_after_all_brings_the_usual_hour_back() -> None:
    talk = reminded()
    for _ in range(3):
        rung(talk, AGAIN)
    talk.taps(f"{words.YES_TAP}{talk.booking.reference}")
    slot = talk.booking.chosen
    assert slot is not None
    (due,) = [due for name, due in talk.lead.timers.items() if name.startswith(TimerKind.NO_SHOW)]
    assert due == slot.start + timedelta(minutes=90)
    assert talk.booking.coming_now.unanswered == 0


def test_who_wrote_of_something_else_is_asked_whether_they_came_before_they_are_judged() -> None:
    talk = reminded()
    for _ in range(3):
        rung(talk, AGAIN)
    talk.writes("where is it?")
    rung(talk, TimerKind.NO_SHOW)
    assert talk.booking.state is State.REMINDER_SENT
    rung(talk, TimerKind.SHOW_UP)
    assert talk.booking.show_up is ShowUp.ASKED


def test_who_wrote_of_something_else_is_not_asked_again() -> None:
    talk = reminded().writes("what does a massage cost?")
    said = len(talk.said)
    rung(talk, AGAIN)
    assert len(talk.said) == said
    assert talk.booking.coming_now.unanswered == 0


def test_the_limit_of_the_file_counts_and_nothing_counts_where_it_is_off() -> None:
    for limit, is_early in ((1, True), (0, False)):
        sop = replace(AWAKE.sop, no_show=replace(AWAKE.sop.no_show, unanswered_limit=limit))
        talk = rung(reminded(talk=Talk(replace(AWAKE, sop=sop))), AGAIN)
        slot = talk.booking.chosen
        assert slot is not None
        (due,) = [due for name, due in talk.lead.timers.items() if name.startswith(TimerKind.NO_SHOW)]
        assert (due == slot.start) is is_early


def test_nobody_is_asked_again_in_quiet_hours_nor_so_late_that_no_time_is_left_to_answer() -> None:
    talk = reminded(talk=Talk(sample()))
    slot = talk.booking.chosen
    assert slot is not None
    zone, moments = sample().zone, [talk.now]
    while asks_again(talk):
        said = len(talk.said)
        rung(talk, AGAIN)
        moments += [talk.now] * (len(talk.said) - said)
    assert len(moments) > 1
    assert all(7 <= at.astimezone(zone).hour < 21 and at + timedelta(hours=6) <= slot.start for at in moments)
    assert talk.booking.coming_now.unanswered == len(moments)


def test_a_person_who_has_the_conversation_decides_and_silence_is_respected() -> None:
    talk = reminded()
    talk.tell(AgentTookOver(EventId("take:1"), talk.now, AgentId("ayu")))
    said, drafts = len(talk.said), len(talk.drafts)
    rung(talk, AGAIN)
    assert (len(talk.said), len(talk.drafts)) == (said, drafts)
    silent = reminded().writes("STOP")
    said = len(silent.said)
    rung(silent, AGAIN)
    assert len(silent.said) == said


def test_a_tap_counts_whoever_has_the_conversation() -> None:
    talk = reminded()
    talk.tell(AgentTookOver(EventId("take:1"), talk.now, AgentId("ayu")))
    talk.taps(f"{words.YES_TAP}{talk.booking.reference}")
    assert talk.booking.coming_now.answer is ComingAnswer.YES


def test_a_tap_on_an_old_reminder_shows_how_it_is() -> None:
    talk = reminded()
    tap = f"{words.NO_TAP}{talk.booking.reference}"
    rung(rung(rung(talk, TimerKind.HOURS_BEFORE), TimerKind.SHOW_UP), TimerKind.NO_SHOW).taps(tap)
    assert talk.lead.bookings == ()
    talk = reminded()
    talk.taps_row(1).taps(f"{words.YES_TAP}{talk.booking.reference}")
    assert talk.booking.coming_now.answer is ComingAnswer.CHANGE


@pytest.mark.parametrize(("template", "name"), [(None, "janji_remind_day_before"), (TimerTemplate.NONE, None)])
def test_the_houses_own_words_are_said_with_their_facts(template: TimerTemplate | None, name: str | None) -> None:
    text = LocalizedText(en="Pack your papers for {service}, {day}.", id="Bawa berkas untuk {service}.")
    own = BookingTimer("papers", TaskDue(before=TaskEdge.START, hours=30), text=text, template=template)
    talk = Talk(replace(AWAKE, timers=(own,))).writes(*WISHES["en"])
    assert [one for one in talk.lead.timers if one.startswith("remind:")]
    told = rung(talk, TimerKind.REMIND).said[-1]
    assert isinstance(told, SendText)
    assert told.body == "Pack your papers for Free planning call, Thursday, 5 November 2026."
    assert (None if told.outside is None else told.outside.name) == name
    # only the day before moves the booking
    assert talk.booking.state is State.CONFIRMED


def test_what_the_file_has_no_more_says_nothing() -> None:
    talk = booked()
    talk.business = replace(talk.business, timers=())
    said = len(talk.said)
    rung(talk, TimerKind.DAY_BEFORE)
    assert len(talk.said) == said
