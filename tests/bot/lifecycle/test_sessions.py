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
from bot.domain.states import State
from bot.domain.task import Task, TaskState
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
