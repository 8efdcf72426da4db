"""Who moves, calls off or stays away again and again is seen by staff; where the house says so it says yes first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.definition import Business
from bot.business.sop import UnstableRules
from bot.domain.acceptance import APPROVAL_TASK
from bot.domain.events import LeadsMerged, StaffAction
from bot.domain.ids import EventId, LeadId
from bot.domain.slips import MOST_SLIPS, SlipKind
from bot.domain.states import State
from bot.domain.task import TaskKind, TaskState
from bot.domain.timers import TimerKind
from tests.bot.business.makers import sample
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_attendance import WISHES, rung

FLAGGED = "customer_unstable"


def house(after: int = 3, *, ask_first: bool = False) -> Business:
    known = sample()
    return replace(known, sop=replace(known.sop, unstable=UnstableRules(after, ask_first)))


def booked(talk: Talk) -> Talk:
    return talk.writes(*WISHES["en"])


def calling_off(talk: Talk, times: int, cause: str = "customer") -> Talk:
    for _ in range(times):
        booked(talk).staff(StaffAction.CANCEL, cause=cause, reason="called us")
    return talk


def flags(talk: Talk) -> int:
    return len([one for one in talk.records if one.what == FLAGGED])


def test_three_are_nothing_and_the_fourth_is_seen_once() -> None:
    talk = calling_off(Talk(house()), 3)
    assert (talk.lead.unstable_since, flags(talk)) == (None, 0)
    calling_off(talk, 1)
    assert talk.lead.unstable_since is not None
    since = talk.lead.unstable_since
    calling_off(talk, 1)
    assert (talk.lead.unstable_since, flags(talk)) == (since, 1)


def test_moves_and_missed_times_count_as_well() -> None:
    talk = booked(Talk(house(after=1)))
    assert talk.booking.chosen is not None
    slot, there = talk.booking.chosen, talk.booking.chosen.start + timedelta(days=1)
    named = f"planning-call|{slot.provider}|{there:%Y%m%dT%H%MZ}|{slot.place or ''}"
    talk.staff(StaffAction.RESCHEDULE, cause="customer", reason="x", slot_id=named)
    assert [slip.kind for slip in talk.lead.slips] == [SlipKind.MOVED]
    rung(talk, TimerKind.SHOW_UP).taps_row(1)
    assert [slip.kind for slip in talk.lead.slips] == [SlipKind.MOVED, SlipKind.NO_SHOW]
    assert talk.lead.unstable_since is not None


@pytest.mark.parametrize("cause", ["business", "partner", "force_majeure"])
def test_what_they_did_not_bring_about_does_not_count(cause: str) -> None:
    assert calling_off(Talk(house()), 5, cause).lead.slips == ()


def test_what_had_no_time_yet_is_no_slip() -> None:
    talk = Talk(house()).writes("book the free planning call", "in three days", "cancel", "yes")
    assert talk.lead.slips == ()


def test_without_a_number_in_the_file_nobody_is_flagged() -> None:
    assert calling_off(Talk(house(after=0)), 6).lead.unstable_since is None


def test_after_a_year_it_is_over() -> None:
    talk = calling_off(Talk(house()), 4)
    talk.now += timedelta(days=366)
    talk.writes("hello")
    assert talk.lead.unstable_since is None
    assert len(talk.lead.slips) == 4


def test_what_they_book_then_waits_for_the_house_where_it_wants_that() -> None:
    talk = booked(calling_off(Talk(house(ask_first=True)), 4))
    assert (talk.booking.state, talk.planned is None) == (State.PENDING_CONFIRMATION, False)
    assert talk.planned is not None
    assert [one.kind for one in talk.planned.planned if one.template == APPROVAL_TASK] == [TaskKind.APPROVAL]
    talk.work(TaskState.TAKEN, "rina", APPROVAL_TASK)
    assert talk.booking.state is State.CONFIRMED


def test_no_money_is_asked_before_that_yes() -> None:
    talk = calling_off(Talk(house(ask_first=True), pays=True), 4)
    talk.writes("balinese massage 60 min at villa senja tomorrow at 11", "yes")
    assert (talk.booking.state, talk.money) == (State.PENDING_CONFIRMATION, [])
    talk.work(TaskState.TAKEN, "rina", APPROVAL_TASK)
    assert talk.booking.state is State.PAYMENT_PENDING


def test_flagged_alone_they_book_as_everybody() -> None:
    assert booked(calling_off(Talk(house()), 4)).booking.state is State.CONFIRMED


def test_of_two_leads_that_are_one_person_all_slips_count_once() -> None:
    older, younger = calling_off(Talk(house()), 2), calling_off(Talk(house()), 2)
    other = replace(younger.lead, id=LeadId("lead-2"), slips=(*younger.lead.slips, *older.lead.slips))
    other = replace(other, slips=tuple(replace(one, at=one.at + timedelta(minutes=1)) for one in other.slips))
    older.tell(LeadsMerged(EventId("merge:lead-2"), older.now, other))
    assert 2 < len(older.lead.slips) <= MOST_SLIPS
    assert older.lead.unstable_since is not None
