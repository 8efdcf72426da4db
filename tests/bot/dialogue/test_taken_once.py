"""Whatever comes in whatever order, of guest, providers, house and clock: nobody comes twice to one time of a booking.

The guest's side is the whole `decide`, the providers' side the machine of tasks as `OfferDesk` writes it. What one
tells the other comes later, and again.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.acceptance import OF_CHANGE
from bot.domain.booking import Booking
from bot.domain.commands import Command
from bot.domain.events import StaffAction
from bot.domain.ids import BookingReference, EventId
from bot.domain.states import CLOSED
from bot.domain.task import OfferOutcome, Task, TaskKind, TaskState
from bot.domain.task_events import TaskNewsCame
from bot.domain.task_orders import EnsureTasks, WithdrawTasks
from bot.domain.timers import TimerKind
from bot.lifecycle.offers import accepted, advanced, assigned, declined, dropped
from bot.lifecycle.task_steps import TaskRefusal, TaskRefused
from bot.lifecycle.tasks import TaskDenied, TaskPlan, are_all_finished, is_ready, last_of
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_awaiting_acceptance import asking
from tests.bot.dialogue.test_acceptance_laws import ORDER, expires, pays, rings, says, staff, taps

WHO = ("ayu", "komang")
HELD = frozenset({TaskState.TAKEN, TaskState.CHANGED, TaskState.PROBLEM})


class House:
    """One guest's lead, and the tasks of their bookings as the store keeps them."""

    def __init__(self) -> None:
        self.talk = Talk(asking(), pays=True)
        self.tasks: dict[str, Task] = {}
        self.orders: list[EnsureTasks | WithdrawTasks] = []
        self.seen = 0
        self.news: list[TaskNewsCame] = []

    # What the guest's lead orders ---------------------------------------------------------------------------------

    def ordered(self) -> None:
        """What was ordered is done, one after the other, as the outbox does it."""
        made: Iterable[Command] = self.talk.orders[self.seen :]
        self.seen = len(self.talk.orders)
        for order in made:
            if isinstance(order, EnsureTasks | WithdrawTasks):
                self.orders.append(order)
                self.perform(order)

    def of(self, booking: BookingReference) -> list[Task]:
        return [task for task in self.tasks.values() if task.booking == booking]

    def perform(self, order: EnsureTasks | WithdrawTasks) -> None:
        plan = TaskPlan(order.booking, order.plan_no, order.at)
        if isinstance(order, WithdrawTasks):
            for task in self.of(order.booking):
                self.put(plan.withdrawn(task, order.reason))
            return
        for wanted in order.planned:
            known = self.of(order.booking)
            self.put(plan.ensured(last_of(known, wanted.template), wanted, is_ready=is_ready(known, wanted)))
        named = {one.template for one in order.planned}
        for task in self.of(order.booking):
            is_earlier = task.plan_no < order.plan_no or task.planned.template in order.not_asked
            if task.planned.template not in named and is_earlier:
                self.put(plan.withdrawn(task, "not planned"))

    def put(self, task: Task | None) -> None:
        """One write, and the news of it, which comes to the lead in its own time."""
        if task is None or self.tasks.get(task.id) is task:
            return
        self.tasks[task.id] = task
        of_all = self.of(task.booking) if task.booking is not None else []
        assert task.booking is not None
        event = TaskNewsCame(
            EventId(f"{task.id}:{task.revision}"),
            self.talk.now,
            task.booking,
            task.id,
            task.state,
            task.by,
            task.is_late,
            are_all_finished(of_all),
            max(one.plan_no for one in of_all),
            who=task.assignee,
        )
        self.news.append(event)

    def hear(self, place: int, *, again: bool = False) -> None:
        """Some news comes to the lead; told again, where whoever told it died."""
        if not self.news:
            return
        event = self.news[place % len(self.news)]
        if not again:
            self.news.remove(event)
        self.talk.tell(replace(event, at=self.talk.now))
        self.ordered()

    # What providers do --------------------------------------------------------------------------------------------

    def searched(self) -> None:
        """Those who can be asked are asked, and silence ends."""
        for task in list(self.tasks.values()):
            self.put(advanced(task, task.planned.candidates, self.talk.now))

    def answers(self, what: str, who: str, place: int, number: int) -> None:
        """One answer to one task, the right one or one of before; what is refused changes nothing."""
        services = [task for task in self.tasks.values() if task.planned.kind is TaskKind.SERVICE]
        if not services:
            return
        task, now = services[place % len(services)], self.talk.now
        try:
            match what:
                case "accept":
                    self.require_time(task, who)
                    self.put(accepted(task, who, number or task.arrangement, now, f"partner:{who}"))
                case "decline":
                    self.put(declined(task, who, number or task.arrangement, now, f"partner:{who}"))
                case "assign":
                    self.require_time(task, who)
                    self.put(assigned(task, who, now, "rina"))
                case _:
                    self.put(dropped(task, who, now))
        except (TaskRefused, TaskDenied):
            assert self.tasks[task.id] is task

    def require_time(self, task: Task, who: str) -> None:
        """As the desk asks in the transaction: that its booking, or its change, has that time to hand over."""
        booking = None if task.booking is None else self.booking(task.booking)
        stands = None if booking is None else booking.booked_hold
        booking = None if booking is None else booking.asked_about(task.planned.template)
        is_of_change = booking is not None and booking.booked_hold != stands
        is_gone = booking is None or booking.chosen is None or booking.booked_hold is None or booking.state in CLOSED
        if is_gone or (OF_CHANGE in task.planned.template and not is_of_change):
            raise TaskRefused(TaskRefusal.OFFER_OVER, task, who)

    def booking(self, reference: BookingReference) -> Booking | None:
        return self.talk.lead.booking(reference)


