"""A no-show that staff put right: allowed for a day after its mark, and told to the customer."""

from datetime import timedelta

import pytest

from bot.domain.booking import Booking
from bot.domain.change import Requester
from bot.domain.commands import SendText
from bot.domain.events import StaffAction
from bot.domain.states import FollowUp, ShowUp, State
from bot.domain.timers import TimerKind
from bot.lifecycle.actions import ActionType, actions
from bot.replies.words import say
from tests.bot.business.makers import sample
from tests.bot.changing import CUSTOMER, STAFF, START, a_paid_booking, at
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_attendance import booked, rung

DAY = timedelta(hours=24)


def missed(language: str = "en") -> tuple[Talk, Booking]:
    """Nobody said anything: a no-show, as the read model has it."""
    talk = rung(rung(booked(language), TimerKind.SHOW_UP), TimerKind.NO_SHOW)
    ended = talk.recorded[-1].booking
    assert (ended.state, ended.no_show_at) == (State.NO_SHOW, talk.now)
    return talk, ended


@pytest.mark.parametrize("language", ["en", "id", "vi"])
def test_staff_put_it_right_within_a_day_and_the_customer_hears_it(language: str) -> None:
    talk, ended = missed(language)
    talk.now += DAY - timedelta(minutes=1)
    said = len(talk.said)
    talk.staff_of_ended(ended, StaffAction.SHOW_UP, came="true")
    after = talk.recorded[-1].booking
    assert (after.state, after.show_up, after.follow_up) == (State.COMPLETED, ShowUp.CAME, FollowUp.DONE)
    assert [visit.reference for visit in talk.lead.visits] == [ended.reference]
    (told,) = talk.said[said:]
    assert isinstance(told, SendText)
    fields = dict.fromkeys(("service", "day", "hours", "reference"), "@")
    assert told.body.startswith(say("attendance.corrected", language, **fields).split("@")[0])
    # outside the 24 hours an approved template says it
    assert told.outside is not None
    assert told.outside.name == "janji_came_after_all"


def test_a_day_after_the_mark_it_stays_as_it_is_with_the_reason_on_record() -> None:
    talk, ended = missed()
    talk.now += DAY
    before, said = len(talk.recorded), len(talk.said)
    talk.staff_of_ended(ended, StaffAction.SHOW_UP, came="true")
    assert (len(talk.recorded), len(talk.said)) == (before, said)
    (denied,) = [dict(one.facts) for one in talk.records if one.what == "refused"]
    assert (denied["rule"], denied["fact"], denied["values"]) == ("correction", "correction_over", "hours=24")
    assert talk.lead.visits == ()


def test_who_asked_for_silence_is_put_right_without_a_word() -> None:
    talk, ended = missed()
    talk.writes("STOP")
    said = len(talk.said)
    talk.staff_of_ended(ended, StaffAction.SHOW_UP, came="true")
    assert talk.recorded[-1].booking.state is State.COMPLETED
    assert len(talk.said) == said


def test_who_may_not_correct_it_changes_nothing() -> None:
    talk, ended = missed()
    before = len(talk.recorded)
    talk.staff_of_ended(ended, StaffAction.SHOW_UP, came="true", role="sales")
    assert len(talk.recorded) == before
    assert [one for one in talk.records if one.what == "refused"]


@pytest.mark.parametrize(("hours", "by", "is_offered"), [(1, STAFF, True), (24, STAFF, False), (1, CUSTOMER, False)])
def test_the_house_is_shown_the_way_while_there_is_one(hours: int, by: Requester, is_offered: bool) -> None:
    booking = a_paid_booking(state=State.NO_SHOW, no_show_at=START)
    offered = actions(booking, at(START + timedelta(hours=hours), sample()), by)
    assert any(one.type is ActionType.MARK_CAME for one in offered) is is_offered
