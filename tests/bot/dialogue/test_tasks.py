"""What a booking's move means for its tasks, whoever made the move: four for a stay, never five, never three."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.business.catalogue import Amenities, ServiceId
from bot.business.context import Context
from bot.business.staff import STAY_TASKS, TaskDue, TaskEdge, TaskMoment, TaskTemplate
from bot.business.words import LocalizedText
from bot.dialogue import tasks, timers
from bot.dialogue.decide import decide
from bot.dialogue.task_plan import HAVE_TASKS, outlives, planned_tasks
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.events import Event, LeadsMerged, StaffAction, StaffAsked
from bot.domain.ids import BookingReference, EventId
from bot.domain.job import JobNews
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import ShowUp, State
from bot.domain.task import AMENITIES_OFF, AMENITIES_ON, FINISHED, PROVIDER_ROLE, PlannedTask, Task, TaskState
from bot.domain.task_orders import EnsureTasks, WithdrawTasks
from bot.domain.timers import TimerKind, TimerName
from bot.lifecycle import apply
from bot.lifecycle.job_notices import having_told, holder, job_notices
from bot.lifecycle.task_steps import TaskRefusal, TaskRefused, TaskRequest, TaskStep, stepped
from bot.lifecycle.tasks import TaskPlan, is_ready, last_of, move_task
from bot.lifecycle.verdicts import Actor
from tests.bot.anything import EVENTS, LEADS
from tests.bot.business.test_house_rules import read
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


HEATED = Amenities(LocalizedText(en="pool heating", id="pemanas kolam"), "host")


def heated(**changes: Any) -> Context:
    """The sample, where that villa has a pool that is heated for whoever moves in."""
    business = context().business
    places = tuple(replace(one, amenities=HEATED) if one.id == "villa-kamboja" else one for one in business.places)
    return replace(context(), business=replace(business, places=places, **changes))


def test_work_that_a_rule_names_is_brought_by_such_bookings_alone() -> None:
    business = read("id: many, for: [stay], when: { guests_from: 3 }, task: check-in-meeting")
    two, three = stay(guests=2), stay(guests=3)
    assert {one.template for one in planned_tasks(two, business)} == STAY_TASKS - {"check-in-meeting"}
    assert {one.template for one in planned_tasks(three, business)} == STAY_TASKS


def test_fewer_guests_later_take_that_work_back() -> None:
    around = replace(context(), business=read("id: many, when: { guests_from: 3 }, task: check-in-meeting"))
    _, (order,) = orders_of(stay(guests=3, plan_no=1), stay(guests=2, plan_no=1), around)
    # what the next plan does not name is withdrawn
    assert (order.plan_no, "check-in-meeting" in {one.template for one in order.planned}) == (2, False)


def orders_of(before: Booking, after: Booking, around: Context) -> tuple[Lead, list[Any]]:
    outcome = tasks.follow(a_lead().with_booking(before), Outcome(a_lead().with_booking(after)), around)
    return outcome.lead, [request.command for request in outcome.requests]


def on_moments() -> tuple[TaskTemplate, ...]:
    """A template for each moment of a stay, next to the four."""
    due = TaskDue(after=TaskEdge.START, hours=2)
    made = [
        TaskTemplate(f"on-{moment.value.replace('_', '-')}", (ServiceId("kamboja-stay"),), "host", due, on=moment)
        for moment in TaskMoment
    ]
    return (*context().business.task_templates, *made)


@pytest.mark.parametrize("state", [State.CONFIRMED, State.REMINDER_SENT])
def test_a_stay_that_nobody_moved_in_to_ends_without_work_of_moments_it_never_lived(state: State) -> None:
    around = heated(tasks=on_moments())
    was = stay(state, days=-14, plan_no=1)
    ended = apply.happened(a_lead(), replace(was, show_up=ShowUp.CAME), State.COMPLETED, Actor.SYSTEM, around)
    _, (order,) = orders_of(was, ended, around)
    new = {one.template for one in order.planned} - {one.template for one in planned_tasks(was, around.business)}
    assert (ended.has_begun, new) == (False, {"on-completed"})


def test_a_stay_that_was_lived_in_brings_all_of_its_moments_also_where_nobody_said_that_they_left() -> None:
    around = heated(tasks=on_moments())
    was = stay(State.CHECKED_IN, days=-14, plan_no=1)
    gone = apply.happened(a_lead(), was, State.CHECKED_OUT, Actor.SYSTEM, around)
    ended = apply.happened(a_lead(), gone, State.COMPLETED, Actor.SYSTEM, around)
    _, (order,) = orders_of(was, ended, around)
    new = {one.template for one in order.planned} - {one.template for one in planned_tasks(was, around.business)}
    # checked in to before that was kept, too
    assert (was.has_begun, ended.has_begun) == (False, True)
    assert new == {"amenities-off", "on-checked-out", "on-completed"}
    # nothing is turned on any more, and nobody is asked to who was not asked before
    (on,) = [one for one in order.planned if one.template == AMENITIES_ON]
    assert TaskPlan(REFERENCE, 1, NOW).ensured(None, on, is_ready=True) is None


@pytest.mark.parametrize(("state", "is_at_once"), [(State.CHECKED_IN, True), (State.CHECKED_OUT, False)])
def test_called_off_with_its_guest_in_the_house_it_is_cleaned_and_turned_off(state: State, is_at_once: bool) -> None:
    around, board = heated(), Board()
    # begun the day before yesterday
    was = stay(state, days=-12, plan_no=1, has_begun=True)
    assert was.chosen is not None
    first = planned_tasks(was, around.business)
    board.apply(EnsureTasks(REFERENCE, 1, first, NOW))
    cleaning = board.tasks["BK-1:post-departure-cleaning:1"]
    taken = move_task(cleaning, TaskState.TAKEN, NOW, "iluh")
    board.tasks[cleaning.id] = replace(taken, assignee="iluh", acknowledged=taken.revision)
    by_hand = replace(first[0], template="by-hand-bed")
    made = TaskPlan(REFERENCE, 1, NOW).ensured(None, by_hand, is_ready=True)
    assert made is not None
    board.tasks[made.id] = made
    off = apply.happened(a_lead(), was, State.CANCELLED, Actor.OPERATIONS, around)
    lead, orders = orders_of(was, off, around)
    for order in (*orders, *orders, EnsureTasks(REFERENCE, 1, first, NOW)):
        board.apply(order)
    assert sorted(unfinished(board)) == [AMENITIES_OFF, "post-departure-cleaning"]
    left = around.now if is_at_once else was.chosen.end
    due = {task.planned.template: task.planned.due_at for task in board.of(REFERENCE) if not task.is_finished}
    assert due == {AMENITIES_OFF: left + timedelta(hours=1), "post-departure-cleaning": left + timedelta(hours=2)}
    # whoever had taken it still has it: as it was, or once they take its new time
    kept = board.tasks[cleaning.id]
    assert (kept.assignee, kept.state) == ("iluh", TaskState.CHANGED if is_at_once else TaskState.TAKEN)
    called_off = lead.booking(REFERENCE)
    assert called_off is not None
    assert outlives(kept, called_off)
    # once
    assert orders_of(called_off, called_off, around)[1] == []


def test_called_off_before_anybody_moved_in_nothing_is_left_to_do() -> None:
    was = stay(plan_no=1)
    off = apply.happened(a_lead(), was, State.CANCELLED, Actor.OPERATIONS, heated())
    _, (order,) = orders_of(was, off, heated())
    assert isinstance(order, WithdrawTasks)


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
    # step by step, and where the end comes though nobody said that they came, or left
    for before, after in itertools.combinations(way, 2):
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
                named = {one.template for one in planned}
                changed = [
                    *changed,
                    *(
                        TaskPlan(booking, number, at).withdrawn(task, "not planned")
                        for task in self.of(booking)
                        if task.planned.template not in named and not task.is_by_hand and task.plan_no < number
                    ),
                ]
            case WithdrawTasks(booking=booking, plan_no=number, reason=reason, at=at):
                changed = [TaskPlan(booking, number, at).withdrawn(task, reason) for task in self.of(booking)]
            case _:
                return
        self.tasks |= {task.id: task for task in changed if task is not None}


def unfinished(board: Board) -> list[str]:
    return [task.planned.template for task in board.of(REFERENCE) if not task.is_finished]


_STEPS = st.lists(
    st.tuples(
        st.sampled_from([*sorted(HAVE_TASKS), State.CANCELLED, State.SLOT_CONFIRMED, State.RESCHEDULED]),
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
        wanted = planned_tasks(booking, context().business) if has_tasks else ()
        # what is over is done, or was never begun
        expected = [one for one in wanted if not one.is_over]
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
    business, heating = context().business, heated().business
    lived = {state: stay(state, has_begun=state not in {State.CONFIRMED, State.REMINDER_SENT}) for state in HAVE_TASKS}
    names = {state: [one.template for one in planned_tasks(one, heating)] for state, one in lived.items()}
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


# Work of the booking's own provider ---------------------------------------------------------------------------------

OILS = TaskTemplate(
    "prepare-oils",
    (ServiceId("balinese-massage"),),
    PROVIDER_ROLE,
    TaskDue(before=TaskEdge.START, hours=2),
    title=LocalizedText(en="Prepare the oils", id="Siapkan minyak", vi="Chuẩn bị tinh dầu"),
    minutes=15,
)


def massage(provider: str | None = "ayu", **more: Any) -> Booking:
    slot = OfferedSlot(f"m-{provider}", START, START + timedelta(hours=1), provider, "villa-senja")
    known = Booking(REFERENCE, State.CONFIRMED, service="balinese-massage", guests=2, chosen=slot)
    return replace(known, **more)


def oils(booking: Booking) -> PlannedTask | None:
    business = replace(context().business, tasks=(OILS,))
    return next((one for one in planned_tasks(booking, business) if one.template == OILS.id), None)


def test_work_of_the_provider_is_whoevers_the_booking_is_and_goes_with_it() -> None:
    wanted = oils(massage())
    assert wanted is not None
    assert (wanted.who, wanted.is_providers, wanted.is_offered) == ("ayu", True, False)
    made = TaskPlan(REFERENCE, 1, NOW).ensured(None, wanted, is_ready=True)
    assert made is not None
    assert (made.state, made.assignee, holder(made)) == (TaskState.TAKEN, "ayu", "ayu")
    others = oils(massage("komang"))
    assert others is not None
    moved = TaskPlan(REFERENCE, 2, NOW).ensured(having_told(made), others, is_ready=True)
    assert moved is not None
    assert (moved.assignee, moved.number) == ("komang", 1)
    assert {(one.who, one.news) for one in job_notices(moved)} == {("ayu", JobNews.GONE), ("komang", JobNews.GIVEN)}
    gone = TaskPlan(REFERENCE, 2, NOW).withdrawn(moved, "cancelled")
    assert gone is not None
    assert gone.state is TaskState.WITHDRAWN


def test_what_nobody_sells_their_time_for_brings_no_work_of_a_provider() -> None:
    assert oils(massage(None)) is None


def test_nobody_else_is_given_what_is_its_providers() -> None:
    wanted, business = oils(massage()), context().business
    assert wanted is not None
    made = TaskPlan(REFERENCE, 1, NOW).ensured(None, wanted, is_ready=True)
    assert made is not None
    for step in (TaskStep.TAKE, TaskStep.ASSIGN):
        with pytest.raises(TaskRefused) as refused:
            stepped(made, TaskRequest(step, "rina", "ketut"), business, NOW)
        assert refused.value.why is TaskRefusal.OF_PROVIDER
    assert stepped(made, TaskRequest(TaskStep.DONE, "partner:ayu", "ayu"), business, NOW).done_by == "ayu"
