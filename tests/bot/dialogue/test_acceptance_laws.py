"""Whatever happens to a booking that needs somebody's yes: no link and no confirmation before it is said."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.business.catalogue import ConfirmationRule
from bot.domain.booking import Booking
from bot.domain.commands import AcceptLateMoney, OpenInvoice
from bot.domain.events import StaffAction
from bot.domain.states import CLOSED, State
from bot.domain.task import TaskState
from bot.domain.task_orders import EnsureTasks, WithdrawTasks
from bot.domain.timers import TimerKind
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_awaiting_acceptance import _LATE, asking

GOES_ON = frozenset({State.CONFIRMED, State.REMINDER_SENT, State.COMPLETED})
ORDER = "balinese massage 60 min at villa senja tomorrow at 11"
Step = Callable[[Talk], object]


def works(state: TaskState, who: str | None = None, behind: int = 0) -> Step:
    def step(talk: Talk) -> None:
        booking = talk.lead.open_booking
        if booking is not None and booking.acceptance is not None:
            talk.work(state, who, booking.acceptance.task, plan_no=booking.plan_no - behind)

    return step


def gives_back(talk: Talk) -> None:
    """Whoever said yes takes it back, and others are asked."""
    booking = talk.lead.open_booking
    if booking is not None and booking.acceptance is not None and booking.acceptance.who is not None:
        by = f"partner:{booking.acceptance.who}"
        talk.work(TaskState.OPEN, template=booking.acceptance.task, plan_no=booking.plan_no, by=by)


def says(text: str) -> Step:
    return lambda talk: talk.writes(text)


def taps(place: int) -> Step:
    return lambda talk: talk.taps_row(place % len(talk.choices)) if talk.choices else None


def rings(kind: TimerKind) -> Step:
    def step(talk: Talk) -> None:
        if any(name.startswith(f"{kind}:") for name in talk.lead.timers):
            talk.rings(kind)

    return step


def pays(talk: Talk) -> None:
    booking = talk.lead.open_booking
    if booking is not None and any(
        isinstance(one, OpenInvoice) and one.account == booking.account for one in talk.money
    ):
        talk.pay(booking.account)


def pays_late(talk: Talk) -> None:
    """After its time was released, where it was."""
    account = next((order.account for order in reversed(talk.money) if isinstance(order, OpenInvoice)), None)
    if account is not None and talk.lead.open_booking is None:
        talk.pay(account, open_cases=_LATE, is_late=True)


def expires(talk: Talk) -> None:
    booking = talk.lead.open_booking
    if booking is not None and booking.state is State.PAYMENT_PENDING:
        talk.rings(TimerKind.PAY_BY).closes(booking.account)


def staff(action: StaffAction, **facts: str) -> Step:
    def step(talk: Talk) -> None:
        if talk.lead.open_booking is not None:
            talk.staff(action, **facts)

    return step


def later(talk: Talk) -> None:
    talk.now += timedelta(minutes=20)


STEPS = st.one_of(
    st.sampled_from(
        [
            *(works(state) for state in (TaskState.OFFERED, TaskState.UNFILLED, TaskState.WITHDRAWN)),
            *(works(TaskState.TAKEN, who) for who in ("ayu", "komang", "ayu", "komang")),
            works(TaskState.TAKEN, "ayu", behind=1),
            works(TaskState.DONE, "komang"),
            gives_back,
            *map(
                says,
                (
                    ORDER,
                    "yes",
                    "thursday at 15:00 instead",
                    "cancel",
                    "keep it",
                    "we are two",
                    "already?",
                    "no",
                    "pay?",
                ),
            ),
            *(rings(kind) for kind in TimerKind if kind not in {TimerKind.AGENT_IDLE, TimerKind.PAY_BY}),
            pays,
            pays_late,
            expires,
            later,
            staff(StaffAction.CANCEL, reason="ill", cause="business"),
            staff(StaffAction.RESCHEDULE, reason="ill", cause="customer"),
        ]
    ),
    st.integers(0, 4).map(taps),
)


def given_for(booking: Booking) -> bool:
    return booking.acceptance is not None and booking.acceptance.is_given


def may_go_on(talk: Talk, booking: Booking) -> bool:
    """A yes was said, or its service needs none: a tap may choose another service than the one that was asked for."""
    service = talk.business.service(booking.service or "")
    return given_for(booking) or (service is not None and service.confirmation is ConfirmationRule.AUTO)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["dispatch", "manual"]), st.lists(STEPS, max_size=16))
def test_no_link_and_no_confirmation_before_a_yes_whatever_the_history(rule: str, steps: list[Step]) -> None:
    talk = Talk(asking(rule), pays=True)
    talk.writes(ORDER, "yes")
    for step in steps:
        asked = len(talk.money)
        step(talk)
        for order in talk.money[asked:]:
            if isinstance(order, OpenInvoice | AcceptLateMoney):
                states = [one.booking for one in talk.recorded if one.booking.account == order.account]
                assert any(may_go_on(talk, one) for one in states)
        for booking in talk.lead.bookings:
            check(talk, booking)
            check_work(talk, booking)
    # every state that went to the read model, passed through within one event or not
    for recorded in talk.recorded:
        assert recorded.booking.state not in GOES_ON or may_go_on(talk, recorded.booking)


def check(talk: Talk, booking: Booking) -> None:
    assert booking.state not in GOES_ON or may_go_on(talk, booking)
    waits = bool(booking.awaiting)
    assert waits is (booking.state is State.PENDING_CONFIRMATION and not given_for(booking))
    answer_by = [name for name in talk.lead.timers if name == f"{TimerKind.ANSWER_BY}:{booking.reference}"]
    # nobody waits without an end: for an answer, or for what the guest would like instead
    assert bool(answer_by) <= waits
    assert not waits or answer_by or booking.change is not None


def check_work(talk: Talk, booking: Booking) -> None:
    """Whoever is asked is asked for the arrangement as it is; where nobody is to be, the work is withdrawn."""
    orders: Iterator[EnsureTasks | WithdrawTasks] = (
        order
        for order in reversed(talk.orders)
        if isinstance(order, EnsureTasks | WithdrawTasks) and order.booking == booking.reference
    )
    last = next(orders, None)
    if booking.state is State.PENDING_CONFIRMATION:
        assert isinstance(last, EnsureTasks)
        assert booking.acceptance is not None
        assert last.plan_no == booking.plan_no >= booking.acceptance.since_plan
    if booking.state in CLOSED:
        assert not isinstance(last, EnsureTasks) or booking.state is State.COMPLETED
