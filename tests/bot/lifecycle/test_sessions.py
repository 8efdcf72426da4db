"""Tasks of a group event: one of each kind for all who booked its session, and none when the last of them has gone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.business import file
from bot.business.definition import Business
from bot.dialogue.task_plan import planned_tasks, session_plans
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.ids import BookingReference
from bot.domain.job import JobNews
from bot.domain.states import State
from bot.domain.task import Task, TaskState
from bot.lifecycle.job_notices import having_told, job_notices
from bot.lifecycle.offers import dropped
from bot.lifecycle.sessions import due_session_tasks
from bot.lifecycle.tasks import move_task
from tests.bot.business.makers import SAMPLE

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TASKS = """
tasks:
  - { id: mats, for: [sunrise-yoga], role: host, title: { en: Mats }, due: { before: start, hours: 1 } }
  - { id: water, for: [sunrise-yoga], role: host, title: { en: Water }, due: { at: start }, after: [mats] }
  - { id: sweep, for: [sunrise-yoga], role: host, title: { en: Sweep }, due: { after: end, hours: 1 }, on: completed }
"""


def house() -> Business:
    business = file.parse(SAMPLE + TASKS, "business.yaml")
    assert isinstance(business, Business), str(business)
    return business


BUSINESS = house()


def booked(number: int, state: State = State.CONFIRMED, days: int = 3) -> Booking:
    start = NOW + timedelta(days=days)
    slot = OfferedSlot(f"sunrise-yoga|sari|{start:%Y%m%dT%H%MZ}|bale-sari", start, start + timedelta(minutes=75))
    return Booking(BookingReference(f"BK-{number}"), state, service="sunrise-yoga", guests=2, chosen=slot)


def looked(known: Sequence[Task], *bookings: Booking, business: Business = BUSINESS) -> list[Task]:
    """Every task after a look; the same look again finds nothing to do."""
    plans = session_plans(bookings, business)
    changed = due_session_tasks(plans, known, NOW, frozenset())
    after = list({task.id: task for task in (*known, *changed)}.values())
    assert due_session_tasks(plans, after, NOW, frozenset()) == []
    return after


def states(tasks: Sequence[Task]) -> dict[str, str]:
    return {f"{task.planned.template}:{task.number}": task.state.value for task in tasks}


def test_two_who_booked_one_session_bring_its_tasks_once() -> None:
    tasks = looked([], booked(1), booked(2))
    assert states(tasks) == {"mats:1": "open", "water:1": "waiting"}
    session = booked(1).chosen
    assert session is not None
    assert {task.session for task in tasks} == {session.slot_id}
    assert {task.booking for task in tasks} == {None}
    assert tasks[0].id == f"{session.slot_id}:mats:1"
    # of the booking itself nothing is planned
    assert planned_tasks(booked(1), BUSINESS) == ()


def test_they_are_withdrawn_with_the_last_booking_and_come_again_with_the_next() -> None:
    tasks = looked([], booked(1), booked(2))
    assert looked(tasks, booked(1, State.CANCELLED), booked(2)) == tasks
    gone = looked(tasks, booked(1, State.CANCELLED), booked(2, State.CANCELLED))
    assert states(gone) == {"mats:1": "withdrawn", "water:1": "withdrawn"}
    assert {task.withdrawn_for for task in gone} == {"no_bookings"}
    again = looked(gone, booked(3))
    assert states(again) == states(gone) | {"mats:2": "open", "water:2": "waiting"}


def test_moved_to_another_session_they_are_withdrawn_here_and_made_there() -> None:
    tasks = looked([], booked(1))
    moved = looked(tasks, booked(1, days=5))
    here, there = tasks[0].session, {task.session for task in moved} - {tasks[0].session}
    assert {task.state for task in moved if task.session == here} == {TaskState.WITHDRAWN}
    due = [task.planned.due_at for task in moved if task.session in there and task.planned.template == "mats"]
    assert due == [NOW + timedelta(days=5, hours=-1)]


def held(tasks: Sequence[Task], who: str = "dewi", number: int = 0) -> list[Task]:
    """The same tasks, of which somebody has that one, as they were told."""
    taken = replace(move_task(tasks[number], TaskState.TAKEN, NOW, who), assignee=who)
    shown = having_told(replace(taken, acknowledged=taken.revision))
    return [shown if place == number else task for place, task in enumerate(tasks)]


def at(tasks: Sequence[Task], days: int, template: str = "mats") -> Task:
    session = booked(1, days=days).chosen
    assert session is not None
    (found,) = [one for one in tasks if one.session == session.slot_id and one.planned.template == template]
    return found


def test_a_session_that_moved_as_a_whole_stays_whose_it_was_until_they_take_it_once_more() -> None:
    tasks = held(looked([], booked(1), booked(2)))
    moved = looked(tasks, booked(1, days=5), booked(2, days=5))
    there, here = at(moved, 5), at(moved, 3)
    assert (there.state, there.assignee, there.revision) == (TaskState.CHANGED, "dewi", 1)
    assert here.state is TaskState.WITHDRAWN
    # they hear of another time, and not of its loss as well
    assert [(one.who, one.news) for task in (here, there) for one in job_notices(task)] == [("dewi", JobNews.CHANGED)]
    # what nobody had is open there for anybody
    assert at(moved, 5, "water").state is TaskState.WAITING


def test_one_after_the_other_is_as_all_at_once_and_who_called_off_is_not_waited_for() -> None:
    tasks = held(looked([], booked(1), booked(2), booked(3)))
    half = looked(tasks, booked(1, days=5), booked(2), booked(3))
    assert (at(half, 5).state, at(half, 3).assignee) == (TaskState.OPEN, "dewi")
    whole = looked(half, booked(1, days=5), booked(2, days=5), booked(3, State.CANCELLED))
    assert (at(whole, 5).state, at(whole, 5).assignee) == (TaskState.CHANGED, "dewi")


def test_where_they_went_two_ways_or_somebody_has_it_there_already_nothing_is_taken_along() -> None:
    tasks = held(looked([], booked(1), booked(2)))
    apart = looked(tasks, booked(1, days=5), booked(2, days=6))
    assert {at(apart, days).assignee for days in (5, 6)} == {None}
    # one of them first, the other elsewhere a look later: no whole either
    first = looked(tasks, booked(1, days=5), booked(2))
    later = looked(first, booked(1, days=5), booked(2, days=6))
    assert {at(later, days).assignee for days in (5, 6)} == {None}
    another = looked(tasks, booked(1), booked(2), booked(4, days=5))
    theirs = [held([one], "iluh")[0] if one is at(another, 5) else one for one in another]
    joined = looked(theirs, booked(1, days=5), booked(2, days=5), booked(4, days=5))
    assert (at(joined, 5).state, at(joined, 5).assignee) == (TaskState.TAKEN, "iluh")
    assert ("dewi", JobNews.GONE) in [(one.who, one.news) for one in job_notices(at(joined, 3))]


def test_who_dies_between_the_two_writes_has_it_there_and_loses_it_here_the_next_time() -> None:
    tasks = held(looked([], booked(1)))
    moved = due_session_tasks(session_plans([booked(1, days=5)], BUSINESS), tasks, NOW, frozenset())
    assert moved[0].session != tasks[0].session, "there first"
    half = [*tasks, *(one for one in moved if one.session != tasks[0].session)]
    after = looked(half, booked(1, days=5))
    assert (at(after, 5).assignee, at(after, 3).state) == ("dewi", TaskState.WITHDRAWN)
    assert job_notices(at(after, 3)) == ()


def test_another_due_moment_in_the_file_moves_the_same_tasks() -> None:
    tasks = looked([], booked(1))
    taken = [replace(move_task(tasks[0], TaskState.TAKEN, NOW, "dewi"), assignee="dewi"), *tasks[1:]]
    earlier = file.parse(SAMPLE + TASKS.replace("hours: 1 } }", "hours: 2 } }", 1), "business.yaml")
    assert isinstance(earlier, Business)
    moved = looked(taken, booked(1), business=earlier)
    assert states(moved) == {"mats:1": "changed", "water:1": "waiting"}
    assert moved[0].planned.due_at == NOW + timedelta(days=3, hours=-2)


def test_what_waits_is_open_when_what_was_before_it_is_done_and_what_is_done_is_done() -> None:
    mats, water = looked([], booked(1))
    done = move_task(mats, TaskState.DONE, NOW, "dewi")
    after = looked([done, water], booked(1), booked(2))
    assert states(after) == {"mats:1": "done", "water:1": "open"}
    # who did not come undoes nothing, and who did brings what follows
    over = looked(after, booked(1, State.NO_SHOW), booked(2, State.COMPLETED))
    assert states(over) == states(after) | {"sweep:1": "open"}


def test_a_session_nobody_can_speak_for_is_left_alone() -> None:
    tasks = looked([], booked(1))
    session = tasks[0].session
    assert session is not None
    assert due_session_tasks({}, tasks, NOW, frozenset({session})) == []


def coming(number: int, guests: int = 2, days: int = 3, state: State = State.CONFIRMED) -> Booking:
    """A booking of the class that Sari gives."""
    booking = booked(number, state, days)
    assert booking.chosen is not None
    return replace(booking, guests=guests, chosen=replace(booking.chosen, provider="sari", place="bale-sari"))


def told(tasks: Sequence[Task]) -> tuple[list[Task], list[tuple[str, JobNews, int | None]]]:
    """The class as its provider knows it after they were told, and what that was."""
    said = [(one.who, one.news, task.planned.guests) for task in tasks for one in job_notices(task)]
    return [having_told(task) if job_notices(task) else task for task in tasks], said


def test_a_class_is_its_providers_from_the_first_booking_on_for_as_many_as_come() -> None:
    tasks, said = told(looked([], coming(1)))
    assert (at(tasks, 3, "service").state, said) == (TaskState.TAKEN, [("sari", JobNews.GIVEN, 2)])
    # who books meanwhile is told of together, and what they have said of it holds
    tasks, said = told(looked(tasks, coming(1), coming(2, 3), coming(3, 1)))
    assert said == [("sari", JobNews.CHANGED, 6)]
    assert told(looked(tasks, coming(1), coming(2, 3), coming(3, 1)))[1] == []
    # one goes and another comes: it is the number that they know
    tasks, said = told(looked(tasks, coming(1), coming(2, 3, state=State.CANCELLED), coming(3, 1), coming(4, 3)))
    assert said == []
    # who did not come was counted on
    tasks, said = told(looked(tasks, coming(1, state=State.NO_SHOW), coming(3, 1), coming(4, 3)))
    assert (at(tasks, 3, "service").planned.guests, said) == (6, [])
    tasks, said = told(looked(tasks, *(coming(number, state=State.CANCELLED) for number in (1, 3, 4))))
    assert (at(tasks, 3, "service").state, said) == (TaskState.WITHDRAWN, [("sari", JobNews.GONE, 6)])
    assert told(looked(tasks, coming(5)))[1] == [("sari", JobNews.GIVEN, 2)]


def test_more_guests_undo_no_word_of_the_provider() -> None:
    (service,) = [one for one in told(looked([], coming(1)))[0] if one.planned.template == "service"]
    started = replace(service, started_at=NOW, on_the_way_at=NOW)
    in_trouble = move_task(service, TaskState.PROBLEM, NOW, "partner:sari")
    for known in (started, in_trouble):
        after = at(looked([known], coming(1), coming(2)), 3, "service")
        assert (after.state, after.started_at, after.planned.guests) == (known.state, known.started_at, 4)
    # given back it is nobody's, and each look leaves it so
    back = at(looked([dropped(service, "sari", NOW)], coming(1), coming(2)), 3, "service")
    assert (back.state, back.assignee, back.planned.who) == (TaskState.UNFILLED, None, None)


def test_a_class_that_all_move_is_another_time_to_its_provider_and_no_loss() -> None:
    tasks, _ = told(looked([], coming(1), coming(2)))
    tasks, said = told(looked(tasks, coming(1, days=5), coming(2, days=5)))
    assert said == [("sari", JobNews.CHANGED, 4)]
    assert at(tasks, 5, "service").assignee == "sari"


def test_a_class_is_done_when_its_time_is_over_and_what_has_been_is_told_to_nobody() -> None:
    tasks, _ = told(looked([], coming(1)))
    plans = session_plans([coming(1)], BUSINESS)
    over = NOW + timedelta(days=3, minutes=75)
    (done,) = due_session_tasks(plans, tasks, over, frozenset())
    assert (done.state, done.done_by, job_notices(done)) == (TaskState.DONE, "sari", ())
    after = [done if task.id == done.id else task for task in tasks]
    assert due_session_tasks(plans, after, over, frozenset()) == []
    # an upgrade looks back a week
    made = due_session_tasks(plans, [], over, frozenset())
    assert [task.planned.template for task in made] == ["mats", "water"]
    # what they called a problem waits for who was there
    trouble = [move_task(one, TaskState.PROBLEM, NOW, "x") if one.id == done.id else one for one in tasks]
    assert due_session_tasks(plans, trouble, over, frozenset()) == []
    completed = session_plans([coming(1, state=State.COMPLETED)], BUSINESS)
    ended = due_session_tasks(completed, trouble, over, frozenset())
    assert {one.planned.template: one.state for one in ended}["service"] is TaskState.DONE


BOOKINGS = st.builds(
    booked, st.integers(1, 4), st.sampled_from([State.CONFIRMED, State.PAID, State.CANCELLED]), st.integers(1, 2)
)


@given(st.lists(st.lists(BOOKINGS, max_size=4), max_size=6))
def test_exactly_the_sessions_with_bookings_have_one_unfinished_or_done_of_each(
    looks: list[list[Booking]],
) -> None:
    known: list[Task] = []
    for bookings in looks:
        known = looked(known, *bookings)
        wanted = {one.chosen.slot_id for one in bookings if one.chosen and one.state is State.CONFIRMED}
        standing = [task for task in known if task.state is not TaskState.WITHDRAWN]
        assert {task.session for task in standing} == wanted
        assert len({(task.session, task.planned.template) for task in standing}) == len(standing) == 2 * len(wanted)