Step = Callable[[House], object]


def guest(step: Callable[[Talk], object]) -> Step:
    def does(house: House) -> None:
        step(house.talk)
        house.ordered()

    return does


def later(minutes: int) -> Step:
    def does(house: House) -> None:
        house.talk.now += timedelta(minutes=minutes)
        house.searched()

    return does


def told_again(place: int) -> Step:
    """An order that a process did not note as done before it died."""

    def does(house: House) -> None:
        if house.orders:
            house.perform(house.orders[place % len(house.orders)])

    return does


PLACES = st.integers(0, 3)
ANSWERS = st.builds(
    lambda what, who, place, number: lambda house: house.answers(what, who, place, number),
    st.sampled_from(["accept", "accept", "accept", "decline", "drop", "drop", "assign"]),
    st.sampled_from(WHO),
    PLACES,
    st.sampled_from([0, 0, 0, 1, 2]),
)
NEWS = st.builds(lambda place, again: lambda house: house.hear(place, again=again), PLACES, st.booleans())
GUESTS = st.sampled_from(
    [
        *(guest(says(text)) for text in ("thursday at 15:00 instead", "yes", "yes", "cancel", "keep it", "no", ORDER)),
        guest(rings(TimerKind.ANSWER_BY)),
        guest(pays),
        guest(pays),
        guest(expires),
        guest(staff(StaffAction.CANCEL, reason="ill", cause="business")),
    ]
)
STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        ANSWERS,
        ANSWERS,
        NEWS,
        NEWS,
        GUESTS,
        PLACES.map(lambda place: guest(taps(place))),
        st.integers(1, 70).map(later),
        PLACES.map(told_again),
    ),
    max_size=24,
)


@settings(max_examples=120, deadline=None)
@given(STEPS)
def test_at_most_one_has_each_time_of_a_booking_whatever_the_history(steps: list[Step]) -> None:
    house = House()
    house.talk.writes(ORDER, "yes")
    house.ordered()
    house.searched()
    for step in steps:
        step(house)
        house.searched()
        check(house)
    # and when everybody has heard everything
    for _ in range(200):
        if not house.news:
            break
        house.hear(0)
        house.searched()
        check(house)
    check_settled(house)


def held(house: House, booking: BookingReference) -> list[Task]:
    of_service = [one for one in house.of(booking) if one.planned.kind is TaskKind.SERVICE]
    return [one for one in of_service if one.state in HELD]


def check(house: House) -> None:
    """Of one time that was asked for one has it, and each task is one person's at most."""
    for reference in {task.booking for task in house.tasks.values() if task.booking is not None}:
        # a moved booking's task and the one that asked about its new time are of two times until the move is told
        times = [(one.planned.begins_at, one.planned.place, one.planned.template) for one in held(house, reference)]
        assert len(times) == len(set(times)), times
        unfinished = [one.planned.template for one in house.of(reference) if not one.is_finished]
        assert len(unfinished) == len(set(unfinished))
        for task in house.of(reference):
            said_yes = {one.who for one in task.offers if one.outcome is OfferOutcome.ACCEPTED}
            assert task.is_finished or said_yes <= {task.assignee}, "nobody else still believes it is theirs"
            assert (task.assignee is not None) == (task.state in HELD) or task.is_finished


def check_settled(house: House) -> None:
    """Nothing of what ended is anybody's, and what stands is one person's: the one its booking names."""
    for reference in {task.booking for task in house.tasks.values() if task.booking is not None}:
        booking, theirs = house.booking(reference), held(house, reference)
        at = [(one.planned.begins_at, one.planned.place) for one in theirs]
        assert len(at) == len(set(at)), at
        if booking is None or booking.state in CLOSED:
            assert theirs == []
            continue
        by_template = {one.planned.template: one.assignee for one in theirs}
        assert len(by_template) <= 1 + (booking.change is not None)
        given_to = booking.acceptance
        if given_to is not None and given_to.is_given and given_to.who is not None and booking.chosen is not None:
            assert by_template.get(given_to.base_task, given_to.who) == given_to.who
