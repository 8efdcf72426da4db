"""What a booking's move means for its tasks, whoever made the move: four for a stay, never five, never three."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.business.catalogue import Amenities
from bot.business.staff import STAY_TASKS
from bot.business.words import LocalizedText
from bot.dialogue import tasks, timers
from bot.dialogue.decide import decide
from bot.dialogue.task_plan import HAVE_TASKS, planned_tasks
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.events import Event, LeadsMerged, StaffAction, StaffAsked
from bot.domain.ids import BookingReference, EventId
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import State
from bot.domain.task import FINISHED, PlannedTask, Task, TaskState
from bot.domain.task_orders import EnsureTasks, WithdrawTasks
from bot.domain.timers import TimerKind, TimerName
from bot.lifecycle.tasks import TaskPlan, is_ready, last_of
from tests.bot.anything import EVENTS, LEADS
from tests.bot.makers import NOW, a_lead, context

REFERENCE = BookingReference("BK-1")
START = NOW + timedelta(days=10, hours=-3)


def stay(state: State = State.CONFIRMED, days: int = 0, **more: Any) -> Booking:
    start = START + timedelta(days=days)
    slot = OfferedSlot(f"stay-{days}", start, start + timedelta(days=3, hours=-3), None, "villa-kamboja", nights=3)
    return replace(Booking(REFERENCE, state, service="kamboja-stay", guests=2, nights=3, chosen=slot), **more)


def ordered(before: Booking | None, after: Booking) -> tuple[Lead, list[Any]]:
    """The lead and what is ordered when a booking becomes that."""
    was = a_lead() if before is None else a_lead().with_booking(before)
    outcome = tasks.follow(was, Outcome(a_lead().with_booking(after)), context())
    return outcome.lead, [request.command for request in outcome.requests]


def ensured(before: Booking | None, after: Booking) -> tuple[int, tuple[PlannedTask, ...]]:
    lead, (order,) = ordered(before, after)
    assert isinstance(order, EnsureTasks)
    booking = lead.booking(REFERENCE)
    assert booking is not None
    assert order.plan_no == booking.plan_no
    return order.plan_no, order.planned


def test_a_stay_that_is_confirmed_has_its_four_tasks() -> None:
    number, planned = ensured(stay(State.PAID), stay())
    assert number == 1
    assert {one.template for one in planned} == STAY_TASKS
    by_name = {one.template: one for one in planned}
    end = START + timedelta(days=3, hours=-3)
    assert by_name["pre-arrival-cleaning"].due_at == START - timedelta(days=1)
    assert by_name["check-in-meeting"].due_at == START
    assert by_name["check-out-meeting"].due_at == end
    assert by_name["post-departure-cleaning"].due_at == end + timedelta(hours=2)
    assert {(one.place, dict(one.title).keys() >= {"en", "id", "vi"}) for one in planned} == {("villa-kamboja", True)}


def test_moved_by_a_day_the_same_four_have_their_new_time_under_the_next_number() -> None:
    was, moved = stay(plan_no=1), stay(days=1, plan_no=1)
    number, planned = ensured(was, moved)
    assert number == 2
    before = planned_tasks(was, context().business)
    assert [(one.template, one.due_at - timedelta(days=1)) for one in planned] == [
        (one.template, one.due_at) for one in before
    ]


@pytest.mark.parametrize("change", [{"guests": 3}, {"place": "villa-padi"}, {"days": 1}])
def test_whatever_its_work_depends_on_makes_another_plan(change: dict[str, Any]) -> None:
    assert ensured(stay(plan_no=4), stay(plan_no=4, **change))[0] == 5


@pytest.mark.parametrize("state", [State.CANCELLED, State.NO_SHOW, State.RESCHEDULED, State.SLOT_CONFIRMED])
def test_what_does_not_take_place_has_them_withdrawn_and_twice_is_once(state: State) -> None:
    _, (order,) = ordered(stay(plan_no=2), stay(state, plan_no=2, cancellation_reason="flight"))
    assert isinstance(order, WithdrawTasks)
    assert (order.booking, order.plan_no, order.reason) == (REFERENCE, 2, "flight")
    assert ordered(stay(state, plan_no=2), stay(state, plan_no=2))[1] == []


def test_confirmed_again_it_has_another_plan() -> None:
    assert ensured(stay(State.SLOT_CONFIRMED, plan_no=2), stay(plan_no=2))[0] == 3


def test_on_its_way_through_the_stay_nothing_is_asked_again() -> None:
    way = [State.CONFIRMED, State.REMINDER_SENT, State.CHECKED_IN, State.CHECKED_OUT, State.COMPLETED]
    for before, after in itertools.pairwise(way):
        assert ordered(stay(before, plan_no=1), stay(after, plan_no=1))[1] == []


def test_a_booking_of_before_there_were_tasks_gets_them_with_the_next_thing_that_happens() -> None:
    assert ensured(stay(), stay())[0] == 1


def test_a_stay_of_before_that_is_over_brings_no_work_and_ends_with_the_next_thing_that_happens() -> None:
    past = stay(days=-20)
    lead, orders = ordered(past, past)
    assert orders == []
    ends = timers.follow(a_lead().with_booking(past), Outcome(lead), context()).lead
    assert ends.due_at(TimerName(TimerKind.OVER, REFERENCE)) == NOW
    # once: it is not planned again by what happens after that
    assert not timers.follow(lead, Outcome(lead), context()).lead.timers


def test_what_comes_with_another_lead_brings_its_plan_along() -> None:
    assert ordered(None, stay(plan_no=1))[1] == []


def test_a_service_without_tasks_orders_nothing() -> None:
    massage = replace(stay(), service="balinese-massage")
    assert ordered(replace(massage, state=State.PAID), massage)[1] == []


# The law ------------------------------------------------------------------------------------------------------------


class Board:
    """The tasks of some bookings as the store keeps them, in memory."""

    def __init__(self) -> None:
        self.tasks: dict[str, Task] = {}

    def of(self, booking: BookingReference) -> list[Task]:
        return [task for task in self.tasks.values() if task.booking == booking]

    def apply(self, order: object) -> None:
        changed: Sequence[Task | None] = ()
        match order:
            case EnsureTasks(booking=booking, plan_no=number, planned=planned, at=at):
                for one in planned:
                    known = self.of(booking)
                    last = last_of(known, one.template)
                    task = TaskPlan(booking, number, at).ensured(last, one, is_ready=is_ready(known, one))
                    changed = [*changed, task]
            case WithdrawTasks(booking=booking, plan_no=number, reason=reason, at=at):
                changed = [TaskPlan(booking, number, at).withdrawn(task, reason) for task in self.of(booking)]
            case _:
                return
        self.tasks |= {task.id: task for task in changed if task is not None}


def unfinished(board: Board) -> list[str]:
    return [task.planned.template for task in board.of(REFERENCE) if not task.is_finished]


_STEPS = st.lists(
    st.tuples(
        st.sampled_from([*HAVE_TASKS - {State.COMPLETED}, State.CANCELLED, State.SLOT_CONFIRMED, State.RESCHEDULED]),
        st.integers(0, 3),
        st.integers(1, 4),
    ),
    max_size=8,
)


@given(_STEPS, st.lists(st.integers(0, 3), max_size=6))
def test_four_for_a_stay_never_five_never_three_whatever_it_goes_through(
    steps: list[tuple[State, int, int]], repeats: list[int]
) -> None:
    board, lead, orders = Board(), a_lead(), list[Any]()
    for state, days, guests in steps:
        known = lead.booking(REFERENCE)
        plan_no = 0 if known is None else known.plan_no
        after = a_lead().with_booking(stay(state, days, guests=guests, plan_no=plan_no))
        outcome = tasks.follow(lead, Outcome(after), context())
        lead, orders = outcome.lead, [*orders, *(request.command for request in outcome.requests)]
        for request in outcome.requests:
            board.apply(request.command)
        # told again by whoever died half way: an older plan never undoes a newer one
        for number in repeats:
            if number < len(orders):
                board.apply(orders[number])
        wanted = sorted(STAY_TASKS) if state in HAVE_TASKS else []
        assert sorted(unfinished(board)) == wanted
        booking = lead.booking(REFERENCE)
        assert booking is not None
        due = {one.template: one.due_at for one in planned_tasks(booking, context().business)}
        for task in board.of(REFERENCE):
            assert task.is_finished or task.planned.due_at == due[task.planned.template]
            assert task.state in FINISHED or task.assignee or task.next_at


def as_stays(lead: Lead) -> Lead:
    """The same lead, whose massages are stays."""
    stays = [replace(one, service="kamboja-stay") if one.service else one for one in lead.bookings]
    return replace(lead, bookings=tuple(stays))


@given(LEADS, EVENTS)
def test_every_decision_leaves_exactly_the_bookings_that_take_place_with_tasks(lead: Lead, event: Event) -> None:
    lead = as_stays(lead)
    if isinstance(event, LeadsMerged):
        event = replace(event, younger=as_stays(event.younger))
    board = Board()
    # as it was: everybody's tasks, then those of the younger lead, too
    known = {one.reference: one for one in (*lead.bookings, *getattr(event, "younger", a_lead()).bookings)}
    planned: dict[BookingReference, Booking] = {}
    for booking in known.values():
        if booking.state in HAVE_TASKS and booking.chosen is not None:
            planned[booking.reference] = replace(booking, plan_no=1)
            order = EnsureTasks(booking.reference, 1, planned_tasks(booking, context().business), NOW)
            board.apply(order)

    def with_plans(one: Lead) -> Lead:
        return replace(one, bookings=tuple(planned.get(item.reference, item) for item in one.bookings))

    if isinstance(event, LeadsMerged):
        if {one.reference for one in lead.bookings} & {one.reference for one in event.younger.bookings}:
            # the same booking in two leads is no merge of two people
            return
        event = replace(event, younger=with_plans(event.younger))
    before = with_plans(lead)
    later = replace(context(), now=NOW + timedelta(hours=1))
    decision = decide(before, event, later)
    recorded = [getattr(effect.command, "booking", None) for effect in decision.effects]
    after = {one.reference: one for one in (*recorded, *decision.lead.bookings) if isinstance(one, Booking)}
    for effect in decision.effects:
        board.apply(effect.command)
    for reference, booking in after.items():
        slot, was_planned = booking.chosen, reference in planned
        # what is over when it is confirmed brings no work
        has_tasks = booking.state in HAVE_TASKS and slot is not None and (was_planned or slot.end > later.now)
        left = [task for task in board.of(reference) if not task.is_finished]
        expected = planned_tasks(booking, context().business) if has_tasks else ()
        assert sorted(task.planned.template for task in left) == sorted(one.template for one in expected)
        assert {task.planned.due_at for task in left} == {one.due_at for one in expected}


def test_staff_cancel_a_stay_and_its_tasks_are_withdrawn_with_the_move() -> None:
    lead = a_lead().with_booking(stay(plan_no=1, booked_hold="hold", explicitly_confirmed=True))
    asked = StaffAsked(
        EventId("staff:1"),
        NOW,
        "operations",
        StaffAction.CANCEL,
        REFERENCE,
        (("cause", "business"), ("reason", "roof")),
    )
    orders = [effect.command for effect in decide(lead, asked, context()).effects]
    (withdrawn,) = [order for order in orders if isinstance(order, WithdrawTasks)]
    assert (withdrawn.booking, withdrawn.plan_no) == (REFERENCE, 1)


def test_a_task_that_is_taken_asks_again_when_its_time_is_another() -> None:
    board = Board()
    _, (first,) = ordered(stay(State.PAID), stay())
    board.apply(first)
    taken = board.tasks["BK-1:check-in-meeting:1"]
    board.tasks[taken.id] = replace(taken, state=TaskState.TAKEN, assignee="dewi", revision=2, acknowledged=2)
    _, (second,) = ordered(stay(plan_no=1), stay(days=1, plan_no=1))
    board.apply(second)
    assert board.tasks[taken.id].state is TaskState.CHANGED
    assert len(board.tasks) == 4


def test_what_a_stay_needs_on_is_turned_on_at_check_in_and_off_at_check_out() -> None:
    business = context().business
    heated = Amenities(LocalizedText(en="pool heating", id="pemanas kolam"), "host")
    places = tuple(
        replace(place, amenities=heated) if place.id == "villa-kamboja" else place for place in business.places
    )
    heating = replace(business, places=places)
    names = {state: [one.template for one in planned_tasks(stay(state), heating)] for state in HAVE_TASKS}
    assert set(names[State.CONFIRMED]) == STAY_TASKS
    assert set(names[State.CHECKED_IN]) == STAY_TASKS | {"amenities-on"}
    assert (
        set(names[State.CHECKED_OUT]) == set(names[State.COMPLETED]) == STAY_TASKS | {"amenities-on", "amenities-off"}
    )
    on, off = planned_tasks(stay(State.CHECKED_OUT), heating)[-2:]
    chosen = stay().chosen
    assert chosen is not None
    assert (on.due_at, off.due_at) == (chosen.start + timedelta(hours=1), chosen.end + timedelta(hours=1))
    assert dict(on.title) == {"en": "Turn on: pool heating", "id": "Nyalakan: pemanas kolam", "vi": "Bật: pool heating"}
    assert (on.role, on.place) == ("host", "villa-kamboja")
    # a massage in that villa is no stay, and what the house does not know has none
    massage = replace(stay(State.CONFIRMED), service="balinese-massage")
    assert planned_tasks(massage, heating, State.CHECKED_IN) == ()
    assert {one.template for one in planned_tasks(stay(State.CHECKED_OUT), business)} == STAY_TASKS
