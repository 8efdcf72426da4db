"""A booking's state as the steps of a saga: every state that promises something, and nothing that is not so."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.dialogue.task_plan import planned_tasks
from bot.domain.acceptance import APPROVAL_TASK, Acceptance
from bot.domain.booking import Booking
from bot.domain.states import PaymentStatus, State
from bot.domain.task import Task, TaskState
from bot.lifecycle.tasks import TaskPlan, move_task
from payments.domain.money import Money
from tests.bot.dialogue.test_tasks import REFERENCE, stay
from tests.bot.makers import NOW, context
from webhooks.api.bookings.saga import SagaShown, SagaStatus, saga
from webhooks.api.money.models import Monies, PayableShown, RefundShown, none
from webhooks.edge.models import AmountShown

BUSINESS = context().business
NO_MONEY = none("IDR")
SOME = AmountShown(amount=1, currency="IDR")
PRICE = Money(9_000_000, "IDR")
STEPS = [
    "validateReservation",
    "updateReservationStatus",
    "createCleaningTask",
    "createCheckInTask",
    "createCheckOutTask",
    "createPostCleaningTask",
    "createFinancialTransaction",
    "sendConfirmationNotification",
]


def four(booking: Booking) -> list[Task]:
    plan = TaskPlan(REFERENCE, 1, NOW)
    made = [plan.ensured(None, one, is_ready=True) for one in planned_tasks(booking, BUSINESS, State.CONFIRMED)]
    return [task for task in made if task is not None]


def shown(booking: Booking, tasks: Sequence[Task] = (), money: Monies = NO_MONEY) -> SagaShown:
    found = saga(BUSINESS, booking, money, tasks, ["first", "last"])
    assert found is not None
    assert found.total_steps == len(found.steps)
    return found


def with_refund(status: str) -> Monies:
    return NO_MONEY.model_copy(update={"refunds": [RefundShown(id="r-1", amount=SOME, status=status)]})


def test_a_stay_is_confirmed_in_the_eight_steps_of_the_seeds() -> None:
    booked = stay(State.SLOT_CONFIRMED, booked_hold="hold", due=PRICE, price=PRICE)
    waits = replace(booked, state=State.PAYMENT_PENDING, payment_status=PaymentStatus.PENDING, pay_by=NOW)
    first = shown(waits)
    assert [step.name for step in first.steps] == STEPS
    assert (first.name, first.status, first.current_step) == ("confirmReservation", SagaStatus.RUNNING, 2)
    assert [(one.kind, one.id, one.state) for one in first.open] == [("payment", REFERENCE, "pending")]

    # confirmed, and a process died before its tasks were made: it is not over before they are
    confirmed = replace(booked, state=State.CONFIRMED)
    half = shown(confirmed, four(confirmed)[:2])
    assert (half.status, half.current_step) == (SagaStatus.RUNNING, 5)
    whole = shown(confirmed, four(confirmed))
    assert (whole.status, whole.current_step) == (SagaStatus.COMPLETED, 8)
    assert (whole.created_at, whole.updated_at) == ("first", "last")
    assert {step.record for step in whole.steps} - {None} == {task.id for task in four(confirmed)}
    assert {one.kind for one in whole.open} == {"task"}


def test_a_yes_that_is_waited_for_is_a_step_and_fails_where_nobody_says_it() -> None:
    asked = Acceptance(APPROVAL_TASK, NOW, 1)
    waits = stay(State.PENDING_CONFIRMATION, booked_hold="hold", due=PRICE, price=PRICE, acceptance=asked)
    told = shown(waits)
    assert [step.name for step in told.steps][:3] == [
        "validateReservation",
        "requestAcceptance",
        "updateReservationStatus",
    ]
    assert (told.status, told.current_step) == (SagaStatus.RUNNING, 2)
    nobody = shown(replace(waits, acceptance=replace(asked, answer=TaskState.UNFILLED)))
    assert nobody.status is SagaStatus.FAILED
    said = replace(waits, state=State.PAYMENT_PENDING, acceptance=replace(asked, answer=TaskState.TAKEN, who="dewi"))
    assert shown(said).current_step == 3


def test_a_stay_comes_and_goes_and_what_is_owed_is_named_until_it_is_done() -> None:
    here = stay(State.CHECKED_IN)
    assert shown(here, four(here)).name == "checkInReservation"
    gone = stay(State.CHECKED_OUT)
    done = [move_task(task, TaskState.DONE, NOW, "iluh") for task in four(gone)]
    owed = PayableShown(party="place", amount=SOME, state="OPEN", due_at=None)
    told = shown(gone, done, NO_MONEY.model_copy(update={"payables": [owed]}))
    assert (told.name, told.status) == ("checkOutReservation", SagaStatus.COMPLETED)
    assert [(one.kind, one.id) for one in told.open] == [("payable", "place")]
    over = shown(replace(gone, state=State.COMPLETED), done)
    assert (over.name, over.status, over.open) == ("checkOutReservation", SagaStatus.COMPLETED, [])


def test_a_cancellation_is_over_when_its_tasks_are_withdrawn_and_its_money_has_arrived() -> None:
    off = stay(State.CANCELLED, explicitly_confirmed=True)
    assert shown(off, four(off)).status is SagaStatus.RUNNING
    withdrawn = [move_task(task, TaskState.WITHDRAWN, NOW, "system") for task in four(off)]
    assert shown(off, withdrawn, with_refund("ACCEPTED")).status is SagaStatus.RUNNING
    stuck = shown(off, withdrawn, with_refund("PERSON"))
    assert (stuck.status, stuck.steps[stuck.current_step - 1].record) == (SagaStatus.FAILED, "r-1")
    over = shown(off, withdrawn, with_refund("SUCCEEDED"))
    assert (over.name, over.status, over.open) == ("cancelReservation", SagaStatus.COMPLETED, [])


def test_what_is_cleaned_behind_a_guest_who_had_moved_in_belongs_to_no_cancellation() -> None:
    off = stay(State.CANCELLED, explicitly_confirmed=True, has_begun=True)
    told = shown(off, four(off)[-1:])
    assert (told.status, [one.kind for one in told.open]) == (SagaStatus.COMPLETED, ["task"])


def test_what_cannot_go_on_without_a_person_has_failed() -> None:
    assert shown(stay(State.ERROR)).status is SagaStatus.FAILED
    no_link = stay(State.SLOT_CONFIRMED, booked_hold="hold", due=PRICE, link_failed=True)
    failed = shown(no_link)
    assert [step.name for step in failed.steps if step.status is SagaStatus.FAILED] == ["createFinancialTransaction"]


@pytest.mark.parametrize("state", [State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED, State.ABANDONED])
def test_where_nothing_was_promised_there_is_none(state: State) -> None:
    assert saga(BUSINESS, stay(state), NO_MONEY, (), []) is None


def test_every_state_is_either_a_saga_or_nothing_promised() -> None:
    named = {state: saga(BUSINESS, stay(state, explicitly_confirmed=True), NO_MONEY, (), []) for state in State}
    without = {state for state, told in named.items() if told is None}
    assert without == {
        State.INQUIRY,
        State.SERVICE_SELECTED,
        State.SLOT_PROPOSED,
        State.RESCHEDULED,
        State.ABANDONED,
    }
    # a massage has no tasks of its own, and is confirmed all the same
    massage = replace(stay(), service="balinese-massage", nights=0, chosen=None)
    assert shown(massage).total_steps == len(STEPS) - 4
    assert shown(replace(massage, state=State.COMPLETED)).name == "confirmReservation"
