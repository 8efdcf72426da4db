"""Which hours ring for a booking that stands, and when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.sop import Sop
from bot.business.staff import TaskDue, TaskEdge
from bot.business.timers import DEFAULT_TIMERS, BookingTimer, absent_after, spread_of
from bot.dialogue.timers import follow
from bot.domain.booking import OfferedSlot
from bot.domain.ids import BookingReference
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import CLOSED, State
from bot.domain.timers import APPOINTMENT_TIMERS, REMINDERS, TimerKind, read_timer
from tests.bot.makers import HERE, NOW, context
from tests.bot.paying import REFERENCE, a_booking, a_customer

HOUR = timedelta(hours=1)


def hours(lead: Lead) -> dict[TimerKind, timedelta]:
    """Each timer of its appointment, counted from the start of the appointment; reminders without what spreads them."""
    booking = lead.bookings[0]
    assert booking.chosen is not None
    known = ((read_timer(name), due - booking.chosen.start) for name, due in lead.timers.items())
    mine = {timer.kind: due for timer, due in known if timer is not None and timer.kind in APPOINTMENT_TIMERS}
    spread = spread_of(booking.reference)
    return {kind: due - spread if kind in REMINDERS else due for kind, due in mine.items()}


def planned(lead: Lead, before: Lead | None = None) -> Lead:
    return follow(before or lead, Outcome(lead), replace(context(), now=NOW)).lead


def starting(lead: Lead, ahead: timedelta) -> Lead:
    """The lead with its appointment so far ahead."""
    booking = lead.bookings[0]
    assert booking.chosen is not None
    slot = replace(booking.chosen, start=NOW + ahead, end=NOW + ahead + HOUR)
    return lead.with_booking(replace(booking, chosen=slot))


STANDS = a_customer(a_booking(state=State.CONFIRMED, booked_hold="hold-1"))


def test_a_standing_appointment_has_two_reminders_a_question_and_an_end() -> None:
    assert hours(planned(starting(STANDS, 48 * HOUR))) == {
        TimerKind.DAY_BEFORE: -24 * HOUR,
        TimerKind.HOURS_BEFORE: -2 * HOUR,
        TimerKind.SHOW_UP: timedelta(minutes=30),
        TimerKind.NO_SHOW: timedelta(minutes=90),
    }


def test_the_question_comes_before_its_consequence_where_both_are_due_in_the_same_minute() -> None:
    assert absent_after(Sop()) == timedelta(minutes=31)


def test_what_is_past_or_tells_nothing_new_is_not_planned() -> None:
    assert TimerKind.DAY_BEFORE not in hours(planned(starting(STANDS, 24.5 * HOUR)))
    assert set(hours(planned(starting(STANDS, 2.5 * HOUR)))) == {TimerKind.SHOW_UP, TimerKind.NO_SHOW}
    assert hours(planned(starting(STANDS, -2 * HOUR))) == {}


def test_what_was_confirmed_too_late_by_us_is_asked_about_late() -> None:
    lead = starting(STANDS, -20 * HOUR)
    unpaid = lead.with_booking(replace(lead.bookings[0], state=State.PAYMENT_PENDING))
    late = hours(planned(lead, before=unpaid))
    assert late == {TimerKind.SHOW_UP: 20 * HOUR, TimerKind.NO_SHOW: 21 * HOUR}


def test_planning_again_changes_nothing_and_brings_back_no_timer_that_has_rung() -> None:
    lead = planned(starting(STANDS, 48 * HOUR))
    assert planned(lead) == lead
    rung = lead.without_timer(f"{TimerKind.DAY_BEFORE}:{REFERENCE}")
    later = replace(context(), now=NOW + 24.5 * HOUR)
    assert follow(rung, Outcome(rung), later).lead == rung


def test_a_timer_that_is_late_stays_until_it_is_heard() -> None:
    lead = planned(starting(STANDS, 48 * HOUR))
    assert follow(lead, Outcome(lead), replace(context(), now=NOW + 30 * HOUR)).lead == lead


def test_a_new_time_has_new_hours() -> None:
    before = planned(starting(STANDS, 48 * HOUR))
    moved = starting(before, 72 * HOUR)
    after = planned(moved, before)
    assert hours(after)[TimerKind.DAY_BEFORE] == -24 * HOUR
    assert after.timers != before.timers


@pytest.mark.parametrize("state", [*sorted(CLOSED), State.RESCHEDULED, State.ERROR])
def test_what_does_not_stand_has_no_timer(state: State) -> None:
    before = planned(starting(STANDS, 48 * HOUR))
    ended = before.with_booking(replace(before.bookings[0], state=state))
    assert hours(planned(ended, before)) == {}


def test_timers_of_others_are_left_alone() -> None:
    lead = starting(STANDS, 48 * HOUR).with_timer("agent_idle", NOW + HOUR).with_timer("pay_by:BK-9", NOW + HOUR)
    kept = planned(lead).timers
    assert kept["agent_idle"] == kept["pay_by:BK-9"] == NOW + HOUR


def test_a_stay_is_reminded_of_asked_about_once_and_over_with_its_time() -> None:
    business = context().business
    stay = next(one for one in business.services if one.is_stay)
    slot = OfferedSlot("s", NOW + 72 * HOUR, NOW + 120 * HOUR, nights=2)
    booking = replace(
        a_booking(state=State.CONFIRMED), service=stay.id, chosen=slot, reference=BookingReference("BK-STAY")
    )
    lead = planned(Lead(STANDS.id, HERE, bookings=(booking,)))
    arrived = {TimerKind.SHOW_UP: timedelta(minutes=30)}
    assert hours(lead) == {TimerKind.DAY_BEFORE: -24 * HOUR, TimerKind.OVER: 48 * HOUR} | arrived
    # who has checked in is asked on the day they leave, and who has left is asked nothing more
    here = lead.with_booking(replace(lead.bookings[0], state=State.CHECKED_IN))
    staying = planned(here, lead)
    assert hours(staying) == {TimerKind.DEPARTURE: 46 * HOUR, TimerKind.OVER: 48 * HOUR}
    gone = staying.with_booking(replace(staying.bookings[0], state=State.CHECKED_OUT))
    assert hours(planned(gone, staying)) == {TimerKind.OVER: 48 * HOUR}


def test_the_hours_of_a_booking_that_came_with_another_lead_stay() -> None:
    younger = planned(starting(STANDS, 48 * HOUR))
    older = replace(STANDS, bookings=())
    assert follow(older, Outcome(younger), replace(context(), now=NOW + 30 * HOUR)).lead == younger


def test_a_reminder_that_is_turned_off_is_not_sent_in_other_words() -> None:
    lead, known = starting(STANDS, 48 * HOUR), context()
    off = tuple(replace(timer, enabled=False) for timer in DEFAULT_TIMERS)
    without = replace(known, now=NOW, business=replace(known.business, timers=off))
    kinds = set(hours(follow(lead, Outcome(lead), without).lead))
    assert kinds == {TimerKind.SHOW_UP, TimerKind.NO_SHOW}


def test_a_booking_made_after_a_reminders_moment_does_not_get_it() -> None:
    kinds = {ahead: set(planned(starting(STANDS, ahead * HOUR)).timers) for ahead in (8 * 24, 8 * 24 + 1, 7 * 24, 95)}
    week, days = f"remind:{REFERENCE}:week-before", f"remind:{REFERENCE}:days-before"
    # so far ahead it tells nothing new for a day
    assert {ahead: (week in names, days in names) for ahead, names in kinds.items()} == {
        8 * 24: (True, True),
        8 * 24 + 1: (True, True),
        7 * 24: (False, True),
        95: (False, False),
    }


def test_what_the_file_lists_is_what_there_is() -> None:
    known = context()
    own = BookingTimer("pack", TaskDue(before=TaskEdge.START, hours=5), ("appointment",))
    other = BookingTimer("bikes", TaskDue(before=TaskEdge.START, hours=5), ("kamboja-stay",))
    listed = replace(known, now=NOW, business=replace(known.business, timers=(own, other)))
    lead = starting(STANDS, 48 * HOUR)
    names = {name for name in follow(lead, Outcome(lead), listed).lead.timers if name.startswith("remind")}
    assert names == {f"remind:{REFERENCE}:pack"}
